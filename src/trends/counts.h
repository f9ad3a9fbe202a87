/*
 * The sliding windows: a ring of minutes and a ring of hours, each with a tally a kind of thing. An article is counted
 * in the minute and the hour in which it came out, whenever it arrives, so a slice depends on its own articles alone,
 * and on their order. The clock is the newest article's time.
 */
#ifndef TRENDS_COUNTS_H
#define TRENDS_COUNTS_H

#include "trends/mentions.h"
#include "trends/tally.h"

enum {
    COUNTS_MINUTES = 60,
    COUNTS_HOURS = 48,           /* the last 24 hours, and the day before them */
    COUNTS_DAY = 24,             /* hours */
    COUNTS_MINUTE_THINGS = 1024, /* `most` of a tally: exact while a minute has no more different things of a kind */
    COUNTS_HOUR_THINGS = 4096,
    COUNTS_SUM_THINGS = 16384, /* of one over several slices */
};

struct counts_slice {
    int64_t number; /* of minutes or hours since 1970 */
    uint64_t articles;
    struct tally kinds[NW_TREND_KIND_COUNT];
};

struct counts {
    int64_t clock; /* ms since 1970; 0: nothing was counted yet */
    struct counts_slice minutes[COUNTS_MINUTES], hours[COUNTS_HOURS];
};

void counts_init(struct counts *counts);
void counts_free(struct counts *counts);

/* Counts an article that came out at this time; one before all slices is left out. 0 or -ENOMEM. */
int counts_add(struct counts *counts, int64_t time, const struct mention *mentions, size_t n);

/* Takes back one that was counted. */
void counts_take(struct counts *counts, int64_t time, const struct mention *mentions, size_t n);

/* Adds up the last n slices of one kind: merged into the tally, *articles added to. 0 or -ENOMEM. */
int counts_minutes(const struct counts *counts, size_t n, enum nw_trend_kind kind, struct tally *sum,
                   uint64_t *articles);
int counts_hours(const struct counts *counts, size_t n, enum nw_trend_kind kind, struct tally *sum, uint64_t *articles);

/* The day before the last 24 hours: how many articles it had, and how many at most mention a thing. */
uint64_t counts_day_before(const struct counts *counts);
uint64_t counts_day_before_of(const struct counts *counts, enum nw_trend_kind kind, uint64_t key);

#endif
