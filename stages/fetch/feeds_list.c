/* Which feeds there are: addresses of the config and of OPML files, each once; the hosts they share; the heap of what
 * is due next. */
#include "feeds.h"
#include "opml.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FEEDS_MAX = 1000000, FEEDS_LEAST = 64 };

static int add(void *user, struct nw_str url)
{
    struct feeds *feeds = user;
    struct feed *feed;

    if (feeds->count == FEEDS_MAX)
        return 0;
    if (feeds->count == feeds->room) {
        size_t room = feeds->room ? feeds->room * 2 : FEEDS_LEAST;
        struct feed *grown = nw_realloc(feeds->feeds, room * sizeof *grown);
        if (!grown)
            return nw_fault(-ENOMEM);
        feeds->feeds = grown;
        feeds->room = room;
    }
    feed = &feeds->feeds[feeds->count];
    *feed = (struct feed){.url = nw_malloc(url.n + 1)};
    if (!feed->url)
        return nw_fault(-ENOMEM);
    memcpy(feed->url, url.p, url.n);
    feed->url[url.n] = '\0';
    feeds->count++;
    return 0;
}

static int by_url(const void *a, const void *b)
{
    return strcmp(((const struct feed *)a)->url, ((const struct feed *)b)->url);
}

static void drop_doubles(struct feeds *feeds)
{
    size_t kept = 0;

    if (feeds->count > 0)
        qsort(feeds->feeds, feeds->count, sizeof *feeds->feeds, by_url);
    for (size_t i = 0; i < feeds->count; i++) {
        if (kept > 0 && strcmp(feeds->feeds[kept - 1].url, feeds->feeds[i].url) == 0)
            nw_free(feeds->feeds[i].url);
        else
            feeds->feeds[kept++] = feeds->feeds[i];
    }
    feeds->count = kept;
}

/* "news.example:8080" of an address. */
static struct nw_str host_of(const char *url)
{
    const char *at = strstr(url, "://");

    at = at ? at + 3 : url;
    return nw_str(at, strcspn(at, "/?#"));
}

/* In the order of addresses those of one host and scheme stand together. */
static int find_hosts(struct feeds *feeds)
{
    feeds->hosts = nw_calloc(feeds->count + 1, sizeof *feeds->hosts);
    if (!feeds->hosts)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < feeds->count; i++) {
        struct nw_str name = host_of(feeds->feeds[i].url);
        struct host *last = feeds->host_count ? &feeds->hosts[feeds->host_count - 1] : NULL;
        if (!last || !nw_str_eq(nw_str_z(last->name), name)) {
            last = &feeds->hosts[feeds->host_count];
            last->name = nw_malloc(name.n + 1);
            if (!last->name)
                return nw_fault(-ENOMEM);
            memcpy(last->name, name.p, name.n);
            last->name[name.n] = '\0';
            feeds->host_count++;
        }
        feeds->feeds[i].host = feeds->host_count - 1;
    }
    return 0;
}

static int find_places(struct feeds *feeds)
{
    struct feed_row row;
    int r = ledger_begin(feeds->source.commons->ledger);

    feeds->heap = nw_calloc(feeds->count + 1, sizeof *feeds->heap);
    if (!feeds->heap)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < feeds->count && r == 0; i++) {
        struct feed *feed = &feeds->feeds[i];
        r = feed_book_find(feeds->book, feeds->source.key, nw_str_z(feed->url), &row);
        feed->id = row.id;
        feed->due_ms = row.paused ? INT64_MAX : row.wanted ? 0 : row.due_ms;
        feeds_heap_push(feeds, i);
    }
    return r == 0 ? ledger_commit(feeds->source.commons->ledger) : r;
}

static int check(const struct feeds *feeds, char why[NW_WHY])
{
    for (size_t i = 0; i < feeds->count; i++) {
        const char *url = feeds->feeds[i].url;
        if ((strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0) && strlen(url) < FEED_TEXT)
            continue;
        snprintf(why, NW_WHY, "\"%.100s\" is no address of a feed; expected http:// or https:// and at most %d bytes",
                 url, FEED_TEXT - 1);
        return SOURCE_COMPLAINT;
    }
    if (feeds->count > 0)
        return 0;
    snprintf(why, NW_WHY, "a source of kind feeds needs `urls`, or `opml` with feeds in it");
    return SOURCE_COMPLAINT;
}

int feeds_list(struct feeds *feeds, char why[NW_WHY])
{
    struct nw_str opml = nw_conf_str(feeds->conf, "opml");
    int r = 0;

    for (size_t i = 0; i < nw_conf_count(feeds->conf, "urls") && r == 0; i++)
        r = add(feeds, nw_conf_str_at(feeds->conf, "urls", i));
    if (r == 0 && opml.n > 0)
        r = opml_read(opml.p, add, feeds, why);
    if (r != 0)
        return r;
    drop_doubles(feeds);
    r = check(feeds, why);
    if (r == 0)
        r = find_hosts(feeds);
    return r == 0 ? find_places(feeds) : r;
}

void feeds_list_free(struct feeds *feeds)
{
    for (size_t i = 0; i < feeds->count; i++)
        nw_free(feeds->feeds[i].url);
    for (size_t i = 0; i < feeds->host_count; i++)
        nw_free(feeds->hosts[i].name);
    nw_free(feeds->feeds);
    nw_free(feeds->hosts);
    nw_free(feeds->heap);
}

/* ---- the heap */

static bool sooner(const struct feeds *feeds, size_t a, size_t b)
{
    return feeds->feeds[feeds->heap[a]].due_ms < feeds->feeds[feeds->heap[b]].due_ms;
}

static void swap(struct feeds *feeds, size_t a, size_t b)
{
    size_t kept = feeds->heap[a];

    feeds->heap[a] = feeds->heap[b];
    feeds->heap[b] = kept;
}

void feeds_heap_push(struct feeds *feeds, size_t feed)
{
    size_t at = feeds->heap_count++;

    feeds->heap[at] = feed;
    for (; at > 0 && sooner(feeds, at, (at - 1) / 2); at = (at - 1) / 2)
        swap(feeds, at, (at - 1) / 2);
}

size_t feeds_heap_pop(struct feeds *feeds)
{
    size_t feed = feeds->heap[0];

    feeds->heap[0] = feeds->heap[--feeds->heap_count];
    for (size_t at = 0, least = 0;; at = least) {
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < feeds->heap_count; child++)
            least = sooner(feeds, child, least) ? child : least;
        if (least == at)
            return feed;
        swap(feeds, at, least);
    }
}
