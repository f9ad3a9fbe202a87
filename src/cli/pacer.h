/*
 * When the next article may go: at a rate, or by the articles' own times made faster or slower. Pure: it is told the
 * time and asks no clock. What a stall held up is made up for at 5/4 of the rate, never at once, and of a stall longer
 * than PACER_DEBT no more than that: so the rate holds on average, and no burst hits who reads behind.
 */
#ifndef CLI_PACER_H
#define CLI_PACER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PACER_DEBT = 1000000,               /* µs of a stall that are made up for */
    PACER_SLACK = 1000,                 /* µs within which articles may stand closer: a timer wakes no more exactly */
    PACER_GAP_MS = 24 * 60 * 60 * 1000, /* own times further apart than this are an error in one of them, or a pause
                                           that nobody wants to sit through: the article goes at once */
};

#define PACER_NO_TIME INT64_MIN /* of an article that tells none: it goes with the one before it */

struct pacer {
    double interval; /* µs between two articles; 0: no limit */
    double speed;    /* own time to ours; 0: own times do not count */
    bool begun, timed;
    double due;       /* µs: when the last one was due by the rate alone */
    double went;      /* µs: when it was let go */
    int64_t newest;   /* the latest own time so far, ms */
    double newest_at; /* µs: when that was let go */
};

/* Takes the next article: the monotonic µs from which it may go; at most `now` is at once. `time`: its own, ms. */
int64_t pacer_next(struct pacer *pacer, int64_t now, int64_t time);

/* "500" or "500/s" to the interval; "10" or "10x" to the speed. False for what is none. */
bool pacer_rate(const char *text, double *interval);
bool pacer_speed(const char *text, double *speed);

#endif
