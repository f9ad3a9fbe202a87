/*
 * Where the items of a feed stand: RSS 0.9x, 1.0, 2.0, Atom, JSON Feed. Enough to know an item again, and to leave out
 * of a copy of the feed those that are known; what an item says is clean's matter. For encodings in which `<` is one
 * byte.
 */
#ifndef FETCH_FEED_SCAN_H
#define FETCH_FEED_SCAN_H

#include <newswire/buf.h>

#include <stdint.h>

enum { FEED_ITEMS = 10000 /* of one feed; those behind them are left out */ };

enum feed_kind { FEED_NONE, FEED_XML, FEED_JSON };

struct feed_item {
    size_t from, to;   /* its bytes, with its tags; of a JSON Feed: its place in the list, twice */
    uint64_t identity; /* of its guid or id; else of its link; else of all its bytes */
};

struct feed_scan {
    enum feed_kind kind;
    struct nw_buf items; /* of struct feed_item */
    int64_t pause_ms;    /* what the feed asks for between two polls (ttl, sy:updatePeriod); 0: nothing */
    bool cut;            /* there were more than FEED_ITEMS */
    bool whole;          /* it ends where its outermost element does; a cut transfer with a wrong length does not */
    struct nw_str root;  /* of XML: the name of that element, as it stands in the feed */
    void *json;          /* of a JSON Feed */
};

void feed_scan_init(struct feed_scan *scan);
void feed_scan_free(struct feed_scan *scan);

/* Looks through a whole feed. scan->kind is FEED_NONE where it is none. 0 or -ENOMEM. */
int feed_scan(struct feed_scan *scan, struct nw_str feed);

size_t feed_count(const struct feed_scan *scan);
const struct feed_item *feed_item(const struct feed_scan *scan, size_t i);

/* Appends the feed without the items that are not to be kept. Of one that is not whole or has too many items, what is
 * behind the last item known is left out, so that no half of an article comes out, and its end is made. 0 or
 * out->error. */
int feed_copy(const struct feed_scan *scan, struct nw_str feed, const bool *keep, struct nw_buf *out);

#endif
