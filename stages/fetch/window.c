/* A plain buffer that moves its rest to the front when it needs room: a rest is at most one item, which is small. */
#include "window.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

void window_init(struct window *window, size_t max, size_t step)
{
    *window = (struct window){.max = max, .step = step};
}

void window_free(struct window *window)
{
    nw_free(window->p);
    window_init(window, window->max, window->step);
}

void window_reset(struct window *window, struct bytes *source)
{
    window->source = source;
    window->from = window->to = 0;
    window->at = 0;
    window->last = false;
}

struct view window_view(const struct window *window)
{
    return (struct view){.bytes = window_bytes(window), .at = window->at, .last = window->last};
}

void window_take(struct window *window, size_t n)
{
    window->from += n;
    window->at += n;
    if (window->from == window->to)
        window->from = window->to = 0;
}

/* Makes room for at least one byte behind the last, and for `step` where max allows. */
static int make_room(struct window *window)
{
    size_t held = window->to - window->from, cap;
    char *p;

    if (held >= window->max)
        return nw_fault(-EMSGSIZE);
    if (window->cap - window->to >= window->step)
        return 0;
    if (window->from > 0) {
        memmove(window->p, window->p + window->from, held);
        window->from = 0;
        window->to = held;
    }
    if (window->cap - window->to >= window->step || window->cap == window->max)
        return 0;
    /* Twice as large each time, so that a part that grows is moved a bounded number of times. */
    cap = window->cap * 2 > held + window->step ? window->cap * 2 : held + window->step;
    cap = cap > window->max ? window->max : cap;
    p = nw_realloc(window->p, cap);
    if (!p)
        return nw_fault(-ENOMEM);
    window->p = p;
    window->cap = cap;
    return 0;
}

int window_fill(struct window *window)
{
    enum bytes_step step;
    size_t n = 0;
    int error;

    if (window->last)
        return BYTES_END;
    error = make_room(window);
    if (error)
        return error;
    step = window->source->kind->read(window->source, window->p + window->to, window->cap - window->to, &n);
    window->to += n;
    window->last = step == BYTES_END || step == BYTES_BAD;
    return (int)step;
}

int window_need(struct window *window, size_t n)
{
    int step = BYTES_SOME;

    while (step == BYTES_SOME && window->to - window->from < n)
        step = window_fill(window);
    return step;
}
