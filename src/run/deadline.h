/*
 * A bound on the CPU time that a thread spends on one piece of work. A second thread sleeps on the first one's CPU
 * clock, so that nothing wakes up while there is nothing to do, no signal interrupts anybody, and a busy machine does
 * not count. The watched thread says where a piece begins and ends, which costs it an atomic store and an exchange.
 *
 * What takes longer is given up: the watched thread, wherever it is, never comes out of nw_deadline_end again. What it
 * does not touch between begin and end belongs to `over` from then on, which has to end the process.
 */
#ifndef RUN_DEADLINE_H
#define RUN_DEADLINE_H

#include <stdint.h>

struct nw_deadline;

/* Watches the calling thread. `over` is called at most once, on the other thread, when a piece has taken limit_ms of
 * CPU time, or up to a quarter more. 0 or a negative fault. */
int nw_deadline_new(uint64_t limit_ms, void (*over)(void *user), void *user, struct nw_deadline **result);

/* Ends the watch. Accepts NULL, nulls the pointer; not between begin and end. */
void nw_deadline_free(struct nw_deadline **deadline);

/* Both accept NULL: there is no bound. */
void nw_deadline_begin(struct nw_deadline *deadline);
void nw_deadline_end(struct nw_deadline *deadline);

#endif
