/*
 * The files below a folder, in byte order of names at each level, without recursion. Hidden names are left out. A link
 * to a file is that file; links to folders are not followed (what they lead to has a place of its own, and a loop has
 * no end); sockets, devices and pipes are passed over.
 */
#ifndef FETCH_WALK_H
#define FETCH_WALK_H

#include "names.h"

#include <newswire/record.h>

enum {
    WALK_PATH = 4096,      /* longest path, with its NUL: PATH_MAX */
    WALK_NAMES = 16 << 20, /* bytes of names held in all, and of one page at least: */
    WALK_NAMES_LEAST = 16384,
    WALK_DEPTH = 1024,
};

enum walk_step { WALK_FILE = 0, WALK_BAD /* `why` says why `path` can't be walked; go on */, WALK_END };

struct walk_level {
    struct names names;
    size_t path;    /* length of the folder's path */
    char last[256]; /* the name given last, to find the page behind it */
};

struct walk {
    struct walk_level **level; /* of depth elements; a level stays allocated until walk_free */
    size_t depth, cap;
    char path[WALK_PATH]; /* of the file given */
    char why[NW_WHY];
    bool recursive;
    const char *skip; /* a name left out at the first level; NULL for none */
};

/* 0, WALK_BAD (the folder itself can't be listed: `why`), or a negative fault. */
int walk_open(struct walk *walk, const char *folder, bool recursive, const char *skip);
int walk_next(struct walk *walk);

/* Accepts a zeroed walk; it can be opened again. */
void walk_free(struct walk *walk);

#endif
