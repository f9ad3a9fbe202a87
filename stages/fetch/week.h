/*
 * When in the week a source's items come. News sleeps: a feed that is silent each night or at weekends is not quiet.
 * So its time is not counted evenly: an hour in which many items come is long, one in which none ever comes is nearly
 * none. Over a week both add up to the same. Rhythm and silence (feed_pace.h) are measured in that time.
 *
 * What is learned: 24 hours of the day (UTC) and 7 days of the week, apart; hours halve each week, days each four
 * weeks, so that habits may change. Hours are believed after three days, days after two weeks, and both only when
 * enough has come; until then time is counted evenly. Pure: times come in, times go out.
 */
#ifndef FETCH_WEEK_H
#define FETCH_WEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WEEK_HOURS = 24, WEEK_DAYS = 7, WEEK_BYTES = 16 + 4 * (WEEK_HOURS + WEEK_DAYS) };

struct week {
    int64_t since_ms; /* wall ms of the first item that was learned from; 0: none was */
    int64_t number;   /* of the week (from Thursday, 1970-01-01) that was learned in last */
    uint32_t hour[WEEK_HOURS], day[WEEK_DAYS];
};

/* So many items came at `now`, wall ms. */
void week_add(struct week *week, int64_t now, unsigned items);

/* How long it is from one time to another as the source counts it, in ms. 0 where `to` is not behind `from`. */
double week_between(const struct week *week, int64_t from, int64_t to);

/* In how many ms of the clock, at most `most_ms`, so many of the source's will have passed. */
int64_t week_wait(const struct week *week, int64_t now, double ms, int64_t most_ms);

/* As bytes, for keeping. A week is read from what was written, and from none as one that has learned nothing. */
void week_write(const struct week *week, unsigned char bytes[WEEK_BYTES]);
void week_read(struct week *week, const void *bytes, size_t n);

#endif
