/* What an element is by what it holds, where its tag and its classes mislead. */
#ifndef CLEAN_HTML_SHAPES_H
#define CLEAN_HTML_SHAPES_H

#include "html/tree.h"

/* Lists, tables and paragraphs: their classes are of style, not of meaning. */
bool shape_holds_items(enum html_tag tag);

/* A figure is a picture, unless it is what a system wraps tables and code in. */
bool shape_holds_text(const struct tree *tree, uint32_t figure);

/* Whether a list, or a box that is one, follows a sentence that ends in a colon: then its links are the article's. */
bool shape_is_announced(const struct tree *tree, uint32_t box);

/* Whether all text of an element is headings without links: page builders wrap each heading into a box. */
bool shape_is_heading_box(const struct tree *tree, uint32_t box);

#endif
