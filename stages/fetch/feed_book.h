/*
 * What is remembered of feeds, in the ledger's database: where each stands, and which of its items were taken. Changed
 * in one transaction with the plan of what was taken, so that no crash takes an item twice or loses one. `newswire
 * sources` reads it beside us, and writes what a person wants: pause, resume, poll now.
 */
#ifndef FETCH_FEED_BOOK_H
#define FETCH_FEED_BOOK_H

#include "feed_pace.h"
#include "feed_scan.h"
#include "ledger.h"

#include <newswire/buf.h>

struct feed_book;

enum { FEED_TEXT = 2048 /* bytes of an address or validator; longer ones are no use */ };

/* A feed's row. */
struct feed_row {
    int64_t id;
    char moved[FEED_TEXT]; /* where it has moved for good; "" if nowhere */
    char etag[FEED_TEXT], modified[FEED_TEXT];
    struct feed_pace pace;
    int64_t polled_ms, due_ms;  /* wall ms */
    int64_t status;             /* of the last answer; 0: none came */
    char why[NW_WHY];           /* what was wrong with the last poll; "" */
    bool quiet, paused, wanted; /* wanted: to be polled now */
};

/* 0, LEDGER_BAD with a sentence, or a negative fault. The ledger must outlive it. */
int feed_book_open(struct ledger *ledger, struct feed_book **book, char why[NW_WHY]);
void feed_book_close(struct feed_book **book); /* accepts NULL, nulls the pointer */

/* All below: 0 or a negative fault. */

/* The feed's row, made new where it is unknown. */
int feed_book_find(struct feed_book *book, struct nw_str source, struct nw_str url, struct feed_row *row);

/* Writes all but what a person decides (paused), and takes `wanted` as done. */
int feed_book_put(struct feed_book *book, const struct feed_row *row);

/* What a person wants of it now. */
int feed_book_wishes(struct feed_book *book, int64_t id, bool *paused, bool *wanted);

/* Whether somebody else has written since the last call. */
int feed_book_changed(struct feed_book *book, bool *changed);

/* *is_new: this item was never seen; it counts as seen now, at wall time `now`. It is known again by its id, else its
 * link, else its bytes; what different items of a feed once shared tells none of them apart, then and later. */
int feed_book_see(struct feed_book *book, int64_t feed, const struct feed_item *item, int64_t now, bool *is_new);

/* Forgets the feed's items that have not been in it since `before`. */
int feed_book_forget(struct feed_book *book, int64_t feed, int64_t before);

#endif
