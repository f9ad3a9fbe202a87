/*
 * The worker's loop. What it owes the broker: CREDIT at every change and each heartbeat, one DONE a lease. What it does
 * when the broker is silent: says HELLO again, forever; the supervisor or a person decides when that is enough.
 */
#include "run/worker.h"

#include "conf/conf.h"
#include "link/frame.h"
#include "run/context.h"
#include "run/deadline.h"
#include "run/gate.h"
#include "run/kills.h"
#include "run/learn.h"
#include "run/overtime.h"
#include "run/results.h"
#include "run/share.h"
#include "run/sink.h"
#include "run/unsaid.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum {
    HELLO_MS = 100,     /* between HELLOs until WELCOME comes */
    SILENCE_MS = 5000,  /* of the broker, after which HELLO is said again */
    FAREWELL_MS = 2000, /* of the broker's silence while draining, after which the worker goes without BYE */
};

enum worker_state { GREETING, WORKING, DRAINING, GONE, REFUSED };

struct nw_worker {
    struct nw_worker_options options;
    struct nw_stage_context context;
    struct nw_conf *conf;
    struct nw_buf config; /* conf's text */
    enum worker_state state;
    bool opened; /* context is */
    bool more;   /* the last receive gave something: look again at once */

    uint64_t epoch, window, heartbeat_ms, article_ms;
    struct nw_deadline *deadline; /* of article_ms; NULL: none */
    int64_t said_hello, said_credit, heard;

    struct nw_arena headers, records;
    struct nw_buf header;
    struct results results;            /* of the lease at hand */
    const struct nw_entry *entry;      /* of the record at hand */
    const struct nw_work_header *work; /* and its lease */

    struct learner *learner;    /* an ordered stage's */
    struct unsaid_queue unsaid; /* its DONEs that wait for the disk */

    uint64_t records_in, records_out, dropped, failed, again, duplicates, batches, busy_us;
};

/* Into worker->header. */
static int encode(struct nw_worker *worker, struct nw_header *header)
{
    int r;

    header->epoch = worker->epoch;
    nw_buf_clear(&worker->header);
    r = nw_header_encode(header, &worker->header);
    return r < 0 ? nw_fault(r) : 0;
}

/* What goes without a body, which is all but DONE. */
static int say(struct nw_worker *worker, struct nw_header *header)
{
    int r = encode(worker, header);

    if (r == 0)
        r = nw_link_send(worker->options.link, nw_buf_view(&worker->header), nw_str(NULL, 0));
    return r == -EAGAIN ? 0 : r; /* nobody takes it: it will be said again, or the lease runs out */
}

static int say_hello(struct nw_worker *worker)
{
    char host[256] = "";
    struct nw_header header = {.type = NW_HELLO};

    gethostname(host, sizeof host - 1);
    header.hello.role = NW_S("worker");
    header.hello.stage = nw_str_z(worker->options.name ? worker->options.name : worker->options.stage->name);
    header.hello.instance = nw_str_z(worker->options.instance);
    header.hello.build = NW_S(NW_VERSION);
    header.hello.pid = (uint64_t)getpid();
    header.hello.host = nw_str_z(host);
    header.hello.schema = nw_record_schema();
    if (worker->options.sink)
        header.hello.mark = nw_sink_mark(worker->options.sink);
    worker->said_hello = nw_clock_mono();
    worker->epoch = 0;
    return say(worker, &header);
}

static int say_credit(struct nw_worker *worker)
{
    struct nw_header header = {.type = NW_CREDIT};

    header.credit.window = worker->state == DRAINING ? 0 : worker->window;
    worker->said_credit = nw_clock_mono();
    return say(worker, &header);
}

/* The heartbeat, also between the records of a long batch. */
static int beat(struct nw_worker *worker)
{
    if (worker->state != WORKING && worker->state != DRAINING)
        return 0;
    if (nw_clock_mono() - worker->said_credit < (int64_t)worker->heartbeat_ms)
        return 0;
    return say_credit(worker);
}

/* ---- one record */

static int emit_output(struct nw_stage_context *context, struct nw_record *record)
{
    struct nw_worker *worker = context->owner;

    return results_put(&worker->results, record);
}

static int emit_sink(struct nw_stage_context *context, struct nw_record *record)
{
    struct nw_worker *worker = context->owner;
    int r = nw_sink_append(worker->options.sink, context->arena, worker->entry, record);

    return r == 0 ? learner_keep(worker->learner) : r;
}

/* Whether an ordered stage puts a record out: NW_OK, another verdict, or a negative fault. */
static int may_pass(struct nw_worker *worker, const struct nw_record *record)
{
    int takes = worker->options.share ? share_takes(worker->options.share, record) : 1;

    if (takes < 0)
        return takes;
    return takes ? gate_check(&worker->context, worker->options.sink, record) : nw_drop(&worker->context, "elsewhere");
}

/* Decodes it, and runs it through the stage: an nw_verdict or a negative fault. */
static int process_record(struct nw_worker *worker, struct nw_str bytes)
{
    struct nw_record *record;
    int r = nw_record_decode(&worker->records, bytes, &record, worker->context.why);

    if (r != 0)
        return r == NW_BAD_RECORD ? NW_REJECTED : r;
    r = worker->options.sink ? may_pass(worker, record) : NW_OK;
    return r == NW_OK ? nw_context_process(&worker->context, record) : r;
}

static int run_record(struct nw_worker *worker, struct nw_str bytes, struct nw_result *result)
{
    struct results_place place = results_place(&worker->results);
    int r;

    *result = (struct nw_result){.outcome = NW_OUTPUTS};
    worker->results.full = false;
    worker->context.why[0] = '\0';
    nw_arena_reset(&worker->records);
    r = process_record(worker, bytes);
    worker->records_in++;
    if (r == -E2BIG)
        r = nw_reject(&worker->context, "the output log holds as many kills as can be known: %d; keep less of it",
                      NW_KILLS_MAX);
    if (r == -EMSGSIZE && !worker->results.full) {
        nw_reject(&worker->context, "the record grew past %d bytes, the most that one may have", NW_RECORD_MAX);
        r = NW_REJECTED;
    }
    if (r == -EMSGSIZE)
        r = NW_RETRY;
    if (r < 0)
        return r;
    if (r == NW_OK) {
        result->outputs.n = results_count(&worker->results, place);
        worker->records_out += worker->context.emitted;
        return 0;
    }
    /* What a record emitted before it failed is not put out. */
    results_take_back(&worker->results, place);
    if (r == NW_RETRY && worker->options.sink)
        return nw_fault(
            -EAGAIN); /* later records must not pass it: the process goes, and all its leases come again in order */
    if (r == NW_RETRY) {
        result->outcome = NW_AGAIN;
        worker->again++;
        return 0;
    }
    if (r == NW_DROPPED) {
        worker->dropped++;
        return results_give_nothing(&worker->results, NW_LEFT_OUT, nw_str_z(worker->context.why), result);
    }
    worker->failed++;
    r = worker->options.sink ? nw_sink_refuse(worker->options.sink, worker->entry, worker->context.why) : 0;
    return r < 0 ? r : results_give_nothing(&worker->results, NW_FAILED, nw_str_z(worker->context.why), result);
}

/* ---- one lease */

/* An ordered stage says DONE when its log is on the disk, which does not keep it from the next lease. */
static int say_later(struct nw_worker *worker, struct nw_header *done)
{
    struct nw_sink *sink = worker->options.sink;
    int r = encode(worker, done);

    if (r == 0)
        r = unsaid_add(&worker->unsaid, nw_sink_mark(sink).oseq, nw_buf_view(&worker->header));
    return r == 0 ? nw_sink_commit(sink) : r;
}

static int say_now(struct nw_worker *worker, struct nw_header *done)
{
    int r = encode(worker, done);

    worker->results.usual = worker->results.outputs.n;
    if (r == 0)
        r = nw_link_give(worker->options.link, nw_buf_view(&worker->header), &worker->results.outputs);
    return r == -EAGAIN ? 0 : r;
}

/* A record that the log is past: it gives what it gave. */
static int know_record(struct nw_worker *worker, struct nw_result *result)
{
    struct nw_str why;
    int r = nw_sink_refused(worker->options.sink, worker->entry, &why);

    worker->duplicates++;
    if (r != 0)
        return r < 0 ? r : 0;
    return results_give_nothing(&worker->results, NW_FAILED, why, result);
}

static int run_work(struct nw_worker *worker, const struct nw_work_header *work, struct nw_str body)
{
    struct nw_header done = {.type = NW_DONE};
    int64_t start = nw_clock_mono_micro();
    size_t at = 0;
    int r = 0;

    r = results_begin(&worker->results);
    worker->work = work;
    for (size_t i = 0; i < work->entries.n && r == 0; i++) {
        const struct nw_entry *entry = &work->entries.v[i];
        struct nw_str bytes = nw_str(body.p + at, entry->size);
        struct nw_result result = {.outcome = NW_OUTPUTS};
        at += entry->size;
        worker->entry = entry;
        nw_deadline_begin(worker->deadline);
        if (worker->options.sink && nw_sink_has(worker->options.sink, entry))
            r = know_record(worker, &result);
        else
            r = run_record(worker, bytes, &result);
        nw_deadline_end(worker->deadline);
        if (r == 0)
            r = results_add(&worker->results, &result);
        if (r == 0)
            r = beat(worker);
    }
    if (r == 0)
        r = nw_context_flush(&worker->context);
    if (r < 0)
        return r;
    worker->batches++;
    done.done.lease = work->lease;
    done.done.busy_us = (uint64_t)(nw_clock_mono_micro() - start);
    worker->busy_us += done.done.busy_us;
    done.done.results = results_list(&worker->results);
    return worker->options.sink ? say_later(worker, &done) : say_now(worker, &done);
}

/* The record at hand has had its time; the thread that is at it stays there. */
static void give_up(void *user)
{
    struct nw_worker *worker = user;
    struct overtime overtime = {.work = worker->work,
                                .at = (size_t)(worker->entry - worker->work->entries.v),
                                .epoch = worker->epoch,
                                .limit_ms = worker->article_ms,
                                .ordered = worker->options.sink != NULL};

    overtime_say(&overtime, worker->options.link);
    worker->options.given_up(worker->options.user);
}

static int limit_time(struct nw_worker *worker, uint64_t article_ms)
{
    if (article_ms == worker->article_ms || !worker->options.given_up)
        return 0;
    nw_deadline_free(&worker->deadline);
    worker->article_ms = article_ms;
    return article_ms > 0 ? nw_deadline_new(article_ms, give_up, worker, &worker->deadline) : 0;
}

/* ---- messages */

static int open_stage(struct nw_worker *worker)
{
    struct learner_options options = {.context = &worker->context,
                                      .sink = worker->options.sink,
                                      .config = nw_buf_view(&worker->config),
                                      .progress = worker->options.learning,
                                      .user = worker->options.user};
    int r;

    worker->opened = true;
    worker->context.arena = &worker->records;
    worker->context.emit = worker->options.sink ? emit_sink : emit_output;
    worker->context.owner = worker;
    r = nw_context_open(&worker->context, worker->options.stage, worker->conf);
    return r == 0 && worker->options.sink ? learner_open(&options, &worker->learner) : r;
}

static int take_config(struct nw_worker *worker, struct nw_str config)
{
    struct nw_conf *conf;
    char why[NW_CONF_WHY];
    int r;

    if (worker->opened && nw_str_eq(config, nw_buf_view(&worker->config)))
        return 0;
    if (worker->opened && worker->options.stage->ordered) {
        nw_info("the configuration has changed: going, to be started anew with it");
        worker->state = GONE;
        return 0;
    }
    r = nw_conf_from_json(config, worker->options.stage->conf, &conf, why);
    if (r == NW_CONF_BAD) {
        nw_error("the broker's configuration for this stage is refused: %s; start both from one build", why);
        worker->state = REFUSED;
        return 0;
    }
    if (r < 0)
        return nw_fault(r);
    nw_context_close(&worker->context);
    nw_conf_free(&worker->conf);
    worker->conf = conf;
    nw_buf_clear(&worker->config);
    if (nw_buf_str(&worker->config, config) < 0)
        return nw_fault(worker->config.error);
    return open_stage(worker);
}

static int take_welcome(struct nw_worker *worker, const struct nw_header *header)
{
    int r = take_config(worker, header->welcome.config);

    if (r < 0 || worker->state == GONE || worker->state == REFUSED)
        return r;
    if (worker->options.sink) {
        bool changed;
        r = nw_sink_adopt(worker->options.sink, header->welcome.journal, &changed);
        if (r < 0 || changed)
            return r < 0 ? r : say_hello(worker); /* with a mark that counts in this journal */
    }
    if (worker->epoch != header->epoch)
        unsaid_forget(&worker->unsaid); /* a new broker leases it all again, and the log knows it then */
    worker->epoch = header->epoch;
    worker->window = header->welcome.window;
    worker->heartbeat_ms = header->welcome.heartbeat_ms;
    r = limit_time(worker, header->welcome.article_ms);
    if (r < 0)
        return r;
    if (worker->state == GREETING)
        worker->state = WORKING;
    return say_credit(worker);
}

static int take_message(struct nw_worker *worker, const struct nw_header *header, struct nw_str body)
{
    if (header->type == NW_WELCOME)
        return take_welcome(worker, header);
    if (header->type == NW_BYE) {
        if (worker->state != DRAINING) {
            nw_error("the broker refuses this worker: %.*s", NW_FMT(header->bye.why));
            worker->state = REFUSED;
        } else {
            worker->state = GONE;
        }
        return 0;
    }
    if (header->type == NW_RESET) {
        if (worker->state == WORKING)
            worker->state = GREETING;
        return worker->state == DRAINING ? (worker->state = GONE, 0) : say_hello(worker);
    }
    /* Anything else is of one life of the broker; what comes of another is of no lease that counts. */
    if (worker->state == GREETING || header->epoch != worker->epoch)
        return 0;
    switch (header->type) {
    case NW_WORK:
        return run_work(worker, &header->work, body);
    case NW_DRAIN:
        nw_worker_drain(worker);
        return 0;
    default:
        return 0;
    }
}

int nw_worker_step(struct nw_worker *worker)
{
    struct nw_str bytes, body;
    struct nw_header header;
    char why[NW_WHY];
    int64_t now;
    int r = nw_link_receive(worker->options.link, &bytes, &body);

    if (r < 0)
        return r;
    if (r == NW_LINK_REFUSED)
        return NW_WORKER_REFUSED;
    worker->more = r == 0;
    if (r == 0) {
        nw_arena_reset(&worker->headers);
        worker->heard = nw_clock_mono();
        r = nw_header_decode(&worker->headers, bytes, &header, why);
        if (r == 0 && !nw_header_fits(&header, body.n)) {
            snprintf(why, sizeof why, "%s: the sizes do not make up the body", nw_message_name(header.type));
            r = NW_BAD_HEADER;
        }
        if (r == NW_BAD_HEADER)
            nw_warn("a message of the broker's is dropped: %s", why);
        else if (r == 0)
            r = take_message(worker, &header, body);
        if (r == -ENOSPC) {
            /* No record is to blame: without BYE the broker would count this against the one at hand. */
            struct nw_header bye = {.type = NW_BYE};
            bye.bye.why = NW_S("the disk of the output log has no room");
            say(worker, &bye);
        }
        if (r < 0)
            return r;
    }
    if (worker->options.sink) {
        r = unsaid_say(&worker->unsaid, worker->options.link, nw_sink_durable(worker->options.sink));
        if (r < 0)
            return r;
        if (worker->learner)
            learner_write(worker->learner);
    }
    now = nw_clock_mono();
    if (worker->state == GREETING && now - worker->said_hello >= HELLO_MS)
        r = say_hello(worker);
    else if (worker->state == WORKING && now - worker->heard >= SILENCE_MS)
        worker->state = GREETING, worker->heard = now, r = say_hello(worker);
    else if (worker->state == DRAINING && !worker->more && now - worker->heard >= FAREWELL_MS)
        worker->state = GONE;
    else
        r = beat(worker);
    if (r < 0)
        return r;
    return worker->state == GONE ? NW_WORKER_DONE : worker->state == REFUSED ? NW_WORKER_REFUSED : NW_WORKER_ON;
}

int64_t nw_worker_timeout(const struct nw_worker *worker)
{
    int64_t now = nw_clock_mono(), due;

    if (worker->more)
        return 0;
    if (worker->state == GREETING)
        due = worker->said_hello + HELLO_MS;
    else
        due = worker->said_credit + (int64_t)worker->heartbeat_ms;
    return due > now ? due - now : 0;
}

void nw_worker_drain(struct nw_worker *worker)
{
    if (worker->state == GREETING) {
        worker->state = GONE;
    } else if (worker->state == WORKING) {
        worker->state = DRAINING;
        worker->heard = nw_clock_mono();
        say_credit(worker);
    }
}

bool nw_worker_ready(const struct nw_worker *worker)
{
    return worker->state == WORKING;
}

int nw_worker_metrics(const struct nw_worker *worker, struct nw_buf *out)
{
    nw_buf_printf(out,
                  "{\"records\":%llu,\"outputs\":%llu,\"dropped\":%llu,\"failed\":%llu,\"again\":%llu,"
                  "\"duplicates\":%llu,\"batches\":%llu,\"busy_us\":%llu",
                  (unsigned long long)worker->records_in, (unsigned long long)worker->records_out,
                  (unsigned long long)worker->dropped, (unsigned long long)worker->failed,
                  (unsigned long long)worker->again, (unsigned long long)worker->duplicates,
                  (unsigned long long)worker->batches, (unsigned long long)worker->busy_us);
    for (size_t i = 0; i < NW_COUNTERS && worker->context.counters[i].name; i++)
        nw_buf_printf(out, ",\"%s\":%llu", worker->context.counters[i].name,
                      (unsigned long long)worker->context.counters[i].n);
    if (worker->options.sink)
        nw_sink_metrics(worker->options.sink, out);
    return nw_buf_char(out, '}');
}

int nw_worker_new(const struct nw_worker_options *options, struct nw_worker **result)
{
    struct nw_worker *worker = nw_calloc(1, sizeof *worker);

    if (!worker)
        return nw_fault(-ENOMEM);
    worker->options = *options;
    worker->heartbeat_ms = HELLO_MS;
    worker->said_hello = nw_clock_mono() - HELLO_MS;
    unsaid_init(&worker->unsaid);
    nw_buf_init(&worker->config, NW_HEADER_MAX);
    nw_buf_init(&worker->header, NW_HEADER_MAX);
    results_init(&worker->results);
    *result = worker;
    return 0;
}

void nw_worker_free(struct nw_worker **pointer)
{
    struct nw_worker *worker = *pointer;

    if (!worker)
        return;
    nw_deadline_free(&worker->deadline);
    unsaid_forget(&worker->unsaid);
    learner_close(&worker->learner);
    nw_context_close(&worker->context);
    nw_conf_free(&worker->conf);
    nw_buf_free(&worker->config);
    nw_arena_free(&worker->headers);
    nw_arena_free(&worker->records);
    nw_buf_free(&worker->header);
    results_free(&worker->results);
    nw_free(worker);
    *pointer = NULL;
}
