/* The rhythm that knows the hours and days: a made clock, weeks of a source in a moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed_pace.h"

#include <math.h>
#include <string.h>

static const int64_t hour = 3600000, minute = 60000, day = 86400000;
static const int64_t monday = INT64_C(1767571200000); /* 2026-01-05T00:00:00Z */
static const struct feed_limits limits = {.least_ms = 60000, .most_ms = 3600000};

/* A source: an item every ten minutes at the hours, UTC, and on the days at which it is awake. */
struct habit {
    int64_t from_hour, to_hour; /* of the day */
    int days;                   /* of the week, from Monday */
    int64_t ends_ms;            /* after which nothing comes any more */
};

static bool is_awake(const struct habit *habit, int64_t at)
{
    return at / hour % 24 >= habit->from_hour && at / hour % 24 < habit->to_hour &&
           (at - monday) / day % 7 < habit->days;
}

/* Items that come in (from, to]. */
static unsigned items_between(const struct habit *habit, int64_t from, int64_t to)
{
    unsigned items = 0;

    for (int64_t at = (from / (10 * minute) + 1) * 10 * minute; at <= to; at += 10 * minute)
        items += is_awake(habit, at) && at < habit->ends_ms;
    return items;
}

/* What became of some time in which a feed was asked as its pace says. */
struct story {
    int64_t now;
    struct feed_pace pace;
    unsigned polls, quiet; /* how often it was asked, and found quiet */
    int64_t first_quiet;   /* 0: never */
    int64_t longest;       /* that an item waited */
};

static void live(struct story *story, const struct habit *habit, int64_t until)
{
    story->polls = story->quiet = 0;
    story->first_quiet = story->longest = 0;
    while (story->now < until) {
        int64_t pause, before = story->now;

        feed_pace_answer(&story->pace, &limits, story->now, 0, 0, &pause);
        story->now += pause;
        assert_true(pause >= limits.least_ms && pause <= limits.most_ms);
        for (unsigned items = items_between(habit, before, story->now); items > 0; items = 0) {
            int64_t first = before;
            while (items_between(habit, before, first) == 0)
                first += minute;
            story->longest = story->now - first > story->longest ? story->now - first : story->longest;
            feed_pace_answer(&story->pace, &limits, story->now, items, 0, &pause);
        }
        story->polls++;
        if (feed_pace_is_quiet(&story->pace, &limits, story->now)) {
            story->quiet++;
            story->first_quiet = story->first_quiet ? story->first_quiet : story->now;
        }
    }
}

/* Silent each night: no alarm once it is known, and at dawn it is asked soon; but a silence by day is noticed. */
static void nights_are_no_silence(void **state)
{
    const struct habit habit = {.from_hour = 6, .to_hour = 22, .days = 7, .ends_ms = monday + 30 * day + 12 * hour};
    struct story story = {.now = monday};

    (void)state;
    live(&story, &habit, monday + 3 * day);
    assert_true(story.quiet > 0); /* what this is for: evenly counted, a night is a silence */
    live(&story, &habit, monday + 7 * day);
    live(&story, &habit, monday + 30 * day);
    assert_int_equal(story.quiet, 0);
    assert_true(story.longest <= 30 * minute); /* also the first one of a morning */
    assert_true(story.polls < 23 * 24 * 14);   /* and no more often asked for that */
    live(&story, &habit, monday + 31 * day);
    assert_true(story.first_quiet > habit.ends_ms && story.first_quiet <= habit.ends_ms + 5 * hour);
}

/* Silent at weekends: from the third week on no alarm, but a silence on a Wednesday is noticed. */
static void weekends_are_no_silence(void **state)
{
    const struct habit habit = {.from_hour = 6, .to_hour = 22, .days = 5, .ends_ms = monday + 44 * day + 12 * hour};
    struct story story = {.now = monday};

    (void)state;
    live(&story, &habit, monday + 7 * day);
    assert_true(story.quiet > 0);
    live(&story, &habit, monday + 21 * day);
    live(&story, &habit, monday + 44 * day);
    assert_int_equal(story.quiet, 0);
    live(&story, &habit, monday + 45 * day);
    assert_true(story.first_quiet > habit.ends_ms && story.first_quiet <= habit.ends_ms + 5 * hour);
}

/* One that has changed its hours is known by the new ones after some weeks. */
static void habits_may_change(void **state)
{
    const struct habit early = {.from_hour = 4, .to_hour = 12, .days = 7, .ends_ms = INT64_MAX};
    const struct habit late = {.from_hour = 12, .to_hour = 20, .days = 7, .ends_ms = INT64_MAX};
    struct story story = {.now = monday};

    (void)state;
    live(&story, &early, monday + 28 * day);
    assert_int_equal(story.quiet > 0, true);
    live(&story, &late, monday + 56 * day);
    live(&story, &late, monday + 84 * day);
    assert_int_equal(story.quiet, 0);
    assert_true(story.longest <= 30 * minute);
}

/* The same at all hours: time is what the clock says, within a little. */
static void even_time_is_even(void **state)
{
    const struct habit habit = {.from_hour = 0, .to_hour = 24, .days = 7, .ends_ms = INT64_MAX};
    struct story story = {.now = monday};

    (void)state;
    live(&story, &habit, monday + 28 * day);
    for (int64_t from = story.now; from < story.now + 7 * day; from += 5 * hour)
        assert_true(fabs(week_between(&story.pace.week, from, from + 10 * hour) / (double)(10 * hour) - 1) < 0.15);
}

/* A small generator, the same on every machine. */
static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_week(struct week *week, uint32_t *seed)
{
    *week = (struct week){.since_ms = 0};
    for (int64_t now = monday; now < monday + 40 * day; now += 1 + (int64_t)(dice(seed) % (uint32_t)(6 * hour)))
        week_add(week, now, dice(seed) % 90);
}

/* Whole weeks are whole weeks; parts add up; and what is waited for has then passed. */
static void times_add_up(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < 200; i++) {
        int64_t from = monday + 41 * day + dice(&seed), to = from + dice(&seed) * 16, middle, wait;
        struct week week;
        double whole, ms = dice(&seed);

        random_week(&week, &seed);
        assert_true(fabs(week_between(&week, from, from + 21 * day) - (double)(21 * day)) < 1);
        middle = from + (to - from) % (5 * day);
        whole = week_between(&week, from, to);
        assert_true(fabs(week_between(&week, from, middle) + week_between(&week, middle, to) - whole) < 1);
        assert_true(week_between(&week, to, from) == 0);
        wait = week_wait(&week, from, ms, 7 * day);
        assert_true(wait >= 0 && wait <= 7 * day);
        if (wait < 7 * day)
            assert_true(fabs(week_between(&week, from, from + wait) - ms) <= 50);
    }
}

/* Far times, none, and times before any: no way out of bounds, and no loop without end. */
static void far_times(void **state)
{
    struct week week = {.since_ms = 0};
    const int64_t far = INT64_C(1) << 52;

    (void)state;
    assert_true(week_between(&week, 0, far) == (double)far);
    assert_int_equal(week_wait(&week, far, 1e300, 7 * day), 7 * day);
    week_add(&week, -5, 3);
    assert_int_equal(week.since_ms, 0);
    week_add(&week, monday, UINT32_MAX);
    week_add(&week, far, 1);
    assert_true(week_between(&week, -far, far) == 2.0 * (double)far);
    for (int i = 0; i < 1000000; i++)
        week_add(&week, far, UINT32_MAX);
    assert_true(week_between(&week, far, far + hour) >= 0);
}

static void is_kept(void **state)
{
    struct week week, again;
    unsigned char bytes[WEEK_BYTES];
    uint32_t seed = 3;

    (void)state;
    random_week(&week, &seed);
    week_write(&week, bytes);
    week_read(&again, bytes, sizeof bytes);
    assert_memory_equal(&week, &again, sizeof week);
    week_read(&again, bytes, sizeof bytes - 1);
    assert_int_equal(again.since_ms, 0);
    week_read(&again, NULL, 0);
    assert_int_equal(again.since_ms, 0);
    memset(bytes, 0xff, sizeof bytes);
    week_read(&again, bytes, sizeof bytes);
    assert_int_equal(again.since_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nights_are_no_silence),
        cmocka_unit_test(weekends_are_no_silence),
        cmocka_unit_test(habits_may_change),
        cmocka_unit_test(even_time_is_even),
        cmocka_unit_test(times_add_up),
        cmocka_unit_test(far_times),
        cmocka_unit_test(is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
