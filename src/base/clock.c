/* Clocks, and civil time by Howard Hinnant's days-from-civil algorithm (proleptic Gregorian calendar). */
#include <newswire/clock.h>

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static atomic_bool clock_is_fake;
static _Atomic int64_t fake_wall, fake_mono;

static int64_t read_clock(clockid_t id, int64_t per_second)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * per_second + (int64_t)t.tv_nsec / (1000000000 / per_second);
}

int64_t nw_clock_wall(void)
{
    return atomic_load(&clock_is_fake) ? atomic_load(&fake_wall) : read_clock(CLOCK_REALTIME, 1000);
}

int64_t nw_clock_mono(void)
{
    return atomic_load(&clock_is_fake) ? atomic_load(&fake_mono) : read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t nw_clock_mono_micro(void)
{
    return atomic_load(&clock_is_fake) ? atomic_load(&fake_mono) * 1000 : read_clock(CLOCK_MONOTONIC, 1000000);
}

void nw_clock_fake(int64_t wall, int64_t mono)
{
    atomic_store(&fake_wall, wall);
    atomic_store(&fake_mono, mono);
    atomic_store(&clock_is_fake, true);
}

void nw_clock_real(void)
{
    atomic_store(&clock_is_fake, false);
}

enum { DAY_MS = 86400000 };

static int64_t days_from_civil(int64_t y, int m, int d)
{
    int64_t era, year_of_era, day_of_year;

    y -= m <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    year_of_era = y - era * 400;
    day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int64_t nw_time_from_civil(int year, int month, int day, int hour, int minute, int second)
{
    return days_from_civil(year, month, day) * DAY_MS + ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
}

/* Quotient towards minus infinity. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void nw_time_to_civil(int64_t ms, int *year, int *month, int *day, int *hour, int *minute, int *second)
{
    int64_t days = floor_div(ms, DAY_MS), in_day = (ms - days * DAY_MS) / 1000;
    int64_t z = days + 719468, era = floor_div(z, 146097), day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t mp = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
    *hour = (int)(in_day / 3600);
    *minute = (int)(in_day / 60 % 60);
    *second = (int)(in_day % 60);
}

/* Writes v with at least `width` digits. */
static char *digits(char *p, int v, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        p[i] = (char)('0' + v % 10);
        v /= 10;
    }
    return p + width;
}

size_t nw_time_print(int64_t ms, char out[NW_TIME_TEXT])
{
    const int64_t first = -62167219200000, last = 253402300799999; /* years 0 to 9999 */
    int year, month, day, hour, minute, second, rest;
    char *p = out;

    ms = ms < first ? first : ms > last ? last : ms;
    nw_time_to_civil(ms, &year, &month, &day, &hour, &minute, &second);
    rest = (int)(ms - floor_div(ms, 1000) * 1000);
    p = digits(p, year, 4);
    *p++ = '-';
    p = digits(p, month, 2);
    *p++ = '-';
    p = digits(p, day, 2);
    *p++ = 'T';
    p = digits(p, hour, 2);
    *p++ = ':';
    p = digits(p, minute, 2);
    *p++ = ':';
    p = digits(p, second, 2);
    if (rest) {
        *p++ = '.';
        p = digits(p, rest, 3);
    }
    *p++ = 'Z';
    *p = '\0';
    return (size_t)(p - out);
}

/* Reads exactly `width` digits at *at; false if they are not there or the number is not within least..most. */
static bool number(struct nw_str s, size_t *at, int width, int least, int most, int *value)
{
    int v = 0;

    if (s.n - *at < (size_t)width)
        return false;
    for (int i = 0; i < width; i++) {
        char c = s.p[*at + (size_t)i];
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *at += (size_t)width;
    *value = v;
    return v >= least && v <= most;
}

static bool mark(struct nw_str s, size_t *at, char c)
{
    if (*at >= s.n || s.p[*at] != c)
        return false;
    ++*at;
    return true;
}

bool nw_time_parse(struct nw_str s, int64_t *ms)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day, hour = 0, minute = 0, second = 0, milli = 0, offset = 0;
    size_t at = 0;

    if (!number(s, &at, 4, 0, 9999, &year) || !mark(s, &at, '-') || !number(s, &at, 2, 1, 12, &month) ||
        !mark(s, &at, '-') || !number(s, &at, 2, 1, 31, &day))
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > month_days[month - 1] + (month == 2 && leap))
        return false;
    if (at < s.n) {
        if (!mark(s, &at, 'T') && !mark(s, &at, 't') && !mark(s, &at, ' '))
            return false;
        if (!number(s, &at, 2, 0, 23, &hour) || !mark(s, &at, ':') || !number(s, &at, 2, 0, 59, &minute))
            return false;
        if (mark(s, &at, ':')) {
            if (!number(s, &at, 2, 0, 60, &second))
                return false;
            if (mark(s, &at, '.')) {
                int scale = 100;
                size_t from = at;
                for (; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++, scale /= 10)
                    milli += (s.p[at] - '0') * scale;
                if (at == from)
                    return false;
            }
        }
        if (!mark(s, &at, 'Z') && !mark(s, &at, 'z')) {
            int sign = mark(s, &at, '+') ? 1 : mark(s, &at, '-') ? -1 : 0;
            int hours, minutes;
            if (!sign || !number(s, &at, 2, 0, 23, &hours))
                return false;
            mark(s, &at, ':');
            if (!number(s, &at, 2, 0, 59, &minutes))
                return false;
            offset = sign * (hours * 60 + minutes);
        }
        if (at != s.n)
            return false;
    }
    *ms = nw_time_from_civil(year, month, day, hour, minute, second) + milli - (int64_t)offset * 60000;
    return true;
}

int nw_time_weekday(int64_t ms)
{
    int64_t days = floor_div(ms, DAY_MS) + 3; /* 1970-01-01 was a Thursday */

    return (int)(days - floor_div(days, 7) * 7);
}
