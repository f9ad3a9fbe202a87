/*
 * newswired-STAGE: one process of a stage. NW_STAGE is the stage's table. It connects to a broker, wherever that is,
 * and works until it is told to stop; the supervisor starts it, or a person does by hand.
 */
#include "link/curve.h"
#include "link/lifeline.h"
#include "link/link.h"
#include "link/signals.h"
#include "run/describe.h"
#include "run/sandbox.h"
#include "run/share.h"
#include "run/sink.h"
#include "run/source.h"
#include "run/worker.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/log.h>
#include <newswire/uuid.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern const struct nw_stage NW_STAGE;

enum {
    METRICS_MS = 1000,
    DRAIN_LINGER_MS = 2000,
    EXIT_USAGE = 1,
    EXIT_START = 2,
    EXIT_GIVEN_UP = 3,
    PATH_BYTES = 4096
};

struct options {
    const char *broker, *run, *data, *name;
    const char *broker_key, *key;         /* files */
    const char *live, *past, *authorized; /* of an ordered stage: what it publishes on tcp, for whom */
    const char *only;                     /* of an ordered stage: the query of what it takes; NULL: all */
};

static void usage(FILE *out)
{
    fprintf(
        out,
        "newswired-%s: %s\n\n"
        "usage: newswired-%s --broker ENDPOINT [--broker-key FILE --key FILE] [--name NAME] [--run DIR] [--data DIR]\n"
        "       newswired-%s --describe\n\n"
        "  --broker ENDPOINT  the broker's: ipc://run/broker.sock or tcp://host:7001\n"
        "  --broker-key FILE  the broker's public key, where it listens on tcp: a copy of its broker.pub\n"
        "  --key FILE         one's own secret key; `newswire keygen` makes it\n"
        "  --name NAME        what the pipeline calls the stage (default: %s)\n"
        "  --run DIR          folder of the sockets that the stage binds (default: NEWSWIRE_RUN, or run)\n"
        "  --data DIR         folder of what the stage keeps (default: NEWSWIRE_DATA, or data)\n"
        "  --live ENDPOINT, --past ENDPOINT, --authorized DIR\n"
        "                     a stage that writes the output: where it publishes on tcp, and the folder of the\n"
        "                     public keys that may read there\n"
        "  --only QUERY       the same: takes only what the query wants, and kills\n"
        "  --describe         print what the stage needs, sets and can be told, as JSON\n"
        "  --version, --help\n\n"
        "example: one more worker for a running daemon\n"
        "  newswired-%s --broker ipc://run/broker.sock\n"
        "example: and one on another machine\n"
        "  newswired-%s --broker tcp://news.example:7001 --broker-key broker.pub --key mine.key\n",
        NW_STAGE.name, NW_STAGE.doc, NW_STAGE.name, NW_STAGE.name, NW_STAGE.name, NW_STAGE.name, NW_STAGE.name);
}

static const char *from_environment(const char *name, const char *preset)
{
    const char *value = getenv(name);

    return value && *value ? value : preset;
}

/* Whether there is none, or it can be read; else says why not. */
static bool good_query(const char *only)
{
    struct share *share = NULL;
    char why[NW_WHY] = "there is no memory";
    bool good = !only || share_new(nw_str_z(only), &share, why) == 0;

    if (!good)
        fprintf(stderr, "only: %s; newswire help check-query tells the language\n", why);
    share_free(&share);
    return good;
}

/* 0 to go on; else the process ends with *status. */
static int read_options(int argc, char **argv, struct options *options, int *status)
{
    static const struct option longs[] = {
        {"broker", required_argument, NULL, 'b'}, {"run", required_argument, NULL, 'r'},
        {"data", required_argument, NULL, 'd'},   {"broker-key", required_argument, NULL, 'B'},
        {"key", required_argument, NULL, 'k'},    {"live", required_argument, NULL, 'l'},
        {"past", required_argument, NULL, 'p'},   {"authorized", required_argument, NULL, 'a'},
        {"name", required_argument, NULL, 'n'},   {"only", required_argument, NULL, 'o'},
        {"describe", no_argument, NULL, 'D'},     {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    struct nw_buf text;
    int c;

    *options = (struct options){
        .run = from_environment("NEWSWIRE_RUN", "run"),
        .data = from_environment("NEWSWIRE_DATA", "data"),
        .name = NW_STAGE.name,
    };
    *status = 0;
    while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
        switch (c) {
        case 'b':
            options->broker = optarg;
            break;
        case 'r':
            options->run = optarg;
            break;
        case 'd':
            options->data = optarg;
            break;
        case 'B':
            options->broker_key = optarg;
            break;
        case 'k':
            options->key = optarg;
            break;
        case 'l':
            options->live = optarg;
            break;
        case 'p':
            options->past = optarg;
            break;
        case 'a':
            options->authorized = optarg;
            break;
        case 'n':
            options->name = optarg;
            break;
        case 'o':
            options->only = optarg;
            break;
        case 'D':
            if (!good_query(options->only)) {
                *status = EXIT_USAGE;
                return 1;
            }
            nw_buf_init(&text, 1 << 20);
            nw_stage_describe(&NW_STAGE, &text);
            printf("%.*s\n", NW_FMT(nw_buf_view(&text)));
            nw_buf_free(&text);
            return 1;
        case 'V':
            printf("newswired-%s %s (stage %s)\n", NW_STAGE.name, NW_VERSION, NW_STAGE.version);
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
    if (!options->broker || optind != argc) {
        fprintf(stderr, "newswired-%s: --broker ENDPOINT is missing; see --help\n", NW_STAGE.name);
        *status = EXIT_USAGE;
        return 1;
    }
    return 0;
}

/* 0 where it is not set, or no number. */
static uint64_t number_from_environment(const char *name)
{
    return strtoull(from_environment(name, "0"), NULL, 10);
}

/* 0, -EACCES with a line, or another negative fault. */
static int open_sink(const struct options *options, struct nw_sink **sink)
{
    char folder[PATH_BYTES], publisher[PATH_BYTES], reader[PATH_BYTES], positions[PATH_BYTES], why[NW_WHY];
    struct nw_sink_options sink_options = {
        .folder = folder,
        .publish = {.live = publisher,
                    .reader = reader,
                    .far_live = options->live,
                    .far_reader = options->past,
                    .positions = positions,
                    .authorized = options->authorized},
        .keep_bytes = number_from_environment("NEWSWIRE_KEEP_MIB") << 20,
        .keep_ms = (int64_t)number_from_environment("NEWSWIRE_KEEP_HOURS") * 3600000,
    };
    struct nw_curve_pair keys;

    if (options->authorized) {
        if (!options->key || nw_curve_read_secret(options->key, &keys, why) != 0) {
            nw_error("%s", options->key ? why : "--authorized goes with --key: the secret key to publish with");
            return -EACCES;
        }
        sink_options.publish.keys = &keys;
    }
    snprintf(folder, sizeof folder, "%s/output", options->data);
    snprintf(positions, sizeof positions, "%s/positions.checkpoint", options->data);
    snprintf(publisher, sizeof publisher, "ipc://%s/publish.sock", options->run);
    snprintf(reader, sizeof reader, "ipc://%s/read.sock", options->run);
    return nw_sink_open(&sink_options, sink);
}

static int open_share(const struct options *options, struct share **share)
{
    char why[NW_WHY];
    int r = options->only ? share_new(nw_str_z(options->only), share, why) : 0;

    if (r == SHARE_BAD) {
        nw_error("--only: %s; newswire help check-query tells the language", why);
        r = -EINVAL;
    }
    return r;
}

static int open_link(const struct options *options, struct nw_link **link)
{
    struct nw_link_zmq_options link_options = {.endpoint = options->broker, .linger_ms = DRAIN_LINGER_MS};
    /* A stage that only publishes with its key goes to the broker on its own machine without. */
    const char *own = options->broker_key || !options->authorized ? options->key : NULL;
    struct nw_curve_client keys;
    char why[NW_WHY];
    bool some;

    if (nw_curve_read_client(options->broker_key, own, &keys, &some, why) != 0) {
        nw_error("%s", why);
        return -EACCES;
    }
    link_options.keys = some ? &keys : NULL;
    return nw_link_zmq_open(&link_options, link);
}

static void report(const struct nw_worker *worker, struct nw_lifeline *lifeline)
{
    struct nw_buf text;

    nw_buf_init(&text, 16 << 10);
    nw_buf_str(&text, NW_S("metrics "));
    nw_worker_metrics(worker, &text);
    nw_lifeline_say(lifeline, nw_buf_view(&text));
    nw_buf_free(&text);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What the worker's calls back need. */
struct owner {
    struct nw_lifeline *lifeline;
    struct nw_link **link;
    int64_t told; /* the supervisor, that we are not hung */
};

static void tell_progress(void *user, uint64_t records)
{
    struct owner *owner = user;
    char line[64];

    if (nw_clock_mono() - owner->told < METRICS_MS)
        return;
    owner->told = nw_clock_mono();
    snprintf(line, sizeof line, "metrics {\"records\":0,\"recalled\":%llu}", (unsigned long long)records);
    nw_lifeline_say(owner->lifeline, nw_str_z(line));
}

/* On the watchman's thread; what is queued for the broker goes out first. Nothing else of the process can be trusted to
 * end in order: its thread is still at the article. */
static void given_up(void *user)
{
    struct owner *owner = user;

    nw_link_free(owner->link);
    _exit(EXIT_GIVEN_UP);
}

static int run_worker(const struct options *options, struct nw_lifeline *lifeline, int signals)
{
    struct owner owner = {.lifeline = lifeline};
    struct nw_worker_options worker_options = {
        .stage = &NW_STAGE, .name = options->name, .learning = tell_progress, .given_up = given_up, .user = &owner};
    struct nw_worker *worker = NULL;
    int64_t reported = 0;
    char instance[NW_UUID];
    bool ready = false;
    int r = nw_uuid(instance);

    owner.link = &worker_options.link;
    worker_options.instance = instance;
    if (r == 0 && NW_STAGE.ordered)
        r = open_share(options, &worker_options.share);
    if (r == 0 && NW_STAGE.ordered)
        r = open_sink(options, &worker_options.sink);
    if (r == 0)
        r = open_link(options, &worker_options.link);
    if (r == 0)
        r = nw_worker_new(&worker_options, &worker);
    if (r == 0)
        r = nw_sandbox_enter(&(struct nw_sandbox){.network = strncmp(options->broker, "ipc:", 4) != 0,
                                                  .writes = NW_STAGE.ordered,
                                                  .listens = NW_STAGE.ordered});
    while (r == NW_WORKER_ON) {
        int fds[2 + NW_SINK_FDS] = {lifeline->fd, signals, -1, -1, -1, -1, -1};
        int64_t timeout = least(nw_worker_timeout(worker), least(METRICS_MS, reported + METRICS_MS - nw_clock_mono()));
        enum nw_lifeline_news news;
        if (worker_options.sink) {
            nw_sink_fds(worker_options.sink, fds + 2);
            timeout = least(timeout, nw_sink_timeout(worker_options.sink));
        }
        r = nw_link_wait(worker_options.link, fds, 2 + NW_SINK_FDS, timeout < 0 ? 0 : timeout);
        if (r < 0)
            break;
        news = nw_lifeline_hear(lifeline);
        if (nw_signals_came(signals) || news == NW_LIFELINE_CUT)
            nw_worker_drain(worker);
        /* First what has become durable: step says DONE for it. */
        r = worker_options.sink ? nw_sink_serve(worker_options.sink) : 0;
        if (r == 0)
            r = nw_worker_step(worker);
        if (!ready && nw_worker_ready(worker)) {
            ready = true;
            nw_lifeline_say(lifeline, NW_S("ready"));
            nw_info("ready: working for %s", options->broker);
        }
        if (news == NW_LIFELINE_REPORT || nw_clock_mono() - reported >= METRICS_MS) {
            reported = nw_clock_mono();
            report(worker, lifeline);
        }
    }
    if (worker)
        report(worker, lifeline);
    nw_worker_free(&worker);
    nw_link_free(&worker_options.link);
    nw_sink_close(&worker_options.sink);
    share_free(&worker_options.share);
    return r;
}

int main(int argc, char **argv)
{
    struct options options;
    struct nw_lifeline lifeline;
    int status, signals, r;

    if (read_options(argc, argv, &options, &status))
        return status;
    nw_alloc_keep();
    nw_log_setup(options.name, NW_LOG_INFO);
    int level = nw_log_level_of(from_environment("NEWSWIRE_LOG", "info"));
    if (level >= 0)
        nw_log_setup(options.name, (enum nw_log_level)level);
    nw_lifeline_open(&lifeline);
    signals = nw_signals_open();
    if (signals < 0)
        return EXIT_START;
    if (NW_STAGE.pull)
        r = nw_source_run(&(struct nw_source_options){&NW_STAGE, options.broker, options.broker_key, options.key,
                                                      &lifeline, signals});
    else
        r = run_worker(&options, &lifeline, signals);
    nw_lifeline_close(&lifeline);
    close(signals);
    return r < 0 || r == NW_WORKER_REFUSED ? EXIT_START : 0;
}
