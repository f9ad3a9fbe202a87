/* Views of bytes: comparison, search, lines. */
#include <newswire/str.h>

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

int nw_str_cmp(struct nw_str a, struct nw_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    if (order)
        return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

bool nw_str_eq_nocase(struct nw_str a, struct nw_str b)
{
    return a.n == b.n && same_nocase(a.p, b.p, a.n);
}

bool nw_str_starts_nocase(struct nw_str s, struct nw_str prefix)
{
    return s.n >= prefix.n && same_nocase(s.p, prefix.p, prefix.n);
}

/* Places where both the first and the last byte of the needle stand are looked at; sixteen at a time, as far as the
 * loads stay within s. */
size_t nw_str_find(struct nw_str s, struct nw_str needle)
{
    size_t i = 0, places = s.n - needle.n + 1; /* where it may begin */

    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return SIZE_MAX;
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8(needle.p[0]), last = _mm_set1_epi8(needle.p[needle.n - 1]);
    for (; i + 16 <= places; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i + needle.n - 1));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));
        for (; found; found &= found - 1) {
            size_t at = i + (size_t)__builtin_ctz(found);
            if (memcmp(s.p + at, needle.p, needle.n) == 0)
                return at;
        }
    }
#endif
    for (; i < places; i++) {
        if (s.p[i] == needle.p[0] && memcmp(s.p + i, needle.p, needle.n) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct nw_str nw_str_trim(struct nw_str s)
{
    while (s.n && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool nw_str_line(struct nw_str *rest, struct nw_str *line)
{
    const char *end;
    size_t n;

    if (rest->n == 0)
        return false;
    end = memchr(rest->p, '\n', rest->n);
    n = end ? (size_t)(end - rest->p) : rest->n;
    *line = nw_str(rest->p, n && rest->p[n - 1] == '\r' ? n - 1 : n);
    *rest = nw_str_from(*rest, end ? n + 1 : n);
    return true;
}
