/* Bytes to code points and back: see positions.h. */
#include "record/positions.h"

#include <newswire/utf8.h>

void nw_positions_init(struct nw_positions *positions, struct nw_str text)
{
    positions->text = text;
    positions->counted = false;
}

/* Where mark i stands: on the begin of a code point. */
static size_t mark_at(const struct nw_positions *positions, size_t i)
{
    return nw_utf8_floor(positions->text, i * positions->stride);
}

static size_t count_between(const struct nw_positions *positions, size_t from, size_t to)
{
    return nw_utf8_count(nw_str(positions->text.p + from, to - from));
}

static void count(struct nw_positions *positions)
{
    size_t n = positions->text.n, at = 0;

    positions->counted = true;
    positions->points = nw_utf8_count(positions->text);
    if (positions->points == n)
        return;
    positions->stride = n / NW_POSITIONS_MARKS + 1;
    if (positions->stride < NW_POSITIONS_STRIDE)
        positions->stride = NW_POSITIONS_STRIDE;
    positions->marks[0] = 0;
    for (size_t i = 1; i * positions->stride < n; i++) {
        size_t next = mark_at(positions, i);
        positions->marks[i] = positions->marks[i - 1] + count_between(positions, at, next);
        at = next;
    }
}

size_t nw_positions_points(struct nw_positions *positions, size_t bytes)
{
    size_t n = positions->text.n, i;

    if (!positions->counted)
        count(positions);
    if (bytes >= n)
        return positions->points;
    if (positions->points == n)
        return bytes;
    i = bytes / positions->stride;
    return positions->marks[i] + count_between(positions, mark_at(positions, i), nw_utf8_floor(positions->text, bytes));
}

size_t nw_positions_bytes(struct nw_positions *positions, size_t points)
{
    size_t n = positions->text.n, low = 0, high, at;

    if (!positions->counted)
        count(positions);
    if (points >= positions->points)
        return n;
    if (positions->points == n)
        return points;
    for (high = (n - 1) / positions->stride + 1; high - low > 1;) { /* the last mark that is not behind */
        size_t middle = low + (high - low) / 2;
        *(positions->marks[middle] <= points ? &low : &high) = middle;
    }
    at = mark_at(positions, low);
    points -= positions->marks[low];
    while (at + NW_POSITIONS_STRIDE < n) {
        size_t next = nw_utf8_floor(positions->text, at + NW_POSITIONS_STRIDE);
        size_t between = count_between(positions, at, next);
        if (between > points)
            break;
        points -= between;
        at = next;
    }
    for (; points; points--)
        nw_utf8_next(positions->text, &at);
    return at;
}
