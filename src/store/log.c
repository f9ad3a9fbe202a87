/* What a store's owner calls: see log.h. Opening is in open.c, the writing thread in commit.c. */
#include "store/store.h"

#include "store/crc32c.h"

#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

size_t nw_store_pending(const struct nw_store *store)
{
    return (size_t)(store->appended - atomic_load(&store->written));
}

/* A full disk had no room for the next segment: lets the committer look again, not too often. */
static void ask_for_room(struct nw_store *store)
{
    int64_t now = nw_clock_mono();

    if (store->asked && now - store->asked < STORE_RETRY_MS)
        return;
    store->asked = now;
    pthread_mutex_lock(&store->mutex);
    if (store->spare == STORE_SPARE_NO_ROOM) {
        store->spare = STORE_SPARE_AGAIN;
        pthread_cond_signal(&store->wake);
    }
    pthread_mutex_unlock(&store->mutex);
}

/* 0 when a spare is ready, and all lists have room for one segment more. */
static int next_segment_ready(struct nw_store *store)
{
    enum store_spare spare;
    int error;

    pthread_mutex_lock(&store->mutex);
    spare = store->spare;
    error = spare == STORE_SPARE_READY ? store_segments_reserve(&store->segments) : 0;
    pthread_mutex_unlock(&store->mutex);
    if (error < 0)
        return error;
    if (spare == STORE_SPARE_READY)
        return 0;
    if (spare == STORE_SPARE_NO_ROOM || spare == STORE_SPARE_AGAIN) {
        ask_for_room(store);
        return NW_STORE_NO_ROOM;
    }
    store_hand_over(store, false); /* it gets ready once the segment begun last is durable */
    return NW_STORE_FULL;
}

/* Ends the segment in use with its index, and begins one in the spare whose first frame has `size` bytes. */
static int begin_segment(struct nw_store *store, size_t size)
{
    struct store_active *active = &store->active;
    struct store_header header = {
        .kind = STORE_PLAIN, .identity = store->identity, .first = store->next, .made = nw_clock_wall()};
    struct store_chunk *chunk, *last;
    int error = next_segment_ready(store);

    if (error == 0 && active->spots.n == 0)
        error = store_spots_reserve(&active->spots);
    if (error != 0)
        return error;
    chunk = store_chunk_new(store, STORE_HEADER + size);
    if (!chunk)
        return -ENOMEM;
    if (active->open) {
        struct store_tail tail = {.last = store->next - 1, .closed = header.made, .end = active->offset};
        size_t index = store_index_size(active->spots.n);
        last = store_chunk_for(store, index);
        if (!last) {
            store_chunk_free(store, chunk);
            return -ENOMEM;
        }
        store_index_put(last->p + last->n, store->identity.salt, &active->spots, tail);
        last->n += index;
        store->appended += index;
        store_hand_over(store, true);
    }
    active->open = true;
    active->first = store->next;
    active->offset = active->mark = STORE_HEADER;
    active->limit = store->options.segment_bytes;
    active->spots.n = 0;
    (void)store_spots_add(&active->spots, 0, STORE_HEADER); /* there is room: above, or there was one before */
    chunk->segment = chunk->seq = store->next;
    chunk->opens = true;
    chunk->made = header.made;
    chunk->start = chunk->n = STORE_HEADER;
    store_header_put(chunk->p, &header);
    store->appended += STORE_HEADER;
    pthread_mutex_lock(&store->mutex);
    store->spare = STORE_SPARE_TAKEN;
    pthread_mutex_unlock(&store->mutex);
    store_chunk_put(store, chunk);
    return 0;
}

static bool wants_mark(const struct store_active *active)
{
    return active->offset - active->mark >= STORE_MARK_EVERY;
}

static bool fits(const struct store_active *active, size_t size)
{
    uint64_t need = size + store_index_size(active->spots.n + 1);

    return active->open && need <= active->limit && active->offset <= active->limit - need;
}

static void put_entry(struct nw_store *store, struct store_chunk *chunk, const struct nw_str *parts, size_t count,
                      size_t n)
{
    unsigned char *out = chunk->p + chunk->n, *p = out + STORE_FRAME;

    for (size_t i = 0; i < count; i++)
        if (parts[i].n) {
            memcpy(p, parts[i].p, parts[i].n);
            p += parts[i].n;
        }
    store_frame_seal(out, store->identity.salt, store->next, STORE_KIND_ENTRY, n);
    chunk->n += STORE_FRAME + n;
    chunk->count++;
}

int nw_store_append_parts(struct nw_store *store, const struct nw_str *parts, size_t count, uint64_t *seq)
{
    struct store_active *active = &store->active;
    struct store_chunk *chunk;
    size_t n = 0, size;
    bool mark;
    int error = atomic_load(&store->failed);

    if (error < 0)
        return error;
    if (count > NW_STORE_PARTS)
        return nw_fault(-EINVAL);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > (size_t)NW_STORE_ENTRY_MAX - n)
            return NW_STORE_TOO_LARGE;
        n += parts[i].n;
    }
    if (n == 0)
        return nw_fault(-EINVAL); /* a length of 0 ends a segment */
    size = STORE_FRAME + n;
    if (STORE_HEADER + size + store_index_size(2) > store->options.segment_bytes)
        return NW_STORE_TOO_LARGE;
    if (nw_store_pending(store) && nw_store_pending(store) + size > store->options.pending_bytes) {
        store_hand_over(store, false);
        return NW_STORE_FULL;
    }
    if (!fits(active, size + (wants_mark(active) ? STORE_MARK : 0))) {
        error = begin_segment(store, size);
        if (error != 0)
            return error < 0 ? nw_fault(error) : error;
    }
    mark = wants_mark(active);
    size += mark ? STORE_MARK : 0;
    chunk = store_spots_reserve(&active->spots) < 0 ? NULL : store_chunk_for(store, size);
    if (!chunk)
        return nw_fault(-ENOMEM);
    if (mark) {
        store_mark_put(chunk->p + chunk->n, store->identity.salt, store->next, nw_store_durable(store));
        chunk->n += STORE_MARK;
        (void)store_spots_add(&active->spots, store->next - active->first, active->offset); /* room was reserved */
        active->mark = active->offset;
    }
    put_entry(store, chunk, parts, count, n);
    active->offset += size;
    store->appended += size;
    store->unhanded += size;
    *seq = store->next++;
    if (store->unhanded >= store->options.commit_bytes)
        store_hand_over(store, false);
    return 0;
}

int nw_store_append(struct nw_store *store, struct nw_str payload, uint64_t *seq)
{
    return nw_store_append_parts(store, &payload, 1, seq);
}

int nw_store_commit(struct nw_store *store)
{
    int error = atomic_load(&store->failed);

    if (error == 0 && store->unhanded)
        store_hand_over(store, false);
    return error;
}

int nw_store_sync(struct nw_store *store)
{
    int error = nw_store_commit(store);

    pthread_mutex_lock(&store->mutex);
    store->hurry = true;
    pthread_cond_signal(&store->wake);
    while ((error = atomic_load(&store->failed)) == 0 && nw_store_durable(store) + 1 < store->next)
        pthread_cond_wait(&store->done, &store->mutex);
    pthread_mutex_unlock(&store->mutex);
    return error;
}

int nw_store_wait(struct nw_store *store)
{
    int error = nw_store_sync(store);

    pthread_mutex_lock(&store->mutex);
    while (error == 0 && store->spare == STORE_SPARE_WANTED) {
        pthread_cond_wait(&store->done, &store->mutex);
        error = atomic_load(&store->failed);
    }
    pthread_mutex_unlock(&store->mutex);
    return error;
}

int nw_store_append_waiting(struct nw_store *store, struct nw_str payload, uint64_t *seq)
{
    int result = nw_store_append(store, payload, seq);

    if (result == NW_STORE_FULL) {
        result = nw_store_wait(store);
        if (result == 0)
            result = nw_store_append(store, payload, seq);
    }
    return result;
}

int nw_store_event(const struct nw_store *store)
{
    return store->event_fd;
}

int nw_store_poll(struct nw_store *store, uint64_t *durable)
{
    uint64_t count;

    while (read(store->event_fd, &count, sizeof count) < 0 && errno == EINTR)
        ; /* EAGAIN: nothing has happened */
    *durable = nw_store_durable(store);
    return atomic_load(&store->failed);
}

uint64_t nw_store_id(const struct nw_store *store)
{
    return store->identity.log;
}

uint64_t nw_store_first(const struct nw_store *store)
{
    return atomic_load(&store->first);
}

uint64_t nw_store_last(const struct nw_store *store)
{
    return store->next - 1;
}

uint64_t nw_store_durable(const struct nw_store *store)
{
    return atomic_load(&store->durable);
}

uint64_t nw_store_bytes(struct nw_store *store)
{
    uint64_t bytes = 0;

    pthread_mutex_lock(&store->mutex);
    for (size_t i = 0; i < store->segments.n; i++)
        bytes += store->segments.p[i].bytes;
    pthread_mutex_unlock(&store->mutex);
    return bytes;
}

int nw_store_read(struct nw_store *store, uint64_t seq, struct nw_str *payload)
{
    struct nw_store_entry entry;
    int error = atomic_load(&store->failed);

    if (error < 0)
        return error;
    if (seq >= store->next)
        return NW_STORE_END;
    if (seq < nw_store_first(store))
        return NW_STORE_DROPPED; /* it may still be in memory, or its file there for a moment */
    if (store_pending_read(store, seq, payload) == 0)
        return 0;
    if (!store->past) {
        error = store_reader_open_inside(store, &store->past);
        if (error < 0)
            return error;
    }
    if (nw_store_reader_position(store->past) != seq)
        nw_store_reader_seek(store->past, seq);
    error = nw_store_reader_next(store->past, &entry);
    if (error == 0)
        *payload = entry.payload;
    return error;
}

int nw_store_room(struct nw_store *store, uint64_t *bytes)
{
    const struct store_active *active = &store->active;
    uint64_t disk = 0;
    enum store_spare spare;
    int error = atomic_load(&store->failed);

    if (error == 0)
        error = store_disk_free(&store->disk, &disk);
    if (error < 0)
        return error;
    pthread_mutex_lock(&store->mutex);
    spare = store->spare;
    pthread_mutex_unlock(&store->mutex);
    if (spare == STORE_SPARE_NO_ROOM)
        ask_for_room(store);
    *bytes = active->open && active->limit > active->offset ? active->limit - active->offset : 0;
    *bytes += spare == STORE_SPARE_READY ? store->options.segment_bytes : 0;
    /* On a full disk segments to be written anew are no reason to go on: whatever else has to be written is not. */
    if (disk > store->options.reserve_bytes)
        *bytes += disk - store->options.reserve_bytes + store_used_bytes(store);
    return 0;
}

int nw_store_drop_before(struct nw_store *store, uint64_t seq)
{
    pthread_mutex_lock(&store->mutex);
    if (seq > store->drop_before) {
        store->drop_before = seq;
        store->retain = true;
        pthread_cond_signal(&store->wake);
    }
    pthread_mutex_unlock(&store->mutex);
    return atomic_load(&store->failed);
}

const char *nw_store_why(const struct nw_store *store)
{
    return store->why;
}
