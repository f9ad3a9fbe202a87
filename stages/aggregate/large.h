/*
 * Memory for what is touched at random: cleared, at the begin of a line of the cache, and in large pages where the
 * machine gives them, since the processor remembers the addresses of so many pages only.
 */
#ifndef LARGE_H
#define LARGE_H

#include <stddef.h>

/* Asks for large pages for a block that is so large that it may have some. Where they are refused nothing but time is
 * lost. */
void large_pages(void *memory, size_t size);

struct large {
    void *memory; /* what is to be freed */
    size_t size;
};

/* NULL when there is no memory. */
void *large_new(struct large *large, size_t count, size_t size);
void large_free(struct large *large);

#endif
