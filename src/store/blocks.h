/*
 * Writes what goes into a segment in whole blocks, as a disk has them, so that it need not pass through the kernel's
 * cache (O_DIRECT): that would copy it, into memory that was got for it, and leave the writing to threads which wait
 * for a processor like any other. The block that the last byte stands in is kept, to be written again with what comes
 * behind it; up to its end stand zeros.
 *
 * Where a file system cannot do without its cache, the same blocks go through it. Belongs to one thread.
 */
#ifndef STORE_BLOCKS_H
#define STORE_BLOCKS_H

#include "store/disk.h"

struct store_blocks {
    void *memory;
    unsigned char *p; /* in it, at a block's boundary */
    uint64_t base;    /* where p[0] is in the file: at a block's boundary */
    size_t n;         /* bytes in p that the file has there already */
};

int store_blocks_open(struct store_blocks *blocks); /* 0 or -ENOMEM */
void store_blocks_close(struct store_blocks *blocks);

/* From now on a file of `size` allocated bytes is written, from byte `offset` on. 0 or a negative error. */
int store_blocks_begin(struct store_blocks *blocks, int fd, uint64_t size, uint64_t offset);

/* Writes n bytes behind the last ones, and nothing at or past `size`. Outcomes are store_disk_write's. */
int store_blocks_write(struct store_blocks *blocks, const struct store_disk *disk, int fd, const char *name,
                       const void *bytes, size_t n, uint64_t size);

#endif
