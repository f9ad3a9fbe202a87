/*
 * Edit distance with transpositions of neighbours (Damerau's, as optimal string alignment), over words of at most 64
 * bytes. A word is near when at most a third of its letters, and at most three, must change.
 */
#include "nearest.h"

enum { WORD_MAX = 64, DISTANCE_MAX = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(struct nw_str a, struct nw_str b)
{
    /* Rows i - 2, i - 1 and i of the matrix. */
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b.n; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *oldest = before;
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t cost = a.p[i - 1] != b.p[j - 1];
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
        row = oldest;
    }
    return last[b.n];
}

void conf_nearest_see(struct conf_nearest *nearest, const char *candidate)
{
    struct nw_str other = nw_str_z(candidate);
    size_t most = least(DISTANCE_MAX, (nearest->word.n + 2) / 3), found;

    if (nearest->word.n > WORD_MAX || other.n > WORD_MAX)
        return;
    found = distance(nearest->word, other);
    if (found <= most && (!nearest->best || found < nearest->distance)) {
        nearest->best = candidate;
        nearest->distance = found;
    }
}
