/* A cursor of src/trends over the log, and its report; see trending.h. */
#include "run/trending.h"

#include "trends/trends.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>

#include <errno.h>

enum {
    STEP_RECORDS = 128,   /* entries read in one turn: some ms */
    SEND_MS = 60000,      /* between two reports that go out */
    MAKE_MS = 1000,       /* between two that are made, */
    MAKE_SHARE = 50,      /* and at least so many times as long as the last one took: 4 ms, 30 on the richest stream */
    REPORT_MAX = 1 << 20, /* bytes: NW_TRENDS_TOP of each kind and window, at their longest, are a third */
};

struct trending {
    struct nw_trends *trends;
    bool caught_up; /* all that was there at the start is read */
    struct nw_buf report;
    uint64_t through;   /* the report's */
    int64_t made, rest; /* ms: when it was, and for how long it is good enough */
    uint64_t sent_through;
    int64_t sent;
};

int trending_new(const struct nw_when_log *log, struct trending **result)
{
    struct trending *trending = nw_calloc(1, sizeof *trending);
    int r;

    *result = trending;
    if (!trending)
        return nw_fault(-ENOMEM);
    nw_buf_init(&trending->report, REPORT_MAX);
    trending->sent = nw_clock_mono();
    r = nw_trends_new(log, &trending->trends);
    if (r < 0)
        trending_free(result);
    return r;
}

void trending_free(struct trending **trending)
{
    if (*trending) {
        nw_trends_free(&(*trending)->trends);
        nw_buf_free(&(*trending)->report);
    }
    nw_free(*trending);
    *trending = NULL;
}

int trending_offer(struct trending *trending, uint64_t oseq, const struct nw_record *record)
{
    return nw_trends_offer(trending->trends, oseq, record);
}

int trending_step(struct trending *trending)
{
    int r = nw_trends_step(trending->trends, STEP_RECORDS);

    if (r == 0)
        trending->caught_up = true;
    return r < 0 ? r : r == NW_TRENDS_BEHIND ? TRENDING_BEHIND : 0;
}

static int make_report(struct trending *trending)
{
    int64_t start = nw_clock_mono_micro(), rest;
    int r;

    nw_buf_clear(&trending->report);
    trending->through = nw_trends_through(trending->trends);
    r = nw_trends_report(trending->trends, &trending->report);
    trending->made = nw_clock_mono();
    rest = (nw_clock_mono_micro() - start) * MAKE_SHARE / 1000;
    trending->rest = rest > MAKE_MS ? rest : MAKE_MS;
    return r;
}

int trending_report(struct trending *trending, struct nw_str *report, uint64_t *through)
{
    uint64_t read = nw_trends_through(trending->trends);
    int r = 0;

    if (!trending->caught_up || read == 0)
        return TRENDING_BEHIND;
    if (trending->through == 0 || (trending->through != read && nw_clock_mono() - trending->made >= trending->rest))
        r = make_report(trending);
    *report = nw_buf_view(&trending->report);
    *through = trending->through;
    return r;
}

bool trending_is_due(const struct trending *trending)
{
    return nw_clock_mono() - trending->sent >= SEND_MS;
}

void trending_sent(struct trending *trending, uint64_t through)
{
    trending->sent = nw_clock_mono();
    trending->sent_through = through;
}

uint64_t trending_last_sent(const struct trending *trending)
{
    return trending->sent_through;
}
