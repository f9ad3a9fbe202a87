/*
 * A disk that loses what was not synced. It records each change that the store makes to a folder (store/disk.h), and
 * writes into another folder what a power cut at any point may have left: of a file, what was synced, and of what was
 * written since any sectors of 512 bytes and none of the others; of names, what the folder's sync has settled, and any
 * of the changes since.
 */
#ifndef TESTS_STORE_CRASH_DISK_H
#define TESTS_STORE_CRASH_DISK_H

#include "unit/store/folder.h"

#include "store/disk.h"

#include <pthread.h>

enum { SECTOR = 512, INODES = 1024, NAMES = 256, PENDING = 512 };

struct change {
    enum store_disk_op op;
    char name[64], to[64];
    uint64_t offset;
    unsigned char *bytes;
    size_t n;
    uint64_t mark; /* what the test says about this moment */
    int inode;     /* STORE_DISK_MAKE: the one made, once disk_apply has seen it */
};

struct trace {
    pthread_mutex_t mutex;
    struct change *p;
    size_t n, cap;
    uint64_t (*mark)(void *context); /* asked at each change */
    void *context;
};

struct inode {
    unsigned char *now, *safe; /* what programs see; what is on the disk for sure */
    size_t now_n, safe_n;
    const struct change *pending[PENDING]; /* since the last sync */
    size_t pending_n;
};

struct named {
    char name[64];
    int inode;
};

struct crash_disk {
    struct inode inodes[INODES];
    size_t inodes_n;
    struct named now[NAMES], safe[NAMES];
    size_t now_n, safe_n;
    const struct change *pending[PENDING];
    size_t pending_n;
};

static inline int trace_before(void *context, const struct store_disk_event *event)
{
    struct trace *trace = context;
    struct change change = {.op = event->op, .offset = event->offset, .n = event->n};

    snprintf(change.name, sizeof change.name, "%s", event->name);
    snprintf(change.to, sizeof change.to, "%s", event->to ? event->to : "");
    if (event->n) {
        change.bytes = malloc(event->n);
        memcpy(change.bytes, event->bytes, event->n);
    }
    pthread_mutex_lock(&trace->mutex);
    change.mark = trace->mark ? trace->mark(trace->context) : 0;
    if (trace->n == trace->cap) {
        trace->cap = trace->cap ? trace->cap * 2 : 256;
        trace->p = realloc(trace->p, trace->cap * sizeof *trace->p);
    }
    trace->p[trace->n++] = change;
    pthread_mutex_unlock(&trace->mutex);
    return 0;
}

static inline void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->n; i++)
        free(trace->p[i].bytes);
    free(trace->p);
}

static inline int disk_find(const struct named *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i].name, name) == 0)
            return (int)i;
    return -1;
}

static inline void disk_name(struct named *names, size_t *n, const char *name, int inode)
{
    int i = disk_find(names, *n, name);

    if (i < 0) {
        assert_true(*n < NAMES);
        i = (int)(*n)++;
        snprintf(names[i].name, sizeof names[i].name, "%s", name);
    }
    names[i].inode = inode;
}

static inline void disk_unname(struct named *names, size_t *n, const char *name)
{
    int i = disk_find(names, *n, name);

    if (i >= 0)
        names[i] = names[--*n];
}

static inline void disk_rename(struct named *names, size_t *n, const struct change *change)
{
    int i = disk_find(names, *n, change->name), inode;

    switch (change->op) {
    case STORE_DISK_MAKE:
        disk_name(names, n, change->name, change->inode);
        break;
    case STORE_DISK_RENAME:
        if (i < 0)
            break; /* the change that gave the name was lost */
        inode = names[i].inode;
        disk_unname(names, n, change->name);
        disk_name(names, n, change->to, inode);
        break;
    case STORE_DISK_LINK:
        if (i >= 0 && disk_find(names, *n, change->to) < 0)
            disk_name(names, n, change->to, names[i].inode);
        break;
    case STORE_DISK_REMOVE:
        disk_unname(names, n, change->name);
        break;
    default:
        break;
    }
}

static inline void bytes_resize(unsigned char **p, size_t *n, size_t to)
{
    *p = realloc(*p, to ? to : 1);
    if (to > *n)
        memset(*p + *n, 0, to - *n);
    *n = to;
}

/* A change to bytes, of which only the sectors that `keep` says are done. */
static inline void bytes_change(unsigned char **p, size_t *n, const struct change *change, uint64_t keep, bool all)
{
    switch (change->op) {
    case STORE_DISK_WRITE:
        for (size_t i = 0; i < change->n;) {
            uint64_t at = change->offset + i;
            size_t piece =
                SECTOR - (size_t)(at % SECTOR) < change->n - i ? SECTOR - (size_t)(at % SECTOR) : change->n - i;
            if (all || content_mix(keep + at / SECTOR) & 1) {
                if (*n < at + piece)
                    bytes_resize(p, n, (size_t)at + piece);
                memcpy(*p + at, change->bytes + i, piece);
            }
            i += piece;
        }
        break;
    case STORE_DISK_ALLOCATE:
        if ((all || keep & 1) && *n < change->offset)
            bytes_resize(p, n, (size_t)change->offset);
        break;
    case STORE_DISK_CUT:
        if (all || keep & 1)
            bytes_resize(p, n, (size_t)change->offset);
        break;
    default:
        break;
    }
}

static inline int disk_inode(struct crash_disk *disk)
{
    assert_true(disk->inodes_n < INODES);
    return (int)disk->inodes_n++;
}

/* What stands in a folder is safe. */
static inline void disk_load(struct crash_disk *disk, const char *folder)
{
    char names[NAMES][64];
    size_t n = folder_list(folder, "", names, NAMES);

    for (size_t i = 0; i < n; i++) {
        int inode;
        struct file file;
        if (strcmp(names[i], ".") == 0 || strcmp(names[i], "..") == 0)
            continue;
        inode = disk_inode(disk);
        file = file_read(folder, names[i]);
        disk->inodes[inode].now = file.p;
        disk->inodes[inode].now_n = disk->inodes[inode].safe_n = file.n;
        disk->inodes[inode].safe = malloc(file.n + 1);
        memcpy(disk->inodes[inode].safe, file.p, file.n);
        disk_name(disk->now, &disk->now_n, names[i], inode);
        disk_name(disk->safe, &disk->safe_n, names[i], inode);
    }
}

static inline void disk_apply(struct crash_disk *disk, struct change *change)
{
    int name = disk_find(disk->now, disk->now_n, change->name);
    struct inode *inode = name >= 0 ? &disk->inodes[disk->now[name].inode] : NULL;

    switch (change->op) {
    case STORE_DISK_SYNC:
        assert_non_null(inode);
        bytes_resize(&inode->safe, &inode->safe_n, inode->now_n);
        if (inode->now_n)
            memcpy(inode->safe, inode->now, inode->now_n);
        inode->pending_n = 0;
        return;
    case STORE_DISK_SYNC_FOLDER:
        memcpy(disk->safe, disk->now, sizeof disk->now);
        disk->safe_n = disk->now_n;
        disk->pending_n = 0;
        return;
    case STORE_DISK_WRITE:
    case STORE_DISK_ALLOCATE:
    case STORE_DISK_CUT:
        assert_non_null(inode);
        assert_true(inode->pending_n < PENDING);
        inode->pending[inode->pending_n++] = change;
        bytes_change(&inode->now, &inode->now_n, change, 0, true);
        return;
    case STORE_DISK_MAKE: /* a file that stood there would be emptied: the store makes only new ones */
        assert_true(name < 0);
        change->inode = disk_inode(disk);
        break;
    default:
        break;
    }
    assert_true(disk->pending_n < PENDING);
    disk->pending[disk->pending_n++] = change;
    disk_rename(disk->now, &disk->now_n, change);
}

static inline unsigned char *bytes_copy(const unsigned char *p, size_t n)
{
    unsigned char *copy = malloc(n + 1);

    if (n)
        memcpy(copy, p, n);
    return copy;
}

/* Writes into an empty folder what a crash now leaves: all that programs see when only they were killed; after a power
 * cut what `seed` picks of it. */
static inline void disk_crash(const struct crash_disk *disk, bool killed, uint64_t seed, const char *folder)
{
    struct named names[NAMES];
    size_t n = disk->safe_n;

    memcpy(names, disk->safe, sizeof names);
    for (size_t i = 0; i < disk->pending_n; i++)
        if (killed || content_mix(seed + i) & 3) /* any of them may be lost: POSIX has no order of names */
            disk_rename(names, &n, disk->pending[i]);
    for (size_t i = 0; i < n; i++) {
        const struct inode *inode = &disk->inodes[names[i].inode];
        unsigned char *p = bytes_copy(inode->safe, inode->safe_n);
        size_t size = inode->safe_n;
        for (size_t j = 0; j < inode->pending_n; j++)
            bytes_change(&p, &size, inode->pending[j], content_mix(seed * 31 + j), killed);
        file_write(folder, names[i].name, p, size);
        free(p);
    }
}

static inline struct crash_disk *disk_copy(const struct crash_disk *disk)
{
    struct crash_disk *copy = malloc(sizeof *copy);

    *copy = *disk;
    for (size_t i = 0; i < disk->inodes_n; i++) {
        copy->inodes[i].now = bytes_copy(disk->inodes[i].now, disk->inodes[i].now_n);
        copy->inodes[i].safe = bytes_copy(disk->inodes[i].safe, disk->inodes[i].safe_n);
    }
    return copy;
}

static inline void disk_free(struct crash_disk *disk)
{
    for (size_t i = 0; i < disk->inodes_n; i++) {
        free(disk->inodes[i].now);
        free(disk->inodes[i].safe);
    }
    free(disk);
}

#endif
