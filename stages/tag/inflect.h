/*
 * Places in inflected forms, in languages without a model: Латвии is Латвия, Frankreichs Frankreich, d'Algérie
 * Algérie. By endings alone: a form counts only when what is left is a country or a large town of the gazetteer.
 */
#ifndef TAG_INFLECT_H
#define TAG_INFLECT_H

#include "document.h"

/* The place that the token is a form of; NULL: none. */
const struct gazetteer_thing *inflected_place(const struct document *document, size_t token);

/* Does an article with an apostrophe stand before a capital: d'Algérie? */
bool inflected_elided(struct nw_str word);

#endif
