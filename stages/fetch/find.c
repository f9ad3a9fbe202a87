/* memmem stands here alone, for it is no part of POSIX and asks for _GNU_SOURCE. */
#define _GNU_SOURCE
#include "find.h"

size_t find_bytes(struct nw_str s, size_t from, struct nw_str needle)
{
    const char *hit;

    if (from > s.n || s.n - from < needle.n || s.n == from)
        return SIZE_MAX;
    hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t find_byte(struct nw_str s, size_t from, char c)
{
    const char *hit;

    if (from >= s.n)
        return SIZE_MAX;
    hit = memchr(s.p + from, c, s.n - from);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

const char *excerpt(struct nw_str s, char out[EXCERPT])
{
    size_t n = s.n < EXCERPT - 4 ? s.n : EXCERPT - 4;

    for (size_t i = 0; i < n; i++)
        out[i] = s.p[i] >= ' ' && s.p[i] <= '~' ? s.p[i] : '?';
    memcpy(out + n, s.n > n ? "..." : "", s.n > n ? 4 : 1);
    return out;
}
