/* newswire tail: the tagged stream as it leaves the daemon, live and from the past. */
#include "arguments.h"
#include "article_line.h"
#include "check_query.h"
#include "daemon.h"
#include "interrupt.h"
#include "message.h"
#include "output.h"

#include <newswire/client.h>
#include <newswire/clock.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    WAIT_MS = 10000,        /* waited for at once; past it, and after silence, tail says that it waits for the daemon */
    COMMIT_MS = 1000,       /* between two commits of a named position */
    LAST_COMMIT_MS = 10000, /* for the one at the end */
};

static const char *const tail_formats[] = {"json", "text", NULL};

static const struct command_option tail_options[] = {
    {.name = "from",
     .kind = OPTION_TEXT,
     .argument = "SEQ|start|now",
     .preset = "now",
     .doc = "where to begin: a place in the output log (its first is 1), its start, or what comes from now on"},
    {.name = "name",
     .kind = OPTION_TEXT,
     .argument = "NAME",
     .doc = "keep under this name, at the daemon, how far it has got, and go on there the next time"},
    {.name = "query",
     .kind = OPTION_TEXT,
     .argument = "QUERY",
     .preset = "all",
     .doc = "which articles: newswire help check-query tells the language"},
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
    COMMAND_OPTIONS_STREAM,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example tail_examples[] = {
    {"newswire tail", "shows articles as they come, one line each"},
    {"newswire tail --from start --end > all.ndjson", "writes the whole output log, as JSON, and ends"},
    {"newswire tail --from 1000 -n 10 --format json", "writes ten articles from the thousandth on"},
    {"newswire tail --query 'place:LV ferry NOT dup:true'", "shows what concerns Latvia and ferries, no copies"},
    {"newswire tail --name archive --from start >> archive.ndjson", "goes on where it stopped, however it stopped"},
    COMMAND_EXAMPLE_END,
};

struct tail {
    bool json, colours, end, named;
    uint64_t left; /* articles still wanted */
    struct output output;
    struct nw_arena arena;
    struct nw_buf line;
    struct nw_subscriber *subscriber;
    uint64_t shown;     /* the last one written, 0 before any */
    int64_t commit_due; /* monotonic ms, of the next commit */
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

static bool owes_commit(const struct tail *tail)
{
    return tail->named && tail->shown > 0 && tail->shown != nw_subscriber_committed(tail->subscriber);
}

/* Keeps the position of what is written out, when that is due. What cannot be kept now is tried again later: then some
 * articles may come twice, none is missed. */
static int commit(struct tail *tail, int64_t timeout_ms)
{
    int rc;

    if (!owes_commit(tail) || (nw_clock_mono() < tail->commit_due && timeout_ms != LAST_COMMIT_MS)) {
        return 0;
    }
    rc = output_flush(&tail->output);
    rc = rc ? rc : nw_subscriber_commit(tail->subscriber, tail->shown, timeout_ms);
    tail->commit_due = nw_clock_mono() + COMMIT_MS;
    if (tail->output.result || rc == 0 || timeout_ms == LAST_COMMIT_MS) {
        return rc;
    }
    return rc == -ETIMEDOUT || rc == -EHOSTUNREACH || rc == -EINTR || rc == -ESTALE ? 0 : rc;
}

static bool has_ended(const struct tail *tail)
{
    return tail->left == 0 || interrupted();
}

/* The next article: first what needs no waiting; what is gathered is written out before a wait. */
static int next(struct tail *tail, struct nw_delivery *delivery)
{
    int rc = nw_subscriber_next(tail->subscriber, delivery, 0);

    if (rc == -ETIMEDOUT || rc == -EHOSTUNREACH) {
        int64_t wait = WAIT_MS;

        rc = output_flush(&tail->output);
        rc = rc ? rc : commit(tail, COMMIT_MS);
        if (owes_commit(tail)) {
            wait = tail->commit_due - nw_clock_mono();
        }
        return rc ? rc : nw_subscriber_next(tail->subscriber, delivery, wait < 0 ? 0 : wait);
    }
    return rc;
}

static int follow(struct tail *tail)
{
    bool silent = false;
    int rc = 0;

    while (rc == 0 && !has_ended(tail)) {
        struct nw_delivery delivery;

        rc = next(tail, &delivery);
        if (tail->output.result) {
            return tail->output.result;
        }
        if (rc == 0) {
            tail->left--;
            rc = show(tail, &delivery);
            tail->shown = delivery.oseq;
            rc = rc ? rc : commit(tail, COMMIT_MS);
            silent = false;
        } else if (rc == NW_SUBSCRIBER_TRUNCATED) {
            message(nw_str("", 0), "the output log begins at %" PRIu64 " now; the articles before it are gone",
                    delivery.oseq);
            tail->shown = 0;
            rc = 0;
        } else if (rc == NW_SUBSCRIBER_END) {
            return 0;
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

/* At the end, whatever ended it. */
static int last_commit(struct tail *tail)
{
    int rc = commit(tail, LAST_COMMIT_MS);

    if (rc < 0 && !tail->output.result) {
        message(nw_str("", 0),
                "the daemon does not answer, so the position was not kept: what came behind %" PRIu64
                " will come again under this name",
                nw_subscriber_committed(tail->subscriber));
        return EXIT_UNREACHABLE;
    }
    return 0;
}

static int tail_run(const struct arguments *arguments)
{
    const char *format = argument_text(arguments, "format");
    struct daemon_stream stream;
    char why[NW_WHY] = "";
    struct nw_subscriber_options options = {.why = why};
    struct tail tail = {0};
    int rc, unkept;

    if (from_parse(argument_text(arguments, "from"), &options.from)) {
        return EXIT_USAGE;
    }
    if (daemon_stream(arguments, "tail", &stream, &options)) {
        return EXIT_USAGE;
    }
    options.query = argument_text(arguments, "query");
    if (query_check("tail", options.query)) {
        return EXIT_USAGE;
    }
    options.name = argument_text(arguments, "name");
    tail.named = options.name;
    tail.json = format ? strcmp(format, "json") == 0 : !isatty(STDOUT_FILENO);
    tail.colours = message_colours(STDOUT_FILENO);
    tail.end = argument_given(arguments, "end");
    tail.left = argument_given(arguments, "number") ? (uint64_t)argument_number(arguments, "number") : UINT64_MAX;
    interrupt_setup();
    rc = nw_subscriber_open(&options, &tail.subscriber);
    if (rc < 0) {
        return rc == -EINTR ? EXIT_DONE : daemon_unreachable(options.reader, rc, why);
    }
    if (tail.end) {
        nw_subscriber_end_at(tail.subscriber, nw_subscriber_head(tail.subscriber));
    }
    output_init(&tail.output, STDOUT_FILENO);
    nw_buf_init(&tail.line, 1 << 30);
    rc = follow(&tail);
    rc = rc ? rc : output_flush(&tail.output);
    unkept = rc ? 0 : last_commit(&tail);
    if (rc < 0) {
        snprintf(why, sizeof why, "%s", nw_subscriber_why(tail.subscriber));
    }
    nw_subscriber_close(&tail.subscriber);
    output_free(&tail.output);
    nw_buf_free(&tail.line);
    nw_arena_free(&tail.arena);
    if (rc == -ECONNREFUSED) {
        return daemon_unreachable(options.reader, rc, why);
    }
    if (rc < 0) {
        message_error(rc, "tail");
        return EXIT_UNREACHABLE;
    }
    return unkept;
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
        "With --name the daemon keeps how far it has got, at most a second behind what is written: the next tail of "
        "that name goes on behind it, and --from counts only for a name that is new. Where the daemon has let go of "
        "what was asked for, a line on standard error says where its log begins now, and tail goes on there.\n\n"
        "It runs until it is interrupted, unless -n or --end stops it.",
    .options = tail_options,
    .examples = tail_examples,
    .run = tail_run,
};
