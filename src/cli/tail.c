/* newswire tail: the tagged stream as it leaves the daemon, live and from the past. */
#include "arguments.h"
#include "article_line.h"
#include "daemon.h"
#include "interrupt.h"
#include "message.h"
#include "output.h"

#include <newswire/client.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Waited for at once; past it, and after silence, tail says that it waits for the daemon. */
enum { WAIT_MS = 10000 };

static const char *const tail_formats[] = {"json", "text", NULL};
static const char *const tail_queries[] = {"all", NULL};

static const struct command_option tail_options[] = {
    {.name = "from",
     .kind = OPTION_TEXT,
     .argument = "SEQ|start|now",
     .preset = "now",
     .doc = "where to begin: a place in the output log (its first is 1), its start, or what comes from now on"},
    {.name = "query",
     .kind = OPTION_TEXT,
     .argument = "QUERY",
     .preset = "all",
     .words = tail_queries,
     .doc = "which articles"},
    {.name = "format",
     .kind = OPTION_TEXT,
     .argument = "FORMAT",
     .fallback = "text on a terminal, else json",
     .words = tail_formats,
     .doc = "one JSON object a line, or one line to read"},
    {.name = "number",
     .letter = 'n',
     .kind = OPTION_NUMBER,
     .argument = "N",
     .least = 1,
     .most = INT64_MAX,
     .doc = "stop after N articles"},
    {.name = "end", .kind = OPTION_FLAG, .doc = "stop at what is the end of the log now"},
    {.name = "live",
     .kind = OPTION_TEXT,
     .argument = "ENDPOINT",
     .fallback = "the socket in the run folder",
     .doc = "where the daemon publishes, such as tcp://news.example:7002; goes with --past"},
    {.name = "past",
     .kind = OPTION_TEXT,
     .argument = "ENDPOINT",
     .fallback = "the socket in the run folder",
     .doc = "where its output log is read, such as tcp://news.example:7003"},
    COMMAND_OPTIONS_KEYS,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example tail_examples[] = {
    {"newswire tail", "shows articles as they come, one line each"},
    {"newswire tail --from start --end > all.ndjson", "writes the whole output log, as JSON, and ends"},
    {"newswire tail --from 1000 -n 10 --format json", "writes ten articles from the thousandth on"},
    COMMAND_EXAMPLE_END,
};

struct tail {
    bool json, colours, end;
    uint64_t left; /* articles still wanted */
    uint64_t last; /* --end: the oseq to stop at */
    struct output output;
    struct nw_arena arena;
    struct nw_buf line;
    struct nw_subscriber *subscriber;
};

static int from_parse(const char *text, uint64_t *from)
{
    int64_t number;

    if (strcmp(text, "start") == 0) {
        *from = NW_FROM_START;
    } else if (strcmp(text, "now") == 0) {
        *from = NW_FROM_NOW;
    } else if (number_parse(text, 1, INT64_MAX, &number)) {
        *from = (uint64_t)number;
    } else {
        message(nw_str("", 0), "tail: --from: expected start, now or a number from 1, not '%s'", text);
        return EXIT_USAGE;
    }
    return 0;
}

/* Writes one article. 0, OUTPUT_CLOSED or a negative errno. */
static int show(struct tail *tail, const struct nw_delivery *delivery)
{
    struct nw_record *record;
    char why[NW_WHY];
    int rc;

    nw_arena_reset(&tail->arena);
    nw_buf_clear(&tail->line);
    rc = nw_record_decode(&tail->arena, delivery->record, &record, why);
    if (rc == NW_BAD_RECORD) {
        message(nw_str("", 0), "article %" PRIu64 " is no good record: %s", delivery->oseq, why);
        return 0;
    }
    if (rc == 0) {
        rc = tail->json ? nw_record_to_json(record, &tail->line) : article_line(record, tail->colours, &tail->line);
    }
    return rc ? rc : output_line(&tail->output, nw_buf_view(&tail->line));
}

static bool has_ended(const struct tail *tail, uint64_t oseq)
{
    return tail->left == 0 || (tail->end && oseq >= tail->last) || interrupted();
}

/* The next article: first what needs no waiting; what is gathered is written out before a wait. */
static int next(struct tail *tail, struct nw_delivery *delivery)
{
    int rc = nw_subscriber_next(tail->subscriber, delivery, 0);

    if (rc == -ETIMEDOUT || rc == -EHOSTUNREACH) {
        rc = output_flush(&tail->output);
        return rc ? rc : nw_subscriber_next(tail->subscriber, delivery, WAIT_MS);
    }
    return rc;
}

static int follow(struct tail *tail, uint64_t oseq)
{
    bool silent = false;
    int rc = 0;

    while (rc == 0 && !has_ended(tail, oseq)) {
        struct nw_delivery delivery;

        rc = next(tail, &delivery);
        if (tail->output.result) {
            return tail->output.result;
        }
        if (rc == 0) {
            oseq = delivery.oseq;
            tail->left--;
            rc = show(tail, &delivery);
            silent = false;
        } else if (rc == NW_SUBSCRIBER_TRUNCATED) {
            message(nw_str("", 0), "the output log begins at %" PRIu64 " now; the articles before it are gone",
                    delivery.oseq);
            oseq = delivery.oseq - 1;
            rc = 0;
        } else if (rc == -EHOSTUNREACH) {
            if (!silent) {
                message(nw_str("", 0), "the daemon is silent; waiting for it");
            }
            silent = true;
            rc = 0;
        } else if (rc == -ETIMEDOUT || rc == -EINTR) {
            rc = 0;
        }
    }
    return rc;
}

static int tail_run(const struct arguments *arguments)
{
    const char *format = argument_text(arguments, "format");
    char publisher[DAEMON_ENDPOINT], reader[DAEMON_ENDPOINT], why[NW_WHY] = "";
    struct nw_subscriber_options options = {.publisher = argument_text(arguments, "live"),
                                            .reader = argument_text(arguments, "past"),
                                            .broker_key = argument_text(arguments, "broker-key"),
                                            .key = argument_text(arguments, "key"),
                                            .why = why};
    struct tail tail = {0};
    int rc;

    if (from_parse(argument_text(arguments, "from"), &options.from)) {
        return EXIT_USAGE;
    }
    if (!options.publisher != !options.reader) {
        message(nw_str("", 0), "tail: --live and --past go together: the stream, and the log that it came from");
        return EXIT_USAGE;
    }
    if (!options.publisher) {
        if (daemon_endpoint(arguments, "publish.sock", publisher) || daemon_endpoint(arguments, "read.sock", reader)) {
            return EXIT_USAGE;
        }
        options.publisher = publisher;
        options.reader = reader;
    }
    options.query = argument_text(arguments, "query");
    tail.json = format ? strcmp(format, "json") == 0 : !isatty(STDOUT_FILENO);
    tail.colours = message_colours(STDOUT_FILENO);
    tail.end = argument_given(arguments, "end");
    tail.left = argument_given(arguments, "number") ? (uint64_t)argument_number(arguments, "number") : UINT64_MAX;
    interrupt_setup();
    rc = nw_subscriber_open(&options, &tail.subscriber);
    if (rc < 0) {
        return rc == -EINTR ? EXIT_DONE : daemon_unreachable(options.reader, rc, why);
    }
    tail.last = nw_subscriber_head(tail.subscriber);
    output_init(&tail.output, STDOUT_FILENO);
    nw_buf_init(&tail.line, 1 << 30);
    rc = follow(&tail, options.from == NW_FROM_NOW ? tail.last : options.from - 1);
    rc = rc ? rc : output_flush(&tail.output);
    nw_subscriber_close(&tail.subscriber);
    output_free(&tail.output);
    nw_buf_free(&tail.line);
    nw_arena_free(&tail.arena);
    if (rc < 0) {
        message_error(rc, "tail");
        return EXIT_UNREACHABLE;
    }
    return EXIT_DONE;
}

const struct command command_tail = {
    .name = "tail",
    .doc = "show the tagged articles of a running daemon, live and from the past",
    .operands = "",
    .text =
        "Subscribes to the daemon's output and writes its articles in order, each once. With --from it begins in the "
        "past, which it reads from the output log, and goes on live without a gap.\n\n"
        "As JSON, each line is one article in IPTC ninjs 3.1 with the properties source, annotations, story and "
        "pipeline. As text, each line has the time, the agency, where it was written, the headline, and names and "
        "topics.\n\n"
        "It runs until it is interrupted, unless -n or --end stops it.",
    .options = tail_options,
    .examples = tail_examples,
    .run = tail_run,
};
