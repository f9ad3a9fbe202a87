/*
 * The committer: the one thread that writes, syncs, begins segments and deletes them. Recovery relies on its order.
 *
 * Within a segment: write what was handed over, fdatasync, tell `head`, raise durable.
 *
 * At a change of segments: all of the old one with its index, cut, fsync; only then a byte of the new one, fdatasync;
 * only then its name, fsync of the folder; only then durable rises.
 */
#include "store/store.h"

#include "store/head.h"

#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct piece {
    const struct store_chunk *chunk;
    size_t from, to;
    uint64_t seq;
    bool closes;
};

void store_signal(struct nw_store *store)
{
    uint64_t one = 1;

    while (write(store->event_fd, &one, sizeof one) < 0 && errno == EINTR)
        ; /* EAGAIN: it is readable already */
}

void store_fail(struct nw_store *store, int error, const char *what, const char *name)
{
    char text[128];

    pthread_mutex_lock(&store->mutex);
    if (atomic_load(&store->failed) == 0) {
        if (strerror_r(-error, text, sizeof text) != 0)
            text[0] = '\0';
        snprintf(store->why, sizeof store->why, "%s of %s/%s failed: %s", what, store->folder, name, text);
        nw_error("%s; nothing more is written to this log until it is opened anew", store->why);
        atomic_store(&store->failed, error);
    }
    pthread_cond_broadcast(&store->done);
    pthread_mutex_unlock(&store->mutex);
    store_signal(store);
}

/* What is handed over and not yet written; the mutex is held. */
static size_t take_pieces(const struct nw_store *store, struct piece pieces[STORE_PIECES])
{
    size_t n = 0;

    for (const struct store_chunk *chunk = store->oldest; chunk && n < STORE_PIECES; chunk = chunk->next)
        if (chunk->handed > chunk->written)
            pieces[n++] = (struct piece){chunk, chunk->written, chunk->handed, chunk->handed_seq, chunk->closes};
    return n;
}

static void name_of(const struct nw_store *store, char out[STORE_NAME])
{
    store_segment_name(out, store->fd_segment, STORE_PLAIN);
}

/* The new segment is durable: it gets its name, and may be found from now on. */
static int publish(struct nw_store *store, const struct store_chunk *first)
{
    char name[STORE_NAME];
    int error;

    name_of(store, name);
    error = store_disk_rename(&store->disk, STORE_NAME_SPARE, name);
    if (error == 0)
        error = store_disk_sync_folder(&store->disk);
    if (error < 0) {
        store_fail(store, error, "naming", name);
        return error;
    }
    pthread_mutex_lock(&store->mutex);
    (void)store_segments_add(&store->segments, (struct store_segment){.first = store->fd_segment,
                                                                      .kind = STORE_PLAIN,
                                                                      .last = store->fd_segment - 1,
                                                                      .bytes = store->options.segment_bytes,
                                                                      .closed = first->made}); /* room was reserved */
    store->spare = STORE_SPARE_WANTED;
    store->retain = true;
    pthread_mutex_unlock(&store->mutex);
    return 0;
}

static int sync_segment(struct nw_store *store, const struct store_chunk **opened)
{
    const char *name = STORE_NAME_SPARE;
    char own[STORE_NAME];
    int error;

    name_of(store, own);
    if (!*opened)
        name = own;
    error = store_disk_sync(&store->disk, store->fd, name);
    if (error < 0) {
        store_fail(store, error, "sync", name);
        return error;
    }
    error = *opened ? publish(store, *opened) : 0;
    *opened = NULL;
    return error;
}

/* The last piece of a segment is written: cuts what was preallocated behind it. */
static int close_segment(struct nw_store *store, uint64_t size, uint64_t last, const struct store_chunk **opened)
{
    char name[STORE_NAME];
    int error;

    name_of(store, name);
    error = store_disk_cut(&store->disk, store->fd, *opened ? STORE_NAME_SPARE : name, size);
    if (error == 0)
        error = store_disk_sync_all(&store->disk, store->fd, *opened ? STORE_NAME_SPARE : name);
    if (error < 0) {
        store_fail(store, error, "closing", name);
        return error;
    }
    if (*opened)
        error = publish(store, *opened);
    *opened = NULL;
    if (error < 0)
        return error;
    close(store->fd);
    store->fd = -1;
    pthread_mutex_lock(&store->mutex);
    store->segments.p[store->segments.n - 1].last = last;
    store->segments.p[store->segments.n - 1].bytes = size;
    store->segments.p[store->segments.n - 1].closed = nw_clock_wall();
    pthread_mutex_unlock(&store->mutex);
    return 0;
}

static int write_pieces(struct nw_store *store, const struct piece *pieces, size_t n)
{
    const struct store_chunk *opened = NULL; /* the first chunk of a segment that has no name yet */
    int error = 0;

    for (size_t i = 0; i < n && error == 0; i++) {
        const struct piece *piece = &pieces[i];
        char name[STORE_NAME];
        if (piece->chunk->opens && piece->from == 0) {
            store->fd = store->spare_fd;
            store->spare_fd = -1;
            store->fd_segment = piece->chunk->segment;
            opened = piece->chunk;
            error = store_blocks_begin(&store->blocks, store->fd, store->options.segment_bytes, 0);
        }
        name_of(store, name);
        if (error == 0)
            error = store_blocks_write(&store->blocks, &store->disk, store->fd, opened ? STORE_NAME_SPARE : name,
                                       piece->chunk->p + piece->from, piece->to - piece->from,
                                       store->options.segment_bytes);
        if (error < 0) {
            store_fail(store, error, "write", name);
            return error;
        }
        if (piece->closes)
            error = close_segment(store, piece->chunk->offset + piece->to, piece->seq, &opened);
    }
    return error == 0 && store->fd >= 0 ? sync_segment(store, &opened) : error;
}

/* Makes durable what was handed over; the mutex is held before and after. */
static void commit(struct nw_store *store, const struct piece *pieces, size_t n)
{
    struct store_head head = {.identity = store->identity, .durable = pieces[n - 1].seq};
    uint64_t bytes = 0;
    int error;

    pthread_mutex_unlock(&store->mutex);
    error = write_pieces(store, pieces, n);
    if (error == 0) {
        error = store_head_write(&store->disk, store->head_fd, &head);
        if (error < 0)
            store_fail(store, error, "write", STORE_NAME_HEAD);
    }
    pthread_mutex_lock(&store->mutex);
    if (error < 0)
        return;
    for (size_t i = 0; i < n; i++) {
        bytes += pieces[i].to - pieces[i].from;
        for (struct store_chunk *chunk = store->oldest; chunk; chunk = chunk->next)
            if (chunk == pieces[i].chunk)
                chunk->written = pieces[i].to;
    }
    atomic_fetch_add(&store->written, bytes);
    atomic_store(&store->durable, head.durable);
    pthread_cond_broadcast(&store->done);
    store_signal(store);
}

static bool is_before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

static struct timespec later(struct timespec time, int64_t us)
{
    time.tv_sec += us / 1000000;
    time.tv_nsec += us % 1000000 * 1000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

/*
 * Whether to commit now what was handed over. A commit costs a disk about the same whatever its size, so where commits
 * would follow one another closely, each begins some ms after the one before began, and takes what has come meanwhile;
 * one alone never waits. The mutex is held before and after.
 */
static bool is_due(struct nw_store *store)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now); /* the condition's clock, which no test sets */
    if (store->hurry || store->quit || !is_before(&now, &store->due)) {
        store->due = later(now, store->options.gather_us);
        store->hurry = false;
        return true;
    }
    store->gathering = true;
    pthread_cond_timedwait(&store->wake, &store->mutex, &store->due);
    store->gathering = false;
    return false;
}

/* A spare that an earlier life left, if it is as good as new. */
static bool reuse_spare(struct nw_store *store)
{
    struct stat st;

    store->spare_fd = openat(store->disk.folder, STORE_NAME_SPARE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (store->spare_fd < 0)
        return false;
    if (fstat(store->spare_fd, &st) == 0 && (uint64_t)st.st_size == store->options.segment_bytes &&
        store_disk_untouched(store->spare_fd, store->options.segment_bytes))
        return true;
    close(store->spare_fd);
    store->spare_fd = -1;
    return false;
}

/* 0: there is a spare; -ENOSPC or -EDQUOT: no room for one; another error: the store is to fail. */
static int make_spare(struct nw_store *store)
{
    uint64_t size = store->options.segment_bytes, room;
    int error;

    if (reuse_spare(store))
        return 0;
    error = store_disk_remove(&store->disk, STORE_NAME_SPARE);
    if (error == 0)
        error = store_used_take(store, &store->spare_fd);
    if (error == -ENOENT) {
        error = store_disk_free(&store->disk, &room);
        if (error == 0 && (room < size || room - size < store->options.reserve_bytes))
            error = -ENOSPC;
        if (error == 0)
            error = store_disk_make(&store->disk, STORE_NAME_SPARE, &store->spare_fd);
    }
    if (error == 0)
        error = store_disk_allocate(&store->disk, store->spare_fd, STORE_NAME_SPARE, size);
    if (error == 0)
        error = store_disk_sync_all(&store->disk, store->spare_fd, STORE_NAME_SPARE);
    if (error < 0) {
        if (store->spare_fd >= 0)
            close(store->spare_fd);
        store->spare_fd = -1;
        if (store_disk_full(error))
            (void)store_disk_remove(&store->disk, STORE_NAME_SPARE);
    }
    return error;
}

/* The mutex is held before and after. */
static void prepare_spare(struct nw_store *store)
{
    bool again = store->spare == STORE_SPARE_AGAIN;
    int error;

    pthread_mutex_unlock(&store->mutex);
    error = make_spare(store);
    if (error < 0 && !store_disk_full(error))
        store_fail(store, error, "allocation", STORE_NAME_SPARE);
    pthread_mutex_lock(&store->mutex);
    store->spare = error < 0 ? STORE_SPARE_NO_ROOM : STORE_SPARE_READY;
    pthread_cond_broadcast(&store->done);
    if (error < 0 && again)
        return; /* as before: nobody needs to know */
    if (error < 0)
        nw_warn("%s: no room for another segment of %" PRIu64 " bytes beyond the reserve of %" PRIu64
                ": appends are refused once the one in use is full, until space is freed",
                store->folder, store->options.segment_bytes, store->options.reserve_bytes);
    else if (again)
        nw_info("%s: there is room for segments again", store->folder);
    store_signal(store);
}

static void *run(void *context)
{
    struct nw_store *store = context;
    struct piece pieces[STORE_PIECES];

    pthread_mutex_lock(&store->mutex);
    while (atomic_load(&store->failed) == 0) {
        size_t n = take_pieces(store, pieces);
        if (n) {
            if (is_due(store))
                commit(store, pieces, n);
        } else if (store->quit) {
            break;
        } else if (store->spare == STORE_SPARE_WANTED || store->spare == STORE_SPARE_AGAIN) {
            prepare_spare(store);
        } else if (store->retain && !store->upkept) {
            store->retain = false;
            pthread_mutex_unlock(&store->mutex);
            bool more = store_retain_step(store);
            pthread_mutex_lock(&store->mutex);
            store->retain |= more;
        } else {
            pthread_cond_wait(&store->wake, &store->mutex);
        }
    }
    pthread_mutex_unlock(&store->mutex);
    return NULL;
}

int store_committer_start(struct nw_store *store)
{
    sigset_t all, old;
    int error;

    sigfillset(&all);
    error = pthread_sigmask(SIG_SETMASK, &all, &old);
    if (error)
        return nw_fault(-error);
    error = pthread_create(&store->thread, NULL, run, store);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    store->running = error == 0;
    return error ? nw_fault(-error) : 0;
}

void store_committer_stop(struct nw_store *store)
{
    if (!store->running)
        return;
    pthread_mutex_lock(&store->mutex);
    store->quit = true;
    pthread_cond_signal(&store->wake);
    pthread_mutex_unlock(&store->mutex);
    pthread_join(store->thread, NULL);
    store->running = false;
}
