/*
 * Steps over the frames of a segment, from a file or from memory, and believes none of them: lengths are held against
 * the bound and the bytes there are before anything is allocated or read, checksums before anything is returned.
 *
 * Functions return a step, or a negative errno value when the file could not be read or there was no memory.
 */
#ifndef STORE_WALK_H
#define STORE_WALK_H

#include "store/format.h"

/* The part of a segment that is in memory. */
struct store_window {
    int fd; /* borrowed; -1: all there is stands at p, which is borrowed too */
    const unsigned char *p;
    unsigned char *own; /* memory behind p when fd >= 0 */
    uint64_t at;        /* offset of p[0] */
    size_t n, cap;
    uint64_t size; /* where the bytes end: nothing behind is asked for */
};

/* Over a file whose size is known; over memory whose first byte has the offset `at`. */
void store_window_file(struct store_window *window, int fd, uint64_t size); /* on a zeroed or used window */
struct store_window store_window_memory(const unsigned char *p, size_t n, uint64_t at);
void store_window_forget(struct store_window *window); /* what is in memory may be older than the file: read anew */
void store_window_free(struct store_window *window);

/* n bytes at an offset; *got says how many there are before the end. They stand until the next call. */
int store_window_get(struct store_window *window, uint64_t offset, size_t n, const unsigned char **p, size_t *got);

enum store_step {
    STORE_STEP_ENTRY,
    STORE_STEP_MARK,
    STORE_STEP_INDEX,
    STORE_STEP_END, /* a word of zero, or no byte left */
    STORE_STEP_BAD, /* bytes that are no frame of this log at this place */
};

struct store_walk {
    struct store_window *window;
    uint64_t salt;
    uint64_t offset;           /* of the next frame */
    uint64_t seq;              /* of the next entry */
    struct store_spots *spots; /* gets the marks that are passed, behind those that it has (n > 0); NULL: none */
    uint64_t first;            /* with spots: of the segment */
};

struct store_frame {
    uint64_t offset, seq;  /* seq: of the entry; of the one that follows a mark or an index */
    struct nw_str payload; /* stands until the window moves */
};

/* Checks the frame at walk->offset and steps over it. STORE_STEP_END and _BAD leave the walk where it is. */
int store_walk_next(struct store_walk *walk, struct store_frame *frame);

/* Steps to entry `seq` >= walk->seq by lengths and marks, without reading payloads: STORE_STEP_ENTRY when the walk
 * stands before it (which store_walk_next then checks), or why it got no further. */
int store_walk_to(struct store_walk *walk, uint64_t seq);

/* Behind damage at walk->offset: finds where good frames begin again. Either the very next frame by the damaged one's
 * length, where that is a frame of this log and its successor in number (then one entry is lost), or the next mark. 1:
 * the walk stands there, walk->seq tells what is lost between; 0: there is none. */
int store_walk_resume(struct store_walk *walk);

/* The highest `durable through` that a mark at or behind walk->offset tells, 0 without one. The walk stays. */
int store_walk_promise(const struct store_walk *walk, uint64_t *durable);

/* Offset behind the last byte that is not zero, at or behind `offset`; `offset` when all are. */
int store_window_used(struct store_window *window, uint64_t offset, uint64_t *end);

#endif
