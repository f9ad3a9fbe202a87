/* Deletes segments that nobody is to keep, oldest first, one at a time: after each, the folder is synced, so that a
 * power cut brings back the newest of the deleted only, never one with a gap behind it. */
#include "store/store.h"

#include <newswire/clock.h>
#include <newswire/error.h>

static bool is_kept(const struct nw_store *store)
{
    const struct store_segment *oldest = &store->segments.p[0];
    uint64_t total = 0;

    if (store->segments.n < 2) /* the one in use */
        return true;
    if (oldest->last < store->drop_before)
        return false;
    if (store->options.keep_ms && oldest->closed + store->options.keep_ms < nw_clock_wall())
        return false;
    for (size_t i = 0; i < store->segments.n; i++)
        total += store->segments.p[i].bytes;
    return !store->options.keep_bytes || total <= store->options.keep_bytes;
}

static bool step(struct nw_store *store)
{
    struct store_segment oldest = {0};
    char name[STORE_NAME];
    bool kept;
    int error;

    pthread_mutex_lock(&store->mutex);
    kept = is_kept(store);
    if (!kept) {
        oldest = store->segments.p[0];
        store_segments_remove(&store->segments, 0);
        atomic_store(&store->first, store->segments.p[0].first);
    }
    pthread_mutex_unlock(&store->mutex);
    if (kept)
        return false;
    store_segment_name(name, oldest.first, oldest.kind);
    error = oldest.kind == STORE_PLAIN ? store_used_put(store, name) : store_disk_remove(&store->disk, name);
    if (error < 0) {
        nw_fault(error); /* it will be tried again when the log is opened anew */
        return false;
    }
    error = store_disk_sync_folder(&store->disk);
    if (error < 0)
        store_fail(store, error, "sync of the folder after deleting", name);
    return error == 0;
}

bool store_retain_step(struct nw_store *store)
{
    bool more;

    pthread_mutex_lock(&store->sweep); /* two threads' steps must not mix: the older segment goes first */
    more = step(store);
    pthread_mutex_unlock(&store->sweep);
    return more;
}
