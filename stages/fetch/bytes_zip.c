/*
 * zip (APPNOTE 6.3), read from the front, member by member, so that it can come through a pipe: stored and deflated
 * members, zip64, sizes in front of or behind the data. Each regular file is a part and is held to its CRC-32. Not
 * read, and told so: encrypted members, other methods (they ask for memory without a bound), and the documents of
 * office programs, which are zip archives too.
 */
#include "member.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/utf8.h>

#include <errno.h>
#define ZLIB_CONST
#include <zlib.h>

enum {
    HEADER = 30,
    HEADER_MAX = 32 << 10, /* with name and extra fields */
    STORED = 0,
    DEFLATED = 8,
    ENCRYPTED = 1, /* flag: */
    BEHIND = 8,    /* flag: sizes and CRC stand behind the data */
};

struct zip {
    struct bytes bytes;
    z_stream z;
    unsigned method, flags;
    bool zip64;
    uint64_t left; /* packed bytes of the member that are not read, where their number is known */
    uLong crc, told;
    bool member; /* inside a member's data */
    bool over;
};

static unsigned u16(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;

    return u[0] | (unsigned)u[1] << 8;
}

static uint32_t u32(const char *p)
{
    return u16(p) | (uint32_t)u16(p + 2) << 16;
}

static uint64_t u64(const char *p)
{
    return u32(p) | (uint64_t)u32(p + 4) << 32;
}

static bool zip_fits(struct nw_str head)
{
    return nw_str_starts(head, NW_S("PK\3\4")) || nw_str_starts(head, NW_S("PK\5\6"));
}

static int zip_open(struct window *below, struct bytes **bytes)
{
    struct zip *z = nw_calloc(1, sizeof *z);

    if (!z || inflateInit2(&z->z, -15) != Z_OK) {
        nw_free(z);
        return nw_fault(-ENOMEM);
    }
    z->bytes.kind = &bytes_zip;
    z->bytes.below = below;
    *bytes = &z->bytes;
    return 0;
}

/* The archive can't be read on. */
static enum bytes_step ended(struct zip *z, int step, const char *how)
{
    struct window *below = z->bytes.below;

    if (step == BYTES_WAIT)
        return BYTES_WAIT;
    z->over = true;
    z->member = false;
    if (step < 0)
        return bytes_bad(&z->bytes, "no memory to read it");
    if (step == BYTES_BAD)
        return bytes_bad(&z->bytes, "%s", below->source->why);
    return bytes_bad(&z->bytes, "%s at byte %llu of the zip archive; the rest is left out", how,
                     (unsigned long long)below->at);
}

/* Size of the packed data out of the zip64 field among the extra fields; 0 if there is none. */
static uint64_t zip64_size(struct zip *z, struct nw_str extra, bool unpacked_too)
{
    while (extra.n >= 4) {
        size_t n = u16(extra.p + 2), at = 4 + (unpacked_too ? 8 : 0);
        if (u16(extra.p) == 1) {
            z->zip64 = true;
            return n + 4 >= at + 8 && extra.n >= at + 8 ? u64(extra.p + at) : 0;
        }
        extra = nw_str_from(extra, n + 4);
    }
    return 0;
}

/* A member's name: text, and not empty. */
static bool good_name(struct nw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < ' ')
            return false;
    }
    return s.n > 0;
}

/* Reads the header of the next member. SOME: to be read; END: to be passed over. */
static enum bytes_step read_header(struct zip *z)
{
    struct window *below = z->bytes.below;
    int step = window_need(below, HEADER);
    struct nw_str s = window_bytes(below), name, extra;
    size_t size;

    if (step != BYTES_SOME)
        return ended(z, step, "cut off: it ends");
    size = HEADER + (size_t)u16(s.p + 26) + u16(s.p + 28);
    if (size > HEADER_MAX || u16(s.p + 26) == 0)
        return ended(z, BYTES_END, "damaged: expected a member's header");
    step = window_need(below, size);
    s = window_bytes(below);
    if (step == BYTES_WAIT)
        return BYTES_WAIT;
    name = nw_str(s.p + HEADER, s.n < size ? 0 : u16(s.p + 26));
    if (step != BYTES_SOME || !good_name(name))
        return ended(z, step == BYTES_SOME ? BYTES_END : step, "damaged: expected a member's header");
    extra = nw_str(name.p + name.n, u16(s.p + 28));
    z->flags = u16(s.p + 6);
    z->method = u16(s.p + 8);
    z->told = u32(s.p + 14);
    z->crc = crc32(0, NULL, 0);
    z->zip64 = false;
    z->left = u32(s.p + 18);
    if (z->left == UINT32_MAX)
        z->left = zip64_size(z, extra, u32(s.p + 22) == UINT32_MAX);
    z->member = true;
    inflateReset(&z->z);
    bytes_name(&z->bytes, name);
    if (nw_str_eq(name, NW_S("[Content_Types].xml")) || nw_str_eq(name, NW_S("mimetype")))
        return ended(z, BYTES_END, "is the document of an office program or a book; save it as text or HTML;");
    window_take(below, size);
    return nw_str_ends(name, NW_S("/")) || member_hidden(name) ? BYTES_END : BYTES_SOME;
}

/* Behind a member's data: its sizes, where they stand there. The signature before them may be missing, and they may
 * have 4 or 8 bytes each: what fits is what another header follows. */
static enum bytes_step read_behind(struct zip *z)
{
    struct window *below = z->bytes.below;
    int step = window_need(below, 4 + 20 + 2);
    struct nw_str s = window_bytes(below);
    size_t mark, size;

    if (step == BYTES_WAIT || step < 0 || step == BYTES_BAD || s.n < 12)
        return ended(z, step == BYTES_SOME ? BYTES_END : step, "cut off: it ends");
    mark = nw_str_starts(s, NW_S("PK\7\10")) ? 4 : 0;
    size = mark + 12;
    if (!nw_str_starts(nw_str_from(s, size), NW_S("PK")) && nw_str_starts(nw_str_from(s, mark + 20), NW_S("PK")))
        size = mark + 20;
    z->told = u32(s.p + mark);
    window_take(below, size);
    z->flags &= ~(unsigned)BEHIND;
    return BYTES_SOME;
}

static enum bytes_step zip_read(struct bytes *bytes, char *p, size_t room, size_t *n)
{
    struct zip *z = (struct zip *)bytes;
    size_t most = room < (1u << 30) ? room : 1u << 30;
    bool known = (z->flags & BEHIND) == 0;

    for (;;) {
        int step, end = Z_OK;
        struct nw_str s;
        size_t took;

        if (!z->member) {
            if (z->flags & BEHIND && !z->over) {
                enum bytes_step behind = read_behind(z);
                if (behind != BYTES_SOME)
                    return behind;
            }
            if (z->crc != z->told)
                return bytes_bad(bytes, "damaged: its CRC is wrong; left out");
            return BYTES_END;
        }
        if (known && z->left == 0 && z->method == STORED) {
            z->member = false;
            continue;
        }
        step = window_need(bytes->below, 1);
        s = window_bytes(bytes->below);
        if (step != BYTES_SOME)
            return ended(z, step, "cut off: it ends");
        if (known && s.n > z->left)
            s.n = (size_t)z->left;
        if (z->method == STORED) {
            took = *n = s.n < room ? s.n : room;
            memcpy(p, s.p, took);
        } else {
            z->z.next_in = (const Bytef *)s.p;
            z->z.avail_in = (uInt)s.n;
            z->z.next_out = (Bytef *)p;
            z->z.avail_out = (uInt)most;
            end = inflate(&z->z, Z_NO_FLUSH);
            took = s.n - z->z.avail_in;
            *n = most - z->z.avail_out;
        }
        z->left -= known ? took : 0;
        window_take(bytes->below, took);
        bytes->came += took;
        bytes->gave += *n;
        z->crc = crc32(z->crc, (const Bytef *)p, (uInt)*n);
        z->member = end != Z_STREAM_END;
        if (end != Z_OK && end != Z_STREAM_END && !(end == Z_BUF_ERROR && s.n)) {
            if (!known)
                return ended(z, BYTES_END, "damaged data");
            z->told = z->crc; /* zip_next passes over the rest */
            return bytes_bad(bytes, "damaged; left out");
        }
        if (*n) {
            enum bytes_step bounded = bytes_bounded(bytes);
            z->over = bounded != BYTES_SOME;
            return bounded;
        }
    }
}

/* Passes over what the reader has left of a member. */
static enum bytes_step pass_rest(struct zip *z)
{
    char waste[4096];
    size_t n;
    enum bytes_step step = BYTES_SOME;

    if (!(z->flags & BEHIND)) {
        int skipped = member_skip(z->bytes.below, &z->left);
        z->member = skipped == BYTES_WAIT;
        return skipped == BYTES_SOME ? BYTES_SOME : ended(z, skipped, "cut off: it ends");
    }
    if (z->method == STORED) { /* a folder: nothing but its sizes */
        z->member = false;
        return read_behind(z);
    }
    while (step == BYTES_SOME)
        step = zip_read(&z->bytes, waste, sizeof waste, &n);
    return step == BYTES_END ? BYTES_SOME : step;
}

static enum bytes_step zip_next(struct bytes *bytes)
{
    struct zip *z = (struct zip *)bytes;

    while (!z->over) {
        struct nw_str s;
        enum bytes_step step = z->member || z->flags & BEHIND ? pass_rest(z) : BYTES_SOME;
        int need;

        if (step != BYTES_SOME)
            return step;
        need = window_need(bytes->below, 4);
        s = window_bytes(bytes->below);
        if (need < 0 || need == BYTES_WAIT || need == BYTES_BAD)
            return ended(z, need, "");
        if (!nw_str_starts(s, NW_S("PK\3\4"))) {
            /* The central directory, or the end of an archive without members. */
            bool right = nw_str_starts(s, NW_S("PK\1\2")) || nw_str_starts(s, NW_S("PK\5\6")) ||
                         nw_str_starts(s, NW_S("PK\6\6"));
            z->over = true;
            return right ? BYTES_END
                         : ended(z, BYTES_END, s.n < 4 ? "cut off: it ends" : "damaged: expected a member's header");
        }
        step = read_header(z);
        if (step == BYTES_END)
            continue;
        if (step != BYTES_SOME)
            return step;
        if (z->flags & ENCRYPTED || (z->method != STORED && z->method != DEFLATED)) {
            bytes_bad(bytes, z->flags & ENCRYPTED ? "is encrypted; left out"
                                                  : "is packed by a method other than deflate; left out");
            z->over = (z->flags & BEHIND) != 0;
            return BYTES_BAD;
        }
        if (z->flags & BEHIND && z->method == STORED)
            return ended(z, BYTES_END, "a member is stored without its size");
        return BYTES_SOME;
    }
    return BYTES_END;
}

static void zip_free(struct bytes *bytes)
{
    struct zip *z = (struct zip *)bytes;

    inflateEnd(&z->z);
    nw_free(z);
}

const struct bytes_kind bytes_zip = {.name = "zip",
                                     .packs = true,
                                     .archives = true,
                                     .fits = zip_fits,
                                     .open = zip_open,
                                     .next = zip_next,
                                     .read = zip_read,
                                     .free = zip_free};
