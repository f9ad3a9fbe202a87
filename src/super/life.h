/*
 * The life of one process as the supervisor sees it: one table, state × event → next state and action, and the times
 * that drive it. It starts and kills nothing and reads no clock: the time is given, the action is returned, so tests
 * live through hours at once.
 */
#ifndef SUPER_LIFE_H
#define SUPER_LIFE_H

#include <stdbool.h>
#include <stdint.h>

/* X(NAME, word): the words are what `newswire status` shows. */
#define LIFE_STATES(X)                                                                                                 \
    X(IDLE, "idle")             /* not started yet */                                                                  \
    X(STARTING, "starting")     /* runs, has not said that it is ready */                                              \
    X(READY, "ready")           /* serves */                                                                           \
    X(STALLED, "stalled")       /* was silent, is being killed, will be started again */                               \
    X(RESTARTING, "restarting") /* was told to drain, will be started again */                                         \
    X(DRAINING, "draining")     /* was told to drain, will stay down */                                                \
    X(BACKOFF, "backoff")       /* ended by itself; a pause before it is started again */                              \
    X(STOPPED, "stopped")       /* down: told to, or a source that has no more */                                      \
    X(FAILED, "failed")         /* down: it never came up */

#define LIFE_EVENTS(X)                                                                                                 \
    X(START, "start")           /* it may start now */                                                                 \
    X(UP, "ready")              /* its line said so */                                                                 \
    X(EXIT, "exit")             /* the process has ended, or could not be made */                                      \
    X(ENDED, "ended")           /* the same of a source that has no more */                                            \
    X(HOPELESS, "hopeless")     /* the same of one that nothing works without, again before it was ever ready */       \
    X(STALL, "stall")           /* silent for too long */                                                              \
    X(STOP, "stop")             /* the daemon stops */                                                                 \
    X(RESTART, "restart")       /* somebody asked for it */                                                            \
    X(OVERDUE, "overdue")       /* the time to drain is over */                                                        \
    X(PAUSE_OVER, "pause over") /* the time to be started again */

#define LIFE_ACTIONS(X)                                                                                                \
    X(UNSET, "unset")     /* no cell may have it */                                                                    \
    X(NOTHING, "nothing") /* it is so already, or comes too late to matter */                                          \
    X(WRONG, "wrong")     /* can't happen in this state: a fault of the supervisor, logged */                          \
    X(SPAWN, "spawn")     /* start the process */                                                                      \
    X(GREET, "greet")     /* it serves from now on */                                                                  \
    X(TERM, "term")       /* SIGTERM: drain */                                                                         \
    X(KILL, "kill")       /* SIGKILL, to its whole group */                                                            \
    X(PAUSE, "pause")     /* it will be started again at `due` */                                                      \
    X(REST, "rest")       /* it is down and stays down */

#define LIFE_STATE_NAME(name, word)  LIFE_##name,
#define LIFE_EVENT_NAME(name, word)  LIFE_ON_##name,
#define LIFE_ACTION_NAME(name, word) LIFE_DO_##name,
enum life_state { LIFE_STATES(LIFE_STATE_NAME) LIFE_STATE_COUNT };
enum life_event { LIFE_EVENTS(LIFE_EVENT_NAME) LIFE_EVENT_COUNT };
enum life_action { LIFE_ACTIONS(LIFE_ACTION_NAME) LIFE_ACTION_COUNT };

const char *life_state_word(enum life_state state);
const char *life_event_word(enum life_event event);
const char *life_action_word(enum life_action action);

struct life_cell {
    enum life_state next;
    enum life_action action;
};
extern const struct life_cell life_table[LIFE_STATE_COUNT][LIFE_EVENT_COUNT];

/* All in milliseconds. */
struct life_limits {
    int64_t start; /* silence allowed before it is ready */
    int64_t stall; /* silence allowed afterwards; 0: any */
    int64_t grace; /* for draining */
    int64_t pause_first, pause_most, pause_reset;
};

enum { LIFE_HOPELESS = 3 }; /* exits in a row, never having been ready, after which a vital process is given up */

struct life {
    enum life_state state;
    struct life_limits limits;
    bool source;     /* status 0 means that it has no more, not that it failed */
    bool vital;      /* the daemon can't start without it */
    bool ever_ready; /* since the daemon started */
    bool killed;     /* SIGKILL was sent in this state */
    int64_t spawned; /* when it was last started */
    int64_t greeted; /* when it became ready, in READY */
    int64_t heard;   /* when it last said anything */
    int64_t due;     /* when draining or the pause is over; INT64_MAX for never */
    int64_t pause;   /* the last one, 0 after good service */
    unsigned starts; /* times it was started */
    unsigned exits;  /* in a row, since it was last ready */
    unsigned stalls; /* times it was killed for silence */
};

/* Takes the event: changes state and times, returns what is to be done. */
enum life_action life_take(struct life *life, enum life_event event, int64_t now);

/* Which event an exit is: the status is 0 for exit status 0, anything else otherwise. */
enum life_event life_exit_event(const struct life *life, int status);

/* It said something. */
void life_hear(struct life *life, int64_t now);

/* When an event falls due by time alone, INT64_MAX for never; and which: true with the event when it is due. */
int64_t life_due(const struct life *life);
bool life_is_due(const struct life *life, int64_t now, enum life_event *event);

/* A process stands behind this state. */
bool life_running(const struct life *life);

/* Nothing more happens to it unless somebody asks. */
bool life_down(const struct life *life);

#endif
