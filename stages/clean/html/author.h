/* An author's name, as a page or its metadata writes it, without the words around it. Never adds a letter. */
#ifndef CLEAN_HTML_AUTHOR_H
#define CLEAN_HTML_AUTHOR_H

#include "draft.h"

/* The name in a line: without "By", what stands behind a bar, and what the person is. Empty when none is left. */
struct nw_str author_name(struct draft *draft, struct nw_str s);

/* Whether it can be a name at all: it has letters, and no dots without blanks, as addresses have. */
bool author_may_be(struct nw_str s);

/* Whether a line is a byline: a word that leads a name, and what has the shape of one ("Von Ada Beispiel"). */
bool author_line(struct nw_str s);

/* The name behind a label inside a line, as Chinese pages have them ("来源：… 作者：李明"); "" for none. */
struct nw_str author_inside(struct nw_str s);

#endif
