/*
 * Any bytes are looked through as a feed. The items found stand in order within it; a copy without some of them has the
 * others, and no other; links are read without harm. The first two bytes choose which are kept.
 */
#include "fetch/feed_scan.h"

#include <stdint.h>
#include <stdlib.h>

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void check_items(const struct feed_scan *scan, struct nw_str feed)
{
    size_t end = 0;

    for (size_t i = 0; i < feed_count(scan); i++) {
        const struct feed_item *item = feed_item(scan, i);
        struct nw_buf link;

        demand(item->from >= end && item->from < item->to && item->to <= feed.n);
        end = item->to;
        demand(item->known_by[KNOWN_BY_BYTES] != 0 && !item->shared[KNOWN_BY_BYTES]);
        nw_buf_init(&link, 4 * FEED_FIELD);
        demand(feed_link(scan, item, &link) == 0 && link.n <= item->link.n);
        nw_buf_free(&link);
    }
}

static void check_copy(const struct feed_scan *scan, struct nw_str feed, unsigned choice)
{
    size_t count = feed_count(scan), kept = 0, k = 0;
    bool *keep = calloc(count + 1, sizeof *keep);
    struct feed_scan again;
    struct nw_buf copy;

    demand(keep != NULL);
    for (size_t i = 0; i < count; i++)
        kept += keep[i] = choice >> i % 16 & 1;
    nw_buf_init(&copy, 2 * feed.n + 4096);
    demand(feed_copy(scan, feed, keep, &copy) == 0);
    feed_scan_init(&again);
    demand(feed_scan(&again, nw_buf_view(&copy)) == 0);
    if (scan->whole) { /* of one that is not, the end is made, and what was open stays open */
        demand(again.kind == scan->kind && feed_count(&again) == kept);
        for (size_t i = 0; i < count; i++)
            demand(!keep[i] || memcmp(feed_item(scan, i)->known_by, feed_item(&again, k++)->known_by,
                                      sizeof feed_item(scan, i)->known_by) == 0);
    }
    feed_scan_free(&again);
    nw_buf_free(&copy);
    free(keep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct feed_scan scan;
    struct nw_str feed;

    if (size < 2)
        return 0;
    feed = nw_str((const char *)data + 2, size - 2);
    feed_scan_init(&scan);
    demand(feed_scan(&scan, feed) == 0);
    if (scan.kind != FEED_NONE) {
        check_items(&scan, feed);
        check_copy(&scan, feed, data[0] | (unsigned)data[1] << 8);
    }
    feed_scan_free(&scan);
    return 0;
}
