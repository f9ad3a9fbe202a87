/*
 * The entries of feeds whose pages are still to be fetched (`follow: page`), in the ledger's database. An entry is
 * written down in the transaction that marks it as seen, and goes in the one that plans its record. So no crash loses
 * it or takes it twice; at worst a page is fetched once more.
 */
#ifndef FETCH_PAGE_BOOK_H
#define FETCH_PAGE_BOOK_H

#include "ledger.h"

#include <newswire/buf.h>

struct page_book;

/* What stands in a row. */
struct page_row {
    int64_t id;          /* grows */
    struct nw_str feed;  /* the feed's address; NUL-terminated, as all these are */
    struct nw_str type;  /* media type that the feed was declared as; n 0 for none */
    struct nw_str url;   /* of the page */
    struct nw_str entry; /* the feed with this entry alone */
};

/* 0, LEDGER_BAD with a sentence, or a negative fault. The ledger must outlive it. */
int page_book_open(struct ledger *ledger, struct page_book **book, char why[NW_WHY]);
void page_book_close(struct page_book **book); /* accepts NULL, nulls the pointer */

/* Writes a row; sets its id. 0 or a negative fault. */
int page_book_add(struct page_book *book, struct nw_str source, struct page_row *row);

/* The source's row with the smallest id behind `after`, without its entry. 0, LEDGER_NONE at the end, or a negative
 * fault. The row's texts live until the next call. */
int page_book_next(struct page_book *book, struct nw_str source, int64_t after, struct page_row *row);

/* A row, whole; its texts live until the next call. 0 or a negative fault. */
int page_book_get(struct page_book *book, int64_t id, struct page_row *row);

int page_book_drop(struct page_book *book, int64_t id); /* 0 or a negative fault */

#endif
