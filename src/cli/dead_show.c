/* What is shown of dead letters; see dead_show.h. */
#include "dead_show.h"

#include "message.h"
#include "table.h"

#include <newswire/clock.h>
#include <newswire/json.h>

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { SHOW_MAX = 256 << 20, LIST_COLUMNS = 6, LIST_ROWS = TABLE_CELLS / LIST_COLUMNS };

static const struct table_column columns[] = {
    {"JSEQ", true},   {"STAGE", false},  {"WHEN", false}, {"ATTEMPTS", true},
    {"STATE", false}, {"REASON", false}, {NULL, false},
};

/* ---- text */

static int add_row(struct table *table, const struct letter *letter)
{
    char jseq[24], when[NW_TIME_TEXT], killed[NW_WHY];
    enum table_colour colour = letter->state == LETTER_OPEN ? TABLE_RED : TABLE_PLAIN;
    int rc;

    snprintf(jseq, sizeof jseq, "%" PRIu64, letter->jseq);
    nw_time_print(letter->time / 1000 * 1000, when);
    rc = table_add(table, TABLE_PLAIN, nw_str_z(jseq));
    rc = rc ? rc : table_add(table, TABLE_PLAIN, letter->stage);
    rc = rc ? rc : table_add(table, TABLE_PLAIN, nw_str_z(when));
    rc = rc ? rc : table_add_number(table, letter->attempts);
    rc = rc ? rc : table_add(table, colour, nw_str_z(letter_state_word(letter->state)));
    if (rc == 0 && letter->killed) {
        snprintf(killed, sizeof killed, "killed at oseq %" PRIu64 "; %.*s", letter->killed, NW_FMT(letter->why));
    }
    return rc ? rc : table_add(table, TABLE_PLAIN, letter->killed ? nw_str_z(killed) : letter->why);
}

int dead_list_text(const struct letters *letters, bool all, struct output *output)
{
    struct nw_arena arena = {0};
    struct table table;
    size_t shown = 0, more = 0;
    int rc = 0;

    table_init(&table, columns, &arena);
    for (size_t i = 0; i < letters->n && rc == 0; i++) {
        if (!all && letters->v[i].state != LETTER_OPEN) {
            continue;
        }
        if (shown == LIST_ROWS) {
            more++;
        } else {
            shown++;
            rc = add_row(&table, &letters->v[i]);
        }
    }
    if (rc == 0 && shown == 0) {
        rc = output_line(output, all || letters->n == 0 ? NW_S("there are no dead letters")
                                                        : NW_S("all dead letters were dealt with; --all shows them"));
    } else if (rc == 0) {
        rc = table_print(&table, message_colours(output->fd), &output->buf);
    }
    if (rc == 0 && more > 0) {
        message(nw_str("", 0), "%zu more are not shown; --json lists all", more);
    }
    nw_arena_free(&arena);
    return rc;
}

static void put_line(struct nw_buf *out, const char *name, struct nw_str value)
{
    nw_buf_printf(out, "%-9s ", name);
    message_plain(out, value);
    nw_buf_char(out, '\n');
}

static void put_time(struct nw_buf *out, const char *name, int64_t time)
{
    char text[NW_TIME_TEXT];

    nw_time_print(time, text);
    put_line(out, name, nw_str_z(text));
}

static void put_number(struct nw_buf *out, const char *name, uint64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRIu64, number);
    put_line(out, name, nw_str_z(text));
}

/* What a kill means is not shown any more. */
static void put_killed(struct nw_buf *out, const struct letter *letter)
{
    char text[96];

    snprintf(text, sizeof text, "by the article at oseq %" PRIu64 "; it is not put out, nor shown here",
             letter->killed);
    put_line(out, "killed", nw_str_z(text));
    out->n--; /* the line end comes behind */
}

/* The record as it came to the stage, as JSON; NW_BAD_RECORD, with nothing appended, where it is none. */
static int put_record(struct nw_buf *out, const struct nw_dead_letter *whole, char why[NW_WHY])
{
    struct nw_arena arena = {0};
    struct nw_record *record;
    int rc = nw_record_decode(&arena, whole->bytes.n > 0 ? whole->bytes : whole->origin, &record, why);

    if (rc == 0) {
        rc = nw_record_to_json(record, out);
    }
    nw_arena_free(&arena);
    return rc;
}

static int put_out(struct nw_buf *text, int rc, struct output *output)
{
    rc = rc ? rc : text->error;
    if (rc == 0) {
        rc = output_line(output, nw_buf_view(text));
    }
    nw_buf_free(text);
    return rc;
}

int dead_show_text(const struct letter *letter, const struct nw_dead_letter *whole, bool follows, struct output *output)
{
    char why[NW_WHY], source[32];
    struct nw_buf text;
    int rc;

    nw_buf_init(&text, SHOW_MAX);
    if (follows) {
        nw_buf_char(&text, '\n');
    }
    put_number(&text, "jseq", letter->jseq);
    put_line(&text, "stage", letter->stage);
    put_line(&text, "reason", letter->why);
    put_number(&text, "attempts", letter->attempts);
    put_time(&text, "when", letter->time);
    put_line(&text, "state", nw_str_z(letter_state_word(letter->state)));
    if (letter->resolved) {
        put_time(&text, "since", letter->resolved);
    }
    if (letter->path.n > 0) {
        put_line(&text, "source", letter->path);
        snprintf(source, sizeof source, "%" PRId64, letter->index);
        put_line(&text, "index", nw_str_z(source));
    }
    put_number(&text, "bytes", whole->origin.n);
    rc = letter->killed ? 0 : put_record(&text, whole, why);
    if (letter->killed) {
        put_killed(&text, letter);
    } else if (rc == NW_BAD_RECORD) {
        put_line(&text, "record", NW_S("cannot be read, and would not be by a stage:"));
        put_line(&text, "", nw_str_z(why));
        text.n--; /* the line end comes behind */
        rc = 0;
    }
    return put_out(&text, rc, output);
}

/* ---- JSON */

static void put_members(struct nw_buf *out, const struct letter *letter)
{
    char when[NW_TIME_TEXT];

    nw_time_print(letter->time, when);
    nw_buf_printf(out, "{\"jseq\":%" PRIu64 ",\"stage\":", letter->jseq);
    nw_json_text(out, letter->stage);
    nw_buf_printf(out, ",\"reason\":");
    nw_json_text(out, letter->why);
    nw_buf_printf(out, ",\"attempts\":%" PRIu64 ",\"time\":\"%s\",\"state\":\"%s\"", letter->attempts, when,
                  letter_state_word(letter->state));
    if (letter->resolved) {
        nw_time_print(letter->resolved, when);
        nw_buf_printf(out, ",\"resolved\":\"%s\"", when);
    }
    if (letter->path.n > 0) {
        nw_buf_printf(out, ",\"source\":{\"path\":");
        nw_json_text(out, letter->path);
        nw_buf_printf(out, ",\"index\":%" PRId64 "}", letter->index);
    }
    nw_buf_printf(out, ",\"bytes\":%zu", letter->bytes);
    if (letter->killed) {
        nw_buf_printf(out, ",\"killed\":%" PRIu64, letter->killed);
    }
}

int dead_list_json(const struct letters *letters, bool all, struct output *output)
{
    int rc = 0;

    for (size_t i = 0; i < letters->n && rc == 0; i++) {
        struct nw_buf line;
        if (!all && letters->v[i].state != LETTER_OPEN) {
            continue;
        }
        nw_buf_init(&line, SHOW_MAX);
        put_members(&line, &letters->v[i]);
        nw_buf_char(&line, '}');
        rc = put_out(&line, 0, output);
    }
    return rc;
}

int dead_show_json(const struct letter *letter, const struct nw_dead_letter *whole, struct output *output)
{
    char why[NW_WHY];
    struct nw_buf line;
    int rc;

    nw_buf_init(&line, SHOW_MAX);
    put_members(&line, letter);
    nw_buf_printf(&line, ",\"record\":");
    rc = letter->killed ? NW_BAD_RECORD : put_record(&line, whole, why);
    if (rc == NW_BAD_RECORD) {
        nw_buf_printf(&line, "null");
        rc = 0;
    }
    nw_buf_char(&line, '}');
    return put_out(&line, rc, output);
}

/* ---- bytes */

int dead_show_raw(const struct nw_dead_letter *whole, struct output *output)
{
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];
    struct nw_str bytes = whole->origin.n > 0 ? whole->origin : whole->bytes;
    int rc = nw_record_decode(&arena, bytes, &record, why);

    if (rc == 0 && NW_HAS(record, record, raw)) {
        bytes = record->raw;
    }
    if (rc >= 0) {
        rc = nw_buf_str(&output->buf, bytes);
    }
    nw_arena_free(&arena);
    return rc;
}
