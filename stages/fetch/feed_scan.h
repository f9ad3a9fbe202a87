/*
 * Where the items of a feed stand: RSS 0.9x, 1.0, 2.0, Atom, JSON Feed. Enough to know an item again, to find the page
 * that it links to, and to leave out of a copy of the feed those that are known; what an item says is clean's matter.
 * For encodings in which `<` is one byte.
 */
#ifndef FETCH_FEED_SCAN_H
#define FETCH_FEED_SCAN_H

#include <newswire/buf.h>

#include <stdint.h>

enum {
    FEED_ITEMS = 10000, /* of one feed; those behind them are left out */
    FEED_FIELD = 4096,  /* bytes of an id or link that are looked at */
};

enum feed_kind { FEED_NONE, FEED_XML, FEED_JSON };

/* By what an item may be known again, the best first. */
enum feed_known { KNOWN_BY_ID, KNOWN_BY_LINK, KNOWN_BY_BYTES, KNOWN_WAYS };

struct feed_item {
    size_t from, to;               /* its bytes, with its tags or braces */
    uint64_t known_by[KNOWN_WAYS]; /* hashes of guid or id, of link, of all its bytes; 0: it has none */
    bool shared[KNOWN_WAYS];       /* other items of this feed that are not the same have it too: it tells none apart */
    struct nw_str link;            /* as it stands in the feed: feed_link reads it */
};

struct feed_scan {
    enum feed_kind kind;
    struct nw_buf items; /* of struct feed_item */
    int64_t pause_ms;    /* what the feed asks for between two polls (ttl, sy:updatePeriod); 0: nothing */
    bool cut;            /* there were more than FEED_ITEMS */
    bool whole;          /* it ends where its outermost element does; a cut transfer with a wrong length does not */
    struct nw_str root;  /* of XML: the name of that element, as it stands in the feed */
    size_t rest;         /* of JSON: where the list of items ends, or begins where it has no end */
};

void feed_scan_init(struct feed_scan *scan);
void feed_scan_free(struct feed_scan *scan);

/* Looks through a whole feed, which must live as long as the scan is used. scan->kind is FEED_NONE where it is none. 0
 * or -ENOMEM. */
int feed_scan(struct feed_scan *scan, struct nw_str feed);

size_t feed_count(const struct feed_scan *scan);
const struct feed_item *feed_item(const struct feed_scan *scan, size_t i);

/* Appends the item's link, without XML's references or JSON's escapes; nothing where it has none. 0 or out->error. */
int feed_link(const struct feed_scan *scan, const struct feed_item *item, struct nw_buf *out);

/* Appends the feed without the items that are not to be kept. Of one that is not whole or has too many items, what is
 * behind the last item known is left out, so that no half of an article comes out, and its end is made. 0 or
 * out->error. */
int feed_copy(const struct feed_scan *scan, struct nw_str feed, const bool *keep, struct nw_buf *out);

/* For the two scanners: feed_scan.c (XML) and feed_json.c. */
int feed_add(struct feed_scan *scan, struct nw_str feed, const struct feed_item *item, struct nw_str id);
int feed_scan_json(struct feed_scan *scan, struct nw_str feed);
int feed_copy_json(const struct feed_scan *scan, struct nw_str feed, const bool *keep, struct nw_buf *out);
int feed_text_json(struct nw_str string, struct nw_buf *out); /* appends what the inside of a JSON string says */

#endif
