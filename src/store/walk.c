/* Walks frames within bounds, and finds the next mark behind damage: see walk.h. */
#include "store/walk.h"

#include "store/crc32c.h"
#include "store/disk.h"
#include "store/log.h"

#include <newswire/alloc.h>

#include <errno.h>

enum { WINDOW = 128 << 10 }; /* bytes read at once: two stretches between marks */

void store_window_file(struct store_window *window, int fd, uint64_t size)
{
    window->fd = fd;
    window->size = size;
    window->n = 0;
}

struct store_window store_window_memory(const unsigned char *p, size_t n, uint64_t at)
{
    return (struct store_window){.fd = -1, .p = p, .at = at, .n = n, .size = at + n};
}

void store_window_forget(struct store_window *window)
{
    if (window->fd >= 0)
        window->n = 0;
}

void store_window_free(struct store_window *window)
{
    nw_free(window->own);
    *window = (struct store_window){.fd = -1};
}

/* Memory for n bytes; a window that one large entry made large shrinks again. */
static int window_reserve(struct store_window *window, size_t n)
{
    size_t want = n > WINDOW ? n : WINDOW;

    if (window->cap >= want && (window->cap <= 8 * (size_t)WINDOW || want > WINDOW))
        return 0;
    nw_free(window->own);
    window->n = window->cap = 0;
    window->p = window->own = nw_malloc(want);
    if (!window->own)
        return -ENOMEM;
    window->cap = want;
    return 0;
}

int store_window_get(struct store_window *window, uint64_t offset, size_t n, const unsigned char **p, size_t *got)
{
    uint64_t rest = offset < window->size ? window->size - offset : 0;
    int error;

    if (n > rest)
        n = (size_t)rest;
    *got = n;
    if (n == 0)
        return 0;
    if (offset < window->at || offset - window->at > window->n || window->n - (offset - window->at) < n) {
        if (window->fd < 0)
            return -EINVAL; /* before the memory's first byte */
        error = window_reserve(window, n);
        if (error < 0)
            return error;
        window->at = offset;
        error = store_disk_read(window->fd, window->own, window->cap < rest ? window->cap : (size_t)rest, offset,
                                &window->n);
        if (error < 0) {
            window->n = 0;
            return error;
        }
        if (n > window->n)
            *got = window->n; /* the file has shrunk since */
    }
    *p = window->p + (offset - window->at);
    return 0;
}

/* The word of the next frame and its size; a step that ends the walk, or STORE_STEP_ENTRY, _MARK, _INDEX. */
static int frame_size(const struct store_walk *walk, uint32_t *word, size_t *size)
{
    unsigned char start[STORE_FRAME] = {0};
    const unsigned char *p = NULL;
    size_t got, length;
    int error = store_window_get(walk->window, walk->offset, STORE_FRAME, &p, &got);

    if (error < 0)
        return error;
    if (got)
        memcpy(start, p, got);
    *word = store_get32(start);
    if (*word == 0)
        return STORE_STEP_END;
    length = store_word_length(*word);
    *size = STORE_FRAME + length;
    if (*size > walk->window->size - walk->offset)
        return STORE_STEP_BAD;
    switch (store_word_kind(*word)) {
    case STORE_KIND_ENTRY:
        return length <= NW_STORE_ENTRY_MAX ? STORE_STEP_ENTRY : STORE_STEP_BAD;
    case STORE_KIND_MARK:
        return *size == STORE_MARK ? STORE_STEP_MARK : STORE_STEP_BAD;
    case STORE_KIND_INDEX:
        return STORE_STEP_INDEX;
    default:
        return STORE_STEP_BAD;
    }
}

int store_walk_next(struct store_walk *walk, struct store_frame *frame)
{
    const unsigned char *p;
    uint32_t word;
    size_t size, got;
    int step = frame_size(walk, &word, &size), error;

    if (step < 0 || step == STORE_STEP_END || step == STORE_STEP_BAD)
        return step;
    error = store_window_get(walk->window, walk->offset, size, &p, &got);
    if (error < 0)
        return error;
    if (got < size || store_get32(p + 4) != store_crc32c(store_frame_crc(walk->salt, walk->seq, word), p + STORE_FRAME,
                                                         size - STORE_FRAME))
        return STORE_STEP_BAD;
    *frame = (struct store_frame){
        .offset = walk->offset,
        .seq = walk->seq,
        .payload = nw_str((const char *)p + STORE_FRAME, size - STORE_FRAME),
    };
    if (step == STORE_STEP_MARK && walk->spots && walk->offset > walk->spots->p[walk->spots->n - 1].offset)
        (void)store_spots_add(walk->spots, walk->seq - walk->first, walk->offset); /* without memory: a sparser index */
    walk->offset += size;
    walk->seq += step == STORE_STEP_ENTRY;
    return step;
}

int store_walk_to(struct store_walk *walk, uint64_t seq)
{
    for (;;) {
        struct store_frame frame;
        uint32_t word;
        size_t size;
        int step = frame_size(walk, &word, &size);
        if (step == STORE_STEP_ENTRY && walk->seq < seq) {
            walk->offset += size;
            walk->seq++;
        } else if (step == STORE_STEP_MARK) {
            step = store_walk_next(walk, &frame);
            if (step != STORE_STEP_MARK)
                return step;
        } else {
            return step;
        }
    }
}

/* The next good mark at or behind walk->offset, of an entry behind walk->seq: 1 and its numbers, 0: none. */
static int next_mark(const struct store_walk *walk, uint64_t *offset, uint64_t *seq, uint64_t *durable)
{
    uint64_t at = walk->offset, than = walk->seq;
    unsigned char salt[8];

    store_put64(salt, walk->salt);
    for (;;) {
        const unsigned char *p = NULL;
        size_t got, found;
        int error = store_window_get(walk->window, at, WINDOW, &p, &got);
        if (error < 0)
            return error;
        if (got < STORE_MARK)
            return 0;
        found = nw_str_find(nw_str((const char *)p + STORE_FRAME, got - STORE_FRAME), nw_str((const char *)salt, 8));
        if (found == SIZE_MAX) {
            at += got - STORE_MARK + 1;
            continue;
        }
        if (found + STORE_MARK <= got) {
            const unsigned char *mark = p + found;
            uint32_t word = store_get32(mark);
            uint64_t number = store_get64(mark + STORE_FRAME + 8);
            if (word == store_word(STORE_KIND_MARK, STORE_MARK - STORE_FRAME) && number > than &&
                store_get32(mark + 4) == store_crc32c(store_frame_crc(walk->salt, number, word), mark + STORE_FRAME,
                                                      STORE_MARK - STORE_FRAME)) {
                *seq = number;
                *durable = store_get64(mark + STORE_FRAME + 16);
                *offset = at + found;
                return 1;
            }
            at += found + 1;
        } else {
            at += found; /* the mark goes on behind the window */
        }
    }
}

/* Whether a good frame stands at walk->offset + size when the next entry there is `seq`: 1 moves the walk there. */
static int resume_at(struct store_walk *walk, size_t size, uint64_t seq)
{
    struct store_walk ahead = *walk, probe;
    struct store_frame frame;
    int step;

    ahead.offset += size;
    ahead.seq = seq;
    probe = ahead;
    probe.spots = NULL;
    step = store_walk_next(&probe, &frame);
    if (step < 0 || step == STORE_STEP_END || step == STORE_STEP_BAD)
        return step < 0 ? step : 0;
    *walk = ahead;
    return 1;
}

int store_walk_resume(struct store_walk *walk)
{
    struct store_walk ahead = *walk;
    uint64_t durable;
    uint32_t word;
    size_t size;
    int step = frame_size(walk, &word, &size), found = 0;

    if (step < 0)
        return step;
    if (step == STORE_STEP_ENTRY)
        found = resume_at(walk, size, walk->seq + 1);
    if (found == 0)
        found = resume_at(walk, STORE_MARK, walk->seq); /* only a mark was damaged: nothing is lost */
    if (found != 0)
        return found;
    ahead.offset++;
    found = next_mark(&ahead, &ahead.offset, &ahead.seq, &durable);
    if (found == 1)
        *walk = ahead;
    return found;
}

int store_walk_promise(const struct store_walk *walk, uint64_t *durable)
{
    struct store_walk ahead = *walk;
    uint64_t told;
    int found;

    *durable = 0;
    while ((found = next_mark(&ahead, &ahead.offset, &ahead.seq, &told)) == 1) {
        if (told > *durable)
            *durable = told;
        ahead.offset += STORE_MARK;
    }
    return found;
}

int store_window_used(struct store_window *window, uint64_t offset, uint64_t *end)
{
    *end = offset;
    while (offset < window->size) {
        const unsigned char *p = NULL;
        size_t got;
        int error = store_window_get(window, offset, WINDOW, &p, &got);
        if (error < 0)
            return error;
        if (got == 0)
            break;
        /* Most stretches are all zeros: one comparison of the stretch with itself, shifted by a byte, says so. */
        if (p[0] != 0 || memcmp(p, p + 1, got - 1) != 0) {
            size_t i = got;
            while (p[i - 1] == 0)
                i--;
            *end = offset + i;
        }
        offset += got;
    }
    return 0;
}
