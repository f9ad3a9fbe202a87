/*
 * A subscriber: the past from the reader's socket, the present from the publisher's, joined so that each record comes
 * once, in order of oseq, none missed.
 *
 * All before `next` is delivered. Records from `next` through `goal` are read from the log, page by page; while that
 * goes on, live frames wait in ZeroMQ's bounded queue. A live frame is delivered at once when nothing before it can be
 * missing: it is `next`, or it carries the channel number behind the last one seen. Else it is held, the log is read up
 * to it, and then it is its turn. A heartbeat whose channel number is not the last one seen sets the goal to the log's
 * head. So frames lost on the live way, a restart of the publisher and the first join are one case: there is no channel
 * number to go on from, and the log is read.
 */
#include "position.h"
#include "wire.h"

#include <newswire/alloc.h>
#include <newswire/client.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_ANSWER_MS = 5000,
    PAGE_BYTES = 1 << 20, /* asked for at once */
    READ_AGAIN_MS = 2000, /* a READ without answer is repeated after so long */
    READ_LATER_MS = 100,  /* the log is behind what the publisher told of: ask again after so long */
    QUERY_BYTES = 4096,   /* most bytes of a query, with its NUL */
};

struct nw_subscriber {
    void *context;
    struct wire live, past;
    struct position position; /* of its name */
    bool named;
    uint64_t committed;  /* under the name, durably */
    struct nw_buf query; /* NUL-terminated, as the channel is */
    char why[NW_WHY];

    uint64_t next;      /* all before this oseq is delivered */
    uint64_t goal;      /* last oseq that must come from the log; below next: none */
    uint64_t head;      /* newest oseq told of */
    uint64_t log;       /* id of the log that oseq counts in; 0: not known yet */
    uint64_t last;      /* nothing behind it is wanted; UINT64_MAX: all is */
    uint64_t truncated; /* to be told: the log begins at this oseq; 0: nothing to tell */
    bool opened;        /* the log's first PAGE is there */

    bool counting; /* the channel number of the last frame is known */
    uint64_t epoch, channel_seq;
    bool holding; /* `live` has a LIVE frame that waits for the past before it */

    bool asked; /* a READ is under way, or is not worth its while before read_due */
    int64_t read_due;
    bool paging;       /* `past` has a PAGE with entries left */
    size_t at, offset; /* the next of them, and where it begins in the body */
};

static bool wants_past(const struct nw_subscriber *s)
{
    return !s->opened || s->next <= s->goal;
}

static void see_head(struct nw_subscriber *s, uint64_t oseq)
{
    s->head = oseq > s->head ? oseq : s->head;
}

/* ---- the past */

static int read_send(struct nw_subscriber *s, uint64_t from)
{
    struct nw_header header = {.type = NW_READ};
    int rc;

    header.read.from = from;
    header.read.query = nw_str_z(s->query.p);
    header.read.bytes = PAGE_BYTES;
    rc = wire_send(&s->past, &header);
    if (rc == 0) {
        s->asked = true;
        s->read_due = nw_clock_mono() + READ_AGAIN_MS;
    }
    return rc;
}

/* The log that the page is of does not hold `next`: it has let go of it, or it is another log than before. Goes on at
 * the first that there is, asking for it anew. */
static void on_truncated(struct nw_subscriber *s, const struct nw_page_header *page)
{
    s->truncated = s->next = page->first ? page->first : 1;
    s->head = s->goal = page->head;
    s->log = page->log;
    s->counting = false;
    s->holding = false;
}

static int on_page(struct nw_subscriber *s)
{
    const struct nw_page_header *page = &s->past.header.page;
    bool first = !s->opened, other = s->log != 0 && page->log != s->log;

    if (!nw_header_fits(&s->past.header, wire_body(&s->past).n)) {
        snprintf(s->why, sizeof s->why, "the sizes that a PAGE names are not those of its body");
        return -EPROTO;
    }
    if (!first && !other && page->entries.n > 0 && page->next <= s->next) {
        return 0; /* the late answer to a READ that was repeated */
    }
    s->opened = true;
    s->asked = false;
    if (s->next != NW_FROM_NOW && (other || page->first > s->next)) {
        on_truncated(s, page);
        return 0;
    }
    s->log = page->log;
    see_head(s, page->head);
    if (s->next == NW_FROM_NOW) { /* only the head was wanted of this page */
        s->next = page->head + 1;
        return 0;
    }
    s->goal = first ? page->head : s->goal;
    s->at = 0;
    s->offset = 0;
    s->paging = page->entries.n > 0;
    if (!s->paging && page->next > s->next) { /* nothing for this query up to there */
        s->next = page->next;
    } else if (!s->paging && wants_past(s)) { /* the log is behind what we know of */
        s->asked = true;
        s->read_due = nw_clock_mono() + READ_LATER_MS;
    } else if (s->paging && page->next <= s->goal) { /* the next page comes while this one is being delivered */
        int rc = read_send(s, page->next);
        return rc == -EAGAIN ? 0 : rc;
    }
    return 0;
}

/* The next entry of the page that was not delivered before. */
static bool page_take(struct nw_subscriber *s, struct nw_delivery *delivery)
{
    const struct nw_page_header *page = &s->past.header.page;
    bool taken = false;

    while (s->paging && !taken) {
        const struct nw_page_entry *entry = &page->entries.v[s->at++];

        taken = entry->oseq >= s->next;
        if (taken) {
            delivery->oseq = entry->oseq;
            delivery->record = nw_str(wire_body(&s->past).p + s->offset, entry->size);
            s->next = entry->oseq + 1;
        }
        s->offset += entry->size;
        s->paging = s->at < page->entries.n;
        if (!s->paging && page->next > s->next) {
            s->next = page->next;
        }
    }
    return taken;
}

/* Asks for what is wanted and reads an answer. 0: look again; -EAGAIN: wait. */
static int past_turn(struct nw_subscriber *s)
{
    int rc = wire_read(&s->past);

    if (rc == 0 && s->past.header.type == NW_BYE) { /* the query is none */
        snprintf(s->why, sizeof s->why, "%.*s", NW_FMT(s->past.header.bye.why));
        return -ECONNREFUSED;
    }
    if (rc == 0) {
        return s->past.header.type == NW_PAGE ? on_page(s) : 0;
    }
    if (rc == -EAGAIN && (!s->asked || nw_clock_mono() >= s->read_due)) {
        rc = read_send(s, s->next);
        return rc == 0 ? -EAGAIN : rc;
    }
    return rc;
}

/* ---- the present */

/* The held LIVE frame's turn: false where the past brought it already. */
static bool live_take(struct nw_subscriber *s, struct nw_delivery *delivery)
{
    const struct nw_live_header *live = &s->live.header.live;

    s->holding = false;
    s->counting = true;
    s->epoch = s->live.header.epoch;
    s->channel_seq = live->channel_seq;
    if (live->oseq < s->next) {
        return false;
    }
    delivery->oseq = live->oseq;
    delivery->record = wire_body(&s->live);
    s->next = live->oseq + 1;
    return true;
}

static void on_live(struct nw_subscriber *s)
{
    const struct nw_header *header = &s->live.header;
    bool follows = s->counting && header->epoch == s->epoch && header->live.channel_seq == s->channel_seq + 1;

    see_head(s, header->live.oseq);
    s->holding = true;
    if (!follows && header->live.oseq > s->next) {
        s->goal = header->live.oseq - 1;
    }
}

static void on_head(struct nw_subscriber *s)
{
    const struct nw_header *header = &s->live.header;
    bool same = s->counting && header->epoch == s->epoch && header->head.channel_seq == s->channel_seq;

    see_head(s, header->head.oseq);
    if (header->head.oseq >= s->next && same) {
        s->next = header->head.oseq + 1; /* nothing of this channel up to there */
    } else if (header->head.oseq >= s->next) {
        s->goal = header->head.oseq;
    }
    /* What follows on the live way carries the next number, and all up to this head comes from the log. */
    s->counting = true;
    s->epoch = header->epoch;
    s->channel_seq = header->head.channel_seq;
}

/* 0: look again; -EAGAIN: wait. */
static int live_turn(struct nw_subscriber *s)
{
    const struct nw_header *header = &s->live.header;
    int rc = wire_read(&s->live);

    if (rc || (header->type != NW_LIVE && header->type != NW_HEAD)) {
        return rc;
    }
    if ((header->type == NW_LIVE ? header->live.log : header->head.log) != s->log) {
        s->opened = false; /* another log: its first page tells where it begins */
        s->asked = false;
        return 0;
    }
    if (header->type == NW_LIVE) {
        on_live(s);
    } else {
        on_head(s);
    }
    return 0;
}

/* ---- the interface */

/* Waits for what the last turn lacked. 0, -ETIMEDOUT, -EHOSTUNREACH or -EINTR. */
static int wait_for(struct nw_subscriber *s, int64_t until)
{
    struct wire *wire = wants_past(s) ? &s->past : &s->live;
    int64_t next = wants_past(s) ? s->read_due : INT64_MAX;
    bool send = wants_past(s) && !s->asked; /* nobody was there to take the READ */

    if (nw_clock_mono() >= until) {
        return wire_timeout_error(wire);
    }
    if (send) {
        next = nw_clock_mono() + READ_AGAIN_MS;
    }
    return wire_wait(&wire, 1, send, next < until ? next : until);
}

static int channel_open(struct nw_subscriber *s, const struct nw_subscriber_options *options)
{
    struct nw_curve_client keys;
    bool some;
    int rc;

    if (nw_curve_read_client(options->broker_key, options->key, &keys, &some, s->why) != 0) {
        return -EINVAL;
    }

    nw_buf_init(&s->query, QUERY_BYTES);
    rc = nw_buf_str(&s->query, nw_str_z(options->query ? options->query : "all"));
    rc = rc ? rc : nw_buf_char(&s->query, '\0');
    if (rc) {
        return rc;
    }
    s->context = zmq_ctx_new();
    if (!s->context) {
        return nw_fault(-errno);
    }
    rc = wire_open(&s->live, s->context, ZMQ_SUB, options->publisher, some ? &keys : NULL);
    if (rc == 0 && zmq_setsockopt(s->live.socket, ZMQ_SUBSCRIBE, s->query.p, s->query.n) != 0) {
        rc = nw_fault(-errno);
    }
    rc = rc ? rc : wire_open(&s->past, s->context, ZMQ_DEALER, options->reader, some ? &keys : NULL);
    if (rc == 0 && options->name) {
        s->named = true;
        rc = position_open(&s->position, s->context, options->reader, some ? &keys : NULL, options->name);
    }
    return rc;
}

/* Begins behind what was committed under the name. */
static int position_take(struct nw_subscriber *s, int64_t until)
{
    int rc = s->named ? position_get(&s->position, &s->committed, until) : 0;

    if (rc == 0 && s->committed > 0) {
        s->next = s->committed + 1;
    }
    return rc;
}

/* Where a new name begins is its first position; the start of the log needs none. */
static int position_begin(struct nw_subscriber *s, int64_t until)
{
    uint64_t before = s->next - 1;
    int rc;

    if (!s->named || s->committed > 0 || before == 0) {
        return 0;
    }
    before = before > s->head ? s->head : before; /* asked for what is still to come */
    rc = before > 0 ? position_set(&s->position, s->log, before, until) : 0;
    s->committed = rc == 0 ? before : 0;
    return rc;
}

/* What went wrong with opening, for people. */
static const char *why_not(const struct nw_subscriber *s, int error)
{
    if (s->why[0] || s->position.why[0]) {
        return s->why[0] ? s->why : s->position.why;
    }
    return error == -EHOSTUNREACH ? wire_trouble(&s->past) : s->past.why;
}

int nw_subscriber_open(const struct nw_subscriber_options *options, struct nw_subscriber **out)
{
    struct nw_subscriber *s = nw_calloc(1, sizeof *s);
    int64_t until = wire_deadline(options->timeout_ms ? options->timeout_ms : FIRST_ANSWER_MS);
    int rc;

    *out = NULL;
    if (!s) {
        return nw_fault(-ENOMEM);
    }
    s->next = options->from ? options->from : NW_FROM_START;
    s->last = UINT64_MAX;
    rc = channel_open(s, options);
    rc = rc ? rc : position_take(s, until);
    while (rc == 0 && !s->opened) {
        rc = past_turn(s);
        rc = rc == -EAGAIN ? wait_for(s, until) : rc;
    }
    rc = rc ? rc : position_begin(s, until);
    rc = rc == -ETIMEDOUT ? -EHOSTUNREACH : rc;
    if (rc && options->why) {
        snprintf(options->why, NW_WHY, "%s", why_not(s, rc));
    }
    if (rc) {
        nw_subscriber_close(&s);
    } else {
        s->live.last_heard = nw_clock_mono(); /* silence counts from here */
    }
    *out = s;
    return rc;
}

int nw_subscriber_next(struct nw_subscriber *s, struct nw_delivery *delivery, int64_t timeout_ms)
{
    int64_t until = wire_deadline(timeout_ms);
    int rc = 0;

    *delivery = (struct nw_delivery){0};
    while (rc == 0) {
        if (s->truncated) {
            delivery->oseq = s->truncated;
            s->truncated = 0;
            return NW_SUBSCRIBER_TRUNCATED;
        }
        if (s->next > s->last && s->opened) {
            return NW_SUBSCRIBER_END;
        }
        if (page_take(s, delivery) || (!wants_past(s) && s->holding && live_take(s, delivery))) {
            return 0;
        }
        rc = wants_past(s) ? past_turn(s) : live_turn(s);
        rc = rc == -EAGAIN ? wait_for(s, until) : rc;
    }
    return rc;
}

void nw_subscriber_end_at(struct nw_subscriber *subscriber, uint64_t oseq)
{
    subscriber->last = oseq;
}

int nw_subscriber_commit(struct nw_subscriber *s, uint64_t oseq, int64_t timeout_ms)
{
    int rc;

    if (!s->named || oseq == 0 || oseq >= s->next) {
        return -EINVAL;
    }
    rc = position_set(&s->position, s->log, oseq, wire_deadline(timeout_ms));
    s->committed = rc == 0 ? oseq : s->committed;
    return rc;
}

uint64_t nw_subscriber_committed(const struct nw_subscriber *subscriber)
{
    return subscriber->committed;
}

const char *nw_subscriber_why(const struct nw_subscriber *subscriber)
{
    return subscriber->why[0] ? subscriber->why : subscriber->position.why;
}

uint64_t nw_subscriber_head(const struct nw_subscriber *subscriber)
{
    return subscriber->head;
}

void nw_subscriber_close(struct nw_subscriber **subscriber)
{
    struct nw_subscriber *s = *subscriber;

    if (!s) {
        return;
    }
    wire_close(&s->live, 0);
    wire_close(&s->past, 0);
    position_close(&s->position);
    if (s->context) {
        zmq_ctx_term(s->context);
    }
    nw_buf_free(&s->query);
    nw_free(s);
    *subscriber = NULL;
}
