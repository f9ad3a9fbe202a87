/* What a page shows beside its headline: a date and a byline in plain text, without a class or an attribute that says
 * so. */
#ifndef CLEAN_HTML_NEAR_H
#define CLEAN_HTML_NEAR_H

#include "dates.h"
#include "draft.h"
#include "html/tree.h"

enum { NEAR_AUTHORS = 4 };

/* What a page calls a date, in the date's own text or in the one before it. */
enum near_call { CALLED_NOTHING, CALLED_PUBLISHED, CALLED_UPDATED };

struct near {
    bool day_first;                      /* of 1/2/2003 */
    struct date date;                    /* PRECISION_NONE where none is shown; so of the others */
    bool date_alone;                     /* nothing else stood in its text */
    struct date published;               /* the first one called a date of publication, wherever it stands */
    struct date updated;                 /* and of an update */
    struct date original;                /* what a sentence calls the date of the first publication */
    struct nw_str authors[NEAR_AUTHORS]; /* texts, as shown */
    size_t author_count;
};

/* What the date in a text is called by the text's beginning ("Last updated on"). */
enum near_call near_called(struct nw_str text);

/* And by the text before node i, if there is one close by. */
enum near_call near_called_before(const struct tree *tree, uint32_t i);

/* Looks around node `heading` (0: from the start of the body). `day_first`: 1/2/2003 is in February. */
void near_read(struct draft *draft, const struct tree *tree, uint32_t heading, bool day_first, struct near *near);

#endif
