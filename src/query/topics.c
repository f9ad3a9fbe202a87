/* The taxonomy of media topics, for queries that name a broader one. */
#include "query/program.h"

#include <stdio.h>
#include <stdlib.h>

enum { CODE_DIGITS = 8 };

static const struct topic {
    uint32_t code, parent;
    const char *name;
} topics[] = {
#include "query/media_topics.inc"
};

static const struct topic *find(uint32_t code)
{
    size_t low = 0, high = sizeof topics / sizeof *topics;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (topics[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof topics / sizeof *topics && topics[low].code == code ? &topics[low] : NULL;
}

uint32_t query_topic(struct nw_str value)
{
    struct nw_str digits = value;
    uint32_t code = 0;

    for (size_t i = value.n; i-- > 0;) { /* behind medtop: or the address */
        if (value.p[i] == ':' || value.p[i] == '/') {
            digits = nw_str_from(value, i + 1);
            break;
        }
    }
    for (size_t i = 0; i < digits.n && digits.n == CODE_DIGITS; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            break;
        code = code * 10 + (uint32_t)(digits.p[i] - '0');
        if (i + 1 == digits.n)
            return find(code) ? code : 0;
    }
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (nw_str_eq_nocase(value, nw_str_z(topics[i].name)))
            return topics[i].code;
    }
    return 0;
}

uint32_t query_topic_parent(uint32_t code)
{
    const struct topic *topic = find(code);

    return topic ? topic->parent : 0;
}

struct nw_str query_topic_text(uint32_t code, char out[16])
{
    return nw_str(out, (size_t)snprintf(out, 16, "%08u", code % 100000000));
}
