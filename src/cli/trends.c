/* newswire trends: what is mentioned more than before. */
#include "arguments.h"
#include "daemon.h"
#include "interrupt.h"
#include "message.h"
#include "output.h"
#include "output_reader.h"
#include "trends_report.h"

#include <newswire/client.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    WAIT_MS = 10000,
    ANSWER_MS = 60000,   /* a daemon that has just started reads its log first */
    STEP_ENTRIES = 4096, /* of the log, between two looks whether somebody has interrupted */
    REPORT_BYTES = 4 << 20,
};

static const struct command_option trends_options[] = {
    {.name = "window",
     .kind = OPTION_TEXT,
     .argument = "WINDOW",
     .preset = "1h",
     .words = nw_trend_window_words,
     .doc = "how far back the mentions are counted"},
    {.name = "kind",
     .kind = OPTION_TEXT,
     .argument = "KIND",
     .fallback = "all of them, mixed",
     .words = nw_trend_kind_words,
     .doc = "of which kind"},
    {.name = "top",
     .letter = 'n',
     .kind = OPTION_NUMBER,
     .argument = "N",
     .least = 1,
     .most = NW_TRENDS_TOP * NW_TREND_KIND_COUNT,
     .preset = "20",
     .doc = "how many at most; of one kind there are 50"},
    {.name = "json", .kind = OPTION_FLAG, .doc = "print one JSON object a line, one a trend"},
    {.name = "follow", .letter = 'f', .kind = OPTION_FLAG, .doc = "go on: again each minute in which articles come"},
    {.name = "data",
     .kind = OPTION_FOLDER,
     .argument = "DIR",
     .fallback = "ask the running daemon",
     .doc = "read the output log in this data folder instead, with or without a daemon"},
    COMMAND_OPTIONS_STREAM,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example trends_examples[] = {
    {"newswire trends", "what rises in the last hour"},
    {"newswire trends --window 24h --kind place --top 10", "the ten places that rise most in a day"},
    {"newswire trends --window 5m --follow", "every minute, what has just begun to rise"},
    {"newswire trends --json | jq -r 'select(.score > 5) | .name'", "names of what nobody would take for chance"},
    {"newswire trends --data data --window 24h", "of a log without a daemon"},
    COMMAND_EXAMPLE_END,
};

struct trends {
    struct trends_choice choice;
    bool json, follow;
    size_t shown;
    struct output output;
    struct nw_arena arena;
};

/* Shows one report. 0, OUTPUT_CLOSED or a negative errno. */
static int show(struct trends *trends, struct nw_str bytes)
{
    struct trends_report report;
    int rc;

    nw_arena_reset(&trends->arena);
    rc = trends_report_read(&trends->arena, bytes, &report);
    if (rc == TRENDS_REPORT_BAD) {
        message(nw_str("", 0), "what came is no report of trends: is the daemon of another version?");
        return -EPROTO;
    }
    if (rc == 0 && !trends->json && trends->shown > 0) {
        rc = output_line(&trends->output, nw_str("", 0));
    }
    trends->shown++;
    if (rc == 0) {
        rc = trends->json ? trends_report_json(&report, &trends->choice, &trends->arena, &trends->output)
                          : trends_report_text(&report, &trends->choice, &trends->arena, &trends->output);
    }
    return rc ? rc : output_flush(&trends->output);
}

static int say_that_nothing_is_there(void)
{
    message(nw_str("", 0), "nothing has come out yet, so nothing rises");
    return EXIT_DONE;
}

/* ---- of a running daemon */

static int listen_to(struct trends *trends, struct nw_subscriber *subscriber)
{
    int64_t wait = trends->follow ? WAIT_MS : ANSWER_MS;
    bool silent = false;
    int rc = 0;

    while (rc == 0 && !interrupted() && (trends->follow || trends->shown == 0)) {
        struct nw_delivery delivery;
        rc = nw_subscriber_next(subscriber, &delivery, wait);
        if (rc == 0) {
            rc = show(trends, delivery.record);
            silent = false;
        } else if (rc == NW_SUBSCRIBER_TRUNCATED || rc == -EINTR || (rc == -ETIMEDOUT && trends->follow)) {
            rc = 0;
        } else if (rc == -EHOSTUNREACH && trends->follow) {
            if (!silent) {
                message(nw_str("", 0), "the daemon is silent; waiting for it");
            }
            silent = true;
            rc = 0;
        }
    }
    return rc;
}

static int ask_daemon(struct trends *trends, const struct arguments *arguments)
{
    struct daemon_stream stream;
    char why[NW_WHY] = "";
    struct nw_subscriber_options options = {.query = "trends", .from = NW_FROM_START, .why = why};
    struct nw_subscriber *subscriber;
    int rc;

    if (daemon_stream(arguments, "trends", &stream, &options)) {
        return EXIT_USAGE;
    }
    rc = nw_subscriber_open(&options, &subscriber);
    if (rc < 0) {
        return rc == -EINTR ? EXIT_DONE : daemon_unreachable(options.reader, rc, why);
    }
    if (nw_subscriber_head(subscriber) == 0 && !trends->follow) {
        nw_subscriber_close(&subscriber);
        return say_that_nothing_is_there();
    }
    rc = listen_to(trends, subscriber);
    if (rc < 0) {
        rc = daemon_unreachable(options.reader, rc, nw_subscriber_why(subscriber));
    }
    nw_subscriber_close(&subscriber);
    return rc == OUTPUT_CLOSED ? EXIT_DONE : rc;
}

/* ---- of a log */

static int show_log(struct trends *trends, struct nw_trends *counted)
{
    struct nw_buf report;
    int rc = NW_TRENDS_BEHIND;

    nw_buf_init(&report, REPORT_BYTES);
    while (rc == NW_TRENDS_BEHIND && !interrupted()) {
        rc = nw_trends_step(counted, STEP_ENTRIES);
    }
    if (rc == 0 && nw_trends_through(counted) == 0) {
        rc = say_that_nothing_is_there();
    } else if (rc == 0) {
        rc = nw_trends_report(counted, &report);
        rc = rc ? rc : show(trends, nw_buf_view(&report));
    }
    nw_buf_free(&report);
    return rc;
}

static int read_log(struct trends *trends, const struct arguments *arguments, const char *data)
{
    struct nw_trends *counted = NULL;
    struct output_reader reader;
    int rc;

    if (trends->follow) {
        message(nw_str("", 0), "trends: --follow asks a running daemon, --data reads a log: give one of them");
        return EXIT_USAGE;
    }
    if (access(data, R_OK | X_OK) != 0) {
        message_error(-errno, data);
        return EXIT_UNREACHABLE;
    }
    rc = output_reader_open(arguments, data, &reader);
    if (rc == 0) {
        rc = nw_trends_new(&reader.log, &counted);
        rc = rc ? rc : show_log(trends, counted);
        if (rc < 0) {
            message_error(rc, data);
            rc = EXIT_UNREACHABLE;
        }
    }
    nw_trends_free(&counted);
    output_reader_close(&reader);
    return rc == OUTPUT_CLOSED || rc == NW_TRENDS_BEHIND ? EXIT_DONE : rc;
}

static int trends_run(const struct arguments *arguments)
{
    const char *data = argument_text(arguments, "data");
    struct trends trends = {.choice = {.window = argument_text(arguments, "window"),
                                       .kind = argument_text(arguments, "kind"),
                                       .top = (size_t)argument_number(arguments, "top")},
                            .json = argument_given(arguments, "json"),
                            .follow = argument_given(arguments, "follow")};
    int rc;

    interrupt_setup();
    output_init(&trends.output, STDOUT_FILENO);
    rc = data ? read_log(&trends, arguments, data) : ask_daemon(&trends, arguments);
    output_free(&trends.output);
    nw_arena_free(&trends.arena);
    return rc;
}

const struct command command_trends = {
    .name = "trends",
    .doc = "show what is mentioned more than before: people, organisations, places, topics, stories",
    .operands = "",
    .text =
        "Counts the articles of the last 5 minutes, hour or 24 hours that mention each person, organisation, place and "
        "topic, and those of each story, and compares with what came before: of 5 minutes and of an hour with the rest "
        "of the last 24 hours, of 24 hours with the day before.\n\n"
        "COUNT is how many articles; a + behind it says that there may be a few more. EXPECTED is how many there would "
        "be if its share of all articles were what it was before. BURST says how surprising the count is: by chance a "
        "burst of B comes less than once in e^B times (3: 20, 5: 150, 10: 22,000). What is seen once never bursts, and "
        "without a past nothing does; then the list goes by count.\n\n"
        "Time is the articles' own: the windows end with the newest one, which stands in the first line. Exact copies "
        "do not count, and what is killed is taken out again.",
    .options = trends_options,
    .examples = trends_examples,
    .run = trends_run,
};
