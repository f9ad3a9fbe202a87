/* The best path through 13 labels, 16 lanes of 16 bits at a time; AVX2 where the machine has it, else plain vectors. */
#ifndef TAG_VITERBI_H
#define TAG_VITERBI_H

#include "names.h"

/*
 * Labels of n tokens. emissions[i] are the tokens'; back is room for n backpointers. `step` and `first` as in
 * names_info; then_none: a token labelled O follows. Lanes 13 to 15 of everything are ignored.
 */
void viterbi(const struct scores *emissions, size_t n, const struct scores step[LANES], const struct scores *first,
             bool then_none, uint8_t (*back)[LANES], uint8_t *labels);

#endif
