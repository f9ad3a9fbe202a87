/*
 * Looks after an output log in a thread of its own: compresses closed segments, drops old ones. A step takes some
 * milliseconds, the last one of a segment an fsync and the removal of a file as large as a segment; in the thread that
 * hands out records all of that would be latency. It runs at a lower priority, so that on a busy machine articles come
 * first; what waits meanwhile costs disk, no memory.
 */
#ifndef RUN_UPKEEP_H
#define RUN_UPKEEP_H

#include "store/log.h"

struct upkeep;

/* From now on no other thread may call nw_store_maintain for this store. 0 or a negative fault. */
int upkeep_start(struct nw_store *store, struct upkeep **upkeep);

/* Waits for the step at hand. To be called before the store is closed. Accepts NULL, nulls the pointer. */
void upkeep_stop(struct upkeep **upkeep);

/* 0, or the negative fault that ended it. */
int upkeep_error(const struct upkeep *upkeep);

#endif
