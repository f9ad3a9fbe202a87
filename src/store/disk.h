/*
 * Every change that src/store makes to a folder goes through here: so a test can watch the order of writes and syncs,
 * make any of them fail, and rebuild what a power cut would have left (tests/unit/store/store_crash_test.c).
 *
 * Functions return 0 or a negative errno value; they log nothing: the caller knows what the file was for. None retries
 * a failed write or sync; a signal (EINTR) and a short write are no failures, the rest is written.
 */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum store_disk_op {
    STORE_DISK_MAKE,        /* name: made, or emptied if it stood */
    STORE_DISK_WRITE,       /* name, offset, bytes, n */
    STORE_DISK_SYNC,        /* name: data, and the size that finds it */
    STORE_DISK_ALLOCATE,    /* name, offset: its size at least, blocks reserved, zeros */
    STORE_DISK_CUT,         /* name, offset: its size from now on */
    STORE_DISK_RENAME,      /* name, to */
    STORE_DISK_LINK,        /* name, to: a second name */
    STORE_DISK_REMOVE,      /* name */
    STORE_DISK_SYNC_FOLDER, /* names */
};

struct store_disk_event {
    enum store_disk_op op;
    const char *name, *to;
    uint64_t offset;
    const void *bytes;
    size_t n;
};

/* Called before each change, on the thread that makes it; 0 lets it happen, a negative errno value is its failure. */
struct store_disk_hook {
    int (*before)(void *context, const struct store_disk_event *event);
    void *context;
};

struct store_disk {
    int folder;                         /* descriptor of the folder; all names are relative to it */
    const struct store_disk_hook *hook; /* NULL: none */
};

/* Opens a new, empty file for reading and writing, mode 0600. *fd is the caller's to close. */
int store_disk_make(const struct store_disk *disk, const char *name, int *fd);

int store_disk_write(const struct store_disk *disk, int fd, const char *name, const void *bytes, size_t n,
                     uint64_t offset);
int store_disk_sync(const struct store_disk *disk, int fd, const char *name);     /* fdatasync */
int store_disk_sync_all(const struct store_disk *disk, int fd, const char *name); /* fsync: after a change of size */
int store_disk_allocate(const struct store_disk *disk, int fd, const char *name, uint64_t size);
int store_disk_cut(const struct store_disk *disk, int fd, const char *name, uint64_t size);
int store_disk_rename(const struct store_disk *disk, const char *name, const char *to);
int store_disk_link(const struct store_disk *disk, const char *name, const char *to);
int store_disk_remove(const struct store_disk *disk, const char *name); /* a name that is not there is no error */
int store_disk_sync_folder(const struct store_disk *disk);

/* Reads up to n bytes at an offset; *got is less than n only at the end of the file. Changes nothing. */
int store_disk_read(int fd, void *bytes, size_t n, uint64_t offset, size_t *got);

/* The file is at least `size` bytes long, and has blocks for as many. */
bool store_disk_reserved(int fd, uint64_t size);

/* As reserved, and none of its bytes was written to since: they are zeros. */
bool store_disk_untouched(int fd, uint64_t size);

/* Bytes that this user may still allocate on the folder's file system. */
int store_disk_free(const struct store_disk *disk, uint64_t *bytes);

/* -ENOSPC or -EDQUOT: the disk is full, nothing is broken. */
bool store_disk_full(int error);

#endif
