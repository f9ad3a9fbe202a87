/*
 * What is kept of a text to tell near copies: of the hashes of its runs of four words, those below a limit, so many
 * that SKETCH_MOST are enough (all of them, for most wire copy). Two sketches are compared below the smaller limit,
 * where both are whole: the estimate of Jaccard and containment is unbiased, and exact for short texts.
 */
#ifndef SKETCH_H
#define SKETCH_H

#include "digest.h"

enum { SKETCH_MOST = 256, SKETCH_RUN = 4 };

struct sketch {
    uint32_t n, limit;       /* every hash <= limit of the text is in v */
    uint32_t v[SKETCH_MOST]; /* in order, none twice */
};

struct overlap {
    double jaccard, containment;
    uint32_t shared;
};

void sketch_make(struct sketch *sketch, const struct digest *digest);
struct overlap sketch_compare(const uint32_t *a, uint32_t an, uint32_t a_limit, const uint32_t *b, uint32_t bn,
                              uint32_t b_limit);

/* Numbers in both of two ordered lists. */
size_t count_shared(const uint32_t *a, size_t an, const uint32_t *b, size_t bn);

#endif
