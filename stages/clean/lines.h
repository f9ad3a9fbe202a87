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

/* Takes the headline and the lines around it (dates, credits, notes) off the front of a tidied text. */
void lines_headline(struct draft *draft, struct nw_str *text);

#endif
