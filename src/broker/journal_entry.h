/*
 * What stands in an entry of the journal and in its checkpoint, for the broker and for whoever reads the journal beside
 * it. An entry: the feeder that submitted, its number, the record, and whether that is urgent. Layout: [1][length of
 * name, and 128 where it is urgent][name][fseq u64 LE][record].
 */
#ifndef BROKER_JOURNAL_ENTRY_H
#define BROKER_JOURNAL_ENTRY_H

#include "record/unpack.h"

#include <newswire/str.h>

#include <stdint.h>

enum { NW_JOURNAL_NAME = 64, NW_JOURNAL_HEAD = 2 + NW_JOURNAL_NAME + 8 };

struct nw_journal_entry {
    struct nw_str feeder; /* its name */
    uint64_t fseq;
    bool urgent;
    struct nw_str record; /* msgpack, as submitted; nobody has looked into it */
};

/* Writes what stands before the record; returns its bytes. The name is cut at NW_JOURNAL_NAME. */
size_t nw_journal_head_write(struct nw_str feeder, uint64_t fseq, bool urgent, unsigned char head[NW_JOURNAL_HEAD]);

/* False where the payload is none of this version. Views are of the payload. */
bool nw_journal_entry_read(struct nw_str payload, struct nw_journal_entry *entry);

/*
 * The journal's checkpoint, the file beside its folder: msgpack [journal id, low, scanned, {feeder: expected, …},
 * [urgent jseq, …]]. All below `low` is done but for the urgent ones in the list; entries through `scanned` are in the
 * feeders' places and, where they are urgent and not both done and passed by `low`, in the list.
 */
struct nw_journal_checkpoint {
    uint64_t journal, low, scanned;
};

/* Reads what stands before the feeders, which come next of `in`. False where it is none. */
bool nw_journal_checkpoint_read(struct nw_unpack *in, struct nw_journal_checkpoint *checkpoint);

#endif
