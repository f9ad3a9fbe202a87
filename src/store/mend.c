/* Saves what is good of a damaged segment: see recover.h. */
#include "store/recover.h"
#include "store/walk.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CORRUPT_NAMES = 100, COPY = 1 << 20 };

/* Good entries first to next - 1, in the bytes from..to of the damaged file. */
struct run {
    uint64_t first, next, from, to;
};

struct runs {
    struct run *p;
    size_t n, cap;
};

static int runs_add(struct runs *runs, struct run run)
{
    if (run.first == run.next)
        return 0;
    if (runs->n == runs->cap) {
        size_t cap = runs->cap ? runs->cap * 2 : 8;
        struct run *p = nw_realloc(runs->p, cap * sizeof *p);
        if (!p)
            return nw_fault(-ENOMEM);
        runs->p = p;
        runs->cap = cap;
    }
    runs->p[runs->n++] = run;
    return 0;
}

static int find_runs(struct store_walk walk, uint64_t promised, uint64_t end, struct runs *runs)
{
    struct run run = {walk.seq, walk.seq, walk.offset, walk.offset};

    for (;;) {
        struct store_frame frame;
        int step = walk.seq > end ? STORE_STEP_INDEX : store_walk_next(&walk, &frame), error;
        if (step < 0)
            return nw_fault(step);
        if (step == STORE_STEP_ENTRY || step == STORE_STEP_MARK) {
            run.next = walk.seq;
            if (step == STORE_STEP_ENTRY) /* a mark at the very end belongs to no entry */
                run.to = walk.offset;
            continue;
        }
        error = runs_add(runs, run);
        if (error < 0 || step == STORE_STEP_INDEX || walk.seq > promised)
            return error;
        step = store_walk_resume(&walk);
        if (step <= 0)
            return step < 0 ? nw_fault(step) : 0;
        run = (struct run){walk.seq, walk.seq, walk.offset, walk.offset};
    }
}

/* The places of the marks that the run will have in a segment of its own. */
static int run_spots(struct store_walk walk, const struct run *run, struct store_spots *spots)
{
    int error = store_spots_add(spots, 0, STORE_HEADER);

    walk.offset = run->from;
    walk.seq = run->first;
    while (error == 0 && walk.offset < run->to) {
        struct store_frame frame;
        int step = store_walk_next(&walk, &frame);
        if (step != STORE_STEP_ENTRY && step != STORE_STEP_MARK)
            return step < 0 ? step : -EIO; /* it was good a moment ago */
        if (step == STORE_STEP_MARK && frame.offset > run->from)
            error = store_spots_add(spots, frame.seq - run->first, frame.offset - run->from + STORE_HEADER);
    }
    return error;
}

static int copy_run(const struct store_disk *disk, int to, struct store_window *window, const struct run *run)
{
    for (uint64_t offset = run->from; offset < run->to;) {
        const unsigned char *p = NULL;
        size_t n = run->to - offset < COPY ? (size_t)(run->to - offset) : COPY, got;
        int error = store_window_get(window, offset, n, &p, &got);
        if (error == 0 && got < n)
            error = -EIO;
        if (error == 0)
            error = store_disk_write(disk, to, STORE_NAME_WORK, p, n, offset - run->from + STORE_HEADER);
        if (error < 0)
            return error;
        offset += n;
    }
    return 0;
}

/* Writes a run as a closed segment, durable under its name when this returns 0. */
static int write_run(const struct store_disk *disk, const struct store_header *model, const struct store_walk *walk,
                     const struct run *run, struct store_segments *out)
{
    struct store_header header = *model;
    struct store_spots spots = {0};
    struct store_tail tail = {.last = run->next - 1, .closed = model->made, .end = run->to - run->from + STORE_HEADER};
    unsigned char start[STORE_HEADER], *index = NULL;
    char name[STORE_NAME];
    size_t size;
    int fd = -1, error = run_spots(*walk, run, &spots);

    if (error < 0)
        goto out;
    size = store_index_size(spots.n);
    index = nw_malloc(size);
    error = index ? store_disk_make(disk, STORE_NAME_WORK, &fd) : -ENOMEM;
    if (error < 0)
        goto out;
    header.first = run->first;
    header.kind = STORE_PLAIN;
    store_header_put(start, &header);
    store_index_put(index, header.identity.salt, &spots, tail);
    store_segment_name(name, run->first, STORE_PLAIN);
    error = store_disk_write(disk, fd, STORE_NAME_WORK, start, sizeof start, 0);
    if (error == 0)
        error = copy_run(disk, fd, walk->window, run);
    if (error == 0)
        error = store_disk_write(disk, fd, STORE_NAME_WORK, index, size, tail.end);
    if (error == 0)
        error = store_disk_sync_all(disk, fd, STORE_NAME_WORK);
    if (error == 0)
        error = store_disk_rename(disk, STORE_NAME_WORK, name);
    if (error == 0)
        error = store_disk_sync_folder(disk);
    if (error == 0)
        error = store_segments_add(out, (struct store_segment){.first = run->first,
                                                               .last = tail.last,
                                                               .kind = STORE_PLAIN,
                                                               .bytes = tail.end + size,
                                                               .closed = tail.closed});
out:
    if (fd >= 0)
        close(fd);
    nw_free(index);
    store_spots_free(&spots);
    return error < 0 ? nw_fault(error) : 0;
}

/* A name NAME.corrupt, .corrupt.1, … that is free or is this very file already. 1: it is, 0: free. */
static int corrupt_name(const struct store_disk *disk, const struct store_segment *segment, char out[STORE_NAME])
{
    char name[STORE_NAME], plain[STORE_NAME];
    struct stat self, other;

    store_segment_name(name, segment->first, segment->kind);
    store_segment_corrupt_name(plain, segment->first, segment->kind);
    if (fstatat(disk->folder, name, &self, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    for (int i = 0; i < CORRUPT_NAMES; i++) {
        if (i == 0)
            snprintf(out, STORE_NAME, "%s", plain);
        else
            snprintf(out, STORE_NAME, "%.32s.%d", plain, i);
        if (fstatat(disk->folder, out, &other, AT_SYMLINK_NOFOLLOW) < 0)
            return errno == ENOENT ? 0 : -errno;
        if (other.st_ino == self.st_ino)
            return 1;
    }
    return -EEXIST;
}

int store_quarantine(const struct store_disk *disk, const char *folder, const struct store_segment *segment)
{
    char name[STORE_NAME], corrupt[STORE_NAME];
    int error = corrupt_name(disk, segment, corrupt);

    store_segment_name(name, segment->first, segment->kind);
    if (error >= 0)
        error = store_disk_rename(disk, name, corrupt);
    if (error == 0)
        error = store_disk_sync_folder(disk);
    if (error < 0)
        return nw_fault(error);
    nw_error("%s/%s is damaged: it is now %s, and the log goes on without it", folder, name, corrupt);
    return 0;
}

/* Opens the damaged file for the walk; its header need not be good. */
static int open_damaged(const struct store_disk *disk, const char *name, const struct store_identity *identity,
                        uint64_t first, struct store_header *header, uint64_t *size)
{
    unsigned char start[STORE_HEADER];
    struct stat st;
    size_t got;
    int fd = openat(disk->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int error = fd < 0 || fstat(fd, &st) < 0 ? -errno : store_disk_read(fd, start, sizeof start, 0, &got);

    if (error < 0) {
        if (fd >= 0)
            close(fd);
        return error;
    }
    if (got < sizeof start || !store_header_get(start, header))
        header->made = (int64_t)st.st_mtime * 1000;
    header->identity = *identity;
    header->first = first;
    *size = (uint64_t)st.st_size < UINT32_MAX ? (uint64_t)st.st_size : UINT32_MAX;
    return fd;
}

int store_mend(const struct store_disk *disk, const char *folder, const struct store_identity *identity,
               const struct store_segment *segment, uint64_t promised, uint64_t end, struct store_segments *out)
{
    struct store_window window = {.fd = -1};
    struct store_walk walk = {.window = &window, .salt = identity->salt, .offset = STORE_HEADER, .seq = segment->first};
    struct store_header header = {0};
    struct runs runs = {0};
    char name[STORE_NAME], corrupt[STORE_NAME];
    size_t before = out->n;
    uint64_t size, kept = 0;
    int fd, error;

    store_segment_name(name, segment->first, segment->kind);
    fd = open_damaged(disk, name, identity, segment->first, &header, &size);
    if (fd < 0)
        return nw_fault(fd);
    store_window_file(&window, fd, size);
    error = find_runs(walk, promised, end, &runs);
    if (error < 0)
        goto out;
    error = corrupt_name(disk, segment, corrupt);
    if (error == 0)
        error = store_disk_link(disk, name, corrupt);
    if (error >= 0)
        error = store_disk_sync_folder(disk);
    /* The last run first: until the first one takes the damaged file's name, each state is one that mends again. */
    for (size_t i = runs.n; error == 0 && i-- > 0;) {
        error = write_run(disk, &header, &walk, &runs.p[i], out);
        kept += runs.p[i].next - runs.p[i].first;
    }
    if (error == 0 && (runs.n == 0 || runs.p[0].first != segment->first)) {
        error = store_disk_remove(disk, name);
        if (error == 0)
            error = store_disk_sync_folder(disk);
    }
    if (error < 0) {
        nw_fault(error);
        goto out;
    }
    for (size_t i = before, j = out->n; i + 1 < j; i++) { /* they were added backwards */
        struct store_segment swap = out->p[i];
        out->p[i] = out->p[--j];
        out->p[j] = swap;
    }
    nw_error("%s/%s is damaged: %" PRIu64 " good entries of it are kept, the damaged file is %s", folder, name, kept,
             corrupt);
out:
    close(fd);
    store_window_free(&window);
    nw_free(runs.p);
    return error;
}
