/*
 * The names in a folder in byte order, a page at a time, so that a folder of any size asks for a bounded amount of
 * memory: one scan keeps the smallest names behind the last one given, as many as fit.
 */
#ifndef FETCH_NAMES_H
#define FETCH_NAMES_H

#include <newswire/buf.h>

#include <stdint.h>

enum names_kind { NAMES_FILE, NAMES_FOLDER, NAMES_OTHER /* a link, or the file system does not say: ask stat */ };

struct names_entry {
    uint32_t at; /* of its name in text */
    uint16_t n;
    uint8_t kind; /* enum names_kind */
};

struct names {
    struct nw_buf text; /* names, each with a NUL */
    struct names_entry *v;
    size_t n, cap;
    size_t next;  /* of v: not given yet */
    size_t bytes; /* most bytes of memory, roughly */
    bool more;    /* the folder has more behind these */
};

void names_init(struct names *names, size_t bytes);
void names_free(struct names *names);

/* Scans the folder for names behind `after` (bytewise; n 0: all); hidden ones are left out. 0, or a negative errno
 * value that the folder gave, or -ENOMEM. */
int names_scan(struct names *names, const char *folder, struct nw_str after);

/* The next name, which lives until names_scan; false at the page's end. */
bool names_next(struct names *names, struct nw_str *name, enum names_kind *kind);

#endif
