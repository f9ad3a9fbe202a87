/*
 * Holds a tree against tables. Goes as deep as the tables do, never as deep as the text. A problem is told and the rest
 * is still checked, so that one run shows all that must be changed.
 */
#include "nearest.h"
#include "value.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct binder {
    struct nw_arena *arena;
    struct conf_problems *problems;
};

static int bind_mapping(struct binder *b, const struct conf_place *place, const struct conf_node *node,
                        const struct nw_conf_row *rows, const struct nw_conf_section *sections,
                        const struct nw_conf *around, struct nw_conf **conf);

size_t conf_rows_count(const struct nw_conf_row *rows)
{
    size_t n = 0;

    while (rows && rows[n].key)
        n++;
    return n;
}

size_t conf_sections_count(const struct nw_conf_section *sections)
{
    size_t n = 0;

    while (sections && sections[n].key)
        n++;
    return n;
}

const struct nw_conf_row *conf_row_find(const struct nw_conf_row *rows, const char *key)
{
    for (; rows && rows->key; rows++) {
        if (strcmp(rows->key, key) == 0)
            return rows;
    }
    return NULL;
}

void conf_allowed(const struct nw_conf_row *row, char out[CONF_ALLOWED])
{
    static const char *const nouns[] = {
        [NW_CONF_INT] = "a whole number", [NW_CONF_NUM] = "a number",         [NW_CONF_BOOL] = "true or false",
        [NW_CONF_STR] = "a text",         [NW_CONF_STRS] = "a list of texts", [NW_CONF_LIST] = "a list of mappings",
    };
    const char *unit = row->unit && *row->unit ? row->unit : "";
    size_t n = (size_t)snprintf(out, CONF_ALLOWED, "%s", nouns[row->kind]);

    if (row->words) {
        n = (size_t)snprintf(out, CONF_ALLOWED, row->kind == NW_CONF_STRS ? "a list of the words" : "one of");
        for (size_t i = 0; row->words[i] && n < CONF_ALLOWED; i++)
            n += (size_t)snprintf(out + n, CONF_ALLOWED - n, "%s %s", i ? "," : "", row->words[i]);
        return;
    }
    if (row->least == 0 && row->most == 0) {
        if (*unit && (row->kind == NW_CONF_INT || row->kind == NW_CONF_NUM))
            snprintf(out + n, CONF_ALLOWED - n, " (%s)", unit);
        return;
    }
    if (row->kind == NW_CONF_INT || row->kind == NW_CONF_NUM)
        snprintf(out + n, CONF_ALLOWED - n, " from %lld to %lld%s%s", (long long)row->least, (long long)row->most,
                 *unit ? " " : "", unit);
    else if (row->kind == NW_CONF_STR || row->kind == NW_CONF_STRS)
        snprintf(out + n, CONF_ALLOWED - n, row->most ? " of %lld to %lld bytes" : " of at least %lld bytes",
                 (long long)row->least, (long long)row->most);
}

/* Tells that the value of a node is not what its row allows. */
static void wrong(struct binder *b, const struct conf_place *place, const struct conf_node *node,
                  const struct nw_conf_row *row)
{
    char path[CONF_PATH], value[CONF_QUOTE], allowed[CONF_ALLOWED];
    const char *before = "", *behind = "";
    struct conf_nearest nearest = {.word = node->text};

    conf_place_print(place, path);
    conf_allowed(row, allowed);
    if (conf_node_void(node)) {
        conf_problem(b->problems, node->line, "%s has no value; it must be %s", path, allowed);
        return;
    }
    if (node->kind != CONF_SCALAR) {
        conf_problem(b->problems, node->line, "%s is a %s; it must be %s", path,
                     node->kind == CONF_MAPPING ? "mapping" : "list", allowed);
        return;
    }
    conf_quote(node->text, value);
    if (!node->plain || row->kind == NW_CONF_STR || row->kind == NW_CONF_STRS || row->kind == NW_CONF_BOOL)
        before = behind = "\"";
    for (size_t i = 0; row->words && row->words[i]; i++)
        conf_nearest_see(&nearest, row->words[i]);
    if (nearest.best)
        conf_problem(b->problems, node->line, "%s is %s%s%s; it must be %s; did you mean \"%s\"?", path, before, value,
                     behind, allowed, nearest.best);
    else
        conf_problem(b->problems, node->line, "%s is %s%s%s; it must be %s", path, before, value, behind, allowed);
}

static bool bounded(const struct nw_conf_row *row)
{
    return row->least != 0 || row->most != 0;
}

/* Decimal digits with an optional sign: no octal, no hexadecimal, nothing behind. */
static bool read_integer(const struct nw_conf_row *row, struct nw_str text, int64_t *out)
{
    size_t digits = 0;
    char *end;

    for (size_t i = text.n && (text.p[0] == '-' || text.p[0] == '+'); i < text.n; i++, digits++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    }
    if (digits == 0 || digits > 19)
        return false;
    errno = 0;
    *out = strtoll(text.p, &end, 10);
    return errno == 0 && *end == '\0' && (!bounded(row) || (*out >= row->least && *out <= row->most));
}

/* JSON's numbers, with a leading plus or point allowed; finite. */
static bool read_number(const struct nw_conf_row *row, struct nw_str text, double *out)
{
    char *end;

    if (text.n == 0 || text.n > 64 || strspn(text.p, "+-.0123456789eE") != text.n)
        return false;
    *out = strtod(text.p, &end);
    return *end == '\0' && isfinite(*out) &&
           (!bounded(row) || (*out >= (double)row->least && *out <= (double)row->most));
}

static bool read_truth(struct nw_str text, bool *out)
{
    *out = nw_str_eq(text, NW_S("true"));
    return *out || nw_str_eq(text, NW_S("false"));
}

static bool read_text(const struct nw_conf_row *row, struct nw_str text)
{
    bool known = !row->words;

    for (size_t i = 0; !known && row->words[i]; i++)
        known = nw_str_eq(text, nw_str_z(row->words[i]));
    return known && (int64_t)text.n >= row->least && (row->most == 0 || (int64_t)text.n <= row->most);
}

static bool read_scalar(const struct nw_conf_row *row, const struct conf_node *node, struct conf_value *value)
{
    if (node->kind != CONF_SCALAR || conf_node_void(node))
        return false;
    switch (row->kind) {
    case NW_CONF_INT:
        return node->plain && read_integer(row, node->text, &value->integer);
    case NW_CONF_NUM:
        return node->plain && read_number(row, node->text, &value->number);
    case NW_CONF_BOOL:
        return node->plain && read_truth(node->text, &value->truth);
    default:
        value->text = node->text;
        return read_text(row, node->text);
    }
}

static int bind_list(struct binder *b, const struct conf_place *place, const struct conf_node *node,
                     const struct nw_conf_row *row, struct conf_value *value)
{
    struct conf_place element = {.above = place, .key = row->key};
    const struct conf_node *child = node->first;

    if (conf_node_void(node))
        return 0;
    if (node->kind != CONF_SEQUENCE) {
        wrong(b, place, node, row);
        return 0;
    }
    if (node->count > NW_CONF_ITEMS) {
        char path[CONF_PATH];
        conf_place_print(place, path);
        conf_problem(b->problems, node->line, "%s has %zu elements; it may have at most %d", path, node->count,
                     NW_CONF_ITEMS);
        return 0;
    }
    value->count = node->count;
    if (row->kind == NW_CONF_STRS)
        value->texts = NW_ARENA_NEW(b->arena, struct nw_str, node->count);
    else
        value->confs = NW_ARENA_NEW(b->arena, struct nw_conf *, node->count);
    if (!value->texts && !value->confs)
        return -ENOMEM;
    for (size_t i = 0; child; i++, child = child->next) {
        element.index = i;
        if (row->kind == NW_CONF_LIST) {
            int rc = bind_mapping(b, &element, child, row->rows, NULL, NULL, &value->confs[i]);
            if (rc < 0)
                return rc;
        } else if (child->kind == CONF_SCALAR && !conf_node_void(child) && read_text(row, child->text)) {
            value->texts[i] = child->text;
        } else {
            struct nw_conf_row one = *row;
            one.kind = NW_CONF_STR;
            wrong(b, &element, child, &one);
        }
    }
    return 0;
}

static int bind_value(struct binder *b, const struct conf_place *place, const struct conf_node *node,
                      const struct nw_conf_row *row, struct conf_value *value)
{
    value->line = node->line;
    if (row->kind == NW_CONF_STRS || row->kind == NW_CONF_LIST)
        return bind_list(b, place, node, row, value);
    if (!read_scalar(row, node, value))
        wrong(b, place, node, row);
    return 0;
}

/* Gives a row its preset, which is written as it would stand in a file. */
static int bind_preset(struct binder *b, const struct conf_place *place, const struct nw_conf_row *row,
                       struct conf_value *value)
{
    struct conf_node scalar = {.kind = CONF_SCALAR, .plain = row->kind != NW_CONF_STR, .text = nw_str_z(row->preset)};
    struct conf_node *node = &scalar;
    int rc = 0;

    if (row->kind == NW_CONF_STRS || row->kind == NW_CONF_LIST) {
        if (!row->preset)
            return 0;
        rc = conf_tree_yaml(b->arena, b->problems, nw_str_z(row->preset), &node);
        if (rc != 0 || !node)
            return rc < 0 ? rc : 0;
    }
    rc = bind_value(b, place, node, row, value);
    value->line = 0;
    return rc;
}

static int bind_absent(struct binder *b, const struct conf_place *place, int line, const struct nw_conf_row *row,
                       struct conf_value *value)
{
    struct conf_place here = {.above = place, .key = row->key, .index = SIZE_MAX};
    char path[CONF_PATH], allowed[CONF_ALLOWED];

    if (row->preset || row->kind == NW_CONF_STRS || row->kind == NW_CONF_LIST)
        return bind_preset(b, &here, row, value);
    conf_place_print(&here, path);
    conf_allowed(row, allowed);
    conf_problem(b->problems, line, "the key %s is missing: %s; %s", path, allowed, row->doc ? row->doc : "");
    return 0;
}

/* Tells that a mapping has a key that its table does not know. */
static void unknown(struct binder *b, const struct conf_place *place, const struct conf_node *child,
                    const struct nw_conf_row *rows, const struct nw_conf_section *sections)
{
    struct conf_nearest nearest = {.word = child->key};
    char path[CONF_PATH], key[CONF_QUOTE], known[NW_CONF_WHY / 2] = "";
    const char *in;
    size_t n = 0;

    for (const struct nw_conf_row *row = rows; row && row->key; row++) {
        conf_nearest_see(&nearest, row->key);
        if (n < sizeof known)
            n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "", row->key);
    }
    for (const struct nw_conf_section *section = sections; section && section->key; section++) {
        conf_nearest_see(&nearest, section->key);
        if (n < sizeof known)
            n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "", section->key);
    }
    conf_quote(child->key, key);
    conf_place_print(place, path);
    in = *path ? " in " : "";
    if (nearest.best)
        conf_problem(b->problems, child->line, "unknown key \"%s\"%s%s; did you mean \"%s\"?", key, in, path,
                     nearest.best);
    else if (n)
        conf_problem(b->problems, child->line, "unknown key \"%s\"%s%s; there may be %s%s", key, in, path, known,
                     n >= sizeof known ? " …" : "");
    else
        conf_problem(b->problems, child->line, "unknown key \"%s\"%s%s; it has no keys", key, in, path);
}

/* Binds each child to its row or section; `seen` notes their lines. */
static int bind_children(struct binder *b, const struct conf_place *place, const struct conf_node *node,
                         struct nw_conf *conf, const struct conf_node **seen_rows, const struct conf_node **seen_below)
{
    size_t rows = conf_rows_count(conf->rows), sections = conf_sections_count(conf->sections);

    for (const struct conf_node *child = node->first; child; child = child->next) {
        const struct conf_node **seen = NULL;
        struct conf_place here = {.above = place, .index = SIZE_MAX};
        size_t i, j;
        int rc = 0;
        for (i = 0; i < rows && !nw_str_eq(child->key, nw_str_z(conf->rows[i].key)); i++)
            continue;
        for (j = 0; i == rows && j < sections && !nw_str_eq(child->key, nw_str_z(conf->sections[j].key)); j++)
            continue;
        if (i < rows)
            seen = &seen_rows[i];
        else if (j < sections)
            seen = &seen_below[j];
        if (!seen) {
            unknown(b, place, child, conf->rows, conf->sections);
            continue;
        }
        here.key = i < rows ? conf->rows[i].key : conf->sections[j].key;
        if (*seen) {
            char path[CONF_PATH];
            conf_place_print(&here, path);
            conf_problem(b->problems, child->line, "the key %s stands twice; the first is on line %d", path,
                         (*seen)->line);
            continue;
        }
        *seen = child;
        if (i < rows)
            rc = bind_value(b, &here, child, &conf->rows[i], &conf->values[i]);
        else
            rc = bind_mapping(b, &here, child, conf->sections[j].rows, conf->sections[j].sections, conf,
                              &conf->below[j]);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int bind_mapping(struct binder *b, const struct conf_place *place, const struct conf_node *node,
                        const struct nw_conf_row *rows, const struct nw_conf_section *sections,
                        const struct nw_conf *around, struct nw_conf **out)
{
    size_t row_count = conf_rows_count(rows), section_count = conf_sections_count(sections);
    const struct conf_node **seen_rows = NW_ARENA_NEW(b->arena, const struct conf_node *, row_count);
    const struct conf_node **seen_below = NW_ARENA_NEW(b->arena, const struct conf_node *, section_count);
    struct nw_conf *conf = NW_ARENA_NEW(b->arena, struct nw_conf, 1);
    int rc = 0;

    if (!seen_rows || !seen_below || !conf)
        return -ENOMEM;
    *conf = (struct nw_conf){.rows = rows, .sections = sections, .around = around};
    conf->values = NW_ARENA_NEW(b->arena, struct conf_value, row_count);
    conf->below = NW_ARENA_NEW(b->arena, struct nw_conf *, section_count);
    if (!conf->values || !conf->below)
        return -ENOMEM;
    *out = conf;
    if (node && node->kind != CONF_MAPPING && !conf_node_void(node)) {
        char path[CONF_PATH];
        conf_place_print(place, path);
        conf_problem(b->problems, node->line, "%s is a %s; it must be a mapping of keys, each on a line \"key: value\"",
                     *path ? path : "the file", node->kind == CONF_SEQUENCE ? "list" : "single value");
        return 0;
    }
    if (node)
        rc = bind_children(b, place, node, conf, seen_rows, seen_below);
    for (size_t i = 0; rc == 0 && i < row_count; i++) {
        if (!seen_rows[i])
            rc = bind_absent(b, place, node ? node->line : 0, &rows[i], &conf->values[i]);
    }
    for (size_t i = 0; rc == 0 && i < section_count; i++) {
        struct conf_place here = {.above = place, .key = sections[i].key, .index = SIZE_MAX};
        if (!seen_below[i])
            rc = bind_mapping(b, &here, NULL, sections[i].rows, sections[i].sections, conf, &conf->below[i]);
    }
    return rc;
}

int conf_bind(struct nw_arena *arena, struct conf_problems *problems, const struct conf_node *node,
              const struct nw_conf_section *section, struct nw_conf **conf)
{
    struct binder b = {.arena = arena, .problems = problems};

    return bind_mapping(&b, NULL, node, section->rows, section->sections, NULL, conf);
}
