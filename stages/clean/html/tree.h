/*
 * A document as one array of nodes in document order, in the record's arena: elements and texts, each with its parent
 * and with the index behind its last descendant, so that a walk is a loop and a subtree is a range. HTML's tree
 * construction is followed as far as it decides what is inside what; XML (xml.h) makes the same array.
 *
 * Texts and values are views of the input as written; tree_text and tree_value say what they mean. Comments, scripts
 * and styles are left out, but for JSON-LD.
 */
#ifndef CLEAN_HTML_TREE_H
#define CLEAN_HTML_TREE_H

#include "bounds.h"
#include "html/names.h"
#include "html/references.h"

#include <newswire/arena.h>

struct node_attr {
    enum html_attr_name known;
    struct nw_str name, value;
};

struct node {
    uint32_t parent, end; /* of node i: i + 1 to end - 1 are its descendants; the root is its own parent */
    uint32_t attr;        /* its first attribute */
    uint16_t attrs;
    uint16_t tag;             /* enum html_tag */
    unsigned char is_text;    /* else an element */
    unsigned char text_kind;  /* enum html_text */
    unsigned char name_space; /* XML: index into the reader's table; HTML: 0 */
    struct nw_str text;       /* of a text; the name of an element */
};

struct tree {
    struct nw_arena *arena;
    struct node *nodes; /* nodes[0] is a root without name */
    size_t count, room;
    struct node_attr *attrs;
    size_t attr_count, attr_room;
    bool failed;      /* memory ran out */
    uint32_t reached; /* bits of enum bound */
};

/* Parses a page, or a fragment of one. */
void tree_parse_html(struct tree *tree, struct nw_arena *arena, struct nw_str input);

static inline void tree_reach(struct tree *tree, enum bound bound)
{
    tree->reached |= UINT32_C(1) << bound;
}

/* Appends a node below `parent`; UINT32_MAX at a limit. `end` is to be set when the element ends. For the builders. */
uint32_t tree_add(struct tree *tree, uint32_t parent);
struct node_attr *tree_add_attr(struct tree *tree, uint32_t node);

static inline unsigned node_kinds(const struct node *node)
{
    return html_tag_kinds[node->tag];
}

/* The value of an attribute as written; {NULL, 0} when it is not there. */
static inline struct nw_str tree_attr(const struct tree *tree, const struct node *node, enum html_attr_name name)
{
    for (size_t i = 0; i < node->attrs; i++)
        if (tree->attrs[node->attr + i].known == name)
            return tree->attrs[node->attr + i].value;
    return nw_str(NULL, 0);
}

/* Its value with references resolved; tidied to one line. */
struct nw_str tree_value(const struct tree *tree, const struct node *node, enum html_attr_name name);

/* What an attribute's value, as written, means. */
struct nw_str tree_unescape(struct nw_arena *arena, struct nw_str s, enum html_text kind);

/* All text below a node as one line; UNSEEN elements left out. */
struct nw_str tree_line(const struct tree *tree, uint32_t node);

#endif
