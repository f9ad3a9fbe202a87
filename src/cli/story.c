/* newswire story: one story's articles, in order. */
#include "arguments.h"
#include "article_line.h"
#include "interrupt.h"
#include "killed_headlines.h"
#include "message.h"
#include "output.h"
#include "output_reader.h"
#include "table.h"
#include "trends/mentions.h"

#include <newswire/clock.h>
#include <newswire/name.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { STORY_ID_BYTES = 256, STORY_JSON = 1 << 30, HEADLINE_WIDTH = 80 };

static const struct command_option story_options[] = {
    {.name = "json", .kind = OPTION_FLAG, .doc = "print the articles as JSON, one a line"},
    COMMAND_OPTION_DATA,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example story_examples[] = {
    {"newswire story 2855fb4278fcaf0ad450d7dc", "the articles of a story that `newswire stories` shows"},
    {"newswire story --json urn:newswire:story:2855fb4278fcaf0ad450d7dc > story.ndjson", "writes them as JSON"},
    COMMAND_EXAMPLE_END,
};

static const struct table_column columns[] = {
    {"OSEQ", true}, {"TIME", false}, {"SOURCE", false}, {"WHAT", false}, {"HEADLINE", false}, {NULL, false},
};

struct story_shown {
    struct nw_str id; /* of a story or a thread */
    bool json;
    struct output output;
    struct nw_arena rows; /* the table's */
    struct table table;
    struct nw_buf line;
    struct killed_headlines killed;
    uint64_t articles;
};

static bool belongs(const struct nw_record *record, struct nw_str id)
{
    const struct nw_story *story = NW_HAS(record, record, story) ? record->story : NULL;

    return story && ((NW_HAS(story, story, id) && nw_str_eq(story->id, id)) ||
                     (NW_HAS(story, story, thread) && nw_str_eq(story->thread, id)));
}

/* What it is to an earlier article. */
static struct nw_str what_of(const struct nw_record *record, struct nw_arena *arena)
{
    const struct nw_story *story = record->story;
    struct nw_str none = NW_S("");

    if (nw_record_is_kill(record)) {
        return NW_S("killed");
    }
    if (NW_HAS(story, story, duplicate_of)) {
        return NW_S("copy");
    }
    if (NW_HAS(story, story, near_duplicate_of)) {
        return nw_arena_printf(arena, "near copy %.2f", NW_HAS(story, story, similarity) ? story->similarity : 0);
    }
    return NW_HAS(story, story, revision_of) ? NW_S("new version") : none;
}

static int add_row(struct story_shown *shown, const struct nw_record *record, uint64_t oseq)
{
    struct table *table = &shown->table;
    char number[24], time[NW_TIME_TEXT];
    int rc;

    snprintf(number, sizeof number, "%" PRIu64, oseq);
    nw_time_print(nw_when_out(record) / 1000 * 1000, time);
    rc = table_add(table, TABLE_PLAIN, nw_str_z(number));
    rc = rc ? rc : table_add(table, TABLE_PLAIN, nw_str_z(time));
    rc = rc ? rc : table_add(table, TABLE_PLAIN, article_agency(record));
    rc = rc ? rc : table_add(table, nw_record_is_kill(record) ? TABLE_RED : TABLE_PLAIN, what_of(record, &shown->rows));
    return rc ? rc : table_add_cut(table, nw_article_title(record), HEADLINE_WIDTH);
}

static int show_article(struct story_shown *shown, struct nw_record *record, uint64_t oseq)
{
    int rc;

    shown->articles++;
    if (killed_headlines_name(&shown->killed, record)) {
        NW_CLEAR(story, record->story, headline);
    }
    if (!shown->json) {
        return add_row(shown, record, oseq);
    }
    nw_buf_clear(&shown->line);
    rc = nw_record_to_json(record, &shown->line);
    return rc ? rc : output_line(&shown->output, nw_buf_view(&shown->line));
}

/* Only what names the story is decoded. */
static int show_entry(struct story_shown *shown, struct output_reader *reader, struct nw_arena *arena, uint64_t oseq)
{
    struct nw_record *record;
    struct nw_str bytes;
    bool killed;
    int rc = reader->log.read(reader->log.user, oseq, &bytes);

    if (rc != 0 || nw_str_find(bytes, shown->id) == SIZE_MAX) {
        return rc < 0 ? rc : 0;
    }
    rc = output_reader_visible(reader, arena, oseq, &record, &killed);
    if (rc != 0 || !record || !belongs(record, shown->id)) {
        return rc;
    }
    if (killed) {
        killed_headlines_add(&shown->killed, record);
        return 0;
    }
    return show_article(shown, record, oseq);
}

static int show_articles(struct story_shown *shown, struct output_reader *reader)
{
    struct nw_arena arena = {0};
    int rc = 0;

    for (uint64_t oseq = reader->first; oseq <= reader->head && rc == 0 && !interrupted(); oseq++) {
        rc = show_entry(shown, reader, &arena, oseq);
    }
    nw_arena_free(&arena);
    if (rc == 0 && !shown->json && shown->articles > 0) {
        rc = table_print(&shown->table, message_colours(shown->output.fd), &shown->output.buf);
    }
    return rc ? rc : output_flush(&shown->output);
}

/* The whole id: what `newswire stories` shows is its last part. */
static int id_of(const char *text, char id[STORY_ID_BYTES])
{
    int n = snprintf(id, STORY_ID_BYTES, "%s%s",
                     nw_str_starts(nw_str_z(text), NW_S("urn:")) ? "" : "urn:newswire:story:", text);

    if (n > 0 && n < STORY_ID_BYTES && text[0]) {
        return 0;
    }
    message(nw_str("", 0), "story: expected the id of a story or thread, as `newswire stories` shows it");
    return EXIT_USAGE;
}

static int story_run(const struct arguments *arguments)
{
    struct output_reader reader = {0};
    struct story_shown shown = {.json = argument_given(arguments, "json")};
    char id[STORY_ID_BYTES];
    int rc;

    if (arguments->operand_count != 1) {
        message(nw_str("", 0), "story: expected one id, as `newswire stories` shows it; see `newswire story --help`");
        return EXIT_USAGE;
    }
    rc = id_of(arguments->operands[0], id);
    if (rc) {
        return rc;
    }
    shown.id = nw_str_z(id);
    interrupt_setup();
    output_init(&shown.output, STDOUT_FILENO);
    nw_buf_init(&shown.line, STORY_JSON);
    killed_headlines_init(&shown.killed);
    table_init(&shown.table, columns, &shown.rows);
    rc = output_reader_open(arguments, NULL, &reader);
    if (rc == 0) {
        rc = output_reader_kills(&reader);
        rc = rc ? rc : show_articles(&shown, &reader);
        if (rc < 0) {
            message_error(rc, "the output log");
            rc = EXIT_UNREACHABLE;
        } else if (rc == 0 && shown.articles == 0 && !interrupted()) {
            message(shown.id, "no article in the output log belongs to a story or thread of this id");
            rc = EXIT_INPUT;
        }
    }
    output_free(&shown.output);
    nw_buf_free(&shown.line);
    killed_headlines_free(&shown.killed);
    nw_arena_free(&shown.rows);
    output_reader_close(&reader);
    return rc == OUTPUT_CLOSED ? EXIT_DONE : rc;
}

const struct command command_story = {
    .name = "story",
    .doc = "show the articles of one story or thread, in order",
    .operands = "ID",
    .operand = OPERAND_NONE,
    .most_operands = 1,
    .text =
        "Reads the output log, beside the daemon or without it, and shows the articles of the story, or of all stories "
        "of the thread, in the order in which they came out. WHAT says what an article is to an earlier one: copy, "
        "near "
        "copy (and how near, from 0 to 1) or new version. What was killed is not shown, but the kill is; nor is a "
        "story "
        "called by its headline any more.\n\n"
        "An id that is not there gives a line on standard error, and the exit status is 3.",
    .options = story_options,
    .examples = story_examples,
    .run = story_run,
};
