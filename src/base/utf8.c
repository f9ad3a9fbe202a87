/* UTF-8 (RFC 3629). ASCII is skipped 16 bytes a step; the rest is checked byte by byte against Unicode's table 3-7. */
#include <newswire/utf8.h>

/* Bytes of the well-formed sequence at p (n bytes are there), 0 if there is none. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t length;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2)
        return 0;
    if (p[0] < 0xe0) {
        length = 2;
    } else if (p[0] < 0xf0) {
        length = 3;
        if (p[0] == 0xe0)
            low = 0xa0;
        else if (p[0] == 0xed)
            high = 0x9f;
    } else if (p[0] < 0xf5) {
        length = 4;
        if (p[0] == 0xf0)
            low = 0x90;
        else if (p[0] == 0xf4)
            high = 0x8f;
    } else {
        return 0;
    }
    if (n < length || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

static size_t skip_ascii(const char *p, size_t i, size_t n)
{
    const uint64_t tops = UINT64_C(0x8080808080808080);

    for (; i + 16 <= n; i += 16) {
        uint64_t a, b;
        memcpy(&a, p + i, 8);
        memcpy(&b, p + i + 8, 8);
        if ((a | b) & tops)
            break;
    }
    while (i < n && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

size_t nw_utf8_valid(struct nw_str s)
{
    size_t i = 0;

    for (;;) {
        i = skip_ascii(s.p, i, s.n);
        /* Scripts beyond ASCII come in runs: stay here until the next ASCII byte. */
        while (i < s.n && (unsigned char)s.p[i] >= 0x80) {
            size_t length = sequence((const unsigned char *)s.p + i, s.n - i);
            if (!length)
                return i;
            i += length;
        }
        if (i >= s.n)
            return s.n;
    }
}

size_t nw_utf8_count(struct nw_str s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t count = 0, i = 0;

    /* A code point begins at each byte that is no continuation byte (10xxxxxx). */
    for (; i + 8 <= s.n; i += 8) {
        uint64_t v;
        memcpy(&v, s.p + i, 8);
        v = (v >> 7) & (~v >> 6) & ones; /* 1 in each continuation byte */
        count += 8 - (size_t)((v * ones) >> 56);
    }
    for (; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return count;
}

uint32_t nw_utf8_next(struct nw_str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t length = sequence(p, s.n - *at);
    uint32_t c;

    if (length <= 1) {
        *at += 1;
        return length ? p[0] : 0xfffd;
    }
    c = p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        c = c << 6 | (p[i] & 0x3fu);
    *at += length;
    return c;
}

size_t nw_utf8_put(char *out, uint32_t c)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        c = 0xfffd;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

size_t nw_utf8_floor(struct nw_str s, size_t at)
{
    if (at >= s.n)
        return s.n;
    while (at > 0 && ((unsigned char)s.p[at] & 0xc0) == 0x80)
        at--;
    return at;
}
