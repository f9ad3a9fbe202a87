/* Opens a segment and finds entries in it: see view.h. Compressed stretches are unpacked in unpack.c. */
#include "store/view.h"

#include "store/disk.h"
#include "store/unpack.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads the index at the end of the file, where there is one: sets closed, tail, spots. */
static int read_index(struct store_view *view)
{
    unsigned char end[STORE_TAIL], *index = NULL;
    struct store_tail tail;
    size_t got;
    int error = 0;

    if (view->size < STORE_HEADER + store_index_size(0))
        return 0;
    error = store_disk_read(view->fd, end, sizeof end, view->size - sizeof end, &got);
    if (error < 0 || got < sizeof end || !store_tail_get(end, &tail) || tail.size > view->size - STORE_HEADER)
        return error;
    index = nw_malloc(tail.size);
    if (!index)
        return -ENOMEM;
    error = store_disk_read(view->fd, index, tail.size, view->size - tail.size, &got);
    if (error == 0 && got == tail.size &&
        store_index_get(index, got, &view->header, view->size, &view->spots, &view->tail, &error))
        view->closed = view->header.kind == STORE_ZSTD || view->tail.end == view->size - view->tail.size;
    nw_free(index);
    return error;
}

int store_view_open(struct store_view *view, int folder, const char *name, uint64_t first,
                    const struct store_identity *identity)
{
    unsigned char header[STORE_HEADER];
    struct stat st;
    size_t got;
    int error;

    store_view_close(view);
    view->fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (view->fd < 0)
        return errno == ENOENT ? STORE_VIEW_GONE : -errno;
    error = fstat(view->fd, &st) < 0 ? -errno : store_disk_read(view->fd, header, sizeof header, 0, &got);
    if (error < 0)
        goto out;
    error = STORE_VIEW_BAD;
    if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > UINT32_MAX || got < sizeof header ||
        !store_header_get(header, &view->header) || view->header.first != first ||
        (identity && (view->header.identity.log != identity->log || view->header.identity.salt != identity->salt)))
        goto out;
    view->size = (uint64_t)st.st_size;
    error = read_index(view);
    if (error < 0)
        goto out;
    error = STORE_VIEW_BAD;
    if (!view->closed && view->header.kind == STORE_ZSTD)
        goto out;
    store_window_file(&view->window, view->fd, view->size);
    view->walk = (struct store_walk){
        .window = &view->window,
        .salt = view->header.identity.salt,
        .offset = STORE_HEADER,
        .seq = first,
        .first = first,
    };
    error = view->closed ? 0 : store_view_distrust(view);
    if (error == 0)
        return 0;
out:
    store_view_close(view);
    return error;
}

int store_view_distrust(struct store_view *view)
{
    view->closed = false;
    view->spots.n = 0;
    view->walk.spots = &view->spots;
    return store_spots_add(&view->spots, 0, STORE_HEADER);
}

void store_view_close(struct store_view *view)
{
    if (view->fd >= 0)
        close(view->fd);
    store_spots_free(&view->spots);
    store_window_free(&view->window);
    store_unpacker_free(&view->unpacker);
    *view = (struct store_view){.fd = -1, .window = {.fd = -1}};
}

/* Brings the walk to the best place at or before seq: where it stands, or a mark nearer to it. */
static void approach(struct store_view *view, uint64_t seq)
{
    const struct store_spot *spot = &view->spots.p[store_spots_find(&view->spots, seq - view->header.first)];

    if (view->back.window && view->back.seq == seq)
        view->walk = view->back;
    if (view->walk.seq > seq || view->walk.seq < view->header.first + spot->delta) {
        view->walk.seq = view->header.first + spot->delta;
        view->walk.offset = spot->offset;
    }
}

/* The entry, by the walk from where it stands; what stops it otherwise. */
static int walk_to_entry(struct store_view *view, uint64_t seq, struct store_frame *frame)
{
    int step = store_walk_to(&view->walk, seq);

    view->back = view->walk;
    return step == STORE_STEP_ENTRY || step == STORE_STEP_INDEX ? store_walk_next(&view->walk, frame) : step;
}

static int get_plain(struct store_view *view, uint64_t seq, bool certain, struct store_frame *frame, uint64_t *next)
{
    int step;

    approach(view, seq);
    step = walk_to_entry(view, seq, frame);
    if ((step == STORE_STEP_END || step == STORE_STEP_BAD) && !view->closed) {
        store_window_forget(&view->window); /* the writer may have gone on since it was read */
        step = walk_to_entry(view, seq, frame);
    }
    while (step == STORE_STEP_BAD || (step == STORE_STEP_END && (view->closed || certain))) {
        int found = store_walk_resume(&view->walk);
        if (found < 0)
            return found;
        if (found == 0) {
            *next = UINT64_MAX;
            return view->closed ? STORE_STEP_BAD : step;
        }
        *next = view->walk.seq;
        if (view->walk.seq > seq)
            return STORE_STEP_BAD;
        step = walk_to_entry(view, seq, frame);
    }
    return step == STORE_STEP_INDEX ? STORE_STEP_END : step;
}

static int get_packed(struct store_view *view, uint64_t seq, struct store_frame *frame, uint64_t *next)
{
    size_t spot = store_spots_find(&view->spots, seq - view->header.first);
    int step = store_unpack(view, spot);

    *next = spot + 1 < view->spots.n ? view->header.first + view->spots.p[spot + 1].delta : UINT64_MAX;
    if (step != STORE_STEP_ENTRY)
        return step;
    if (view->back.window && view->back.seq == seq)
        view->walk = view->back;
    if (view->walk.seq > seq) {
        view->walk.offset = 0;
        view->walk.seq = view->header.first + view->spots.p[spot].delta;
    }
    for (;;) {
        int found;
        step = walk_to_entry(view, seq, frame);
        if (step == STORE_STEP_ENTRY || step < 0)
            return step;
        found = store_walk_resume(&view->walk);
        if (found < 0)
            return found;
        if (found == 0)
            return STORE_STEP_BAD;
        if (view->walk.seq > seq) {
            *next = view->walk.seq;
            return STORE_STEP_BAD;
        }
    }
}

int store_view_get(struct store_view *view, uint64_t seq, bool certain, struct store_frame *frame, uint64_t *next)
{
    *next = UINT64_MAX;
    if (view->closed && seq > view->tail.last)
        return STORE_STEP_END;
    return view->header.kind == STORE_ZSTD ? get_packed(view, seq, frame, next)
                                           : get_plain(view, seq, certain, frame, next);
}
