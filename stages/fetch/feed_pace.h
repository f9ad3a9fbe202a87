/*
 * When a feed is to be asked again: by its own rhythm between the limits of the config, later where the feed or its
 * server asks for it, later and later on errors. The rhythm knows the hours and days at which nothing ever comes
 * (week.h). Pure: times come in, times go out.
 */
#ifndef FETCH_FEED_PACE_H
#define FETCH_FEED_PACE_H

#include "week.h"

#include <stdbool.h>
#include <stdint.h>

struct feed_pace {
    double gap_ms;        /* between two items, smoothed, as its week counts time; 0: not known */
    double spread_ms;     /* how far gaps are from that, smoothed */
    struct week week;     /* when items come */
    int64_t last_item_ms; /* wall ms at which the newest item was seen; 0: none */
    uint64_t items;
    unsigned errors; /* in a row */
};

struct feed_limits {
    int64_t least_ms, most_ms;
};

/* An answer at `now` held so many new items; *pause: ms until the next poll. asked_ms: what feed and server ask for, 0
 * for nothing. */
void feed_pace_answer(struct feed_pace *pace, const struct feed_limits *limits, int64_t now, unsigned items,
                      int64_t asked_ms, int64_t *pause);

/* There was no answer, or no feed. retry_ms: Retry-After, -1 for none; chance: any number, for the jitter. */
void feed_pace_error(struct feed_pace *pace, const struct feed_limits *limits, int64_t retry_ms, uint64_t chance,
                     int64_t *pause);

/* Whether it has been silent for longer than its rhythm explains. */
bool feed_pace_is_quiet(const struct feed_pace *pace, const struct feed_limits *limits, int64_t now);

#endif
