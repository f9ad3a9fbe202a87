/* Letters and marks, there and back: see dead_entry.h. */
#include "broker/dead_entry.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "store/log.h"

#include <errno.h>

enum {
    VERSION = 2,
    LETTER_FIELDS = 11,
    MARK_FIELDS = 7,
    HEAD_MAX = 1024, /* all of a letter but origin and bytes: a stage's name, a sentence of NW_WHY, numbers */
};

static void write_letter(const struct nw_dead_letter *letter, struct nw_buf *out)
{
    nw_pack_array(out, LETTER_FIELDS);
    nw_pack_uint(out, VERSION);
    nw_pack_uint(out, NW_DEAD_LETTER);
    nw_pack_uint(out, letter->journal);
    nw_pack_uint(out, letter->jseq);
    nw_pack_uint(out, letter->path);
    nw_pack_str(out, letter->stage);
    nw_pack_str(out, letter->why);
    nw_pack_uint(out, letter->attempts);
    nw_pack_int(out, letter->time);
    nw_pack_bin(out, letter->origin);
    if (letter->bytes.n == 0 || letter->origin.n + letter->bytes.n + HEAD_MAX > NW_STORE_ENTRY_MAX)
        nw_pack_nil(out);
    else
        nw_pack_bin(out, letter->bytes);
}

static void write_mark(const struct nw_dead_mark *mark, struct nw_buf *out)
{
    nw_pack_array(out, MARK_FIELDS);
    nw_pack_uint(out, VERSION);
    nw_pack_uint(out, NW_DEAD_MARK);
    nw_pack_uint(out, mark->journal);
    nw_pack_uint(out, (uint64_t)mark->action);
    nw_pack_int(out, mark->time);
    nw_pack_uint(out, mark->retry);
    nw_pack_array(out, mark->letters.n);
    for (size_t i = 0; i < mark->letters.n; i++)
        nw_pack_uint(out, mark->letters.v[i]);
}

int nw_dead_entry_write(const struct nw_dead_entry *entry, struct nw_buf *out)
{
    if (entry->kind == NW_DEAD_LETTER)
        write_letter(&entry->letter, out);
    else
        write_mark(&entry->mark, out);
    return out->error;
}

static bool read_letter(struct nw_unpack *in, struct nw_dead_letter *letter)
{
    return nw_unpack_uint(in, &letter->journal) && nw_unpack_uint(in, &letter->jseq) &&
           nw_unpack_uint(in, &letter->path) && nw_unpack_str(in, &letter->stage) && nw_unpack_str(in, &letter->why) &&
           nw_unpack_uint(in, &letter->attempts) && nw_unpack_int(in, &letter->time) &&
           nw_unpack_bin(in, &letter->origin) && (nw_unpack_nil(in) || nw_unpack_bin(in, &letter->bytes));
}

static int read_mark(struct nw_arena *arena, struct nw_unpack *in, struct nw_dead_mark *mark)
{
    uint64_t action;

    if (!nw_unpack_uint(in, &mark->journal) || !nw_unpack_uint(in, &action) ||
        (action != NW_RESOLVE_RETRY && action != NW_RESOLVE_DROP) || !nw_unpack_int(in, &mark->time) ||
        !nw_unpack_uint(in, &mark->retry) || !nw_unpack_array(in, &mark->letters.n))
        return NW_DEAD_UNKNOWN;
    mark->action = (enum nw_resolution)action;
    mark->letters.v = NW_ARENA_NEW(arena, uint64_t, mark->letters.n);
    if (!mark->letters.v)
        return -ENOMEM;
    for (size_t i = 0; i < mark->letters.n; i++) {
        if (!nw_unpack_uint(in, &mark->letters.v[i]))
            return NW_DEAD_UNKNOWN;
    }
    return 0;
}

int nw_dead_entry_read(struct nw_arena *arena, struct nw_str payload, struct nw_dead_entry *entry)
{
    struct nw_unpack in = nw_unpack(payload);
    uint64_t version, kind;
    size_t n;

    *entry = (struct nw_dead_entry){0};
    if (!nw_unpack_array(&in, &n) || n < 2 || !nw_unpack_uint(&in, &version) || version != VERSION ||
        !nw_unpack_uint(&in, &kind))
        return NW_DEAD_UNKNOWN;
    if (kind == NW_DEAD_LETTER && n >= LETTER_FIELDS) {
        entry->kind = NW_DEAD_LETTER;
        return read_letter(&in, &entry->letter) ? 0 : NW_DEAD_UNKNOWN;
    }
    if (kind == NW_DEAD_MARK && n >= MARK_FIELDS) {
        entry->kind = NW_DEAD_MARK;
        return read_mark(arena, &in, &entry->mark);
    }
    return NW_DEAD_UNKNOWN;
}
