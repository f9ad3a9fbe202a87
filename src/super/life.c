/* The table, and the clockwork around it. */
#include "life.h"

#include <stddef.h>

#define WORD(name, word) word,
static const char *const state_words[] = {LIFE_STATES(WORD)};
static const char *const event_words[] = {LIFE_EVENTS(WORD)};
static const char *const action_words[] = {LIFE_ACTIONS(WORD)};
#undef WORD

const char *life_state_word(enum life_state state)
{
    return state_words[state];
}

const char *life_event_word(enum life_event event)
{
    return event_words[event];
}

const char *life_action_word(enum life_action action)
{
    return action_words[action];
}

#define STAY(state)                                                                                                    \
    {                                                                                                                  \
        LIFE_##state, LIFE_DO_NOTHING                                                                                  \
    }
#define NEVER(state)                                                                                                   \
    {                                                                                                                  \
        LIFE_##state, LIFE_DO_WRONG                                                                                    \
    }
#define GO(state, action)                                                                                              \
    {                                                                                                                  \
        LIFE_##state, LIFE_DO_##action                                                                                 \
    }

const struct life_cell life_table[LIFE_STATE_COUNT][LIFE_EVENT_COUNT] =
    {
        [LIFE_IDLE] =
            {
                [LIFE_ON_START] = GO(STARTING, SPAWN),
                [LIFE_ON_UP] = NEVER(IDLE),
                [LIFE_ON_EXIT] = NEVER(IDLE),
                [LIFE_ON_ENDED] = NEVER(IDLE),
                [LIFE_ON_HOPELESS] = NEVER(IDLE),
                [LIFE_ON_STALL] = NEVER(IDLE),
                [LIFE_ON_STOP] = GO(STOPPED, REST),
                [LIFE_ON_RESTART] = STAY(IDLE), /* it will start anyway */
                [LIFE_ON_OVERDUE] = NEVER(IDLE),
                [LIFE_ON_PAUSE_OVER] = NEVER(IDLE),
            },
        [LIFE_STARTING] =
            {
                [LIFE_ON_START] = STAY(STARTING),
                [LIFE_ON_UP] = GO(READY, GREET),
                [LIFE_ON_EXIT] = GO(BACKOFF, PAUSE),
                [LIFE_ON_ENDED] = GO(STOPPED, REST),
                [LIFE_ON_HOPELESS] = GO(FAILED, REST),
                [LIFE_ON_STALL] = GO(STALLED, KILL),
                [LIFE_ON_STOP] = GO(DRAINING, TERM),
                [LIFE_ON_RESTART] = GO(RESTARTING, TERM),
                [LIFE_ON_OVERDUE] = NEVER(STARTING),
                [LIFE_ON_PAUSE_OVER] = NEVER(STARTING),
            },
        [LIFE_READY] =
            {
                [LIFE_ON_START] = STAY(READY),
                [LIFE_ON_UP] = STAY(READY),
                [LIFE_ON_EXIT] = GO(BACKOFF, PAUSE),
                [LIFE_ON_ENDED] = GO(STOPPED, REST),
                [LIFE_ON_HOPELESS] = NEVER(READY),
                [LIFE_ON_STALL] = GO(STALLED, KILL),
                [LIFE_ON_STOP] = GO(DRAINING, TERM),
                [LIFE_ON_RESTART] = GO(RESTARTING, TERM),
                [LIFE_ON_OVERDUE] = NEVER(READY),
                [LIFE_ON_PAUSE_OVER] = NEVER(READY),
            },
        [LIFE_STALLED] =
            {
                [LIFE_ON_START] = STAY(STALLED),
                [LIFE_ON_UP] = STAY(STALLED), /* written before it was killed */
                [LIFE_ON_EXIT] = GO(BACKOFF, PAUSE),
                [LIFE_ON_ENDED] = GO(STOPPED, REST),
                [LIFE_ON_HOPELESS] = GO(FAILED, REST),
                [LIFE_ON_STALL] = STAY(STALLED),
                [LIFE_ON_STOP] = STAY(DRAINING), /* the signal is on its way: only the end differs */
                [LIFE_ON_RESTART] = STAY(RESTARTING),
                [LIFE_ON_OVERDUE] = NEVER(STALLED),
                [LIFE_ON_PAUSE_OVER] = NEVER(STALLED),
            },
        [LIFE_RESTARTING] =
            {
                [LIFE_ON_START] = STAY(RESTARTING),
                [LIFE_ON_UP] = STAY(RESTARTING),
                [LIFE_ON_EXIT] = GO(STARTING, SPAWN),
                [LIFE_ON_ENDED] = GO(STARTING, SPAWN),
                [LIFE_ON_HOPELESS] = GO(STARTING, SPAWN),
                [LIFE_ON_STALL] = NEVER(RESTARTING),
                [LIFE_ON_STOP] = STAY(DRAINING),
                [LIFE_ON_RESTART] = STAY(RESTARTING),
                [LIFE_ON_OVERDUE] = GO(RESTARTING, KILL),
                [LIFE_ON_PAUSE_OVER] = NEVER(RESTARTING),
            },
        [LIFE_DRAINING] =
            {
                [LIFE_ON_START] = STAY(DRAINING),
                [LIFE_ON_UP] = STAY(DRAINING),
                [LIFE_ON_EXIT] = GO(STOPPED, REST),
                [LIFE_ON_ENDED] = GO(STOPPED, REST),
                [LIFE_ON_HOPELESS] = GO(STOPPED, REST),
                [LIFE_ON_STALL] = NEVER(DRAINING),
                [LIFE_ON_STOP] = STAY(DRAINING),
                [LIFE_ON_RESTART] = STAY(DRAINING), /* the daemon stops: that goes before */
                [LIFE_ON_OVERDUE] = GO(DRAINING, KILL),
                [LIFE_ON_PAUSE_OVER] = NEVER(DRAINING),
            },
        [LIFE_BACKOFF] =
            {
                [LIFE_ON_START] = STAY(BACKOFF),
                [LIFE_ON_UP] = STAY(BACKOFF), /* read after its end */
                [LIFE_ON_EXIT] = NEVER(BACKOFF),
                [LIFE_ON_ENDED] = NEVER(BACKOFF),
                [LIFE_ON_HOPELESS] = NEVER(BACKOFF),
                [LIFE_ON_STALL] = NEVER(BACKOFF),
                [LIFE_ON_STOP] = GO(STOPPED, REST),
                [LIFE_ON_RESTART] = GO(STARTING, SPAWN),
                [LIFE_ON_OVERDUE] = NEVER(BACKOFF),
                [LIFE_ON_PAUSE_OVER] = GO(STARTING, SPAWN),
            },
        [LIFE_STOPPED] =
            {
                [LIFE_ON_START] = STAY(STOPPED),
                [LIFE_ON_UP] = STAY(STOPPED),
                [LIFE_ON_EXIT] = NEVER(STOPPED),
                [LIFE_ON_ENDED] = NEVER(STOPPED),
                [LIFE_ON_HOPELESS] = NEVER(STOPPED),
                [LIFE_ON_STALL] = NEVER(STOPPED),
                [LIFE_ON_STOP] = STAY(STOPPED),
                [LIFE_ON_RESTART] = GO(STARTING, SPAWN),
                [LIFE_ON_OVERDUE] = NEVER(STOPPED),
                [LIFE_ON_PAUSE_OVER] = NEVER(STOPPED),
            },
        [LIFE_FAILED] =
            {
                [LIFE_ON_START] = STAY(FAILED),
                [LIFE_ON_UP] = STAY(FAILED),
                [LIFE_ON_EXIT] = NEVER(FAILED),
                [LIFE_ON_ENDED] = NEVER(FAILED),
                [LIFE_ON_HOPELESS] = NEVER(FAILED),
                [LIFE_ON_STALL] = NEVER(FAILED),
                [LIFE_ON_STOP] = GO(STOPPED, REST),
                [LIFE_ON_RESTART] = GO(STARTING, SPAWN),
                [LIFE_ON_OVERDUE] = NEVER(FAILED),
                [LIFE_ON_PAUSE_OVER] = NEVER(FAILED),
            },
};

/* Doubles from the first pause to the longest; good service makes it the first again. */
static int64_t next_pause(const struct life *life, enum life_state before, int64_t now)
{
    const struct life_limits *limits = &life->limits;
    bool served = before == LIFE_READY && now - life->greeted >= limits->pause_reset;

    if (life->pause == 0 || served)
        return limits->pause_first < limits->pause_most ? limits->pause_first : limits->pause_most;
    return life->pause > limits->pause_most / 2 ? limits->pause_most : life->pause * 2;
}

enum life_action life_take(struct life *life, enum life_event event, int64_t now)
{
    enum life_state before = life->state;
    struct life_cell cell = life_table[before][event];

    life->state = cell.next;
    if (cell.next != before) {
        life->killed = life->killed && cell.next == LIFE_DRAINING;
        life->due = INT64_MAX;
        if (cell.next == LIFE_DRAINING || cell.next == LIFE_RESTARTING)
            life->due = now + life->limits.grace;
    }
    switch (cell.action) {
    case LIFE_DO_SPAWN:
        life->starts++;
        life->spawned = life->heard = now;
        life->killed = false;
        break;
    case LIFE_DO_GREET:
        life->greeted = life->heard = now;
        life->ever_ready = true;
        life->exits = 0;
        break;
    case LIFE_DO_PAUSE:
        life->exits++;
        life->pause = next_pause(life, before, now);
        life->due = now + life->pause;
        break;
    case LIFE_DO_KILL:
        life->killed = true;
        life->due = INT64_MAX;
        life->stalls += event == LIFE_ON_STALL;
        break;
    default:
        break;
    }
    return cell.action;
}

enum life_event life_exit_event(const struct life *life, int status)
{
    if (life->source && status == 0)
        return LIFE_ON_ENDED;
    if (life->vital && !life->ever_ready && life->exits + 1 >= LIFE_HOPELESS)
        return LIFE_ON_HOPELESS;
    return LIFE_ON_EXIT;
}

void life_hear(struct life *life, int64_t now)
{
    life->heard = now;
}

int64_t life_due(const struct life *life)
{
    switch (life->state) {
    case LIFE_STARTING:
        return life->heard + life->limits.start;
    case LIFE_READY:
        return life->limits.stall > 0 ? life->heard + life->limits.stall : INT64_MAX;
    case LIFE_RESTARTING:
    case LIFE_DRAINING:
    case LIFE_BACKOFF:
        return life->due;
    default:
        return INT64_MAX;
    }
}

bool life_is_due(const struct life *life, int64_t now, enum life_event *event)
{
    static const enum life_event events[LIFE_STATE_COUNT] = {
        [LIFE_STARTING] = LIFE_ON_STALL,   [LIFE_READY] = LIFE_ON_STALL,        [LIFE_RESTARTING] = LIFE_ON_OVERDUE,
        [LIFE_DRAINING] = LIFE_ON_OVERDUE, [LIFE_BACKOFF] = LIFE_ON_PAUSE_OVER,
    };

    if (life_due(life) > now)
        return false;
    *event = events[life->state];
    return true;
}

bool life_running(const struct life *life)
{
    switch (life->state) {
    case LIFE_STARTING:
    case LIFE_READY:
    case LIFE_STALLED:
    case LIFE_RESTARTING:
    case LIFE_DRAINING:
        return true;
    default:
        return false;
    }
}

bool life_down(const struct life *life)
{
    return life->state == LIFE_STOPPED || life->state == LIFE_FAILED;
}
