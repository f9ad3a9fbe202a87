/*
 * newswired-broker --config FILE: one process, one thread beside the journal's writer. It ends on SIGTERM or when the
 * supervisor is gone; what is under way then is in the journal and is done by the next one.
 */
#include "broker/broker.h"
#include "broker/keys.h"
#include "conf/daemon.h"
#include "link/lifeline.h"
#include "link/signals.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    EXIT_USAGE = 1,
    EXIT_START = 2,
    METRICS_MS = 1000,
    RECEIVE_MAX = 256,
    HOLD_OFF_MS = 1,
    WATCH_MS = 100,
    ENDPOINTS = 64
};

static void usage(FILE *out)
{
    fprintf(out, "newswired-broker: journals what is fed and leases it to the stages.\n\n"
                 "usage: newswired-broker [--config FILE]\n\n"
                 "  --config FILE  as newswired's; default: its default\n"
                 "  --version, --help\n\n"
                 "The supervisor starts it; see newswired(1).\n");
}

/* 0 to go on; else the process ends with *status. */
static int read_options(int argc, char **argv, const char **config, int *status)
{
    static const struct option longs[] = {
        {"config", required_argument, NULL, 'c'},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;

    *status = 0;
    while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
        switch (c) {
        case 'c':
            *config = optarg;
            break;
        case 'V':
            printf("newswired-broker %s\n", NW_VERSION);
            return 1;
        case 'h':
            usage(stdout);
            return 1;
        default:
            usage(stderr);
            *status = EXIT_USAGE;
            return 1;
        }
    }
    return 0;
}

static void configure(struct broker *broker, const struct nw_daemon *daemon)
{
    const struct nw_conf *conf = nw_conf_under(daemon->conf, "broker");
    struct broker_limits *limits = &broker->limits;

    limits->in_flight_records = (size_t)nw_conf_int(conf, "in_flight_records");
    limits->in_flight_bytes = (size_t)nw_conf_int(conf, "in_flight_bytes");
    limits->batch_records = (size_t)nw_conf_int(conf, "batch_records");
    limits->batch_bytes = (size_t)nw_conf_int(conf, "batch_bytes");
    limits->window = (size_t)nw_conf_int(conf, "window");
    limits->window_bytes = (size_t)nw_conf_int(conf, "window_bytes");
    limits->feeder_window = (size_t)nw_conf_int(conf, "feeder_window");
    limits->lease_ms = nw_conf_int(conf, "lease_ms");
    limits->heartbeat_ms = nw_conf_int(conf, "heartbeat_ms");
    limits->article_ms = nw_conf_int(conf, "article_ms");
    limits->lost_alone = (int)nw_conf_int(conf, "poison_split");
    limits->lost_dead = (int)nw_conf_int(conf, "poison_dead");
    for (size_t i = 0; i < daemon->count; i++) {
        const struct nw_daemon_stage *stage = &daemon->stages[i];
        struct broker_stage *to = stage->source ? &broker->source : &broker->stages[broker->stage_count++];
        broker->has_source |= stage->source;
        to->name = nw_str_z(stage->name);
        to->config = stage->json;
        to->ordered = stage->ordered;
    }
}

static int listen_on(struct broker *broker, const struct nw_daemon *daemon)
{
    const struct nw_conf *conf = nw_conf_under(daemon->conf, "broker");
    const char *endpoints[ENDPOINTS] = {daemon->endpoint};
    struct socket_options options = {.endpoints = endpoints, .n = 1, .authorized = daemon->authorized};
    struct broker_keys keys;
    int r = keys_prepare(daemon, &keys);

    if (r < 0)
        return r;
    options.keys = keys.asked ? &keys.pair : NULL;
    for (size_t i = 0; i < nw_conf_count(conf, "listen") && options.n < ENDPOINTS; i++)
        endpoints[options.n++] = nw_conf_str_at(conf, "listen", i).p;
    r = socket_open(&options, &broker->socket);
    for (size_t i = 1; r == 0 && i < options.n; i++)
        nw_info("listening on %s for %s%s", endpoints[i],
                keys.asked ? "keys that are in " : "everybody (broker.insecure)", keys.asked ? daemon->authorized : "");
    return r;
}

static int make_folder(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return 0;
    int error = -errno;
    nw_error("cannot make %s: data_dir must be in a folder that exists and may be written", path);
    return error;
}

static void report(const struct broker *broker, struct nw_lifeline *lifeline)
{
    struct nw_buf text;

    nw_buf_init(&text, 32 << 10);
    nw_buf_str(&text, NW_S("metrics "));
    stats_print(broker, &text);
    nw_lifeline_say(lifeline, nw_buf_view(&text));
    nw_buf_free(&text);
}

static int run(struct broker *broker, struct nw_lifeline *lifeline, int signals)
{
    int64_t reported = 0;
    int r = 0;

    while (r == 0) {
        int fds[] = {lifeline->fd, signals, journal_event(broker->journal)};
        enum nw_lifeline_news news;
        bool some = true;
        r = socket_wait(broker->socket, fds, sizeof fds / sizeof *fds,
                        broker->held_off || broker->gathering ? HOLD_OFF_MS : WATCH_MS);
        if (r < 0)
            break;
        news = nw_lifeline_hear(lifeline);
        if (nw_signals_came(signals) || news == NW_LIFELINE_CUT)
            return 0;
        broker->now = nw_clock_mono();
        r = 0;
        for (int i = 0; i < RECEIVE_MAX && some && r == 0; i++)
            r = broker_receive(broker, &some);
        if (r == 0)
            r = broker_turn(broker);
        if (r == 0 && (news == NW_LIFELINE_REPORT || broker->now - reported >= METRICS_MS)) {
            reported = broker->now;
            report(broker, lifeline);
        }
    }
    return r;
}

int main(int argc, char **argv)
{
    static struct broker broker;
    const char *config = NULL, *data;
    struct nw_daemon *daemon = NULL;
    struct nw_lifeline lifeline;
    struct journal_progress progress;
    struct nw_buf problems, urgent;
    struct timespec now;
    uint64_t low = 1;
    int status, signals, r;

    if (read_options(argc, argv, &config, &status))
        return status;
    nw_alloc_keep();
    nw_log_setup("broker", NW_LOG_INFO);
    nw_conf_problems_init(&problems);
    nw_buf_init(&urgent, LANE_RECOVERED * sizeof(uint64_t));
    r = nw_daemon_load(config, &daemon, &problems);
    if (r != 0) {
        fprintf(stderr, "%.*s", NW_FMT(nw_buf_view(&problems)));
        nw_buf_free(&problems);
        return r == NW_CONF_BAD ? EXIT_USAGE : EXIT_START;
    }
    nw_log_setup("broker", (enum nw_log_level)nw_log_level_of(nw_conf_str(daemon->conf, "log_level").p));
    nw_lifeline_open(&lifeline);
    signals = nw_signals_open();
    clock_gettime(CLOCK_REALTIME, &now);
    broker.epoch = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    configure(&broker, daemon);
    data = nw_conf_str(daemon->conf, "data_dir").p;
    r = signals < 0 ? signals : make_folder(data);
    if (r == 0)
        r = journal_open(data, &broker.journal, &low, &urgent);
    if (r == 0)
        journal_keep(broker.journal, (uint64_t)nw_conf_int(nw_conf_under(daemon->conf, "broker"), "journal_keep"));
    if (r == 0)
        r = broker_open(&broker, low, &urgent);
    nw_buf_free(&urgent);
    if (r == 0)
        r = dead_open(data, broker.journal, ring_progress(&broker).oldest, &broker.dead_log);
    if (r == 0)
        r = listen_on(&broker, daemon);
    if (r == 0) {
        nw_info("ready: listening on %s", daemon->endpoint);
        nw_lifeline_say(&lifeline, NW_S("ready"));
        r = run(&broker, &lifeline, signals);
        report(&broker, &lifeline);
    }
    progress = ring_progress(&broker);
    journal_close(&broker.journal, &progress);
    broker_close(&broker);
    socket_close(&broker.socket);
    dead_close(&broker.dead_log);
    nw_lifeline_close(&lifeline);
    nw_buf_free(&problems);
    nw_daemon_free(&daemon);
    return r < 0 ? EXIT_START : 0;
}
