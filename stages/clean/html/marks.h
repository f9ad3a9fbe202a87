/*
 * What the choice of an article is made from: of each node how much text is below it, how much of that is links, how
 * much is good text (reads like sentences), and what its tag and attributes say it is.
 */
#ifndef CLEAN_HTML_MARKS_H
#define CLEAN_HTML_MARKS_H

#include "draft.h"
#include "html/tree.h"

/* What an element's tag and attributes say, beside the CLASS_ bits of classes.h. */
enum { SAYS_STRONG_PRUNE = 0x100, SAYS_ITEM_BODY = 0x200, SAYS_GONE = 0x400 };

struct mark {
    uint32_t text, link;    /* characters below the node; those in links */
    uint32_t own, own_link; /* characters whose innermost block this node is */
    uint32_t good;          /* of the good text below it */
    uint32_t titles;        /* headings below it that are links and nothing else, as teasers have them */
    uint32_t paragraphs;    /* below it, of a sentence at least */
    unsigned short says;    /* class_says of an element */
};

struct page {
    struct draft *draft;
    const struct tree *tree;
    struct mark *marks;  /* of each node */
    unsigned char *skip; /* of each node: it and what is below it is left out */
};

/* Sets what each node says, its own text, and skips what is never seen. */
void marks_measure(struct page *page);

/* Sums good, text and link over what is not skipped: children come before their parents, so backwards. */
void marks_sum(struct page *page);

/* Whether a block's own text reads like sentences. */
bool marks_is_good(const struct node *node, const struct mark *mark);

#endif
