/*
 * Second pass of the names model: what the first pass found elsewhere in the article, as features of capitalised
 * tokens. Used by the trainer and the tagger alike.
 */
#ifndef TAG_SECOND_H
#define TAG_SECOND_H

#include "document.h"

enum {
    SECOND_LABEL = 0,                    /* 13: the token's first label */
    SECOND_MAJORITY = SECOND_LABEL + 13, /* 2 × 6 × 3 × 5: in capitals, elsewhere's type, its share, own type */
    SECOND_PLACE = SECOND_MAJORITY + 2 * 6 * 3 * 5, /* 17 × 13: elsewhere's type and place, own label */
    SECOND_STRING = SECOND_PLACE + 17 * 13,         /* 6 × 3 × 5: the same name elsewhere, how often, own type */
    SECOND_LONGER = SECOND_STRING + 6 * 3 * 5,      /* 13 × 13: place in a longer name elsewhere, own label */
    SECOND_SOFT = SECOND_LONGER + 13 * 13,       /* 5 × 3 × 6 × 3: own type, how sure, elsewhere's type, how sure */
    SECOND_BEFORE = SECOND_SOFT + 5 * 3 * 6 * 3, /* 6 × 5: elsewhere's type of the token before, own type */
    SECOND_BEHIND = SECOND_BEFORE + 6 * 5,       /* the same of the token behind */
    SECOND_COUNT = SECOND_BEHIND + 6 * 5,
    SECOND_MOST = 8, /* features of a token */
};

struct second;

/* Reads the first pass's labels and emissions of the whole document into *second (made when NULL). 0 or -ENOMEM. */
int second_read(struct second **second, const struct document *document, const uint8_t *labels,
                const struct scores *emissions);

/* Features of token i; returns their number (0 for tokens without a capital). `capitals`: its sentence is in capitals.
 */
size_t second_features(const struct second *second, const struct document *document, const uint8_t *labels,
                       const struct scores *emissions, size_t i, bool capitals, uint16_t out[SECOND_MOST]);

void second_free(struct second *second);

#endif
