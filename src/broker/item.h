/*
 * What the broker holds of a record under way. An entry is one accepted record (one jseq) until all that descends from
 * it is done; an item is one record on its way through a stage. Items of one entry multiply when a stage gives several
 * outputs for one record.
 *
 * Order: an item's path says how it descends (12 bits a stage, so at most five stages before the ordered one). When
 * nothing of an entry is left before the ordered stage, its items are put in order of their paths, and numbered 0, 1,
 * …: that number, sub, is the same whatever the workers did. One that was buried keeps its place among them, so that
 * the others have the same numbers in a life of the broker in which it is buried as in one in which it was not.
 */
#ifndef BROKER_ITEM_H
#define BROKER_ITEM_H

#include "broker/chunk.h"
#include "link/frame.h"

#include <stdint.h>

enum { PATH_BITS = 12, PATH_STAGES = 5 };

struct entry;

struct item {
    struct item *next;
    struct entry *entry;
    struct chunk *chunk; /* bytes at..at + size of it */
    size_t at;
    uint32_t size;
    uint8_t lost;   /* leases that were lost with it */
    bool alone;     /* suspect: goes to a worker that holds nothing else */
    bool buried;    /* only its place in the order is left */
    uint64_t path;  /* then, in the ordered stage, sub */
    int64_t queued; /* monotonic µs at which it came to its stage */
};

enum entry_outcome { ENTRY_NOTHING, ENTRY_PUBLISHED, ENTRY_DEAD };

struct entry {
    uint64_t jseq;
    enum nw_lane lane;
    uint32_t before; /* items that are not yet at the ordered stage */
    uint32_t open;   /* items that are not done, all in all */
    bool there;      /* this place in the ring is taken */
    enum entry_outcome outcome;
    struct item *arrived; /* at the ordered stage, waiting for their turn, any order */
    int64_t accepted;     /* monotonic µs */
};

/* First in, first out, with a door at the front for what comes back. */
struct item_queue {
    struct item *first, **last;
    size_t n;
};

void item_queue_init(struct item_queue *queue);
void item_queue_push(struct item_queue *queue, struct item *item);
void item_queue_push_front(struct item_queue *queue, struct item *item);
struct item *item_queue_pop(struct item_queue *queue);

static inline struct nw_str item_bytes(const struct item *item)
{
    return nw_str(chunk_bytes(item->chunk) + item->at, item->size);
}

/* An item over bytes of a chunk, of which it takes a use; NULL when there is no memory. */
struct item *item_new(struct entry *entry, struct chunk *chunk, size_t at, uint32_t size);
void item_free(struct item *item);

/* Puts a list in order of path; returns its new head. */
struct item *item_sort(struct item *list);

#endif
