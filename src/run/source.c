/*
 * The source's loop. What is pulled is submitted; while the broker withholds, nothing is pulled, so back-pressure
 * reaches the source itself. `accepted` is told only what is durable at the broker.
 */
#include "run/source.h"

#include "conf/conf.h"
#include "link/signals.h"
#include "run/context.h"
#include "run/sandbox.h"

#include <newswire/client.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/json.h>
#include <newswire/log.h>

#include <errno.h>
#include <poll.h>

enum {
    TURN_MS = 200, /* how long one wait for the broker may keep the loop from signals and the lifeline */
    METRICS_MS = 1000,
    FAREWELL_MS = 5000, /* for the last records, at the end */
    ALARMS = 16,        /* told one by one; all are counted */
    REPORT = 32 << 10,  /* bytes */
};

struct source {
    const struct nw_stage *stage;
    struct nw_lifeline *lifeline;
    int signals;
    struct nw_stage_context context;
    struct nw_arena arena;
    struct nw_buf encoded;
    struct nw_feeder *feeder;
    uint64_t told; /* records that `accepted` was told of */
    uint64_t complaints;
    int64_t reported;
    bool stop;
};

/* The list of alarms that is being written. */
struct alarms {
    struct nw_buf *out;
    size_t count;
};

static void write_alarm(void *user, struct nw_str name, const char *sentence)
{
    struct alarms *alarms = user;

    if (alarms->count++ >= ALARMS)
        return;
    nw_buf_printf(alarms->out, "%s{\"name\":", alarms->count > 1 ? "," : "");
    nw_json_text(alarms->out, name);
    nw_buf_printf(alarms->out, ",\"why\":");
    nw_json_text(alarms->out, nw_str_z(sentence));
    nw_buf_char(alarms->out, '}');
}

static int report(struct source *source)
{
    struct nw_feeder_stats stats;
    struct nw_buf text;
    struct alarms alarms = {.out = &text};
    int r = 0;

    nw_feeder_stats(source->feeder, &stats);
    nw_buf_init(&text, REPORT);
    nw_buf_printf(
        &text, "metrics {\"records\":%llu,\"submitted\":%llu,\"accepted\":%llu,\"rejected\":%llu,\"complaints\":%llu",
        (unsigned long long)stats.submitted, (unsigned long long)stats.submitted, (unsigned long long)stats.accepted,
        (unsigned long long)stats.rejected, (unsigned long long)source->complaints);
    for (size_t i = 0; i < NW_COUNTERS && source->context.counters[i].name; i++)
        nw_buf_printf(&text, ",\"%s\":%llu", source->context.counters[i].name,
                      (unsigned long long)source->context.counters[i].n);
    nw_buf_printf(&text, ",\"alarms\":[");
    if (source->stage->alarms)
        r = source->stage->alarms(source->context.state, write_alarm, &alarms);
    nw_buf_printf(&text, "],\"alarm_count\":%zu}", alarms.count);
    nw_lifeline_say(source->lifeline, nw_buf_view(&text));
    nw_buf_free(&text);
    source->reported = nw_clock_mono();
    return r;
}

/* Signals, the lifeline, metrics, and what the broker has accepted. */
static int look_round(struct source *source)
{
    enum nw_lifeline_news news = nw_lifeline_hear(source->lifeline);
    struct nw_feeder_stats stats;
    uint64_t done;
    int r = 0;

    if (nw_signals_came(source->signals) || news == NW_LIFELINE_CUT)
        source->stop = true;
    nw_feeder_stats(source->feeder, &stats);
    done = stats.accepted + stats.rejected;
    if (done > source->told) {
        source->told = done;
        if (source->stage->accepted)
            r = source->stage->accepted(&source->context, source->context.state, done);
    }
    if (r == 0 && (news == NW_LIFELINE_REPORT || nw_clock_mono() - source->reported >= METRICS_MS))
        r = report(source);
    return r;
}

static bool passing(int r)
{
    return r == -ETIMEDOUT || r == -EHOSTUNREACH || r == -EINTR;
}

static int emit_submit(struct nw_stage_context *context, struct nw_record *record)
{
    struct source *source = context->owner;
    int r;

    nw_buf_clear(&source->encoded);
    r = nw_record_encode(record, &source->encoded);
    if (r < 0)
        return r;
    do {
        r = nw_feeder_submit(source->feeder, nw_buf_view(&source->encoded), TURN_MS);
        if (passing(r)) {
            int looked = look_round(source);
            if (looked < 0)
                return looked;
        }
        /* A stop while the broker withholds: what is not accepted will be acquired again by the next life. */
    } while (passing(r) && !source->stop);
    nw_arena_reset(&source->arena);
    return r == NW_BAD_RECORD ? -EMSGSIZE : passing(r) ? -ECANCELED : r;
}

static void complain(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    struct source *source = context->owner;

    source->complaints++;
    nw_warn("%.*s: %s", NW_FMT(path), sentence);
}

static int rest(struct source *source)
{
    struct pollfd fds[] = {
        {.fd = source->context.wait_fd, .events = POLLIN},
        {.fd = nw_feeder_fd(source->feeder), .events = POLLIN},
        {.fd = source->lifeline->fd, .events = POLLIN},
        {.fd = source->signals, .events = POLLIN},
    };
    int64_t ms = source->context.idle_ms < METRICS_MS ? source->context.idle_ms : METRICS_MS;
    int r = nw_feeder_flush(source->feeder, 0); /* the last batch goes; nobody waits for it here */

    if (r < 0 && !passing(r))
        return r;
    if (poll(fds, sizeof fds / sizeof *fds, (int)ms) < 0 && errno != EINTR)
        return nw_fault(-errno);
    r = nw_feeder_poll(source->feeder);
    return passing(r) ? 0 : r;
}

static int pull(struct source *source)
{
    int r = 0, pulled = NW_PULLED;

    while (r == 0 && !source->stop && pulled != NW_ENDED) {
        pulled = source->stage->pull(&source->context, source->context.state, 1);
        if (pulled == -ECANCELED && source->stop)
            break;
        if (pulled < 0)
            return pulled;
        if (pulled == NW_IDLE)
            r = rest(source);
        else
            r = nw_feeder_poll(source->feeder);
        if (r == 0 || passing(r))
            r = look_round(source);
    }
    return r;
}

int nw_source_run(const struct nw_source_options *options)
{
    const struct nw_stage *stage = options->stage;
    struct source source = {.stage = stage, .lifeline = options->lifeline, .signals = options->signals};
    char why[NW_CONF_WHY] = "";
    struct nw_feeder_options feeder = {.endpoint = options->endpoint,
                                       .name = stage->name,
                                       .broker_key = options->broker_key,
                                       .key = options->key,
                                       .why = why};
    struct nw_conf *conf = NULL;
    struct nw_feeder_stats stats;
    int r;

    nw_buf_init(&source.encoded, NW_RECORD_MAX);
    r = nw_feeder_open(&feeder, &source.feeder);
    if (r < 0) {
        nw_error("cannot feed %s: %s", options->endpoint,
                 why[0] ? why : "nobody answers; is the broker running there?");
        goto out;
    }
    r = nw_conf_from_json(nw_feeder_config(source.feeder), stage->conf, &conf, why);
    if (r == NW_CONF_BAD) {
        nw_error("the broker's configuration for this stage is refused: %s; start both from one build", why);
        r = -EINVAL;
    }
    if (r < 0)
        goto out;
    source.context.arena = &source.arena;
    source.context.emit = emit_submit;
    source.context.complain = complain;
    source.context.owner = &source;
    nw_feeder_stats(source.feeder, &stats);
    source.context.before = stats.first - 1;
    r = nw_context_open(&source.context, stage, conf);
    if (r == 0)
        r = nw_sandbox_enter(
            &(struct nw_sandbox){.network = source.context.network || strncmp(options->endpoint, "ipc:", 4) != 0,
                                 .writes = source.context.writes});
    if (r < 0)
        goto out;
    nw_lifeline_say(options->lifeline, NW_S("ready"));
    nw_info("ready: feeding %s", options->endpoint);
    r = pull(&source);
    if (r == 0) {
        int flushed = nw_feeder_flush(source.feeder, FAREWELL_MS);
        if (flushed < 0)
            nw_warn("some of what was acquired last is not accepted yet; it will be acquired again");
        r = look_round(&source);
    }
out:
    nw_context_close(&source.context);
    nw_conf_free(&conf);
    nw_feeder_close(&source.feeder);
    nw_arena_free(&source.arena);
    nw_buf_free(&source.encoded);
    return r;
}
