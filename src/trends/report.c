/* Merges slices into windows, scores what is in them, and writes the best of each kind; see report.h. */
#include "trends/report.h"

#include "record/pack.h"
#include "trends/burst.h"

#include <newswire/clock.h>
#include <newswire/error.h>

#include <math.h>

#define NW_TREND_WORD(NAME, word) word,
const char *const nw_trend_kind_words[] = {NW_TREND_KINDS(NW_TREND_WORD) NULL};
const char *const nw_trend_window_words[] = {NW_TREND_WINDOWS(NW_TREND_WORD) NULL};

/* How long a short window is. */
enum { MINUTES_5 = 5, MINUTES_60 = 60 };

/* One kind's things in a window, and in the past that it is compared with. */
struct window {
    struct tally now, before;
    uint64_t articles, articles_before;
};

struct riser {
    const struct thing *thing;
    uint32_t count;
    struct burst burst;
};

/* The best of one kind in one window. */
struct top {
    struct riser v[NW_TRENDS_TOP];
    size_t n;
    uint64_t error;
};

struct report {
    const struct counts *counts;
    const struct things *things;
    struct window windows[NW_TREND_WINDOW_COUNT];
    struct top tops[NW_TREND_WINDOW_COUNT][NW_TREND_KIND_COUNT];
};

static bool is_before(const struct riser *a, const struct riser *b)
{
    if (a->burst.score < b->burst.score || a->burst.score > b->burst.score)
        return a->burst.score > b->burst.score;
    return a->count != b->count ? a->count > b->count : a->thing->key < b->thing->key;
}

static void top_put(struct top *top, const struct riser *riser)
{
    size_t at = top->n;

    if (at == NW_TRENDS_TOP && !is_before(riser, &top->v[at - 1]))
        return;
    at -= at == NW_TRENDS_TOP;
    for (; at > 0 && is_before(riser, &top->v[at - 1]); at--)
        top->v[at] = top->v[at - 1];
    top->v[at] = *riser;
    top->n += top->n < NW_TRENDS_TOP;
}

/* What a thing was counted in the past of a window. Its count may be too low, which would look like a burst: so it is
 * taken as high as it can be. */
static uint64_t count_before(const struct window *window, bool holds_now, uint64_t key, uint32_t count)
{
    uint64_t before = tally_count(&window->before, key) + window->before.error;

    return !holds_now ? before : before > count ? before - count : 0;
}

static void choose(const struct report *report, const struct window *window, bool holds_now, struct top *top)
{
    uint64_t past = window->articles_before - (holds_now ? window->articles : 0);

    top->error = window->now.error;
    for (size_t i = 0; i < window->now.room; i++) {
        const struct tally_slot *slot = &window->now.slots[i];
        struct riser riser = {.count = slot->count};
        if (slot->count < 2)
            continue; /* what is seen once is no trend */
        riser.burst =
            burst_of(slot->count, window->articles, count_before(window, holds_now, slot->key, slot->count), past);
        riser.thing = things_find(report->things, slot->key);
        if (riser.thing && riser.thing->name[0])
            top_put(top, &riser);
    }
}

static void windows_clear(struct report *report)
{
    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++) {
        struct window *window = &report->windows[i];
        tally_free(&window->now);
        tally_free(&window->before);
        window->articles = window->articles_before = 0;
    }
}

/* The past of a short window is the last 24 hours, which hold the window itself too. */
static int rise(struct report *report, enum nw_trend_kind kind)
{
    const struct counts *counts = report->counts;
    struct window *w5 = &report->windows[NW_TREND_5M], *w60 = &report->windows[NW_TREND_1H],
                  *day = &report->windows[NW_TREND_24H];
    int r;

    windows_clear(report);
    r = counts_minutes(counts, MINUTES_5, kind, &w5->now, &w5->articles);
    if (r == 0)
        r = counts_minutes(counts, MINUTES_60, kind, &w60->now, &w60->articles);
    if (r == 0)
        r = counts_hours(counts, 0, COUNTS_DAY, kind, &day->now, &day->articles);
    if (r == 0)
        r = counts_hours(counts, COUNTS_DAY, COUNTS_DAY, kind, &day->before, &day->articles_before);
    if (r < 0)
        return r;
    choose(report, day, false, &report->tops[NW_TREND_24H][kind]);
    for (size_t i = 0; i < NW_TREND_24H; i++) {
        struct window shorter = report->windows[i];
        shorter.before = day->now;
        shorter.articles_before = day->articles;
        choose(report, &shorter, true, &report->tops[i][kind]);
        report->windows[i].articles_before = day->articles - shorter.articles;
    }
    return 0;
}

/* ---- writing */

static void put_text(struct nw_buf *out, const char *key, const char *text)
{
    nw_pack_str(out, nw_str_z(key));
    nw_pack_str(out, nw_str_z(text));
}

static void put_count(struct nw_buf *out, const char *key, uint64_t n)
{
    nw_pack_str(out, nw_str_z(key));
    nw_pack_uint(out, n);
}

/* With two decimals: more would be read as if they meant something. */
static void put_number(struct nw_buf *out, const char *key, double number)
{
    nw_pack_str(out, nw_str_z(key));
    nw_pack_num(out, round(number * 100) / 100);
}

static void put_riser(struct nw_buf *out, const struct riser *riser, uint64_t error)
{
    const struct thing *thing = riser->thing;
    bool linked = thing->uri[0], example = thing->example > 0;

    nw_pack_map(out, 6 + linked + 2 * (size_t)example);
    put_text(out, "kind", nw_trend_kind_words[thing->kind]);
    put_text(out, "name", thing->name);
    if (linked)
        put_text(out, "uri", thing->uri);
    put_count(out, "count", riser->count);
    put_count(out, "error", error);
    put_number(out, "expected", riser->burst.expected);
    put_number(out, "score", riser->burst.score);
    if (example) {
        put_text(out, "headline", thing->headline);
        put_count(out, "oseq", thing->example);
    }
}

static void put_window(struct nw_buf *out, const struct report *report, size_t window)
{
    const struct top *tops = report->tops[window];
    size_t n = 0;

    for (size_t kind = 0; kind < NW_TREND_KIND_COUNT; kind++)
        n += tops[kind].n;
    nw_pack_map(out, 4);
    put_text(out, "window", nw_trend_window_words[window]);
    put_count(out, "articles", report->windows[window].articles);
    put_count(out, "articlesBefore", report->windows[window].articles_before);
    nw_pack_str(out, NW_S("things"));
    nw_pack_array(out, n);
    for (size_t kind = 0; kind < NW_TREND_KIND_COUNT; kind++) {
        for (size_t i = 0; i < tops[kind].n; i++)
            put_riser(out, &tops[kind].v[i], tops[kind].error);
    }
}

static int put_report(struct nw_buf *out, const struct report *report, uint64_t through)
{
    char time[NW_TIME_TEXT];

    nw_time_print(report->counts->clock, time);
    nw_pack_map(out, 3);
    put_text(out, "time", time);
    put_count(out, "oseq", through);
    nw_pack_str(out, NW_S("windows"));
    nw_pack_array(out, NW_TREND_WINDOW_COUNT);
    for (size_t window = 0; window < NW_TREND_WINDOW_COUNT; window++)
        put_window(out, report, window);
    return out->error ? nw_fault(out->error) : 0;
}

int report_write(const struct counts *counts, const struct things *things, uint64_t through, struct nw_buf *out)
{
    struct report report = {.counts = counts, .things = things};
    int r = 0;

    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++) {
        tally_init(&report.windows[i].now, COUNTS_SUM_THINGS);
        tally_init(&report.windows[i].before, COUNTS_SUM_THINGS);
    }
    for (size_t kind = 0; kind < NW_TREND_KIND_COUNT && r == 0; kind++)
        r = rise(&report, (enum nw_trend_kind)kind);
    if (r == 0)
        r = put_report(out, &report, through);
    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++) {
        tally_free(&report.windows[i].now);
        tally_free(&report.windows[i].before);
    }
    return r;
}
