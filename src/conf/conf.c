/* Loading a text by its tables, and reading values by key. */
#include "conf.h"
#include "value.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

typedef int tree_reader(struct nw_arena *, struct conf_problems *, struct nw_str, struct conf_node **);

/* The arena goes with the conf, or here when there is none. */
static int load_text(struct conf_problems *problems, tree_reader *read, struct nw_str text,
                     const struct nw_conf_section *root, struct nw_conf **conf)
{
    struct nw_arena *arena = nw_malloc(sizeof *arena);
    struct conf_node *node;
    int rc;

    *conf = NULL;
    if (!arena)
        return nw_fault(-ENOMEM);
    nw_arena_init(arena, 0);
    rc = read(arena, problems, text, &node);
    if (rc == 0)
        rc = conf_bind(arena, problems, node, root, conf);
    if (rc == 0 && problems->count > 0)
        rc = NW_CONF_BAD;
    conf_problems_end(problems);
    if (rc >= 0 && problems->out->error)
        rc = problems->out->error;
    if (rc != 0) {
        nw_arena_free(arena);
        nw_free(arena);
        *conf = NULL;
        return rc < 0 ? nw_fault(rc) : rc;
    }
    (*conf)->arena = arena;
    return 0;
}

void nw_conf_free(struct nw_conf **conf)
{
    struct nw_arena *arena;

    if (!conf || !*conf)
        return;
    arena = (*conf)->arena;
    if (!arena) {
        nw_error("a section of a configuration was freed; only the whole can be");
        abort();
    }
    nw_arena_free(arena);
    nw_free(arena);
    *conf = NULL;
}

int nw_conf_parse(const char *name, struct nw_str text, const struct nw_conf_section *root, struct nw_conf **conf,
                  struct nw_buf *problems)
{
    struct conf_problems told = {.out = problems, .file = name};

    return load_text(&told, conf_tree_yaml, text, root, conf);
}

int nw_conf_load(const char *path, const struct nw_conf_section *root, struct nw_conf **conf, struct nw_buf *problems)
{
    struct nw_buf text;
    int rc;

    *conf = NULL;
    nw_buf_init(&text, NW_CONF_FILE_MAX + 1);
    rc = nw_conf_read(path, &text, problems);
    if (rc == 0)
        rc = nw_conf_parse(path, nw_buf_view(&text), root, conf, problems);
    nw_buf_free(&text);
    return rc;
}

/* Says the first problem alone, without its line end. */
static int first_problem(int rc, struct nw_buf *told, char why[NW_CONF_WHY])
{
    struct nw_str rest = nw_buf_view(told), line = {0};

    why[0] = '\0';
    if (nw_str_line(&rest, &line))
        snprintf(why, NW_CONF_WHY, "%.*s", NW_FMT(line));
    nw_buf_free(told);
    return rc;
}

int nw_conf_from_json(struct nw_str json, const struct nw_conf_row *rows, struct nw_conf **conf, char why[NW_CONF_WHY])
{
    struct nw_conf_section root = {.key = "", .rows = rows};
    struct nw_buf text;
    struct conf_problems told = {.out = &text};

    nw_conf_problems_init(&text);
    return first_problem(load_text(&told, conf_tree_json, json, &root, conf), &text, why);
}

int nw_conf_defaults(const struct nw_conf_row *rows, struct nw_conf **conf, char why[NW_CONF_WHY])
{
    return nw_conf_from_json(NW_S("{}"), rows, conf, why);
}

/* The place of a key's value; ends the program where the table has no such key of this kind. */
static const struct conf_value *value_of(const struct nw_conf *conf, const char *key, enum nw_conf_kind kind)
{
    const struct nw_conf_row *row = conf_row_find(conf->rows, key);

    if (!row || row->kind != kind) {
        nw_error("the program asks its configuration for \"%s\", which its table does not have%s", key,
                 row ? " as this kind" : "");
        abort();
    }
    return &conf->values[row - conf->rows];
}

int64_t nw_conf_int(const struct nw_conf *conf, const char *key)
{
    return value_of(conf, key, NW_CONF_INT)->integer;
}

double nw_conf_num(const struct nw_conf *conf, const char *key)
{
    return value_of(conf, key, NW_CONF_NUM)->number;
}

bool nw_conf_bool(const struct nw_conf *conf, const char *key)
{
    return value_of(conf, key, NW_CONF_BOOL)->truth;
}

struct nw_str nw_conf_str(const struct nw_conf *conf, const char *key)
{
    return value_of(conf, key, NW_CONF_STR)->text;
}

static const struct conf_value *list_of(const struct nw_conf *conf, const char *key)
{
    const struct nw_conf_row *row = conf_row_find(conf->rows, key);

    return value_of(conf, key, row && row->kind == NW_CONF_LIST ? NW_CONF_LIST : NW_CONF_STRS);
}

/* Ends the program where a list has no element i. */
static const struct conf_value *element_of(const struct nw_conf *conf, const char *key, enum nw_conf_kind kind,
                                           size_t i)
{
    const struct conf_value *value = value_of(conf, key, kind);

    if (i >= value->count) {
        nw_error("the program asks for element %zu of \"%s\", which has %zu", i, key, value->count);
        abort();
    }
    return value;
}

size_t nw_conf_count(const struct nw_conf *conf, const char *key)
{
    return list_of(conf, key)->count;
}

struct nw_str nw_conf_str_at(const struct nw_conf *conf, const char *key, size_t i)
{
    return element_of(conf, key, NW_CONF_STRS, i)->texts[i];
}

const struct nw_conf *nw_conf_at(const struct nw_conf *conf, const char *key, size_t i)
{
    return element_of(conf, key, NW_CONF_LIST, i)->confs[i];
}

const struct nw_conf *nw_conf_under(const struct nw_conf *conf, const char *section)
{
    for (size_t i = 0; conf->sections && conf->sections[i].key; i++) {
        if (strcmp(conf->sections[i].key, section) == 0)
            return conf->below[i];
    }
    nw_error("the program asks its configuration for a section \"%s\", which it does not have", section);
    abort();
}

int nw_conf_line(const struct nw_conf *conf, const char *key)
{
    const struct nw_conf_row *row = conf_row_find(conf->rows, key);

    return row ? conf->values[row - conf->rows].line : 0;
}
