/*
 * What a word speaks for, in numbers: its features' weights in the names model, summed once for each place that it can
 * have beside a token, and kept with its type (types.h) for as long as the cache keeps it.
 */
#ifndef TAG_WORD_VECTORS_H
#define TAG_WORD_VECTORS_H

#include "names.h"

/* Which of a word's vectors: what it adds to the second, the first token behind it, before it; to itself, first of its
 * sentence, in a sentence in capitals, both. */
enum { VECTOR_M2, VECTOR_M1, VECTOR_P1, VECTOR_P2, VECTOR_0, VECTOR_FIRST, VECTOR_CAPS, VECTOR_BOTH };

/* Sums that many words share, of one model: 2 MB, freed with nw_free. NULL without memory. */
struct common_sums;
struct common_sums *commons_new(void);

/* Writes the number in types->vectors of each token's word, for one kind of article. 0 or -ENOMEM. */
int vectors_find(const struct names_model *model, struct common_sums *commons, const struct document *document,
                 unsigned kind, uint32_t *numbers);

/* The weights of one feature that is no word's. */
void vector_of_feature(const struct names_model *model, unsigned kind, struct feature feature, struct scores *out);

#endif
