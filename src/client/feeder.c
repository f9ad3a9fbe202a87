/*
 * A feeder: numbers records, sends them in batches, keeps each batch until the broker says that it is durable.
 *
 * What is lost with a connection or a broker is sent again after the next WELCOME; the broker knows (name, fseq) and
 * accepts each once. Memory is bounded by the window that the broker grants and by HELD_MAX; past them, submit waits.
 * Never drops a record by itself and never reorders.
 */
#include "batch.h"
#include "wire.h"

#include <newswire/alloc.h>
#include <newswire/client.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/uuid.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    FIRST_ANSWER_MS = 5000,
    HELLO_AGAIN_MS = 1000, /* a HELLO without answer is repeated after so long */
    BATCH_MS = 2,          /* a batch that is not full goes after so long */
    HELD_MAX = 64 << 20,   /* most bytes under way, unless one batch alone is larger */
    NAME_MAX_BYTES = 64,
};

struct nw_feeder {
    void *context;
    struct wire wire;
    char name[NAME_MAX_BYTES + 1];
    char instance[NW_UUID];
    char why[NW_WHY];

    struct nw_buf config; /* JSON text of WELCOME */
    bool joined;          /* this connection has its WELCOME */
    uint64_t epoch, window, heartbeat_ms;
    size_t batch_records, batch_bytes;
    int64_t hello_due;

    struct batch *oldest, *newest; /* all that is not accepted, in order; the newest may still be filled */
    struct batch *unsent;          /* the first of them that this connection has not sent; NULL for none */
    bool filling;                  /* newest takes more records */
    uint64_t next;                 /* fseq of the next record */
    uint64_t accepted;             /* durable through this fseq */
    uint64_t rejected;             /* of those, how many were refused */
    uint64_t first;
    uint64_t under_way; /* records sent and not accepted */
    size_t held;        /* their bytes */
    size_t usual;       /* bytes of the last full batch: room for the next one */
};

/* ---- batches */

/* Whether the window has room for it. One batch may always be under way, else a small window would stop the flow. */
static bool batch_may_go(const struct nw_feeder *feeder, const struct batch *batch)
{
    if (!feeder->joined || feeder->window == 0) {
        return false;
    }
    return feeder->under_way == 0 ||
           (feeder->under_way + batch->n <= feeder->window && feeder->held + batch->bytes <= HELD_MAX);
}

static int batch_send(struct nw_feeder *feeder, struct batch *batch)
{
    struct nw_header header = {.type = NW_SUBMIT, .epoch = feeder->epoch};
    int rc = batch_seal(batch);
    void *urgent = batch->urgent.p; /* a heap block, so aligned for its elements */

    header.submit.feeder = nw_str_z(feeder->name);
    header.submit.fseq = batch->first;
    header.submit.sizes = (struct nw_sizes){batch->sizes, batch->n};
    header.submit.urgent = (struct nw_numbers){urgent, batch->urgent.n / sizeof *header.submit.urgent.v};
    return rc ? rc : wire_send_shared(&feeder->wire, &header, &batch->message);
}

/* ---- what the broker says */

/* All through `fseq` is durable. */
static void accept_through(struct nw_feeder *feeder, uint64_t fseq)
{
    if (fseq >= feeder->next) { /* a name that was used before: what we numbered again has been accepted then */
        fseq = feeder->next - 1;
    }
    if (fseq > feeder->accepted) {
        feeder->accepted = fseq;
    }
    while (feeder->oldest && feeder->oldest->first + feeder->oldest->n - 1 <= feeder->accepted) {
        struct batch *batch = feeder->oldest;

        if (feeder->unsent == batch) {
            feeder->unsent = batch->next;
        } else {
            feeder->under_way -= batch->n;
            feeder->held -= batch->bytes;
        }
        feeder->oldest = batch->next;
        if (!feeder->oldest) {
            feeder->newest = NULL;
            feeder->filling = false;
        }
        batch_free(batch);
    }
}

/* Forgets what was sent: all goes again after the next WELCOME. */
static void part(struct nw_feeder *feeder)
{
    feeder->joined = false;
    feeder->hello_due = nw_clock_mono();
    feeder->unsent = feeder->oldest;
    feeder->under_way = 0;
    feeder->held = 0;
}

static void on_welcome(struct nw_feeder *feeder, uint64_t epoch, const struct nw_welcome_header *welcome)
{
    part(feeder);
    feeder->joined = true;
    feeder->epoch = epoch;
    feeder->window = welcome->window;
    feeder->heartbeat_ms = welcome->heartbeat_ms ? welcome->heartbeat_ms : HELLO_AGAIN_MS;
    if (!feeder->filling) { /* the arrays of a batch that is being filled have their size already */
        size_t records = welcome->batch_records > NW_BATCH_RECORDS ? NW_BATCH_RECORDS : (size_t)welcome->batch_records;
        size_t bytes = welcome->batch_bytes > NW_RECORD_MAX ? NW_RECORD_MAX : (size_t)welcome->batch_bytes;
        feeder->batch_records = records ? records : 64;
        feeder->batch_bytes = bytes ? bytes : (size_t)256 << 10;
    }
    if (feeder->first == 0) {
        feeder->first = feeder->next = welcome->fseq ? welcome->fseq : 1;
        feeder->accepted = feeder->first - 1;
    }
    if (welcome->fseq > 0) {
        accept_through(feeder, welcome->fseq - 1);
    }
    nw_buf_clear(&feeder->config);
    nw_buf_str(&feeder->config, welcome->config);
}

static void on_accept(struct nw_feeder *feeder, const struct nw_accept_header *accept)
{
    uint64_t through = accept->fseq < feeder->next ? accept->fseq : feeder->next - 1;

    for (size_t i = 0; i < accept->rejects.n; i++) {
        const struct nw_reject *reject = &accept->rejects.v[i];

        if (reject->fseq > feeder->accepted && reject->fseq <= through) {
            feeder->rejected++;
            snprintf(feeder->why, sizeof feeder->why, "%.*s", NW_FMT(reject->why));
        }
    }
    feeder->window = accept->window;
    accept_through(feeder, accept->fseq);
}

static int handle(struct nw_feeder *feeder)
{
    const struct nw_header *header = &feeder->wire.header;

    if (header->type == NW_WELCOME) {
        on_welcome(feeder, header->epoch, &header->welcome);
    } else if (header->type == NW_RESET) {
        if (feeder->joined) { /* once: each SUBMIT that the broker did not know gets one */
            part(feeder);
        }
    } else if (header->type == NW_ACCEPT) {
        if (feeder->joined && header->epoch == feeder->epoch &&
            nw_str_eq(header->accept.feeder, nw_str_z(feeder->name))) {
            on_accept(feeder, &header->accept);
        }
    } else if (header->type == NW_BYE) {
        snprintf(feeder->why, sizeof feeder->why, "%.*s", NW_FMT(header->bye.why));
        return -ECONNREFUSED;
    }
    return 0; /* PING, DRAIN and what later versions may add ask nothing of a feeder */
}

/* ---- what we say */

static int hello_send(struct nw_feeder *feeder)
{
    struct nw_header header = {.type = NW_HELLO};
    char host[256] = "";
    int rc;

    (void)gethostname(host, sizeof host - 1);
    header.hello.role = NW_S("feeder");
    header.hello.stage = nw_str_z(feeder->name);
    header.hello.instance = nw_str_z(feeder->instance);
    header.hello.build = NW_S(NW_VERSION);
    header.hello.pid = (uint64_t)getpid();
    header.hello.host = nw_str_z(host);
    header.hello.schema = nw_record_schema();
    rc = wire_send(&feeder->wire, &header);
    if (rc == 0) {
        feeder->hello_due = nw_clock_mono() + HELLO_AGAIN_MS;
    }
    return rc;
}

static int ping_send(struct nw_feeder *feeder)
{
    struct nw_header header = {.type = NW_PING, .epoch = feeder->epoch};

    return wire_send(&feeder->wire, &header);
}

/* Sends all that may go now; `all` sends the batch that is being filled too. 0, -EAGAIN when the socket takes no more
 * at the moment, or a fault. */
static int say(struct nw_feeder *feeder, bool all)
{
    int64_t now = nw_clock_mono();
    int rc = 0;

    if (feeder->joined && now - feeder->wire.last_heard >= WIRE_SILENCE_MS && feeder->under_way) {
        part(feeder);
    }
    if (!feeder->joined) {
        return now >= feeder->hello_due ? hello_send(feeder) : 0;
    }
    while (rc == 0 && feeder->unsent && batch_may_go(feeder, feeder->unsent)) {
        struct batch *batch = feeder->unsent;
        bool open = batch == feeder->newest && feeder->filling;

        if (open && !all && now - batch->opened < BATCH_MS) {
            break;
        }
        feeder->filling = feeder->filling && !open;
        rc = batch_send(feeder, batch);
        if (rc == 0) {
            feeder->unsent = batch->next;
            feeder->under_way += batch->n;
            feeder->held += batch->bytes;
        }
    }
    if (rc == 0 && now - feeder->wire.last_sent >= (int64_t)feeder->heartbeat_ms) {
        /* A broker that has forgotten us, or a new connection, answers RESET: so a lost SUBMIT is noticed. */
        rc = ping_send(feeder);
    }
    return rc;
}

static int hear(struct nw_feeder *feeder)
{
    int rc;

    do {
        rc = wire_read(&feeder->wire);
        if (rc == -EPROTO || rc == -ECONNREFUSED) {
            snprintf(feeder->why, sizeof feeder->why, "%s", feeder->wire.why);
        }
        rc = rc ? rc : handle(feeder);
    } while (rc == 0);
    return rc == -EAGAIN ? 0 : rc;
}

/* One turn: hears, says, and, unless `until` has passed, waits for the next event. 0, -ETIMEDOUT, -EHOSTUNREACH or a
 * fault. */
static int turn(struct nw_feeder *feeder, bool all, int64_t until, bool (*enough)(const struct nw_feeder *))
{
    struct wire *wires[] = {&feeder->wire};
    int64_t now, next;
    bool full;
    int rc = hear(feeder);

    rc = rc ? rc : say(feeder, all);
    full = rc == -EAGAIN;
    if ((rc < 0 && !full) || enough(feeder)) {
        return full ? 0 : rc;
    }
    now = nw_clock_mono();
    if (now >= until) {
        return wire_timeout_error(&feeder->wire);
    }
    next = feeder->joined ? feeder->wire.last_sent + (int64_t)feeder->heartbeat_ms : feeder->hello_due;
    next = next <= now ? now + (int64_t)(full ? HELLO_AGAIN_MS : 1) : next;
    return wire_wait(wires, 1, full, next < until ? next : until);
}

static bool has_joined(const struct nw_feeder *feeder)
{
    return feeder->joined;
}

static bool has_room(const struct nw_feeder *feeder)
{
    return !feeder->unsent || (feeder->unsent == feeder->newest && feeder->filling);
}

static bool has_flushed(const struct nw_feeder *feeder)
{
    return !feeder->oldest;
}

/* Turns until `enough` is true. */
static int turn_until(struct nw_feeder *feeder, bool all, int64_t timeout_ms, bool (*enough)(const struct nw_feeder *))
{
    int64_t until = wire_deadline(timeout_ms);
    int rc = 0;

    while (rc == 0 && !enough(feeder)) {
        rc = turn(feeder, all, until, enough);
    }
    return rc;
}

/* ---- the interface */

static bool name_is_good(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    return n >= 1 && n <= NAME_MAX_BYTES && name[n] == '\0';
}

static int name_set(struct nw_feeder *feeder, const char *name)
{
    int rc = nw_uuid(feeder->instance);

    if (rc == 0 && name && !name_is_good(name)) {
        snprintf(feeder->why, sizeof feeder->why, "a feeder's name has 1 to 64 letters, digits, '-', '_' and '.'");
        rc = -EINVAL;
    }
    if (rc == 0) {
        snprintf(feeder->name, sizeof feeder->name, "%s%s", name ? "" : "feed-", name ? name : feeder->instance);
    }
    return rc;
}

int nw_feeder_open(const struct nw_feeder_options *options, struct nw_feeder **out)
{
    struct nw_feeder *feeder = nw_calloc(1, sizeof *feeder);
    struct nw_curve_client keys;
    bool some = false;
    int rc = feeder ? 0 : -ENOMEM;

    *out = NULL;
    if (rc) {
        return nw_fault(rc);
    }
    feeder->first = feeder->next = options->first; /* 0: WELCOME will tell */
    feeder->accepted = options->first ? options->first - 1 : 0;
    feeder->heartbeat_ms = HELLO_AGAIN_MS;
    nw_buf_init(&feeder->config, NW_HEADER_MAX);
    rc = name_set(feeder, options->name);
    if (rc == 0 && nw_curve_read_client(options->broker_key, options->key, &keys, &some, feeder->why) != 0) {
        rc = -EINVAL;
    }
    if (rc == 0 && !(feeder->context = zmq_ctx_new())) {
        rc = nw_fault(-errno);
    }
    rc = rc ? rc : wire_open(&feeder->wire, feeder->context, ZMQ_DEALER, options->endpoint, some ? &keys : NULL);
    rc = rc ? rc : turn_until(feeder, false, options->timeout_ms ? options->timeout_ms : FIRST_ANSWER_MS, has_joined);
    rc = rc == -ETIMEDOUT ? -EHOSTUNREACH : rc;
    if (rc && options->why) {
        snprintf(options->why, NW_WHY, "%s", feeder->why[0] ? feeder->why : wire_trouble(&feeder->wire));
    }
    if (rc) {
        nw_feeder_close(&feeder);
    }
    *out = feeder;
    return rc;
}

/* Makes the newest batch one that can take `size` bytes more. */
static int room_make(struct nw_feeder *feeder, size_t size, int64_t timeout_ms)
{
    struct batch *batch = feeder->newest;
    int rc;

    if (feeder->filling && batch->n < feeder->batch_records && batch->bytes + size <= feeder->batch_bytes) {
        return 0;
    }
    feeder->filling = false; /* it is full: it goes, and another comes behind it */
    rc = turn_until(feeder, false, timeout_ms, has_room);
    if (rc) {
        return rc;
    }
    batch = batch_new(feeder->next, feeder->batch_records, size > feeder->usual ? size : feeder->usual);
    if (!batch) {
        return nw_fault(-ENOMEM);
    }
    if (feeder->newest) {
        feeder->newest->next = batch;
    } else {
        feeder->oldest = batch;
    }
    feeder->newest = batch;
    feeder->unsent = feeder->unsent ? feeder->unsent : batch;
    feeder->filling = true;
    return 0;
}

int nw_feeder_submit(struct nw_feeder *feeder, struct nw_str record, int64_t timeout_ms)
{
    struct batch *batch;
    int rc;

    if (record.n > NW_RECORD_MAX) {
        return NW_BAD_RECORD;
    }
    rc = room_make(feeder, record.n, timeout_ms);
    if (rc) {
        return rc;
    }
    batch = feeder->newest;
    rc = batch_add(batch, record);
    if (rc) {
        return rc;
    }
    feeder->next++;
    if (batch->n == feeder->batch_records || batch->bytes >= feeder->batch_bytes) {
        feeder->usual = batch->bytes;
        feeder->filling = false;
    }
    return feeder->filling && nw_clock_mono() - batch->opened < BATCH_MS ? 0 : nw_feeder_poll(feeder);
}

int nw_feeder_flush(struct nw_feeder *feeder, int64_t timeout_ms)
{
    return turn_until(feeder, true, timeout_ms, has_flushed);
}

int nw_feeder_poll(struct nw_feeder *feeder)
{
    int rc = hear(feeder);

    rc = rc ? rc : say(feeder, false);
    return rc == -EAGAIN ? 0 : rc;
}

struct nw_str nw_feeder_config(const struct nw_feeder *feeder)
{
    return nw_buf_view(&feeder->config);
}

int nw_feeder_fd(const struct nw_feeder *feeder)
{
    int fd = -1;
    size_t size = sizeof fd;

    return zmq_getsockopt(feeder->wire.socket, ZMQ_FD, &fd, &size) == 0 ? fd : -1;
}

void nw_feeder_stats(const struct nw_feeder *feeder, struct nw_feeder_stats *stats)
{
    stats->first = feeder->first;
    stats->submitted = feeder->next - feeder->first;
    stats->rejected = feeder->rejected;
    stats->accepted = feeder->accepted + 1 - feeder->first - feeder->rejected;
}

const char *nw_feeder_why(const struct nw_feeder *feeder)
{
    return feeder->why;
}

void nw_feeder_close(struct nw_feeder **feeder)
{
    struct nw_feeder *f = *feeder;
    bool told = false;

    if (!f) {
        return;
    }
    if (f->joined) {
        struct nw_header header = {.type = NW_BYE, .epoch = f->epoch};
        header.bye.why = NW_S("done");
        told = wire_send(&f->wire, &header) == 0;
    }
    wire_close(&f->wire, told ? 500 : 0);
    if (f->context) {
        zmq_ctx_term(f->context);
    }
    while (f->oldest) {
        struct batch *next = f->oldest->next;
        batch_free(f->oldest);
        f->oldest = next;
    }
    nw_buf_free(&f->config);
    nw_free(f);
    *feeder = NULL;
}
