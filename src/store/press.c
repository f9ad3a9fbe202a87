/*
 * Compresses closed segments, one zstd frame a call: nw_store_maintain. Each frame is unpacked again and compared
 * before it is written; the plain file goes only when the compressed one is whole, durable and named. Works while the
 * committer writes: it touches the list of segments under the mutex, at the beginning and the end of a segment.
 */
#include "store/store.h"

#include "store/view.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>
#include <zstd.h>

enum { LEVEL = 3 };

/* The segment that is being compressed. */
struct store_press {
    struct store_view view; /* the plain file */
    int fd;                 /* of the compressed one, still named `work` */
    uint64_t offset;        /* where its next frame goes */
    struct store_spots spots;
    uint64_t seq; /* first entry of the frame at hand */
    struct nw_buf raw, packed, check;
    ZSTD_CCtx *pack;
    ZSTD_DCtx *unpack;
};

static void press_free(struct store_press *press)
{
    store_view_close(&press->view);
    if (press->fd >= 0)
        close(press->fd);
    store_spots_free(&press->spots);
    nw_buf_free(&press->raw);
    nw_buf_free(&press->packed);
    nw_buf_free(&press->check);
    ZSTD_freeCCtx(press->pack);
    ZSTD_freeDCtx(press->unpack);
    nw_free(press);
}

void store_press_free(struct nw_store *store)
{
    if (store->press)
        press_free(store->press);
    store->press = NULL;
}

/* The place of a segment in the list, SIZE_MAX when it was dropped meanwhile; the mutex is held. */
static size_t place_of(const struct nw_store *store, uint64_t first)
{
    size_t i = store_segments_find(&store->segments, first);

    return i != SIZE_MAX && store->segments.p[i].first == first ? i : SIZE_MAX;
}

/* Leaves the segment as it is: until the next open when `never`, else until the next call. */
static void give_up(struct nw_store *store, bool never)
{
    uint64_t first = store->press->view.header.first;
    size_t i;

    store_press_free(store);
    (void)store_disk_remove(&store->disk, STORE_NAME_WORK); /* or the next open does */
    pthread_mutex_lock(&store->mutex);
    i = place_of(store, first);
    if (i != SIZE_MAX)
        store->segments.p[i].unpackable |= never;
    pthread_mutex_unlock(&store->mutex);
}

static int press_new(struct store_press **out)
{
    struct store_press *press = nw_calloc(1, sizeof *press);

    *out = NULL;
    if (!press)
        return nw_fault(-ENOMEM);
    press->fd = press->view.fd = press->view.window.fd = -1;
    nw_buf_init(&press->raw, STORE_PACK_MOST);
    nw_buf_init(&press->check, STORE_PACK_MOST);
    nw_buf_init(&press->packed, ZSTD_compressBound(STORE_PACK_MOST));
    press->pack = ZSTD_createCCtx();
    press->unpack = ZSTD_createDCtx();
    if (!press->pack || !press->unpack) {
        press_free(press);
        return nw_fault(-ENOMEM);
    }
    ZSTD_CCtx_setParameter(press->pack, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(press->pack, ZSTD_c_checksumFlag, 1);
    *out = press;
    return 0;
}

/* Begins with the oldest closed segment that is not compressed. */
static int begin(struct nw_store *store)
{
    struct store_segment segment = {0};
    unsigned char start[STORE_HEADER];
    struct store_header header;
    char name[STORE_NAME];
    uint64_t room;
    int error;

    pthread_mutex_lock(&store->mutex);
    for (size_t i = 0; i + 1 < store->segments.n && segment.first == 0; i++)
        if (store->segments.p[i].kind == STORE_PLAIN && !store->segments.p[i].unpackable)
            segment = store->segments.p[i];
    pthread_mutex_unlock(&store->mutex);
    if (segment.first == 0)
        return NW_STORE_IDLE;
    error = store_disk_free(&store->disk, &room);
    if (error < 0)
        return nw_fault(error);
    if (room < segment.bytes || room - segment.bytes < store->options.reserve_bytes)
        return NW_STORE_NO_ROOM;
    error = press_new(&store->press);
    if (error < 0)
        return error;
    store_segment_name(name, segment.first, segment.kind);
    error = store_view_open(&store->press->view, store->disk.folder, name, segment.first, &store->identity);
    if (error != 0 || !store->press->view.closed) {
        store->press->view.header.first = segment.first;
        give_up(store, error == 0 || error == STORE_VIEW_BAD);
        return error < 0 ? nw_fault(error) : 0; /* dropped meanwhile, or to be mended when it is opened next */
    }
    error = store_disk_make(&store->disk, STORE_NAME_WORK, &store->press->fd);
    if (error == 0) {
        header = store->press->view.header;
        header.kind = STORE_ZSTD;
        store_header_put(start, &header);
        error = store_disk_write(&store->disk, store->press->fd, STORE_NAME_WORK, start, sizeof start, 0);
    }
    store->press->offset = STORE_HEADER;
    store->press->seq = segment.first;
    return error;
}

/* Reads whole frames until there is enough for one zstd frame; 0, 1 at the end of the segment, NW_STORE_MISSING at
 * damage. */
static int gather(struct store_press *press)
{
    nw_buf_clear(&press->raw);
    while (press->raw.n < STORE_PACK) {
        uint64_t from = press->view.walk.offset;
        const unsigned char *p;
        struct store_frame frame;
        size_t got;
        int step = store_walk_next(&press->view.walk, &frame), error;
        if (step < 0)
            return step;
        if (step == STORE_STEP_INDEX)
            return 1;
        if (step != STORE_STEP_ENTRY && step != STORE_STEP_MARK)
            return NW_STORE_MISSING;
        error = store_window_get(&press->view.window, from, (size_t)(press->view.walk.offset - from), &p, &got);
        if (error == 0)
            error = nw_buf_add(&press->raw, p, got);
        if (error < 0)
            return error;
    }
    return 0;
}

static int write_frame(struct nw_store *store)
{
    struct store_press *press = store->press;
    size_t n;
    int error = nw_buf_reserve(&press->check, press->raw.n);

    nw_buf_clear(&press->packed);
    if (error == 0)
        error = nw_buf_reserve(&press->packed, ZSTD_compressBound(press->raw.n));
    if (error < 0)
        return error;
    n = ZSTD_compress2(press->pack, press->packed.p, press->packed.cap, press->raw.p, press->raw.n);
    if (ZSTD_isError(n))
        return -EIO;
    press->packed.n = n;
    n = ZSTD_decompressDCtx(press->unpack, press->check.p, press->check.cap, press->packed.p, press->packed.n);
    if (ZSTD_isError(n) || n != press->raw.n || memcmp(press->check.p, press->raw.p, n) != 0)
        return -EIO;
    error = store_spots_add(&press->spots, press->seq - press->view.header.first, press->offset);
    if (error == 0)
        error =
            store_disk_write(&store->disk, press->fd, STORE_NAME_WORK, press->packed.p, press->packed.n, press->offset);
    press->offset += press->packed.n;
    press->seq = press->view.walk.seq;
    return error;
}

/* Index, sync, name; then the plain file goes. */
static int finish(struct nw_store *store)
{
    struct store_press *press = store->press;
    uint64_t first = press->view.header.first;
    struct store_tail tail = press->view.tail;
    size_t size, i;
    unsigned char *index;
    char name[STORE_NAME], plain[STORE_NAME];
    int error = press->spots.n ? 0 : store_spots_add(&press->spots, 0, STORE_HEADER);

    size = store_index_size(press->spots.n);
    index = error < 0 ? NULL : nw_malloc(size);
    if (!index)
        return -ENOMEM;
    store_index_put(index, store->identity.salt, &press->spots, tail);
    error = store_disk_write(&store->disk, press->fd, STORE_NAME_WORK, index, size, press->offset);
    nw_free(index);
    if (error == 0)
        error = store_disk_sync_all(&store->disk, press->fd, STORE_NAME_WORK);
    if (error < 0)
        return error;
    if (press->offset + size >= press->view.size) {
        give_up(store, true);
        return 0;
    }
    store_segment_name(name, first, STORE_ZSTD);
    store_segment_name(plain, first, STORE_PLAIN);
    pthread_mutex_lock(&store->mutex);
    i = place_of(store, first);
    if (i != SIZE_MAX)
        error = store_disk_rename(&store->disk, STORE_NAME_WORK, name);
    if (i != SIZE_MAX && error == 0) {
        store->segments.p[i].kind = STORE_ZSTD;
        store->segments.p[i].bytes = press->offset + size;
    }
    pthread_mutex_unlock(&store->mutex);
    if (error < 0)
        return error;
    if (i == SIZE_MAX) {
        give_up(store, true);
        return 0;
    }
    store_press_free(store);
    error = store_disk_sync_folder(&store->disk);
    if (error == 0) {
        pthread_mutex_lock(&store->sweep);
        error = store_used_put(store, plain);
        pthread_mutex_unlock(&store->sweep);
    }
    return error < 0 ? nw_fault(error) : 0;
}

/* The segment at hand has left the list since it was begun. */
static bool was_dropped(struct nw_store *store)
{
    size_t i;

    pthread_mutex_lock(&store->mutex);
    i = place_of(store, store->press->view.header.first);
    pthread_mutex_unlock(&store->mutex);
    return i == SIZE_MAX;
}

static int step(struct nw_store *store)
{
    int result;

    if (!store->press)
        return begin(store);
    result = gather(store->press);
    if (result == NW_STORE_MISSING && was_dropped(store)) {
        give_up(store, true); /* and is being written anew */
        return 0;
    }
    if (result == NW_STORE_MISSING) {
        nw_error("%s: the segment of entry %" PRIu64 " is damaged behind entry %" PRIu64
                 ": it is left as it is; open the log with all of it verified to save the rest",
                 store->folder, store->press->view.header.first, store->press->view.walk.seq - 1);
        give_up(store, true);
        return 0;
    }
    if (result >= 0 && store->press->raw.n) {
        int error = write_frame(store);
        if (error < 0)
            return error;
    }
    return result == 1 ? finish(store) : result;
}

/* True: a segment was deleted, there may be more. */
static bool retain(struct nw_store *store)
{
    bool due;

    pthread_mutex_lock(&store->mutex);
    due = store->upkept && store->retain;
    store->retain &= !due;
    pthread_mutex_unlock(&store->mutex);
    if (!due || !store_retain_step(store))
        return false;
    pthread_mutex_lock(&store->mutex);
    store->retain = true;
    pthread_mutex_unlock(&store->mutex);
    return true;
}

int nw_store_maintain(struct nw_store *store)
{
    int result = atomic_load(&store->failed);

    if (result < 0)
        return result;
    if (store->options.keep_ms) {
        pthread_mutex_lock(&store->mutex);
        store->retain = true;
        pthread_cond_signal(&store->wake);
        pthread_mutex_unlock(&store->mutex);
    }
    if (retain(store))
        return 0;
    if (!store->options.compress)
        return NW_STORE_IDLE;
    result = step(store);
    if (result < 0) {
        bool full = store_disk_full(result);
        if (store->press)
            give_up(store, !full);
        return full ? NW_STORE_NO_ROOM : nw_fault(result);
    }
    return result;
}
