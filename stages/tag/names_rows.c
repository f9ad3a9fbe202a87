/* Weights by feature: see names_rows.h. */
#include "names_rows.h"

#include "wide.h"

static uint32_t bucket_of(uint64_t hash, uint32_t buckets)
{
    uint64_t key = ((uint32_t)hash & 0xFFFE0000U) | hash >> 47;
    return (uint32_t)((key * buckets) >> 32);
}

static uint8_t tag_of(uint64_t hash)
{
    uint8_t tag = (uint8_t)(hash >> 32);
    return tag ? tag : 1;
}

static uint32_t print_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

typedef uint8_t tags16 __attribute__((vector_size(ROWS_BUCKET)));
typedef uint64_t halves __attribute__((vector_size(ROWS_BUCKET)));

/* The first number at or above `from` in a bucket whose tag is `tag`; ROWS_BUCKET: none. Sets `full`: no tag is 0. */
static inline unsigned tag_find(const uint8_t *tags, uint8_t tag, unsigned from, bool *full)
{
    tags16 v;
    memcpy(&v, tags, sizeof v);
    halves empty = (halves)(v == 0);
    halves same = (halves)(v == tag);
    *full = (empty[0] | empty[1]) == 0;
    if ((same[0] | same[1]) == 0) {
        return ROWS_BUCKET;
    }
    if (from == 0) {
        return same[0] ? first_byte(same[0]) : 8 + first_byte(same[1]);
    }
    while (from < ROWS_BUCKET && tags[from] != tag) {
        from++;
    }
    return from;
}

const struct names_row *names_rows_find(const struct names_rows *rows, uint64_t hash)
{
    uint8_t tag = tag_of(hash);
    uint32_t bucket = bucket_of(hash, rows->buckets);
    /* A file may lie about there being an empty place: each bucket is looked at once. */
    for (uint32_t looks = 0; looks < rows->buckets; looks++) {
        size_t base = (size_t)bucket * ROWS_BUCKET;
        bool full;
        unsigned k = tag_find(rows->tags + base, tag, 0, &full);
        while (k < ROWS_BUCKET) {
            if (rows->v[base + k].print == print_of(hash)) {
                return &rows->v[base + k];
            }
            k = tag_find(rows->tags + base, tag, k + 1, &full);
        }
        if (!full) {
            break;
        }
        bucket = bucket + 1 < rows->buckets ? bucket + 1 : 0;
    }
    return NULL;
}

void names_rows_prepare(const struct names_rows *rows, uint64_t hash)
{
    __builtin_prefetch(rows->tags + (size_t)bucket_of(hash, rows->buckets) * ROWS_BUCKET);
}

typedef int8_t weights16 __attribute__((vector_size(LANES)));
typedef int16_t sums16 __attribute__((vector_size(2 * LANES)));

/* The features lie all over the table: the first round asks for the memory that the second one reads, and so the second
 * for the third, so that the waits for it overlap. */
static inline __attribute__((always_inline)) void sum(const struct names_rows *rows, unsigned kind,
                                                      const struct feature *features, size_t n,
                                                      struct scores sums[PLACES])
{
    uint32_t at[FEATURES_MOST];
    uint8_t which[FEATURES_MOST];
    for (size_t i = 0; i < n; i++) {
        at[i] = bucket_of(features[i].hash, rows->buckets) * ROWS_BUCKET;
        __builtin_prefetch(rows->tags + at[i]);
    }
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        bool full;
        unsigned k = tag_find(rows->tags + at[i], tag_of(features[i].hash), 0, &full);
        at[found] = at[i] + k % ROWS_BUCKET;
        which[found] = (uint8_t)i;
        __builtin_prefetch(&rows->v[at[found]]);
        found += k < ROWS_BUCKET || full;
    }
    for (size_t k = 0; k < found; k++) {
        const struct feature *feature = &features[which[k]];
        const struct names_row *row = &rows->v[at[k]];
        if (row->print != print_of(feature->hash) || rows->tags[at[k]] != tag_of(feature->hash)) {
            row = names_rows_find(rows, feature->hash); /* not the first of its tag, or in the next bucket, or none */
            if (row == NULL) {
                continue;
            }
        }
        /* 16 bytes from the kind's first weight on lie inside the row. */
        const int8_t *w = (const int8_t *)row + kind * LABELS;
        weights16 weights;
        sums16 v;
        memcpy(&weights, w, sizeof weights);
        memcpy(&v, sums[feature->place].v, sizeof v);
        v += __builtin_convertvector(weights, sums16) << (row->shift & 7);
        memcpy(sums[feature->place].v, &v, sizeof v);
    }
}

WIDE_FUNCTION static void sum_wide(const struct names_rows *rows, unsigned kind, const struct feature *features,
                                   size_t n, struct scores sums[PLACES])
{
    sum(rows, kind, features, n, sums);
}

static void sum_plain(const struct names_rows *rows, unsigned kind, const struct feature *features, size_t n,
                      struct scores sums[PLACES])
{
    sum(rows, kind, features, n, sums);
}

void names_rows_sum(const struct names_rows *rows, unsigned kind, const struct feature *features, size_t n,
                    struct scores sums[PLACES])
{
    (wide_here() ? sum_wide : sum_plain)(rows, kind, features, n, sums);
}

void names_rows_put(uint8_t *tags, struct names_row *v, uint32_t buckets, uint64_t hash, const struct names_row *row)
{
    size_t at = (size_t)bucket_of(hash, buckets) * ROWS_BUCKET;
    while (tags[at]) {
        at = at + 1 < (size_t)buckets * ROWS_BUCKET ? at + 1 : 0;
    }
    tags[at] = tag_of(hash);
    v[at] = *row;
    v[at].print = print_of(hash);
}
