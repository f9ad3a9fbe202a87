/*
 * `feeds`: RSS, Atom and JSON Feeds over HTTP, for ever. Each is asked by its own rhythm (feed_pace.h); what is new in
 * the answers goes into a spool file that is planned in the ledger together with the items that were seen, and is read
 * from there like any other document. So a crash at any moment takes no item twice and loses none.
 *
 * A feed with new items is one record: the feed without the items that were taken before. Clean reads its entries.
 */
#include "feeds.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { HEAR_MS = 1000, COMPLAINTS = 64 << 10, SPOOL_MOST = 64 << 20, SECOND_MS = 1000 };

/* ---- batches */

static int batch_add(struct feeds *feeds, int64_t id, const char *name, uint64_t skip, struct batch **result)
{
    struct batch *batch = nw_calloc(1, sizeof *batch);

    if (!batch)
        return nw_fault(-ENOMEM);
    batch->id = id;
    batch->skip = skip;
    snprintf(batch->name, sizeof batch->name, "%s", name);
    *feeds->batches_last = batch;
    feeds->batches_last = &batch->next;
    *result = batch;
    return 0;
}

/* Batches at the head whose records are all durable are over. */
static int land(struct feeds *feeds)
{
    struct ledger *ledger = feeds->source.commons->ledger;
    int r = 0;

    while (r == 0 && feeds->batches && feeds->batches->read && feeds->batches->last <= feeds->accepted) {
        struct batch *batch = feeds->batches;
        r = ledger_begin(ledger);
        if (r == 0)
            r = ledger_delete(ledger, batch->id);
        if (r == 0)
            r = ledger_commit(ledger);
        if (r < 0)
            return r;
        spool_drop(&feeds->spool, batch->name);
        feeds->batches = batch->next;
        if (!feeds->batches)
            feeds->batches_last = &feeds->batches;
        nw_free(batch);
    }
    return r;
}

static int give(struct feeds *feeds, struct batch *batch, struct document *document)
{
    struct source *source = &feeds->source;
    bool is_folder = false;
    int step;

    spool_path(&feeds->spool, batch->name, feeds->path);
    feeds->reading = batch;
    step = source_open_path(feeds->path, document, &is_folder, source->why);
    if (step == SOURCE_DOCUMENT && !is_folder) {
        document->skip = batch->skip;
        document->path = source->key;
        return SOURCE_DOCUMENT;
    }
    source->path = nw_str_z(feeds->path);
    batch->read = true;
    return SOURCE_COMPLAINT;
}

/* ---- the source */

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

/* What has come, in one transaction; *batch: the file made of it, NULL for none. */
static int take(struct feeds *feeds, int64_t now, struct batch **batch, size_t *took)
{
    const struct commons *commons = feeds->source.commons;
    struct ledger *ledger = commons->ledger;
    const struct identity none = {0};
    char name[SPOOL_NAME];
    int64_t id = 0;
    int r = ledger_begin_lazily(ledger);

    *batch = NULL;
    nw_buf_clear(&feeds->spooled);
    if (r == 0)
        r = feeds_take(feeds, now, took);
    if (r == 0 && feeds->spooled.n > 0) {
        r = spool_write(&feeds->spool, nw_buf_view(&feeds->spooled), name);
        if (r == 0)
            r = ledger_plan(ledger, feeds->source.key, nw_str_z(name), &none, commons->before + commons->emitted + 1,
                            &id);
        if (r == 0)
            r = batch_add(feeds, id, name, 0, batch);
    }
    if (r == 0)
        r = ledger_commit(ledger);
    /* Where nothing was taken, a power cut costs another poll. What was taken is durable with a change that is. */
    if (r == 0 && *batch)
        r = ledger_begin(ledger);
    if (r == 0 && *batch)
        r = ledger_first(ledger, id, commons->before + commons->emitted + 1);
    if (r == 0 && *batch)
        r = ledger_commit(ledger);
    return r;
}

static bool is_spooled(const void *user, const char *name)
{
    const struct feeds *feeds = user;

    for (const struct batch *batch = feeds->batches; batch; batch = batch->next) {
        if (strcmp(batch->name, name) == 0)
            return true;
    }
    return false;
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
    struct batch *batch = feeds->unread;
    size_t took = 0;
    int r;

    if (batch) {
        feeds->unread = batch->next;
        return give(feeds, batch, document);
    }
    if (!feeds->swept)
        spool_sweep(&feeds->spool, is_spooled, feeds);
    feeds->swept = true;
    if (feeds->complaint.n > 0)
        return tell(feeds);
    r = land(feeds);
    if (r == 0)
        r = look(feeds, now);
    if (r == 0)
        r = feeds_start(feeds, now);
    if (r == 0)
        r = take(feeds, now, &batch, &took);
    if (r < 0)
        return r;
    if (batch)
        return give(feeds, batch, document);
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
    struct feeds *feeds = (struct feeds *)source;

    feeds->reading->read = true;
    feeds->reading->last = outcome->last;
    return 0;
}

static int feeds_accepted(struct source *source, uint64_t accepted)
{
    struct feeds *feeds = (struct feeds *)source;

    feeds->accepted = accepted;
    return 0;
}

static int feeds_resume(struct source *source, const struct ledger_row *row, uint64_t skip)
{
    struct feeds *feeds = (struct feeds *)source;
    struct batch *batch = NULL;
    char name[SPOOL_NAME];
    int r;

    snprintf(name, sizeof name, "%.*s", NW_FMT(row->path));
    r = batch_add(feeds, row->id, name, skip, &batch);
    if (r == 0 && !feeds->unread)
        feeds->unread = batch;
    return r;
}

static int open_web(struct feeds *feeds, const struct nw_conf *conf)
{
    struct web_options options = {.agent = nw_conf_str(conf, "user_agent").p,
                                  .proxy = nw_conf_str(conf, "proxy").p,
                                  .timeout_ms = nw_conf_int(conf, "timeout"),
                                  .most = (size_t)nw_conf_int(conf, "max_bytes"),
                                  .transfers = (size_t)nw_conf_int(conf, "transfers"),
                                  .host_connections = (size_t)nw_conf_int(conf, "host_connections")};

    return web_open(&options, feeds->source.commons->epoll, &feeds->web);
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
    feed_clock_open(&feeds->clock);
    feeds->batches_last = &feeds->batches;
    feeds->source.key = nw_conf_str(conf, "name").n ? nw_conf_str(conf, "name") : NW_S("feeds");
    feeds->limits.least_ms = nw_conf_int(conf, "poll_least") * SECOND_MS;
    feeds->limits.most_ms = nw_conf_int(conf, "poll_most") * SECOND_MS;
    feeds->host_gap_ms = nw_conf_int(conf, "host_gap");
    feeds->allow_private = nw_conf_bool(conf, "allow_private");
    nw_buf_init(&feeds->spooled, SPOOL_MOST);
    nw_buf_init(&feeds->complaint, COMPLAINTS);
    if (feeds->limits.least_ms > feeds->limits.most_ms) {
        snprintf(why, NW_WHY, "`poll_least` must not be above `poll_most`");
        return SOURCE_COMPLAINT;
    }
    if (commons->data_dir.n == 0) {
        snprintf(why, NW_WHY, "a source of kind feeds needs `data_dir`, where it is kept what was taken");
        return SOURCE_COMPLAINT;
    }
    r = commons->ledger ? 0 : ledger_open(commons->data_dir, &commons->ledger, why);
    if (r == 0)
        r = feed_book_open(commons->ledger, &feeds->book, why);
    if (r == 0)
        r = spool_open(&feeds->spool, commons->data_dir, why);
    if (r == 0)
        r = open_web(feeds, conf);
    if (r == 0)
        r = feeds_list(feeds, why);
    return r > 0 ? SOURCE_COMPLAINT : r;
}

static void feeds_free(struct source *source)
{
    struct feeds *feeds = (struct feeds *)source;

    if (feeds->source.commons->ledger && feeds->batches)
        land(feeds);
    while (feeds->batches) {
        struct batch *batch = feeds->batches;
        feeds->batches = batch->next;
        nw_free(batch);
    }
    web_close(&feeds->web);
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
                                         .free = feeds_free};
