/*
 * Zstandard (RFC 8878), by libzstd: frames one behind the other are one part. A frame's window is bounded (the RFC asks
 * 8 MiB of every reader; levels up to 19 stay within), for it is memory that the file asks for.
 */
#include "window.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <zstd.h>

enum { WINDOW_LOG = 25 /* 32 MiB */ };

struct zstd {
    struct bytes bytes;
    ZSTD_DStream *stream;
    size_t wanted; /* 0 at the end of a frame */
    bool begun;
};

static bool zstd_fits(struct nw_str head)
{
    return nw_str_starts(head, NW_S("\x28\xb5\x2f\xfd"));
}

static int zstd_open(struct window *below, struct bytes **bytes)
{
    struct zstd *z = nw_calloc(1, sizeof *z);
    ZSTD_DStream *stream = ZSTD_createDStream();

    if (!z || !stream || ZSTD_isError(ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, WINDOW_LOG))) {
        ZSTD_freeDStream(stream);
        nw_free(z);
        return nw_fault(-ENOMEM);
    }
    z->bytes.kind = &bytes_zstd;
    z->bytes.below = below;
    z->stream = stream;
    *bytes = &z->bytes;
    return 0;
}

static enum bytes_step zstd_next(struct bytes *bytes)
{
    struct zstd *z = (struct zstd *)bytes;
    bool begun = z->begun;

    z->begun = true;
    return begun ? BYTES_END : BYTES_SOME;
}

static enum bytes_step zstd_read(struct bytes *bytes, char *p, size_t room, size_t *n)
{
    struct zstd *z = (struct zstd *)bytes;

    for (;;) {
        struct nw_str s;
        ZSTD_inBuffer in;
        ZSTD_outBuffer out = {p, room, 0};
        size_t before;
        int step = window_need(bytes->below, 1);

        s = window_bytes(bytes->below);
        if (step == BYTES_WAIT)
            return BYTES_WAIT;
        if (step == BYTES_BAD)
            return bytes_bad(bytes, "%s", bytes->below->source->why);
        if (step < 0)
            return bytes_bad(bytes, "no memory to unpack it");
        if (s.n == 0 && z->wanted == 0)
            return BYTES_END;
        in = (ZSTD_inBuffer){s.p, s.n, 0};
        before = z->wanted;
        z->wanted = ZSTD_decompressStream(z->stream, &out, &in);
        window_take(bytes->below, in.pos);
        bytes->came += in.pos;
        bytes->gave += out.pos;
        *n = out.pos;
        if (ZSTD_isError(z->wanted))
            return bytes_bad(bytes, "can't be unpacked from byte %llu of the zstd data on: %s; the rest is left out",
                             (unsigned long long)bytes->below->at, ZSTD_getErrorName(z->wanted));
        if (*n)
            return bytes_bounded(bytes);
        if (s.n == 0 && z->wanted == before)
            return bytes_bad(bytes, "cut off: the file ends at byte %llu of the zstd data",
                             (unsigned long long)bytes->below->at);
    }
}

static void zstd_free(struct bytes *bytes)
{
    struct zstd *z = (struct zstd *)bytes;

    ZSTD_freeDStream(z->stream);
    nw_free(z);
}

const struct bytes_kind bytes_zstd = {.name = "zstd",
                                      .packs = true,
                                      .fits = zstd_fits,
                                      .open = zstd_open,
                                      .next = zstd_next,
                                      .read = zstd_read,
                                      .free = zstd_free};
