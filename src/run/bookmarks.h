/*
 * Named durable positions in the output log: how far a subscriber of some name has got, kept for it while it is away.
 *
 * They are one small file, replaced as a whole (store/checkpoint.h), and not a database: all that is asked is the last
 * number of each name, a few thousand names are some 100 KB, and all that were set while one write went on become
 * durable together with the next. A thread of its own writes, so that the publisher never waits for the disk.
 */
#ifndef RUN_BOOKMARKS_H
#define RUN_BOOKMARKS_H

#include <newswire/str.h>

#include <stdint.h>

struct nw_bookmarks;

enum {
    NW_BOOKMARKS = 4096,   /* most names */
    NW_BOOKMARK_NAME = 64, /* most bytes of one: letters, digits, '-', '_', '.' */
};

/* What set returns beside 0 and a negative fault. */
enum {
    NW_BOOKMARK_BAD_NAME = 1,
    NW_BOOKMARKS_FULL,
};

/* Takes up what the file at `path` holds. Positions of another log than `log` mean nothing in this one and are
 * forgotten, with a warning. 0 or a negative fault with a line in the log. */
int nw_bookmarks_open(const char *path, uint64_t log, struct nw_bookmarks **bookmarks);
/* Writes what was set; accepts NULL, nulls the pointer. */
void nw_bookmarks_close(struct nw_bookmarks **bookmarks);

/* The last position that was set, durable or not; 0 where there is none. */
uint64_t nw_bookmarks_get(struct nw_bookmarks *bookmarks, struct nw_str name);

/* Sets a position, which may be lower than the one before; 0 forgets the name. *version: durable once
 * nw_bookmarks_durable has reached it. */
int nw_bookmarks_set(struct nw_bookmarks *bookmarks, struct nw_str name, uint64_t oseq, uint64_t *version);

/* A descriptor that becomes readable when more is durable; nw_bookmarks_durable makes it unreadable again. */
int nw_bookmarks_event(const struct nw_bookmarks *bookmarks);
uint64_t nw_bookmarks_durable(struct nw_bookmarks *bookmarks);

#endif
