/* newswire feed: submits what files hold to a running daemon, and returns when all of it is durable there. */
#include "arguments.h"
#include "daemon.h"
#include "interrupt.h"
#include "message.h"
#include "output.h"
#include "run/chain.h"
#include "stages.h"

#include <newswire/client.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
    WAIT_MS = 10000,     /* one wait for the daemon; then it is told that we wait */
    SILENT_WAITS = 3,    /* waits in a row in which nobody was heard, after which we give up */
    PROGRESS_MS = 200,   /* between two lines of progress */
    FEED_INTERRUPTED = 1 /* a signal ended the run */
};

static const struct command_option feed_options[] = {
    {.name = "format",
     .letter = 'f',
     .kind = OPTION_TEXT,
     .argument = "FORMAT",
     .preset = "auto",
     .words_from = stages_formats,
     .doc = "what all of the input is; newswire help formats tells more"},
    {.name = "rate",
     .kind = OPTION_TEXT,
     .argument = "N/s",
     .fallback = "as fast as the daemon takes them",
     .doc = "submit at most N articles a second"},
    {.name = "json", .kind = OPTION_FLAG, .doc = "print the counts as one JSON object"},
    {.name = "broker",
     .kind = OPTION_TEXT,
     .argument = "ENDPOINT",
     .fallback = "the socket in the run folder",
     .doc = "where the broker listens, such as tcp://news.example:7001"},
    COMMAND_OPTIONS_KEYS,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example feed_examples[] = {
    {"newswire feed wires/", "submits all articles below a folder"},
    {"tail -F wire.ndjson | newswire feed --format ndjson -", "submits articles as they are written to a file"},
    {"newswire feed --rate 100/s archive.ndjson", "submits a hundred articles a second"},
    COMMAND_EXAMPLE_END,
};

struct feed {
    struct nw_feeder *feeder;
    uint64_t failed;  /* inputs that could not be read */
    uint64_t refused; /* records that were too large to be sent */
    int64_t rate;     /* records a second; 0: no limit */
    int64_t began;    /* monotonic microseconds */
    int64_t shown;    /* when progress was last shown, monotonic ms */
    unsigned silent;  /* waits in a row without hearing anybody */
    bool told;        /* that we wait */
};

/* Digits, with or without "/s". */
static bool rate_parse(const char *text, int64_t *rate)
{
    char digits[24];
    size_t n = strlen(text);

    if (n > 2 && strcmp(text + n - 2, "/s") == 0) {
        n -= 2;
    }
    snprintf(digits, sizeof digits, "%.*s", (int)(n < sizeof digits ? n : 0), text);
    return number_parse(digits, 1, 1000000000, rate);
}

static void show_progress(struct feed *feed)
{
    int64_t now = nw_clock_mono();
    struct nw_feeder_stats stats;

    if (now - feed->shown < PROGRESS_MS) {
        return;
    }
    feed->shown = now;
    nw_feeder_stats(feed->feeder, &stats);
    message_progress("submitted %" PRIu64 ", accepted %" PRIu64 ", rejected %" PRIu64, stats.submitted, stats.accepted,
                     stats.rejected);
}

/* What a call of the feeder gave: 0 to make it again, FEED_INTERRUPTED, or the error that ends the run. */
static int waited(struct feed *feed, int rc)
{
    if (interrupted()) {
        return FEED_INTERRUPTED;
    }
    if (rc == -EINTR) {
        return 0;
    }
    if (rc == -ETIMEDOUT || rc == -EHOSTUNREACH) {
        feed->silent = rc == -EHOSTUNREACH ? feed->silent + 1 : 0;
        if (feed->silent >= SILENT_WAITS) {
            return -EHOSTUNREACH;
        }
        if (!feed->told) {
            message(nw_str("", 0), rc == -ETIMEDOUT ? "the daemon takes no more for now; waiting"
                                                    : "the daemon is silent; waiting for it");
        }
        feed->told = true;
        return 0;
    }
    return rc;
}

/* Waits until the rate allows the next record, hearing the daemon meanwhile. */
static int keep_rate(struct feed *feed)
{
    int rc = 0;

    while (rc == 0 && feed->rate > 0) {
        struct nw_feeder_stats stats;
        int64_t due, left;

        nw_feeder_stats(feed->feeder, &stats);
        due = feed->began + (int64_t)((double)stats.submitted * 1e6 / (double)feed->rate);
        left = (due - nw_clock_mono_micro() + 999) / 1000;
        if (left <= 0) {
            break;
        }
        struct pollfd fd = {.fd = nw_feeder_fd(feed->feeder), .events = POLLIN};
        (void)poll(&fd, 1, left > 100 ? 100 : (int)left);
        rc = interrupted() ? FEED_INTERRUPTED : nw_feeder_poll(feed->feeder);
        show_progress(feed);
    }
    return rc;
}

static int feed_output(void *user, struct nw_str record)
{
    struct feed *feed = user;
    int rc = keep_rate(feed);

    while (rc == 0) {
        rc = nw_feeder_submit(feed->feeder, record, WAIT_MS);
        if (rc == 0) {
            feed->silent = 0;
            feed->told = false;
            show_progress(feed);
            return interrupted() ? FEED_INTERRUPTED : 0;
        }
        if (rc == NW_BAD_RECORD) {
            message(nw_str("", 0), "a record of %zu bytes is refused: %d is the most; split the input", record.n,
                    NW_RECORD_MAX);
            feed->refused++;
            return 0;
        }
        rc = waited(feed, rc);
    }
    return rc;
}

/* The input rests: what is gathered goes now. */
static int feed_idle(void *user)
{
    struct feed *feed = user;
    int rc = nw_feeder_flush(feed->feeder, 0);

    show_progress(feed);
    return interrupted() ? FEED_INTERRUPTED : rc == -ETIMEDOUT || rc == -EHOSTUNREACH || rc == -EINTR ? 0 : rc;
}

static void feed_complain(void *user, struct nw_str path, const char *sentence)
{
    struct feed *feed = user;

    message(path, "%s", sentence);
    feed->failed++;
}

/* Waits until all is durable. */
static int finish(struct feed *feed)
{
    int rc = nw_feeder_flush(feed->feeder, WAIT_MS);

    while (rc != 0 && (rc = waited(feed, rc)) == 0) {
        rc = nw_feeder_flush(feed->feeder, WAIT_MS);
    }
    return rc;
}

static int report(const struct feed *feed, bool json)
{
    struct nw_feeder_stats stats;
    char text[256];
    int n;

    nw_feeder_stats(feed->feeder, &stats);
    message_progress_end();
    if (stats.rejected > 0) {
        message(nw_str("", 0), "the daemon rejected %" PRIu64 "; the last because: %s", stats.rejected,
                nw_feeder_why(feed->feeder));
    }
    if (json) {
        n = snprintf(text, sizeof text, "{\"accepted\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"failed\":%" PRIu64 "}\n",
                     stats.accepted, stats.rejected + feed->refused, feed->failed);
    } else {
        n = snprintf(text, sizeof text, "accepted %" PRIu64 ", rejected %" PRIu64 "\n", stats.accepted,
                     stats.rejected + feed->refused);
    }
    if (output_text(nw_str(text, (size_t)n)) != EXIT_DONE) {
        return EXIT_UNREACHABLE;
    }
    return stats.rejected + feed->refused + feed->failed > 0 ? EXIT_INPUT : EXIT_DONE;
}

static int feed_all(struct feed *feed, const struct nw_conf *conf, const char *endpoint, bool json)
{
    struct nw_chain_options options = {
        .source = &nw_stage_fetch,
        .source_conf = conf,
        .jobs = 1,
        .form = NW_CHAIN_MSGPACK,
        .user = feed,
        .output = feed_output,
        .idle = feed_idle,
        .complain = feed_complain,
    };
    struct nw_chain_stats stats;
    int rc, status;

    feed->began = nw_clock_mono_micro();
    rc = nw_chain_run(&options, &stats);
    rc = rc == 0 ? finish(feed) : rc;
    status = report(feed, json);
    if (rc == FEED_INTERRUPTED) {
        message(nw_str("", 0), "feed: interrupted; what is not among the accepted must be fed again");
        return EXIT_INPUT;
    }
    if (rc < 0) {
        message(nw_str_z(endpoint), "%s; what is not among the accepted must be fed again",
                rc == -EHOSTUNREACH ? "the daemon does not answer any more"
                                    : (nw_feeder_why(feed->feeder)[0] ? nw_feeder_why(feed->feeder) : strerror(-rc)));
        return EXIT_UNREACHABLE;
    }
    return status;
}

static int feed_run(const struct arguments *arguments)
{
    const char *broker = argument_text(arguments, "broker"), *rate = argument_text(arguments, "rate");
    char endpoint[DAEMON_ENDPOINT], why[NW_WHY] = "";
    struct nw_feeder_options options = {.endpoint = broker ? broker : endpoint,
                                        .broker_key = argument_text(arguments, "broker-key"),
                                        .key = argument_text(arguments, "key"),
                                        .why = why};
    struct stages_conf conf = {0};
    struct feed feed = {0};
    int rc;

    if (rate && !rate_parse(rate, &feed.rate)) {
        message(nw_str("", 0), "feed: --rate: expected a number of articles a second, as 100/s, not '%s'", rate);
        return EXIT_USAGE;
    }
    if (!broker && daemon_endpoint(arguments, "broker.sock", endpoint)) {
        return EXIT_USAGE;
    }
    rc = stages_configure(arguments, NULL, 0, &conf, &feed.failed);
    if (rc == 0) {
        interrupt_setup();
        rc = nw_feeder_open(&options, &feed.feeder);
        rc = rc < 0 ? daemon_unreachable(options.endpoint, rc, why)
                    : feed_all(&feed, conf.fetch, options.endpoint, argument_given(arguments, "json"));
    }
    nw_feeder_close(&feed.feeder);
    stages_conf_free(&conf);
    return rc;
}

const struct command command_feed = {
    .name = "feed",
    .doc = "submit articles to a running daemon",
    .operands = "[PATH…|-]",
    .operand = OPERAND_FILE,
    .most_operands = SIZE_MAX,
    .text = "Splits the files named (folders are walked; - or nothing stands for standard input) into single articles "
            "and submits them to the daemon. It returns when all of them are durable there, and prints how many were "
            "accepted and rejected. While the daemon takes no more, feed waits; when the daemon goes away and comes "
            "back, what was not accepted is sent again.\n\n"
            "A file that can't be read gives one line on standard error that names it and says why; the rest goes on, "
            "and the exit status is 3. When no daemon answers, the exit status is 2.",
    .options = feed_options,
    .examples = feed_examples,
    .run = feed_run,
};
