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

/* One kind's things in a window; how many articles there were in the past that it is compared with. */
struct window {
    struct tally things;
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

/* How often a thing was mentioned in the past of a window. A count may be too low, which would look like a burst: so it
 * is taken as high as it can be. The past of a short window is the last 24 hours, without the window itself. */
static uint64_t count_before(const struct report *report, size_t window, enum nw_trend_kind kind,
                             const struct tally_slot *slot)
{
    const struct tally *day = &report->windows[NW_TREND_24H].things;
    uint64_t before;

    if (window == NW_TREND_24H)
        return counts_day_before_of(report->counts, kind, slot->key);
    before = tally_count(day, slot->key) + day->error;
    return before > slot->count ? before - slot->count : 0;
}

static void choose(struct report *report, size_t at, enum nw_trend_kind kind)
{
    const struct window *window = &report->windows[at];
    struct top *top = &report->tops[at][kind];

    top->error = window->things.error;
    for (size_t i = 0; i < window->things.room; i++) {
        const struct tally_slot *slot = &window->things.slots[i];
        struct riser riser = {.count = slot->count};
        if (slot->count < 2)
            continue; /* what is seen once is no trend */
        riser.thing = things_find(report->things, slot->key);
        if (!riser.thing || !riser.thing->name[0])
            continue;
        /* At best it is new; for most not even that is enough, and their past need not be looked up. */
        riser.burst = burst_of(slot->count, window->articles, 0, window->articles_before);
        if (top->n == NW_TRENDS_TOP && !is_before(&riser, &top->v[top->n - 1]))
            continue;
        riser.burst =
            burst_of(slot->count, window->articles, count_before(report, at, kind, slot), window->articles_before);
        top_put(top, &riser);
    }
}

static int rise(struct report *report, enum nw_trend_kind kind)
{
    const struct counts *counts = report->counts;
    struct window *w5 = &report->windows[NW_TREND_5M], *w60 = &report->windows[NW_TREND_1H],
                  *day = &report->windows[NW_TREND_24H];
    int r;

    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++) {
        tally_free(&report->windows[i].things);
        report->windows[i].articles = 0;
    }
    r = counts_minutes(counts, MINUTES_5, kind, &w5->things, &w5->articles);
    if (r == 0)
        r = counts_minutes(counts, MINUTES_60, kind, &w60->things, &w60->articles);
    if (r == 0)
        r = counts_hours(counts, COUNTS_DAY, kind, &day->things, &day->articles);
    if (r < 0)
        return r;
    w5->articles_before = day->articles - w5->articles;
    w60->articles_before = day->articles - w60->articles;
    day->articles_before = counts_day_before(counts);
    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++)
        choose(report, i, kind);
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

    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++)
        tally_init(&report.windows[i].things, COUNTS_SUM_THINGS);
    for (size_t kind = 0; kind < NW_TREND_KIND_COUNT && r == 0; kind++)
        r = rise(&report, (enum nw_trend_kind)kind);
    if (r == 0)
        r = put_report(out, &report, through);
    for (size_t i = 0; i < NW_TREND_WINDOW_COUNT; i++)
        tally_free(&report.windows[i].things);
    return r;
}
