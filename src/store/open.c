/* Opens and closes a store: folder, lock, recovery, committer. See log.h. */
#include "store/store.h"

#include "store/head.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PID_TEXT = 32 };

#define SEGMENT_BYTES ((uint64_t)64 << 20)
#define COMMIT_BYTES  ((size_t)4 << 20)
#define PENDING_BYTES ((size_t)32 << 20)

/* The folder's own name is made durable too: a log that vanishes with its folder would have promised nothing. */
static int make_folder(const char *folder)
{
    char *parent;
    const char *slash;
    int fd, error = 0;

    if (mkdir(folder, 0700) < 0)
        return errno == EEXIST ? 0 : -errno;
    slash = strrchr(folder, '/');
    if (slash == folder)
        slash++;
    parent = slash ? strndup(folder, (size_t)(slash - folder)) : strdup(".");
    if (!parent)
        return -ENOMEM;
    fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        error = -errno;
    if (fd >= 0)
        close(fd);
    free(parent);
    return error;
}

/* One writer a folder. 0, or NW_STORE_TAKEN, or an error. */
static int take_lock(struct nw_store *store)
{
    char text[PID_TEXT] = "";
    ssize_t n;

    store->lock_fd = openat(store->disk.folder, STORE_NAME_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (store->lock_fd < 0)
        return nw_fault(-errno);
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK)
            return nw_fault(-errno);
        n = pread(store->lock_fd, text, sizeof text - 1, 0);
        text[n > 0 ? (size_t)n : 0] = '\0';
        text[strcspn(text, "\n")] = '\0';
        nw_error("the log in %s is open in process %s: stop that one, or give this one a folder of its own",
                 store->folder, text[0] ? text : "(unknown)");
        return NW_STORE_TAKEN;
    }
    snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(store->lock_fd, 0) < 0 || pwrite(store->lock_fd, text, strlen(text), 0) < 0)
        nw_warn("cannot write the process id into %s/%s: on a full disk that is no harm", store->folder,
                STORE_NAME_LOCK);
    return 0;
}

static int take_options(struct nw_store *store, const struct nw_store_options *options)
{
    struct nw_store_options *o = &store->options;

    *o = *options;
    if (o->base == 0)
        o->base = 1;
    if (o->segment_bytes == 0)
        o->segment_bytes = SEGMENT_BYTES;
    if (o->commit_bytes == 0)
        o->commit_bytes = COMMIT_BYTES;
    if (o->pending_bytes == 0)
        o->pending_bytes = PENDING_BYTES;
    if (!o->folder || o->segment_bytes < NW_STORE_SEGMENT_MIN || o->segment_bytes > NW_STORE_SEGMENT_MAX)
        return nw_fault(-EINVAL);
    store->folder = nw_malloc(strlen(o->folder) + 1);
    if (!store->folder)
        return nw_fault(-ENOMEM);
    memcpy(store->folder, o->folder, strlen(o->folder) + 1);
    o->folder = store->folder;
    store->disk.hook = o->hook;
    return 0;
}

static int open_folder(struct nw_store *store)
{
    int error = make_folder(store->folder);

    store->disk.folder = error < 0 ? -1 : open(store->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (error == 0 && store->disk.folder < 0)
        error = -errno;
    if (error < 0) {
        nw_error("cannot open the folder %s for a log", store->folder);
        return nw_fault(error);
    }
    return 0;
}

/* Tells readers how far they may read, before the first append. */
static int start_head(struct nw_store *store, uint64_t durable)
{
    struct store_head head = {.identity = store->identity, .durable = durable};
    int error = store_head_open(&store->disk, &store->head_fd);

    if (error == 0)
        error = store_head_write(&store->disk, store->head_fd, &head);
    if (error == 0)
        error = store_disk_sync_all(&store->disk, store->head_fd, STORE_NAME_HEAD);
    if (error == 0)
        error = store_disk_sync_folder(&store->disk);
    return error < 0 ? nw_fault(error) : 0;
}

static int start(struct nw_store *store)
{
    struct store_recovered recovered;
    int error = open_folder(store);

    if (error == 0)
        error = take_lock(store);
    if (error == 0)
        error = store_recover(&store->disk, &store->options, &recovered);
    if (error != 0)
        return error;
    store->identity = recovered.identity;
    store->segments = recovered.segments;
    store->active = recovered.active;
    store->fd = recovered.fd;
    store->fd_segment = recovered.active.first;
    store->next = recovered.next;
    atomic_store(&store->durable, recovered.next - 1);
    atomic_store(&store->first, recovered.segments.p[0].first);
    error = start_head(store, recovered.next - 1);
    if (error < 0)
        return error;
    store->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (store->event_fd < 0)
        return nw_fault(-errno);
    error = store_blocks_open(&store->blocks);
    if (error == 0 && store->fd >= 0)
        error = store_blocks_begin(&store->blocks, store->fd, store->options.segment_bytes, store->active.offset);
    if (error < 0)
        return nw_fault(error);
    store->retain = true;
    store_used_load(store);
    return store_committer_start(store);
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void store_free(struct nw_store *store)
{
    nw_store_reader_close(&store->past);
    store_press_free(store);
    store_pending_free(store);
    store_spots_free(&store->active.spots);
    store_segments_free(&store->segments);
    store_blocks_close(&store->blocks);
    close_fd(store->fd);
    close_fd(store->spare_fd);
    close_fd(store->head_fd);
    close_fd(store->event_fd);
    close_fd(store->disk.folder);
    close_fd(store->lock_fd); /* last: the log is free for another writer */
    pthread_cond_destroy(&store->done);
    pthread_cond_destroy(&store->wake);
    pthread_mutex_destroy(&store->mutex);
    pthread_mutex_destroy(&store->sweep);
    nw_free(store->folder);
    nw_free(store);
}

int nw_store_open(const struct nw_store_options *options, struct nw_store **out)
{
    struct nw_store *store = nw_calloc(1, sizeof *store);
    pthread_condattr_t monotonic;
    int error;

    *out = NULL;
    if (!store)
        return nw_fault(-ENOMEM);
    store->lock_fd = store->event_fd = store->fd = store->spare_fd = store->head_fd = store->disk.folder = -1;
    pthread_mutex_init(&store->mutex, NULL);
    pthread_mutex_init(&store->sweep, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&store->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_cond_init(&store->done, NULL);
    error = take_options(store, options);
    if (error == 0)
        error = start(store);
    if (error != 0) {
        store_free(store);
        return error;
    }
    *out = store;
    return 0;
}

void nw_store_close(struct nw_store **out)
{
    struct nw_store *store = *out;

    if (!store)
        return;
    *out = NULL;
    (void)nw_store_commit(store); /* a failure has been told already */
    store_committer_stop(store);
    store_free(store);
}
