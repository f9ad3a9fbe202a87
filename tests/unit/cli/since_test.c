/* --since: what is a span or a time, and what is neither. */
#include "cli/since.h"

#include <newswire/clock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void spans_and_times_are_read(void **state)
{
    static const struct {
        const char *text;
        bool back;
        int64_t ms;
    } cases[] = {
        {"start", false, 0},
        {"90m", true, INT64_C(5400000)},
        {"6h", true, INT64_C(21600000)},
        {"365d", true, INT64_C(31536000000)},
        {"100000000d", true, INT64_C(8640000000000000)},
        {"2026-03-01", false, INT64_C(1772323200000)},
        {"2026-03-01T12:00:00+02:00", false, INT64_C(1772359200000)},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct since since;
        assert_true(since_parse(cases[i].text, &since));
        assert_int_equal(since.back, cases[i].back);
        assert_int_equal(since.ms, cases[i].ms);
    }
}

static void all_else_is_refused(void **state)
{
    static const char *const cases[] = {"",
                                        "6",
                                        "h",
                                        "0h",
                                        "-6h",
                                        " 6h",
                                        "6 h",
                                        "6H",
                                        "6w",
                                        "1.5h",
                                        "now",
                                        "2026-13-01",
                                        "100000000000000000000000000d"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct since since;
        assert_false(since_parse(cases[i], &since));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_and_times_are_read),
        cmocka_unit_test(all_else_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
