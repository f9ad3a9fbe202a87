/*
 * The date reader: one pass over the tokens of a short text (numbers, words, marks), which fill the slots year, month,
 * day, time and zone. See dates.h for what it promises.
 */
#include "dates.h"

#include "calendars.h"
#include "chars.h"
#include "date_words.h"
#include "zones.h"

enum {
    LONGEST = 160,       /* bytes of a text that may be a date */
    LINE_MOST = 120,     /* and of a line that is one and nothing else */
    JALALI_FIRST = 1342, /* years of the Solar Hijri calendar: 1963 */
    JALALI_LAST = 1479,  /* to 2100 */
};

struct slots {
    int year, month, day, hour, minute, second;
    bool time, seconds, zone, afternoon, morning;
    int offset;               /* minutes east of UTC */
    const struct zone *named; /* which says it instead */
    int pending;              /* a number of 1 to 31 whose part is not known yet */
    int era;                  /* years before the first of an era that was named: 令和6年 */
    bool persian;             /* its figures or its month are Persian; */
    bool jalali;              /* then so is the year */
    bool strict;              /* a stranger ends the reading */
    bool day_first;           /* of 1/2/2003 */
    int strangers;            /* words that dates don't bring */
    bool month_next;          /* the next number is the month: Vietnamese "5 tháng 3" */
    int since;                /* how many of them since the last part of the date: what is farther is no part of it */
};

enum { SINCE_MOST = 1 };

static void put_stranger(struct slots *d)
{
    d->strangers++;
    d->since++;
}

static int digits(struct nw_str s, size_t at, size_t n)
{
    return at + n <= s.n ? (int)number_of(nw_str(s.p + at, n)) : -1;
}

/* Reads a zone like +01:00, -0500, +2 at s[*at]. */
static bool read_offset(struct nw_str s, size_t *at, struct slots *d)
{
    size_t i = *at + 1, start = i;
    while (is_digit(byte_at(s, i)))
        i++;
    size_t n = i - start;
    int hours = n == 4 || n == 2 ? digits(s, start, 2) : n == 1 ? digits(s, start, 1) : -1;
    int minutes = n == 4 ? digits(s, start + 2, 2) : 0;
    if (n <= 2 && byte_at(s, i) == ':' && digits(s, i + 1, 2) >= 0) {
        minutes = digits(s, i + 1, 2);
        i += 3;
    }
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    d->offset = (hours * 60 + minutes) * (s.p[*at] == '-' ? -1 : 1);
    d->named = NULL;
    d->zone = true;
    *at = i;
    return true;
}

static void set_time(struct slots *d, int hour, int minute, int second, bool seconds)
{
    if (d->time || hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return;
    d->hour = hour == 24 ? 0 : hour;
    d->minute = minute;
    d->second = second > 59 ? 59 : second;
    d->seconds = seconds;
    d->time = true;
}

/* hh:mm, hh:mm:ss, hh.mm, with fractions; `i` stands behind the hour, at the mark. Returns where the time ends. */
static size_t read_time(struct nw_str s, size_t i, int hour, struct slots *d)
{
    int minute = digits(s, i + 1, 2);
    if (minute < 0 || minute > 59 || is_digit(byte_at(s, i + 3)))
        return i;
    i += 3;
    int second = 0;
    bool seconds = false;
    if (byte_at(s, i) == ':' && digits(s, i + 1, 2) >= 0) {
        second = digits(s, i + 1, 2);
        seconds = true;
        i += 3;
        if ((byte_at(s, i) == '.' || byte_at(s, i) == ',') && is_digit(byte_at(s, i + 1)))
            for (i++; is_digit(byte_at(s, i)); i++)
                ;
    }
    set_time(d, hour, minute, second, seconds);
    if ((byte_at(s, i) == '+' || byte_at(s, i) == '-') && is_digit(byte_at(s, i + 1)))
        read_offset(s, &i, d);
    return i;
}

static bool good_year(int y)
{
    return y >= 1900 && y <= 2100;
}

/* A year of four digits, of the common era; one of the Solar Hijri calendar stays as it is. 0 where it is none. */
static int year_of(struct slots *d, int value)
{
    if (good_year(value))
        return value;
    if (d->persian && value >= JALALI_FIRST && value <= JALALI_LAST) {
        d->jalali = true;
        return value;
    }
    return calendar_from_buddhist(value);
}

static int short_year(int y)
{
    return y < 70 ? 2000 + y : 1900 + y;
}

/* 2022-01-13, 2022/01/13, 13.01.2022, 01/13/22: `i` stands behind the first number, at the mark. */
static size_t read_numeric(struct nw_str s, size_t i, int first, size_t first_digits, struct slots *d)
{
    char mark = s.p[i];
    size_t start = i + 1, j = start;
    while (j - start < 2 && is_digit(byte_at(s, j)))
        j++;
    if (j == start || is_digit(byte_at(s, j)))
        return i;
    int second = digits(s, start, j - start);
    if (first_digits == 4) {
        if (d->year || second < 1 || second > 12 || !year_of(d, first))
            return i;
        d->year = year_of(d, first);
        d->month = second;
        if (byte_at(s, j) == (unsigned char)mark && is_digit(byte_at(s, j + 1))) {
            size_t k = j + 1;
            while (k - j - 1 < 2 && is_digit(byte_at(s, k)))
                k++;
            d->day = digits(s, j + 1, k - j - 1);
            j = k;
        }
        return j;
    }
    if (byte_at(s, j) != (unsigned char)mark || d->year)
        return i;
    size_t third = j + 1, k = third;
    while (mark == '.' && byte_at(s, k) == ' ')
        third = ++k; /* 13. 1. 2022 */
    while (k - third < 4 && is_digit(byte_at(s, k)))
        k++;
    int year = k - third == 4 ? year_of(d, digits(s, third, 4)) : k - third == 2 ? short_year(digits(s, third, 2)) : 0;
    if (!year)
        return i;
    bool day_first = mark != '/' || d->day_first ? first <= 31 && second <= 12 : first > 12;
    d->year = year;
    d->day = day_first ? first : second;
    d->month = day_first ? second : first;
    return k;
}

static bool before_zone(struct nw_str rest)
{
    rest = nw_str_trim(nw_str(rest.p, rest.n < 6 ? rest.n : 6));
    size_t n = 0;
    while (n < rest.n && is_alpha((unsigned char)rest.p[n]))
        n++;
    return zone_of(nw_str(rest.p, n)) != NULL;
}

/* A number, with what may follow it. Returns where it ends, or `i` itself when it makes no sense. */
static size_t read_number(struct nw_str s, size_t i, struct slots *d)
{
    size_t start = i;
    while (is_digit(byte_at(s, i)))
        i++;
    size_t n = i - start;
    int value = (int)number_of(nw_str(s.p + start, n));
    unsigned char mark = byte_at(s, i);
    if (n == 8 && !d->year && good_year(digits(s, start, 4))) { /* 20140829, 20140829T134951+0000 */
        int month = digits(s, start + 4, 2), day = digits(s, start + 6, 2);
        if (month < 1 || month > 12 || day < 1 || day > 31)
            return start;
        d->year = digits(s, start, 4);
        d->month = month;
        d->day = day;
        if ((mark == 'T' || mark == 't') && digits(s, i + 1, 6) >= 0) {
            set_time(d, digits(s, i + 1, 2), digits(s, i + 3, 2), digits(s, i + 5, 2), true);
            i += 7;
            if (byte_at(s, i) == '.')
                for (i++; is_digit(byte_at(s, i)); i++)
                    ;
            if (byte_at(s, i) == '+' || byte_at(s, i) == '-')
                read_offset(s, &i, d);
        }
        return i;
    }
    if (value < 0 || n > 4)
        return start;
    struct nw_str rest = nw_str_from(s, i);
    if (nw_str_starts(rest, NW_S("年")) || nw_str_starts(rest, NW_S("년"))) {
        d->year = d->year ? d->year : value + (n < 4 ? d->era : 0);
        return i + 3;
    }
    if (nw_str_starts(rest, NW_S("月")) || nw_str_starts(rest, NW_S("월"))) {
        d->month = d->month ? d->month : value;
        return i + 3;
    }
    if (nw_str_starts(rest, NW_S("日")) || nw_str_starts(rest, NW_S("일"))) {
        d->day = d->day ? d->day : value;
        return i + 3;
    }
    if (nw_str_starts(rest, NW_S("時")) || nw_str_starts(rest, NW_S("시"))) {
        size_t from = i + 3 + (byte_at(s, i + 3) == ' '), end = from;
        while (end < from + 2 && is_digit(byte_at(s, end)))
            end++;
        set_time(d, value, end > from ? digits(s, from, end - from) : 0, 0, false);
        return end > from ? end : i + 3;
    }
    if (n <= 2 && (mark == ':' || ((mark == 'h' || mark == 'H') && digits(s, i + 1, 2) >= 0))) {
        size_t end = read_time(s, i, value, d);
        if (end != i)
            return end;
    }
    if ((mark == '-' || mark == '/' || mark == '.') && is_digit(byte_at(s, i + 1))) {
        size_t end = read_numeric(s, i, value, n, d);
        if (end != i)
            return end;
        if (mark == '.' && n <= 2 && (d->year || d->month)) { /* 14.30 behind a date */
            end = read_time(s, i, value, d);
            if (end != i)
                return end;
        }
    }
    if (mark == '.' && byte_at(s, i + 1) == ' ' && is_digit(byte_at(s, i + 2)) && !d->month) { /* 13. 1. 2022 */
        size_t j = i + 2;
        while (is_digit(byte_at(s, j)))
            j++;
        int month = digits(s, i + 2, j - i - 2);
        size_t k = j + 1;
        while (byte_at(s, k) == ' ')
            k++;
        if (byte_at(s, j) == '.' && month >= 1 && month <= 12 && value <= 31 && good_year(digits(s, k, 4)) &&
            !is_digit(byte_at(s, k + 4))) {
            d->day = value;
            d->month = month;
            d->year = digits(s, k, 4);
            return k + 4;
        }
    }
    if (n == 4 && !d->time && !good_year(value) && value / 100 < 24 && value % 100 < 60 && before_zone(rest)) {
        set_time(d, value / 100, value % 100, 0, false); /* 0001 GMT Thursday, January 13 */
        return i;
    }
    if (n == 4 && !d->year && year_of(d, value)) {
        d->year = year_of(d, value);
        return i;
    }
    if (n == 4 && d->year && d->month && !d->time && value / 100 < 24 && value % 100 < 60 &&
        (!good_year(value) || before_zone(rest))) { /* 0001 GMT; another year is no time */
        set_time(d, value / 100, value % 100, 0, false);
        return i;
    }
    if (d->month_next && n <= 2 && value >= 1 && value <= 12 && !d->month) {
        d->month = value;
        d->since = 0;
        return i;
    }
    if (n <= 2 && value >= 1 && value <= 31 && !d->day && !(d->month && d->since > SINCE_MOST)) {
        d->day = value;
        d->since = 0;
        return i;
    }
    if (n <= 2 && d->day && d->month && !d->year) { /* 13 Jan 22, 3-Jan-87 */
        d->year = short_year(value);
        return i;
    }
    if (n <= 2 && value >= 1 && value <= 12 && !d->time) { /* 9 a.m. */
        d->pending = value;
        return i;
    }
    if (!(d->year && d->month && d->day && d->time)) /* behind a date with its time another may stand */
        put_stranger(d);
    return i;
}

static bool name_is(struct nw_str word, const char *name)
{
    return nw_str_eq_nocase(word, nw_str_z(name));
}

static void read_word(struct nw_str s, struct nw_str word, struct slots *d)
{
    char half = date_half(word);
    if (half) {
        if (d->pending && !d->time)
            set_time(d, d->pending, 0, 0, false);
        if (!d->afternoon && !d->morning && (d->time || (unsigned char)word.p[0] >= 0x80)) {
            d->afternoon = half == 'p';
            d->morning = half == 'a';
        }
        return;
    }
    const struct zone *zone = d->time ? zone_of(word) : NULL;
    if (zone) {
        size_t at = (size_t)(word.p + word.n - s.p);
        if ((byte_at(s, at) == '+' || byte_at(s, at) == '-') && is_digit(byte_at(s, at + 1)))
            return; /* GMT+2: the offset follows */
        if (!d->zone)
            d->named = zone;
        d->zone = true;
        return;
    }
    if (name_is(word, "t"))
        return;
    if (name_is(word, "tháng") || name_is(word, "thg")) {
        d->month_next = true;
        return;
    }
    int era = calendar_era(word), month = month_of(word), jalali = month ? 0 : calendar_jalali_month(word);
    if (era) {
        d->era = era;
        return;
    }
    if (jalali) {
        d->persian = true;
        month = jalali;
    }
    if (month && !d->month) {
        if (d->since > SINCE_MOST)
            d->day = 0; /* a number of something else */
        d->month = month;
        d->since = 0;
        return;
    }
    if (!month && !date_company(word))
        put_stranger(d);
}

static bool scan(struct nw_str s, struct slots *d)
{
    char plain[LONGEST];
    s = nw_str_trim(s);
    if (s.n > LONGEST)
        s.n = nw_utf8_floor(s, LONGEST);
    s = date_plain_digits(s, plain, &d->persian);
    for (size_t i = 0; i < s.n && !(d->strict && d->strangers > 0);) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_digit(c)) {
            size_t end = read_number(s, i, d);
            if (end == i) {
                put_stranger(d);
                while (is_digit(byte_at(s, end)))
                    end++;
            }
            i = end;
        } else if ((c == '+' || c == '-') && d->time && is_digit(byte_at(s, i + 1)) && read_offset(s, &i, d)) {
            continue;
        } else if (is_alpha(c) || c >= 0x80) {
            size_t start = i, before = i;
            while (i < s.n) {
                before = i;
                uint32_t letter = nw_utf8_next(s, &i);
                if (!is_letter(letter)) {
                    i = before == start ? i : before;
                    break;
                }
            }
            struct nw_str word = nw_str(s.p + start, i - start);
            size_t at = 0;
            if (is_letter(nw_utf8_next(word, &at)))
                read_word(s, word, d);
        } else {
            i++;
        }
    }
    if (d->time && d->afternoon && d->hour < 12)
        d->hour += 12;
    if (d->time && d->morning && d->hour == 12)
        d->hour = 0;
    return (good_year(d->year) || d->jalali) && d->month >= 1 && d->month <= 12 && d->day >= 0 && d->day <= 31;
}

static bool finish(struct slots *d, struct date *date)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (d->jalali && d->day)
        calendar_from_jalali(&d->year, &d->month, &d->day);
    if (d->day > days[d->month - 1] || !good_year(d->year))
        return false;
    int64_t wall = nw_time_from_civil(d->year, d->month, d->day ? d->day : 1, d->hour, d->minute, d->second);
    date->ms = wall - (int64_t)(d->named ? zone_minutes(d->named, wall) : d->offset) * 60000;
    date->precision = !d->day      ? PRECISION_MONTH
                      : !d->time   ? PRECISION_DAY
                      : d->seconds ? PRECISION_SECOND
                                   : PRECISION_MINUTE;
    date->zone = d->zone;
    return true;
}

/* Most texts that are asked about hold no date at all. */
static bool has_digit(struct nw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_digit((unsigned char)s.p[i]))
            return true;
    for (size_t i = 0; i < s.n && s.n <= 4 * LONGEST;)
        if (date_zero(nw_utf8_next(s, &i)))
            return true;
    return false;
}

/* Seconds or milliseconds since 1970, as machines write a time: 10 or 13 digits and nothing else. What begins with 19
 * or 20 is a date without marks. */
static bool read_epoch(struct nw_str s, struct date *date)
{
    int64_t value = 0;
    s = nw_str_trim(s);
    if ((s.n != 10 && s.n != 13) || s.p[0] != '1' || s.p[1] == '9')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit((unsigned char)s.p[i]))
            return false;
        value = value * 10 + (s.p[i] - '0');
    }
    *date = (struct date){.ms = s.n == 10 ? value * 1000 : value, .precision = PRECISION_SECOND, .zone = true};
    return true;
}

bool date_read_as(struct nw_str s, bool day_first, struct date *date)
{
    struct slots d = {.day_first = day_first};
    *date = (struct date){0};
    if (read_epoch(s, date))
        return true;
    if (!has_digit(s))
        return false;
    return scan(s, &d) && finish(&d, date);
}

bool date_read(struct nw_str s, struct date *date)
{
    return date_read_as(s, false, date);
}

/* Whether a year of four digits or two marks between numbers ("13.01.22") stand in it: what holds neither is no whole
 * date, and most lines of figures are done here. */
static bool may_hold_year(struct nw_str s)
{
    size_t digits = 0, marks = 0;
    for (size_t i = 0; i <= s.n; i++) {
        while (digits == 0 && marks == 0 && i < s.n && (is_alpha((unsigned char)s.p[i]) || s.p[i] == ' '))
            i++;
        unsigned char c = byte_at(s, i);
        if (is_digit(c)) {
            digits++;
            continue;
        }
        if (c >= 0x80 || (digits == 4 && (s.p[i - 4] == '1' || s.p[i - 4] == '2')) || digits == 8)
            return true;
        marks = (c == '.' || c == '/' || c == '-') && (digits > 0 || marks > 0) ? marks + 1
                : is_alpha(c) && marks > 0                                      ? marks
                                                                                : 0;
        if (marks == 2)
            return true;
        digits = 0;
    }
    return false;
}

bool date_line(struct nw_str s, struct date *date)
{
    struct slots d = {.strict = true};
    *date = (struct date){0};
    if (s.n > LINE_MOST || !may_hold_year(s))
        return false;
    return scan(s, &d) && d.strangers == 0 && d.day > 0 && finish(&d, date);
}

const char *date_precision(const struct date *date)
{
    switch (date->precision) {
    case PRECISION_YEAR:
        return "year";
    case PRECISION_MONTH:
        return "month";
    case PRECISION_DAY:
        return "day";
    case PRECISION_MINUTE:
        return date->zone ? "minute" : "local";
    case PRECISION_SECOND:
        return date->zone ? NULL : "local";
    default:
        return NULL;
    }
}
