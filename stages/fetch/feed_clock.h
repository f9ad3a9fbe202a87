/*
 * The wall clock by which feeds are asked. Tests of whole processes make days pass in minutes: they set
 * NEWSWIRE_TEST_CLOCK to SCALE@START, and time runs SCALE times as fast since START (ms since 1970). It says so in the
 * log; nothing but tests sets it, and timeouts of the network are not moved by it.
 */
#ifndef FETCH_FEED_CLOCK_H
#define FETCH_FEED_CLOCK_H

#include <stdint.h>

struct feed_clock {
    int64_t scale, start; /* all zero: the wall clock as it is */
};

void feed_clock_open(struct feed_clock *clock);
int64_t feed_clock_now(const struct feed_clock *clock); /* ms since 1970 */

/* How long to wait, in ms of the machine, until so many of the feeds' have passed; at least 1. */
int64_t feed_clock_wait(const struct feed_clock *clock, int64_t ms);

#endif
