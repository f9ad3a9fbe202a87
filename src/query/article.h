/* An article as queries see it: the words of each field in their order, and a set of all tokens. */
#ifndef QUERY_ARTICLE_H
#define QUERY_ARTICLE_H

#include "query/program.h"

enum { ARTICLE_WORDS = 16384, ARTICLE_SET = 4 * ARTICLE_WORDS };

struct nw_query_article {
    struct article_words {
        size_t from, to; /* of `words` */
    } fields[QUERY_FIELD_COUNT];
    uint64_t words[ARTICLE_WORDS]; /* tokens; 0 between two values of a field */
    uint32_t at[ARTICLE_WORDS];    /* where each word stands in `folded` */
    size_t n;
    struct nw_buf folded;
    uint64_t set[ARTICLE_SET];      /* open addressing; 0: free */
    uint32_t used[ARTICLE_SET / 2]; /* places of the set that are taken */
    size_t used_n;
    int64_t urgency; /* 0: none */
    bool dup, revision;
};

bool article_has(const struct nw_query_article *article, uint64_t token);

/* The word at a place, folded. */
struct nw_str article_word(const struct nw_query_article *article, size_t i);

#endif
