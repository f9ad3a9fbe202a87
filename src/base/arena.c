/*
 * Arenas: blocks of doubling size, a pointer that moves through the last one. Reset keeps the first block only, so a
 * record that was once huge does not hold its memory for ever.
 */
#include <newswire/alloc.h>
#include <newswire/arena.h>

#include <stdint.h>
#include <stdio.h>

struct nw_arena_block {
    struct nw_arena_block *next;
    size_t size; /* bytes behind this header */
    _Alignas(NW_ARENA_ALIGN) char bytes[];
};

enum { FIRST_BLOCK = 16 << 10, LARGEST_STEP = 1 << 20 };

static size_t align(size_t size)
{
    return (size + NW_ARENA_ALIGN - 1) & ~(size_t)(NW_ARENA_ALIGN - 1);
}

void nw_arena_init(struct nw_arena *arena, size_t limit)
{
    *arena = (struct nw_arena){.limit = limit};
}

void nw_arena_free(struct nw_arena *arena)
{
    if (!arena)
        return;
    for (struct nw_arena_block *block = arena->first, *next; block; block = next) {
        next = block->next;
        nw_free(block);
    }
    nw_arena_init(arena, arena->limit);
}

void nw_arena_reset(struct nw_arena *arena)
{
    struct nw_arena_block *first = arena->first;

    if (!first)
        return;
    for (struct nw_arena_block *block = first->next, *next; block; block = next) {
        next = block->next;
        nw_free(block);
    }
    first->next = NULL;
    arena->last = first;
    arena->next = first->bytes;
    arena->end = first->bytes + first->size;
    arena->held = first->size;
}

/* Adds a block that has room for `size` bytes. */
static int grow(struct nw_arena *arena, size_t size)
{
    size_t limit = arena->limit ? arena->limit : NW_ARENA_LIMIT;
    size_t step = arena->held < FIRST_BLOCK ? FIRST_BLOCK : arena->held;
    struct nw_arena_block *block;

    if (step > LARGEST_STEP)
        step = LARGEST_STEP;
    if (step < size)
        step = size;
    if (arena->held > limit || step > limit - arena->held) {
        if (arena->held > limit || size > limit - arena->held)
            return -1;
        step = size;
    }
    block = nw_malloc(sizeof *block + step);
    if (!block)
        return -1;
    block->next = NULL;
    block->size = step;
    if (arena->last)
        arena->last->next = block;
    else
        arena->first = block;
    arena->last = block;
    arena->next = block->bytes;
    arena->end = block->bytes + step;
    arena->held += step;
    return 0;
}

void *nw_arena_alloc(struct nw_arena *arena, size_t size)
{
    char *p;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = align(size);
    if ((size_t)(arena->end - arena->next) < size || !arena->next) {
        if (grow(arena, size) < 0)
            return NULL;
    }
    p = arena->next;
    arena->next += size;
    return p;
}

void *nw_arena_zalloc(struct nw_arena *arena, size_t size)
{
    void *p = nw_arena_alloc(arena, size);

    return p ? memset(p, 0, size) : NULL;
}

void *nw_arena_array(struct nw_arena *arena, size_t size, size_t count)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return nw_arena_zalloc(arena, size * count);
}

void *nw_arena_grow(struct nw_arena *arena, void *old, size_t old_size, size_t new_size)
{
    void *p;

    if (old && (char *)old + align(old_size) == arena->next && new_size >= old_size && new_size <= SIZE_MAX / 2 &&
        align(new_size) - align(old_size) <= (size_t)(arena->end - arena->next)) {
        arena->next += align(new_size) - align(old_size);
        return old;
    }
    p = nw_arena_alloc(arena, new_size);
    if (p && old_size)
        memcpy(p, old, old_size < new_size ? old_size : new_size);
    return p;
}

void nw_arena_trim(struct nw_arena *arena, void *p, size_t size, size_t used)
{
    if (p && (char *)p + align(size) == arena->next && used <= size)
        arena->next = (char *)p + align(used);
}

struct nw_str nw_arena_dup(struct nw_arena *arena, struct nw_str s)
{
    char *p = s.n < SIZE_MAX / 2 ? nw_arena_alloc(arena, s.n + 1) : NULL;

    if (!p)
        return nw_str(NULL, 0);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return nw_str(p, s.n);
}

struct nw_str nw_arena_printf(struct nw_arena *arena, const char *format, ...)
{
    va_list list;
    char *p;
    int n;

    va_start(list, format);
    n = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (n < 0)
        return nw_str(NULL, 0);
    p = nw_arena_alloc(arena, (size_t)n + 1);
    if (!p)
        return nw_str(NULL, 0);
    va_start(list, format);
    vsnprintf(p, (size_t)n + 1, format, list);
    va_end(list);
    return nw_str(p, (size_t)n);
}
