/* Which of a page's titles is the article's. */
#ifndef CLEAN_HTML_TITLE_H
#define CLEAN_HTML_TITLE_H

#include "draft.h"

enum { TITLE_H1S = 8, TITLE_OTHERS = 8 };

struct titles {
    struct nw_str element; /* <title> */
    struct nw_str og, ld, site;
    struct nw_str h1[TITLE_H1S], other[TITLE_OTHERS];
    uint32_t node[TITLE_H1S]; /* where the h1s stand */
    size_t h1s, others;
    uint32_t heading; /* set by title_choose: the h1 that is the headline, else the first; 0 for none */
};

/* The chosen one; "" where there is none. */
struct nw_str title_choose(struct draft *draft, struct titles *titles);

#endif
