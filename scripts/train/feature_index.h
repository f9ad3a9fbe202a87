/* Numbers for features: a table from hash to 0, 1, …; and the features of each word type, by place. */
#ifndef TRAIN_FEATURE_INDEX_H
#define TRAIN_FEATURE_INDEX_H

#include "corpus.h"

struct feature_index {
    uint64_t *hashes; /* by number */
    size_t n, cap;
    uint32_t *slots;
    size_t mask;
    /* ids[at[type * PLACES + place]] to ids[at[type * PLACES + place + 1] - 1] */
    uint32_t *ids, *at;
    size_t ids_n, ids_cap;
    uint32_t edges[4]; /* M1, M2, P1, P2 */
    uint32_t forms[FEATURE_FORMS];
};

/* All features of all types of the corpora. 0 or -ENOMEM. */
int feature_index_make(struct feature_index *index, const struct corpora *corpora, const struct clusters *clusters);
void feature_index_free(struct feature_index *index);

#endif
