/*
 * A small file that is replaced as a whole: what was written last, or what was there before, never something between,
 * whatever is killed or cut off. For checkpoints, such as the low-water mark of a journal.
 */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include <newswire/buf.h>

enum { NW_CHECKPOINT_MAX = 64 << 20 }; /* bytes */

enum nw_checkpoint_outcome {
    NW_CHECKPOINT_NONE = 1, /* no such file */
    NW_CHECKPOINT_BAD,      /* its checksum is wrong: a damaged disk, or no checkpoint; logged */
};

/* Durable when this returns 0: written to PATH.new, synced, renamed to PATH, folder synced. A negative error leaves the
 * old file in force, unless the last sync failed: then either may be. Blocks for two syncs. One writer a path. */
int nw_checkpoint_write(const char *path, struct nw_str bytes);

/* Appends what was written to `out`. */
int nw_checkpoint_read(const char *path, struct nw_buf *out);

#endif
