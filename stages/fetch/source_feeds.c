/*
 * `feeds`: RSS, Atom and JSON Feeds over HTTP, for ever. Each is asked by its own rhythm (feed_pace.h); what is new in
 * the answers goes into a spool file that is planned in the ledger together with the items that were seen, and is read
 * from there like any other document. So a crash at any moment takes no item twice and loses none.
 *
 * A feed with new items is one record: the feed without the items that were taken before. Clean reads its entries. With
 * `follow: page` an item is a record of its own, its page with it (feeds_pages.c).
 */
#include "feeds.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { HEAR_MS = 1000, COMPLAINTS = 64 << 10, SPOOL_MOST = 64 << 20, SECOND_MS = 1000 };

static int tell(struct feeds *feeds)
{
    struct source *source = &feeds->source;
    struct nw_str text = nw_buf_view(&feeds->complaint), url, why;

    nw_str_line(&text, &url);
    nw_str_line(&text, &why);
    snprintf(feeds->path, sizeof feeds->path, "%.*s", NW_FMT(url));
    snprintf(source->why, sizeof source->why, "%.*s", NW_FMT(why));
    source->path = nw_str_z(feeds->path);
    nw_buf_take(&feeds->complaint, feeds->complaint.n - text.n);
    return SOURCE_COMPLAINT;
}

/* What has come, in one transaction. */
static int take(struct feeds *feeds, int64_t now, size_t *took)
{
    struct ledger *ledger = feeds->source.commons->ledger;
    int r = ledger_begin_lazily(ledger);

    nw_buf_clear(&feeds->spooled);
    if (r == 0)
        r = feeds_take(feeds, now, took);
    if (r == 0 && feeds->spooled.n > 0)
        r = batches_add(&feeds->batches, nw_buf_view(&feeds->spooled), NULL);
    if (r == 0)
        r = ledger_commit(ledger);
    /* Where nothing was taken, a power cut costs another poll. What was taken is durable with a change that is. */
    return r == 0 && feeds->spooled.n > 0 ? batches_settle(&feeds->batches) : r;
}

static int look(struct feeds *feeds, int64_t now)
{
    int64_t mono = nw_clock_mono();

    if (mono - feeds->looked_ms < HEAR_MS)
        return 0;
    feeds->looked_ms = mono;
    return feeds_hear(feeds, now);
}

static int feeds_next(struct source *source, struct document *document)
{
    struct feeds *feeds = (struct feeds *)source;
    int64_t now = feed_clock_now(&feeds->clock), due;
    size_t took = 0;
    int r = batches_next(&feeds->batches, document);

    if (r != SOURCE_IDLE)
        return r;
    if (feeds->complaint.n > 0)
        return tell(feeds);
    r = batches_land(&feeds->batches);
    if (r == 0)
        r = look(feeds, now);
    if (r == 0)
        r = feeds_start(feeds, now);
    if (r == 0)
        r = take(feeds, now, &took);
    if (r < 0)
        return r;
    r = batches_next(&feeds->batches, document);
    if (r != SOURCE_IDLE)
        return r;
    if (took > 0 || feeds->complaint.n > 0)
        return SOURCE_BUSY;
    due = feeds_due(feeds);
    source->idle_ms = due == INT64_MAX ? HEAR_MS : feed_clock_wait(&feeds->clock, due - now);
    if (source->idle_ms > HEAR_MS)
        source->idle_ms = HEAR_MS;
    if (web_timeout(feeds->web) < source->idle_ms)
        source->idle_ms = web_timeout(feeds->web);
    return SOURCE_IDLE;
}

static int feeds_done(struct source *source, const struct outcome *outcome)
{
    batches_done(&((struct feeds *)source)->batches, outcome);
    return 0;
}

static int feeds_accepted(struct source *source, uint64_t accepted)
{
    ((struct feeds *)source)->batches.accepted = accepted;
    return 0;
}

static int feeds_resume(struct source *source, const struct ledger_row *row, uint64_t skip)
{
    return batches_resume(&((struct feeds *)source)->batches, row, skip);
}

static int open_web(struct feeds *feeds, const struct nw_conf *conf)
{
    struct web_options options = {.agent = nw_conf_str(conf, "user_agent").p,
                                  .proxy = nw_conf_str(conf, "proxy").p,
                                  .ca = nw_conf_str(conf, "ca").p,
                                  .timeout_ms = nw_conf_int(conf, "timeout"),
                                  .most = (size_t)nw_conf_int(conf, "max_bytes"),
                                  .transfers = (size_t)nw_conf_int(conf, "transfers"),
                                  .host_connections = (size_t)nw_conf_int(conf, "host_connections")};

    int r = web_open(&options, &feeds->web);

    if (r == 0)
        feeds->source.fd = web_fd(feeds->web);
    return r;
}

static int feeds_open(const struct nw_conf *conf, struct commons *commons, struct source **source, char why[NW_WHY])
{
    struct feeds *feeds = nw_calloc(1, sizeof *feeds);
    int r;

    if (!feeds)
        return nw_fault(-ENOMEM);
    feeds->source = (struct source){.kind = &source_feeds, .commons = commons};
    *source = &feeds->source;
    feeds->conf = conf;
    commons->connects = true;
    feed_clock_open(&feeds->clock);
    feeds->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : NW_S("feeds");
    feeds->limits.least_ms = nw_conf_int(conf, "poll_least") * SECOND_MS;
    feeds->limits.most_ms = nw_conf_int(conf, "poll_most") * SECOND_MS;
    feeds->host_gap_ms = nw_conf_int(conf, "host_gap");
    feeds->host_transfers = (size_t)nw_conf_int(conf, "host_connections");
    feeds->allow_private = nw_conf_bool(conf, "allow_private");
    nw_buf_init(&feeds->spooled, SPOOL_MOST);
    nw_buf_init(&feeds->complaint, COMPLAINTS);
    if (feeds->limits.least_ms > feeds->limits.most_ms) {
        snprintf(why, NW_WHY, "`poll_least` must not be above `poll_most`");
        return SOURCE_COMPLAINT;
    }
    r = batches_open(&feeds->batches, &feeds->source, why);
    if (r == 0)
        r = feed_book_open(commons->ledger, &feeds->book, why);
    if (r == 0)
        r = open_web(feeds, conf);
    if (r == 0)
        r = feeds_list(feeds, why);
    if (r == 0)
        r = pages_open(feeds, why);
    return r > 0 ? SOURCE_COMPLAINT : r;
}

static void feeds_free(struct source *source)
{
    struct feeds *feeds = (struct feeds *)source;

    batches_close(&feeds->batches);
    web_close(&feeds->web);
    pages_close(feeds);
    queue_close(&feeds->queue);
    feed_book_close(&feeds->book);
    feeds_list_free(feeds);
    nw_buf_free(&feeds->spooled);
    nw_buf_free(&feeds->complaint);
    nw_free(feeds);
}

const struct source_kind source_feeds = {.name = "feeds",
                                         .doc = "RSS, Atom and JSON Feeds over HTTP, for ever",
                                         .open = feeds_open,
                                         .next = feeds_next,
                                         .done = feeds_done,
                                         .accepted = feeds_accepted,
                                         .resume = feeds_resume,
                                         .alarms = feeds_alarms,
                                         .free = feeds_free};
