/* Zones by their abbreviations: those that name a season keep to it, the others go by the day. */
#include "dates.h"
#include "zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void each_day_has_its_offset(void **state)
{
    static const struct {
        const char *zone;
        int year, month, day, hour, minute, hours; /* what clocks show, and how far east they are */
    } times[] = {
        /* from the second Sunday of March to the first of November, at two */
        {"ET", 2026, 3, 8, 1, 59, -5},
        {"ET", 2026, 3, 8, 3, 0, -4},
        {"ET", 2026, 7, 14, 9, 0, -4},
        {"et", 2026, 11, 1, 1, 59, -4},
        {"et", 2026, 11, 1, 2, 0, -5},
        {"ET", 2026, 1, 13, 9, 0, -5},
        {"CT", 2026, 7, 14, 9, 0, -5},
        {"MT", 2026, 7, 14, 9, 0, -6},
        {"PT", 2026, 7, 14, 9, 0, -7},
        {"PT", 2026, 12, 14, 9, 0, -8},
        {"AKT", 2026, 7, 14, 9, 0, -8},
        /* 1987 to 2006 from the first Sunday of April to the last of October; before, from the last of April */
        {"ET", 2006, 4, 1, 12, 0, -5},
        {"ET", 2006, 4, 2, 12, 0, -4},
        {"ET", 2006, 10, 28, 12, 0, -4},
        {"ET", 2006, 10, 29, 12, 0, -5},
        {"ET", 1986, 4, 26, 12, 0, -5},
        {"ET", 1986, 4, 27, 12, 0, -4},
        /* the south: winter in June */
        {"AET", 2026, 1, 14, 9, 0, 11},
        {"AET", 2026, 4, 5, 2, 59, 11},
        {"AET", 2026, 4, 5, 3, 0, 10},
        {"AET", 2026, 7, 14, 9, 0, 10},
        {"AET", 2026, 10, 4, 2, 0, 11},
        {"NZT", 2026, 1, 14, 9, 0, 13},
        {"NZT", 2026, 7, 14, 9, 0, 12},
        {"NZT", 2026, 9, 27, 2, 0, 13},
        /* those that name their season */
        {"EST", 2026, 7, 14, 9, 0, -5},
        {"EDT", 2026, 1, 14, 9, 0, -4},
        {"CET", 2026, 7, 14, 9, 0, 1},
        {"CEST", 2026, 7, 14, 9, 0, 2},
        {"GMT", 2026, 7, 14, 9, 0, 0},
        {"BST", 2026, 7, 14, 9, 0, 1},
        {"JST", 2026, 7, 14, 9, 0, 9},
    };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const struct zone *zone = zone_of(nw_str_z(times[i].zone));
        assert_non_null(zone);
        int64_t wall =
            nw_time_from_civil(times[i].year, times[i].month, times[i].day, times[i].hour, times[i].minute, 0);
        if (zone_minutes(zone, wall) != times[i].hours * 60)
            fail_msg("%s on %d-%d-%d at %d:%d is said to be %d minutes east", times[i].zone, times[i].year,
                     times[i].month, times[i].day, times[i].hour, times[i].minute, zone_minutes(zone, wall));
    }
    assert_null(zone_of(NW_S("XYZ")));
    assert_null(zone_of(NW_S("")));
}

/* The date may stand before the zone or behind it. */
static void dates_go_by_it(void **state)
{
    static const struct {
        const char *text, *utc;
    } dates[] = {
        {"July 14, 2026, 9:00 a.m. ET", "2026-07-14T13:00:00Z"},
        {"January 14, 2026, 9:00 a.m. ET", "2026-01-14T14:00:00Z"},
        {"0001 ET Tuesday, July 14, 2026", "2026-07-14T04:01:00Z"},
        {"9:00 p.m. PT on November 30, 2026", "2026-12-01T05:00:00Z"},
        {"July 14, 2026, 9:00 a.m. EST", "2026-07-14T14:00:00Z"},
        {"July 14, 2026 09:00 GMT+2", "2026-07-14T07:00:00Z"},
        {"July 14, 2026 09:00 ET -0400", "2026-07-14T13:00:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct date date;
        char got[NW_TIME_TEXT];
        assert_true(date_read(nw_str_z(dates[i].text), &date));
        nw_time_print(date.ms, got);
        if (strcmp(got, dates[i].utc) != 0)
            fail_msg("%s gave %s, not %s", dates[i].text, got, dates[i].utc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_day_has_its_offset), cmocka_unit_test(dates_go_by_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
