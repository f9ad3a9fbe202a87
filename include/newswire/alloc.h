/*
 * The one door to the heap for arenas and buffers, so that tests can make the n-th allocation fail and limits hold.
 * Results are as malloc's, calloc's, realloc's and free's. Each may return NULL.
 */
#ifndef NEWSWIRE_ALLOC_H
#define NEWSWIRE_ALLOC_H

#include <stddef.h>

void *nw_malloc(size_t size);
void *nw_calloc(size_t count, size_t size);
void *nw_realloc(void *old, size_t size);
void nw_free(void *p);

/* For a program's main, before its threads: freed memory stays with the process, 16 MiB of it at most, where messages
 * of some hundred KiB come and go all the time. Else libc gives it back at each free and the kernel has to clear it
 * again. */
void nw_alloc_keep(void);

/* For tests: of this thread's allocations from now on, the one after `n` others fails, and each later one too, until
 * nw_alloc_fail_never(). Returns nothing; nw_alloc_failed() tells whether one has failed since. */
void nw_alloc_fail_after(size_t n);
void nw_alloc_fail_never(void);
int nw_alloc_failed(void);

#endif
