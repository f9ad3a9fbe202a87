/* See item_time.h. Dates are read in the four ways in which wire formats, feeds and mail write them. */
#include "item_time.h"

#include "pacer.h"
#include "record/unpack.h"

#include <newswire/clock.h>

#include <stdio.h>
#include <string.h>

/* What stands before an article's own time, the more exact first: NewsML, ninjs, NITF, Reuters, feeds, pages, mail. */
static const struct nw_str marks[] = {
    NW_STR("versioncreated\""),
    NW_STR("<versionCreated>"),
    NW_STR("<ThisRevisionCreated>"),
    NW_STR("versionCreated\""),
    NW_STR("firstcreated\""),
    NW_STR("firstCreated\""),
    NW_STR("<contentCreated>"),
    NW_STR("<FirstCreated>"),
    NW_STR("<date.issue norm"),
    NW_STR("<DATE>"),
    NW_STR("date_published\""),
    NW_STR("datePublished\""),
    NW_STR("article:published_time\""),
    NW_STR("<pubDate>"),
    NW_STR("<published>"),
    NW_STR("<updated>"),
    NW_STR("<dc:date>"),
    NW_STR("published\""),
    NW_STR("pubDate\""),
    NW_STR("\nDate:"),
    NW_STR("\"date\""),
    NW_STR("<time datetime"),
    NW_STR("<sent>"),
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads n digits at *at. */
static bool digits(struct nw_str s, size_t *at, size_t n, int *value)
{
    *value = 0;
    for (size_t end = *at + n; *at < end; ++*at) {
        if (*at >= s.n || !digit(s.p[*at])) {
            return false;
        }
        *value = *value * 10 + (s.p[*at] - '0');
    }
    return true;
}

static void spaces(struct nw_str s, size_t *at, const char *which)
{
    while (*at < s.n && s.p[*at] && strchr(which, s.p[*at])) {
        ++*at;
    }
}

static int month_of(struct nw_str s, size_t at)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (int i = 0; i < 12; i++) {
        if (nw_str_starts_nocase(nw_str_from(s, at), nw_str(names + i * 3, 3))) {
            return i + 1;
        }
    }
    return 0;
}

/* "+0100", "-05:00", "GMT" behind a time: minutes east of Greenwich. */
static int zone_of(struct nw_str s, size_t at)
{
    int sign, hours, minutes;

    spaces(s, &at, " ");
    sign = at < s.n && s.p[at] == '-' ? -1 : at < s.n && s.p[at] == '+' ? 1 : 0;
    if (sign == 0 || (++at, !digits(s, &at, 2, &hours))) {
        return 0;
    }
    spaces(s, &at, ":");
    return digits(s, &at, 2, &minutes) ? sign * (hours * 60 + minutes) : 0;
}

static bool plausible(int month, int day, int hour, int minute, int second)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60;
}

/* hh:mm[:ss] or hhmmss at `at`, then a zone. */
static bool clock_of(struct nw_str s, size_t at, int time[3], int *zone)
{
    time[2] = 0;
    if (!digits(s, &at, 2, &time[0])) {
        return false;
    }
    spaces(s, &at, ":");
    if (!digits(s, &at, 2, &time[1])) {
        return false;
    }
    spaces(s, &at, ":");
    if (at < s.n && digit(s.p[at]) && !digits(s, &at, 2, &time[2])) {
        return false;
    }
    if (at < s.n && s.p[at] == '.') {
        for (at++; at < s.n && digit(s.p[at]); at++) {
        }
    }
    *zone = zone_of(s, at);
    return true;
}

/* RFC 3339 and ISO 8601 without its marks (20260131T101500+0100). */
static bool year_first(struct nw_str s, int64_t *ms)
{
    int year, month, day, time[3] = {0, 0, 0}, zone = 0;
    size_t at = 0;

    if (!digits(s, &at, 4, &year)) {
        return false;
    }
    spaces(s, &at, "-");
    if (!digits(s, &at, 2, &month)) {
        return false;
    }
    spaces(s, &at, "-");
    if (!digits(s, &at, 2, &day)) {
        return false;
    }
    if (at + 1 < s.n && strchr("Tt ", s.p[at]) && digit(s.p[at + 1]) && !clock_of(s, at + 1, time, &zone)) {
        return false;
    }
    *ms = nw_time_from_civil(year, month, day, time[0], time[1], time[2]) - (int64_t)zone * 60000;
    return plausible(month, day, time[0], time[1], time[2]);
}

/* RFC 5322 (Sat, 31 Jan 2026 10:15:00 +0100) and Reuters (26-FEB-1987 15:01:01.79). */
static bool day_first(struct nw_str s, int64_t *ms)
{
    int year, month, day, time[3] = {0, 0, 0}, zone = 0;
    size_t at = 0, n;

    while (at < s.n && at < 12 && !digit(s.p[at])) { /* the day of the week */
        at++;
    }
    n = at + 1 < s.n && digit(s.p[at + 1]) ? 2 : 1;
    if (!digits(s, &at, n, &day)) {
        return false;
    }
    spaces(s, &at, " -");
    month = month_of(s, at);
    at += 3;
    spaces(s, &at, " -");
    if (month == 0 || !digits(s, &at, 4, &year)) {
        return false;
    }
    spaces(s, &at, " ");
    if (at < s.n && digit(s.p[at]) && !clock_of(s, at, time, &zone)) {
        return false;
    }
    *ms = nw_time_from_civil(year, month, day, time[0], time[1], time[2]) - (int64_t)zone * 60000;
    return plausible(month, day, time[0], time[1], time[2]);
}

/* What stands behind a mark, without the signs that JSON, XML attributes and headers put before a value. */
static bool value_read(struct nw_str s, int64_t *ms)
{
    size_t at = 0;

    spaces(s, &at, " \t\r\n:=\"'>");
    if (nw_str_starts(nw_str_from(s, at), NW_S("content="))) {
        at += 8;
        spaces(s, &at, "\"'");
    }
    s = nw_str_from(s, at);
    s.n = s.n < 40 ? s.n : 40; /* no date is longer */
    return year_first(s, ms) || day_first(s, ms);
}

int64_t item_time(struct nw_str bytes)
{
    struct nw_str s = nw_str(bytes.p, bytes.n < ITEM_TIME_LOOK ? bytes.n : ITEM_TIME_LOOK);
    int64_t ms;

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = nw_str_find(s, marks[i]);
        if (at != SIZE_MAX && value_read(nw_str_from(s, at + marks[i].n), &ms)) {
            return ms;
        }
    }
    return nw_str_starts(s, NW_S("Date:")) && value_read(nw_str_from(s, 5), &ms) ? ms : PACER_NO_TIME;
}

int64_t item_time_of_record(struct nw_str record)
{
    struct nw_unpack in = nw_unpack(record);
    struct nw_str key, raw;
    size_t n;

    if (!nw_unpack_map(&in, &n)) {
        return PACER_NO_TIME;
    }
    while (n-- > 0 && nw_unpack_str(&in, &key)) {
        if (nw_str_eq(key, NW_S("raw"))) {
            return nw_unpack_bin(&in, &raw) ? item_time(raw) : PACER_NO_TIME;
        }
        if (!nw_unpack_skip(&in, NULL)) {
            return PACER_NO_TIME;
        }
    }
    return PACER_NO_TIME;
}
