/*
 * The end of a file's way. First it is written down, durably, that its records are accepted (or that there are none);
 * then it is moved or deleted; then its row goes, with the next commit. A crash between finds the row and goes on.
 */
#define _GNU_SOURCE /* renameat2 */
#include "folder.h"
#include "failure.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAME_NAME = 10000 /* files of one name in `done` */ };

static size_t whole_path(const struct folder *folder, const char *path, char out[2 * WALK_PATH])
{
    return (size_t)snprintf(out, 2 * WALK_PATH, "%.*s/%s", NW_FMT(folder->root), path);
}

bool folder_stat(const struct folder *folder, const char *path, struct identity *identity, int64_t *changed)
{
    char whole[2 * WALK_PATH];
    struct stat stat;

    whole_path(folder, path, whole);
    if (fstatat(AT_FDCWD, whole, &stat, 0) < 0 || !S_ISREG(stat.st_mode))
        return false;
    memset(identity, 0, sizeof *identity); /* compared by memcmp */
    identity->device = (int64_t)stat.st_dev;
    identity->inode = (int64_t)stat.st_ino;
    identity->size = (int64_t)stat.st_size;
    identity->modified = (int64_t)stat.st_mtim.tv_sec * 1000000000 + stat.st_mtim.tv_nsec;
    if (changed) /* the kernel's own time of any change: senders set the other one as they like */
        *changed = (int64_t)stat.st_ctim.tv_sec * 1000 + stat.st_ctim.tv_nsec / 1000000;
    return true;
}

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

/* What `after` says is done with a file. True: its row may go; false: it is to be kept. */
static bool finish(const struct folder *folder, const struct flight *flight)
{
    char whole[2 * WALK_PATH], text[FAILURE_TEXT];
    struct identity now;
    int error;

    whole_path(folder, flight->path, whole);
    if (flight->forget || !folder_stat(folder, flight->path, &now, NULL))
        return true;
    if (memcmp(&now, &flight->identity, sizeof now)) {
        nw_warn("%s: has changed after it was read; it will be read again", whole);
        return true;
    }
    if (flight->items == 0 || folder->after == AFTER_LEAVE)
        return false;
    error = folder->after == AFTER_MOVE ? move(folder, whole, flight->path) : unlink(whole) == 0 ? 0 : -errno;
    if (error)
        nw_warn("%s: is taken, but can't be %s: %s; it stays, and is not taken again", whole,
                folder->after == AFTER_MOVE ? "moved" : "deleted", failure_text(error, text));
    return error == 0;
}

int folder_land(struct folder *folder)
{
    struct ledger *ledger = folder->source.commons->ledger;
    size_t end = folder->head;
    int result;

    while (end < folder->next && folder->flights[end].read && folder->flights[end].last <= folder->accepted)
        end++;
    if (end == folder->head)
        return 0;
    /* First it is written down, with the number that the next file begins at. */
    result = ledger_begin(ledger);
    for (size_t i = folder->head; i < end && result == 0; i++)
        result = ledger_state(ledger, folder->flights[i].id,
                              folder->flights[i].items || folder->flights[i].forget ? LEDGER_ACCEPTED : LEDGER_KEPT);
    if (result == 0 && end < folder->tail) {
        const struct flight *next = &folder->flights[end];
        uint64_t first = next->first
                             ? next->first
                             : folder->source.commons->before + folder->source.commons->emitted + 1 - next->skip;
        result = ledger_first(ledger, next->id, first);
    }
    if (result == 0)
        result = ledger_commit(ledger);
    /* Then it is done, and the rows go or stay. */
    if (result == 0)
        result = ledger_begin(ledger);
    for (; folder->head < end && result == 0; folder->head++) {
        struct flight *flight = &folder->flights[folder->head];
        result =
            finish(folder, flight) ? ledger_delete(ledger, flight->id) : ledger_state(ledger, flight->id, LEDGER_KEPT);
        nw_free(flight->path);
        flight->path = NULL;
    }
    return result == 0 ? ledger_commit(ledger) : result;
}

int folder_prune(struct folder *folder)
{
    struct ledger *ledger = folder->source.commons->ledger;
    struct ledger_row row;
    int64_t id = 0;
    int result = ledger_begin(ledger);

    if (result < 0)
        return result;
    while ((result = ledger_next_kept(ledger, folder->source.key, id, &row)) == 0) {
        struct identity now;
        id = row.id;
        if (!folder_stat(folder, row.path.p, &now, NULL))
            result = ledger_delete(ledger, id);
        if (result < 0)
            return result;
    }
    return result < 0 ? result : ledger_commit(ledger);
}
