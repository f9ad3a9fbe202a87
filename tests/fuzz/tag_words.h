/* The tagger's cache of words for fuzz targets: one for all inputs, as a worker has one for all articles. */
#ifndef FUZZ_TAG_WORDS_H
#define FUZZ_TAG_WORDS_H

#include "tag/types.h"

#include <stdlib.h>

static inline struct types *tag_words(void)
{
    static struct lexicon lexicon;
    static struct gazetteer none;
    static struct types types;
    if (types.v == NULL && (lexicon_init(&lexicon) || types_init(&types, &lexicon, &none, &none))) {
        abort();
    }
    types_begin(&types);
    return &types;
}

#endif
