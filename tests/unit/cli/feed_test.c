/* What `newswire feed` paces and tells by: rates without bursts, the articles' own times, the line of progress. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/feed_progress.h"
#include "cli/item_time.h"
#include "cli/pacer.h"

#include <newswire/clock.h>

#include <string.h>

enum { SECOND = 1000000 };

/* Whatever the rate, the n-th article goes n intervals after the first, to the microsecond. */
static void holds_a_rate(void **state)
{
    static const char *const rates[] = {"1", "7/s", "500/s", "2000/s", "99999/s"};

    (void)state;
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        struct pacer pacer = {0};
        int64_t now = 5 * SECOND, began = now;

        assert_true(pacer_rate(rates[r], &pacer.interval));
        for (int n = 0; n < 2000; n++) {
            int64_t due = pacer_next(&pacer, now, PACER_NO_TIME);
            assert_true(due - began - (int64_t)(n * pacer.interval) <= 1);
            assert_true(due - began - (int64_t)(n * pacer.interval) >= -1);
            now = due > now ? due : now;
        }
    }
}

/* Behind a stall of any length no window of 100 ms holds more than 5/4 of the rate, and a stall of up to a second is
 * made up for in the end. */
static void catches_up_without_a_burst(void **state)
{
    enum { RATE = 2000, N = 3 * 5 * RATE, WINDOW = SECOND / 10 };
    static int64_t went[N];

    (void)state;
    for (int64_t stall = 0; stall <= 8 * SECOND; stall += stall < SECOND ? SECOND / 4 : 7 * SECOND) {
        struct pacer pacer = {.interval = (double)SECOND / RATE};
        int64_t now = 0, lost = stall > PACER_DEBT ? stall - PACER_DEBT : 0;
        size_t from = 0;

        for (size_t n = 0; n < N; n++) {
            int64_t due = pacer_next(&pacer, now, PACER_NO_TIME);
            now = due > now ? due : now;
            went[n] = now;
            now += n == 100 ? stall : 0;
            while (went[n] - went[from] > WINDOW) {
                from++;
            }
            assert_true(n - from + 1 <= (RATE / 10 + PACER_SLACK * RATE / SECOND) * 5 / 4 + 2);
        }
        assert_in_range(now, (int64_t)(N - 1) * SECOND / RATE + lost - 1000,
                        (int64_t)(N - 1) * SECOND / RATE + lost + 1000);
    }
}

static void keeps_own_times(void **state)
{
    /* ms of the article, µs at which it is expected after the first, at ten times the speed */
    static const struct {
        int64_t time, due;
    } steps[] = {
        {1000000, 0},
        {1001000, 100000},       /* a second later: a tenth */
        {PACER_NO_TIME, 100000}, /* with the one before it */
        {1000500, 100000},       /* earlier than the one before: with it */
        {1011000, 1100000},
        {1011000 + 3 * 86400000LL, 1100000}, /* a date that is wrong holds nobody up */
        {1012000, 1100000},                  /* nor does the one behind it */
        {1013000, 1200000},
    };
    struct pacer pacer = {.speed = 10};
    int64_t now = SECOND;

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t due = pacer_next(&pacer, now, steps[i].time);
        now = due > now ? due : now;
        assert_int_equal(now - SECOND, steps[i].due);
    }
}

static void reads_rates_and_speeds(void **state)
{
    static const char *const bad[] = {"",    "/s",    "x",      "0", "-1",
                                      "1e3", "10x/s", "1.2.3x", ".", "99999999999999999999999999"};
    double value;

    (void)state;
    assert_true(pacer_rate("500/s", &value) && value == 2000);
    assert_true(pacer_speed("10x", &value) && value == 10);
    assert_true(pacer_speed("0.5", &value) && value == 0.5);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(pacer_rate(bad[i], &value));
        assert_false(pacer_speed(bad[i], &value));
    }
}

static void finds_an_items_time(void **state)
{
    static const struct {
        const char *bytes, *time;
    } items[] = {
        {"{\"uri\":\"urn:x\",\"versionCreated\" : \"2026-01-31T10:15:30+01:00\"}", NULL},
        {"{\"versioncreated\":\"2026-01-31T10:15:30+01:00\"}", "2026-01-31T09:15:30Z"},
        {"<REUTERS NEWID=\"7\">\n<DATE> 2-MAR-1987 15:01:01.79</DATE>", "1987-03-02T15:01:01Z"},
        {"<REUTERS><DATE>26-FEB-1987 15:01:01.79</DATE>", "1987-02-26T15:01:01Z"},
        {"<item><title>x</title><pubDate>Sat, 31 Jan 2026 10:15:00 -0500</pubDate>", "2026-01-31T15:15:00Z"},
        {"<entry><updated>2026-01-31T10:15:00.250Z</updated>", "2026-01-31T10:15:00Z"},
        {"<nitf><head><docdata><date.issue norm=\"20260131T101500+0100\"/>", "2026-01-31T09:15:00Z"},
        {"<FirstCreated>20260131T101500Z</FirstCreated>", "2026-01-31T10:15:00Z"},
        {"<meta property=\"article:published_time\" content=\"2026-01-31\">", "2026-01-31T00:00:00Z"},
        {"From: a@b.example\r\nDate: 1 Feb 2026 00:00:10 +0000\r\n\r\ntext", "2026-02-01T00:00:10Z"},
        {"Date: 1 Feb 2026 00:00:10 +0000\r\n\r\ntext", "2026-02-01T00:00:10Z"},
        {"<DATE>soon</DATE>", NULL},
        {"<DATE>31-13-2026</DATE><updated>2026-99-31</updated>", NULL},
        {"", NULL},
        {"<DATE>", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        int64_t got = item_time(nw_str_z(items[i].bytes)), expected = PACER_NO_TIME;

        if (i == 0) { /* ninjs spells it so */
            assert_true(nw_time_parse(NW_S("2026-01-31T09:15:30Z"), &expected));
        } else if (items[i].time) {
            assert_true(nw_time_parse(nw_str_z(items[i].time), &expected));
        }
        assert_int_equal(got, expected);
    }
}

/* Every beginning of an item is looked at within its bytes (the sanitizers hold it to that). */
static void looks_at_no_byte_behind_the_item(void **state)
{
    static const char item[] =
        "{\"versioncreated\":\"2026-01-31T10:15:30+01:00\"}\nDate: Sat, 31 Jan 2026 10:15:00 -0500";

    (void)state;
    for (size_t n = 0; n < sizeof item; n++) {
        char *copy = test_malloc(n + 1);
        memcpy(copy + 1, item, n);
        (void)item_time(nw_str(copy + 1, n));
        test_free(copy);
    }
}

static void tells_how_far_it_is(void **state)
{
    struct feed_progress progress = {.total = 4000000};
    char text[FEED_PROGRESS_TEXT];

    (void)state;
    feed_progress_text(&progress, &(struct feed_state){.items = 500, .accepted = 500, .read = 1000000}, 1000, text);
    assert_string_equal(text, "500 articles, 500 accepted, 1.0 MB, 0/s, 25 %");
    feed_progress_text(&progress, &(struct feed_state){.items = 1000, .accepted = 900, .rejected = 2, .read = 2000000},
                       2000, text);
    assert_string_equal(text, "1000 articles, 900 accepted, 2 rejected, 2.0 MB, 500/s, 50 %, 2 s left");
    progress.total = 0;
    feed_progress_text(&progress, &(struct feed_state){.items = 1500, .accepted = 1500, .read = 3000000}, 3000, text);
    assert_string_equal(text, "1500 articles, 1500 accepted, 3.0 MB, 500/s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_a_rate),        cmocka_unit_test(catches_up_without_a_burst),
        cmocka_unit_test(keeps_own_times),     cmocka_unit_test(reads_rates_and_speeds),
        cmocka_unit_test(finds_an_items_time), cmocka_unit_test(looks_at_no_byte_behind_the_item),
        cmocka_unit_test(tells_how_far_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
