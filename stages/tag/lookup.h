/*
 * Names by lists and simple rules: what is tagged where the names model is not made for the language, and the first
 * guess that other modules start from.
 */
#ifndef TAG_LOOKUP_H
#define TAG_LOOKUP_H

#include "document.h"

/* A name of the gazetteer that begins at token i: its last token and its slot. */
struct lookup {
    size_t last;
    const struct gazetteer_slot *slot;
    const struct gazetteer *of;
};

/* The longest phrase of the gazetteer, or of the user's own, that begins at token i within its sentence and stands on
 * one of `lists`; false if there is none. */
bool lookup_longest(const struct document *document, size_t i, unsigned lists, struct lookup *found);

/* Slot of the phrase from first to last, or NULL. */
const struct gazetteer_slot *lookup_phrase(const struct document *document, const struct gazetteer *gazetteer,
                                           size_t first, size_t last);

/* Fills document->names by lists and rules. 0 or -ENOMEM. */
int lookup_names(struct document *document);

#endif
