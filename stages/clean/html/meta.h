/*
 * What a page says about its article: JSON-LD, OpenGraph and other meta elements, microdata, <time>, visible bylines,
 * in an order that follows how often each is right.
 */
#ifndef CLEAN_HTML_META_H
#define CLEAN_HTML_META_H

#include "draft.h"
#include "html/tree.h"
#include "json.h"
#include "picture.h"

enum { META_AUTHORS = 16 };

struct meta {
    struct nw_str headline;
    struct picture picture; /* the main one; its address as written */
    struct nw_str site, description, canonical, section, licence, rights, holder, language,
        body; /* body: JSON-LD's articleBody */
    struct nw_str authors[META_AUTHORS];
    size_t author_count;
    struct date published, modified;
};

void meta_read(struct draft *draft, const struct tree *tree, struct meta *meta);

/* Puts it into the draft, once its paragraphs are there. */
void meta_apply(struct draft *draft, const struct meta *meta);

#endif
