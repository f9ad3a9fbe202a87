/* Days and weeks: see calendar.h. */
#include "calendar.h"

#include <newswire/clock.h>
#include <stdio.h>

static const int64_t DAY = 86400000;

static int64_t number(struct day d)
{
    return nw_time_from_civil(d.year, d.month, d.day, 0, 0, 0) / DAY;
}

struct day calendar_day(int64_t ms)
{
    struct day d;
    int hour;
    int minute;
    int second;
    nw_time_to_civil(ms, &d.year, &d.month, &d.day, &hour, &minute, &second);
    return d;
}

struct day calendar_add_days(struct day d, int64_t days)
{
    int64_t ms = nw_time_from_civil(d.year, d.month, d.day, 12, 0, 0);
    const int64_t most = 200000; /* days: more than 500 years are no news */
    days = days > most ? most : days < -most ? -most : days;
    return calendar_day(ms + days * DAY);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

struct day calendar_add_months(struct day d, int64_t months)
{
    const int64_t most = 12000;
    months = months > most ? most : months < -most ? -most : months;
    int64_t all = (int64_t)d.year * 12 + d.month - 1 + months;
    all = all < 0 ? 0 : all;
    struct day out = {(int)(all / 12), (int)(all % 12) + 1, d.day};
    int last = days_in(out.year, out.month);
    out.day = out.day > last ? last : out.day;
    return out;
}

int calendar_weekday(struct day d)
{
    return nw_time_weekday(nw_time_from_civil(d.year, d.month, d.day, 12, 0, 0));
}

void calendar_week(struct day d, int *year, int *week)
{
    /* The week's year is that of its Thursday. */
    struct day thursday = calendar_add_days(d, 3 - calendar_weekday(d));
    struct day first = {thursday.year, 1, 1};
    *year = thursday.year;
    *week = (int)((number(thursday) - number(first)) / 7) + 1;
}

void calendar_print_day(struct day d, char out[CALENDAR_TEXT])
{
    snprintf(out, CALENDAR_TEXT, "%04d-%02d-%02d", d.year, d.month, d.day);
}

void calendar_print_month(struct day d, char out[CALENDAR_TEXT])
{
    snprintf(out, CALENDAR_TEXT, "%04d-%02d", d.year, d.month);
}

void calendar_print_year(int year, char out[CALENDAR_TEXT])
{
    snprintf(out, CALENDAR_TEXT, "%04d", year);
}

void calendar_print_week(struct day d, char out[CALENDAR_TEXT])
{
    int year;
    int week;
    calendar_week(d, &year, &week);
    snprintf(out, CALENDAR_TEXT, "%04d-W%02d", year, week);
}

void calendar_print_quarter(int year, int quarter, char out[CALENDAR_TEXT])
{
    snprintf(out, CALENDAR_TEXT, "%04d-Q%d", year, quarter);
}
