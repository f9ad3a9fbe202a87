/* Writes what was found into the record: annotations, and the lists of people, organisations and places. */
#ifndef TAG_ANNOTATE_H
#define TAG_ANNOTATE_H

#include "quotes.h"
#include "timex.h"

/* All that was found in one text. */
struct findings {
    const struct document *document;
    const struct timexes *times;
    const struct quotes *quotes;
};

/* Replaces record->annotations. People, organisations and places that the record has already stay; what was found joins
 * them unless its uri or name is there. 0 or -ENOMEM. */
int annotate(struct nw_arena *arena, const struct findings *found, struct nw_record *record);

#endif
