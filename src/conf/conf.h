/*
 * Loads a configuration by its tables: sections (mappings) of rows, composed here because a row only holds a value or a
 * list. Every problem of a file is found in one pass and told as one line "FILE:LINE: sentence"; a conf is given only
 * when there was none, so whoever has one may trust each value: type, range, words, required keys.
 *
 * Read by libyaml's event parser, not by libcyaml, which was tried (1.3.1): it takes `flase` for true, `12abc` for 12
 * and `010` for 8, accepts nan, stops at the first problem, and gives the line of the mapping for an unknown key.
 *
 * Tables are borrowed: they must live as long as the conf.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <newswire/buf.h>
#include <newswire/conf.h>

enum {
    NW_CONF_BAD = 1,            /* returned beside 0 and a negative fault: the text has problems, which were told */
    NW_CONF_WHY = 512,          /* bytes of one sentence, with its NUL */
    NW_CONF_FILE_MAX = 4 << 20, /* bytes of a file */
    NW_CONF_DEPTH = 16,         /* nested mappings and lists of a file */
    NW_CONF_PROBLEMS = 50,      /* problems told of one file; the rest is counted */
};

/* A mapping: the keys of `rows`, and below them the mappings of `sections`. */
struct nw_conf_section {
    const char *key;                        /* "" for a whole file; NULL ends an array of sections */
    const char *doc;                        /* one line */
    const struct nw_conf_row *rows;         /* NULL for none */
    const struct nw_conf_section *sections; /* NULL for none */
};

/* A buffer for problems, large enough for all that are told. */
void nw_conf_problems_init(struct nw_buf *problems);

/* Reads a file, or a text that messages call `name`. Appends problems, one a line. 0, NW_CONF_BAD or -ENOMEM. */
int nw_conf_load(const char *path, const struct nw_conf_section *root, struct nw_conf **conf, struct nw_buf *problems);
int nw_conf_parse(const char *name, struct nw_str text, const struct nw_conf_section *root, struct nw_conf **conf,
                  struct nw_buf *problems);

/* Appends a file's bytes; what hinders is told as a problem. */
int nw_conf_read(const char *path, struct nw_buf *text, struct nw_buf *problems);

/* All presets of one table. rows NULL is an empty table. 0, NW_CONF_BAD where a key is required, or -ENOMEM. */
int nw_conf_defaults(const struct nw_conf_row *rows, struct nw_conf **conf, char why[NW_CONF_WHY]);

/* Reads a JSON object by one table (a stage's section as it travels in WELCOME); "" is an empty object. `why` says the
 * first problem. 0, NW_CONF_BAD or -ENOMEM. */
int nw_conf_from_json(struct nw_str json, const struct nw_conf_row *rows, struct nw_conf **conf, char why[NW_CONF_WHY]);

/* Appends a JSON object of the keys of `rows`, whose values come from conf; a key that conf does not have is taken from
 * the section around it. NULL rows: all keys of conf and the sections below it. 0, out->error or -ENOMEM. */
int nw_conf_to_json(const struct nw_conf *conf, const struct nw_conf_row *rows, struct nw_buf *out);

/* For whoever passes JSON on without reading it. */
bool nw_conf_is_json_object(struct nw_str text);

void nw_conf_free(struct nw_conf **conf); /* accepts NULL, nulls the pointer; only what load, parse and the like gave */

/* The section below conf; asking for one that the table does not have ends the program. */
const struct nw_conf *nw_conf_under(const struct nw_conf *conf, const char *section);

/* The line of a key in the file, 0 where the value is the preset. */
int nw_conf_line(const struct nw_conf *conf, const char *key);

/* Appends the effective configuration as YAML, with docs as comments; reading it again gives the same. 0 or out->error.
 */
int nw_conf_print(const struct nw_conf *conf, struct nw_buf *out);

/* Appends what the manual says of each key: lines of a Markdown table, or roff's .TP paragraphs. 0 or out->error. */
enum nw_conf_manual_form { NW_CONF_MARKDOWN, NW_CONF_ROFF };
int nw_conf_manual(const struct nw_conf_section *root, enum nw_conf_manual_form form, struct nw_buf *out);

#endif
