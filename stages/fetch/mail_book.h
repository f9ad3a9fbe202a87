/*
 * What is remembered of mailboxes, in the ledger's database: how far each was read, which messages were taken, and
 * which of them are still to be marked or moved. Changed in one transaction with the plan of what was taken.
 *
 * A message is known by its UID, as long as the folder's UIDVALIDITY stays. When that changes, the folder was made anew
 * and its messages have other UIDs: those below `known_below` are then known by what they are (mail_identity).
 */
#ifndef FETCH_MAIL_BOOK_H
#define FETCH_MAIL_BOOK_H

#include "ledger.h"

struct mail_book;

enum {
    MAIL_KEPT = 1000000, /* identities of a mailbox that are kept, the newest */
    MAIL_MARKED = 100,   /* messages that are marked at once */
};

struct mail_row {
    uint32_t validity; /* UIDVALIDITY; 0: never seen */
    uint32_t last;     /* UID of the last message that was taken or passed over */
    uint32_t known_below;
};

/* 0, LEDGER_BAD with a sentence, or a negative fault. The ledger must outlive it; `source` too. */
int mail_book_open(struct ledger *ledger, struct nw_str source, struct mail_book **book, char why[NW_WHY]);
void mail_book_close(struct mail_book **book); /* accepts NULL, nulls the pointer */

/* All below: 0 or a negative fault. */
int mail_book_find(struct mail_book *book, struct mail_row *row);

/* Writes the row. With another UIDVALIDITY than before, what was to be marked is forgotten: its UIDs mean nothing. */
int mail_book_put(struct mail_book *book, const struct mail_row *row);

/* Whether a message with this identity was taken; and that it is taken now. */
int mail_book_knows(struct mail_book *book, uint64_t identity, bool *known);
int mail_book_keep(struct mail_book *book, uint64_t identity);

/* Forgets the oldest identities past MAIL_KEPT: looks through all of them, so now and then. */
int mail_book_forget(struct mail_book *book);

/* A message of this batch (its row's id in the ledger) is to be marked once the batch has landed. */
int mail_book_owe(struct mail_book *book, uint32_t uid, int64_t batch);
int mail_book_landed(struct mail_book *book, int64_t batch);

/* The first MAIL_MARKED messages that are to be marked now; *n: how many. */
int mail_book_owed(struct mail_book *book, uint32_t uids[MAIL_MARKED], size_t *n);
int mail_book_paid(struct mail_book *book, const uint32_t *uids, size_t n);

/* A message by what it is: its Message-ID and its body, which a move to another server leaves as they are. */
uint64_t mail_identity(struct nw_str message);

#endif
