/*
 * The article of a page: which part of the tree is its text, and the paragraphs of that part. The ideas: text that
 * reads like sentences is found first; what tags, roles and classes call navigation is taken away, unless it holds too
 * much of that text; then one walks down from the body as long as one child holds nearly all of it, or takes the
 * element that calls itself the article's body. Costs one walk forwards and one backwards over the nodes.
 */
#ifndef CLEAN_HTML_EXTRACT_H
#define CLEAN_HTML_EXTRACT_H

#include "draft.h"
#include "html/tree.h"

/* Adds the article's paragraphs to the draft. `headline` is the page's: it is no paragraph. */
void extract_article(struct draft *draft, const struct tree *tree, struct nw_str headline);

/* Adds all text of a fragment (a feed's content, a body in XML) below `root`: paragraphs, lists, headings, tables;
 * captions and what isn't shown are left out. */
void extract_all(struct draft *draft, const struct tree *tree, uint32_t root, bool lines);

#endif
