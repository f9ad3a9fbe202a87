/* Putting small lists in order, without a call for each comparison as qsort has. Equal numbers cannot be told apart, so
 * there is one result. */
#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Ascending. Shell's method with Ciura's gaps: for the hundreds of terms of an article, not for millions. */
static inline void order_u64(uint64_t *v, size_t n)
{
    static const size_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};

    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
        for (size_t i = gaps[g]; i < n; i++) {
            uint64_t x = v[i];
            size_t at = i;
            for (; at >= gaps[g] && v[at - gaps[g]] > x; at -= gaps[g])
                v[at] = v[at - gaps[g]];
            v[at] = x;
        }
    }
}

/* Ascending, for hashes, which are spread evenly: dealt out by their first byte, what is left is nearly in order.
 * `spare` has room for n. */
static inline void order_hashes(uint32_t *v, uint32_t *spare, size_t n)
{
    uint32_t starts[257] = {0};

    for (size_t i = 0; i < n; i++)
        starts[(v[i] >> 24) + 1]++;
    for (size_t i = 0; i < 256; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < n; i++)
        spare[starts[v[i] >> 24]++] = v[i];
    for (size_t i = 0; i < n; i++) {
        uint32_t x = spare[i];
        size_t at = i;
        for (; at > 0 && v[at - 1] > x; at--)
            v[at] = v[at - 1];
        v[at] = x;
    }
}

/* Numbers in the order of positive floats, the largest first. */
static inline uint32_t order_heaviest(float weight)
{
    uint32_t bits;

    memcpy(&bits, &weight, sizeof bits);
    return ~bits;
}

static inline float order_weight(uint32_t heaviest)
{
    float weight;

    heaviest = ~heaviest;
    memcpy(&weight, &heaviest, sizeof weight);
    return weight;
}

#endif
