/*
 * What an ordered stage refused, beside its output log. The log's mark says only how far it is; a place below the mark
 * that gave nothing has to be known by itself, or a crash between the log and the broker's dead letters would make it
 * count as published. Durable before a later record is appended to the log.
 *
 * The newest REFUSALS_MAX are known, four times what an ordered stage has under lease by default. A lease that comes
 * again with one beyond them counts as published.
 */
#ifndef RUN_REFUSALS_H
#define RUN_REFUSALS_H

#include <newswire/str.h>

#include <stdint.h>

enum { REFUSALS_MAX = 4 * 64 * 64 };

struct refusals;

struct refusal {
    uint64_t journal, jseq, sub;
    struct nw_str why;
};

/* Opens LOG.refused, LOG being the output log's folder. 0 or a negative fault with a line in the log. */
int refusals_open(const char *log, struct refusals **refusals);
void refusals_close(struct refusals **refusals); /* accepts NULL, nulls the pointer */

/* Durable when it returns. 0, -ENOSPC where the disk has no room, or a negative fault. */
int refusals_add(struct refusals *refusals, const struct refusal *refusal);

/* Whether this place was refused, and the sentence, which lives until the next call. 0; 1: it was not, or long ago; or
 * a negative fault. */
int refusals_find(struct refusals *refusals, uint64_t journal, uint64_t jseq, uint64_t sub, struct nw_str *why);

#endif
