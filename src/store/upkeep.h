/*
 * Looks after a log in a thread of its own: compresses closed segments, deletes those that nobody is to keep. A step
 * takes some milliseconds, the last one of a segment an fsync and the removal of a file as large as a segment; in the
 * thread that hands out records all of that would be latency, and in the committer's, commits would wait for it. It
 * takes what time nobody else wants, so that on a busy machine articles come first; what waits meanwhile costs disk, no
 * memory.
 */
#ifndef STORE_UPKEEP_H
#define STORE_UPKEEP_H

#include "store/log.h"

struct nw_upkeep;

/* From now on no other thread may call nw_store_maintain for this store, and the committer deletes nothing. 0 or a
 * negative fault. */
int nw_upkeep_start(struct nw_store *store, struct nw_upkeep **upkeep);

/* Waits for the step at hand. To be called before the store is closed. Accepts NULL, nulls the pointer. */
void nw_upkeep_stop(struct nw_upkeep **upkeep);

/* 0, or the negative fault that ended it. */
int nw_upkeep_error(const struct nw_upkeep *upkeep);

#endif
