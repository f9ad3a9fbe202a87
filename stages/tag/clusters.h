/*
 * Word clusters: numbers of classes of words that stand in like contexts, by lower-cased word. Features of the names
 * model. A table of 16-byte slots, part of the names file.
 */
#ifndef TAG_CLUSTERS_H
#define TAG_CLUSTERS_H

#include <stdint.h>

#include <newswire/str.h>

enum { CLUSTERS = 6 };

struct clusters_slot {
    uint32_t print; /* high half of the word's hash, odd; 0: empty */
    uint16_t ids[CLUSTERS];
};

struct clusters {
    const struct clusters_slot *slots;
    uint32_t count;
};

/* `lower` is nw_hash64 of the lower-cased word. NULL: the word has none. */
const struct clusters_slot *clusters_find(const struct clusters *clusters, uint64_t lower);

/* Asks for the memory that clusters_find will read. */
void clusters_prepare(const struct clusters *clusters, uint64_t lower);

/* Where the probing of a hash begins. */
uint32_t clusters_home(uint64_t lower, uint32_t count);

#endif
