/*
 * What stands in an entry of the dead-letter log, DATA/dead, for the broker that writes it and for whoever reads it. An
 * entry is a letter, or the mark that says what a person let become of earlier letters. An entry's number in the log is
 * what a mark names letters by.
 *
 *     letter: msgpack [2, 1, journal id, jseq, path, stage, why, attempts, wall ms, origin, bytes or nil]
 *     mark:   msgpack [2, 2, journal id, action, wall ms, retry, [letter, …]]
 *
 * Elements behind those are ignored.
 */
#ifndef BROKER_DEAD_ENTRY_H
#define BROKER_DEAD_ENTRY_H

#include "link/frame.h"

#include <newswire/arena.h>
#include <newswire/buf.h>

enum nw_dead_kind { NW_DEAD_LETTER = 1, NW_DEAD_MARK = 2 };

struct nw_dead_letter {
    uint64_t journal;         /* id of the journal that jseq counts in */
    uint64_t jseq, path;      /* which of the records that descend from the entry: struct item's */
    struct nw_str stage, why; /* who could not do it; in a sentence */
    uint64_t attempts;        /* how often a worker had it */
    int64_t time;             /* wall clock, ms */
    struct nw_str origin;     /* the record as it was accepted; empty where the journal had lost it */
    struct nw_str bytes;      /* the record as it came to the stage; empty where that is origin, or both are too much */
};

struct nw_dead_mark {
    uint64_t journal; /* id of the journal at the time */
    enum nw_resolution action;
    int64_t time;
    uint64_t retry; /* of NW_RESOLVE_RETRY: 1, 2, … in this journal: the broker's own fseq for the submission */
    struct nw_numbers letters;
};

struct nw_dead_entry {
    enum nw_dead_kind kind;
    union {
        struct nw_dead_letter letter;
        struct nw_dead_mark mark;
    };
};

/* Appends the entry; a letter whose origin and bytes do not fit in one entry of the log loses bytes. 0 or out->error.
 */
int nw_dead_entry_write(const struct nw_dead_entry *entry, struct nw_buf *out);

/* 0, NW_DEAD_UNKNOWN for what is none of this version, -ENOMEM. Views are of the payload, a mark's list is in the
 * arena.
 */
enum { NW_DEAD_UNKNOWN = 1 };
int nw_dead_entry_read(struct nw_arena *arena, struct nw_str payload, struct nw_dead_entry *entry);

#endif
