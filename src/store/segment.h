/*
 * The segment files of a folder, named after the first entry: 00000000000000000001.seg, or .zst when compressed. Beside
 * them stand `head`, `lock`, `spare` (the next segment, preallocated), while one is being made `work`, and
 * NAME.corrupt for what was damaged.
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "store/format.h"

enum { STORE_NAME = 48 };

#define STORE_NAME_HEAD  "head"
#define STORE_NAME_LOCK  "lock"
#define STORE_NAME_SPARE "spare"
#define STORE_NAME_WORK  "work"

struct store_segment {
    uint64_t first;
    enum store_segment_kind kind;
    bool twin;       /* compressed, and the plain file is there too: a crash came before it was deleted */
    uint64_t last;   /* from here on: known to the writer only */
    uint64_t bytes;  /* of the file */
    int64_t closed;  /* wall clock ms of its last entry; of its making while in use */
    bool unpackable; /* compression is not to be tried again */
};

/* Sorted by first, none twice. */
struct store_segments {
    struct store_segment *p;
    size_t n, cap;
};

void store_segment_name(char out[STORE_NAME], uint64_t first, enum store_segment_kind kind);
void store_segment_corrupt_name(char out[STORE_NAME], uint64_t first, enum store_segment_kind kind);

/* Lists the folder anew; on failure the list is empty. */
int store_segments_load(struct store_segments *segments, int folder);
int store_segments_reserve(struct store_segments *segments); /* room for one more; 0 or -ENOMEM */
int store_segments_add(struct store_segments *segments, struct store_segment segment); /* behind all others */
void store_segments_free(struct store_segments *segments);

/* Takes number i out. */
void store_segments_remove(struct store_segments *segments, size_t i);

/* The number of the last segment with first <= seq; SIZE_MAX when seq is below all. */
size_t store_segments_find(const struct store_segments *segments, uint64_t seq);

#endif
