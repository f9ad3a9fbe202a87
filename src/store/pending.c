/* Chunks of what is appended and not yet durable, or was until a moment ago: see struct store_chunk in store.h. */
#include "store/store.h"
#include "store/walk.h"

#include <newswire/alloc.h>

#include <errno.h>

struct store_chunk *store_chunk_new(struct nw_store *store, size_t n)
{
    size_t cap = n > STORE_CHUNK ? n : STORE_CHUNK;
    struct store_chunk *chunk = store->empty;

    if (chunk && cap == STORE_CHUNK) {
        store->empty = chunk->next;
        store->empties--;
    } else {
        chunk = nw_malloc(sizeof *chunk + cap);
        if (!chunk)
            return NULL;
    }
    *chunk = (struct store_chunk){.cap = cap};
    return chunk;
}

void store_chunk_free(struct nw_store *store, struct store_chunk *chunk)
{
    if (!chunk)
        return;
    if (chunk->cap == STORE_CHUNK && store->empties < STORE_CHUNKS_KEPT) {
        chunk->next = store->empty;
        store->empty = chunk;
        store->empties++;
    } else {
        nw_free(chunk);
    }
}

/* Takes back chunks of which all is durable, but the last: what was written last is read next, and it may stand
 * nowhere else in memory. */
static void reap(struct nw_store *store)
{
    struct store_chunk *done = NULL, **end = &done;
    size_t durable = 0; /* bytes */

    pthread_mutex_lock(&store->mutex);
    for (const struct store_chunk *chunk = store->oldest; chunk != store->newest && chunk->written == chunk->n;
         chunk = chunk->next)
        durable += chunk->n;
    while (durable > STORE_READ) {
        durable -= store->oldest->n;
        *end = store->oldest;
        end = &store->oldest->next;
        store->oldest = store->oldest->next;
    }
    *end = NULL;
    pthread_mutex_unlock(&store->mutex);
    while (done) {
        struct store_chunk *next = done->next;
        if (store->found == done)
            store->found = NULL;
        store_chunk_free(store, done);
        done = next;
    }
}

void store_chunk_put(struct nw_store *store, struct store_chunk *chunk)
{
    pthread_mutex_lock(&store->mutex);
    chunk->next = NULL;
    if (store->newest)
        store->newest->next = chunk;
    else
        store->oldest = chunk;
    store->newest = chunk;
    pthread_mutex_unlock(&store->mutex);
}

struct store_chunk *store_chunk_for(struct nw_store *store, size_t n)
{
    struct store_chunk *chunk = store->newest;

    if (chunk && chunk->segment == store->active.first && chunk->cap - chunk->n >= n)
        return chunk;
    if (store->oldest)
        reap(store);
    chunk = store_chunk_new(store, n);
    if (!chunk)
        return NULL;
    chunk->segment = store->active.first;
    chunk->offset = store->active.offset;
    chunk->seq = store->next;
    store_chunk_put(store, chunk);
    return chunk;
}

void store_hand_over(struct nw_store *store, bool closes)
{
    pthread_mutex_lock(&store->mutex);
    for (struct store_chunk *chunk = store->oldest; chunk; chunk = chunk->next) {
        chunk->handed = chunk->n;
        chunk->handed_seq = chunk->seq + chunk->count - 1;
    }
    if (closes)
        store->newest->closes = true;
    store->unhanded = 0;
    store->hurry |= nw_store_pending(store) >= store->options.commit_bytes;
    if (!store->gathering || store->hurry)
        pthread_cond_signal(&store->wake);
    pthread_mutex_unlock(&store->mutex);
}

int store_pending_read(struct nw_store *store, uint64_t seq, struct nw_str *payload)
{
    struct store_chunk *chunk;
    size_t at;
    uint64_t number;

    if (!store->oldest || seq < store->oldest->seq)
        return NW_STORE_END;
    for (chunk = store->oldest; chunk && seq >= chunk->seq + chunk->count; chunk = chunk->next)
        ;
    if (!chunk)
        return NW_STORE_END;
    at = chunk->start;
    number = chunk->seq;
    if (store->found == chunk && store->found_seq <= seq) {
        at = store->found_offset;
        number = store->found_seq;
    }
    for (;;) {
        uint32_t word = store_get32(chunk->p + at);
        size_t length = store_word_length(word);
        if (store_word_kind(word) == STORE_KIND_ENTRY) {
            if (number == seq) {
                *payload = nw_str((const char *)chunk->p + at + STORE_FRAME, length);
                store->found = chunk;
                store->found_offset = at;
                store->found_seq = seq;
                return 0;
            }
            number++;
        }
        at += STORE_FRAME + length;
    }
}

void store_pending_free(struct nw_store *store)
{
    while (store->oldest) {
        struct store_chunk *next = store->oldest->next;
        nw_free(store->oldest);
        store->oldest = next;
    }
    while (store->empty) {
        struct store_chunk *next = store->empty->next;
        nw_free(store->empty);
        store->empty = next;
    }
    store->newest = NULL;
}
