/* The state of a source of feeds: see source_feeds.c. */
#ifndef FETCH_FEEDS_H
#define FETCH_FEEDS_H

#include "batches.h"
#include "feed_book.h"
#include "feed_clock.h"
#include "source.h"
#include "web.h"

struct host {
    char *name;
    int64_t next_ms; /* wall ms at which it may be asked again */
};

struct feed {
    char *url;
    size_t host;
    int64_t id;
    int64_t due_ms; /* wall ms; INT64_MAX while it is paused */
    bool in_turn;   /* due_ms is the time that its host has given it */
};

/* A poll under way. */
struct poll {
    size_t feed;
    char url[FEED_TEXT]; /* that is asked now */
    unsigned hops;
    bool moved; /* all hops so far were permanent */
};

struct feeds {
    struct source source;
    const struct nw_conf *conf;
    struct feed_limits limits;
    struct feed_clock clock;
    int64_t host_gap_ms;
    bool allow_private;
    struct web *web;
    struct feed_book *book;
    struct batches batches;

    struct feed *feeds;
    size_t count, room;
    struct host *hosts;
    size_t host_count;
    size_t *heap; /* of feeds that are not under way, the next due first */
    size_t heap_count;

    struct nw_buf spooled;   /* the batch that is being made */
    int64_t looked_ms;       /* monotonic: when it was asked what people want */
    struct nw_buf complaint; /* "URL\nsentence\n" of each that is to be told */
    char path[SPOOL_PATH];
};

/* feeds_poll.c: starts what is due, takes answers. All: 0 or a negative fault. */
int feeds_start(struct feeds *feeds, int64_t now);
/* Takes what has come into feeds->spooled and the book, in the transaction that the caller has begun; *took: how many.
 */
int feeds_take(struct feeds *feeds, int64_t now, size_t *took);
int64_t feeds_due(const struct feeds *feeds); /* wall ms of the next poll; INT64_MAX for none */
/* Takes over what people want: pauses, polls now. */
int feeds_hear(struct feeds *feeds, int64_t now);

/* feeds_list.c: the feeds of the config, their hosts, their places in the book. 0, SOURCE_COMPLAINT, or a negative
 * fault. */
int feeds_list(struct feeds *feeds, char why[NW_WHY]);
void feeds_list_free(struct feeds *feeds);

void feeds_heap_push(struct feeds *feeds, size_t feed);
size_t feeds_heap_pop(struct feeds *feeds);

#endif
