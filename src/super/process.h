/*
 * One child: its life (life.h) joined to a real process, its line and its log. Each start is a `run` of its own, so
 * that the end of one and the beginning of the next never share a handle.
 */
#ifndef SUPER_PROCESS_H
#define SUPER_PROCESS_H

#include "life.h"
#include "lines.h"

#include <newswire/buf.h>

#include <uv.h>

enum {
    PROCESS_NAME = 80,
    PROCESS_EXIT = 48,
    PROCESS_LINE_MAX = 64 << 10, /* of the lifeline: one report of metrics */
};

struct process;
struct process_run;

/* What a child's owner is told. */
struct process_owner {
    /* The life has moved: groups and readiness may have changed. */
    void (*moved)(struct process *process, enum life_action action);
    /* A report has come: process->metrics is new. */
    void (*reported)(struct process *process);
    /* A line for the log. */
    void (*said)(struct process *process, struct nw_str line, bool cut);
};

struct process {
    const struct process_owner *owner;
    void *context;
    uv_loop_t *loop;
    struct life life;
    char name[PROCESS_NAME]; /* clean-1 */
    const char *stage;       /* clean */
    size_t group;            /* groups are stopped one after the other, the lowest first */
    const char **arguments;  /* argv, NULL-terminated; borrowed */
    int64_t memory_mb;       /* 0: no limit */

    struct process_run *run;      /* of the process that runs */
    struct process_run *past;     /* of the last one, while its log is not at its end */
    long pid;                     /* 0 when none runs */
    char last_exit[PROCESS_EXIT]; /* "" before the first: "status 1", "signal 9 (Killed)" */
    struct nw_buf metrics;        /* the last report: a JSON object, or empty */
    bool awaited;                 /* a report was asked for */
    bool complained;              /* of a bad line, in this run */
};

void process_init(struct process *process, uv_loop_t *loop, const struct process_owner *owner, void *context);

/* Only when the loop has ended: handles of ended children close in it. */
void process_free(struct process *process);

/* Gives the life an event and does what it answers. */
void process_event(struct process *process, enum life_event event);

/* Writes a line to the child; without effect when none runs. */
void process_tell(struct process *process, const char *line);

/* Kills what runs, at once, whatever its state. */
void process_kill(struct process *process);

#endif
