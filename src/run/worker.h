/*
 * A stage on a link: says HELLO, takes leases, runs the records through the stage, answers DONE. One thread, one loop;
 * the link may be in memory and the clock fake. It holds nothing that is not under a lease, so it may be killed at any
 * time.
 */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include "link/link.h"

#include <newswire/stage.h>

struct nw_sink;
struct nw_worker;
struct share;

struct nw_worker_options {
    const struct nw_stage *stage;
    const char *name;     /* of the stage in the pipeline; NULL: its own */
    struct nw_link *link; /* borrowed */
    const char *instance; /* uuid text of this life */
    struct nw_sink *sink; /* an ordered stage's output log and publisher; NULL otherwise */
    struct share *share;  /* what an ordered stage takes; NULL: all (run/share.h) */
    /* Called now and then while the stage learns its log again, which may take minutes; NULL for none. */
    void (*learning)(void *user, uint64_t records);
    /* A record has taken more CPU time than the broker allows, and the broker was told; called on another thread than
     * step, which never returns. The link may be freed; then the process has to end. */
    void (*given_up)(void *user);
    void *user;
};

/* What step returns beside a negative fault. */
enum nw_worker_step {
    NW_WORKER_ON = 0,  /* go on: wait on the link, then step again */
    NW_WORKER_DONE,    /* drained, or told to go: the process may exit */
    NW_WORKER_REFUSED, /* the broker refuses this worker for good; a line was logged */
};

int nw_worker_new(const struct nw_worker_options *options, struct nw_worker **worker);
void nw_worker_free(struct nw_worker **worker);

/* Handles what has come, says what is due. Never waits. */
int nw_worker_step(struct nw_worker *worker);

/* Milliseconds until step has something to do, if nothing comes before. */
int64_t nw_worker_timeout(const struct nw_worker *worker);

/* No more work from now on: what is in hand is finished, then step returns NW_WORKER_DONE. */
void nw_worker_drain(struct nw_worker *worker);

/* Whether WELCOME has come. */
bool nw_worker_ready(const struct nw_worker *worker);

/* Appends the metrics as a JSON object: records, outputs, dropped, failed, batches, busy_us, and the stage's own
 * counters. */
int nw_worker_metrics(const struct nw_worker *worker, struct nw_buf *out);

#endif
