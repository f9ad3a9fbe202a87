/* Dates as wires, feeds and pages write them. */
#include "dates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void each_form_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int year, month, day, hour, minute, second;
        enum precision precision;
        bool zone;
    } dates[] = {
        {"2024-03-05", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"2024-03-05T10:20:30Z", 2024, 3, 5, 10, 20, 30, PRECISION_SECOND, true},
        {"2024-03-05T10:20:30.123+02:00", 2024, 3, 5, 8, 20, 30, PRECISION_SECOND, true},
        {"20240305T102030-0500", 2024, 3, 5, 15, 20, 30, PRECISION_SECOND, true},
        {"Tue, 05 Mar 2024 10:20:30 GMT", 2024, 3, 5, 10, 20, 30, PRECISION_SECOND, true},
        {"Tue, 5 Mar 24 10:20 EST", 2024, 3, 5, 15, 20, 0, PRECISION_MINUTE, true},
        {"March 5, 2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"Updated March 5, 2024 at 9:05 p.m. ET", 2024, 3, 6, 2, 5, 0, PRECISION_MINUTE, true},
        {"5. März 2024, 21.05 Uhr", 2024, 3, 5, 21, 5, 0, PRECISION_MINUTE, false},
        {"5 mars 2024 à 21h05", 2024, 3, 5, 21, 5, 0, PRECISION_MINUTE, false},
        {"05.03.2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"25/03/2024", 2024, 3, 25, 0, 0, 0, PRECISION_DAY, false},
        {"03/25/2024", 2024, 3, 25, 0, 0, 0, PRECISION_DAY, false},
        {"5 de marzo de 2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"5 марта 2024 г.", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"2024年3月5日 10時20", 2024, 3, 5, 10, 20, 0, PRECISION_MINUTE, false},
        {"5-MAR-1987 10:20:30.45", 1987, 3, 5, 10, 20, 30, PRECISION_SECOND, false},
        {"0001 GMT Tuesday, March 5, 2024", 2024, 3, 5, 0, 1, 0, PRECISION_MINUTE, true},
        {"the 5th of March 2024, and again on the 18th of July 2025", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"Thứ Ba, 5 tháng 3, 2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"5 مارس 2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"5 במרץ 2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"5 मार्च 2024", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"5. ožujka 2024.", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"٥ مارس ٢٠٢٤", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"۱۵ اسفند ۱۴۰۲", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},             /* Solar Hijri: by its month */
        {"تاریخ انتشار: ۱۳۹۹/۱۲/۳۰", 2021, 3, 20, 0, 0, 0, PRECISION_DAY, false}, /* by its figures; a leap day */
        {"5 มีนาคม 2567 เวลา 14:30 น.", 2024, 3, 5, 14, 30, 0, PRECISION_MINUTE, false},
        {"令和6年3月5日", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"中華民國113年3月5日", 2024, 3, 5, 0, 0, 0, PRECISION_DAY, false},
        {"2024年3月5日 午後2時05分", 2024, 3, 5, 14, 5, 0, PRECISION_MINUTE, false},
        {"2024年3月5日 下午2:30", 2024, 3, 5, 14, 30, 0, PRECISION_MINUTE, false},
        {"2024.03.05. 오후 2:30", 2024, 3, 5, 14, 30, 0, PRECISION_MINUTE, false},
        {"Selasa, 05 Mar 2024 14:30 WIB", 2024, 3, 5, 7, 30, 0, PRECISION_MINUTE, true},
        {"1709649000", 2024, 3, 5, 14, 30, 0, PRECISION_SECOND, true},
        {"1709649000000", 2024, 3, 5, 14, 30, 0, PRECISION_SECOND, true},
        {"March 2024", 2024, 3, 1, 0, 0, 0, PRECISION_MONTH, false},
    };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct date d;
        if (!date_read(nw_str_z(dates[i].text), &d))
            fail_msg("not read: %s", dates[i].text);
        int64_t want = nw_time_from_civil(dates[i].year, dates[i].month, dates[i].day, dates[i].hour, dates[i].minute,
                                          dates[i].second);
        char got[NW_TIME_TEXT];
        nw_time_print(d.ms, got);
        if (d.ms != want || d.precision != dates[i].precision || d.zone != dates[i].zone)
            fail_msg("%s gave %s, precision %d, zone %d", dates[i].text, got, (int)d.precision, d.zone);
    }
}

/* A line may hold two dates, of publication and of an update: it is read by the first. */
static void a_line_of_dates_is_one(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Publié le 5 mars 2024 à 14h30, mis à jour le 6 mars 2024 à 09h05",
        "05/03/2024 14h30 - Atualizado em 06/03/2024 09h05", "05.03.2024 - 14:30 Güncelleme: 06.03.2024 - 09:05",
        "입력 2024.03.05. 오후 2:30 수정 2024.03.06. 오전 9:05", "公開日時 2024/03/05 14:30 更新日時 2024/03/06 09:05"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct date whole, d;
        if (!date_line(nw_str_z(lines[i]), &whole))
            fail_msg("no date: %s", lines[i]);
        assert_true(date_read_as(nw_str_z(lines[i]), true, &d));
        if (d.ms != nw_time_from_civil(2024, 3, 5, 14, 30, 0))
            fail_msg("another date: %s", lines[i]);
    }
}

static void prose_is_no_date(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "The year 2024",
                                        "In May 2024 the town will build 3 bridges",
                                        "30 February 2024",
                                        "2024-13-05",
                                        "12:30",
                                        "1,200 ships",
                                        "Version 2.0.1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct date d;
        if (date_line(nw_str_z(texts[i]), &d))
            fail_msg("read as a date: %s", texts[i]);
    }
}

/* A number that stands apart from month and year is no day. */
static void a_number_of_something_else_is_no_day(void **state)
{
    (void)state;
    static const char *const texts[] = {"In June 2024, she bought the following 3 ferries",
                                        "4 ferries were sold in June 2024"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct date d;
        assert_true(date_read(nw_str_z(texts[i]), &d));
        assert_int_equal(d.precision, PRECISION_MONTH);
    }
}

static void the_caller_orders_day_and_month(void **state)
{
    (void)state;
    struct date month_first, day_first;
    assert_true(date_read_as(NW_S("05/03/2024"), false, &month_first));
    assert_true(date_read_as(NW_S("05/03/2024"), true, &day_first));
    assert_true(month_first.ms == nw_time_from_civil(2024, 5, 3, 0, 0, 0));
    assert_true(day_first.ms == nw_time_from_civil(2024, 3, 5, 0, 0, 0));
    assert_true(date_read_as(NW_S("03/25/2024"), true, &day_first));
    assert_true(day_first.ms == nw_time_from_civil(2024, 3, 25, 0, 0, 0));
}

/* What nw_time_print writes is read back. */
static void printed_times_are_read_back(void **state)
{
    (void)state;
    for (int64_t ms = INT64_C(-1000000000000); ms < INT64_C(4000000000000); ms += INT64_C(86400000) * 37 + 12345000) {
        char text[NW_TIME_TEXT];
        struct date d;
        size_t n = nw_time_print(ms / 1000 * 1000, text);
        assert_true(date_read(nw_str(text, n), &d));
        assert_true(d.ms == ms / 1000 * 1000);
        assert_true(d.zone && d.precision == PRECISION_SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_form_is_read),
                                       cmocka_unit_test(a_line_of_dates_is_one),
                                       cmocka_unit_test(prose_is_no_date),
                                       cmocka_unit_test(printed_times_are_read_back),
                                       cmocka_unit_test(a_number_of_something_else_is_no_day),
                                       cmocka_unit_test(the_caller_orders_day_and_month)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
