/* The best path through 13 labels, 16 lanes of 16 bits at a time; AVX2 where the machine has it, else plain vectors. */
#ifndef TAG_VITERBI_H
#define TAG_VITERBI_H

#include "names_rows.h"

/* Scores of the best paths to each label of a token; `from_o`: not 0 where O stands before it on that path. */
struct viterbi_path {
    int16_t score[LANES], from_o[LANES];
};

/* Weights of a label behind a label, and what follows from them for all paths: made once a model. */
struct viterbi_weights {
    struct scores step[LANES];    /* of label j behind label i */
    struct scores from_b, from_i; /* to lane I of a type: behind its B where that is near, behind its I; else never */
};

/* `step` as in names_info: what may not follow has -12000. */
void viterbi_prepare(const struct scores step[LANES], struct viterbi_weights *weights);

/*
 * Labels of n tokens. emissions[i] are the tokens'; paths is room for n. `first` as in names_info;
 * then_none: a token labelled O follows. Lanes 13 to 15 of everything are ignored.
 */
void viterbi(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
             const struct scores *first, bool then_none, struct viterbi_path *paths, uint8_t *labels);

#endif
