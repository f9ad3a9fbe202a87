/*
 * Training of a linear-chain conditional random field: likelihood by forward and backward sums, AdaGrad, dropout of
 * features, averaging over the last epochs. Labels and their constraints are names.h's.
 */
#ifndef TRAIN_CRF_H
#define TRAIN_CRF_H

#include "names.h"

struct crf {
    size_t features;
    float (*w)[LANES], (*g)[LANES], (*sum)[LANES]; /* weights, squared gradients, sums for the average */
    float step[LANES][LANES], gstep[LANES][LANES], sumstep[LANES][LANES];
    float first[LANES], gfirst[LANES], sumfirst[LANES];
    unsigned sums;
    float rate, decay, drop;
    uint64_t random;
    /* Room for one sentence: */
    size_t cap;
    float (*e)[LANES], (*alpha)[LANES], (*beta)[LANES], (*d)[LANES], (*masked)[LANES];
    uint32_t *kept;
    size_t kept_cap;
};

int crf_init(struct crf *crf, size_t features, float rate, float decay, float drop, uint64_t seed);
void crf_free(struct crf *crf);

/* One sentence of n tokens. ids[at[i]] to ids[at[i + 1] - 1] are token i's features; base, when given, is added to the
 * emissions. partial: gold O may be MISC. Returns the log-likelihood. */
double crf_learn(struct crf *crf, size_t n, const uint32_t *ids, const uint32_t *at, const float (*base)[LANES],
                 const uint8_t *gold, bool partial);

/* Adds the weights as they are to the average; crf_average makes it the weights. */
void crf_sum(struct crf *crf);
void crf_average(struct crf *crf);

/* Moves the weights towards other's: by `part` of the way. */
void crf_mix(struct crf *crf, const struct crf *other, float part);

/* Best labels; emissions (n rows) are put out when out is given. */
void crf_decode(struct crf *crf, size_t n, const uint32_t *ids, const uint32_t *at, const float (*base)[LANES],
                uint8_t *labels, float (*out)[LANES]);

#endif
