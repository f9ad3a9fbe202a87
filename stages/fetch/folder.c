/* Where a drop folder's files go in the end: see folder.h. */
#define _GNU_SOURCE /* renameat2 */
#include "folder.h"
#include "failure.h"

#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAME_NAME = 10000 /* files of one name in `done` */ };

int folder_done_check(const struct folder *folder, char why[NW_WHY])
{
    struct stat own, done;

    if (folder->after != AFTER_MOVE)
        return 0;
    if (mkdir(folder->done, 0777) < 0 && errno != EEXIST) {
        char text[FAILURE_TEXT];
        int error = errno;
        snprintf(why, NW_WHY, "%.80s can't be made: %.100s", folder->done, failure_text(error, text));
        return SOURCE_COMPLAINT;
    }
    if (fstatat(AT_FDCWD, folder->root.p, &own, 0) < 0 || fstatat(AT_FDCWD, folder->done, &done, 0) < 0 ||
        own.st_dev != done.st_dev) {
        snprintf(why, NW_WHY, "`done` must be a folder on the same file system as `path`");
        return SOURCE_COMPLAINT;
    }
    return 0;
}

/* Makes the folders of `path` below `done`. */
static void make_folders(char *path, size_t from)
{
    for (char *p = path + from; (p = strchr(p, '/')); p++) {
        *p = '\0';
        mkdir(path, 0777); /* what could not be made shows when the file is moved */
        *p = '/';
    }
}

/* Moves a file below `done`, under its own name or one with a number behind it; never over another one. */
static int move(const struct folder *folder, const char *whole, const char *path)
{
    char to[2 * WALK_PATH + 16];
    int n = snprintf(to, sizeof to, "%s/%s", folder->done, path);

    if (n < 0 || (size_t)n + 8 > sizeof to)
        return -ENAMETOOLONG;
    make_folders(to, strlen(folder->done) + 1);
    for (int i = 1; i < SAME_NAME; i++) {
        if (renameat2(AT_FDCWD, whole, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
            return 0;
        /* Old file systems don't know the flag: a second name, then away with the first. */
        if (errno == EINVAL && link(whole, to) == 0)
            return unlink(whole) == 0 ? 0 : -errno;
        if (errno != EEXIST)
            return -errno;
        snprintf(to + n, sizeof to - (size_t)n, ".%d", i);
    }
    return -EEXIST;
}

bool folder_finish(struct source *source, const struct flight *flight, const char *whole)
{
    const struct folder *folder = (const struct folder *)source;
    char text[FAILURE_TEXT];
    int error;

    if (folder->after == AFTER_LEAVE)
        return false;
    error = folder->after == AFTER_MOVE ? move(folder, whole, flight->path) : unlink(whole) == 0 ? 0 : -errno;
    if (error)
        nw_warn("%s: is taken, but can't be %s: %s; it stays, and is not taken again", whole,
                folder->after == AFTER_MOVE ? "moved" : "deleted", failure_text(error, text));
    return error == 0;
}
