/*
 * One segment file open for reading: its entries by number, plain or compressed alike. Checks each entry; finds its way
 * by the index of a closed segment, and by the marks that it passed in one still open.
 */
#ifndef STORE_VIEW_H
#define STORE_VIEW_H

#include "store/log.h"
#include "store/segment.h"
#include "store/walk.h"

struct store_unpacker;

struct store_view {
    int fd;
    struct store_header header;
    uint64_t size;          /* of the file */
    bool closed;            /* it has an index: tail and spots are it */
    struct store_tail tail; /* closed only */
    struct store_spots spots;
    struct store_window window;
    struct store_walk walk; /* over the file, or over the unpacked stretch */
    struct store_walk back; /* the walk before the entry given out last: who takes one back finds it at once */
    struct store_unpacker *unpacker;
};

enum store_view_outcome {
    STORE_VIEW_GONE = 1, /* no such file: list the folder again */
    STORE_VIEW_BAD,      /* no header of this log and this first number, or a compressed one without an index */
};

/* A zeroed view with fd -1 is closed. Opening sets view->header even where identity is not the one asked for;
 * `identity` NULL takes any. */
int store_view_open(struct store_view *view, int folder, const char *name, uint64_t first,
                    const struct store_identity *identity);
void store_view_close(struct store_view *view);

/* Forgets the index of a plain segment: it is walked as if it were still open. The index may be durable where entries
 * before it are not, as long as no segment follows. 0 or -ENOMEM. */
int store_view_distrust(struct store_view *view);

/* Entry seq >= header.first: STORE_STEP_ENTRY and the frame; STORE_STEP_END: the segment ends before it;
 * STORE_STEP_BAD: damaged, *next is the first number behind seq that can be read here, UINT64_MAX when none can.
 * `certain`: the entry is known to have been durable, so its absence from a segment without an index is damage too,
 * where good entries follow. */
int store_view_get(struct store_view *view, uint64_t seq, bool certain, struct store_frame *frame, uint64_t *next);

/* Bytes that one zstd frame holds: it is full from STORE_PACK on, so its last entry may take it to the most. */
enum { STORE_PACK = 256 << 10, STORE_PACK_MOST = STORE_PACK + STORE_FRAME + NW_STORE_ENTRY_MAX };

#endif
