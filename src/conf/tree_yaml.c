/*
 * From YAML to a tree, by libyaml's events and a stack of NW_CONF_DEPTH open mappings and lists. Keys are words;
 * aliases and explicit tags are refused: a configuration needs neither, and an alias lets a few lines name millions of
 * values.
 */
#include "conf.h"
#include "tree.h"

#include <errno.h>
#include <limits.h>
#include <yaml.h>

struct builder {
    struct nw_arena *arena;
    struct conf_problems *problems;
    struct nw_str text;
    struct conf_node *open[NW_CONF_DEPTH];
    size_t depth;
    struct conf_node *root;
    struct nw_str key; /* read, waiting for its value; p is NULL where none is */
    int key_line;
    size_t documents;
};

static int line_of(yaml_mark_t mark)
{
    return mark.line < INT_MAX ? (int)mark.line + 1 : INT_MAX;
}

/* libyaml gives no mark for bytes that are no text, only their offset. */
static int line_at(struct nw_str text, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}

/* Tells what libyaml found wrong. */
static int parser_problem(struct builder *b, const yaml_parser_t *parser)
{
    const char *what = parser->problem ? parser->problem : "it can't be read";
    size_t at = parser->problem_mark.index;

    if (parser->error == YAML_MEMORY_ERROR)
        return -ENOMEM;
    if (parser->error == YAML_READER_ERROR) {
        conf_problem(b->problems, line_at(b->text, parser->problem_offset),
                     "this is no YAML text in UTF-8: %s (byte %zu of the file)", what, parser->problem_offset);
    } else if (at < b->text.n && b->text.p[at] == '\t' && parser->error == YAML_SCANNER_ERROR) {
        conf_problem(b->problems, line_of(parser->problem_mark),
                     "a tab stands where only spaces may; indent with spaces");
    } else if (parser->context) {
        conf_problem(b->problems, line_of(parser->problem_mark), "this is no YAML: %s (%s that began on line %d)", what,
                     parser->context, line_of(parser->context_mark));
    } else {
        conf_problem(b->problems, line_of(parser->problem_mark), "this is no YAML: %s", what);
    }
    return NW_CONF_BAD;
}

/* Adds the node of a value that begins here, below its key where it has one. */
static int add_node(struct builder *b, enum conf_node_kind kind, int line, struct conf_node **node)
{
    struct conf_node *parent = b->depth ? b->open[b->depth - 1] : NULL;

    *node = conf_node_add(b->arena, parent, kind);
    if (!*node)
        return -ENOMEM;
    (*node)->line = line;
    if (parent && parent->kind == CONF_MAPPING) {
        (*node)->key = b->key;
        (*node)->line = b->key_line;
        b->key = nw_str(NULL, 0);
    }
    if (!parent)
        b->root = *node;
    return 0;
}

static bool wants_key(const struct builder *b)
{
    return b->depth && b->open[b->depth - 1]->kind == CONF_MAPPING && !b->key.p;
}

static int on_open(struct builder *b, enum conf_node_kind kind, int line)
{
    struct conf_node *node;
    int rc;

    if (wants_key(b)) {
        conf_problem(b->problems, line, "a key must be one word, not a mapping or a list");
        return NW_CONF_BAD;
    }
    if (b->depth == NW_CONF_DEPTH) {
        conf_problem(b->problems, line, "more than %d levels of mappings and lists stand in one another",
                     NW_CONF_DEPTH);
        return NW_CONF_BAD;
    }
    rc = add_node(b, kind, line, &node);
    if (rc == 0)
        b->open[b->depth++] = node;
    return rc;
}

static int on_scalar(struct builder *b, const yaml_event_t *event)
{
    struct nw_str text = nw_str((const char *)event->data.scalar.value, event->data.scalar.length);
    int line = line_of(event->start_mark), rc;
    struct conf_node *node;

    if (event->data.scalar.tag) {
        conf_problem(b->problems, line, "the tag %.40s is not used here; remove it",
                     (const char *)event->data.scalar.tag);
        return NW_CONF_BAD;
    }
    if (memchr(text.p, 0, text.n)) {
        conf_problem(b->problems, line, "a text holds a NUL byte (\\0); remove it");
        return NW_CONF_BAD;
    }
    text = nw_arena_dup(b->arena, text);
    if (!text.p)
        return -ENOMEM;
    if (wants_key(b)) {
        b->key = text;
        b->key_line = line;
        return 0;
    }
    rc = add_node(b, CONF_SCALAR, line, &node);
    if (rc < 0)
        return rc;
    node->text = text;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return 0;
}

static int on_event(struct builder *b, const yaml_event_t *event)
{
    int line = line_of(event->start_mark);

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->documents++ == 0)
            return 0;
        conf_problem(b->problems, line, "a second document begins here; a configuration is one: remove the \"---\"");
        return NW_CONF_BAD;
    case YAML_MAPPING_START_EVENT:
        return on_open(b, CONF_MAPPING, line);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(b, CONF_SEQUENCE, line);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        b->depth--;
        return 0;
    case YAML_SCALAR_EVENT:
        return on_scalar(b, event);
    case YAML_ALIAS_EVENT:
        conf_problem(b->problems, line, "the alias *%.40s is not followed; write the value out",
                     (const char *)event->data.alias.anchor);
        return NW_CONF_BAD;
    default:
        return 0;
    }
}

int conf_tree_yaml(struct nw_arena *arena, struct conf_problems *problems, struct nw_str text, struct conf_node **root)
{
    struct builder b = {.arena = arena, .problems = problems, .text = text};
    yaml_parser_t parser;
    yaml_event_t event;
    bool end = false;
    int rc = 0;

    *root = NULL;
    if (text.n > NW_CONF_FILE_MAX) {
        conf_problem(problems, 0, "a configuration has at most %d bytes, this has %zu", NW_CONF_FILE_MAX, text.n);
        return NW_CONF_BAD;
    }
    if (!yaml_parser_initialize(&parser))
        return -ENOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.n ? text.p : ""), text.n);
    while (rc == 0 && !end) {
        if (!yaml_parser_parse(&parser, &event)) {
            rc = parser_problem(&b, &parser);
            break;
        }
        end = event.type == YAML_STREAM_END_EVENT;
        rc = on_event(&b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (rc == 0)
        *root = b.root;
    return rc;
}
