/*
 * Keywords: words and names that stand in the article far more often than in English at large. How rare a word is comes
 * from its rank among the words of the names model's clusters (Zipf's law makes a frequency of it).
 */
#ifndef TAG_KEYWORDS_H
#define TAG_KEYWORDS_H

#include "clusters.h"
#include "document.h"

enum { KEYWORDS_MOST = 10 };

struct keyword {
    struct nw_str text;
    float score; /* above 0, the best is 1 */
};

/* Fills out, best first; returns how many. */
size_t keywords_find(struct document *document, const struct clusters *clusters, struct keyword out[KEYWORDS_MOST]);

#endif
