/* Writes what was found into the record: annotations, and the lists of people, organisations and places. */
#ifndef TAG_ANNOTATE_H
#define TAG_ANNOTATE_H

#include "document.h"

/* Replaces record->annotations. People, organisations and places that the record has already stay; what was found joins
 * them unless its uri or name is there. 0 or -ENOMEM. */
int annotate(struct nw_arena *arena, const struct document *document, struct nw_record *record);

#endif
