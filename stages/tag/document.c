/* One text at work: see document.h. */
#include "document.h"

#include <newswire/alloc.h>

struct name *names_add(struct names *names)
{
    if (names->n == names->cap) {
        size_t cap = names->cap ? 2 * names->cap : 256;
        struct name *v = nw_realloc(names->v, cap * sizeof *v);
        if (v == NULL) {
            return NULL;
        }
        names->v = v;
        names->cap = cap;
    }
    struct name *name = &names->v[names->n++];
    *name = (struct name){.canonical = (uint32_t)(names->n - 1)};
    return name;
}

size_t names_at(const struct names *names, size_t token)
{
    size_t low = 0;
    size_t high = names->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->v[middle].last < token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < names->n && names->v[low].first <= token ? low : SIZE_MAX;
}
