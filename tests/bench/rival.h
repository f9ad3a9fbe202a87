/*
 * What a rival's transport is measured by: the same chain as ours. A feeder, two stages in the middle and a last one,
 * each a process of its own, pass records on in batches; each hands a batch to the next before it acknowledges it to
 * the one before, so that a process that is killed loses nothing where the rival can promise that.
 *
 *     PROGRAM ADDRESS RECORDS BYTES BATCH RATE
 *
 * RATE 0: as fast as it goes, else records a second. The last stage prints `seconds TAB p50 TAB p99`: from the first
 * record made to the last one stored, and the milliseconds from a record's making to its being stored. The bytes are
 * passed on as they came; our own stages take each record apart and put it together again, a rival's do not.
 */
#ifndef BENCH_RIVAL_H
#define BENCH_RIVAL_H

#include <newswire/str.h>

#include <stdint.h>

enum { RIVAL_STAGES = 4, RIVAL_BATCH_MAX = 1024 };

/* One stage's end of the transport: made after the fork, by the stage's own process. Functions return 0 or -1; what
 * went wrong is said on standard error. */
struct rival {
    /* `stage` 0 feeds, RIVAL_STAGES - 1 is the last. */
    void *(*open)(const char *address, int stage);
    /* Gives the batch to the next stage; returns when the server has said that it has it (where there is one). */
    int (*send)(void *end, const struct nw_str *records, size_t n);
    /* Waits for some; at most `most`. The bytes live until the next call. Negative: failed. */
    int (*receive)(void *end, struct nw_str *records, size_t most);
    /* All that the last receive gave is done. */
    int (*acknowledge)(void *end);
    void (*close)(void *end);
};

int rival_run(int argc, char **argv, const struct rival *rival);

#endif
