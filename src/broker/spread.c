/* Bucketed times: see spread.h. */
#include "broker/spread.h"

#include <string.h>

enum { HALF_MS = 10000 };

static size_t bucket_of(int64_t us)
{
    uint64_t v = us < 0 ? 0 : (uint64_t)us;
    unsigned doubling;
    size_t bucket;

    if (v < 8)
        return (size_t)v;
    doubling = 63u - (unsigned)__builtin_clzll(v);
    bucket = 8 * (doubling - 2) + (v >> (doubling - 3) & 7);
    return bucket < SPREAD_BUCKETS ? bucket : SPREAD_BUCKETS - 1;
}

static double value_of(size_t bucket)
{
    return bucket < 8 ? (double)bucket : (double)((8 + bucket % 8) << (bucket / 8 - 1));
}

void spread_add(struct spread *spread, int64_t us, int64_t now_ms)
{
    if (now_ms - spread->turned >= HALF_MS) {
        spread->at = !spread->at;
        memset(spread->counts[spread->at], 0, sizeof spread->counts[spread->at]);
        spread->recent[spread->at] = 0;
        spread->turned = now_ms;
    }
    spread->counts[spread->at][bucket_of(us)]++;
    spread->recent[spread->at]++;
}

double spread_at(const struct spread *spread, double share)
{
    uint64_t all = spread->recent[0] + spread->recent[1], seen = 0;

    for (size_t i = 0; i < SPREAD_BUCKETS && all > 0; i++) {
        seen += spread->counts[0][i] + spread->counts[1][i];
        if ((double)seen >= share * (double)all)
            return value_of(i);
    }
    return 0;
}

double spread_rate(const struct spread *spread, int64_t now_ms)
{
    double seconds = (double)(now_ms - spread->turned) / 1000;

    /* Nothing for two halves: the rest is old. */
    if (seconds >= 2.0 * HALF_MS / 1000)
        return 0;
    if (spread->recent[!spread->at])
        seconds += HALF_MS / 1000.0;
    return seconds > 0 ? (double)(spread->recent[0] + spread->recent[1]) / seconds : 0;
}
