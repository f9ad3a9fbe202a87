/* Exponential smoothing of the gaps between items, and doubling on errors: see feed_pace.h. */
#include "feed_pace.h"

#include <math.h>

enum {
    LOOKS = 2,         /* polls per gap: an item waits half a gap at most, a quarter on average */
    DOUBLINGS = 6,     /* of the pause on errors */
    RHYTHM_ITEMS = 8,  /* items from which a rhythm is believed */
    QUIET_SPREADS = 6, /* deviations past the mean gap that are no rhythm any more */
    QUIET_POLLS = 3,   /* longest pauses that are no silence yet */
};

static const double smoothing = 0.2;
static const int64_t retry_most_ms = 86400000;

static int64_t within(double ms, const struct feed_limits *limits)
{
    return ms < (double)limits->least_ms  ? limits->least_ms
           : ms > (double)limits->most_ms ? limits->most_ms
                                          : (int64_t)ms;
}

void feed_pace_answer(struct feed_pace *pace, const struct feed_limits *limits, int64_t now, unsigned items,
                      int64_t asked_ms, int64_t *pause)
{
    double silence = week_between(&pace->week, pace->last_item_ms, now), wanted;

    pace->errors = 0;
    /* The first answer holds the past: how long that took is not known. */
    if (items > 0 && pace->items > 0) {
        double gap = silence / items;
        double off = pace->gap_ms > 0 ? fabs(gap - pace->gap_ms) : gap / 2;
        pace->spread_ms += smoothing * (off - pace->spread_ms);
        pace->gap_ms += pace->gap_ms > 0 ? smoothing * (gap - pace->gap_ms) : gap;
        week_add(&pace->week, now, items);
    }
    if (items > 0)
        pace->last_item_ms = now;
    pace->items += items;
    /* One that has been silent for longer than its gap is slower than it was. */
    silence = pace->last_item_ms > 0 ? week_between(&pace->week, pace->last_item_ms, now) : 0;
    wanted = pace->gap_ms > silence ? pace->gap_ms : silence;
    *pause = within((double)week_wait(&pace->week, now, wanted / LOOKS, limits->most_ms), limits);
    if (asked_ms > *pause)
        *pause = within((double)asked_ms, limits);
}

void feed_pace_error(struct feed_pace *pace, const struct feed_limits *limits, int64_t retry_ms, uint64_t chance,
                     int64_t *pause)
{
    double ms = (double)limits->least_ms;

    for (unsigned i = 0; i < pace->errors && i < DOUBLINGS; i++)
        ms *= 2;
    pace->errors++;
    ms *= 0.75 + (double)(chance % 1000) / 2000; /* so that those that failed together do not come back together */
    *pause = within(ms, limits);
    if (retry_ms > *pause)
        *pause = retry_ms < retry_most_ms ? retry_ms : retry_most_ms;
}

bool feed_pace_is_quiet(const struct feed_pace *pace, const struct feed_limits *limits, int64_t now)
{
    double silence = week_between(&pace->week, pace->last_item_ms, now);
    double least = QUIET_POLLS * (double)limits->most_ms;

    return pace->items >= RHYTHM_ITEMS && pace->gap_ms > 0 &&
           silence > pace->gap_ms + QUIET_SPREADS * pace->spread_ms && silence > least &&
           (double)(now - pace->last_item_ms) > least;
}
