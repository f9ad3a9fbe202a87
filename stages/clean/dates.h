/*
 * Dates and times as wires, feeds, pages and mail write them. The order of day and month in 1/2/2003 is a guess unless
 * one is above 12; nothing relative ("yesterday") is read. A date before 1900 or after 2100 is no date.
 */
#ifndef CLEAN_DATES_H
#define CLEAN_DATES_H

#include <newswire/clock.h>
#include <newswire/str.h>

enum precision { PRECISION_NONE, PRECISION_YEAR, PRECISION_MONTH, PRECISION_DAY, PRECISION_MINUTE, PRECISION_SECOND };

struct date {
    int64_t ms; /* UTC; where the zone is not known, as if it were UTC */
    enum precision precision;
    bool zone; /* the zone was given (or is UTC by the format's rule) */
};

/* Reads s, which should be a date and little else; true when year, month and at least that are there. */
bool date_read(struct nw_str s, struct date *date);

/* As date_read, for a text whose language decides: with day_first, 1/2/2003 is in February. */
bool date_read_as(struct nw_str s, bool day_first, struct date *date);

/* As date_read, but s must be a date as a whole: beside it there may only be words that dates bring (weekdays, "on",
 * "published", "updated", zones). For lines that may be prose. */
bool date_line(struct nw_str s, struct date *date);

/* Month 1 to 12 whose name or usual abbreviation fills `word` in one of the languages known, else 0. */
int month_of(struct nw_str word);

/* The word under which source.precision has it; NULL where the second and the zone are known. "local": the time is as
 * the source wrote it, its zone is not known. */
const char *date_precision(const struct date *date);

#endif
