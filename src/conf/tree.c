/* Nodes of a tree, and the way from JSON to one. */
#include "tree.h"
#include "conf.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>

struct conf_node *conf_node_add(struct nw_arena *arena, struct conf_node *parent, enum conf_node_kind kind)
{
    struct conf_node *node = NW_ARENA_NEW(arena, struct conf_node, 1);

    if (!node)
        return NULL;
    node->kind = kind;
    if (parent) {
        if (parent->last)
            parent->last->next = node;
        else
            parent->first = node;
        parent->last = node;
        parent->count++;
    }
    return node;
}

const struct conf_node *conf_node_get(const struct conf_node *node, const char *key)
{
    if (!node || node->kind != CONF_MAPPING)
        return NULL;
    for (const struct conf_node *child = node->first; child; child = child->next) {
        if (nw_str_eq(child->key, nw_str_z(key)))
            return child;
    }
    return NULL;
}

bool conf_node_void(const struct conf_node *node)
{
    static const struct nw_str words[] = {NW_STR(""), NW_STR("~"), NW_STR("null"), NW_STR("Null"), NW_STR("NULL")};

    if (node->kind != CONF_SCALAR || !node->plain)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (nw_str_eq(node->text, words[i]))
            return true;
    }
    return false;
}

/* Where the walk stands in one JSON object or array. */
struct level {
    json_t *value;
    struct conf_node *node;
    void *member; /* of an object: jansson's iterator */
    size_t index; /* of an array */
};

/* Makes the node of one value, without its children. */
static struct conf_node *node_of(struct nw_arena *arena, struct conf_node *parent, json_t *value, struct nw_str key)
{
    struct conf_node *node = conf_node_add(arena, parent,
                                           json_is_object(value)  ? CONF_MAPPING
                                           : json_is_array(value) ? CONF_SEQUENCE
                                                                  : CONF_SCALAR);

    if (!node)
        return NULL;
    node->plain = !json_is_string(value);
    if (parent && parent->kind == CONF_MAPPING) {
        node->key = nw_arena_dup(arena, key);
        if (!node->key.p)
            return NULL;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return node;
    case JSON_STRING:
        node->text = nw_arena_dup(arena, nw_str(json_string_value(value), json_string_length(value)));
        break;
    case JSON_INTEGER:
        node->text = nw_arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        node->text = nw_arena_printf(arena, "%.17g", json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        node->text = nw_arena_dup(arena, nw_str_z(json_is_true(value) ? "true" : "false"));
        break;
    case JSON_NULL:
        node->text = nw_arena_dup(arena, nw_str_z("null"));
        break;
    }
    return node->text.p ? node : NULL;
}

/* The next child of a level, with its key in an object; NULL at the end. */
static json_t *next_child(struct level *level, struct nw_str *key)
{
    json_t *child;

    *key = nw_str(NULL, 0);
    if (json_is_array(level->value))
        return json_array_get(level->value, level->index++);
    level->member =
        level->index++ == 0 ? json_object_iter(level->value) : json_object_iter_next(level->value, level->member);
    if (!level->member)
        return NULL;
    child = json_object_iter_value(level->member);
    *key = nw_str_z(json_object_iter_key(level->member));
    return child;
}

static int walk(struct nw_arena *arena, struct conf_problems *problems, json_t *value, struct conf_node **root)
{
    struct level levels[NW_CONF_DEPTH];
    size_t depth = 0;

    *root = node_of(arena, NULL, value, nw_str(NULL, 0));
    if (!*root)
        return -ENOMEM;
    levels[depth++] = (struct level){.value = value, .node = *root};
    while (depth > 0) {
        struct level *level = &levels[depth - 1];
        struct nw_str key;
        json_t *child = next_child(level, &key);
        struct conf_node *node;
        if (!child) {
            depth--;
            continue;
        }
        node = node_of(arena, level->node, child, key);
        if (!node)
            return -ENOMEM;
        if (node->kind == CONF_SCALAR)
            continue;
        if (depth == NW_CONF_DEPTH) {
            conf_problem(problems, 0, "more than %d levels of objects and arrays stand in one another", NW_CONF_DEPTH);
            return NW_CONF_BAD;
        }
        levels[depth++] = (struct level){.value = child, .node = node};
    }
    return 0;
}

int conf_tree_json(struct nw_arena *arena, struct conf_problems *problems, struct nw_str text, struct conf_node **root)
{
    json_error_t error;
    json_t *value;
    int rc;

    *root = NULL;
    if (nw_str_trim(text).n == 0)
        return 0;
    if (text.n > NW_CONF_FILE_MAX) {
        conf_problem(problems, 0, "a configuration has at most %d bytes, this has %zu", NW_CONF_FILE_MAX, text.n);
        return NW_CONF_BAD;
    }
    value = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (!value) {
        if (json_error_code(&error) == json_error_out_of_memory)
            return -ENOMEM;
        conf_problem(problems, 0, "a JSON object was expected: %s at byte %d", error.text, error.position);
        return NW_CONF_BAD;
    }
    if (json_is_object(value)) {
        rc = walk(arena, problems, value, root);
    } else {
        conf_problem(problems, 0, "a JSON object was expected, like {\"key\": 1}");
        rc = NW_CONF_BAD;
    }
    json_decref(value);
    return rc;
}
