/* A queue of blocks, each with a count of what is in it: see shelf.h. */
#include "shelf.h"

#include "large.h"

#include <newswire/alloc.h>

enum { BLOCK = 16 << 20, ALIGN = 16 };

struct shelf_block {
    struct shelf_block *next; /* the one that was begun after it */
    size_t size, used;        /* bytes */
    size_t things;            /* in it */
    _Alignas(ALIGN) char bytes[];
};

static size_t rounded(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static struct shelf_block *block_new(struct shelf *shelf, size_t n)
{
    size_t size = n > BLOCK - sizeof(struct shelf_block) ? n : BLOCK - sizeof(struct shelf_block);
    struct shelf_block *block = shelf->spare;

    if (block && block->size >= n) {
        shelf->spare = NULL;
    } else {
        block = nw_malloc(sizeof *block + size);
        if (!block)
            return NULL;
        large_pages(block, sizeof *block + size);
        block->size = size;
    }
    block->next = NULL;
    block->used = block->things = 0;
    if (shelf->newest)
        shelf->newest->next = block;
    else
        shelf->oldest = block;
    shelf->newest = block;
    return block;
}

void *shelf_take(struct shelf *shelf, size_t n)
{
    struct shelf_block *block = shelf->newest;
    size_t size = rounded(n);
    void *thing;

    if (!block || block->size - block->used < size)
        block = block_new(shelf, size);
    if (!block)
        return NULL;
    thing = block->bytes + block->used;
    block->used += size;
    block->things++;
    return thing;
}

void shelf_drop_newest(struct shelf *shelf, size_t n)
{
    shelf->newest->used -= rounded(n);
    shelf->newest->things--;
}

void shelf_drop_oldest(struct shelf *shelf)
{
    struct shelf_block *block = shelf->oldest;

    while (block->things == 0 && block->next) { /* what was in it was dropped as the newest */
        shelf->oldest = block->next;
        nw_free(block);
        block = shelf->oldest;
    }
    if (--block->things > 0)
        return;
    block->used = 0;
    if (!block->next)
        return;
    shelf->oldest = block->next;
    nw_free(shelf->spare);
    shelf->spare = block;
}

void shelf_free(struct shelf *shelf)
{
    while (shelf->oldest) {
        struct shelf_block *block = shelf->oldest;
        shelf->oldest = block->next;
        nw_free(block);
    }
    nw_free(shelf->spare);
    *shelf = (struct shelf){0};
}
