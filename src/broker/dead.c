/* The dead-letter log over src/store: see dead.h. */
#include "broker/dead.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "store/log.h"
#include "store/reader.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { VERSION = 1, PATH_BYTES = 4096, SEGMENT_BYTES = 32 << 20, KNOWN_MAX = 1 << 20 };

struct dead_log {
    struct nw_store *store;
    struct nw_buf known; /* of uint64_t: jseqs from `low` on, sorted */
};

static int compare(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

bool dead_has(const struct dead_log *log, uint64_t jseq)
{
    return log->known.n > 0 && bsearch(&jseq, log->known.p, log->known.n / sizeof jseq, sizeof jseq, compare);
}

static int remember(struct dead_log *log, uint64_t low)
{
    struct nw_str payload;
    int r = 0;

    for (uint64_t seq = nw_store_first(log->store); seq <= nw_store_last(log->store) && r >= 0; seq++) {
        struct nw_unpack in;
        uint64_t version, jseq;
        size_t n;
        r = nw_store_read(log->store, seq, &payload);
        if (r != 0)
            continue;
        in = nw_unpack(payload);
        if (nw_unpack_array(&in, &n) && n >= 2 && nw_unpack_uint(&in, &version) && nw_unpack_uint(&in, &jseq) &&
            jseq >= low && nw_buf_add(&log->known, &jseq, sizeof jseq) < 0)
            return nw_fault(log->known.error);
    }
    if (log->known.n > 0)
        qsort(log->known.p, log->known.n / sizeof(uint64_t), sizeof(uint64_t), compare);
    return r < 0 ? nw_fault(r) : 0;
}

int dead_open(const char *data, uint64_t low, struct dead_log **result)
{
    char folder[PATH_BYTES];
    struct nw_store_options options = {.folder = folder, .segment_bytes = SEGMENT_BYTES};
    struct dead_log *log = nw_calloc(1, sizeof *log);
    int r;

    if (!log)
        return nw_fault(-ENOMEM);
    nw_buf_init(&log->known, KNOWN_MAX * sizeof(uint64_t));
    snprintf(folder, sizeof folder, "%s/dead", data);
    r = nw_store_open(&options, &log->store);
    if (r == 0)
        r = remember(log, low);
    if (r != 0) {
        nw_error("cannot open the dead letters in %s: see above", folder);
        dead_close(&log);
        return r < 0 ? r : -EBUSY;
    }
    *result = log;
    return 0;
}

void dead_close(struct dead_log **pointer)
{
    struct dead_log *log = *pointer;

    if (!log)
        return;
    nw_store_close(&log->store);
    nw_buf_free(&log->known);
    nw_free(log);
    *pointer = NULL;
}

int dead_append(struct dead_log *log, const struct dead_letter *letter)
{
    struct nw_buf out;
    uint64_t seq;
    int r;

    nw_buf_init(&out, NW_STORE_ENTRY_MAX);
    nw_pack_array(&out, 7);
    nw_pack_uint(&out, VERSION);
    nw_pack_uint(&out, letter->jseq);
    nw_pack_str(&out, letter->stage);
    nw_pack_str(&out, letter->why);
    nw_pack_uint(&out, letter->lost);
    nw_pack_int(&out, nw_clock_wall());
    nw_pack_bin(&out, letter->bytes);
    r = out.error ? out.error : nw_store_append(log->store, nw_buf_view(&out), &seq);
    if (r == 0)
        r = nw_store_sync(log->store);
    nw_buf_free(&out);
    if (r == 0)
        return 0;
    nw_error("the dead letters cannot be written: %s; make room on the disk",
             r < 0 ? nw_store_why(log->store) : "there is no room");
    return nw_fault(r < 0 ? r : -ENOSPC);
}
