/*
 * How often each of very many things was counted, in bounded memory: a Misra-Gries summary (J. Misra and D. Gries,
 * "Finding repeated elements", 1982) that makes room by taking the median from all counters (D. Anderson and others, "A
 * high-performance algorithm for identifying frequent items in data streams", 2017).
 *
 * For each thing: count <= how often it was counted <= count + error. While there were at most `most` different things
 * the error is 0, and the counts are exact; it never passes 2 * total / most, for each making of room takes the median
 * from half of `most` counters or more. Two summaries are merged by adding their counts, their errors and their totals,
 * and the bound holds for what comes of it (P. Agarwal and others, "Mergeable summaries", 2012). What was counted once
 * may be taken back once (bounded deletions: F. Zhao and others, "SpaceSaving±", 2021): both sides of the first line
 * hold on, the total stays what was ever counted.
 */
#ifndef TRENDS_TALLY_H
#define TRENDS_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct tally {
    struct tally_slot {
        uint64_t key; /* 0: free */
        uint32_t count;
    } * slots;             /* open addressing */
    size_t room, n, most;  /* slots (0, or a power of two); those taken; most of those taken */
    uint64_t error, total; /* see above */
};

/* Nothing is allocated until the first count. Keys are hashes. */
void tally_init(struct tally *tally, size_t most);
void tally_free(struct tally *tally); /* as after init */

/* 0 or -ENOMEM. */
int tally_add(struct tally *tally, uint64_t key, uint32_t count);

/* Takes one count of it back, which must have been added. */
void tally_take(struct tally *tally, uint64_t key);

/* 0 or -ENOMEM. */
int tally_merge(struct tally *into, const struct tally *from);

/* The count: see above. */
uint32_t tally_count(const struct tally *tally, uint64_t key);

#endif
