/* Whole blocks: see blocks.h. */
#define _GNU_SOURCE /* O_DIRECT */
#include "store/blocks.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
    BLOCK = 4096,       /* no disk asks for larger ones in practice; where one does, it goes through the cache */
    ROOM = 256 * BLOCK, /* of one write */
};

int store_blocks_open(struct store_blocks *blocks)
{
    size_t past;

    *blocks = (struct store_blocks){.memory = nw_malloc(ROOM + BLOCK)};
    if (!blocks->memory)
        return -ENOMEM;
    past = (uintptr_t)blocks->memory % BLOCK;
    blocks->p = (unsigned char *)blocks->memory + (past ? BLOCK - past : 0);
    return 0;
}

void store_blocks_close(struct store_blocks *blocks)
{
    nw_free(blocks->memory);
    *blocks = (struct store_blocks){.memory = NULL};
}

int store_blocks_begin(struct store_blocks *blocks, int fd, uint64_t size, uint64_t offset)
{
    size_t got = 0;
    int flags = fcntl(fd, F_GETFL), error;

    blocks->n = offset % BLOCK;
    blocks->base = offset - blocks->n;
    error = blocks->n ? store_disk_read(fd, blocks->p, blocks->n, blocks->base, &got) : 0;
    if (error == 0 && got < blocks->n)
        error = -EIO;
    /* Whole blocks up to the end: else the last one could not go around the cache. */
    if (error == 0 && flags >= 0 && size % BLOCK == 0)
        (void)fcntl(fd, F_SETFL, flags | O_DIRECT); /* refused where the file system cannot */
    return error;
}

/* Writes the first n bytes of p, and zeros to the end of their block. */
static int write_out(const struct store_blocks *blocks, const struct store_disk *disk, int fd, const char *name,
                     size_t n, uint64_t size)
{
    size_t whole = (n + BLOCK - 1) / BLOCK * BLOCK;

    if (blocks->base + whole > size)
        whole = size > blocks->base + n ? (size_t)(size - blocks->base) : n;
    memset(blocks->p + n, 0, whole - n);
    return store_disk_write(disk, fd, name, blocks->p, whole, blocks->base);
}

int store_blocks_write(struct store_blocks *blocks, const struct store_disk *disk, int fd, const char *name,
                       const void *bytes, size_t n, uint64_t size)
{
    const unsigned char *from = bytes;
    int error = 0;

    while (n > 0 && error == 0) {
        size_t some = n < ROOM - blocks->n ? n : ROOM - blocks->n, end = blocks->n + some, rest = end % BLOCK;
        memcpy(blocks->p + blocks->n, from, some);
        error = write_out(blocks, disk, fd, name, end, size);
        memmove(blocks->p, blocks->p + end - rest, rest);
        blocks->base += end - rest;
        blocks->n = rest;
        from += some;
        n -= some;
    }
    return error;
}
