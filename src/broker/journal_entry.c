/* The layout of a journal's entry: see journal_entry.h. */
#include "broker/journal_entry.h"

enum { VERSION = 1, URGENT = 128 };

size_t nw_journal_head_write(struct nw_str feeder, uint64_t fseq, bool urgent, unsigned char head[NW_JOURNAL_HEAD])
{
    size_t n = feeder.n > NW_JOURNAL_NAME ? NW_JOURNAL_NAME : feeder.n;

    head[0] = VERSION;
    head[1] = (unsigned char)(urgent ? n | URGENT : n);
    memcpy(head + 2, feeder.p, n);
    for (size_t i = 0; i < 8; i++)
        head[2 + n + i] = (unsigned char)(fseq >> 8 * i);
    return 2 + n + 8;
}

bool nw_journal_entry_read(struct nw_str payload, struct nw_journal_entry *entry)
{
    size_t n;

    if (payload.n < 2 || payload.p[0] != VERSION)
        return false;
    n = (unsigned char)payload.p[1] & ~(size_t)URGENT;
    if (n > NW_JOURNAL_NAME || payload.n < 2 + n + 8)
        return false;
    entry->feeder = nw_str(payload.p + 2, n);
    entry->urgent = (unsigned char)payload.p[1] & URGENT;
    entry->fseq = 0;
    for (size_t i = 0; i < 8; i++)
        entry->fseq |= (uint64_t)(unsigned char)payload.p[2 + n + i] << 8 * i;
    entry->record = nw_str_from(payload, 2 + n + 8);
    return true;
}

bool nw_journal_checkpoint_read(struct nw_unpack *in, struct nw_journal_checkpoint *checkpoint)
{
    size_t n;

    return nw_unpack_array(in, &n) && n >= 4 && nw_unpack_uint(in, &checkpoint->journal) &&
           nw_unpack_uint(in, &checkpoint->low) && nw_unpack_uint(in, &checkpoint->scanned);
}
