/*
 * The dead-letter log: records that a stage refused or that took their workers down, with the reason and their bytes,
 * for a person to look at; and what that person let become of them. Durable before the record counts as done. Anybody
 * may read it (dead_entry.h), only the broker writes it.
 *
 * A retry is durable as a mark before it is submitted, and each mark has a number in this journal: the broker submits
 * it to itself as the feeder DEAD_FEEDER under that fseq. So a retry that a crash cut in two is finished by the next
 * life, and none is submitted twice.
 */
#ifndef BROKER_DEAD_H
#define BROKER_DEAD_H

#include "broker/dead_entry.h"
#include "broker/journal.h"

#define DEAD_FEEDER NW_S("@dead-letters") /* no feeder can have this name: see feed.c */

struct dead_log;

/* What these return beside 0 and a negative fault. */
enum {
    DEAD_CLOSED = 1, /* no letter, or one that was dealt with */
    DEAD_NO_ROOM,    /* the disk has no room */
};

/* Opens DATA/dead; remembers which letters are open, which of this journal from `low` on are in it, so that none is
 * buried twice when the journal is done again, and which retries are not yet in the journal. */
int dead_open(const char *data, struct journal *journal, uint64_t low, struct dead_log **log);
void dead_close(struct dead_log **log); /* accepts NULL, nulls the pointer */

/* Appends (journal and time are set here), and waits until it is durable: dead letters are rare. DEAD_NO_ROOM: nothing
 * was written. */
int dead_append(struct dead_log *log, const struct nw_dead_letter *letter);

uint64_t dead_id(const struct dead_log *log); /* of the log itself */

/* Whether this record was buried at this stage before the log was opened. */
bool dead_has(const struct dead_log *log, uint64_t jseq, struct nw_str stage, uint64_t path);

/* An open letter that waits for the end of an embargo which is over at wall time `now`, until it is marked. False for
 * none. */
bool dead_due(struct dead_log *log, int64_t now, uint64_t *number);

/* The open letter of this number, or DEAD_CLOSED. The views live until the next call. */
int dead_read(struct dead_log *log, uint64_t number, struct nw_dead_letter *letter);

/* Appends one mark for letters, which are open: they are not any more. A retry waits to be submitted from then on;
 * *retry gets its number. Durable after dead_sync. */
int dead_mark(struct dead_log *log, enum nw_resolution action, const uint64_t *letters, size_t n, uint64_t *retry);
int dead_sync(struct dead_log *log);

/* The oldest retry that waits to be submitted, by its number and its letter; false where none waits. dead_submitted
 * takes it off. */
bool dead_waiting(const struct dead_log *log, uint64_t *retry, uint64_t *letter);
void dead_submitted(struct dead_log *log);

/* The record of a letter, open or not, as it was accepted; DEAD_CLOSED where there is none any more. */
int dead_origin(struct dead_log *log, uint64_t number, struct nw_str *origin);

#endif
