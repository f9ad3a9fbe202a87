/*
 * What was taken from drop folders, in SQLite, so that a crash at any moment loses no file and takes none twice.
 *
 * Records are numbered by the receiver, and what it has accepted are the first N of them (commons.before, at a start).
 * A file is written down here, in the order of taking, before its first record is emitted: PLANNED. After a crash, all
 * planned files are read again in that order, before anything else is emitted; those of their records whose number is
 * at most N are skipped, and the rest gets the numbers that it had. So a planned file's `first`, the number of its
 * first record, must be known: it is written for the first file of each batch; the others' follow from the file before;
 * and when a file's row goes, that of the next one is written.
 *
 *     PLANNED ──all records accepted──► ACCEPTED ──moved or deleted──► no row
 *        │                                 └─────leave─────────────► KEPT
 *        └──gave no record────────────────────────────────────────► KEPT
 *
 * A file that is KEPT is not taken again until it changes.
 */
#ifndef FETCH_LEDGER_H
#define FETCH_LEDGER_H

#include <newswire/record.h>

struct ledger;

enum ledger_state { LEDGER_PLANNED = 0, LEDGER_ACCEPTED = 1, LEDGER_KEPT = 2 };

/* A file is the same as long as none of these changes. */
struct identity {
    int64_t device, inode, size, modified; /* bytes; nanoseconds since 1970 */
};

struct ledger_row {
    int64_t id;           /* grows in the order of taking */
    struct nw_str source; /* which source's; both live until the next call with the same ledger */
    struct nw_str path;   /* below the source's folder, NUL-terminated */
    struct identity identity;
    enum ledger_state state;
    uint64_t first; /* 0: follows the row before */
};

struct sqlite3;

enum { LEDGER_BAD = 1, LEDGER_NONE = 2 };

/* Opens folder/fetch.db, making it when there is none. 0, LEDGER_BAD with a sentence, or a negative fault. */
int ledger_open(struct nw_str folder, struct ledger **ledger, char why[NW_WHY]);
void ledger_close(struct ledger **ledger); /* accepts NULL, nulls the pointer */

/* The database, for other tables that must change together with these (feed_book.h). */
struct sqlite3 *ledger_db(struct ledger *ledger);

/* All below: 0, LEDGER_NONE where it says so, or a negative fault (-EIO: the file can't be read or written, which is
 * logged). Changes are durable when ledger_commit returns. */
int ledger_begin(struct ledger *ledger);
int ledger_commit(struct ledger *ledger);

/* The same for what may be forgotten in a power cut: it is durable with the next change that is. Costs no fsync. */
int ledger_begin_lazily(struct ledger *ledger);

/* What is known of a path; LEDGER_NONE when nothing is. */
int ledger_find(struct ledger *ledger, struct nw_str source, struct nw_str path, struct ledger_row *row);

/* A row of any source that is not KEPT and has this path; LEDGER_NONE when there is none. */
int ledger_find_open(struct ledger *ledger, struct nw_str path, struct ledger_row *row);

/* Writes a file down as planned, instead of what was known of its path; *id: its row's. */
int ledger_plan(struct ledger *ledger, struct nw_str source, struct nw_str path, const struct identity *identity,
                uint64_t first, int64_t *id);

int ledger_first(struct ledger *ledger, int64_t id, uint64_t first);
int ledger_state(struct ledger *ledger, int64_t id, enum ledger_state state);
int ledger_delete(struct ledger *ledger, int64_t id);

/* The row with the smallest id behind `after` that is not KEPT; LEDGER_NONE at the end. */
int ledger_next(struct ledger *ledger, int64_t after, struct ledger_row *row);

/* The KEPT row of a source with the smallest id behind `after`; LEDGER_NONE at the end. */
int ledger_next_kept(struct ledger *ledger, struct nw_str source, int64_t after, struct ledger_row *row);

#endif
