/*
 * What the things are called that tallies know by their keys: names, addresses, and the headline of the newest article
 * about each. The newest THINGS are kept, by when each was last mentioned; one that is let go of has its name again
 * with its next mention.
 */
#ifndef TRENDS_THINGS_H
#define TRENDS_THINGS_H

#include "trends/mentions.h"

enum {
    THINGS = 65536,
    THING_NAME = 96, /* bytes, with the NUL; what is longer is cut */
    THING_URI = 160, /* with the NUL; a longer one is left out */
    THING_HEADLINE = 128,
};

struct thing {
    uint64_t key;
    struct thing *next;          /* in its bucket */
    struct thing *newer, *older; /* by last mention */
    uint64_t example;            /* oseq of the newest article about it; 0: none, or it was taken back */
    uint64_t killed;             /* hash of the headline by which a story is not called any more; 0: none */
    enum nw_trend_kind kind;
    char name[THING_NAME], uri[THING_URI], headline[THING_HEADLINE];
};

struct things;

int things_new(struct things **things); /* 0 or -ENOMEM */
void things_free(struct things **things);

/* Article `oseq` of this headline mentions it. 0 or -ENOMEM. */
int things_see(struct things *things, const struct mention *mention, uint64_t oseq, struct nw_str headline);

/* Article `oseq` of this headline was taken back: it is no example any more, and its headline names no story. */
void things_forget(struct things *things, const struct mention *mention, uint64_t oseq, struct nw_str headline);

const struct thing *things_find(const struct things *things, uint64_t key); /* NULL: let go of */

#endif
