/*
 * gzip (RFC 1952), by zlib: members one behind the other, as in WARC files, are one part. A damaged member ends the
 * part with a sentence; the next part begins with the next member that can be found behind it.
 */
#include "window.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#define ZLIB_CONST
#include <zlib.h>

struct gzip {
    struct bytes bytes;
    z_stream z;
    bool begun;  /* a part was given */
    bool broken; /* and it ended in damage */
    bool member; /* inside a member */
    bool over;   /* the end of the layer below was met */
};

/* A member's first bytes: deflate, no reserved flag, and of XFL and OS what programs write. */
static bool member(struct nw_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;

    return s.n >= 10 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 && (p[3] & 0xe0) == 0 &&
           (p[8] == 0 || p[8] == 2 || p[8] == 4) && (p[9] <= 13 || p[9] == 255);
}

static bool gzip_fits(struct nw_str head)
{
    return nw_str_starts(head, NW_S("\x1f\x8b\x08"));
}

static int gzip_open(struct window *below, struct bytes **bytes)
{
    struct gzip *g = nw_calloc(1, sizeof *g);

    if (!g || inflateInit2(&g->z, 15 + 16) != Z_OK) {
        nw_free(g);
        return nw_fault(-ENOMEM);
    }
    g->bytes.kind = &bytes_gzip;
    g->bytes.below = below;
    *bytes = &g->bytes;
    return 0;
}

static enum bytes_step gzip_next(struct bytes *bytes)
{
    struct gzip *g = (struct gzip *)bytes;

    bytes->resumed = g->broken;
    if (g->begun && !g->broken)
        return BYTES_END;
    while (g->broken) {
        struct nw_str s;
        const char *hit;
        int step = window_need(bytes->below, 10);

        s = window_bytes(bytes->below);
        if (step == BYTES_WAIT)
            return BYTES_WAIT;
        if (member(s))
            break;
        if (s.n < 10)
            return BYTES_END;
        hit = memchr(s.p + 1, 0x1f, s.n - 1);
        window_take(bytes->below, hit ? (size_t)(hit - s.p) : s.n);
    }
    g->begun = true;
    g->broken = g->member = false;
    inflateReset(&g->z);
    return BYTES_SOME;
}

static enum bytes_step broken(struct gzip *g, const char *how)
{
    g->broken = true;
    return bytes_bad(&g->bytes, "%s at byte %llu of the gzip data; %s", how, (unsigned long long)g->bytes.below->at,
                     "what can't be unpacked is left out");
}

/* Between members: the next one, padding, or the end. */
static enum bytes_step gzip_between(struct gzip *g)
{
    struct window *below = g->bytes.below;

    for (;;) {
        struct nw_str s;
        size_t zeros = 0;
        int step = window_need(below, 3);

        s = window_bytes(below);
        if (step < 0)
            return bytes_bad(&g->bytes, "no memory to unpack it");
        if (step == BYTES_WAIT)
            return BYTES_WAIT;
        if (s.n == 0)
            return step == BYTES_BAD ? bytes_bad(&g->bytes, "%s", below->source->why) : BYTES_END;
        if (gzip_fits(s)) {
            inflateReset(&g->z);
            g->member = true;
            return BYTES_SOME;
        }
        while (zeros < s.n && s.p[zeros] == 0)
            zeros++;
        window_take(below, zeros); /* tapes and some programs pad so */
        if (zeros == 0)
            return broken(g, "expected another member or the end, found something else");
    }
}

static enum bytes_step gzip_read(struct bytes *bytes, char *p, size_t room, size_t *n)
{
    struct gzip *g = (struct gzip *)bytes;
    size_t most = room < (1u << 30) ? room : 1u << 30;

    for (;;) {
        struct nw_str s;
        int step, end;

        if (!g->member) {
            enum bytes_step between = gzip_between(g);
            if (between != BYTES_SOME)
                return between;
        }
        step = window_need(bytes->below, 1);
        s = window_bytes(bytes->below);
        if (step == BYTES_WAIT)
            return BYTES_WAIT;
        if (step == BYTES_BAD)
            return bytes_bad(bytes, "%s", bytes->below->source->why);
        if (step < 0)
            return bytes_bad(bytes, "no memory to unpack it");
        g->z.next_in = (const Bytef *)s.p;
        g->z.avail_in = (uInt)s.n;
        g->z.next_out = (Bytef *)p;
        g->z.avail_out = (uInt)most;
        if (s.n == 0)
            return broken(g, "cut off: the file ends");
        end = inflate(&g->z, Z_NO_FLUSH);
        window_take(bytes->below, s.n - g->z.avail_in);
        bytes->came += s.n - g->z.avail_in;
        *n = most - g->z.avail_out;
        bytes->gave += *n;
        if (end == Z_STREAM_END)
            g->member = false;
        else if (end != Z_OK && end != Z_BUF_ERROR)
            return broken(g, end == Z_MEM_ERROR ? "no memory to unpack" : "damaged");
        if (*n)
            return bytes_bounded(bytes);
    }
}

static void gzip_free(struct bytes *bytes)
{
    struct gzip *g = (struct gzip *)bytes;

    inflateEnd(&g->z);
    nw_free(g);
}

const struct bytes_kind bytes_gzip = {.name = "gzip",
                                      .packs = true,
                                      .fits = gzip_fits,
                                      .open = gzip_open,
                                      .next = gzip_next,
                                      .read = gzip_read,
                                      .free = gzip_free};
