/* The blocks of a part of a tree as paragraphs: what extract.c and the XML formats have in common. */
#ifndef CLEAN_HTML_BLOCKS_H
#define CLEAN_HTML_BLOCKS_H

#include "draft.h"
#include "html/tree.h"

/* A run of text between two block boundaries. */
struct block {
    struct nw_str text; /* tidied; its lines parted by '\n' */
    uint32_t node;      /* the block element whose text it is */
    uint32_t first;     /* its first text node */
    uint16_t tag;       /* of `node`, or of the heading, li, pre … around it */
    uint32_t links;     /* bytes of text inside links */
    bool row;           /* a row of a table: cells parted by " | " */
};

struct blocks {
    struct block *v;
    size_t n, room;
};

/* Collects the blocks below `root`. `skip[i]` set: the subtree of node i is left out (may be NULL); UNSEEN elements
 * always are. */
void blocks_read(struct draft *draft, const struct tree *tree, uint32_t root, const unsigned char *skip,
                 struct blocks *blocks);

#endif
