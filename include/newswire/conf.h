/*
 * Configuration: a table of rows says everything about a key; `newswire check`, the manual page and the default come
 * from it. Values are read by key from a section (one mapping). Asking for a key, or a kind, that the table does not
 * have is a fault of the program and ends it.
 */
#ifndef NEWSWIRE_CONF_H
#define NEWSWIRE_CONF_H

#include <newswire/str.h>

#include <stdint.h>

enum nw_conf_kind {
    NW_CONF_INT,  /* int64_t within least..most */
    NW_CONF_NUM,  /* double within least..most */
    NW_CONF_BOOL, /* true or false */
    NW_CONF_STR,  /* text of least..most bytes (most 0: no bound but the file's); one of `words` where given */
    NW_CONF_STRS, /* a list of such texts, of at most NW_CONF_ITEMS */
    NW_CONF_LIST, /* a list of mappings of `rows`, of at most NW_CONF_ITEMS */
};

enum { NW_CONF_ITEMS = 100000 };

struct nw_conf_row {
    const char *key; /* NULL ends a table */
    enum nw_conf_kind kind;
    int64_t least, most; /* both 0: no bound */
    const char *preset;  /* the default as it would stand in the file; NULL: none, the key is required. Lists are empty
                            by default */
    const char *unit;    /* "ms", "bytes", …; "" for none */
    const char *doc;     /* one line */
    const char *const *words;       /* NW_CONF_STR: the words allowed, NULL-terminated; NULL: any */
    const struct nw_conf_row *rows; /* NW_CONF_LIST: the table of an element */
};

#define NW_CONF_END                                                                                                    \
    {                                                                                                                  \
        .key = NULL                                                                                                    \
    }

struct nw_conf;

int64_t nw_conf_int(const struct nw_conf *conf, const char *key);
double nw_conf_num(const struct nw_conf *conf, const char *key);
bool nw_conf_bool(const struct nw_conf *conf, const char *key);
struct nw_str nw_conf_str(const struct nw_conf *conf, const char *key); /* NUL-terminated; lives as long as conf */

/* Lists: their length, and element i < length. */
size_t nw_conf_count(const struct nw_conf *conf, const char *key);
struct nw_str nw_conf_str_at(const struct nw_conf *conf, const char *key, size_t i);
const struct nw_conf *nw_conf_at(const struct nw_conf *conf, const char *key, size_t i);

#endif
