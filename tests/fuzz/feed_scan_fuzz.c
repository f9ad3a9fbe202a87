/*
 * Feeds, as servers send them. The first byte says which items are kept of the copy. Whatever the bytes: items stand
 * one behind the other within the feed, the same bytes give the same items, and the copy of a whole feed is a feed that
 * has the items that were kept, known by what they were known by, and no other.
 */
#include "fetch/feed_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { COPY_MAX = 4 << 20 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void scan_exactly(struct feed_scan *scan, struct nw_str feed)
{
    struct nw_buf link;
    size_t end = 0;

    feed_scan_init(scan);
    demand(feed_scan(scan, feed) == 0);
    demand(feed_count(scan) <= FEED_ITEMS && scan->pause_ms >= 0);
    for (size_t i = 0; i < feed_count(scan); i++) {
        const struct feed_item *item = feed_item(scan, i);
        demand(item->from >= end && item->to > item->from && item->to <= feed.n);
        end = item->to;
        nw_buf_init(&link, FEED_FIELD * 8);
        demand(feed_link(scan, item, &link) == 0);
        nw_buf_free(&link);
    }
}

static bool same(const struct feed_item *a, const struct feed_item *b)
{
    return memcmp(a->known_by, b->known_by, sizeof a->known_by) == 0;
}

static void copy(const struct feed_scan *scan, struct nw_str feed, unsigned mask)
{
    size_t count = feed_count(scan), kept = 0;
    bool *keep = calloc(count + 1, sizeof *keep);
    struct feed_scan again;
    struct nw_buf out;

    demand(keep != NULL);
    for (size_t i = 0; i < count; i++)
        keep[i] = mask >> i % 8 & 1;
    nw_buf_init(&out, COPY_MAX);
    demand(feed_copy(scan, feed, keep, &out) == 0);
    scan_exactly(&again, nw_buf_view(&out));
    /* Of one that is cut, the end is made; it need not fit what was open. */
    if (scan->whole && !scan->cut) {
        for (size_t i = 0; i < count; i++) {
            if (keep[i])
                demand(kept < feed_count(&again) && same(feed_item(&again, kept++), feed_item(scan, i)));
        }
        demand(kept == feed_count(&again));
    }
    feed_scan_free(&again);
    nw_buf_free(&out);
    free(keep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct feed_scan scan;
    char *exact;

    if (size < 1)
        return 0;
    exact = malloc(size); /* exact, so that a byte read behind the end is seen */
    demand(exact != NULL);
    memcpy(exact, data + 1, size - 1);
    exact = realloc(exact, size > 1 ? size - 1 : 1);
    demand(exact != NULL);
    scan_exactly(&scan, nw_str(exact, size - 1));
    if (scan.kind != FEED_NONE)
        copy(&scan, nw_str(exact, size - 1), data[0]);
    feed_scan_free(&scan);
    free(exact);
    return 0;
}
