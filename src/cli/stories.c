/* newswire stories: what goes on, one line a story. */
#include "arguments.h"
#include "interrupt.h"
#include "message.h"
#include "output.h"
#include "since.h"
#include "story_book.h"
#include "table.h"

#include <newswire/clock.h>
#include <newswire/json.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    STORIES_TEXT = 64 << 20,
    STORIES_LINE = 64 << 10, /* bytes of one in JSON */
    HEADLINE_WIDTH = 70,     /* characters */
    NAMES_WIDTH = 30,
    NAMES_SHOWN = 3,
};

#define STORY_URN NW_S("urn:newswire:story:")

static const char *const stories_orders[] = {[STORY_NEWEST] = "newest", [STORY_BIGGEST] = "biggest", NULL};

static const struct command_option stories_options[] = {
    {.name = "since",
     .kind = OPTION_TEXT,
     .argument = "SPAN|TIME|start",
     .preset = "24h",
     .doc = "only stories with articles since: 90m, 6h, 3d before the newest article, 2026-03-01, or an RFC 3339 time"},
    {.name = "order",
     .kind = OPTION_TEXT,
     .argument = "ORDER",
     .preset = "newest",
     .words = stories_orders,
     .doc = "what stands first"},
    {.name = "thread", .kind = OPTION_FLAG, .doc = "by thread, the affair that stories belong to, instead of by story"},
    {.name = "number",
     .letter = 'n',
     .kind = OPTION_NUMBER,
     .argument = "N",
     .least = 1,
     .most = STORY_MOST,
     .preset = "40",
     .doc = "how many at most"},
    {.name = "json", .kind = OPTION_FLAG, .doc = "print one JSON object a line, one a story"},
    COMMAND_OPTION_DATA,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example stories_examples[] = {
    {"newswire stories", "the stories of the last day, what moved last first"},
    {"newswire stories --since 6h --order biggest -n 10", "the ten biggest of the last six hours"},
    {"newswire stories --thread --since 7d", "the affairs of a week"},
    {"newswire stories --json | jq -r 'select(.sources | length > 3) | .headline'",
     "what more than three agencies have"},
    COMMAND_EXAMPLE_END,
};

static const struct table_column columns[] = {
    {"STORY", false},   {"SIZE", true},    {"FIRST", false},  {"LAST", false}, {"HEADLINE", false},
    {"SOURCES", false}, {"PLACES", false}, {"PEOPLE", false}, {NULL, false},
};

/* ---- text */

/* The first few of them, by how often they are named. */
static int add_names(struct table *table, const struct story_names *names)
{
    struct nw_str shown[NAMES_SHOWN] = {{NULL, 0}};
    size_t taken[NAMES_SHOWN], n = 0;
    struct nw_str text;

    while (n < NAMES_SHOWN && n < names->n) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < names->n; i++) {
            bool out = false;
            for (size_t k = 0; k < n; k++) {
                out = out || taken[k] == i;
            }
            if (!out && (best == SIZE_MAX || names->v[i].n > names->v[best].n)) {
                best = i;
            }
        }
        shown[n] = names->v[best].name;
        taken[n++] = best;
    }
    text = nw_arena_printf(table->arena, "%.*s%s%.*s%s%.*s", NW_FMT(shown[0]), n > 1 ? ", " : "", NW_FMT(shown[1]),
                           n > 2 ? ", " : "", NW_FMT(shown[2]));
    return table_add_cut(table, text, NAMES_WIDTH);
}

/* "03-01 12:04": of the day and the minute, which is what tells stories apart. */
static int add_time(struct table *table, int64_t ms)
{
    int year, month, day, hour, minute, second;
    char text[32];

    nw_time_to_civil(ms, &year, &month, &day, &hour, &minute, &second);
    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", year, month, day, hour, minute);
    return table_add(table, TABLE_PLAIN, nw_str_z(text));
}

static int add_row(struct table *table, const struct story *story)
{
    struct nw_str id = nw_str_starts(story->id, STORY_URN) ? nw_str_from(story->id, STORY_URN.n) : story->id;
    int rc = table_add(table, TABLE_PLAIN, id);

    rc = rc ? rc : table_add_number(table, story->size > 0 ? (uint64_t)story->size : story->article);
    rc = rc ? rc : add_time(table, story->first);
    rc = rc ? rc : add_time(table, story->last);
    rc = rc ? rc : table_add_cut(table, story->headline, HEADLINE_WIDTH);
    rc = rc ? rc : add_names(table, &story->sources);
    rc = rc ? rc : add_names(table, &story->places);
    return rc ? rc : add_names(table, &story->people);
}

static int show_text(const struct story_book *book, size_t n, struct output *output)
{
    struct nw_arena arena = {0};
    struct table table;
    int rc = 0;

    table_init(&table, columns, &arena);
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = add_row(&table, book->v[i]);
    }
    if (rc == 0) {
        rc = table_print(&table, message_colours(output->fd), &output->buf);
    }
    nw_arena_free(&arena);
    return rc;
}

/* ---- JSON */

static void put_text(struct nw_buf *out, const char *key, struct nw_str text)
{
    nw_buf_printf(out, "\"%s\":", key);
    nw_json_text(out, text);
    nw_buf_char(out, ',');
}

static void put_time(struct nw_buf *out, const char *key, int64_t ms)
{
    char text[NW_TIME_TEXT];

    nw_time_print(ms, text);
    nw_buf_printf(out, "\"%s\":\"%s\",", key, text);
}

static void put_names(struct nw_buf *out, const char *key, const struct story_names *names)
{
    nw_buf_printf(out, ",\"%s\":[", key);
    for (size_t i = 0; i < names->n; i++) {
        nw_buf_printf(out, "%s", i > 0 ? "," : "");
        nw_json_text(out, names->v[i].name);
    }
    nw_buf_char(out, ']');
}

static int put_story(struct nw_buf *out, const struct story_book *book, const struct story *story)
{
    nw_buf_char(out, '{');
    put_text(out, "id", story->id);
    if (!book->threads && story->thread.n > 0) {
        put_text(out, "thread", story->thread);
    }
    put_text(out, "headline", story->headline);
    put_time(out, "first", story->first);
    put_time(out, "last", story->last);
    nw_buf_printf(out, "\"size\":%" PRId64 ",\"articles\":%" PRIu64, story->size, story->article);
    put_names(out, "sources", &story->sources);
    put_names(out, "places", &story->places);
    put_names(out, "people", &story->people);
    return nw_buf_char(out, '}');
}

static int show_json(const struct story_book *book, size_t n, struct output *output)
{
    struct nw_buf line;
    int rc = 0;

    nw_buf_init(&line, STORIES_LINE);
    for (size_t i = 0; i < n && rc == 0; i++) {
        nw_buf_clear(&line);
        rc = put_story(&line, book, book->v[i]);
        rc = rc ? rc : output_line(output, nw_buf_view(&line));
    }
    nw_buf_free(&line);
    return rc;
}

/* ---- the command */

static int show(const struct arguments *arguments, struct story_book *book)
{
    size_t most = (size_t)argument_number(arguments, "number"), n = book->n < most ? book->n : most;
    struct output output;
    int rc;

    output_init(&output, STDOUT_FILENO);
    story_book_sort(book, strcmp(argument_text(arguments, "order"), "biggest") == 0 ? STORY_BIGGEST : STORY_NEWEST);
    rc = argument_given(arguments, "json") ? show_json(book, n, &output) : show_text(book, n, &output);
    rc = rc ? rc : output_flush(&output);
    output_free(&output);
    if (book->left_out > 0) {
        message(nw_str("", 0),
                "there are more than %d stories: %" PRIu64 " articles were left out; ask for a shorter time",
                STORY_MOST, book->left_out);
    } else if (rc == 0 && n < book->n && !argument_given(arguments, "json")) {
        message(nw_str("", 0), "%zu more are not shown; -n shows more", book->n - n);
    }
    return rc;
}

static int since_of(struct output_reader *reader, const struct since *since, int64_t *ms)
{
    struct nw_arena arena = {0};
    int64_t newest = 0;
    int rc = since->back ? nw_when_newest(&reader->log, &arena, &newest) : 0;

    *ms = since->back ? newest - since->ms : since->ms;
    nw_arena_free(&arena);
    return rc;
}

static int stories_run(const struct arguments *arguments)
{
    const char *text = argument_text(arguments, "since");
    struct output_reader reader = {0};
    struct story_book book = {0};
    struct since since;
    int64_t ms;
    int rc;

    if (!since_parse(text, &since)) {
        message(nw_str("", 0), "stories: --since: expected start, a span such as 90m, 6h or 3d, or a time, not '%s'",
                text);
        return EXIT_USAGE;
    }
    interrupt_setup();
    rc = output_reader_open(arguments, NULL, &reader);
    if (rc == 0) {
        rc = since_of(&reader, &since, &ms);
        rc = rc ? rc : story_book_read(&book, &reader, ms, argument_given(arguments, "thread"));
        if (rc == 0 && !interrupted()) {
            rc = show(arguments, &book);
        }
        if (rc < 0) {
            message_error(rc, "the output log");
            rc = EXIT_UNREACHABLE;
        }
    }
    story_book_free(&book);
    output_reader_close(&reader);
    return rc == OUTPUT_CLOSED ? EXIT_DONE : rc;
}

const struct command command_stories = {
    .name = "stories",
    .doc = "list what goes on: the stories of the last day, with sizes, sources, places and people",
    .operands = "",
    .text =
        "Reads the output log, beside the daemon or without it. A story is one turn of events, a thread the affair "
        "that "
        "it belongs to. SIZE is how many articles there are from its first on; sources, places and people are those of "
        "the articles since the time asked for, the most frequent first. `newswire story ID` shows the articles of "
        "one.\n\n"
        "Time is the articles' own, and spans count back from the newest one. Articles that were killed count nowhere, "
        "and their headlines name no story.",
    .options = stories_options,
    .examples = stories_examples,
    .run = stories_run,
};
