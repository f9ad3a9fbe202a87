/*
 * What speaks for each label of each token: sums of the vectors of the words around it, of its sentence's form and
 * edges, and of the names of several words that lists have there. 16 lanes of 16 bits at a time (wide.h).
 */
#ifndef TAG_EMISSIONS_H
#define TAG_EMISSIONS_H

#include "names.h"

/* Sets work->emissions and work->sure of the sentence [from, to), by work->vectors, lists and parts. */
void emissions_make(const struct names_model *model, struct names_work *work, const struct document *document,
                    size_t from, size_t to, unsigned kind);

/* Adds n rows of the second pass to token i's, and sets `sure` anew. */
void emissions_add(const struct names_model *model, struct names_work *work, size_t i, const uint16_t *rows, size_t n);

#endif
