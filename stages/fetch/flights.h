/*
 * Files on their way: from the moment that the ledger has them planned until all their records are durable at the
 * receiver. Shared by the sources that take files, `folder` and `files`; which files, and what becomes of them in the
 * end, is theirs. A kill at any moment loses and doubles nothing: see ledger.h.
 */
#ifndef FETCH_FLIGHTS_H
#define FETCH_FLIGHTS_H

#include "ledger.h"
#include "source.h"
#include "walk.h"

enum {
    FLIGHTS_BATCH = 256,      /* files planned at once: one fsync */
    FLIGHTS_BYTES = 16 << 20, /* or files of so much: a pause comes when they are read */
};

struct flight {
    int64_t id; /* its row's */
    char *path; /* below the root, as the ledger has it */
    struct identity identity;
    uint64_t skip;  /* items that an earlier life has delivered */
    uint64_t first; /* number of its first record, at the receiver; 0: not opened yet */
    uint64_t last;  /* number of its last record, in this life; 0: it has none that is not accepted */
    uint64_t items;
    bool read;   /* to its end */
    bool forget; /* it was not the planned file any more */
};

struct flights {
    struct source *source;
    struct nw_str root; /* the folder that paths are below; n 0: they are whole */
    /* What is done with a file, at `whole`, once all its records are durable: true when its row may go, false when it
     * is to be remembered. NULL: all are remembered. */
    bool (*finish)(struct source *source, const struct flight *flight, const char *whole);
    struct flight *flight; /* head..next: opened; next..tail: planned */
    size_t head, next, tail, room;
    int64_t bytes;            /* of what is planned */
    uint64_t accepted;        /* records of this life that are durable */
    char path[2 * WALK_PATH]; /* of the file that was opened last */
};

/* Identity of a regular file, and when it was last changed (wall ms; may be NULL). False when it is none. */
bool flight_stat(const char *whole, struct identity *identity, int64_t *changed);

/* The path of a file; false where it is too long to be one. */
bool flight_path(const struct flights *flights, const char *path, char whole[2 * WALK_PATH]);

/* What is given lives as long; the source's key and commons are set, and the ledger is open. */
void flights_open(struct flights *flights, struct source *source, struct nw_str root);
void flights_close(struct flights *flights); /* accepts zeroed ones; what is accepted lands first */

size_t flights_planned(const struct flights *flights); /* and not opened yet */
bool flights_full(const struct flights *flights);      /* no more should be planned until these are read */

/* Plans a file, in the transaction that the caller has begun, where it is not under way or taken already. All that are
 * planned must be given (flights_next) before another record is emitted. 0 or a negative fault. */
int flights_plan(struct flights *flights, struct nw_str path, const struct identity *identity);

/* Opens the next planned file: SOURCE_DOCUMENT; SOURCE_COMPLAINT; SOURCE_BUSY where it is another one by now;
 * SOURCE_IDLE when there is none. */
int flights_next(struct flights *flights, struct document *document);

/* Files at the head whose records are all durable come to their end. 0 or a negative fault. */
int flights_land(struct flights *flights);

/* Drops what is known of files that are gone. 0 or a negative fault. */
int flights_prune(struct flights *flights);

/* What the callbacks of the same names in source.h do. */
void flights_done(struct flights *flights, const struct outcome *outcome);
int flights_accepted(struct flights *flights, uint64_t accepted);
int flights_resume(struct flights *flights, const struct ledger_row *row, uint64_t skip);

#endif
