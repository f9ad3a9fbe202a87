/*
 * Reads a log in the order of its numbers: from this process or another, while its writer appends, or without one. It
 * writes nothing and locks nothing.
 *
 * It gives out only what the writer has told to be durable (in the file `head`); of a log without that file, such as a
 * copy, all whole entries. After a power cut that file may tell less than is there, until a writer has opened the log.
 * Each entry's checksum is checked. Damage and what retention has deleted are told, never passed over in silence. One
 * thread uses a reader at a time; memory: a window of 128 KiB (more only for larger entries), up to 4 indexes of 8
 * bytes for each 64 KiB of a segment.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "store/log.h"

struct nw_store_reader;

struct nw_store_entry {
    uint64_t seq;
    uint64_t last;         /* of what is missing or dropped: seq to last; else seq */
    struct nw_str payload; /* empty where it is missing or dropped */
};

/* Begins at entry `from` (0: at the first that is kept). -ENOENT when there is no log. *reader is NULL on failure. */
int nw_store_reader_open(const char *folder, uint64_t from, struct nw_store_reader **reader);
void nw_store_reader_close(struct nw_store_reader **reader); /* accepts NULL, nulls the pointer */

/* The next one: 0; NW_STORE_END when no more is durable now (ask again later: nothing is lost by it); NW_STORE_MISSING
 * or _DROPPED: entry->seq to entry->last are not there, the next call goes on behind. The payload stands until the next
 * call. */
int nw_store_reader_next(struct nw_store_reader *reader, struct nw_store_entry *entry);

/* Up to `most` entries whose payloads have together at most `bytes` (but one may be larger), as they stand one behind
 * the other: 0 with *count > 0, else as nw_store_reader_next, which then fills entries[0]. Payloads stand until the
 * next call. */
int nw_store_reader_batch(struct nw_store_reader *reader, size_t bytes, struct nw_store_entry *entries, size_t most,
                          size_t *count);

/* The next call of next or batch begins at `seq`; 0: at the first that is kept. */
void nw_store_reader_seek(struct nw_store_reader *reader, uint64_t seq);

uint64_t nw_store_reader_position(const struct nw_store_reader *reader); /* number that next begins at */

/* The lowest number kept, and the highest that may be read (first - 1 when there is none). */
int nw_store_reader_range(struct nw_store_reader *reader, uint64_t *first, uint64_t *last);

uint64_t nw_store_reader_id(const struct nw_store_reader *reader); /* nw_store_id of the log */

#endif
