/*
 * What fetch keeps of its sources, in DATA/fetch.db, read and written beside the running fetch: SQLite (WAL) sees to it
 * that neither waits for the other for longer than a commit. The tables are fetch's own: stages/fetch/feed_book.c and
 * rhythm.c. Nothing is made here, and of what is there only `paused`, `wanted` and `due` are changed.
 */
#ifndef CLI_SOURCES_BOOK_H
#define CLI_SOURCES_BOOK_H

#include <newswire/str.h>

#include <stdint.h>

struct sources_book;

/* A feed as it stands there; texts live until the next call. Times in ms since 1970, 0 for never. */
struct sources_feed {
    const char *source, *url, *moved, *why;
    double gap_ms; /* between two articles */
    int64_t last_item, items, errors, polled, due, status;
    bool quiet, paused, wanted;
};

/* A source that is no feed: files, a drop folder, a port, a mailbox. Files or batches that are under way, and files
 * taken that are kept in mind. */
struct sources_other {
    const char *source, *kind;
    double gap_ms;
    int64_t last_item, items, errors, due, taken, under_way;
    const char *place; /* how far one is that comes to an end; "" */
    bool quiet, paused, wanted, ended;
};

enum { SOURCES_OK = 0, SOURCES_END = 1, SOURCES_BAD = 2, SOURCES_WHY = 256 };

/* SOURCES_OK; SOURCES_BAD with a sentence. */
int sources_book_open(const char *path, struct sources_book **book, char why[SOURCES_WHY]);
void sources_book_close(struct sources_book **book); /* accepts NULL, nulls the pointer */

/* One after the other: SOURCES_OK, SOURCES_END behind the last, SOURCES_BAD. */
int sources_book_feed(struct sources_book *book, struct sources_feed *feed, char why[SOURCES_WHY]);
int sources_book_other(struct sources_book *book, struct sources_other *other, char why[SOURCES_WHY]);

enum sources_wish { SOURCES_PAUSE, SOURCES_RESUME, SOURCES_POLL };

struct sources_count {
    int64_t feeds, others;
};

/* For all feeds of this address, or of the source of this name, or for the source of this name where it can. *count:
 * how many it was for. SOURCES_OK or SOURCES_BAD. */
int sources_book_wish(struct sources_book *book, enum sources_wish wish, const char *word, struct sources_count *count,
                      char why[SOURCES_WHY]);

/* How many the word means, and how many of them are paused. SOURCES_OK or SOURCES_BAD. */
int sources_book_count(struct sources_book *book, const char *word, struct sources_count *all,
                       struct sources_count *paused, char why[SOURCES_WHY]);

#endif
