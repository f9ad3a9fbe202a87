/*
 * Trends beside the live stream, and their newest report: takes up what goes into the output log; after a start it
 * first reads there what came before, a little in each turn, so that nothing that is live waits.
 */
#ifndef RUN_TRENDING_H
#define RUN_TRENDING_H

#include "trends/when.h"

struct trending;

int trending_new(const struct nw_when_log *log, struct trending **trending); /* 0 or -ENOMEM */
void trending_free(struct trending **trending);                              /* accepts NULL, nulls the pointer */

/* An article that goes into the log: see nw_trends_offer. 0 or a negative fault. */
int trending_offer(struct trending *trending, uint64_t oseq, const struct nw_record *record);

/* Reads on. 0 when all that is in the log is read, TRENDING_BEHIND when there is more, or a negative fault. */
int trending_step(struct trending *trending);
enum { TRENDING_BEHIND = 1 };

/* The report, a second old or, where making one takes long, some, as of entry *through; it stands until the next call.
 * TRENDING_BEHIND while a start is still reading what came before, and while the log is empty. */
int trending_report(struct trending *trending, struct nw_str *report, uint64_t *through);

/* Whether a minute is over since the last report went out. */
bool trending_is_due(const struct trending *trending);

/* The report as of entry `through` goes out. */
void trending_sent(struct trending *trending, uint64_t through);
uint64_t trending_last_sent(const struct trending *trending); /* 0: none yet */

#endif
