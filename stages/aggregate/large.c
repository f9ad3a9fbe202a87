/* Blocks of the heap, as it gives them: see large.h. */
#include "large.h"

#include <newswire/alloc.h>

#include <stdint.h>
#include <sys/mman.h>

enum { LINE = 64, PAGE = 2 << 20 /* a large one */ };

void large_pages(void *memory, size_t size)
{
    char *from = (char *)memory + (PAGE - (uintptr_t)memory % PAGE) % PAGE;

    if (size > 2 * PAGE)
        (void)madvise(from, (size - (size_t)(from - (char *)memory)) / PAGE * PAGE, MADV_HUGEPAGE);
}

void *large_new(struct large *large, size_t count, size_t size)
{
    if (count > (SIZE_MAX - LINE) / size)
        return NULL;
    large->size = count * size + LINE;
    large->memory = nw_calloc(1, large->size);
    if (!large->memory)
        return NULL;
    large_pages(large->memory, large->size);
    return (char *)large->memory + (LINE - (uintptr_t)large->memory % LINE) % LINE;
}

void large_free(struct large *large)
{
    nw_free(large->memory);
    large->memory = NULL;
}
