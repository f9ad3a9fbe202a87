/* Refusals over src/store: see refusals.h. An entry of the store is msgpack [journal id, jseq, sub, sentence]. */
#include "run/refusals.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "store/log.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum { PATH_BYTES = 4096, SEGMENT_BYTES = 1 << 20, ENTRY_MAX = 4096 };

struct kept {
    uint64_t journal, jseq, sub;
    uint64_t number; /* of the entry */
};

struct refusals {
    struct nw_store *store;
    struct kept *kept; /* REFUSALS_MAX of them, a ring */
    size_t count;      /* all that were put in */
    struct nw_buf out;
};

static void keep(struct refusals *refusals, uint64_t number, const struct refusal *refusal)
{
    refusals->kept[refusals->count++ % REFUSALS_MAX] =
        (struct kept){refusal->journal, refusal->jseq, refusal->sub, number};
}

static bool read_entry(struct nw_str payload, struct refusal *refusal)
{
    struct nw_unpack in = nw_unpack(payload);
    size_t n;

    return nw_unpack_array(&in, &n) && n >= 4 && nw_unpack_uint(&in, &refusal->journal) &&
           nw_unpack_uint(&in, &refusal->jseq) && nw_unpack_uint(&in, &refusal->sub) &&
           nw_unpack_str(&in, &refusal->why);
}

static int recall(struct refusals *refusals)
{
    uint64_t first = nw_store_first(refusals->store), last = nw_store_last(refusals->store);
    int r = 0;

    if (last + 1 - first > REFUSALS_MAX)
        first = last + 1 - REFUSALS_MAX;
    for (uint64_t number = first; number <= last && r >= 0; number++) {
        struct refusal refusal;
        struct nw_str payload;
        r = nw_store_read(refusals->store, number, &payload);
        if (r == 0 && read_entry(payload, &refusal))
            keep(refusals, number, &refusal);
    }
    return r < 0 ? nw_fault(r) : 0;
}

int refusals_open(const char *log, struct refusals **result)
{
    char folder[PATH_BYTES];
    struct nw_store_options options = {.folder = folder, .segment_bytes = SEGMENT_BYTES};
    struct refusals *refusals = nw_calloc(1, sizeof *refusals);
    int r;

    *result = NULL;
    if (!refusals)
        return nw_fault(-ENOMEM);
    nw_buf_init(&refusals->out, ENTRY_MAX);
    refusals->kept = nw_calloc(REFUSALS_MAX, sizeof *refusals->kept);
    snprintf(folder, sizeof folder, "%s.refused", log);
    r = refusals->kept ? nw_store_open(&options, &refusals->store) : nw_fault(-ENOMEM);
    if (r == NW_STORE_TAKEN)
        r = -EBUSY;
    if (r == 0)
        r = recall(refusals);
    if (r < 0) {
        nw_error("cannot open %s: see above", folder);
        refusals_close(&refusals);
    }
    *result = refusals;
    return r;
}

void refusals_close(struct refusals **pointer)
{
    struct refusals *refusals = *pointer;

    if (!refusals)
        return;
    nw_store_close(&refusals->store);
    nw_buf_free(&refusals->out);
    nw_free(refusals->kept);
    nw_free(refusals);
    *pointer = NULL;
}

int refusals_add(struct refusals *refusals, const struct refusal *refusal)
{
    uint64_t number = 0;
    int r;

    nw_buf_clear(&refusals->out);
    nw_pack_array(&refusals->out, 4);
    nw_pack_uint(&refusals->out, refusal->journal);
    nw_pack_uint(&refusals->out, refusal->jseq);
    nw_pack_uint(&refusals->out, refusal->sub);
    nw_pack_str(&refusals->out, refusal->why);
    if (refusals->out.error)
        return nw_fault(refusals->out.error);
    r = nw_store_append_waiting(refusals->store, nw_buf_view(&refusals->out), &number);
    if (r == NW_STORE_NO_ROOM) {
        nw_error("what the stage refuses cannot be noted: the disk has no room: make some");
        return -ENOSPC;
    }
    if (r == 0)
        r = nw_store_sync(refusals->store);
    if (r == 0 && number > REFUSALS_MAX)
        r = nw_store_drop_before(refusals->store, number - REFUSALS_MAX);
    if (r != 0) {
        nw_error("what the stage refuses cannot be noted: %s", nw_store_why(refusals->store));
        return nw_fault(r < 0 ? r : -EPROTO);
    }
    keep(refusals, number, refusal);
    return 0;
}

int refusals_find(struct refusals *refusals, uint64_t journal, uint64_t jseq, uint64_t sub, struct nw_str *why)
{
    size_t n = refusals->count < REFUSALS_MAX ? refusals->count : REFUSALS_MAX;

    for (size_t i = 0; i < n; i++) {
        const struct kept *kept = &refusals->kept[i];
        struct refusal refusal;
        struct nw_str payload;
        int r;
        if (kept->jseq != jseq || kept->sub != sub || kept->journal != journal)
            continue;
        r = nw_store_read(refusals->store, kept->number, &payload);
        if (r < 0)
            return nw_fault(r);
        *why = r == 0 && read_entry(payload, &refusal) ? refusal.why : NW_S("the stage refused it");
        return 0;
    }
    return 1;
}
