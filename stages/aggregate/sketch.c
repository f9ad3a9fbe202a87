/* Runs of four words over the body; a text of few words counts its headline too. */
#include "sketch.h"

#include "order.h"

void sketch_make(struct sketch *sketch, const struct digest *digest)
{
    uint32_t all[DIGEST_WORDS], spare[DIGEST_WORDS];
    size_t n = 0, distinct = 0;
    size_t from = digest->n - digest->headline < 12 ? 0 : digest->headline;

    for (size_t i = from; i + SKETCH_RUN <= digest->n; i++) {
        uint64_t mixed = 0;
        for (size_t k = 0; k < SKETCH_RUN; k++)
            mixed = (mixed ^ digest->words[i + k].same) * UINT64_C(0x9E3779B97F4A7C15);
        all[n++] = (uint32_t)(mixed >> 32);
    }
    order_hashes(all, spare, n);
    for (size_t i = 0; i < n; i++) {
        if (distinct == 0 || all[i] != all[distinct - 1])
            all[distinct++] = all[i];
    }
    sketch->limit = distinct > SKETCH_MOST ? all[SKETCH_MOST - 1] : UINT32_MAX;
    sketch->n = (uint32_t)(distinct > SKETCH_MOST ? SKETCH_MOST : distinct);
    memcpy(sketch->v, all, sketch->n * sizeof *all);
}

size_t count_shared(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
    size_t i = 0, j = 0, shared = 0;

    while (i < an && j < bn) {
        uint32_t x = a[i], y = b[j];
        shared += x == y;
        i += x <= y;
        j += y <= x;
    }
    return shared;
}

struct overlap sketch_compare(const uint32_t *a, uint32_t an, uint32_t a_limit, const uint32_t *b, uint32_t bn,
                              uint32_t b_limit)
{
    uint32_t limit = a_limit < b_limit ? a_limit : b_limit;
    struct overlap overlap = {0, 0, 0};

    while (an > 0 && a[an - 1] > limit)
        an--;
    while (bn > 0 && b[bn - 1] > limit)
        bn--;
    if (an == 0 || bn == 0)
        return overlap;
    overlap.shared = (uint32_t)count_shared(a, an, b, bn);
    overlap.jaccard = (double)overlap.shared / (an + bn - overlap.shared);
    overlap.containment = (double)overlap.shared / (an < bn ? an : bn);
    return overlap;
}
