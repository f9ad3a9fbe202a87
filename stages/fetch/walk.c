/* A stack of folders, each with a page of its names; the pages' size shrinks with the depth, so that their sum has a
 * bound. */
#include "walk.h"
#include "failure.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

static int bad(struct walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int bad(struct walk *walk, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(walk->why, sizeof walk->why, format, list);
    va_end(list);
    return WALK_BAD;
}

/* Puts the folder at walk->path on the stack. */
static int push(struct walk *walk)
{
    size_t bytes = walk->depth < 20 ? (size_t)WALK_NAMES >> (walk->depth / 2 + 1) : 0, n = strlen(walk->path);
    struct walk_level *level;
    int error;

    if (walk->depth == WALK_DEPTH)
        return bad(walk, "is a folder %d levels deep; left out", WALK_DEPTH);
    if (walk->depth == walk->cap) {
        size_t cap = walk->cap ? walk->cap * 2 : 8;
        struct walk_level **grown = nw_realloc(walk->level, cap * sizeof(*grown));
        if (!grown)
            return nw_fault(-ENOMEM);
        memset(grown + walk->cap, 0, (cap - walk->cap) * sizeof *grown);
        walk->level = grown;
        walk->cap = cap;
    }
    level = walk->level[walk->depth] ? walk->level[walk->depth] : nw_calloc(1, sizeof *level);
    if (!level)
        return nw_fault(-ENOMEM);
    walk->level[walk->depth] = level;
    names_free(&level->names);
    names_init(&level->names, bytes > WALK_NAMES_LEAST ? bytes : WALK_NAMES_LEAST);
    level->path = n;
    level->last[0] = '\0';
    error = names_scan(&level->names, walk->path, nw_str("", 0));
    if (error == -ENOMEM)
        return error;
    if (error) {
        char text[FAILURE_TEXT];
        return bad(walk, "can't be listed: %s", failure_text(error, text));
    }
    walk->depth++;
    return WALK_FILE;
}

static void pop(struct walk *walk)
{
    names_free(&walk->level[--walk->depth]->names);
}

int walk_open(struct walk *walk, const char *folder, bool recursive, const char *skip)
{
    size_t n = strlen(folder);

    while (walk->depth)
        pop(walk);
    walk->recursive = recursive;
    walk->skip = skip;
    if (n >= sizeof walk->path)
        return bad(walk, "its path is longer than %d bytes", WALK_PATH - 1);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    memcpy(walk->path, folder, n);
    walk->path[n] = '\0';
    return push(walk);
}

/* Whether `name`, in walk->path by now, is a file or a folder; by stat where the listing does not tell. */
static int settle(struct walk *walk, enum names_kind *kind)
{
    struct stat stat, own;

    if (*kind != NAMES_OTHER)
        return WALK_FILE;
    if (lstat(walk->path, &own) < 0 || fstatat(AT_FDCWD, walk->path, &stat, 0) < 0) {
        char text[FAILURE_TEXT];
        int error = errno;
        return bad(walk, "can't be opened: %s", failure_text(error, text));
    }
    if (S_ISREG(stat.st_mode))
        *kind = NAMES_FILE;
    else if (S_ISDIR(own.st_mode))
        *kind = NAMES_FOLDER;
    return WALK_FILE;
}

int walk_next(struct walk *walk)
{
    while (walk->depth) {
        struct walk_level *level = walk->level[walk->depth - 1];
        struct nw_str name;
        enum names_kind kind;
        int step;

        walk->path[level->path] = '\0';
        if (!names_next(&level->names, &name, &kind)) {
            if (!level->names.more) {
                pop(walk);
                continue;
            }
            step = names_scan(&level->names, walk->path, nw_str_z(level->last));
            if (step == -ENOMEM)
                return step;
            if (step) {
                pop(walk);
                return bad(walk, "can't be listed to its end");
            }
            continue;
        }
        memcpy(level->last, name.p, name.n + 1);
        if (level->path + 1 + name.n >= sizeof walk->path)
            return bad(walk, "holds a path longer than %d bytes; left out", WALK_PATH - 1);
        if (walk->depth == 1 && walk->skip && strcmp(name.p, walk->skip) == 0)
            continue;
        walk->path[level->path] = '/';
        memcpy(walk->path + level->path + 1, name.p, name.n + 1);
        step = settle(walk, &kind);
        if (step != WALK_FILE || kind == NAMES_FILE)
            return step;
        if (kind == NAMES_FOLDER && walk->recursive) {
            step = push(walk);
            if (step != WALK_FILE)
                return step;
        }
    }
    return WALK_END;
}

void walk_free(struct walk *walk)
{
    while (walk->depth)
        pop(walk);
    for (size_t i = 0; i < walk->cap; i++)
        nw_free(walk->level[i]);
    nw_free(walk->level);
    walk->level = NULL;
    walk->cap = 0;
}
