/*
 * What stands in an entry of the journal, for the broker and for whoever reads the journal beside it: the feeder that
 * submitted, its number, the record. Layout: [1][length of name][name][fseq u64 LE][record].
 */
#ifndef BROKER_JOURNAL_ENTRY_H
#define BROKER_JOURNAL_ENTRY_H

#include <newswire/str.h>

#include <stdint.h>

enum { NW_JOURNAL_NAME = 64, NW_JOURNAL_HEAD = 2 + NW_JOURNAL_NAME + 8 };

struct nw_journal_entry {
    struct nw_str feeder; /* its name */
    uint64_t fseq;
    struct nw_str record; /* msgpack, as submitted; nobody has looked into it */
};

/* Writes what stands before the record; returns its bytes. The name is cut at NW_JOURNAL_NAME. */
size_t nw_journal_head_write(struct nw_str feeder, uint64_t fseq, unsigned char head[NW_JOURNAL_HEAD]);

/* False where the payload is none of this version. Views are of the payload. */
bool nw_journal_entry_read(struct nw_str payload, struct nw_journal_entry *entry);

#endif
