/*
 * Weights of the names model by feature: a hash table in the mapped file, written by the trainer and read by the
 * tagger, in buckets of 16 rows. A feature is looked for in its bucket, and in the next one where that is full. Most
 * features have no row; the tags, one byte a row and so few that they stay in the processor's cache, say so without a
 * look at the rows.
 */
#ifndef TAG_NAMES_ROWS_H
#define TAG_NAMES_ROWS_H

#include "word_features.h"

enum { LABELS = 13, NAMES_KINDS = 2, ROWS_BUCKET = 16 };

/* One feature's weights, for both kinds of articles. weight = w << shift, in NAMES_SCALE. */
struct names_row {
    int8_t w[NAMES_KINDS][LABELS];
    uint8_t shift, spare;
    uint32_t print; /* high half of the feature's hash */
};

enum { LANES = 16 }; /* LABELS, and three of nothing */

struct names_rows {
    const uint8_t *tags; /* of each row: never 0; 0: there is none */
    const struct names_row *v;
    uint32_t buckets;
};

/* Weights of a feature; NULL when it has none. */
const struct names_row *names_rows_find(const struct names_rows *rows, uint64_t hash);

/* Asks for the memory that looking for a feature begins with. */
void names_rows_prepare(const struct names_rows *rows, uint64_t hash);

/* Adds the weights of features, of one kind of articles, to the sums of their places. A place's sum in 16 bits goes to
 * 255 in either direction, ten times what a word of a trained model comes to. */
void names_rows_sum(const struct names_rows *rows, unsigned kind, const struct feature *features, size_t n,
                    struct scores sums[PLACES]);

/* For the trainer: puts a row into tables of so many buckets, of which at least one row is free, all 0 at first. */
void names_rows_put(uint8_t *tags, struct names_row *v, uint32_t buckets, uint64_t hash, const struct names_row *row);

#endif
