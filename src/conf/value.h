/* What a configuration is made of once it is bound to its tables. Everything lies in one arena, the root's. */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include "conf.h"
#include "tree.h"

struct conf_value {
    int line; /* 0: the preset */
    union {
        int64_t integer;
        double number;
        bool truth;
        struct nw_str text;
        struct nw_str *texts;
        struct nw_conf **confs;
    };
    size_t count; /* of texts, confs */
};

struct nw_conf {
    const struct nw_conf_row *rows; /* NULL for none */
    struct conf_value *values;      /* one a row */
    const struct nw_conf_section *sections;
    struct nw_conf **below; /* one a section */
    const struct nw_conf *around;
    struct nw_arena *arena; /* of the root, NULL elsewhere */
};

size_t conf_rows_count(const struct nw_conf_row *rows);
size_t conf_sections_count(const struct nw_conf_section *sections);

/* The row of a key, NULL if there is none. */
const struct nw_conf_row *conf_row_find(const struct nw_conf_row *rows, const char *key);

/* Holds a tree (NULL: nothing given) against a section. Tells each problem and goes on. 0 or -ENOMEM; the conf is whole
 * only when no problem was told. */
int conf_bind(struct nw_arena *arena, struct conf_problems *problems, const struct conf_node *node,
              const struct nw_conf_section *section, struct nw_conf **conf);

/* Writes what a row allows: "a whole number from 1 to 256 ms", "one of memory, disk", … */
enum { CONF_ALLOWED = 192 };
void conf_allowed(const struct nw_conf_row *row, char out[CONF_ALLOWED]);

#endif
