/*
 * The segmented, checksummed, append-only log. The broker's journal, the output log and the dead letters are uses of
 * it. README.md beside this file says why it survives what it survives.
 *
 *     nw_store_open(&options, &store);            recovers; one writer a folder
 *     nw_store_append(store, payload, &seq);      copies; never waits for the disk
 *     nw_store_commit(store);                     starts making durable what was appended; returns at once
 *     poll(nw_store_event(store))                 becomes readable when more is durable
 *     nw_store_poll(store, &durable);             durable: the last entry that a power cut cannot take
 *     nw_store_close(&store);
 *
 * Durability: an entry is durable once nw_store_durable() >= its number: its bytes, and all before them, were given to
 * the disk with fdatasync, and the disk said so. Not before; nothing is promised of an entry that is not durable, but
 * that it never comes back without all entries before it.
 *
 * Order: entries have numbers, from 1 or a base, each one more than the one before. They become durable in that order,
 * and are read in that order. A number is given once: one that was durable is never given again.
 *
 * Threads: all functions of a store are called by one thread, its owner's, but for nw_store_maintain, which one other
 * thread may call (not while the store is closed). A thread of the store's own writes, syncs and deletes; it blocks all
 * signals.
 *
 * Failure: a failed write or sync is never retried. The store has failed from then on: every call returns the same
 * negative error, what was not durable stays so, and nw_store_why() says what happened. Close, and open again: recovery
 * reads what the disk really holds.
 *
 * Full disk: entries are only ever written to space that was allocated before. So a full disk is an outcome
 * (NW_STORE_NO_ROOM) of the append that would need a new segment, no failure: nothing is lost, and appends go on by
 * themselves when there is room again.
 *
 * Ownership: payloads are copied in. A payload given out belongs to the store or reader and stands until the next call
 * on it.
 *
 * Functions return 0, one of enum nw_store_outcome, or a negative errno value (a fault of the machine or the program).
 */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include <newswire/str.h>

#include <stdbool.h>
#include <stdint.h>

struct nw_store;
struct store_disk_hook;

enum {
    NW_STORE_ENTRY_MAX =
        (16 << 20) + (4 << 10), /* bytes of a payload: the largest record, and what its owner puts before */
    NW_STORE_PARTS = 8,         /* pieces of one payload */
};

#define NW_STORE_SEGMENT_MIN ((uint64_t)4 << 10)
#define NW_STORE_SEGMENT_MAX ((uint64_t)1 << 30)

enum nw_store_outcome {
    NW_STORE_FULL = 1,  /* too much is appended and not yet durable: commit, wait for the event, try again */
    NW_STORE_NO_ROOM,   /* the disk has no room for another segment beyond the reserve: try again later */
    NW_STORE_TOO_LARGE, /* the payload is past NW_STORE_ENTRY_MAX, or no segment of this size can hold it */
    NW_STORE_TAKEN,     /* another writer has this log open; the log line says which process */
    NW_STORE_END,       /* nothing further is there (yet) */
    NW_STORE_MISSING,   /* lost to damage: these numbers will never be there */
    NW_STORE_DROPPED,   /* below the first entry that is kept */
    NW_STORE_IDLE,      /* there was nothing to do */
};

/* Zero means the default throughout. */
struct nw_store_options {
    const char *folder;     /* made if it is not there (its parent must be), mode 0700; one log a folder */
    uint64_t base;          /* number of the first entry of a new log; 1 */
    uint64_t segment_bytes; /* size of a segment's file: 64 MiB; NW_STORE_SEGMENT_MIN to _MAX */
    size_t commit_bytes;    /* append starts a commit by itself at so many bytes: 4 MiB */
    int64_t gather_us;      /* from the beginning of a commit to that of the next, unless somebody waits for it or
                               commit_bytes have come: 0 */
    size_t pending_bytes;   /* most bytes appended and not durable: 32 MiB; one entry alone may be larger */
    uint64_t reserve_bytes; /* a new segment is begun only while the file system keeps so many bytes free: 0. Give the
                               log that is drained into another one on the same disk the larger reserve, or a full disk
                               stops the draining too */
    uint64_t keep_bytes;    /* closed segments go, oldest first, while all together have more: no bound */
    int64_t keep_ms;        /* closed segments go when their last entry is so old: no bound */
    bool compress;          /* nw_store_maintain compresses closed segments */
    bool verify;            /* open checks every entry of every segment, not only those of the newest */
    const struct store_disk_hook *hook; /* tests only: store/disk.h */
};

/* Opens, or makes, and recovers (see README.md): NW_STORE_TAKEN, or an error, leaves *store NULL. Each entry that was
 * durable is there again, or is logged at level error as missing. Blocks while it reads the newest segment. */
int nw_store_open(const struct nw_store_options *options, struct nw_store **store);

/* Commits, waits until all is durable or the store has failed, frees. Accepts NULL, nulls the pointer. Who must know
 * whether all became durable calls nw_store_sync before. */
void nw_store_close(struct nw_store **store);

/* Copies a payload of at least one byte behind the others and gives its number. NW_STORE_FULL, _NO_ROOM, _TOO_LARGE,
 * -ENOMEM: nothing was appended and the store is as before. */
int nw_store_append(struct nw_store *store, struct nw_str payload, uint64_t *seq);

/* The same for a payload that stands in pieces, at most NW_STORE_PARTS. */
int nw_store_append_parts(struct nw_store *store, const struct nw_str *parts, size_t count, uint64_t *seq);

/* Waits after NW_STORE_FULL: until all that was appended is durable and it is known whether there is another segment,
 * so that the same append is not FULL again. */
int nw_store_wait(struct nw_store *store);

/* Appends, and waits first where that is FULL. */
int nw_store_append_waiting(struct nw_store *store, struct nw_str payload, uint64_t *seq);

/* Starts making durable all that was appended, behind what is under way. Never waits. */
int nw_store_commit(struct nw_store *store);

/* Commits and waits until all that was appended is durable. */
int nw_store_sync(struct nw_store *store);

/* A descriptor that becomes readable when more is durable, when an append that got NW_STORE_FULL may be tried again, or
 * when the store has failed. nw_store_poll makes it unreadable again and tells the last durable number. */
int nw_store_event(const struct nw_store *store);
int nw_store_poll(struct nw_store *store, uint64_t *durable);

uint64_t nw_store_id(const struct nw_store *store);      /* of the log, at random when it was made */
uint64_t nw_store_first(const struct nw_store *store);   /* lowest number that is kept; any thread may ask */
uint64_t nw_store_last(const struct nw_store *store);    /* the last one appended; first - 1 in an empty log */
uint64_t nw_store_durable(const struct nw_store *store); /* any thread may ask */
size_t nw_store_pending(const struct nw_store *store);   /* bytes appended and not yet durable */
uint64_t nw_store_bytes(struct nw_store *store); /* bytes of all segment files, with the preallocated one in use */

/* Entry `seq`, durable or not: 0, NW_STORE_END when it is not yet appended, _MISSING, _DROPPED. Cheap for entries in
 * the order of their numbers; else it costs a read of about 64 KiB. */
int nw_store_read(struct nw_store *store, uint64_t seq, struct nw_str *payload);

/* Bytes that can still be appended, about: what is left of the segment in use and of the preallocated next one, and
 * what is free on the file system beyond the reserve. Owners refuse new input well before it is 0. */
int nw_store_room(struct nw_store *store, uint64_t *bytes);

/* No entry below `seq` is needed any more: segments that hold none else are deleted, off the caller's thread. The
 * segment in use stays. After a power cut dropped entries may be there again; never with a gap. */
int nw_store_drop_before(struct nw_store *store, uint64_t seq);

/* One bounded step (some ms; the last of a segment: an fsync) of what can wait: compression, retention. 0: there
 * is more to do, NW_STORE_IDLE, NW_STORE_NO_ROOM (to be tried later). An error here does not fail the store. */
int nw_store_maintain(struct nw_store *store);

/* What made the store fail, in one sentence for status; "" while it has not. */
const char *nw_store_why(const struct nw_store *store);

#endif
