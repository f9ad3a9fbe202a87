/* The state of a source of feeds: see source_feeds.c. */
#ifndef FETCH_FEEDS_H
#define FETCH_FEEDS_H

#include "batches.h"
#include "feed_book.h"
#include "feed_clock.h"
#include "page_book.h"
#include "queue.h"
#include "source.h"
#include "web.h"

struct feed {
    struct errand errand; /* due_ms is INT64_MAX while it is paused */
    char *url;
    int64_t id;
    bool follow;       /* its items' pages are fetched */
    int64_t quiet_ms;  /* wall ms of its last item, where it has gone quiet; 0: it has not */
    double gap_ms;     /* between its items, where it has */
    bool held;         /* it is due, and too many of its pages still wait */
    size_t pages;      /* that wait */
    struct poll *poll; /* under way; NULL for none */
};

/* A poll under way. */
struct poll {
    char url[FEED_TEXT]; /* that is asked now */
    unsigned hops;
    bool moved; /* all hops so far were permanent */
};

/* An item whose page is to be fetched before it goes on. */
struct page {
    struct errand errand;
    struct page *next, *before; /* in no order */
    int64_t id;                 /* of its row in the book of pages */
    char *url;                  /* that is to be asked now */
    struct feed *feed;          /* NULL: it is in the config no more */
    unsigned hops, tries;
    char why[NW_WHY]; /* what was wrong the last time */
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

    struct feed *feeds; /* in the order of their addresses */
    size_t count, room;
    size_t host_transfers; /* most at once at one host */
    struct queue queue;    /* of feeds, pages and robots.txt that are not under way */
    size_t polling;        /* feeds under way */
    struct page_book *page_book;
    struct page *first_page;
    size_t pages;         /* that wait, are under way, or have ended */
    struct errand *ended; /* pages that can't be had: their items go on as they are */
    char agent[ROBOTS_AGENT];

    struct nw_buf spooled;   /* the batch that is being made */
    int64_t looked_ms;       /* monotonic: when it was asked what people want */
    struct nw_buf complaint; /* "URL\nsentence\n" of each that is to be told */
    char path[SPOOL_PATH];
};

/* feeds_poll.c: starts what is due, takes answers. All: 0 or a negative fault. */
int feeds_start(struct feeds *feeds, int64_t now);
/* Takes what has come into feeds->spooled and the books, in the transaction that the caller has begun; *took: how many.
 */
int feeds_take(struct feeds *feeds, int64_t now, size_t *took);
int64_t feeds_due(const struct feeds *feeds); /* wall ms of the next errand; INT64_MAX for none */
/* Takes over what people want: pauses, polls now. */
int feeds_hear(struct feeds *feeds, int64_t now);
/* Has a sentence about an address told. */
void feeds_complain(struct feeds *feeds, const char *url, const char *why);

/* feeds_list.c: the feeds of the config and their places in the book. 0, SOURCE_COMPLAINT, or a negative fault. */
int feeds_list(struct feeds *feeds, char why[NW_WHY]);
void feeds_list_free(struct feeds *feeds);
void feeds_note_quiet(struct feed *feed, const struct feed_row *row);
void feeds_alarms(const struct source *source, nw_tell_alarm *tell, void *user);

/* feeds_pages.c: the pages of items. All ints: 0 or a negative fault. */
enum { PAGES_OF_FEED = 256 /* that wait; a feed that has so many is not asked */ };

/* Opens the book, and goes on with the pages that an earlier life left. 0, SOURCE_COMPLAINT, or a negative fault. */
int pages_open(struct feeds *feeds, char why[NW_WHY]);
void pages_close(struct feeds *feeds);

/* Of a feed's new items (keep, *n of them), takes those off that have a page to be fetched, and writes them down. */
int pages_add(struct feeds *feeds, struct feed *feed, const struct feed_scan *scan, const char *base,
              const struct web_answer *answer, bool *keep, unsigned *n, int64_t now);
bool pages_hold(const struct feeds *feeds, const struct feed *feed); /* so many wait that it is not to be asked */
int pages_start(struct feeds *feeds, struct page *page, int64_t now);
int pages_take(struct feeds *feeds, struct page *page, const struct web_answer *answer, int64_t now);
/* Takes one of those that go on without having been asked; false when there is none. *r: 0 or a negative fault. */
bool pages_end(struct feeds *feeds, int64_t now, int *r);
int pages_start_robots(struct feeds *feeds, struct host *host);
int pages_take_robots(struct feeds *feeds, struct host *host, const struct web_answer *answer, int64_t now);

#endif
