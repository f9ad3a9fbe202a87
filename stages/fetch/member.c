/* See member.h. */
#include "member.h"
#include "find.h"

bool member_hidden(struct nw_str path)
{
    while (path.n) {
        size_t slash = find_byte(path, 0, '/');
        struct nw_str part = nw_str(path.p, slash == SIZE_MAX ? path.n : slash);

        if (part.n > 1 && part.p[0] == '.' && !nw_str_eq(part, NW_S("..")))
            return true;
        if (nw_str_eq(part, NW_S("__MACOSX")))
            return true;
        path = nw_str_from(path, part.n + 1);
    }
    return false;
}

int member_skip(struct window *below, uint64_t *n)
{
    while (*n) {
        struct nw_str s;
        size_t some;
        int step = window_need(below, 1);

        if (step != BYTES_SOME)
            return step;
        s = window_bytes(below);
        some = *n < s.n ? (size_t)*n : s.n;
        window_take(below, some);
        *n -= some;
    }
    return BYTES_SOME;
}
