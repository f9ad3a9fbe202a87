/*
 * The table as a whole, and the times around it with a clock that is only a number: each state and event has a named
 * cell, whatever happens a daemon that is told to stop comes down, and pauses grow and are forgotten as promised.
 */
#include "super/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const struct life_limits limits = {
    .start = 60000, .stall = 10000, .grace = 10000, .pause_first = 100, .pause_most = 30000, .pause_reset = 60000};

static struct life life_new(void)
{
    return (struct life){.limits = limits, .due = INT64_MAX};
}

/* Events that only an end of the process brings. */
static bool is_end(enum life_event event)
{
    return event == LIFE_ON_EXIT || event == LIFE_ON_ENDED || event == LIFE_ON_HOPELESS;
}

static bool runs(enum life_state state)
{
    struct life life = {.state = state};

    return life_running(&life);
}

static void test_each_cell_is_set(void **state)
{
    (void)state;
    for (int s = 0; s < LIFE_STATE_COUNT; s++) {
        for (int e = 0; e < LIFE_EVENT_COUNT; e++) {
            struct life_cell cell = life_table[s][e];
            if (cell.action == LIFE_DO_UNSET)
                fail_msg("no cell for %s × %s", life_state_word((enum life_state)s),
                         life_event_word((enum life_event)e));
            assert_true(cell.action < LIFE_ACTION_COUNT && cell.next < LIFE_STATE_COUNT);
            /* What can't happen changes nothing. */
            if (cell.action == LIFE_DO_WRONG)
                assert_int_equal(cell.next, s);
        }
    }
}

/* A process is made only where none runs, signalled only where one does, and its end is expected in just those states.
 */
static void test_actions_fit_states(void **state)
{
    (void)state;
    for (int s = 0; s < LIFE_STATE_COUNT; s++) {
        for (int e = 0; e < LIFE_EVENT_COUNT; e++) {
            struct life_cell cell = life_table[s][e];
            bool end = is_end((enum life_event)e), before = runs((enum life_state)s);
            if (cell.action == LIFE_DO_WRONG)
                continue;
            if (end)
                assert_true(before);
            if (cell.action == LIFE_DO_SPAWN)
                assert_true((!before || end) && cell.next == LIFE_STARTING);
            if (cell.action == LIFE_DO_TERM || cell.action == LIFE_DO_KILL)
                assert_true(before && runs(cell.next));
            if (cell.action == LIFE_DO_PAUSE)
                assert_true(end && cell.next == LIFE_BACKOFF);
            /* Whether something runs changes only by an end or a start. */
            if (runs(cell.next) != before)
                assert_true(end || cell.action == LIFE_DO_SPAWN);
        }
        /* An end is never lost: each running state knows what to do. */
        if (runs((enum life_state)s)) {
            assert_int_not_equal(life_table[s][LIFE_ON_EXIT].action, LIFE_DO_WRONG);
            assert_int_not_equal(life_table[s][LIFE_ON_ENDED].action, LIFE_DO_WRONG);
        }
    }
}

/* From every state: stop, then what falls due, then the end: down for good, in at most these steps. */
static void test_stop_always_ends(void **state)
{
    (void)state;
    for (int s = 0; s < LIFE_STATE_COUNT; s++) {
        for (int deaf = 0; deaf < 2; deaf++) {
            struct life life = life_new();
            enum life_event event;
            int64_t now = 1000;
            life.state = (enum life_state)s;
            life.due = now + limits.grace; /* as entering it would have set */
            life_take(&life, LIFE_ON_STOP, now);
            if (life_running(&life)) {
                if (deaf) {
                    assert_true(life_due(&life) <= now + limits.grace);
                    now = life_due(&life);
                    assert_true(life_is_due(&life, now, &event));
                    assert_int_equal(event, LIFE_ON_OVERDUE);
                    assert_int_equal(life_take(&life, event, now), LIFE_DO_KILL);
                    assert_true(life.killed);
                    assert_false(life_is_due(&life, INT64_MAX - 1, &event));
                }
                life_take(&life, life_exit_event(&life, deaf), now);
            }
            assert_true(life_down(&life));
            assert_false(life_is_due(&life, INT64_MAX - 1, &event));
        }
    }
}

static void test_usual_life(void **state)
{
    struct life life = life_new();

    (void)state;
    assert_int_equal(life_take(&life, LIFE_ON_START, 0), LIFE_DO_SPAWN);
    assert_int_equal(life.state, LIFE_STARTING);
    assert_int_equal(life_take(&life, LIFE_ON_UP, 50), LIFE_DO_GREET);
    assert_true(life.ever_ready);
    assert_int_equal(life_take(&life, LIFE_ON_RESTART, 60), LIFE_DO_TERM);
    assert_int_equal(life_take(&life, life_exit_event(&life, 0), 70), LIFE_DO_SPAWN);
    assert_int_equal(life_take(&life, LIFE_ON_UP, 80), LIFE_DO_GREET);
    assert_int_equal(life.starts, 2);
    assert_int_equal(life_take(&life, LIFE_ON_STOP, 90), LIFE_DO_TERM);
    assert_int_equal(life_take(&life, life_exit_event(&life, 0), 95), LIFE_DO_REST);
    assert_int_equal(life.state, LIFE_STOPPED);
}

/* 100, 200, 400, … 30,000 ms, and 100 again only after a minute of good service. */
static void test_pauses(void **state)
{
    static const int64_t expected[] = {100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
    struct life life = life_new();
    enum life_event event;
    int64_t now = 0;

    (void)state;
    life_take(&life, LIFE_ON_START, now);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        now += 5;
        life_take(&life, LIFE_ON_UP, now);
        now += limits.pause_reset - 1; /* not long enough */
        life_hear(&life, now);
        assert_int_equal(life_take(&life, life_exit_event(&life, 1), now), LIFE_DO_PAUSE);
        assert_int_equal(life_due(&life), now + expected[i]);
        assert_false(life_is_due(&life, now + expected[i] - 1, &event));
        now += expected[i];
        assert_true(life_is_due(&life, now, &event));
        assert_int_equal(event, LIFE_ON_PAUSE_OVER);
        assert_int_equal(life_take(&life, event, now), LIFE_DO_SPAWN);
    }
    life_take(&life, LIFE_ON_UP, now);
    now += limits.pause_reset;
    life_take(&life, life_exit_event(&life, 1), now);
    assert_int_equal(life_due(&life), now + 100);
}

static void test_silence(void **state)
{
    struct life life = life_new();
    enum life_event event;

    (void)state;
    life_take(&life, LIFE_ON_START, 0);
    assert_false(life_is_due(&life, 59999, &event));
    life_hear(&life, 59999); /* it reports while it loads */
    assert_false(life_is_due(&life, 60000, &event));
    life_take(&life, LIFE_ON_UP, 60000);
    assert_false(life_is_due(&life, 69999, &event));
    life_hear(&life, 69999);
    assert_true(life_is_due(&life, 79999, &event));
    assert_int_equal(event, LIFE_ON_STALL);
    assert_int_equal(life_take(&life, event, 79999), LIFE_DO_KILL);
    assert_int_equal(life.stalls, 1);
    /* It may take its time to die (waiting for a disk): nothing is due meanwhile. */
    assert_false(life_is_due(&life, INT64_MAX - 1, &event));
    assert_int_equal(life_take(&life, life_exit_event(&life, 9), 80000), LIFE_DO_PAUSE);

    life = life_new();
    life.limits.stall = 0; /* never */
    life_take(&life, LIFE_ON_START, 0);
    life_take(&life, LIFE_ON_UP, 1);
    assert_false(life_is_due(&life, INT64_MAX - 1, &event));
}

static void test_sources_end(void **state)
{
    struct life life = life_new();

    (void)state;
    life.source = true;
    life_take(&life, LIFE_ON_START, 0);
    life_take(&life, LIFE_ON_UP, 1);
    assert_int_equal(life_exit_event(&life, 1), LIFE_ON_EXIT);
    assert_int_equal(life_take(&life, life_exit_event(&life, 0), 2), LIFE_DO_REST);
    assert_true(life_down(&life));
    assert_int_equal(life_take(&life, LIFE_ON_RESTART, 3), LIFE_DO_SPAWN);
}

/* Only what the daemon can't start without is given up, only before it was ever ready, and after three exits. */
static void test_hopeless(void **state)
{
    struct life life = life_new();

    (void)state;
    life.vital = true;
    life_take(&life, LIFE_ON_START, 0);
    for (int i = 0; i < LIFE_HOPELESS - 1; i++) {
        assert_int_equal(life_take(&life, life_exit_event(&life, 2), 10), LIFE_DO_PAUSE);
        life_take(&life, LIFE_ON_PAUSE_OVER, 20);
    }
    assert_int_equal(life_take(&life, life_exit_event(&life, 2), 30), LIFE_DO_REST);
    assert_int_equal(life.state, LIFE_FAILED);

    life = life_new();
    life.vital = true;
    life_take(&life, LIFE_ON_START, 0);
    life_take(&life, LIFE_ON_UP, 1);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(life_take(&life, life_exit_event(&life, 2), 10), LIFE_DO_PAUSE);
        life_take(&life, LIFE_ON_PAUSE_OVER, 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_cell_is_set), cmocka_unit_test(test_actions_fit_states),
        cmocka_unit_test(test_stop_always_ends), cmocka_unit_test(test_usual_life),
        cmocka_unit_test(test_pauses),           cmocka_unit_test(test_silence),
        cmocka_unit_test(test_sources_end),      cmocka_unit_test(test_hopeless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
