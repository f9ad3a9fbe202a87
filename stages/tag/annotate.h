/* Writes what was found into the record: annotations, and the lists of people, organisations and places. */
#ifndef TAG_ANNOTATE_H
#define TAG_ANNOTATE_H

#include "keywords.h"
#include "quantities.h"
#include "quotes.h"
#include "timex.h"
#include "topics.h"

enum { FOUND_TOPICS = 8 };

/* All that was found in one text. */
struct findings {
    const struct document *document;
    const struct timexes *times;
    const struct quotes *quotes;
    const struct quantities *quantities;
    const struct topics_model *topics_model;
    const struct topics_score *topics;
    size_t topic_count;
    const struct keyword *keywords;
    size_t keyword_count;
};

/* Replaces record->annotations. People, organisations and places that the record has already stay; what was found joins
 * them unless its uri or name is there. 0 or -ENOMEM. */
int annotate(struct nw_arena *arena, const struct findings *found, struct nw_record *record);

#endif
