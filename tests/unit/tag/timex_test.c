/* Time expressions and their values against 2022-01-13, a Thursday. */
#include "document_make.h"
#include "timex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect(const char *text, const char *phrase, const char *value)
{
    struct made m;
    struct timexes times = {0};
    assert_int_equal(made_begin(&m, text), 0);
    assert_int_equal(timexes_find(&m.document, &times), 0);
    bool found = false;
    for (size_t i = 0; i < times.n; i++) {
        struct nw_str s = document_span(&m.document, times.v[i].first, times.v[i].last);
        if (nw_str_eq(s, nw_str_z(phrase))) {
            assert_string_equal(times.v[i].value, value);
            found = true;
        }
    }
    assert_true(found);
    timexes_free(&times);
    made_end(&m);
}

static void expect_none(const char *text)
{
    struct made m;
    struct timexes times = {0};
    assert_int_equal(made_begin(&m, text), 0);
    assert_int_equal(timexes_find(&m.document, &times), 0);
    assert_int_equal(times.n, 0);
    timexes_free(&times);
    made_end(&m);
}

static void test_absolute(void **state)
{
    (void)state;
    expect("It closed on March 3, 2019 for good.", "March 3, 2019", "2019-03-03");
    expect("It opened on 3 March 2019 again.", "3 March 2019", "2019-03-03");
    expect("He left in 2014 for Oslo.", "2014", "2014");
    expect("He left in the 1990s for Oslo.", "1990s", "199");
    expect("Dated 2021-11-05 and signed.", "2021-11-05", "2021-11-05");
    expect("He left on Dec. 7 by sea.", "Dec. 7", "2021-12-07");
}

static void test_relative(void **state)
{
    (void)state;
    expect("They met on Thursday there.", "Thursday", "2022-01-13");
    expect("On Wednesday they met.", "Wednesday", "2022-01-12");
    expect("They will meet on Friday there.", "Friday", "2022-01-14");
    expect("It began last month there.", "last month", "2021-12");
    expect("It ends next year there.", "next year", "2023");
    expect("They met yesterday there.", "yesterday", "2022-01-12");
    expect("They met two weeks ago there.", "two weeks ago", "2021-W52");
    expect("The third quarter of 2021 was good.", "third quarter of 2021", "2021-Q3");
    expect("Prices fell in recent years there.", "recent years", "PAST_REF");
    expect("They meet in the week of March 6 there.", "week of March 6", "2022-W09");
    expect("Sales rose in the latest quarter there.", "latest quarter", "2021-Q4");
}

static void test_durations_and_sets(void **state)
{
    (void)state;
    expect("It took three days there.", "three days", "P3D");
    expect("A 10-year plan was made.", "10-year", "P10Y");
    expect("They meet every week there.", "every week", "P1W");
    expect("It took the past five months there.", "past five months", "P5M");
    expect("They met at 10:30 a.m. there.", "10:30 a.m.", "2022-01-13T10:30");
}

static void test_what_is_none(void **state)
{
    (void)state;
    expect_none("May I march with 1,000 people of the second row?");
    expect_none("The six-year-old boy had 2000 dollars.");
}

static void test_calendar(void **state)
{
    (void)state;
    /* Every day of eight years: the week's number goes on or begins anew, weekdays follow each other. */
    struct day d = {2015, 12, 25};
    int before = calendar_weekday(d);
    for (int i = 0; i < 3000; i++) {
        int year;
        int week;
        d = calendar_add_days(d, 1);
        calendar_week(d, &year, &week);
        assert_int_equal(calendar_weekday(d), (before + 1) % 7);
        assert_true(week >= 1 && week <= 53 && year - d.year >= -1 && year - d.year <= 1);
        before = calendar_weekday(d);
    }
    struct day january = {2024, 1, 31};
    assert_int_equal(calendar_add_months(january, 1).day, 29);
    assert_int_equal(calendar_add_months(january, -1).year, 2023);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_absolute), cmocka_unit_test(test_relative),
                                       cmocka_unit_test(test_durations_and_sets), cmocka_unit_test(test_what_is_none),
                                       cmocka_unit_test(test_calendar)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
