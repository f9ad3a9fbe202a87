/* Reads msgpack by its keys, passing over what it does not know; see trends_report.h. */
#include "trends_report.h"

#include "message.h"
#include "record/unpack.h"
#include "table.h"

#include <newswire/json.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    TREND_JSON = 4096,     /* bytes of one trend: its texts have bounds */
    TRENDS_TEXT = 1 << 20, /* of a table */
    TRENDS_NAME = 40,      /* characters shown */
    TRENDS_HEADLINE = 60,
    TRENDS_SURE = 5, /* a score that by chance comes less than once in 148 times */
};

/* ---- reading */

#define KEY_IS(key, literal) nw_str_eq((key), NW_S(literal))

static bool read_trend(struct nw_unpack *in, struct trend *trend)
{
    struct nw_str key;
    size_t n;
    bool good = nw_unpack_map(in, &n);

    for (size_t i = 0; good && i < n; i++) {
        good = nw_unpack_str(in, &key) && (KEY_IS(key, "kind")       ? nw_unpack_str(in, &trend->kind)
                                           : KEY_IS(key, "name")     ? nw_unpack_str(in, &trend->name)
                                           : KEY_IS(key, "uri")      ? nw_unpack_str(in, &trend->uri)
                                           : KEY_IS(key, "headline") ? nw_unpack_str(in, &trend->headline)
                                           : KEY_IS(key, "count")    ? nw_unpack_uint(in, &trend->count)
                                           : KEY_IS(key, "error")    ? nw_unpack_uint(in, &trend->error)
                                           : KEY_IS(key, "oseq")     ? nw_unpack_uint(in, &trend->oseq)
                                           : KEY_IS(key, "expected") ? nw_unpack_num(in, &trend->expected)
                                           : KEY_IS(key, "score")    ? nw_unpack_num(in, &trend->score)
                                                                     : nw_unpack_skip(in, NULL));
    }
    return good;
}

static bool read_trends(struct nw_arena *arena, struct nw_unpack *in, struct trend_window *window)
{
    bool good = nw_unpack_array(in, &window->n);

    window->v = good ? NW_ARENA_NEW(arena, struct trend, window->n) : NULL;
    good = good && window->v;
    for (size_t i = 0; good && i < window->n; i++) {
        good = read_trend(in, &window->v[i]);
    }
    return good;
}

static bool read_window(struct nw_arena *arena, struct nw_unpack *in, struct trend_window *window)
{
    struct nw_str key;
    size_t n;
    bool good = nw_unpack_map(in, &n);

    for (size_t i = 0; good && i < n; i++) {
        good =
            nw_unpack_str(in, &key) && (KEY_IS(key, "window")           ? nw_unpack_str(in, &window->word)
                                        : KEY_IS(key, "articles")       ? nw_unpack_uint(in, &window->articles)
                                        : KEY_IS(key, "articlesBefore") ? nw_unpack_uint(in, &window->articles_before)
                                        : KEY_IS(key, "things")         ? read_trends(arena, in, window)
                                                                        : nw_unpack_skip(in, NULL));
    }
    return good;
}

static bool read_windows(struct nw_arena *arena, struct nw_unpack *in, struct trends_report *report)
{
    bool good = nw_unpack_array(in, &report->n);

    report->windows = good ? NW_ARENA_NEW(arena, struct trend_window, report->n) : NULL;
    good = good && report->windows;
    for (size_t i = 0; good && i < report->n; i++) {
        good = read_window(arena, in, &report->windows[i]);
    }
    return good;
}

int trends_report_read(struct nw_arena *arena, struct nw_str bytes, struct trends_report *report)
{
    struct nw_unpack in = nw_unpack(bytes);
    struct nw_str key;
    size_t n;
    bool good = nw_unpack_map(&in, &n);

    *report = (struct trends_report){0};
    for (size_t i = 0; good && i < n; i++) {
        good = nw_unpack_str(&in, &key) && (KEY_IS(key, "time")      ? nw_unpack_str(&in, &report->time)
                                            : KEY_IS(key, "oseq")    ? nw_unpack_uint(&in, &report->oseq)
                                            : KEY_IS(key, "windows") ? read_windows(arena, &in, report)
                                                                     : nw_unpack_skip(&in, NULL));
    }
    return good ? 0 : TRENDS_REPORT_BAD;
}

/* ---- choosing */

static int by_rank(const void *a, const void *b)
{
    const struct trend *x = *(const struct trend *const *)a, *y = *(const struct trend *const *)b;

    if (x->score < y->score || x->score > y->score) {
        return x->score < y->score ? 1 : -1;
    }
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return nw_str_cmp(x->name, y->name);
}

/* The window of the choice; {0} where the report has none. */
static struct trend_window window_of(const struct trends_report *report, const struct trends_choice *choice)
{
    for (size_t i = 0; i < report->n; i++) {
        if (nw_str_eq(report->windows[i].word, nw_str_z(choice->window))) {
            return report->windows[i];
        }
    }
    return (struct trend_window){0};
}

/* Those that are wanted, best first, at most choice->top; NULL without memory. */
static const struct trend **choose(const struct trend_window *window, const struct trends_choice *choice,
                                   struct nw_arena *arena, size_t *n)
{
    const struct trend **v = NW_ARENA_NEW(arena, const struct trend *, window->n);

    *n = 0;
    for (size_t i = 0; v && i < window->n; i++) {
        if (!choice->kind || nw_str_eq(window->v[i].kind, nw_str_z(choice->kind))) {
            v[(*n)++] = &window->v[i];
        }
    }
    if (v) {
        qsort(v, *n, sizeof *v, by_rank);
    }
    *n = *n > choice->top ? choice->top : *n;
    return v;
}

/* ---- showing */

static const struct table_column columns[] = {
    {"NAME", false}, {"KIND", false},           {"COUNT", true}, {"EXPECTED", true},
    {"BURST", true}, {"NEWEST ARTICLE", false}, {NULL, false},
};

static int add_number(struct table *table, enum table_colour colour, double number)
{
    char text[32];

    snprintf(text, sizeof text, "%.1f", number);
    return table_add(table, colour, nw_str_z(text));
}

static int add_row(struct table *table, const struct trend *trend)
{
    enum table_colour colour = trend->score >= TRENDS_SURE ? TABLE_GREEN : TABLE_PLAIN;
    char count[48];
    int rc;

    snprintf(count, sizeof count, "%" PRIu64 "%s", trend->count, trend->error > 0 ? "+" : "");
    rc = table_add_cut(table, trend->name, TRENDS_NAME);
    rc = rc ? rc : table_add(table, TABLE_PLAIN, trend->kind);
    rc = rc ? rc : table_add(table, TABLE_PLAIN, nw_str_z(count));
    rc = rc ? rc : add_number(table, TABLE_PLAIN, trend->expected);
    rc = rc ? rc : add_number(table, colour, trend->score);
    return rc ? rc : table_add_cut(table, trend->headline, TRENDS_HEADLINE);
}

int trends_report_text(const struct trends_report *report, const struct trends_choice *choice, struct nw_arena *arena,
                       struct output *output)
{
    struct trend_window window = window_of(report, choice);
    struct table table;
    struct nw_buf text;
    size_t n;
    const struct trend **v = choose(&window, choice, arena, &n);
    int rc = v ? 0 : -ENOMEM;

    nw_buf_init(&text, TRENDS_TEXT);
    table_init(&table, columns, arena);
    nw_buf_printf(&text, "%.*s: %" PRIu64 " articles in %s; before, %" PRIu64 "\n", NW_FMT(report->time),
                  window.articles, choice->window, window.articles_before);
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = add_row(&table, v[i]);
    }
    if (rc == 0 && n > 0) {
        rc = table_print(&table, message_colours(output->fd), &text);
    }
    if (rc == 0) {
        rc = output_line(output, nw_str(text.p, text.n - 1)); /* without its last line end */
    }
    nw_buf_free(&text);
    return rc;
}

static int put_trend(const struct trends_report *report, const struct trend_window *window, const struct trend *trend,
                     struct nw_buf *out)
{
    nw_buf_printf(out, "{\"time\":");
    nw_json_text(out, report->time);
    nw_buf_printf(out, ",\"window\":");
    nw_json_text(out, window->word);
    nw_buf_printf(out, ",\"articles\":%" PRIu64 ",\"articlesBefore\":%" PRIu64 ",\"kind\":", window->articles,
                  window->articles_before);
    nw_json_text(out, trend->kind);
    nw_buf_printf(out, ",\"name\":");
    nw_json_text(out, trend->name);
    if (trend->uri.n > 0) {
        nw_buf_printf(out, ",\"uri\":");
        nw_json_text(out, trend->uri);
    }
    nw_buf_printf(out, ",\"count\":%" PRIu64 ",\"error\":%" PRIu64 ",\"expected\":%.2f,\"score\":%.2f", trend->count,
                  trend->error, trend->expected, trend->score);
    if (trend->oseq > 0) {
        nw_buf_printf(out, ",\"headline\":");
        nw_json_text(out, trend->headline);
        nw_buf_printf(out, ",\"oseq\":%" PRIu64, trend->oseq);
    }
    return nw_buf_char(out, '}');
}

int trends_report_json(const struct trends_report *report, const struct trends_choice *choice, struct nw_arena *arena,
                       struct output *output)
{
    struct trend_window window = window_of(report, choice);
    struct nw_buf line;
    size_t n;
    const struct trend **v = choose(&window, choice, arena, &n);
    int rc = v ? 0 : -ENOMEM;

    nw_buf_init(&line, TREND_JSON);
    for (size_t i = 0; i < n && rc == 0; i++) {
        nw_buf_clear(&line);
        rc = put_trend(report, &window, v[i], &line);
        rc = rc ? rc : output_line(output, nw_buf_view(&line));
    }
    nw_buf_free(&line);
    return rc;
}
