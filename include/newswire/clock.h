/*
 * Time comes through here, so that tests set it and none sleeps. Two clocks: wall time for what people read, monotonic
 * time for leases and timeouts (a jump of the wall clock moves no lease).
 */
#ifndef NEWSWIRE_CLOCK_H
#define NEWSWIRE_CLOCK_H

#include <newswire/str.h>

#include <stdbool.h>
#include <stdint.h>

int64_t nw_clock_wall(void);       /* milliseconds since 1970-01-01T00:00:00Z */
int64_t nw_clock_mono(void);       /* milliseconds, never backwards */
int64_t nw_clock_mono_micro(void); /* microseconds, never backwards */

/* For tests: from now on both clocks stand at these milliseconds; nw_clock_real() ends it. Per process. */
void nw_clock_fake(int64_t wall, int64_t mono);
void nw_clock_real(void);

enum { NW_TIME_TEXT = 32 };

/* Milliseconds from civil UTC date and time (proleptic Gregorian, years 0 to 9999; values are not checked). */
int64_t nw_time_from_civil(int year, int month, int day, int hour, int minute, int second);
void nw_time_to_civil(int64_t ms, int *year, int *month, int *day, int *hour, int *minute, int *second);

/* RFC 3339 in UTC, with milliseconds only where they are not 0: 2022-01-13T00:00:00Z. Returns the length. */
size_t nw_time_print(int64_t ms, char out[NW_TIME_TEXT]);

/* Reads RFC 3339 (any offset; a bare date is midnight UTC); false where it is none. */
bool nw_time_parse(struct nw_str s, int64_t *ms);

/* Day of the week of a time: 0 Monday to 6 Sunday. */
int nw_time_weekday(int64_t ms);

#endif
