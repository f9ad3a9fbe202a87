/*
 * Segment files that nobody is to read any more, kept to be written anew: see README.md. Their blocks are allocated and
 * were written to, so a sync of them is one of data alone; and nothing is freed, which a disk may be slow at.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void used_name(char out[STORE_NAME], unsigned i)
{
    snprintf(out, STORE_NAME, "used-%u", i);
}

/* The place of the lowest bit that is `set` or not; STORE_USED: none. The mutex is held. */
static unsigned find(const struct nw_store *store, bool set)
{
    unsigned i = 0;

    while (i < STORE_USED && (store->used >> i & 1) != set)
        i++;
    return i;
}

void store_used_load(struct nw_store *store)
{
    for (unsigned i = 0; i < STORE_USED; i++) {
        char name[STORE_NAME];
        used_name(name, i);
        if (faccessat(store->disk.folder, name, R_OK | W_OK, 0) == 0)
            store->used |= 1u << i;
    }
}

int store_used_put(struct nw_store *store, const char *segment)
{
    char name[STORE_NAME];
    unsigned place;
    int error;

    pthread_mutex_lock(&store->mutex);
    place = find(store, false);
    pthread_mutex_unlock(&store->mutex);
    used_name(name, place);
    error =
        place < STORE_USED ? store_disk_rename(&store->disk, segment, name) : store_disk_remove(&store->disk, segment);
    if (error == -ENOENT)
        error = 0; /* as with removal: it is gone */
    else if (error == 0 && place < STORE_USED) {
        /* Before it is written to: else a power cut could bring back its old name, with new bytes. */
        error = store_disk_sync_folder(&store->disk);
        if (error < 0)
            return error;
        pthread_mutex_lock(&store->mutex);
        store->used |= 1u << place;
        pthread_mutex_unlock(&store->mutex);
    }
    return error;
}

int store_used_take(struct nw_store *store, int *fd)
{
    char name[STORE_NAME];
    unsigned place;
    int error;

    pthread_mutex_lock(&store->mutex);
    place = find(store, true);
    if (place < STORE_USED)
        store->used &= ~(1u << place);
    pthread_mutex_unlock(&store->mutex);
    if (place == STORE_USED)
        return -ENOENT;
    used_name(name, place);
    error = store_disk_rename(&store->disk, name, STORE_NAME_SPARE);
    /* Before it is written to: else a power cut could bring back its old name, and the next life would take it for one
     * that has old numbers only. */
    if (error == 0)
        error = store_disk_sync_folder(&store->disk);
    if (error < 0)
        return error;
    *fd = openat(store->disk.folder, STORE_NAME_SPARE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    return *fd < 0 ? -errno : 0;
}

uint64_t store_used_bytes(struct nw_store *store)
{
    uint64_t bytes = 0;

    pthread_mutex_lock(&store->mutex);
    for (unsigned i = 0; i < STORE_USED; i++)
        bytes += store->used >> i & 1 ? store->options.segment_bytes : 0;
    pthread_mutex_unlock(&store->mutex);
    return bytes;
}
