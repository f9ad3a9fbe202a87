/* Two tables of counts, and the weights that they come to: see week.h. */
#include "week.h"

#include <string.h>

enum {
    HOUR_MS = 3600000,
    DAY_MS = 24 * HOUR_MS,
    WEEK_MS = 7 * DAY_MS,
    ONE = 16,        /* what an item counts, so that halving leaves something of few */
    ITEMS_MOST = 64, /* of one time: a burst says no more */
    COUNT_MOST = 1 << 28,
    HOURS_AFTER = 3 * DAY_MS,
    DAYS_AFTER_WEEKS = 2,
    HOURS_LEAST = 48, /* items before hours are believed, */
    DAYS_LEAST = 56,  /* and days */
    DAYS_HALVE = 4,   /* weeks */
    HALVINGS = 32,
    EPOCH_DAY = 3, /* 1970-01-01 was a Thursday; days count from Monday */
};

/* Times of the clock stand for what they count: parts of an hour of the mean week. */
struct weights {
    double hour[WEEK_HOURS], day[WEEK_DAYS];
};

static void halve(uint32_t *count, size_t n, int64_t times)
{
    for (size_t i = 0; i < n; i++)
        count[i] = times < HALVINGS ? count[i] >> times : 0;
}

static size_t hour_of(int64_t ms)
{
    return (size_t)(ms / HOUR_MS % WEEK_HOURS);
}

static size_t day_of(int64_t ms)
{
    return (size_t)((ms / DAY_MS + EPOCH_DAY) % WEEK_DAYS);
}

void week_add(struct week *week, int64_t now, unsigned items)
{
    int64_t number = now / WEEK_MS;
    uint32_t counted = (items < ITEMS_MOST ? items : ITEMS_MOST) * ONE;

    if (items == 0 || now <= 0)
        return;
    if (week->since_ms == 0) {
        week->since_ms = now;
        week->number = number;
    }
    if (number > week->number) {
        halve(week->hour, WEEK_HOURS, number - week->number);
        halve(week->day, WEEK_DAYS, number / DAYS_HALVE - week->number / DAYS_HALVE);
        week->number = number;
    }
    if (week->hour[hour_of(now)] < COUNT_MOST)
        week->hour[hour_of(now)] += counted;
    if (week->day[day_of(now)] < COUNT_MOST)
        week->day[day_of(now)] += counted;
}

/* Counts as weights with a mean of 1; evenly where they are not believed. */
static void weigh(const uint32_t *count, size_t n, bool believed, bool smooth, double *weight)
{
    const double doubt = ONE / 2.0; /* half an item may have been missed */
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += count[i];
    for (size_t i = 0; i < n; i++) {
        double own = count[i];
        /* Neighbours count a little: habits are not so exact, and clocks are put forward and back. */
        if (smooth)
            own = (14 * own + count[(i + 1) % n] + count[(i + n - 1) % n]) / 16;
        weight[i] = believed ? (own + doubt) / (sum / (double)n + doubt) : 1;
    }
}

static uint64_t sum_of(const uint32_t *count, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += count[i];
    return sum;
}

static void weights_of(const struct week *week, int64_t now, struct weights *weights)
{
    int64_t age = now - week->since_ms;
    bool hours = week->since_ms > 0 && age >= HOURS_AFTER && sum_of(week->hour, WEEK_HOURS) >= HOURS_LEAST * ONE;
    bool days = week->since_ms > 0 && age >= (int64_t)DAYS_AFTER_WEEKS * WEEK_MS &&
                sum_of(week->day, WEEK_DAYS) >= DAYS_LEAST * ONE;

    weigh(week->hour, WEEK_HOURS, hours, true, weights->hour);
    weigh(week->day, WEEK_DAYS, days, false, weights->day);
}

double week_between(const struct week *week, int64_t from, int64_t to)
{
    struct weights weights;
    double ms;

    if (to <= from)
        return 0;
    if (from < 0)
        return (double)(to - from);
    weights_of(week, to, &weights);
    /* Whole weeks are what they are; what is left has at most 169 hours. */
    ms = (double)((to - from) / WEEK_MS) * WEEK_MS;
    from = to - (to - from) % WEEK_MS;
    while (from < to) {
        int64_t end = (from / HOUR_MS + 1) * HOUR_MS;
        if (end > to)
            end = to;
        ms += (double)(end - from) * weights.hour[hour_of(from)] * weights.day[day_of(from)];
        from = end;
    }
    return ms;
}

int64_t week_wait(const struct week *week, int64_t now, double ms, int64_t most_ms)
{
    struct weights weights;
    int64_t at = now, last = now + most_ms;

    if (now < 0)
        return ms < (double)most_ms ? (int64_t)ms : most_ms;
    weights_of(week, now, &weights);
    while (at < last) { /* at most as many turns as most_ms has hours, and one */
        double weight = weights.hour[hour_of(at)] * weights.day[day_of(at)];
        int64_t end = (at / HOUR_MS + 1) * HOUR_MS;
        double passes = (double)(end - at) * weight;
        if (ms <= passes) {
            at += (int64_t)(ms / weight);
            break;
        }
        ms -= passes;
        at = end;
    }
    return (at < last ? at : last) - now;
}

/* ---- keeping */

static void put(unsigned char **p, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        *(*p)++ = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char **p, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t) * (*p)++ << (8 * i);
    return value;
}

void week_write(const struct week *week, unsigned char bytes[WEEK_BYTES])
{
    unsigned char *p = bytes;

    put(&p, (uint64_t)week->since_ms, 8);
    put(&p, (uint64_t)week->number, 8);
    for (size_t i = 0; i < WEEK_HOURS; i++)
        put(&p, week->hour[i], 4);
    for (size_t i = 0; i < WEEK_DAYS; i++)
        put(&p, week->day[i], 4);
}

void week_read(struct week *week, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;

    *week = (struct week){.since_ms = 0};
    if (n != WEEK_BYTES)
        return;
    week->since_ms = (int64_t)get(&p, 8);
    week->number = (int64_t)get(&p, 8);
    for (size_t i = 0; i < WEEK_HOURS; i++)
        week->hour[i] = (uint32_t)get(&p, 4);
    for (size_t i = 0; i < WEEK_DAYS; i++)
        week->day[i] = (uint32_t)get(&p, 4);
    /* A damaged file is no reason to wait for ever. */
    if (week->since_ms < 0 || week->number < 0)
        *week = (struct week){.since_ms = 0};
}
