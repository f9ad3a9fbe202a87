/*
 * Polls of feeds: which are started, and what an answer means. Errors are told when they begin, and now and then while
 * they last; a feed that has moved for good is asked at its new address from then on.
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

static int ask(struct feeds *feeds, struct poll *poll, const struct feed_row *row)
{
    struct web_request request = {.url = poll->url, .allow_private = feeds->allow_private, .user = poll};
    int r;

    request.etag = row->etag;
    request.modified = row->modified;
    r = web_start(feeds->web, &request);
    if (r < 0)
        nw_free(poll);
    return r;
}

static int start(struct feeds *feeds, size_t index)
{
    const struct feed *feed = &feeds->feeds[index];
    struct poll *poll = nw_calloc(1, sizeof *poll);
    struct feed_row row;
    int r;

    if (!poll)
        return nw_fault(-ENOMEM);
    r = feed_book_find(feeds->book, feeds->source.key, nw_str_z(feed->url), &row);
    if (r < 0) {
        nw_free(poll);
        return r;
    }
    poll->feed = index;
    poll->moved = true;
    snprintf(poll->url, sizeof poll->url, "%s", row.moved[0] ? row.moved : feed->url);
    return ask(feeds, poll, &row);
}

int64_t feeds_due(const struct feeds *feeds)
{
    return feeds->heap_count > 0 ? feeds->feeds[feeds->heap[0]].due_ms : INT64_MAX;
}

int feeds_start(struct feeds *feeds, int64_t now)
{
    int r = 0;

    while (r == 0 && web_has_room(feeds->web) && feeds_due(feeds) <= now) {
        size_t index = feeds_heap_pop(feeds);
        struct feed *feed = &feeds->feeds[index];
        struct host *host = &feeds->hosts[feed->host];
        if (!feed->in_turn) {
            int64_t turn = host->next_ms > now ? host->next_ms : now;
            host->next_ms = turn + feeds->host_gap_ms;
            if (turn > now) {
                feed->due_ms = turn;
                feed->in_turn = true;
                feeds_heap_push(feeds, index);
                continue;
            }
        }
        feed->in_turn = false;
        r = start(feeds, index);
    }
    return r;
}

/* ---- what an answer means */

static void complain(struct feeds *feeds, const char *url, const char *why)
{
    size_t before = feeds->complaint.n;

    if (nw_buf_printf(&feeds->complaint, "%s\n%s\n", url, why) <
        0) { /* so many wait already that one more says little */
        feeds->complaint.n = before;
        feeds->complaint.error = 0;
    }
}

static void poll_failed(struct feeds *feeds, struct feed_row *row, const struct poll *poll, int64_t retry_ms,
                        int64_t now)
{
    int64_t pause;

    if (row->pace.errors % TOLD_EVERY == 0)
        complain(feeds, feeds->feeds[poll->feed].url, row->why);
    if (row->pace.errors % MOVED_TRIES == MOVED_TRIES - 1)
        row->moved[0] = '\0';
    feed_pace_error(&row->pace, &feeds->limits, retry_ms, nw_hash64(nw_str_z(poll->url), (uint64_t)now), &pause);
    row->due_ms = now + pause;
}

static void poll_succeeded(struct feeds *feeds, struct feed_row *row, const struct poll *poll, unsigned items,
                           int64_t asked_ms, int64_t now)
{
    int64_t pause;

    if (row->pace.errors > 0)
        nw_info("%s answers again", feeds->feeds[poll->feed].url);
    /* Only an address that has a feed is moved to. */
    if (poll->hops > 0 && poll->moved)
        snprintf(row->moved, sizeof row->moved, "%s", poll->url);
    feed_pace_answer(&row->pace, &feeds->limits, now, items, asked_ms, &pause);
    row->due_ms = now + pause;
    row->why[0] = '\0';
}

/* Takes the new items of a feed into the batch. *n: how many. */
static int take_items(struct feeds *feeds, const struct feed_scan *scan, struct feed_row *row, const struct poll *poll,
                      const struct web_answer *answer, int64_t now, unsigned *n)
{
    size_t count = feed_count(scan);
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
    if (r == 0 && *n > 0)
        r = feed_copy(scan, answer->body, keep, &copy);
    if (r == 0 && *n > 0)
        r = spool_add(&feeds->spooled, nw_str_z(poll->url), answer->type, nw_buf_view(&copy));
    if (r == 0 && *n > 0)
        r = feed_book_forget(feeds->book, row->id, now - FORGET_DAYS * day_ms);
    nw_buf_free(&copy);
    nw_free(keep);
    return r;
}

static int take_feed(struct feeds *feeds, struct feed_row *row, const struct poll *poll,
                     const struct web_answer *answer, int64_t now)
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
        poll_failed(feeds, row, poll, -1, now);
    } else if (r == 0) {
        r = take_items(feeds, &scan, row, poll, answer, now, &n);
        if (r == 0 && !scan.whole) {
            /* Its validators would say that the rest is here too. */
            snprintf(row->why, sizeof row->why, "ends before its end; the whole articles in it were taken");
            row->pace.items += n;
            row->pace.last_item_ms = n ? now : row->pace.last_item_ms;
            poll_failed(feeds, row, poll, -1, now);
        } else if (r == 0) {
            snprintf(row->etag, sizeof row->etag, "%.*s", NW_FMT(answer->etag));
            snprintf(row->modified, sizeof row->modified, "%.*s", NW_FMT(answer->modified));
            poll_succeeded(feeds, row, poll, n, scan.pause_ms > answer->fresh_ms ? scan.pause_ms : answer->fresh_ms,
                           now);
        }
    }
    feed_scan_free(&scan);
    return r;
}

/* Follows a redirect. *gone: the poll is under way again. */
static int follow(struct feeds *feeds, struct feed_row *row, struct poll *poll, const struct web_answer *answer,
                  bool *gone)
{
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
    return ask(feeds, poll, row);
}

static int take(struct feeds *feeds, struct poll *poll, const struct web_answer *answer, int64_t now)
{
    struct feed *feed = &feeds->feeds[poll->feed];
    struct feed_row row;
    bool gone = false;
    int r = feed_book_find(feeds->book, feeds->source.key, nw_str_z(feed->url), &row);

    if (r < 0)
        return r;
    row.why[0] = '\0';
    if (answer->status >= 301 && answer->status <= 308 && answer->status != 304) {
        r = follow(feeds, &row, poll, answer, &gone);
        if (r < 0 || gone)
            return r;
    }
    row.status = answer->status;
    row.polled_ms = now;
    if (answer->status == 200) {
        r = take_feed(feeds, &row, poll, answer, now);
    } else if (answer->status == 304) {
        poll_succeeded(feeds, &row, poll, 0, answer->fresh_ms, now);
    } else {
        if (!row.why[0] && answer->status == 0)
            snprintf(row.why, sizeof row.why, "%s", answer->why);
        else if (!row.why[0])
            snprintf(row.why, sizeof row.why, "the server says HTTP %ld; check the address", answer->status);
        poll_failed(feeds, &row, poll, answer->retry_after_ms, now);
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
    feed->due_ms = row.paused ? INT64_MAX : row.due_ms;
    feeds_heap_push(feeds, poll->feed);
    nw_free(poll);
    return feed_book_put(feeds->book, &row);
}

int feeds_take(struct feeds *feeds, int64_t now, size_t *took)
{
    struct web_answer answer;
    int r = 0;

    for (*took = 0; *took < TAKEN && feeds->spooled.n < SPOOLED && r == 0; ++*took) {
        r = web_step(feeds->web, &answer);
        if (r == WEB_NONE)
            return 0;
        if (r == 0)
            r = take(feeds, answer.user, &answer, now);
    }
    return r;
}

/* ---- people */

int feeds_hear(struct feeds *feeds, int64_t now)
{
    size_t count = feeds->heap_count;
    bool changed, paused, wanted;
    int r = feed_book_changed(feeds->book, &changed);

    if (r < 0 || !changed)
        return r;
    /* Those under way are asked when they are back. */
    feeds->heap_count = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        size_t index = feeds->heap[i];
        struct feed *feed = &feeds->feeds[index];
        r = feed_book_wishes(feeds->book, feed->id, &paused, &wanted);
        if (r == 0 && paused)
            feed->due_ms = INT64_MAX;
        else if (r == 0 && (wanted || feed->due_ms == INT64_MAX))
            feed->due_ms = now;
        feeds_heap_push(feeds, index);
    }
    return r;
}
