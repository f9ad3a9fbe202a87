/*
 * `follow: page`: the pages that a feed's items link to. Each item is written down (page_book.h) with the mark that it
 * was seen; its page is fetched when its site's turn comes and its robots.txt allows it; then both go on as one record.
 * An item whose page can't be had goes on as the feed gave it, and the log says why: nothing is lost for a page. What
 * is refused for good (forbidden, not there, no HTML, too large, not public) is asked once; what may be better later, a
 * few times.
 */
#include "address.h"
#include "feeds.h"
#include "split.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PAGES_MOST = 16384, /* that wait; while there are so many, no feed is asked whose pages are followed */
    COPIES = 32 << 20,  /* bytes of the entries that one answer may have written down */
    HEADS = 16 << 10,   /* bytes of the heads of both at most */
    HOPS = 5,
    TRIES = 3,
    AGAIN_MS = 60000,          /* until the second try; four times as long until the third */
    AGAIN_MOST_MS = 900000,    /* a site that asks for more patience than this gets the item out without its page */
    DELAY_MOST_MS = 30000,     /* of Crawl-delay that is kept to */
    HOSTS_KEPT = 4096,         /* sites without feeds or pages that are remembered */
    RULES_KEPT = 32 << 20,     /* bytes of their robots.txt */
    SILENT_MS = 180000,        /* a robots.txt that can't be had forbids all for so long (RFC 9309, 2.3.1.4) */
    TOLD_MS = 24 * 3600 * 1000 /* it is believed for so long (2.4) */
};

/* ---- the pages there are */

static int by_address(const void *key, const void *feed)
{
    return strcmp(key, ((const struct feed *)feed)->url);
}

/* 0, ADDRESS_NONE, or a negative fault. */
static int add(struct feeds *feeds, const struct page_row *row, struct feed *feed, int64_t now)
{
    struct page *page = nw_calloc(1, sizeof *page);
    int r = -ENOMEM;

    if (page && (page->url = nw_malloc(row->url.n + 1)) != NULL) {
        snprintf(page->url, row->url.n + 1, "%.*s", NW_FMT(row->url));
        r = queue_host(&feeds->queue, page->url, &page->errand.host);
    }
    if (r != 0) {
        nw_free(page ? page->url : NULL);
        nw_free(page);
        return r == -ENOMEM ? nw_fault(r) : r;
    }
    page->errand.kind = ERRAND_PAGE;
    page->errand.due_ms = now;
    page->id = row->id;
    page->feed = feed;
    page->next = feeds->first_page;
    if (page->next)
        page->next->before = page;
    feeds->first_page = page;
    feeds->pages++;
    if (feed)
        feed->pages++;
    queue_push(&feeds->queue, &page->errand);
    return 0;
}

static void drop(struct feeds *feeds, struct page *page)
{
    *(page->before ? &page->before->next : &feeds->first_page) = page->next;
    if (page->next)
        page->next->before = page->before;
    nw_free(page->url);
    nw_free(page);
}

bool pages_hold(const struct feeds *feeds, const struct feed *feed)
{
    return feed->follow && (feed->pages >= PAGES_OF_FEED || feeds->pages >= PAGES_MOST);
}

static void let_go(struct feeds *feeds, struct feed *feed, int64_t now)
{
    if (!feed->held || feed->pages > PAGES_OF_FEED / 2 || feeds->pages > PAGES_MOST / 2)
        return;
    feed->held = false;
    feed->errand.due_ms = now;
    queue_push(&feeds->queue, &feed->errand);
}

/* The page's item goes on, with it or (body.n 0) as the feed gave it. */
static int land(struct feeds *feeds, struct page *page, struct nw_str type, struct nw_str body, int64_t now)
{
    struct page_row row;
    int r = page_book_get(feeds->page_book, page->id, &row);

    if (r == 0 && body.n > 0 && body.n + row.entry.n < ITEM_MAX - HEADS)
        r = spool_add_page(&feeds->spooled, &(struct spool_page){nw_str_z(page->url), type, body, row.type, row.entry});
    else if (r == 0)
        r = spool_add(&feeds->spooled, row.feed, row.type, row.entry);
    if (r == 0)
        r = page_book_drop(feeds->page_book, page->id);
    if (r < 0)
        return r;
    queue_leave(&feeds->queue, page->errand.host);
    feeds->pages--;
    if (page->feed) {
        page->feed->pages--;
        let_go(feeds, page->feed, now);
    }
    for (size_t i = 0; feeds->pages == PAGES_MOST / 2 && i < feeds->count; i++)
        let_go(feeds, &feeds->feeds[i], now);
    drop(feeds, page);
    return 0;
}

/* The page can't be had: `why` is set. Its item goes on with the next answers. */
static void end(struct feeds *feeds, struct page *page)
{
    nw_info("%s: %s; the article goes on as its feed gave it", page->url, page->why);
    page->errand.next = feeds->ended;
    feeds->ended = &page->errand;
}

bool pages_end(struct feeds *feeds, int64_t now, int *r)
{
    struct errand *errand = feeds->ended;

    if (!errand)
        return false;
    feeds->ended = errand->next;
    *r = land(feeds, (struct page *)(void *)errand, nw_str("", 0), nw_str("", 0), now);
    return true;
}

/* It may be better later: `why` is set. retry_ms: how long the site wants to be left alone; -1 for unknown. */
static void again(struct feeds *feeds, struct page *page, int64_t retry_ms, int64_t now)
{
    int64_t pause = AGAIN_MS;

    for (unsigned i = 0; i < page->tries; i++)
        pause *= 4;
    if (++page->tries >= TRIES || retry_ms > AGAIN_MOST_MS) {
        end(feeds, page);
        return;
    }
    page->errand.due_ms = now + (retry_ms > pause ? retry_ms : pause);
    page->errand.in_turn = false;
    queue_push(&feeds->queue, &page->errand);
}

int pages_open(struct feeds *feeds, char why[NW_WHY])
{
    struct page_row row = {.id = 0};
    int r = page_book_open(feeds->source.commons->ledger, &feeds->page_book, why);

    if (r != 0)
        return r < 0 ? r : SOURCE_COMPLAINT;
    robots_agent(nw_conf_str(feeds->conf, "user_agent").p, feeds->agent);
    while ((r = page_book_next(feeds->page_book, feeds->source.key, row.id, &row)) == 0) {
        struct feed *feed = bsearch(row.feed.p, feeds->feeds, feeds->count, sizeof *feeds->feeds, by_address);
        r = add(feeds, &row, feed, 0);
        if (r != 0)
            return r < 0 ? r : nw_fault(-EINVAL);
    }
    return r == LEDGER_NONE ? 0 : r;
}

void pages_close(struct feeds *feeds)
{
    while (feeds->first_page)
        drop(feeds, feeds->first_page);
    page_book_close(&feeds->page_book);
}

/* ---- from items to pages */

/* Where the item links to. 0, ADDRESS_NONE, or -ENOMEM. */
static int page_of(const struct feed_scan *scan, const struct feed_item *item, const char *base, char url[ADDRESS_MAX])
{
    struct nw_buf link;
    int r;

    nw_buf_init(&link, 4 * FEED_FIELD);
    r = feed_link(scan, item, &link) < 0 ? nw_fault(link.error) : address_follow(base, nw_buf_view(&link), url);
    nw_buf_free(&link);
    return r;
}

int pages_add(struct feeds *feeds, struct feed *feed, const struct feed_scan *scan, const char *base,
              const struct web_answer *answer, bool *keep, unsigned *n, int64_t now)
{
    size_t count = feed_count(scan), copied = 0;
    bool *one = nw_calloc(count + 1, sizeof *one);
    char url[ADDRESS_MAX];
    struct nw_buf copy;
    int r = one ? 0 : nw_fault(-ENOMEM);

    nw_buf_init(&copy, 2 * answer->body.n + 4096);
    for (size_t i = 0; i < count && r == 0 && feed->pages < PAGES_OF_FEED && copied < COPIES; i++) {
        struct page_row row = {.feed = nw_str_z(feed->url), .type = answer->type};
        if (!keep[i])
            continue;
        r = page_of(scan, feed_item(scan, i), base, url);
        if (r == ADDRESS_NONE) {
            r = 0;
            continue;
        }
        one[i] = true;
        nw_buf_clear(&copy);
        if (r == 0)
            r = feed_copy(scan, answer->body, one, &copy);
        one[i] = false;
        row.url = nw_str_z(url);
        row.entry = nw_buf_view(&copy);
        if (r == 0)
            r = page_book_add(feeds->page_book, feeds->source.key, &row);
        if (r == 0)
            r = add(feeds, &row, feed, now);
        copied += copy.n;
        keep[i] = false;
        --*n;
    }
    if (r == 0 && *n > 0 && (feed->pages >= PAGES_OF_FEED || copied >= COPIES))
        feeds_complain(feeds, feed->url, "so many pages of it wait that its other new articles go on as it gave them");
    nw_buf_free(&copy);
    nw_free(one);
    return r;
}

/* ---- asking */

int pages_start(struct feeds *feeds, struct page *page, int64_t now)
{
    struct host *host = page->errand.host;
    int64_t gap = feeds->host_gap_ms;
    char path[ADDRESS_MAX];
    bool allowed = false;
    int r = 0;

    host->used_ms = now;
    if (host->state == HOST_UNKNOWN || now >= host->until_ms) {
        if (!host->asking) {
            host->asking = true;
            host->errand.due_ms = now;
            queue_push(&feeds->queue, &host->errand);
        }
        queue_wait(&page->errand);
        return 0;
    }
    if (host->state == HOST_SILENT) {
        snprintf(page->why, sizeof page->why, "the robots.txt of its site can't be had");
        again(feeds, page, -1, now);
        return 0;
    }
    if (address_path(page->url, path) == 0)
        r = robots_allow(&host->robots, nw_str_z(path), &allowed);
    if (r == 0 && !allowed) {
        snprintf(page->why, sizeof page->why, "the robots.txt of its site forbids it");
        end(feeds, page);
        return 0;
    }
    if (r == 0 && host->busy >= feeds->host_transfers) {
        queue_wait(&page->errand);
        return 0;
    }
    if (host->robots.delay_ms > gap)
        gap = host->robots.delay_ms < DELAY_MOST_MS ? host->robots.delay_ms : DELAY_MOST_MS;
    if (r < 0 || !queue_turn(&feeds->queue, &page->errand, gap, now))
        return r;
    host->busy++;
    return web_start(feeds->web, &(struct web_request){.url = page->url,
                                                       .accept = "text/html, application/xhtml+xml;q=0.9",
                                                       .html = true,
                                                       .allow_private = feeds->allow_private,
                                                       .user = &page->errand});
}

/* Where a redirect leads, other turns and another robots.txt may hold. */
static int move(struct feeds *feeds, struct page *page, const struct web_answer *answer, int64_t now)
{
    char url[ADDRESS_MAX], *copy;
    struct host *host;
    int r;

    if (!answer->redirect || ++page->hops > HOPS ||
        address_follow(page->url, nw_str_z(answer->redirect), url) == ADDRESS_NONE) {
        snprintf(page->why, sizeof page->why, "HTTP %ld leads %s", answer->status,
                 page->hops > HOPS ? "on and on" : "to no page of the web");
        end(feeds, page);
        return 0;
    }
    r = queue_host(&feeds->queue, url, &host);
    if (r != 0)
        return r < 0 ? r : nw_fault(-EINVAL);
    copy = nw_realloc(page->url, strlen(url) + 1);
    if (!copy)
        return nw_fault(-ENOMEM);
    page->url = copy;
    snprintf(page->url, strlen(url) + 1, "%s", url);
    queue_leave(&feeds->queue, page->errand.host);
    page->errand.host = host;
    page->errand.due_ms = now;
    queue_push(&feeds->queue, &page->errand);
    return 0;
}

int pages_take(struct feeds *feeds, struct page *page, const struct web_answer *answer, int64_t now)
{
    struct host *host = page->errand.host;
    bool later = answer->status == 0 ? !answer->refused : answer->status == 429 || answer->status >= 500;

    host->busy--;
    queue_wake(&feeds->queue, host, now);
    if (answer->status >= 301 && answer->status <= 308 && answer->status != 304)
        return move(feeds, page, answer, now);
    if (answer->status == 200 && answer->body.n > 0 && web_is_html(answer->type))
        return land(feeds, page, answer->type, answer->body, now);
    if (answer->status == 0)
        snprintf(page->why, sizeof page->why, "%s", answer->why);
    else if (answer->status == 200)
        snprintf(page->why, sizeof page->why, "is empty");
    else
        snprintf(page->why, sizeof page->why, "the server says HTTP %ld", answer->status);
    if (later)
        again(feeds, page, answer->retry_after_ms, now);
    else
        end(feeds, page);
    return 0;
}

/* ---- robots.txt */

static int ask_robots(struct feeds *feeds, struct host *host, const char *url)
{
    return web_start(feeds->web, &(struct web_request){.url = url,
                                                       .accept = "text/plain",
                                                       .most = ROBOTS_BYTES,
                                                       .cut = true,
                                                       .allow_private = feeds->allow_private,
                                                       .user = &host->errand});
}

int pages_start_robots(struct feeds *feeds, struct host *host)
{
    char url[ADDRESS_MAX + 16];

    snprintf(url, sizeof url, "%s/robots.txt", host->origin);
    host->hops = 0;
    host->busy++;
    return ask_robots(feeds, host, url);
}

int pages_take_robots(struct feeds *feeds, struct host *host, const struct web_answer *answer, int64_t now)
{
    long status = answer->status;
    bool silent = status == 0 ? !answer->refused : status == 429 || status >= 500;
    int r = 0;

    /* Where the redirect leads has no say in whose rules these are (2.3.1.2). */
    if (status >= 301 && status <= 308 && answer->redirect && ++host->hops <= HOPS)
        return ask_robots(feeds, host, answer->redirect);
    host->asking = false;
    host->busy--;
    host->until_ms = now + (silent ? SILENT_MS : TOLD_MS);
    if (silent) /* what it said before goes on being true, if it ever said something */
        host->state = host->state == HOST_TOLD ? HOST_TOLD : HOST_SILENT;
    else
        host->state = HOST_TOLD;
    if (!silent) /* no file, or none that may be had: all is allowed. What the guard refuses, it will refuse again. */
        r = queue_robots(&feeds->queue, host, status == 200 ? answer->body : nw_str("", 0), feeds->agent);
    queue_wake(&feeds->queue, host, now);
    queue_forget(&feeds->queue, feeds->count + HOSTS_KEPT, RULES_KEPT);
    return r;
}
