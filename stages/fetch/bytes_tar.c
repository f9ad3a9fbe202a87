/*
 * tar: ustar (POSIX.1-2017, pax), with the long names of pax and of GNU. Each regular file is a part; folders, links
 * and devices are none. Sparse files, as GNU tar can write them, are not known and are told as such.
 */
#include "member.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

enum { BLOCK = 512, EXTRA_MAX = 32 << 10 /* bytes of a header that only names the next member */ };

struct tar {
    struct bytes bytes;
    uint64_t left; /* of the member */
    uint64_t pad;  /* bytes behind it up to a whole block */
    bool named;    /* bytes.name was given by a header of its own */
    bool sized;    /* next_size too */
    bool over;
    uint64_t next_size;
};

/* A number of n octal digits, or in base 256 where its first bit is set (GNU). False for anything else. */
static bool number(const unsigned char *p, size_t n, uint64_t *value)
{
    size_t i = 0;

    *value = 0;
    if (p[0] & 0x80) {
        for (i = n > 9 ? n - 8 : 1; i < n; i++)
            *value = *value << 8 | p[i];
        return p[0] == 0x80;
    }
    while (i < n && p[i] == ' ')
        i++;
    for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
        *value = *value << 3 | (uint64_t)(p[i] - '0');
    return i == n || p[i] == ' ' || p[i] == '\0';
}

/* Whether the header's sum is right: the sum of its bytes, the eight of the sum itself counted as blanks. */
static bool header(struct nw_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint64_t told, sum = 0;

    if (s.n < BLOCK || !number(p + 148, 8, &told))
        return false;
    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= 148 && i < 156 ? ' ' : p[i];
    return sum == told && told > 8 * ' ';
}

static bool tar_fits(struct nw_str head)
{
    return head.n >= BLOCK && memcmp(head.p + 257, "ustar", 5) == 0 && header(head);
}

static int tar_open(struct window *below, struct bytes **bytes)
{
    struct tar *t = nw_calloc(1, sizeof *t);

    if (!t)
        return nw_fault(-ENOMEM);
    t->bytes.kind = &bytes_tar;
    t->bytes.below = below;
    *bytes = &t->bytes;
    return 0;
}

static struct nw_str text(const char *p, size_t n)
{
    return nw_str(p, strnlen(p, n));
}

/* "LENGTH KEY=VALUE\n" one behind the other. */
static void read_pax(struct tar *t, struct nw_str s)
{
    struct nw_str line;

    while (nw_str_line(&s, &line)) {
        size_t blank = nw_str_find(line, NW_S(" "));
        struct nw_str pair = blank == SIZE_MAX ? nw_str("", 0) : nw_str_from(line, blank + 1);

        if (nw_str_starts(pair, NW_S("path="))) {
            bytes_name(&t->bytes, nw_str_from(pair, 5));
            t->named = true;
        } else if (nw_str_starts(pair, NW_S("size="))) {
            t->next_size = 0;
            t->sized = pair.n > 5 && pair.n < 24;
            for (size_t i = 5; i < pair.n && t->sized; i++) {
                t->sized = pair.p[i] >= '0' && pair.p[i] <= '9';
                t->next_size = t->next_size * 10 + (uint64_t)(pair.p[i] - '0');
            }
        }
    }
}

static enum bytes_step failed(struct tar *t, int step)
{
    struct window *below = t->bytes.below;

    if (step == BYTES_WAIT)
        return BYTES_WAIT;
    t->over = true;
    if (step < 0)
        return bytes_bad(&t->bytes, "no memory to read it");
    if (step == BYTES_BAD)
        return bytes_bad(&t->bytes, "%s", below->source->why);
    return bytes_bad(&t->bytes, "cut off: the tar archive ends at byte %llu, inside a member",
                     (unsigned long long)below->at);
}

/* The header that stands below, a member's or one about the next member. SOME: a member begins. END: go on. */
static enum bytes_step read_header(struct tar *t, const char *p)
{
    uint64_t size;
    char type = p[156];
    bool about = type == 'x' || type == 'g' || type == 'L' || type == 'K'; /* the next member */

    if (!number((const unsigned char *)p + 124, 12, &size)) {
        t->over = true;
        return bytes_bad(&t->bytes,
                         "damaged: a size at byte %llu of the tar archive is no number; the rest is left out",
                         (unsigned long long)t->bytes.below->at);
    }
    size = t->sized && !about ? t->next_size : size;
    if (!t->named && !about) {
        struct nw_str prefix = memcmp(p + 257, "ustar\0", 6) ? nw_str("", 0) : text(p + 345, 155);
        char path[256 + 1];
        struct nw_str name = text(p, 100);
        memcpy(path, prefix.p, prefix.n);
        memcpy(path + prefix.n, "/", 1);
        memcpy(path + prefix.n + 1, name.p, name.n);
        bytes_name(&t->bytes, prefix.n ? nw_str(path, prefix.n + 1 + name.n) : name);
    }
    if ((type == 'L' || type == 'x') && size <= EXTRA_MAX) {
        int step = window_need(t->bytes.below, BLOCK + (size_t)size);
        struct nw_str s = nw_str(window_bytes(t->bytes.below).p + BLOCK, (size_t)size);
        if (step != BYTES_SOME)
            return failed(t, step);
        if (type == 'x')
            read_pax(t, s);
        else
            bytes_name(&t->bytes, text(s.p, s.n));
        t->named = t->named || type == 'L';
    }
    window_take(t->bytes.below, BLOCK);
    t->left = size;
    t->pad = (BLOCK - size % BLOCK) % BLOCK;
    if (about)
        return BYTES_END;
    t->named = t->sized = false;
    if (type == 'S')
        return bytes_bad(&t->bytes, "is a sparse file, which is not read; left out");
    if ((type != '0' && type != '\0' && type != '7') || member_hidden(nw_str_z(t->bytes.name)))
        return BYTES_END;
    return BYTES_SOME;
}

static enum bytes_step tar_next(struct bytes *bytes)
{
    struct tar *t = (struct tar *)bytes;

    while (!t->over) {
        struct nw_str s;
        int step = member_skip(bytes->below, &t->left);
        enum bytes_step kind;

        if (step == BYTES_SOME)
            step = member_skip(bytes->below, &t->pad);
        if (step != BYTES_SOME)
            return failed(t, step);
        step = window_need(bytes->below, BLOCK);
        s = window_bytes(bytes->below);
        if (step != BYTES_SOME && step != BYTES_END)
            return failed(t, step);
        if (s.n == 0 || s.p[0] == '\0') { /* the end: blocks of zeros, or nothing at all */
            t->over = true;
            break;
        }
        if (!header(s)) {
            t->over = true;
            return bytes_bad(bytes, "%s at byte %llu of the tar archive; the rest is left out",
                             s.n < BLOCK ? "cut off: it ends" : "damaged: expected a member's header",
                             (unsigned long long)bytes->below->at);
        }
        kind = read_header(t, s.p);
        if (kind != BYTES_END)
            return kind;
    }
    return BYTES_END;
}

static enum bytes_step tar_read(struct bytes *bytes, char *p, size_t room, size_t *n)
{
    struct tar *t = (struct tar *)bytes;
    struct nw_str s;
    int step;

    if (t->left == 0)
        return BYTES_END;
    step = window_need(bytes->below, 1);
    if (step != BYTES_SOME)
        return failed(t, step);
    s = window_bytes(bytes->below);
    *n = s.n < room ? s.n : room;
    *n = t->left < *n ? (size_t)t->left : *n;
    memcpy(p, s.p, *n);
    window_take(bytes->below, *n);
    t->left -= *n;
    return BYTES_SOME;
}

static void tar_free(struct bytes *bytes)
{
    nw_free(bytes);
}

const struct bytes_kind bytes_tar = {.name = "tar",
                                     .archives = true,
                                     .fits = tar_fits,
                                     .open = tar_open,
                                     .next = tar_next,
                                     .read = tar_read,
                                     .free = tar_free};
