/*
 * How long things take: counts in buckets an eighth of a doubling wide (so within 12.5 %), in two halves of ten
 * seconds, of which the older one goes. Bounded, and cheap enough for every record.
 */
#ifndef BROKER_SPREAD_H
#define BROKER_SPREAD_H

#include <stddef.h>
#include <stdint.h>

enum { SPREAD_BUCKETS = 8 * 40 };

struct spread {
    uint32_t counts[2][SPREAD_BUCKETS];
    int64_t turned; /* monotonic ms */
    int at;         /* the half that is counted in */
    uint64_t recent[2];
};

void spread_add(struct spread *spread, int64_t us, int64_t now_ms);

/* The value in µs below which `share` (0 to 1) of the last 10 to 20 seconds lie; 0 when there is none. */
double spread_at(const struct spread *spread, double share);

/* A second, over the same time. */
double spread_rate(const struct spread *spread, int64_t now_ms);

#endif
