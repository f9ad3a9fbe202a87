/*
 * Memory that goes all at once. One arena a record: what lives as long as the record is in it, and goes at the ack.
 * Allocation moves a pointer; reset keeps the first block. Not thread-safe: an arena has one user at a time.
 */
#ifndef NEWSWIRE_ARENA_H
#define NEWSWIRE_ARENA_H

#include <newswire/str.h>

#include <stdarg.h>

struct nw_arena_block;

struct nw_arena {
    struct nw_arena_block *first, *last;
    char *next, *end; /* the free part of the last block */
    size_t held;      /* bytes in blocks */
    size_t limit;     /* most bytes that blocks may hold */
};

enum { NW_ARENA_ALIGN = 16 };
#define NW_ARENA_LIMIT ((size_t)256 << 20) /* the limit where a caller gives 0: 256 MiB */

/* Nothing is allocated until the first use. A zeroed struct is an arena with the default limit too. */
void nw_arena_init(struct nw_arena *arena, size_t limit);

/* Frees all blocks; the arena can be used again. NULL is accepted. */
void nw_arena_free(struct nw_arena *arena);

/* Forgets all content, keeps the first block for the next record. */
void nw_arena_reset(struct nw_arena *arena);

/* NULL at the limit or when the machine has no memory left. Aligned to NW_ARENA_ALIGN; size 0 gives a valid pointer.
 * alloc leaves the bytes as they are, zalloc clears them. */
void *nw_arena_alloc(struct nw_arena *arena, size_t size);
void *nw_arena_zalloc(struct nw_arena *arena, size_t size);

/* Grows an allocation, in place where it is the newest; old may be NULL with old_size 0. NULL leaves the old one. */
void *nw_arena_grow(struct nw_arena *arena, void *old, size_t old_size, size_t new_size);

/* Gives back the tail of the newest allocation p of `size` bytes, of which `used` stay. Does nothing otherwise. */
void nw_arena_trim(struct nw_arena *arena, void *p, size_t size, size_t used);

/* A copy of s with a NUL behind it; {NULL, 0} when there is no memory. */
struct nw_str nw_arena_dup(struct nw_arena *arena, struct nw_str s);
struct nw_str nw_arena_printf(struct nw_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An array of `count` zeroed T; NULL on overflow or when there is no memory. */
#define NW_ARENA_NEW(arena, T, count) ((T *)nw_arena_array((arena), sizeof(T), (count)))
void *nw_arena_array(struct nw_arena *arena, size_t size, size_t count);

#endif
