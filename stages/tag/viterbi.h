/* The best path through 13 labels, 16 lanes of 16 bits at a time; AVX2 where the machine has it, else plain vectors. */
#ifndef TAG_VITERBI_H
#define TAG_VITERBI_H

#include "names_rows.h"

/* Weights of a label behind a label, and what follows from them for all paths: made once a model. */
struct viterbi_weights {
    struct scores step[LANES];    /* of label j behind label i */
    struct scores from_b, from_i; /* to lane I of a type: behind its B, behind its I; other lanes: as good as never */
};

/* `step` as in names_info: what may not follow has -12000. */
void viterbi_prepare(const struct scores step[LANES], struct viterbi_weights *weights);

/*
 * Labels of n tokens. emissions[i] are the tokens'; back is room for n backpointers. `first` as in names_info;
 * then_none: a token labelled O follows. Lanes 13 to 15 of everything are ignored.
 */
void viterbi(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
             const struct scores *first, bool then_none, uint8_t (*back)[LANES], uint8_t *labels);

#endif
