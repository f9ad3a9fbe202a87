/*
 * The publisher. A channel is what somebody has subscribed to, and its name is its query; XPUB tells of the first
 * subscriber of each and of the last that leaves. A query that can't be read gets nothing live; whoever READs with it
 * is told why. The channel `trends` gets a report each minute, and whoever READs it the newest one.
 */
#include "run/publish.h"

#include "link/zap.h"
#include "run/bookmarks.h"
#include "run/channels.h"
#include "run/trending.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <zmq.h>

enum {
    LIVE_QUEUE = 4096,    /* frames kept for one slow subscriber, some 40 MB; what is behind them it reads */
    PAGE_BYTES = 1 << 20, /* most of a page */
    BEAT_MS = 1000,
    BEATS_MAX = 1000,     /* channels whose head is told in one turn; with more, each waits for its turn */
    SCAN_RECORDS = 256,   /* entries of the log that are looked through for queries in one turn: some 10 ms */
    SCAN_BYTES = 2 << 20, /* and their bytes, of one READ */
    SERVE_MAX = 100,      /* messages served in one turn: the stage's own work must go on */
    TOPIC_MAX = 4096,
    PEER_BYTES = 64,
    WAITING_MAX = 4096, /* COMMITs whose answer waits for the disk; one beyond asks again */
};

struct peer {
    char id[PEER_BYTES];
    size_t n;
};

/* A COMMIT that is to be answered when it is durable. */
struct waiting {
    struct peer peer;
    char name[NW_BOOKMARK_NAME + 1];
    uint64_t oseq, version;
};

struct nw_publisher {
    void *context, *live, *reader;
    struct nw_zap *zap; /* NULL: nobody is asked for a key */
    uint64_t epoch, log;
    struct nw_past past;
    struct nw_bookmarks *bookmarks; /* NULL: none are kept */
    struct nw_buf waiting;          /* of struct waiting, oldest first */

    struct nw_channels *channels;
    struct trending *trending;
    uint64_t oseq;   /* of the record that is being put */
    size_t unbeaten; /* channels whose head is to be told yet, of this beat */
    uint64_t published, pages, commits;
    int64_t beaten;
    size_t scanned; /* entries looked through for queries in this turn */
    bool more;      /* the last turn ended at SERVE_MAX or SCAN_RECORDS */

    struct nw_buf header, body;
    struct nw_arena arena;
};

static int set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) < 0 ? nw_fault(-errno) : 0;
}

static int bind_to(void *socket, const char *endpoint)
{
    if (zmq_bind(socket, endpoint) == 0)
        return 0;
    int error = -errno;
    nw_error("cannot listen on %s: %s; is the folder there, and is its path under 107 bytes?", endpoint,
             zmq_strerror(errno));
    return error;
}

/* A subscriber whose cable is cut says nothing: TCP must ask. */
static int keep_alive(void *socket)
{
    int r = set(socket, ZMQ_TCP_KEEPALIVE, 1);

    r = r ? r : set(socket, ZMQ_TCP_KEEPALIVE_IDLE, 10);
    r = r ? r : set(socket, ZMQ_TCP_KEEPALIVE_INTVL, 5);
    r = r ? r : set(socket, ZMQ_TCP_KEEPALIVE_CNT, 3);
    return r ? r : set(socket, ZMQ_TCP_MAXRT, 15000);
}

/* The same two sockets, bound on tcp: keys count for what is bound after they are set (see broker/socket.c). */
static int bind_far(struct nw_publisher *publisher, const struct nw_publish_options *options)
{
    void *sockets[] = {publisher->live, publisher->reader};
    const char *endpoints[] = {options->far_live, options->far_reader};
    int r = options->keys ? nw_zap_open(publisher->context, options->authorized, &publisher->zap) : 0;

    for (size_t i = 0; i < 2 && r == 0; i++) {
        r = keep_alive(sockets[i]);
        if (r == 0 && options->keys)
            r = nw_curve_set_server(sockets[i], options->keys);
        if (r == 0)
            r = bind_to(sockets[i], endpoints[i]);
        if (r == 0)
            nw_info("publishing on %s for %s%s", endpoints[i],
                    options->keys ? "keys that are in " : "everybody (broker.insecure)",
                    options->keys ? options->authorized : "");
    }
    return r;
}

int nw_publisher_open(const struct nw_publish_options *options, uint64_t log, const struct nw_past *past,
                      struct nw_publisher **result)
{
    struct nw_publisher *publisher = nw_calloc(1, sizeof *publisher);
    int64_t most = 64 << 10; /* a READ is small */
    int r = 0;

    if (!publisher)
        return nw_fault(-ENOMEM);
    publisher->log = log;
    publisher->past = *past;
    publisher->epoch = (uint64_t)nw_clock_wall();
    nw_buf_init(&publisher->header, NW_HEADER_MAX);
    nw_buf_init(&publisher->body, NW_FRAME_MAX);
    nw_buf_init(&publisher->waiting, WAITING_MAX * sizeof(struct waiting));
    r = nw_channels_new(&(struct nw_channels_log){past->whole.user, past->whole.read}, &publisher->channels);
    if (r == 0)
        r = trending_new(&past->whole, &publisher->trending);
    publisher->context = zmq_ctx_new();
    publisher->live = publisher->context ? zmq_socket(publisher->context, ZMQ_XPUB) : NULL;
    publisher->reader = publisher->live ? zmq_socket(publisher->context, ZMQ_ROUTER) : NULL;
    if (r == 0 && !publisher->reader)
        r = nw_fault(-errno);
    r = r ? r : set(publisher->live, ZMQ_SNDHWM, LIVE_QUEUE);
    r = r ? r : set(publisher->live, ZMQ_LINGER, 0);
    r = r ? r : set(publisher->live, ZMQ_XPUB_VERBOSER, 0);
    r = r ? r : set(publisher->reader, ZMQ_LINGER, 0);
    if (r == 0 && zmq_setsockopt(publisher->reader, ZMQ_MAXMSGSIZE, &most, sizeof most) < 0)
        r = nw_fault(-errno);
    r = r ? r : bind_to(publisher->live, options->live);
    r = r ? r : bind_to(publisher->reader, options->reader);
    if (r == 0 && options->far_live && options->far_reader)
        r = bind_far(publisher, options);
    if (r == 0 && options->positions)
        r = nw_bookmarks_open(options->positions, log, &publisher->bookmarks);
    if (r < 0)
        nw_publisher_close(&publisher);
    *result = publisher;
    return r;
}

void nw_publisher_close(struct nw_publisher **pointer)
{
    struct nw_publisher *publisher = *pointer;

    if (!publisher)
        return;
    if (publisher->live)
        zmq_close(publisher->live);
    if (publisher->reader)
        zmq_close(publisher->reader);
    nw_zap_close(&publisher->zap);
    nw_bookmarks_close(&publisher->bookmarks);
    nw_channels_free(&publisher->channels);
    trending_free(&publisher->trending);
    nw_buf_free(&publisher->waiting);
    if (publisher->context)
        zmq_ctx_term(publisher->context);
    nw_buf_free(&publisher->header);
    nw_buf_free(&publisher->body);
    nw_arena_free(&publisher->arena);
    nw_free(publisher);
    *pointer = NULL;
}

/* ---- the live stream */

static int put(struct nw_publisher *publisher, const struct nw_channel *channel, struct nw_header *header,
               struct nw_str record)
{
    header->epoch = publisher->epoch;
    nw_buf_clear(&publisher->header);
    if (nw_header_encode(header, &publisher->header) < 0)
        return nw_fault(publisher->header.error);
    if (zmq_send(publisher->live, channel->name.p, channel->name.n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(publisher->live, publisher->header.p, publisher->header.n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(publisher->live, record.p ? record.p : "", record.n, ZMQ_DONTWAIT) < 0)
        return errno == EAGAIN ? 0 : nw_fault(-errno);
    return 0;
}

int nw_publisher_note(struct nw_publisher *publisher, uint64_t oseq, const struct nw_record *record)
{
    return trending_offer(publisher->trending, oseq, record);
}

bool nw_publisher_is_heard(const struct nw_publisher *publisher)
{
    return nw_channels_count(publisher->channels) > 0;
}

static int put_live(void *user, struct nw_channel *channel, struct nw_str record)
{
    struct nw_publisher *publisher = user;
    struct nw_header header = {.type = NW_LIVE};

    header.live.oseq = publisher->oseq;
    header.live.channel_seq = ++channel->seq;
    header.live.log = publisher->log;
    return put(publisher, channel, &header, record);
}

int nw_publisher_put(struct nw_publisher *publisher, uint64_t oseq, struct nw_str record)
{
    publisher->published++;
    if (!nw_publisher_is_heard(publisher))
        return 0;
    publisher->oseq = oseq;
    return nw_channels_match(publisher->channels, record, put_live, publisher);
}

/* The report of the trends that is due, if it is another one than the last. */
static int put_trends(struct nw_publisher *publisher)
{
    struct nw_channel *channel = nw_channels_find(publisher->channels, NW_CHANNEL_TRENDS);
    struct nw_str report;
    int r;

    if (!channel || !trending_is_due(publisher->trending))
        return 0;
    r = trending_report(publisher->trending, &report, &publisher->oseq);
    if (r != 0 || publisher->oseq == trending_last_sent(publisher->trending))
        return r < 0 ? r : 0;
    trending_sent(publisher->trending, publisher->oseq);
    return put_live(publisher, channel, report);
}

/* Where the head is, for one channel: of `trends`, which entry the last report was made of. */
static int beat(struct nw_publisher *publisher, const struct nw_channel *channel)
{
    struct nw_header header = {.type = NW_HEAD};

    publisher->past.range(publisher->past.user, &header.head.first, &header.head.oseq);
    if (!channel->query)
        header.head.oseq = trending_last_sent(publisher->trending);
    header.head.channel_seq = channel->seq;
    header.head.log = publisher->log;
    return put(publisher, channel, &header, nw_str(NULL, 0));
}

/* Each channel once a beat, some of them in one turn. */
static int beat_all(struct nw_publisher *publisher)
{
    int r = 0;

    if (publisher->unbeaten == 0 && nw_clock_mono() - publisher->beaten >= BEAT_MS) {
        publisher->beaten = nw_clock_mono();
        publisher->unbeaten = nw_channels_count(publisher->channels);
    }
    for (int i = 0; i < BEATS_MAX && publisher->unbeaten > 0 && r == 0; i++) {
        const struct nw_channel *channel = nw_channels_next(publisher->channels);
        publisher->unbeaten = channel ? publisher->unbeaten - 1 : 0;
        r = channel ? beat(publisher, channel) : 0;
    }
    return r;
}

/* One subscription that came or went; *some tells whether there was one. */
static int take_subscription(struct nw_publisher *publisher, bool *some)
{
    char message[1 + TOPIC_MAX], why[NW_WHY];
    int n = zmq_recv(publisher->live, message, sizeof message, ZMQ_DONTWAIT), r;
    struct nw_channel *channel;
    struct nw_str name;

    *some = n >= 0;
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : nw_fault(-errno);
    /* A name ends with a NUL, else it would be the beginning of others. */
    if (n < 3 || n > (int)sizeof message || message[n - 1] != '\0')
        return 0;
    name = nw_str(message + 1, (size_t)n - 2);
    if (message[0] != 1) {
        nw_channels_remove(publisher->channels, name);
        return 0;
    }
    r = nw_channels_add(publisher->channels, name, &channel, why);
    if (r > 0)
        nw_warn("somebody subscribes to what is no query: %s", why);
    if (r != 0)
        return r < 0 ? r : 0;
    /* A newcomer hears at once where the head is. */
    return beat(publisher, channel);
}

/* ---- the past */

/* One page: what the query wants of a bounded stretch of the log. */
static int fill_page(struct nw_publisher *publisher, const struct nw_read_header *read, const struct nw_query *query,
                     struct nw_page_header *page)
{
    uint64_t most = read->bytes < PAGE_BYTES ? read->bytes : PAGE_BYTES;
    bool all = nw_str_eq(read->query, NW_S("all"));
    size_t bytes = 0;
    struct nw_str record;

    nw_buf_clear(&publisher->body);
    page->log = publisher->log;
    publisher->past.range(publisher->past.user, &page->first, &page->head);
    page->next = read->from > page->first ? read->from : page->first;
    page->entries.v = NW_ARENA_NEW(&publisher->arena, struct nw_page_entry, NW_BATCH_RECORDS);
    if (!page->entries.v)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; page->next <= page->head && page->entries.n < NW_BATCH_RECORDS; page->next++, i++) {
        int r = publisher->past.read(publisher->past.user, page->next, &record);
        if (r < 0)
            return r;
        if (r > 0)
            continue; /* lost to damage, which was said when the log was opened */
        if (page->entries.n > 0 && publisher->body.n + record.n > most)
            break;
        bytes += record.n;
        if (!all && i > 0 && (publisher->scanned >= SCAN_RECORDS || bytes > SCAN_BYTES))
            break; /* the reader asks on from here */
        publisher->scanned += !all;
        r = all ? 1 : nw_channels_wants(publisher->channels, query, &record);
        if (r < 0)
            return r;
        if (r == 0)
            continue;
        if (nw_buf_str(&publisher->body, record) < 0)
            return nw_fault(publisher->body.error);
        page->entries.v[page->entries.n++] = (struct nw_page_entry){page->next, (uint32_t)record.n};
    }
    return 0;
}

/* The page of `trends` is one entry: the report, as of the entry of the log that it has the number of. */
static int fill_trends(struct nw_publisher *publisher, const struct nw_read_header *read, struct nw_page_header *page)
{
    struct nw_str report;
    uint64_t through;
    int r = trending_report(publisher->trending, &report, &through);

    nw_buf_clear(&publisher->body);
    page->log = publisher->log;
    publisher->past.range(publisher->past.user, &page->first, &page->head);
    page->first = 1; /* nothing of it can be cut off */
    page->next = read->from;
    if (r != 0 || read->from > through)
        return r < 0 ? r : 0; /* it is not there yet: to be asked again */
    page->entries.v = NW_ARENA_NEW(&publisher->arena, struct nw_page_entry, 1);
    if (!page->entries.v)
        return nw_fault(-ENOMEM);
    page->entries.v[page->entries.n++] = (struct nw_page_entry){through, (uint32_t)report.n};
    page->head = through;
    page->next = through + 1;
    return nw_buf_str(&publisher->body, report) < 0 ? nw_fault(publisher->body.error) : 0;
}

/* Whoever is gone, or asks faster than it reads, asks again. */
static int answer(struct nw_publisher *publisher, const struct peer *peer, struct nw_header *header, struct nw_str body)
{
    header->epoch = publisher->epoch;
    nw_buf_clear(&publisher->header);
    if (nw_header_encode(header, &publisher->header) < 0)
        return nw_fault(publisher->header.error);
    if (zmq_send(publisher->reader, peer->id, peer->n, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
        zmq_send(publisher->reader, publisher->header.p, publisher->header.n, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0)
        zmq_send(publisher->reader, body.p ? body.p : "", body.n, ZMQ_DONTWAIT);
    return 0;
}

static int refuse(struct nw_publisher *publisher, const struct peer *peer, struct nw_str why)
{
    struct nw_header header = {.type = NW_BYE};

    header.bye.why = why;
    return answer(publisher, peer, &header, nw_str(NULL, 0));
}

static int answer_read(struct nw_publisher *publisher, const struct peer *peer, const struct nw_read_header *read)
{
    const struct nw_channel *channel = nw_channels_find(publisher->channels, read->query);
    struct nw_header header = {.type = NW_PAGE};
    struct nw_query *query = NULL;
    char why[NW_WHY];
    size_t column;
    bool trends = nw_str_eq(read->query, NW_CHANNEL_TRENDS);
    int r = channel || trends ? 0 : nw_query_compile(read->query, &query, &column, why);

    if (r == NW_QUERY_BAD)
        return refuse(publisher, peer, nw_str_z(why));
    if (trends)
        r = fill_trends(publisher, read, &header.page);
    else if (r == 0)
        r = fill_page(publisher, read, channel ? channel->query : query, &header.page);
    nw_query_free(&query);
    publisher->pages++;
    return r < 0 ? r : answer(publisher, peer, &header, nw_buf_view(&publisher->body));
}

/* ---- named positions */

static int answer_position(struct nw_publisher *publisher, const struct peer *peer, struct nw_str name, uint64_t oseq)
{
    struct nw_header header = {.type = NW_COMMITTED};

    header.committed = (struct nw_committed_header){.name = name, .log = publisher->log, .oseq = oseq};
    return answer(publisher, peer, &header, nw_str(NULL, 0));
}

static int take_commit(struct nw_publisher *publisher, const struct peer *peer, const struct nw_commit_header *commit)
{
    struct waiting waiting = {.peer = *peer, .oseq = commit->oseq};
    uint64_t first, head;
    int r;

    publisher->past.range(publisher->past.user, &first, &head);
    if (commit->log != publisher->log) /* the answer tells which log this is, and where the name stands in it */
        return answer_position(publisher, peer, commit->name, nw_bookmarks_get(publisher->bookmarks, commit->name));
    if (commit->oseq > head)
        return refuse(publisher, peer, NW_S("a position behind the end of the log cannot be kept"));
    if (publisher->waiting.n / sizeof waiting == WAITING_MAX)
        return 0;
    r = nw_bookmarks_set(publisher->bookmarks, commit->name, commit->oseq, &waiting.version);
    if (r == NW_BOOKMARK_BAD_NAME)
        return refuse(publisher, peer, NW_S("a position's name has 1 to 64 letters, digits, '-', '_' and '.'"));
    if (r == NW_BOOKMARKS_FULL)
        return refuse(publisher, peer,
                      NW_S("as many names have a position as there can be: commit 0 for one that is "
                           "not needed any more"));
    snprintf(waiting.name, sizeof waiting.name, "%.*s", NW_FMT(commit->name));
    publisher->commits++;
    return nw_buf_add(&publisher->waiting, &waiting, sizeof waiting) < 0 ? nw_fault(publisher->waiting.error) : 0;
}

static int answer_durable(struct nw_publisher *publisher)
{
    struct waiting waiting;
    uint64_t durable;
    size_t at = 0;
    int r = 0;

    if (publisher->waiting.n == 0)
        return 0;
    durable = nw_bookmarks_durable(publisher->bookmarks);
    for (; at < publisher->waiting.n && r == 0; at += sizeof waiting) {
        memcpy(&waiting, publisher->waiting.p + at, sizeof waiting);
        if (waiting.version > durable)
            break;
        r = answer_position(publisher, &waiting.peer, nw_str_z(waiting.name), waiting.oseq);
    }
    nw_buf_take(&publisher->waiting, at);
    return r;
}

static int take_header(struct nw_publisher *publisher, const struct peer *peer, const struct nw_header *header)
{
    bool position = header->type == NW_COMMIT || header->type == NW_POSITION;

    if (header->type == NW_READ)
        return answer_read(publisher, peer, &header->read);
    if (position && !publisher->bookmarks)
        return refuse(publisher, peer, NW_S("no positions are kept here"));
    if (header->type == NW_COMMIT)
        return take_commit(publisher, peer, &header->commit);
    if (header->type == NW_POSITION)
        return answer_position(publisher, peer, header->position.name,
                               nw_bookmarks_get(publisher->bookmarks, header->position.name));
    return 0; /* not for us */
}

static bool more(void *socket)
{
    int value = 0;
    size_t size = sizeof value;

    return zmq_getsockopt(socket, ZMQ_RCVMORE, &value, &size) == 0 && value;
}

static int take_question(struct nw_publisher *publisher, bool *some)
{
    char bytes[TOPIC_MAX], rest[16], why[NW_WHY];
    struct nw_header header;
    struct peer peer;
    int peer_n = zmq_recv(publisher->reader, peer.id, sizeof peer.id, ZMQ_DONTWAIT), n = -1;

    *some = peer_n >= 0;
    if (peer_n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : nw_fault(-errno);
    if (more(publisher->reader))
        n = zmq_recv(publisher->reader, bytes, sizeof bytes, ZMQ_DONTWAIT);
    while (more(publisher->reader))
        zmq_recv(publisher->reader, rest, sizeof rest, ZMQ_DONTWAIT);
    nw_arena_reset(&publisher->arena);
    if (n < 0 || n > (int)sizeof bytes || peer_n > (int)sizeof peer.id ||
        nw_header_decode(&publisher->arena, nw_str(bytes, (size_t)n), &header, why) != 0)
        return 0; /* not for us */
    peer.n = (size_t)peer_n;
    return take_header(publisher, &peer, &header);
}

/* ---- time */

int nw_publisher_serve(struct nw_publisher *publisher)
{
    bool subscription = true, question = true;
    int r = publisher->zap ? nw_zap_serve(publisher->zap) : 0;

    publisher->more = false;
    publisher->scanned = 0;
    for (int i = 0; r == 0 && (subscription || question); i++) {
        if (i == SERVE_MAX || publisher->scanned >= SCAN_RECORDS) {
            publisher->more = true;
            break;
        }
        r = take_subscription(publisher, &subscription);
        if (r == 0)
            r = take_question(publisher, &question);
    }
    if (r == 0)
        r = answer_durable(publisher);
    if (r == 0)
        r = trending_step(publisher->trending);
    if (r == TRENDING_BEHIND) {
        publisher->more = true;
        r = 0;
    }
    if (r == 0)
        r = put_trends(publisher);
    return r == 0 ? beat_all(publisher) : r;
}

static int fd_of(void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;

    return zmq_getsockopt(socket, ZMQ_FD, &fd, &size) == 0 ? fd : -1;
}

void nw_publisher_fds(const struct nw_publisher *publisher, int fds[NW_PUBLISHER_FDS])
{
    fds[0] = fd_of(publisher->live);
    fds[1] = fd_of(publisher->reader);
    fds[2] = publisher->zap ? fd_of(nw_zap_socket(publisher->zap)) : -1;
    fds[3] = publisher->bookmarks ? nw_bookmarks_event(publisher->bookmarks) : -1;
}

static bool has_events(void *socket)
{
    int events = 0;
    size_t size = sizeof events;

    return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

int64_t nw_publisher_timeout(const struct nw_publisher *publisher)
{
    int64_t due = publisher->beaten + BEAT_MS - nw_clock_mono();

    /* The descriptors are edge-triggered: what came during a send would not wake anybody. */
    if (publisher->more || publisher->unbeaten > 0 || has_events(publisher->live) || has_events(publisher->reader) ||
        (publisher->zap && has_events(nw_zap_socket(publisher->zap))))
        return 0;
    return due > 0 ? due : 0;
}

void nw_publisher_counts(const struct nw_publisher *publisher, struct nw_publisher_counts *counts)
{
    counts->published = publisher->published;
    counts->pages = publisher->pages;
    counts->commits = publisher->commits;
    counts->channels = nw_channels_count(publisher->channels);
}
