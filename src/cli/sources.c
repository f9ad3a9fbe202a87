/* newswire sources: how the daemon's sources do, and what they are to do. */
#include "arguments.h"
#include "data_folder.h"
#include "message.h"
#include "output.h"
#include "sources_book.h"
#include "table.h"

#include <newswire/arena.h>
#include <newswire/clock.h>
#include <newswire/json.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SOURCES_TEXT = 64 << 20 /* bytes of the whole list */ };

static const char *const sources_actions[] = {"list", "pause", "resume", "poll", NULL};

static const struct command_option sources_options[] = {
    {.name = "json", .kind = OPTION_FLAG, .doc = "print one JSON object a line, one a feed or other source"},
    COMMAND_OPTION_DATA,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example sources_examples[] = {
    {"newswire sources",
     "lists feeds, files, drop folders, ports and mailboxes: when the last article came, when a feed is asked next"},
    {"newswire sources list --json | jq 'select(.state == \"quiet\")'", "the feeds that have gone quiet"},
    {"newswire sources pause https://news.example/rss", "asks this feed no more until resume"},
    {"newswire sources poll agencies", "asks all feeds of the source called agencies now"},
    COMMAND_EXAMPLE_END,
};

static const struct table_column columns[] = {
    {"SOURCE", false},   {"STATE", false}, {"LAST ITEM", true}, {"ITEMS", true}, {"EVERY", true},
    {"NEXT POLL", true}, {"ERRORS", true}, {"WHAT", false},     {NULL, false},
};

static const char *state_of(const struct sources_feed *feed)
{
    return feed->paused ? "paused" : feed->errors > 0 ? "error" : feed->quiet ? "quiet" : feed->polled ? "ok" : "new";
}

/* "3 h" of ms; "-" where there is nothing to tell. */
static void duration(int64_t ms, char out[32])
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};

    snprintf(out, 32, "0 s");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ms >= units[i].ms) {
            snprintf(out, 32, "%" PRId64 " %s", ms / units[i].ms, units[i].unit);
            return;
        }
    }
}

static int add_text(struct table *table, const char *text)
{
    return table_add(table, TABLE_PLAIN, nw_str_z(text));
}

static enum table_colour colour_of(const char *state)
{
    return strcmp(state, "ok") == 0 || strcmp(state, "ended") == 0 ? TABLE_GREEN
           : strcmp(state, "error") == 0                           ? TABLE_RED
                                                                   : TABLE_YELLOW;
}

/* What a feed and another source have in common. */
struct row {
    const char *source, *state, *what;
    double gap_ms;
    int64_t last_item, items, errors, due; /* due 0: it does not ask */
    bool paused, wanted;
};

static void add_row(struct table *table, const struct row *row, int64_t now)
{
    char text[48], ago[32];

    add_text(table, row->source);
    table_add(table, colour_of(row->state), nw_str_z(row->state));
    duration(now - row->last_item, ago);
    snprintf(text, sizeof text, "%s ago", ago);
    add_text(table, row->last_item ? text : "-");
    table_add_number(table, row->items > 0 ? (uint64_t)row->items : 0);
    duration((int64_t)row->gap_ms, ago);
    add_text(table, row->gap_ms > 0 ? ago : "-");
    duration(row->due - now, ago);
    snprintf(text, sizeof text, "in %s", ago);
    add_text(table, row->paused || row->due == 0 ? "-" : row->wanted || row->due <= now ? "now" : text);
    table_add_number(table, row->errors > 0 ? (uint64_t)row->errors : 0);
    add_text(table, row->what);
}

static void row_of_feed(struct table *table, const struct sources_feed *feed, int64_t now)
{
    add_row(table,
            &(struct row){.source = feed->source,
                          .state = state_of(feed),
                          .what = feed->url,
                          .gap_ms = feed->gap_ms,
                          .last_item = feed->last_item,
                          .items = feed->items,
                          .errors = feed->errors,
                          .due = feed->due ? feed->due : now, /* it has never been asked */
                          .paused = feed->paused,
                          .wanted = feed->wanted},
            now);
}

static const char *state_of_other(const struct sources_other *other)
{
    return other->ended        ? "ended"
           : other->paused     ? "paused"
           : other->errors > 0 ? "error"
           : other->quiet      ? "quiet"
                               : "ok";
}

static void row_of_other(struct table *table, const struct sources_other *other, int64_t now)
{
    char what[512];

    snprintf(what, sizeof what, "%.20s: %" PRId64 " under way, %" PRId64 " taken and kept%s%.200s", other->kind,
             other->under_way, other->taken, other->place[0] ? "; " : "", other->place);
    add_row(table,
            &(struct row){.source = other->source,
                          .state = state_of_other(other),
                          .what = what,
                          .gap_ms = other->gap_ms,
                          .last_item = other->last_item,
                          .items = other->items,
                          .errors = other->errors,
                          .due = other->due,
                          .paused = other->paused,
                          .wanted = other->wanted},
            now);
}

static void json_member(struct nw_buf *out, const char *key, const char *text)
{
    nw_buf_printf(out, "\"%s\":", key);
    nw_json_text(out, nw_str_z(text));
    nw_buf_char(out, ',');
}

/* "key":"2026-…", null for never. */
static void json_time(struct nw_buf *out, const char *key, int64_t ms)
{
    char text[NW_TIME_TEXT];

    nw_time_print(ms, text);
    nw_buf_printf(out, ms ? "\"%s\":\"%s\"," : "\"%s\":null,", key, text);
}

static void json_of_feed(struct nw_buf *out, const struct sources_feed *feed)
{
    nw_buf_printf(out, "{\"kind\":\"feed\",");
    json_member(out, "source", feed->source);
    json_member(out, "url", feed->url);
    if (feed->moved[0])
        json_member(out, "moved", feed->moved);
    json_member(out, "state", state_of(feed));
    if (feed->why[0])
        json_member(out, "why", feed->why);
    json_time(out, "last_item", feed->last_item);
    json_time(out, "last_poll", feed->polled);
    json_time(out, "next_poll", feed->paused ? 0 : feed->due);
    nw_buf_printf(out,
                  "\"items\":%" PRId64 ",\"gap_s\":%.0f,\"errors\":%" PRId64 ",\"status\":%" PRId64
                  ",\"quiet\":%s,\"paused\":%s}\n",
                  feed->items, feed->gap_ms / 1000, feed->errors, feed->status, feed->quiet ? "true" : "false",
                  feed->paused ? "true" : "false");
}

static void json_of_other(struct nw_buf *out, const struct sources_other *other)
{
    nw_buf_char(out, '{');
    json_member(out, "kind", other->kind);
    json_member(out, "source", other->source);
    json_member(out, "state", state_of_other(other));
    if (other->place[0])
        json_member(out, "place", other->place);
    json_time(out, "last_item", other->last_item);
    json_time(out, "next_poll", other->paused ? 0 : other->due);
    nw_buf_printf(out,
                  "\"items\":%" PRId64 ",\"gap_s\":%.0f,\"errors\":%" PRId64 ",\"under_way\":%" PRId64
                  ",\"taken\":%" PRId64 ",\"quiet\":%s,\"paused\":%s}\n",
                  other->items, other->gap_ms / 1000, other->errors, other->under_way, other->taken,
                  other->quiet ? "true" : "false", other->paused ? "true" : "false");
}

static int list(struct sources_book *book, bool json, struct nw_buf *out, char why[SOURCES_WHY])
{
    struct nw_arena arena = {0};
    struct table table;
    struct sources_feed feed;
    struct sources_other other;
    int64_t now = nw_clock_wall();
    int rc;

    table_init(&table, columns, &arena);
    while ((rc = sources_book_feed(book, &feed, why)) == SOURCES_OK) {
        if (json)
            json_of_feed(out, &feed);
        else
            row_of_feed(&table, &feed, now);
    }
    while (rc == SOURCES_END && (rc = sources_book_other(book, &other, why)) == SOURCES_OK) {
        rc = SOURCES_END;
        if (json)
            json_of_other(out, &other);
        else
            row_of_other(&table, &other, now);
    }
    if (rc == SOURCES_END && !json)
        table_print(&table, message_colours(STDOUT_FILENO), out);
    nw_arena_free(&arena);
    return rc == SOURCES_END ? SOURCES_OK : rc;
}

/* What became of a wish; an exit status. */
static int told(const char *action, const char *word, const struct sources_count *done, const struct sources_count *all,
                const struct sources_count *paused)
{
    bool poll = strcmp(action, "poll") == 0;

    if (all->feeds + all->others == 0) {
        message(nw_str_z(word), "no feed has this address, and no source this name");
        return EXIT_INPUT;
    }
    if (done->feeds + done->others == 0) {
        message(nw_str_z(word),
                poll ? "there is nothing to poll: what is sent to a port is taken at once, and files are "
                       "read once"
                     : "it has come to its end");
        return EXIT_INPUT;
    }
    if (done->feeds > 0)
        printf("%s: %" PRId64 " %s\n", action, done->feeds, done->feeds == 1 ? "feed" : "feeds");
    else
        printf("%s: 1 source\n", action);
    if (poll && paused->feeds + paused->others > 0) {
        message(nw_str_z(word), "%" PRId64 " of it %s paused, and will be polled at resume",
                paused->feeds + paused->others, paused->feeds + paused->others == 1 ? "is" : "are");
        return memcmp(paused, all, sizeof *all) == 0 ? EXIT_INPUT : EXIT_DONE;
    }
    return EXIT_DONE;
}

/* Each word is a source's name or a feed's address. An exit status. */
static int wish(struct sources_book *book, const struct arguments *arguments, const char *path)
{
    const char *action = arguments->operands[0];
    enum sources_wish what = strcmp(action, "pause") == 0    ? SOURCES_PAUSE
                             : strcmp(action, "resume") == 0 ? SOURCES_RESUME
                                                             : SOURCES_POLL;
    int status = EXIT_DONE;

    for (size_t i = 1; i < arguments->operand_count; i++) {
        const char *word = arguments->operands[i];
        char why[SOURCES_WHY];
        struct sources_count done, all, paused;
        int one;

        if (sources_book_wish(book, what, word, &done, why) != SOURCES_OK ||
            sources_book_count(book, word, &all, &paused, why) != SOURCES_OK) {
            message(nw_str_z(path), "%s", why);
            return EXIT_UNREACHABLE;
        }
        one = told(action, word, &done, &all, &paused);
        status = one ? one : status;
    }
    return status;
}

static int show(struct sources_book *book, const struct arguments *arguments, const char *path)
{
    struct nw_buf out;
    char why[SOURCES_WHY];
    int rc;

    nw_buf_init(&out, SOURCES_TEXT);
    if (list(book, argument_given(arguments, "json"), &out, why) != SOURCES_OK) {
        message(nw_str_z(path), "%s", why);
        rc = EXIT_UNREACHABLE;
    } else if (out.error) {
        message_error(out.error, path);
        rc = EXIT_UNREACHABLE;
    } else {
        rc = output_text(nw_buf_view(&out));
    }
    nw_buf_free(&out);
    return rc;
}

static int sources_run(const struct arguments *arguments)
{
    const char *action = arguments->operand_count ? arguments->operands[0] : "list";
    struct sources_book *book = NULL;
    char data[DATA_FOLDER], path[DATA_FOLDER], why[SOURCES_WHY];
    bool listing = strcmp(action, "list") == 0;
    int rc;

    if (listing && arguments->operand_count > 1) {
        message(nw_str("", 0), "sources list takes no names; see newswire sources --help");
        return EXIT_USAGE;
    }
    if (!listing && arguments->operand_count < 2) {
        message(nw_str("", 0), "sources %s: name a source, or the address of a feed", action);
        return EXIT_USAGE;
    }
    rc = data_folder(arguments, data);
    rc = rc ? rc : data_log(data, "fetch.db", path);
    if (rc)
        return rc;
    if (sources_book_open(path, &book, why) != SOURCES_OK) {
        message(nw_str_z(path), "%s", why);
        rc = EXIT_UNREACHABLE;
    } else {
        rc = listing ? show(book, arguments, path) : wish(book, arguments, path);
    }
    sources_book_close(&book);
    return rc;
}

const struct command command_sources = {
    .name = "sources",
    .doc = "see how feeds and other sources do; pause, resume or poll them",
    .operands = "[list] | pause NAME|URL… | resume NAME|URL… | poll NAME|URL…",
    .operand = OPERAND_NONE,
    .most_operands = SIZE_MAX,
    .actions = sources_actions,
    .text =
        "Reads what fetch keeps in the data folder, fetch.db, beside it or without it. A feed is new (not asked "
        "yet), ok, quiet (silent for longer than its own rhythm explains), error (the last answers were no good; "
        "--json has the sentence) or paused. EVERY is the time between two of its articles, smoothed; ERRORS are "
        "those since the last good answer.\n\n"
        "Files and standard input have an end, and until then a place: how much of which file is read. After it they "
        "are `ended`.\n\n"
        "pause, resume and poll take addresses of feeds, or names of sources (`name` in the configuration, else "
        "\"feeds\") for all of their feeds, or of files, drop folders, ports and mailboxes. One that is paused takes "
        "nothing new; what it has begun, and up to 16 MiB of files that it has planned, are read first. poll has "
        "feeds asked, folders looked through and mailboxes looked at now. fetch notices within a second; a pause "
        "outlives restarts.\n\n"
        "A name or address that is not there, and a poll of what can't be polled, give a line on standard error, and "
        "the exit status is 3.",
    .options = sources_options,
    .examples = sources_examples,
    .run = sources_run,
};
