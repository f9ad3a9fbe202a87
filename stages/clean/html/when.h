/*
 * When a page's article was published and last changed. What meta elements and microdata say is gathered while the tree
 * is walked; what the page shows is looked for only where they say nothing, or contradict themselves: the date that
 * stands nearest to the headline counts. A date in the future of the page's arrival, or before 1990, is none.
 */
#ifndef CLEAN_HTML_WHEN_H
#define CLEAN_HTML_WHEN_H

#include "draft.h"
#include "html/ld.h"
#include "html/near.h"

enum when_what { WHEN_PUBLISHED, WHEN_MODIFIED, WHEN_KINDS };

struct when {
    const struct tree *tree;
    int64_t latest;               /* a later date is none */
    bool day_first;               /* 5/3/2024 is a day of March: by the page's language */
    struct date said[WHEN_KINDS]; /* by metadata */
    int rank[WHEN_KINDS];         /* of what said it: lower is trusted more */
};

void when_begin(struct when *when, const struct draft *draft, const struct tree *tree);

/* The language that the page claims; it decides what 5/3/2024 means. */
void when_language(struct when *when, struct nw_str tag);

/* A value of metadata, of that rank. */
void when_said(struct when *when, enum when_what what, int rank, struct nw_str value);

/* An element that may be marked as holding one of the dates. */
void when_element(struct when *when, uint32_t node);

/* Chooses; `heading` is the headline's node or 0, `address` the page's own. */
void when_choose(struct when *when, const struct ld *ld, const struct near *near, struct nw_str address,
                 uint32_t heading, struct date *published, struct date *modified);

#endif
