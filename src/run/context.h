/*
 * A stage at work: its table, state, configuration and what it has emitted. The same for a process on a link, for the
 * chain in one process and for tests: they differ in what `emit` does with a record.
 */
#ifndef RUN_CONTEXT_H
#define RUN_CONTEXT_H

#include <newswire/stage.h>

struct nw_counter {
    const char *name;
    uint64_t n;
};

struct nw_stage_context {
    const struct nw_stage *stage;
    const struct nw_conf *conf;
    void *state;
    struct nw_arena *arena; /* of the record at hand; the owner's */

    /* Takes a record over; 0 or a negative fault. It may be changed until emit returns. */
    int (*emit)(struct nw_stage_context *context, struct nw_record *record);
    void (*complain)(struct nw_stage_context *context, struct nw_str path, const char *sentence);
    void *owner; /* for emit and complain */

    /* Of the record at hand. */
    size_t emitted;
    char why[NW_WHY]; /* reason of the last drop, sentence of the last reject */

    uint64_t place;  /* nw_stage_place */
    uint64_t before; /* nw_stage_before */
    int wait_fd;
    int64_t idle_ms;
    bool network, writes; /* nw_stage_needs */
    struct nw_counter counters[NW_COUNTERS];
};

enum { NW_IDLE_MS = 1000 }; /* how long an idle source waits where it says nothing else */

/* Makes the state and calls init. conf lives as long as the context. 0 or a negative fault, after which close is still
 * due. */
int nw_context_open(struct nw_stage_context *context, const struct nw_stage *stage, const struct nw_conf *conf);

/* Frees the state. Accepts a zeroed context. */
void nw_context_close(struct nw_stage_context *context);

/* Runs one record through process: an nw_verdict (NW_OK only where something was emitted) or a negative fault. */
int nw_context_process(struct nw_stage_context *context, struct nw_record *record);

/* What the stage has counted under a name (nw_count). */
uint64_t nw_context_counted(const struct nw_stage_context *context, const char *name);

int nw_context_flush(struct nw_stage_context *context);

#endif
