/*
 * What fetch keeps of its sources, in DATA/fetch.db, read and written beside the running fetch: SQLite (WAL) sees to it
 * that neither waits for the other for longer than a commit. The tables are fetch's own: stages/fetch/feed_book.c and
 * ledger.c. Nothing is made here, and of what is there only `paused`, `wanted` and `due` are changed.
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

/* A drop folder: files taken that are kept in mind, and files that are under way. */
struct sources_folder {
    const char *source;
    int64_t taken, under_way;
};

enum { SOURCES_OK = 0, SOURCES_END = 1, SOURCES_BAD = 2, SOURCES_WHY = 256 };

/* SOURCES_OK; SOURCES_BAD with a sentence. */
int sources_book_open(const char *path, struct sources_book **book, char why[SOURCES_WHY]);
void sources_book_close(struct sources_book **book); /* accepts NULL, nulls the pointer */

/* One after the other: SOURCES_OK, SOURCES_END behind the last, SOURCES_BAD. */
int sources_book_feed(struct sources_book *book, struct sources_feed *feed, char why[SOURCES_WHY]);
int sources_book_folder(struct sources_book *book, struct sources_folder *folder, char why[SOURCES_WHY]);

enum sources_wish { SOURCES_PAUSE, SOURCES_RESUME, SOURCES_POLL };

/* For all feeds of this address, or of the source of this name. *count: how many. SOURCES_OK or SOURCES_BAD. */
int sources_book_wish(struct sources_book *book, enum sources_wish wish, const char *word, int64_t *count,
                      char why[SOURCES_WHY]);

#endif
