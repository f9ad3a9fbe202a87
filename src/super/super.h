/*
 * The supervisor: one loop, one daemon, its processes. It starts the broker, then fetch and the workers; watches each
 * (life.h); answers the control socket; and when told to stop drains them one group after the other: fetch, the stages
 * in the order of the pipeline, the broker. It never touches a record.
 */
#ifndef SUPER_SUPER_H
#define SUPER_SUPER_H

#include "control.h"
#include "notify.h"
#include "process.h"

#include "conf/daemon.h"

#include <newswire/log.h>

enum {
    SUPER_OK = 0,
    SUPER_USAGE = 1,       /* usage or configuration */
    SUPER_START = 2,       /* it could not start */
    SUPER_REPORT_MS = 500, /* how long a status question waits for the reports of all */
    SUPER_SIGNALS = 3,
    SUPER_PATH = 4096,
};

struct super {
    uv_loop_t loop;
    uv_timer_t due;                     /* the next thing that falls due by time */
    uv_timer_t report;                  /* the end of a round of reports */
    uv_prepare_t settle;                /* before each wait: draws the consequences of what has happened */
    uv_signal_t signals[SUPER_SIGNALS]; /* TERM, INT, HUP */
    struct control control;
    struct notify notify;

    const char *config; /* as given on the command line; NULL: looked for */
    struct nw_daemon *daemon;
    enum nw_log_level level;
    struct nw_arena arena; /* arguments of processes */
    struct process *processes;
    size_t count;
    struct process *broker; /* the first of them; NULL where it is elsewhere */

    int64_t started; /* ms */
    int64_t planned; /* when `due` fires */
    bool changed;    /* a life has moved since consequences were drawn */
    bool begun;      /* the processes beside the broker were started */
    bool announced;  /* all were ready once */
    bool stopping;
    bool closed;
    size_t group;    /* being drained */
    int64_t stop_ms; /* all must have drained in */
    int64_t stop_due;
    int status; /* exit status */
};

/* Runs the daemon until it has stopped; takes it over and frees it. Its folders are made and locked. Returns the exit
 * status. */
int super_run(struct nw_daemon *daemon, const char *config);

/* ---- its parts */

/* crew.c: writes the effective configuration and makes the processes. 0, or -1 with a line. */
int crew_make(struct super *super, const struct process_owner *owner);

/* command.c: what the control socket asks for, and the answer to a status question when reports are in. */
void command_take(void *context, struct control_client *client, struct nw_str line);
void command_answer_status(struct super *super);

/* status.c: appends the state of all as one JSON object and a line end. */
void status_write(const struct super *super, struct nw_buf *out);

/* reload.c: reads the configuration again and takes over what can change while running. */
void reload(struct super *super);

/* super.c */
void super_stop(struct super *super, int status); /* again: kills at once */
bool super_ready(const struct super *super);
void super_set_level(struct super *super, enum nw_log_level level);
struct life_limits super_limits(const struct nw_daemon *daemon, const struct nw_conf *section);
void super_take_limits(struct super *super, const struct nw_daemon *daemon);

#endif
