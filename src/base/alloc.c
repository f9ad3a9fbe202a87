/* The heap's one door, with a trap for tests: see newswire/alloc.h. The trap is per thread, so tests can run threads.
 */
#include <newswire/alloc.h>

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

enum { KEEP_BYTES = 16 << 20, MAP_BYTES = 1 << 20 };

static _Thread_local size_t allocations_left = SIZE_MAX;
static _Thread_local int allocation_failed;

static int trapped(void)
{
    if (allocations_left == SIZE_MAX)
        return 0;
    if (allocations_left > 0) {
        allocations_left--;
        return 0;
    }
    allocation_failed = 1;
    return 1;
}

void *nw_malloc(size_t size)
{
    return trapped() ? NULL : malloc(size ? size : 1);
}

void *nw_calloc(size_t count, size_t size)
{
    return trapped() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *nw_realloc(void *old, size_t size)
{
    return trapped() ? NULL : realloc(old, size ? size : 1);
}

void nw_free(void *p)
{
    free(p);
}

void nw_alloc_keep(void)
{
    mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
    mallopt(M_MMAP_THRESHOLD, MAP_BYTES); /* setting either ends libc's own adapting of both */
}

void nw_alloc_fail_after(size_t n)
{
    allocations_left = n;
    allocation_failed = 0;
}

void nw_alloc_fail_never(void)
{
    allocations_left = SIZE_MAX;
}

int nw_alloc_failed(void)
{
    return allocation_failed;
}
