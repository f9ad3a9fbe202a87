/* Recovery of a log's folder before its writer's first append: see recover.h. */
#include "store/recover.h"

#include "store/head.h"
#include "store/view.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

struct recovery {
    const struct store_disk *disk;
    const struct nw_store_options *options;
    const char *folder;
    struct store_segments found; /* what the folder lists */
    struct store_head head;
    bool has_head; /* of this log */
    struct store_view view;
    struct store_recovered *out;
};

static int random_identity(struct store_identity *identity)
{
    do {
        if (getrandom(identity, sizeof *identity, 0) != (ssize_t)sizeof *identity)
            return nw_fault(-EIO);
    } while (identity->log == 0 || identity->salt == 0);
    return 0;
}

static int view_open(struct recovery *r, const struct store_segment *segment, const struct store_identity *identity)
{
    char name[STORE_NAME];
    int result;

    store_segment_name(name, segment->first, segment->kind);
    result = store_view_open(&r->view, r->disk->folder, name, segment->first, identity);
    if (result < 0)
        nw_error("cannot read %s/%s", r->folder, name);
    return result < 0 ? nw_fault(result) : result;
}

/* Which log this is: what the newest good header says, else the head, else a new one where there is nothing. */
static int find_identity(struct recovery *r)
{
    int fd = openat(r->disk->folder, STORE_NAME_HEAD, O_RDONLY | O_CLOEXEC), head = 0;

    if (fd < 0 && errno != ENOENT)
        return nw_fault(-errno);
    if (fd >= 0) {
        head = store_head_read(fd, &r->head);
        close(fd);
        if (head < 0)
            return nw_fault(head);
    }
    for (size_t i = r->found.n; i-- > 0;) {
        int result = view_open(r, &r->found.p[i], NULL);
        if (result < 0)
            return result;
        if (result == 0) {
            r->out->identity = r->view.header.identity;
            r->has_head = head == 1 && r->head.identity.log == r->out->identity.log &&
                          r->head.identity.salt == r->out->identity.salt;
            return 0;
        }
    }
    if (head == 1) {
        r->out->identity = r->head.identity;
        r->has_head = true;
        return 0;
    }
    if (r->found.n == 0)
        return random_identity(&r->out->identity);
    nw_error("%s: none of its %zu segments has a readable header: restore the folder from a copy, or move it away and "
             "start anew",
             r->folder, r->found.n);
    return nw_fault(-EBADMSG);
}

static int add(struct recovery *r, const struct store_segment *segment, uint64_t last, int64_t closed)
{
    struct store_segment kept = *segment;

    kept.last = last;
    kept.bytes = r->view.size;
    kept.closed = closed;
    kept.twin = false;
    return store_segments_add(&r->out->segments, kept) < 0 ? nw_fault(-ENOMEM) : 0;
}

/* Reads all of a closed segment; 0: it is good, 1: it is not. */
static int verify(struct recovery *r, const char *name)
{
    uint64_t seq = r->view.header.first, next;
    int damaged = 0;

    while (seq <= r->view.tail.last) {
        struct store_frame frame;
        int step = store_view_get(&r->view, seq, true, &frame, &next);
        if (step < 0)
            return nw_fault(step);
        if (step == STORE_STEP_ENTRY) {
            seq++;
            continue;
        }
        next = next > r->view.tail.last ? r->view.tail.last + 1 : next;
        nw_error("%s/%s: entries %" PRIu64 " to %" PRIu64 " are damaged", r->folder, name, seq, next - 1);
        damaged = 1;
        seq = next;
    }
    return damaged;
}

/* A crash came before a closed segment was cut behind its index, at `size`. */
static int cut(struct recovery *r, int fd, const char *name, uint64_t size)
{
    int error = store_disk_cut(r->disk, fd, name, size);

    if (error == 0)
        error = store_disk_sync_all(r->disk, fd, name);
    if (error < 0)
        return nw_fault(error);
    r->view.size = size;
    return 0;
}

/* A plain segment that has no index at its end though others follow: its index may stand before the end of what was
 * preallocated. 1: it was so, and is cut; 0: it is damaged. */
static int cut_closed(struct recovery *r, const char *name)
{
    struct store_frame frame;
    int step, fd, error;

    do {
        step = store_walk_next(&r->view.walk, &frame);
    } while (step == STORE_STEP_ENTRY || step == STORE_STEP_MARK);
    if (step != STORE_STEP_INDEX)
        return step < 0 ? nw_fault(step) : 0;
    fd = openat(r->disk->folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return nw_fault(-errno);
    error = cut(r, fd, name, r->view.walk.offset);
    close(fd);
    return error < 0 ? error : 1;
}

/* A segment that others follow: `end` is the last number that it may have. */
static int recover_closed(struct recovery *r, struct store_segment *segment, uint64_t end)
{
    char name[STORE_NAME], plain[STORE_NAME];
    int result = view_open(r, segment, &r->out->identity);

    store_segment_name(name, segment->first, segment->kind);
    store_segment_name(plain, segment->first, STORE_PLAIN);
    if (result < 0)
        return result;
    if (segment->kind == STORE_ZSTD && result != 0) {
        result = store_quarantine(r->disk, r->folder, segment);
        if (result < 0 || !segment->twin)
            return result;
        segment->kind = STORE_PLAIN;
        segment->twin = false;
        return recover_closed(r, segment, end); /* once: a plain segment comes not here again */
    }
    if (segment->twin) {
        result = store_disk_remove(r->disk, plain);
        if (result < 0)
            return nw_fault(result);
    }
    if (result == 0 && r->view.closed) {
        result = r->options->verify ? verify(r, name) : 0;
        if (result < 0)
            return result;
        if (result == 0 || segment->kind == STORE_ZSTD)
            return add(r, segment, r->view.tail.last < end ? r->view.tail.last : end, r->view.tail.closed);
    }
    if (result == 0 && !r->view.closed) {
        result = cut_closed(r, name);
        if (result < 0)
            return result;
        if (result == 1)
            return add(r, segment, r->view.walk.seq - 1, r->view.header.made);
    }
    return store_mend(r->disk, r->folder, &r->out->identity, segment, end, end, &r->out->segments);
}

/* Takes away what stands behind the last good entry, which an earlier use or a crash has left: half an entry, or whole
 * ones that were never told durable; they could else pass for entries that follow new ones. */
static int clear_behind(const struct store_disk *disk, int fd, const char *name, uint64_t end)
{
    int error = store_disk_cut(disk, fd, name, end);

    return error < 0 ? error : store_disk_sync_all(disk, fd, name);
}

/* Writes the index behind the last entry of the newest segment, when appends cannot go on in it. */
static int close_active(struct recovery *r, int fd, const char *name)
{
    struct store_active *active = &r->out->active;
    size_t size = store_index_size(active->spots.n);
    struct store_tail tail = {.last = r->out->next - 1, .closed = nw_clock_wall(), .end = active->offset};
    unsigned char *index = nw_malloc(size);
    int error = index ? 0 : -ENOMEM;

    if (error == 0) {
        store_index_put(index, r->out->identity.salt, &active->spots, tail);
        error = store_disk_write(r->disk, fd, name, index, size, active->offset);
    }
    if (error == 0)
        error = store_disk_cut(r->disk, fd, name, active->offset + size);
    if (error == 0)
        error = store_disk_sync_all(r->disk, fd, name);
    nw_free(index);
    if (error < 0)
        return nw_fault(error);
    r->out->segments.p[r->out->segments.n - 1].bytes = active->offset + size;
    active->open = false;
    return 0;
}

/* Takes the newest segment, open and sound up to `walk`, as the one to append to. */
static int take_active(struct recovery *r, const struct store_segment *segment, const struct store_walk *walk, int fd,
                       const char *name)
{
    struct store_active *active = &r->out->active;
    int error;

    /* Best effort: a file that lost its preallocation (a copy) gets it again; on a full disk what it has is the limit.
     */
    uint64_t want = r->options->segment_bytes > r->view.size ? r->options->segment_bytes : r->view.size;
    if (!store_disk_reserved(fd, want) && store_disk_allocate(r->disk, fd, name, want) < 0)
        want = store_disk_reserved(fd, r->view.size) ? r->view.size : walk->offset;

    *active = (struct store_active){
        .open = true,
        .first = segment->first,
        .offset = walk->offset,
        .limit = want,
        .mark = r->view.spots.p[r->view.spots.n - 1].offset,
        .made = r->view.header.made,
        .spots = r->view.spots,
    };
    r->view.spots = (struct store_spots){0};
    r->view.size = want;
    error = add(r, segment, walk->seq - 1, r->view.header.made);
    r->out->next = walk->seq;
    if (error == 0 && r->has_head && r->head.durable >= walk->seq) {
        error = close_active(r, fd, name); /* its end is lost: numbers that were given are not given again */
        r->out->next = r->head.durable + 1;
    }
    return error;
}

/* The newest segment, read to its end: where that is, and whether what stands behind it is a crash's or damage. */
static int scan_newest(struct recovery *r, const struct store_segment *segment, int fd, const char *name)
{
    struct store_walk *walk = &r->view.walk;
    struct store_frame frame;
    uint64_t used, promise;
    int step, error;

    do {
        step = store_walk_next(walk, &frame);
    } while (step == STORE_STEP_ENTRY || step == STORE_STEP_MARK);
    if (step < 0)
        return nw_fault(step);
    if (step == STORE_STEP_INDEX) {
        error = walk->offset < r->view.size ? cut(r, fd, name, walk->offset) : 0;
        r->out->next = walk->seq;
        return error < 0 ? error : add(r, segment, walk->seq - 1, nw_clock_wall());
    }
    error = store_window_used(&r->view.window, walk->offset, &used);
    if (error == 0)
        error = store_walk_promise(walk, &promise);
    if (error < 0)
        return nw_fault(error);
    if (r->has_head && r->head.durable > promise)
        promise = r->head.durable;
    if (used > walk->offset && promise >= walk->seq) {
        error = store_mend(r->disk, r->folder, &r->out->identity, segment, promise, UINT64_MAX, &r->out->segments);
        r->out->next = promise + 1;
        return error;
    }
    if (used > walk->offset) {
        error = clear_behind(r->disk, fd, name, walk->offset);
        if (error < 0)
            return nw_fault(error);
        nw_info("%s/%s ends with entry %" PRIu64 ": took away what an earlier use or a crash left behind it; nothing "
                "that was durable is lost",
                r->folder, name, walk->seq - 1);
    }
    return take_active(r, segment, walk, fd, name);
}

/* Makes what the last writer has written durable, if it is not, and reads it from the disk: after a failed sync the
 * cache may show what the disk does not hold. */
static int settle(struct recovery *r, const char *name, int *fd)
{
    int error;

    *fd = openat(r->disk->folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0)
        return errno == ENOENT || errno == ELOOP ? 0 : nw_fault(-errno);
    error = store_disk_sync(r->disk, *fd, name);
    if (error < 0)
        return nw_fault(error);
    (void)posix_fadvise(*fd, 0, 0, POSIX_FADV_DONTNEED);
    return 0;
}

static int recover_newest(struct recovery *r, struct store_segment *segment)
{
    char name[STORE_NAME];
    size_t before = r->out->segments.n;
    int fd, result;

    store_segment_name(name, segment->first, segment->kind);
    result = settle(r, name, &fd);
    if (result == 0)
        result = view_open(r, segment, &r->out->identity);
    if (result == 0 && segment->kind == STORE_PLAIN) {
        result = store_view_distrust(&r->view);
        result = result < 0 ? nw_fault(result) : scan_newest(r, segment, fd, name);
    } else if (result == STORE_VIEW_BAD && segment->kind == STORE_PLAIN)
        result = store_mend(r->disk, r->folder, &r->out->identity, segment, r->has_head ? r->head.durable : UINT64_MAX,
                            UINT64_MAX, &r->out->segments);
    else if (result >= 0)
        result = recover_closed(r, segment, UINT64_MAX - 1);
    if (result == 0 && r->out->active.open)
        r->out->fd = fd;
    else if (fd >= 0)
        close(fd);
    if (result == 0 && r->out->segments.n > before) {
        const struct store_segment *newest = &r->out->segments.p[r->out->segments.n - 1];
        if (newest->last >= r->out->next)
            r->out->next = newest->last + 1;
    }
    return result;
}

/* The first segment of a new log, durable before anything else is. */
static int make_first(struct recovery *r)
{
    struct store_recovered *out = r->out;
    struct store_header header = {
        .kind = STORE_PLAIN, .identity = out->identity, .first = out->next, .made = nw_clock_wall()};
    uint64_t size = r->options->segment_bytes;
    unsigned char start[STORE_HEADER];
    char name[STORE_NAME];
    int error = store_disk_make(r->disk, STORE_NAME_WORK, &out->fd);

    store_header_put(start, &header);
    store_segment_name(name, out->next, STORE_PLAIN);
    if (error == 0)
        error = store_disk_allocate(r->disk, out->fd, STORE_NAME_WORK, size);
    if (error == 0)
        error = store_disk_write(r->disk, out->fd, STORE_NAME_WORK, start, sizeof start, 0);
    if (error == 0)
        error = store_disk_sync_all(r->disk, out->fd, STORE_NAME_WORK);
    if (error == 0)
        error = store_disk_rename(r->disk, STORE_NAME_WORK, name);
    if (error == 0)
        error = store_disk_sync_folder(r->disk);
    if (error == 0)
        error = store_spots_add(&out->active.spots, 0, STORE_HEADER);
    if (error == 0)
        error = store_segments_add(
            &out->segments,
            (struct store_segment){
                .first = out->next, .kind = STORE_PLAIN, .last = out->next - 1, .bytes = size, .closed = header.made});
    if (error < 0) {
        nw_error("cannot make the log in %s%s", r->folder,
                 store_disk_full(error) ? ": the disk is full; free some space and start again" : "");
        return nw_fault(error);
    }
    out->active.open = true;
    out->active.first = out->next;
    out->active.offset = out->active.mark = STORE_HEADER;
    out->active.limit = size;
    out->active.made = header.made;
    return 0;
}

static void tell_gaps(const struct recovery *r)
{
    const struct store_segments *s = &r->out->segments;

    for (size_t i = 0; i < s->n; i++) {
        uint64_t from = s->p[i].last + 1, to = i + 1 < s->n ? s->p[i + 1].first : r->out->next;
        if (from < to)
            nw_error("%s: entries %" PRIu64 " to %" PRIu64 " are missing: look for a damaged disk, and for *.corrupt "
                     "files there",
                     r->folder, from, to - 1);
    }
}

int store_recover(const struct store_disk *disk, const struct nw_store_options *options,
                  struct store_recovered *recovered)
{
    struct recovery r = {
        .disk = disk, .options = options, .folder = options->folder, .view = {.fd = -1}, .out = recovered};
    int error;

    *recovered = (struct store_recovered){.fd = -1};
    /* First of all the names that a killed writer gave become durable: before `head` vouches for them, and before a
     * plain file goes because a compressed one has its name. */
    error = store_disk_sync_folder(disk);
    if (error == 0)
        error = store_disk_remove(disk, STORE_NAME_WORK);
    if (error == 0)
        error = store_segments_load(&r.found, disk->folder);
    if (error < 0) {
        nw_fault(error);
        goto out;
    }
    error = find_identity(&r);
    for (size_t i = 0; error == 0 && i < r.found.n; i++)
        error = i + 1 < r.found.n ? recover_closed(&r, &r.found.p[i], r.found.p[i + 1].first - 1)
                                  : recover_newest(&r, &r.found.p[i]);
    if (error < 0)
        goto out;
    if (r.has_head && r.head.durable >= recovered->next)
        recovered->next = r.head.durable + 1;
    if (recovered->segments.n == 0) {
        if (recovered->next < options->base)
            recovered->next = options->base;
        error = make_first(&r);
    }
    if (error == 0)
        tell_gaps(&r);
out:
    store_view_close(&r.view);
    store_segments_free(&r.found);
    if (error < 0)
        store_recovered_free(recovered);
    return error;
}

void store_recovered_free(struct store_recovered *recovered)
{
    if (recovered->fd >= 0)
        close(recovered->fd);
    store_segments_free(&recovered->segments);
    store_spots_free(&recovered->active.spots);
    *recovered = (struct store_recovered){.fd = -1};
}
