/*
 * What was appended to the journal a moment ago and is not loaded yet, as its feeder's message had it: so that what
 * flows through need not be read back from the disk, checked and copied. A cache: what it lets go of is in the journal.
 *
 * Its bound: FRESH_RECORDS records, FRESH_BYTES bytes; past them the newest are not taken, for the oldest are loaded
 * next.
 */
#ifndef BROKER_FRESH_H
#define BROKER_FRESH_H

#include "broker/chunk.h"

#include <stdint.h>

enum { FRESH_RECORDS = 4096, FRESH_BYTES = 16 << 20 };

struct fresh {
    struct fresh_record {
        uint64_t jseq; /* 0: none */
        struct chunk *chunk;
        size_t at;
        uint32_t size;
    } records[FRESH_RECORDS]; /* at jseq % FRESH_RECORDS */
    size_t bytes;
};

void fresh_clear(struct fresh *fresh);

/* Takes a use of the chunk, if there is room. */
void fresh_add(struct fresh *fresh, const struct fresh_record *record);

/* The record, if it is here; NULL otherwise. */
const struct fresh_record *fresh_find(const struct fresh *fresh, uint64_t jseq);
void fresh_drop(struct fresh *fresh, uint64_t jseq);

#endif
