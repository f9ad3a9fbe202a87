/*
 * A lane: entries under way that keep their order among themselves. There are two. The normal one goes through the
 * journal, jseq by jseq. The urgent one takes from it those that overtake: it keeps the jseqs of the urgent entries,
 * which the normal one passes over.
 *
 * Each lane has a ring of entries from its low-water mark to the last that was loaded: the bound of what the broker
 * holds in memory. What was accepted beyond it waits in the journal, on disk. Places in a lane are numbered: in the
 * normal one by jseq, in the urgent one 1, 2, … in the order of jseq.
 */
#ifndef BROKER_LANE_H
#define BROKER_LANE_H

#include "broker/item.h"

#include <newswire/buf.h>

enum {
    LANE_URGENT_MAX = 65536,   /* urgent entries that the normal lane has not passed; more go with the normal ones */
    LANE_RECOVERED = 16 << 20, /* most that a start can find: those of the checkpoint, and what came after it */
};

struct lane {
    enum nw_lane which;
    struct entry *ring; /* places low .. next - 1, at place % size */
    size_t size;
    uint64_t low;  /* all below are done */
    uint64_t next; /* the next to be loaded */
    uint64_t turn; /* the next to be let into the ordered stage */

    /* the urgent one: jseqs of places base .. base + lane_known() - 1, rising */
    struct nw_buf jseqs;
    uint64_t base;
};

/* The normal lane begins at jseq `low`. The urgent one takes over `jseqs` (of uint64_t; may be NULL). 0 or -ENOMEM. */
int lane_open(struct lane *lane, enum nw_lane which, size_t size, uint64_t low, struct nw_buf *jseqs);
void lane_close(struct lane *lane);

static inline struct entry *lane_entry(const struct lane *lane, uint64_t place)
{
    return &lane->ring[place % lane->size];
}

/* Jseq of the next place to be loaded, if it is not past the journal's last and the ring has room for it; 0: there is
 * none. */
uint64_t lane_next(const struct lane *lane, uint64_t last);

/* What is known to be done: all below jseq. */
void lane_begin(struct lane *lane, uint64_t jseq);

/* Entries in the ring. */
size_t lane_held(const struct lane *lane);

/* ---- the urgent one only */

size_t lane_known(const struct lane *lane);
bool lane_has_room(const struct lane *lane);
int lane_add(struct lane *lane, uint64_t jseq); /* 0 or -ENOMEM */

/* Forgets those that are done and below `passed`, where the normal lane is. */
void lane_forget(struct lane *lane, uint64_t passed);

/* How many of the known ones have a jseq below this. */
size_t lane_below(const struct lane *lane, uint64_t jseq);

bool lane_holds(const struct lane *lane, uint64_t jseq);

/* Known ones, rising; *n of them. */
const uint64_t *lane_jseqs(const struct lane *lane, size_t *n);

#endif
