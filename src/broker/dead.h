/*
 * Dead letters: records that a stage refused or that took their workers down, with the reason and their bytes, for a
 * person to look at. Durable before the record counts as done.
 *
 * Entry: msgpack [version, jseq, stage, why, lost leases, wall time ms, bytes].
 */
#ifndef BROKER_DEAD_H
#define BROKER_DEAD_H

#include <newswire/str.h>

#include <stdbool.h>
#include <stdint.h>

struct dead_log;

struct dead_letter {
    uint64_t jseq;
    struct nw_str stage, why;
    unsigned lost;
    struct nw_str bytes; /* the record as it came to the stage */
};

/* Opens DATA/dead; remembers which jseq from `low` on are in it, so that none is buried twice when the journal is done
 * again. */
int dead_open(const char *data, uint64_t low, struct dead_log **log);
void dead_close(struct dead_log **log);

/* Appends, and waits until it is durable: dead letters are rare. */
int dead_append(struct dead_log *log, const struct dead_letter *letter);

/* Whether jseq was in the log when it was opened. */
bool dead_has(const struct dead_log *log, uint64_t jseq);

#endif
