/* newswire feed: submits what files hold to a running daemon, and returns when all of it is durable there. */
#define _GNU_SOURCE /* ppoll */
#include "arguments.h"
#include "daemon.h"
#include "feed_input.h"
#include "feed_place.h"
#include "feed_progress.h"
#include "interrupt.h"
#include "item_time.h"
#include "message.h"
#include "output.h"
#include "pacer.h"
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
#include <time.h>

enum {
    WAIT_MS = 10000,     /* one wait for the daemon; then it is told that we wait */
    SILENT_WAITS = 3,    /* waits in a row in which nobody was heard, after which we give up */
    BATCH_US = 2000,     /* a wait longer than this sends what is gathered first */
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
     .doc = "submit N articles a second, evenly"},
    {.name = "speed",
     .kind = OPTION_TEXT,
     .argument = "Nx",
     .doc = "keep the articles' own times, made N times as fast: 1x replays a day in a day, 10x in 2.4 hours"},
    {.name = "anew", .kind = OPTION_FLAG, .doc = "feed all of it, whatever an interrupted run got accepted"},
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
    {"newswire feed --speed 10x monday.ndjson", "replays a day's articles at ten times their pace"},
    COMMAND_EXAMPLE_END,
};

struct feed {
    struct nw_feeder *feeder;
    uint64_t failed;  /* inputs that could not be read */
    uint64_t refused; /* records that were too large to be sent */
    uint64_t skip;    /* records that an interrupted run got accepted, still to be passed over */
    uint64_t skipped; /* those passed over */
    struct pacer pacer;
    struct feed_progress progress;
    struct nw_chain_stats stats;
    unsigned silent; /* waits in a row without hearing anybody */
    bool told;       /* that we wait */
};

static void show_progress(struct feed *feed)
{
    int64_t now = nw_clock_mono();
    struct nw_feeder_stats stats;
    char text[FEED_PROGRESS_TEXT];

    if (now - feed->progress.shown < FEED_PROGRESS_MS) {
        return;
    }
    nw_feeder_stats(feed->feeder, &stats);
    feed_progress_text(&feed->progress,
                       &(struct feed_state){.items = feed->skipped + stats.submitted,
                                            .accepted = feed->skipped + stats.accepted,
                                            .rejected = stats.rejected,
                                            .read = feed->stats.read},
                       now, text);
    message_progress("%s", text);
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

/* The input rests: what is gathered goes now. */
static int feed_idle(void *user)
{
    struct feed *feed = user;
    int rc = nw_feeder_flush(feed->feeder, 0);

    show_progress(feed);
    return interrupted() ? FEED_INTERRUPTED : rc == -ETIMEDOUT || rc == -EHOSTUNREACH || rc == -EINTR ? 0 : rc;
}

/* Waits until the next record may go, hearing the daemon meanwhile. A timer of microseconds wakes us: none of
 * milliseconds could hold a thousand a second without bursts. */
static int keep_pace(struct feed *feed, struct nw_str record)
{
    int64_t now = nw_clock_mono_micro(), due, left;
    int rc = 0;

    if (feed->pacer.interval <= 0 && feed->pacer.speed <= 0) {
        return 0;
    }
    due = pacer_next(&feed->pacer, now, feed->pacer.speed > 0 ? item_time_of_record(record) : PACER_NO_TIME);
    if (due - now > BATCH_US) {
        rc = feed_idle(feed);
    }
    while (rc == 0 && (left = due - nw_clock_mono_micro()) > 0) {
        struct pollfd fd = {.fd = nw_feeder_fd(feed->feeder), .events = POLLIN};
        int64_t most = left < FEED_PROGRESS_MS * 1000 ? left : FEED_PROGRESS_MS * 1000;
        struct timespec wait = {.tv_sec = most / 1000000, .tv_nsec = most % 1000000 * 1000};

        (void)ppoll(&fd, 1, &wait, NULL);
        rc = interrupted() ? FEED_INTERRUPTED : nw_feeder_poll(feed->feeder);
        show_progress(feed);
    }
    return rc;
}

static int feed_output(void *user, struct nw_str record)
{
    struct feed *feed = user;
    int rc;

    if (feed->skip > 0 && record.n <= NW_RECORD_MAX) {
        feed->skip--;
        feed->skipped++;
        return interrupted() ? FEED_INTERRUPTED : 0;
    }
    rc = keep_pace(feed, record);
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
        n = snprintf(text, sizeof text,
                     "{\"accepted\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"before\":%" PRIu64
                     "}\n",
                     stats.accepted, stats.rejected + feed->refused, feed->failed, feed->skipped);
    } else if (feed->skipped > 0) {
        n = snprintf(text, sizeof text, "accepted %" PRIu64 ", rejected %" PRIu64 ", accepted before %" PRIu64 "\n",
                     stats.accepted, stats.rejected + feed->refused, feed->skipped);
    } else {
        n = snprintf(text, sizeof text, "accepted %" PRIu64 ", rejected %" PRIu64 "\n", stats.accepted,
                     stats.rejected + feed->refused);
    }
    if (output_text(nw_str(text, (size_t)n)) != EXIT_DONE) {
        return EXIT_UNREACHABLE;
    }
    return stats.rejected + feed->refused + feed->failed > 0 ? EXIT_INPUT : EXIT_DONE;
}

static int feed_all(struct feed *feed, const struct nw_conf *conf, const char *endpoint, struct feed_place *place,
                    bool json)
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
    const char *next =
        place->fd >= 0 ? "the same command goes on from here" : "what is not among the accepted must be fed again";
    int rc, status;

    rc = nw_chain_run(&options, &feed->stats);
    rc = rc == 0 ? finish(feed) : rc;
    if (rc == 0) {
        feed_place_forget(place);
    }
    status = report(feed, json);
    if (rc == FEED_INTERRUPTED) {
        message(nw_str("", 0), "feed: interrupted; %s", next);
        return EXIT_INPUT;
    }
    if (rc < 0) {
        message(nw_str_z(endpoint), "%s; %s",
                rc == -EHOSTUNREACH ? "the daemon does not answer any more"
                                    : (nw_feeder_why(feed->feeder)[0] ? nw_feeder_why(feed->feeder) : strerror(-rc)),
                next);
        return EXIT_UNREACHABLE;
    }
    return status;
}

/* Opens the feeder; one that goes on from an interrupted run learns from the daemon how many it has of it. */
static int feeder_open(struct feed *feed, struct nw_feeder_options *options, const struct feed_place *place)
{
    struct nw_feeder_stats stats;
    int rc;

    options->name = place->name[0] ? place->name : NULL;
    rc = nw_feeder_open(options, &feed->feeder);
    if (rc < 0) {
        return daemon_unreachable(options->endpoint, rc, options->why);
    }
    nw_feeder_stats(feed->feeder, &stats);
    feed->skip = stats.first - 1;
    if (place->resumed && feed->skip > 0) {
        message(nw_str("", 0), "feed: going on behind the %" PRIu64 " articles that an interrupted run got accepted",
                feed->skip);
    }
    return 0;
}

static int pace_set(struct feed *feed, const struct arguments *arguments)
{
    const char *rate = argument_text(arguments, "rate"), *speed = argument_text(arguments, "speed");

    if (rate && !pacer_rate(rate, &feed->pacer.interval)) {
        message(nw_str("", 0), "feed: --rate: expected a number of articles a second, as 100/s, not '%s'", rate);
        return EXIT_USAGE;
    }
    if (speed && !pacer_speed(speed, &feed->pacer.speed)) {
        message(nw_str("", 0), "feed: --speed: expected how many times as fast, as 10x or 0.5x, not '%s'", speed);
        return EXIT_USAGE;
    }
    return 0;
}

static int feed_run(const struct arguments *arguments)
{
    const char *broker = argument_text(arguments, "broker");
    char endpoint[DAEMON_ENDPOINT], why[NW_WHY] = "";
    struct nw_feeder_options options = {.endpoint = broker ? broker : endpoint,
                                        .broker_key = argument_text(arguments, "broker-key"),
                                        .key = argument_text(arguments, "key"),
                                        .why = why};
    struct stages_conf conf = {0};
    struct feed_place place = {.fd = -1};
    struct feed_input input;
    struct feed feed = {0};
    int rc = pace_set(&feed, arguments);

    if (rc == 0 && !broker && daemon_endpoint(arguments, "broker.sock", endpoint)) {
        return EXIT_USAGE;
    }
    rc = rc ? rc : stages_configure(arguments, NULL, 0, &conf, &feed.failed);
    if (rc == 0 && feed_input_survey(arguments, &input) < 0) {
        input = (struct feed_input){0}; /* it can be read all the same, without share and without a place */
    }
    if (rc == 0) {
        feed.progress.total = input.replayable ? input.bytes : 0;
        rc = feed_place_open(&place, arguments, options.endpoint, &input, argument_given(arguments, "anew"));
    }
    if (rc == 0) {
        interrupt_setup();
        rc = feeder_open(&feed, &options, &place);
        rc = rc ? rc : feed_all(&feed, conf.fetch, options.endpoint, &place, argument_given(arguments, "json"));
    }
    nw_feeder_close(&feed.feeder);
    feed_place_close(&place);
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
            "A run over files that was interrupted, even by kill -9, is gone on from by the same command: it passes "
            "over what was accepted then, so that each article is fed once. What was noted for that is in "
            "$XDG_STATE_HOME/newswire/feed (~/.local/state/newswire/feed) until a run comes to its end. When the files "
            "have changed since, feed says so and does nothing; --anew feeds all of them. Standard input can't be gone "
            "on from.\n\n"
            "With --speed, an article that tells no time goes with the one before it, and a gap of more than a day is "
            "left out. After a stall --rate and --speed catch up gently, by one second's worth at most. On a terminal "
            "a line shows articles, bytes, rate, share and time left.\n\n"
            "A file that can't be read gives one line on standard error that names it and says why; the rest goes on, "
            "and the exit status is 3. When no daemon answers, the exit status is 2.",
    .options = feed_options,
    .examples = feed_examples,
    .run = feed_run,
};
