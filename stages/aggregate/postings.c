/* Chains share heads; keys are compared on the way. A walk is bounded by 4 * most + 16 steps. */
#include "postings.h"

#include "large.h"

#include <newswire/alloc.h>

struct place {
    uint32_t key, back; /* back: places to the previous one of the chain; 0 ends it */
};

struct postings {
    size_t each, places, heads; /* heads: a power of two */
    uint64_t end;               /* number of the next place, over all time */
    struct large memory[2];     /* of the next two */
    uint64_t *last;             /* of each chain: its newest place + 1; 0 for none */
    struct place *ring;
};

struct postings *postings_new(size_t articles, size_t each)
{
    struct postings *postings = nw_calloc(1, sizeof *postings);

    if (!postings)
        return NULL;
    postings->each = each;
    postings->places = articles * each;
    for (postings->heads = 64; postings->heads < postings->places; postings->heads *= 2) {
    }
    postings->last = large_new(&postings->memory[0], postings->heads, sizeof *postings->last);
    postings->ring = large_new(&postings->memory[1], postings->places, sizeof *postings->ring);
    if (!postings->last || !postings->ring) {
        postings_free(postings);
        return NULL;
    }
    return postings;
}

void postings_free(struct postings *postings)
{
    if (!postings)
        return;
    large_free(&postings->memory[0]);
    large_free(&postings->memory[1]);
    nw_free(postings);
}

void postings_add(struct postings *postings, uint64_t article, const uint32_t *keys, size_t n)
{
    uint64_t at = article * postings->each;

    for (size_t i = 0; i < n && i < postings->each; i++, at++) {
        uint64_t *last = &postings->last[keys[i] & (postings->heads - 1)];
        uint64_t back = *last ? at - (*last - 1) : 0;
        postings->ring[at % postings->places] = (struct place){keys[i], back < postings->places ? (uint32_t)back : 0};
        *last = at + 1;
    }
    postings->end = (article + 1) * postings->each;
}

void postings_expect(const struct postings *postings, uint32_t key)
{
    __builtin_prefetch(&postings->last[key & (postings->heads - 1)]);
}

size_t postings_find(const struct postings *postings, uint32_t key, uint64_t *articles, size_t most)
{
    uint64_t at = postings->last[key & (postings->heads - 1)];
    uint64_t oldest = postings->end > postings->places ? postings->end - postings->places : 0;
    size_t n = 0;

    if (at-- == 0)
        return 0;
    for (size_t steps = 0; at >= oldest && n < most && steps < 4 * most + 16; steps++) {
        const struct place *place = &postings->ring[at % postings->places];
        uint64_t article = at / postings->each;
        if (place->key == key && (n == 0 || articles[n - 1] != article))
            articles[n++] = article;
        if (place->back == 0 || place->back > at)
            break;
        at -= place->back;
    }
    return n;
}
