/* An author's name, as a page or its metadata writes it, without the words around it. Never adds a letter. */
#ifndef CLEAN_HTML_AUTHOR_H
#define CLEAN_HTML_AUTHOR_H

#include "draft.h"

/* The name in a line: without "By", what stands behind a bar, and what the person is. Empty when none is left. */
struct nw_str author_name(struct draft *draft, struct nw_str s);

/* Whether it can be a name at all: it has letters, and no dots without blanks, as addresses have. */
bool author_may_be(struct nw_str s);

#endif
