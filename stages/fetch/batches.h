/*
 * What came over the network, batch by batch, from the moment that it is durable here until the receiver has accepted
 * it. A batch is a spool file (spool.h), planned in the ledger in one transaction with whatever its source remembers of
 * it; it is read like any other document, and goes once all its records are durable at the receiver. So a kill at any
 * moment loses and doubles nothing of it. Shared by the sources that acquire over the network: feeds, listen, imap.
 */
#ifndef FETCH_BATCHES_H
#define FETCH_BATCHES_H

#include "source.h"
#include "spool.h"

struct batch {
    struct batch *next;
    int64_t id;          /* of its row */
    uint64_t skip, last; /* items that an earlier life has delivered; number of its last record in this life */
    bool read;
    char name[SPOOL_NAME];
};

struct batches {
    struct source *source;
    struct spool spool;
    struct batch *first, **end; /* oldest first */
    struct batch *reading;      /* the one that was given last */
    struct batch *unread;       /* the next to be given */
    uint64_t accepted;
    char path[SPOOL_PATH];
    /* Called in the transaction in which a batch goes, with its row's id; NULL for none. 0 or a negative fault. */
    int (*landed)(struct source *source, int64_t id);
};

/* Opens the ledger, if no other source has, and the spool. The source's key and commons are set. 0, SOURCE_COMPLAINT
 * with a sentence, or a negative fault. */
int batches_open(struct batches *batches, struct source *source, char why[NW_WHY]);
void batches_close(struct batches *batches); /* accepts zeroed ones; batches that are accepted land first */

/* Makes a batch of these bytes (spool_add), in the transaction that the caller has begun. It must be given
 * (batches_next) before any other record is emitted. *id: its row's; NULL where nobody asks. 0 or a negative fault. */
int batches_add(struct batches *batches, struct nw_str bytes, int64_t *id);

/* Where that transaction was a lazy one: makes the batch durable, with all that was written before. 0 or a fault. */
int batches_settle(struct batches *batches);

/* Batches at the head whose records are all durable go. 0 or a negative fault. */
int batches_land(struct batches *batches);

/* The next batch that was not read yet: SOURCE_DOCUMENT, or SOURCE_COMPLAINT; SOURCE_IDLE when there is none. */
int batches_next(struct batches *batches, struct document *document);

/* What the callbacks of the same names in source.h do. */
void batches_done(struct batches *batches, const struct outcome *outcome);
int batches_resume(struct batches *batches, const struct ledger_row *row, uint64_t skip);

#endif
