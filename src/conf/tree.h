/*
 * A text as a tree of nodes, before any table is held against it. From YAML (libyaml's events) or JSON (jansson).
 * Bounded: NW_CONF_FILE_MAX bytes, NW_CONF_DEPTH levels; aliases are refused, so a tree is never larger than its text.
 */
#ifndef CONF_TREE_H
#define CONF_TREE_H

#include "problem.h"

#include <newswire/arena.h>

enum conf_node_kind { CONF_SCALAR, CONF_SEQUENCE, CONF_MAPPING };

struct conf_node {
    enum conf_node_kind kind;
    bool plain;         /* a scalar without quotes: may be a number or a truth value */
    int line;           /* from 1; of the key in a mapping, of the value in a list; 0 in JSON */
    struct nw_str key;  /* in a mapping */
    struct nw_str text; /* of a scalar; NUL-terminated */
    struct conf_node *first, *last, *next;
    size_t count; /* children */
};

/* Root is NULL for an empty text. 0, NW_CONF_BAD (told) or -ENOMEM. */
int conf_tree_yaml(struct nw_arena *arena, struct conf_problems *problems, struct nw_str text, struct conf_node **root);
int conf_tree_json(struct nw_arena *arena, struct conf_problems *problems, struct nw_str text, struct conf_node **root);

/* A new last child, or the root where parent is NULL; NULL when there is no memory. */
struct conf_node *conf_node_add(struct nw_arena *arena, struct conf_node *parent, enum conf_node_kind kind);

/* The child with this key, NULL if there is none or node is NULL or no mapping. */
const struct conf_node *conf_node_get(const struct conf_node *node, const char *key);

/* A value left out: `key:`, `~`, null. */
bool conf_node_void(const struct conf_node *node);

#endif
