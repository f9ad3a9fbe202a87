/*
 * The bytes of one part that are in memory: grows at its end by reading, shrinks at its front as they are taken. The
 * bytes stay where they are until window_fill.
 */
#ifndef FETCH_WINDOW_H
#define FETCH_WINDOW_H

#include "bytes.h"
#include "split.h"

struct window {
    struct bytes *source;
    char *p;
    size_t from, to, cap;
    size_t max;  /* most bytes held */
    size_t step; /* bytes of room that window_fill makes at least */
    uint64_t at; /* place in the part of p[from] */
    bool last;   /* the part is over */
};

enum {
    WINDOW_STEP = 256 << 10, /* one read(2): large enough that calls cost nothing, small enough for the cache */
    WINDOW_LOW = 64 << 10,   /* of layers under others */
};

void window_init(struct window *window, size_t max, size_t step);
void window_free(struct window *window);

/* Forgets all bytes; reads from source from now on. */
void window_reset(struct window *window, struct bytes *source);

struct view window_view(const struct window *window);

static inline struct nw_str window_bytes(const struct window *window)
{
    return nw_str(window->p ? window->p + window->from : "", window->to - window->from);
}

/* Drops n bytes at the front. */
void window_take(struct window *window, size_t n);

/* Reads once. SOME; WAIT; END: window->last is set; BAD: source->why. -ENOMEM; -EMSGSIZE when max bytes are held. */
int window_fill(struct window *window);

/* Reads until n bytes are there (n <= max) or the part is over: SOME when they are there; else as window_fill. */
int window_need(struct window *window, size_t n);

#endif
