/* What a page shows beside its headline: a date and a byline in plain text, without a class or an attribute that says
 * so. */
#ifndef CLEAN_HTML_NEAR_H
#define CLEAN_HTML_NEAR_H

#include "dates.h"
#include "draft.h"
#include "html/tree.h"

enum { NEAR_AUTHORS = 4 };

struct near {
    struct date date;                    /* PRECISION_NONE where none is shown */
    bool date_alone;                     /* nothing else stood in its text */
    struct date updated;                 /* the first date that is called one of an update */
    struct date original;                /* the one that is called the date of the first publication */
    struct nw_str authors[NEAR_AUTHORS]; /* texts, as shown */
    size_t author_count;
};

/* Whether the date that a text begins with, or that follows it, is called the one of an update: "Last updated on". */
bool near_says_updated(struct nw_str text);

/* The same of the text before node i, if there is one close by. */
bool near_updated_before(const struct tree *tree, uint32_t i);

/* Looks around node `heading` (0: from the start of the body). */
void near_read(struct draft *draft, const struct tree *tree, uint32_t heading, struct near *near);

#endif
