/*
 * What inotify tells of folders: files that were closed after writing, or moved in. A help, not a promise: when it
 * can't watch (limits, network file systems) or loses events, it says so, and the periodic look finds everything.
 */
#ifndef FETCH_WATCH_H
#define FETCH_WATCH_H

#include <newswire/str.h>

enum {
    WATCH_FOLDERS = 4096, /* folders watched at most */
    WATCH_BYTES = 64 << 10,
};

struct watch {
    int fd;         /* readable when there is something; -1 when inotify can't be had */
    char **folders; /* by watch descriptor: path below the root, "" for the root itself */
    size_t count;
    size_t at, n; /* events that were read and are not given yet */
    char events[WATCH_BYTES];
};

enum watch_step { WATCH_FILE = 0, WATCH_LOST /* look through everything */, WATCH_NONE };

void watch_open(struct watch *watch);
void watch_close(struct watch *watch);

/* Watches a folder, at `path`, called `below` in what is told of it. Again for the same: nothing. 0 or -ENOMEM. */
int watch_add(struct watch *watch, const char *path, const char *below);

/* The next file: its folder (as watch_add called it) and its name, until the next call. */
enum watch_step watch_next(struct watch *watch, const char **below, struct nw_str *name);

#endif
