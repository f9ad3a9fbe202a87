/* Two rings of slices, each slice at its number modulo the ring's size; see counts.h. */
#include "trends/counts.h"

#include <newswire/error.h>

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

static void slice_init(struct counts_slice *slice, size_t most)
{
    for (size_t kind = 0; kind < NW_TREND_KIND_COUNT; kind++)
        tally_init(&slice->kinds[kind], most);
}

static void slice_free(struct counts_slice *slice)
{
    for (size_t kind = 0; kind < NW_TREND_KIND_COUNT; kind++)
        tally_free(&slice->kinds[kind]);
}

void counts_init(struct counts *counts)
{
    *counts = (struct counts){0};
    for (size_t i = 0; i < COUNTS_MINUTES; i++)
        slice_init(&counts->minutes[i], COUNTS_MINUTE_THINGS);
    for (size_t i = 0; i < COUNTS_HOURS; i++)
        slice_init(&counts->hours[i], COUNTS_HOUR_THINGS);
}

void counts_free(struct counts *counts)
{
    for (size_t i = 0; i < COUNTS_MINUTES; i++)
        slice_free(&counts->minutes[i]);
    for (size_t i = 0; i < COUNTS_HOURS; i++)
        slice_free(&counts->hours[i]);
}

static int slice_add(struct counts_slice *slice, int64_t number, const struct mention *mentions, size_t n)
{
    int r = 0;

    if (slice->number > number)
        return 0; /* its slice has made way for a newer one */
    if (slice->number < number) {
        for (size_t kind = 0; kind < NW_TREND_KIND_COUNT; kind++)
            tally_free(&slice->kinds[kind]);
        slice->number = number;
        slice->articles = 0;
    }
    slice->articles++;
    for (size_t i = 0; i < n && r == 0; i++)
        r = tally_add(&slice->kinds[mentions[i].kind], mentions[i].key, 1);
    return r;
}

int counts_add(struct counts *counts, int64_t time, const struct mention *mentions, size_t n)
{
    int64_t minute = time / MINUTE_MS, hour = time / HOUR_MS;
    int r = slice_add(&counts->minutes[minute % COUNTS_MINUTES], minute, mentions, n);

    if (r == 0)
        r = slice_add(&counts->hours[hour % COUNTS_HOURS], hour, mentions, n);
    if (time > counts->clock)
        counts->clock = time;
    return r;
}

static void slice_take(struct counts_slice *slice, int64_t number, const struct mention *mentions, size_t n)
{
    if (slice->number != number)
        return;
    slice->articles--;
    for (size_t i = 0; i < n; i++)
        tally_take(&slice->kinds[mentions[i].kind], mentions[i].key);
}

void counts_take(struct counts *counts, int64_t time, const struct mention *mentions, size_t n)
{
    int64_t minute = time / MINUTE_MS, hour = time / HOUR_MS;

    slice_take(&counts->minutes[minute % COUNTS_MINUTES], minute, mentions, n);
    slice_take(&counts->hours[hour % COUNTS_HOURS], hour, mentions, n);
}

/* A slice of a ring, if it is that of this number; else NULL. */
static const struct counts_slice *slice_at(const struct counts_slice *ring, int64_t size, int64_t number)
{
    const struct counts_slice *slice = &ring[number >= 0 ? number % size : 0];

    return slice->number == number ? slice : NULL;
}

/* Slices newest - n + 1 … newest of a ring of `size`. */
static int merge(const struct counts_slice *ring, int64_t size, int64_t newest, size_t n, enum nw_trend_kind kind,
                 struct tally *sum, uint64_t *articles)
{
    int r = 0;

    for (int64_t number = newest - (int64_t)n + 1; number <= newest && r == 0; number++) {
        const struct counts_slice *slice = slice_at(ring, size, number);
        if (!slice)
            continue;
        *articles += slice->articles;
        r = tally_merge(sum, &slice->kinds[kind]);
    }
    return r;
}

int counts_minutes(const struct counts *counts, size_t n, enum nw_trend_kind kind, struct tally *sum,
                   uint64_t *articles)
{
    return merge(counts->minutes, COUNTS_MINUTES, counts->clock / MINUTE_MS, n, kind, sum, articles);
}

int counts_hours(const struct counts *counts, size_t n, enum nw_trend_kind kind, struct tally *sum, uint64_t *articles)
{
    return merge(counts->hours, COUNTS_HOURS, counts->clock / HOUR_MS, n, kind, sum, articles);
}

static const struct counts_slice *hour_before(const struct counts *counts, size_t back)
{
    return slice_at(counts->hours, COUNTS_HOURS, counts->clock / HOUR_MS - COUNTS_DAY - (int64_t)back);
}

uint64_t counts_day_before(const struct counts *counts)
{
    uint64_t articles = 0;

    for (size_t back = 0; back < COUNTS_DAY; back++) {
        const struct counts_slice *slice = hour_before(counts, back);
        articles += slice ? slice->articles : 0;
    }
    return articles;
}

uint64_t counts_day_before_of(const struct counts *counts, enum nw_trend_kind kind, uint64_t key)
{
    uint64_t count = 0;

    for (size_t back = 0; back < COUNTS_DAY; back++) {
        const struct counts_slice *slice = hour_before(counts, back);
        count += slice ? tally_count(&slice->kinds[kind], key) + slice->kinds[kind].error : 0;
    }
    return count;
}
