/* Views of bytes: comparison, search, lines. */
#include <newswire/str.h>

#include <stdint.h>

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

size_t nw_str_find(struct nw_str s, struct nw_str needle)
{
    const char *at = s.p, *end;

    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return SIZE_MAX;
    end = s.p + (s.n - needle.n) + 1;
    while (at < end && (at = memchr(at, needle.p[0], (size_t)(end - at)))) {
        if (memcmp(at, needle.p, needle.n) == 0)
            return (size_t)(at - s.p);
        at++;
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
