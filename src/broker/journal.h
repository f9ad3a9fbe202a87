/*
 * The broker's journal: accepted records, each under its jseq with its feeder and fseq (journal_entry.h), durable
 * before anybody is told. The feeders' places live here too, since they must survive together: (feeder, fseq) is what
 * makes a submission count once.
 *
 * The low-water mark and all feeders' places are checkpointed every ten seconds; what came later is read from the
 * entries themselves at the start.
 */
#ifndef BROKER_JOURNAL_H
#define BROKER_JOURNAL_H

#include "broker/journal_entry.h"

#include <newswire/buf.h>

#include <stdbool.h>
#include <stdint.h>

struct journal;

struct feeder {
    struct feeder *next; /* in its bucket */
    char name[65];
    uint64_t expected; /* next fseq */
    uint64_t durable;  /* through this one all is durable or refused */
    /* Two marks of what is appended and not yet durable: the older one waits for its commit, the newer one moves with
     * each append. So a feeder that never rests still sees `durable` move. jseq 0: no mark. */
    struct feeder_mark {
        uint64_t jseq, fseq;
    } older, newer;
    unsigned held; /* while it is connected, or the broker's own, it is not forgotten */
    int64_t used;  /* monotonic ms, for forgetting the longest unused */
};

enum { JOURNAL_FEEDERS = 65536 };

/* What append and load return beside 0 and a negative fault. */
enum {
    JOURNAL_FULL = 1, /* wait for what is being written */
    JOURNAL_NO_ROOM,  /* the disk is nearly full */
    JOURNAL_GONE,     /* load: lost to damage, said at level error */
};

struct journal_record {
    struct nw_str feeder; /* its name */
    uint64_t fseq;
    bool urgent;
    struct nw_str bytes;
};

/* How far the broker is. */
struct journal_progress {
    uint64_t low;           /* all below is done, but for urgent ones */
    uint64_t oldest;        /* nothing below is needed any more; at most low */
    const uint64_t *urgent; /* urgent ones that are not done, or not below low; rising */
    size_t urgents;
};

/* Opens DATA/journal and the checkpoint beside it, and recovers: *low is the first jseq that is not known to be done;
 * `urgent`, of the caller, gets the jseqs (uint64_t, rising) of the urgent entries that are not known to be both done
 * and below low. */
int journal_open(const char *data, struct journal **journal, uint64_t *low, struct nw_buf *urgent);
/* So many entries are kept below the low-water mark, whatever else is done; none while the disk is nearly full. */
void journal_keep(struct journal *journal, uint64_t entries);
/* Commits and closes; the checkpoint is written with this progress. */
void journal_close(struct journal **journal, const struct journal_progress *progress);

/* The feeder of this name, made new if it is unknown; NULL when there is no memory. */
struct feeder *journal_feeder(struct journal *journal, struct nw_str name, int64_t now);

/* Appends the feeder's next record. On 0, it has its jseq. */
int journal_append(struct journal *journal, struct feeder *feeder, struct nw_str bytes, bool urgent);

/* Moves the feeder's `durable` as far as the journal is durable. */
void journal_settle(struct journal *journal, struct feeder *feeder);

/* The feeder's next record is refused, not appended: it counts as done once all before it is durable. */
void journal_refuse(struct journal *journal, struct feeder *feeder);

/* The feeder's next record is this one: all before counts as done once all that was appended is durable. */
void journal_skip(struct journal *journal, struct feeder *feeder, uint64_t fseq);

/* Waits until what is appended is durable: the answer to JOURNAL_FULL, when the disk is behind by all that may wait. */
int journal_wait(struct journal *journal);

/* Starts making durable what was appended; tells how far all is durable. */
int journal_turn(struct journal *journal, uint64_t *durable);
int journal_event(const struct journal *journal); /* readable when more is durable */

/* Record jseq, durable or not. The views live until the next call. */
int journal_load(struct journal *journal, uint64_t jseq, struct journal_record *record);

/* Checkpoints it every ten seconds; then whole segments below `oldest` go, but for what is kept. */
int journal_done(struct journal *journal, const struct journal_progress *progress, int64_t now);

uint64_t journal_last(const struct journal *journal); /* newest jseq, durable or not */
uint64_t journal_durable(const struct journal *journal);
/* Whether new submissions should wait: the disk has less room than the reserve. */
bool journal_is_low_on_room(struct journal *journal);
uint64_t journal_id(const struct journal *journal);

#endif
