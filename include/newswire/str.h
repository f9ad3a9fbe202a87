/* A borrowed view of bytes: never freed, never NUL-terminated by promise. Text is UTF-8 where the field's doc says
 * text. */
#ifndef NEWSWIRE_STR_H
#define NEWSWIRE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct nw_str {
    const char *p; /* NULL only when n is 0 */
    size_t n;      /* bytes */
};

/* A view of a string literal, also in static initialisers. */
#define NW_STR(literal)                                                                                                \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }
#define NW_S(literal) ((struct nw_str)NW_STR(literal))

/* For printf's "%.*s": NW_FMT(view). Views longer than INT_MAX are cut. */
#define NW_FMT(s) (int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n), (s).p ? (s).p : ""

static inline struct nw_str nw_str(const char *p, size_t n)
{
    return (struct nw_str){p, n};
}

static inline struct nw_str nw_str_z(const char *z)
{
    return (struct nw_str){z, z ? strlen(z) : 0};
}

static inline bool nw_str_eq(struct nw_str a, struct nw_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool nw_str_starts(struct nw_str s, struct nw_str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool nw_str_ends(struct nw_str s, struct nw_str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* The part of s from byte `from` (clamped) to its end. */
static inline struct nw_str nw_str_from(struct nw_str s, size_t from)
{
    return from >= s.n ? nw_str(s.n ? s.p + s.n : s.p, 0) : nw_str(s.p + from, s.n - from);
}

/* Bytewise order, as memcmp, the shorter first when one is a prefix of the other. */
int nw_str_cmp(struct nw_str a, struct nw_str b);

/* As nw_str_eq, nw_str_starts but ASCII letters match in either case. */
bool nw_str_eq_nocase(struct nw_str a, struct nw_str b);
bool nw_str_starts_nocase(struct nw_str s, struct nw_str prefix);

/* Offset of the first `needle` in s, or SIZE_MAX. An empty needle is at 0. */
size_t nw_str_find(struct nw_str s, struct nw_str needle);

/* s without ASCII white space (space, tab, CR, LF, FF, VT) at both ends. */
struct nw_str nw_str_trim(struct nw_str s);

/* Takes the line up to '\n' off *rest (without its line end, CR LF too); false when nothing is left. */
bool nw_str_line(struct nw_str *rest, struct nw_str *line);

#endif
