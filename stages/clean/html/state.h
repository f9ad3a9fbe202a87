/*
 * Pages that a script draws: their article stands in the data that came with the script, as JSON in a script element
 * ("__NEXT_DATA__", window.__INITIAL_STATE__ = {…}). Nobody says where in it; it is found as in markup: one walks down
 * to the member that holds most of the text that reads like sentences, until that is one text or a list of pieces.
 */
#ifndef CLEAN_HTML_STATE_H
#define CLEAN_HTML_STATE_H

#include "html/meta.h"

/* Whether a script's text is such data: JSON, or the assignment of it to a name. */
bool state_is(struct nw_str type, struct nw_str script);

/* For a page that shows next to nothing (call it when the draft has what it shows): fills what `meta` lacks of body,
 * headline, date and author. */
void state_fill(struct draft *draft, const struct tree *tree, struct meta *meta);

#endif
