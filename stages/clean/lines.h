/*
 * Plain text into paragraphs. How a text parts them is found by looking at all of it: empty lines, indented first
 * lines, or a line each; lines of print are joined, lists and tables keep their lines.
 */
#ifndef CLEAN_LINES_H
#define CLEAN_LINES_H

#include "draft.h"

/* Adds the paragraphs of `text`, which is tidied (unicode.h), to the draft. They stand in one piece of memory, parted
 * by empty lines, so that the body needs no copy. */
void lines_read(struct draft *draft, struct nw_str text);

/* Takes the headline and the lines around it (dates, credits, notes) off the front of a tidied text (heading.c). */
void lines_headline(struct draft *draft, struct nw_str *text);

/* The next line of *rest, its indent kept, blanks at its end off; false at the end. */
bool lines_next(struct nw_str *rest, struct nw_str *line);

/* Columns by which a line is indented; a tab is four. */
size_t lines_indent(struct nw_str line);

/* "• …", "* …"; a row of a table. */
bool lines_is_bullet(struct nw_str line);
bool lines_is_row(struct nw_str line);

#endif
