/*
 * What is started when its time has come, and whose an answer is; of feeds, what it means. Errors are told when they
 * begin, and now and then while they last; a feed that has moved for good is asked at its new address from then on.
 */
#include "feed_scan.h"
#include "feeds.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum {
    HOPS = 5,
    TOLD_EVERY = 16, /* errors in a row */
    MOVED_TRIES = 8, /* and after so many its first address is asked again */
    TAKEN = 64,      /* answers of one batch */
    SPOOLED = 8 << 20,
    FORGET_DAYS = 30,
};

static const int64_t day_ms = 86400000;

/* ---- starting */

static const char feed_types[] = "application/rss+xml, application/atom+xml, application/feed+json, "
                                 "application/xml;q=0.9, text/html;q=0.8, */*;q=0.5";

static int ask(struct feeds *feeds, struct feed *feed, const struct feed_row *row)
{
    struct web_request request = {.url = feed->poll->url,
                                  .etag = row->etag,
                                  .modified = row->modified,
                                  .accept = feed_types,
                                  .allow_private = feeds->allow_private,
                                  .user = &feed->errand};

    return web_start(feeds->web, &request);
}

static int start(struct feeds *feeds, struct feed *feed)
{
    struct feed_row row;
    int r = feed_book_find(feeds->book, feeds->source.key, nw_str_z(feed->url), &row);

    if (r < 0)
        return r;
    feed->poll = nw_calloc(1, sizeof *feed->poll);
    if (!feed->poll)
        return nw_fault(-ENOMEM);
    feed->poll->moved = true;
    snprintf(feed->poll->url, sizeof feed->poll->url, "%s", row.moved[0] ? row.moved : feed->url);
    feeds->polling++;
    feed->errand.host->busy++;
    return ask(feeds, feed, &row);
}

int64_t feeds_due(const struct feeds *feeds)
{
    return queue_due(&feeds->queue);
}

/* An errand whose time has come: started, or put where it waits for what it lacks. */
static int start_errand(struct feeds *feeds, struct errand *errand, int64_t now)
{
    switch (errand->kind) {
    case ERRAND_FEED: {
        struct feed *feed = (struct feed *)(void *)errand;
        feed->held = pages_hold(feeds, feed);
        if (feed->held)
            return 0;
        if (errand->host->busy >= feeds->host_transfers) {
            queue_wait(errand);
            return 0;
        }
        return queue_turn(&feeds->queue, errand, feeds->host_gap_ms, now) ? start(feeds, feed) : 0;
    }
    case ERRAND_PAGE:
        return pages_start(feeds, (struct page *)(void *)errand, now);
    case ERRAND_ROBOTS:
        return queue_turn(&feeds->queue, errand, feeds->host_gap_ms, now) ? pages_start_robots(feeds, errand->host) : 0;
    }
    return nw_fault(-EINVAL);
}

int feeds_start(struct feeds *feeds, int64_t now)
{
    int r = 0;

    while (r == 0 && web_has_room(feeds->web) && feeds_due(feeds) <= now)
        r = start_errand(feeds, queue_pop(&feeds->queue), now);
    return r;
}

/* ---- what an answer means */

void feeds_complain(struct feeds *feeds, const char *url, const char *why)
{
    size_t before = feeds->complaint.n;

    if (nw_buf_printf(&feeds->complaint, "%s\n%s\n", url, why) <
        0) { /* so many wait already that one more says little */
        feeds->complaint.n = before;
        feeds->complaint.error = 0;
    }
}

static void poll_failed(struct feeds *feeds, struct feed_row *row, const struct feed *feed, int64_t retry_ms,
                        int64_t now)
{
    int64_t pause;

    if (row->pace.errors % TOLD_EVERY == 0)
        feeds_complain(feeds, feed->url, row->why);
    if (row->pace.errors % MOVED_TRIES == MOVED_TRIES - 1)
        row->moved[0] = '\0';
    feed_pace_error(&row->pace, &feeds->limits, retry_ms, nw_hash64(nw_str_z(feed->poll->url), (uint64_t)now), &pause);
    row->due_ms = now + pause;
}

static void poll_succeeded(struct feeds *feeds, struct feed_row *row, const struct feed *feed, unsigned items,
                           int64_t asked_ms, int64_t now)
{
    int64_t pause;

    if (row->pace.errors > 0)
        nw_info("%s answers again", feed->url);
    /* Only an address that has a feed is moved to. */
    if (feed->poll->hops > 0 && feed->poll->moved)
        snprintf(row->moved, sizeof row->moved, "%s", feed->poll->url);
    feed_pace_answer(&row->pace, &feeds->limits, now, items, asked_ms, &pause);
    row->due_ms = now + pause;
    row->why[0] = '\0';
}

/* Takes the new items of a feed into the batch, or into the book of pages. *n: how many. */
static int take_items(struct feeds *feeds, const struct feed_scan *scan, struct feed_row *row, struct feed *feed,
                      const struct web_answer *answer, int64_t now, unsigned *n)
{
    size_t count = feed_count(scan);
    unsigned whole = 0; /* items that go on as the feed gives them */
    bool *keep = nw_calloc(count + 1, sizeof *keep);
    struct nw_buf copy;
    int r = 0;

    *n = 0;
    if (!keep)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < count && r == 0; i++) {
        r = feed_book_see(feeds->book, row->id, feed_item(scan, i), now, &keep[i]);
        *n += keep[i];
    }
    nw_buf_init(&copy, 2 * answer->body.n + 4096);
    whole = *n;
    if (r == 0 && *n > 0 && feed->follow)
        r = pages_add(feeds, feed, scan, feed->poll->url, answer, keep, &whole, now);
    if (r == 0 && whole > 0)
        r = feed_copy(scan, answer->body, keep, &copy);
    if (r == 0 && whole > 0)
        r = spool_add(&feeds->spooled, nw_str_z(feed->poll->url), answer->type, nw_buf_view(&copy));
    if (r == 0 && *n > 0)
        r = feed_book_forget(feeds->book, row->id, now - FORGET_DAYS * day_ms);
    nw_buf_free(&copy);
    nw_free(keep);
    return r;
}

static int take_feed(struct feeds *feeds, struct feed_row *row, struct feed *feed, const struct web_answer *answer,
                     int64_t now)
{
    struct feed_scan scan;
    unsigned n = 0;
    int r;

    feed_scan_init(&scan);
    r = feed_scan(&scan, answer->body);
    if (r == 0 && scan.kind == FEED_NONE) {
        snprintf(row->why, sizeof row->why,
                 "is no feed: expected RSS, Atom or JSON Feed, found %.*s; check the address",
                 NW_FMT(answer->type.n ? answer->type : NW_S("something else")));
        poll_failed(feeds, row, feed, -1, now);
    } else if (r == 0) {
        r = take_items(feeds, &scan, row, feed, answer, now, &n);
        if (r == 0 && !scan.whole) {
            /* Its validators would say that the rest is here too. */
            snprintf(row->why, sizeof row->why, "ends before its end; the whole articles in it were taken");
            row->pace.items += n;
            row->pace.last_item_ms = n ? now : row->pace.last_item_ms;
            poll_failed(feeds, row, feed, -1, now);
        } else if (r == 0) {
            snprintf(row->etag, sizeof row->etag, "%.*s", NW_FMT(answer->etag));
            snprintf(row->modified, sizeof row->modified, "%.*s", NW_FMT(answer->modified));
            poll_succeeded(feeds, row, feed, n, scan.pause_ms > answer->fresh_ms ? scan.pause_ms : answer->fresh_ms,
                           now);
        }
    }
    feed_scan_free(&scan);
    return r;
}

/* Follows a redirect. *gone: the poll is under way again. */
static int follow(struct feeds *feeds, struct feed_row *row, struct feed *feed, const struct web_answer *answer,
                  bool *gone)
{
    struct poll *poll = feed->poll;
    bool for_good = answer->status == 301 || answer->status == 308;

    *gone = false;
    if (!answer->redirect || strlen(answer->redirect) >= sizeof poll->url || ++poll->hops > HOPS) {
        snprintf(row->why, sizeof row->why, "HTTP %ld leads %s", answer->status,
                 poll->hops > HOPS ? "on and on; check the address" : "nowhere");
        return 0;
    }
    poll->moved = poll->moved && for_good;
    snprintf(poll->url, sizeof poll->url, "%s", answer->redirect);
    *gone = true;
    return ask(feeds, feed, row);
}

static int take(struct feeds *feeds, struct feed *feed, const struct web_answer *answer, int64_t now)
{
    struct feed_row row;
    bool gone = false;
    int r = feed_book_find(feeds->book, feeds->source.key, nw_str_z(feed->url), &row);

    if (r < 0)
        return r;
    row.why[0] = '\0';
    if (answer->status >= 301 && answer->status <= 308 && answer->status != 304) {
        r = follow(feeds, &row, feed, answer, &gone);
        if (r < 0 || gone)
            return r;
    }
    row.status = answer->status;
    row.polled_ms = now;
    if (answer->status == 200) {
        r = take_feed(feeds, &row, feed, answer, now);
    } else if (answer->status == 304) {
        poll_succeeded(feeds, &row, feed, 0, answer->fresh_ms, now);
    } else {
        if (!row.why[0] && answer->status == 0)
            snprintf(row.why, sizeof row.why, "%s", answer->why);
        else if (!row.why[0])
            snprintf(row.why, sizeof row.why, "the server says HTTP %ld; check the address", answer->status);
        poll_failed(feeds, &row, feed, answer->retry_after_ms, now);
    }
    if (r < 0)
        return r;
    if (feed_pace_is_quiet(&row.pace, &feeds->limits, now) != row.quiet) {
        row.quiet = !row.quiet;
        if (row.quiet)
            nw_warn("%s has gone quiet: nothing new for longer than its rhythm explains", feed->url);
        else
            nw_info("%s is not quiet any more", feed->url);
    }
    feeds_note_quiet(feed, &row);
    feed->errand.due_ms = row.paused ? INT64_MAX : row.due_ms;
    queue_push(&feeds->queue, &feed->errand);
    feed->errand.host->busy--;
    queue_wake(&feeds->queue, feed->errand.host, now);
    feeds->polling--;
    nw_free(feed->poll);
    feed->poll = NULL;
    return feed_book_put(feeds->book, &row);
}

static int take_errand(struct feeds *feeds, const struct web_answer *answer, int64_t now)
{
    struct errand *errand = answer->user;

    switch (errand->kind) {
    case ERRAND_FEED:
        return take(feeds, answer->user, answer, now);
    case ERRAND_PAGE:
        return pages_take(feeds, answer->user, answer, now);
    case ERRAND_ROBOTS:
        return pages_take_robots(feeds, answer->user, answer, now);
    }
    return nw_fault(-EINVAL);
}

int feeds_take(struct feeds *feeds, int64_t now, size_t *took)
{
    struct web_answer answer;
    int r = 0;

    *took = 0;
    while (r == 0 && *took < TAKEN && feeds->spooled.n < SPOOLED && pages_end(feeds, now, &r))
        ++*took;
    while (r == 0 && *took < TAKEN && feeds->spooled.n < SPOOLED) {
        r = web_step(feeds->web, &answer);
        if (r == WEB_NONE)
            return 0;
        if (r == 0)
            r = take_errand(feeds, &answer, now);
        ++*took;
    }
    return r;
}

/* ---- people */

int feeds_hear(struct feeds *feeds, int64_t now)
{
    size_t count = feeds->queue.n;
    bool changed, paused, wanted;
    int r = feed_book_changed(feeds->book, &changed);

    if (r < 0 || !changed)
        return r;
    /* Those under way are asked when they are back. The heap is built anew at its own place: what is pushed goes no
     * further than what was read. */
    queue_clear(&feeds->queue);
    for (size_t i = 0; i < count; i++) {
        struct errand *errand = feeds->queue.heap[i];
        if (r == 0 && errand->kind == ERRAND_FEED) {
            r = feed_book_wishes(feeds->book, ((struct feed *)(void *)errand)->id, &paused, &wanted);
            if (r == 0 && paused)
                errand->due_ms = INT64_MAX;
            else if (r == 0 && (wanted || errand->due_ms == INT64_MAX))
                errand->due_ms = now;
        }
        queue_push(&feeds->queue, errand);
    }
    return r;
}
