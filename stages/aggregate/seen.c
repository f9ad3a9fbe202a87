/*
 * A ring of texts in the order in which they came, and a hash table of places in the ring. Chains run through the
 * ring's slots, so forgetting the oldest is taking it off its chain.
 */
#include "seen.h"

#include <newswire/alloc.h>

#include <errno.h>

struct text {
    struct nw_hash128 hash;
    uint32_t next; /* in its chain: place + 1; 0 ends it */
    uint32_t uri_bytes;
    char *uri; /* NULL: this place is free */
};

struct seen {
    size_t most, place; /* place: where the next one goes */
    size_t buckets;     /* a power of two */
    uint32_t *heads;    /* place + 1; 0 for none */
    struct text *texts;
};

struct seen *seen_new(size_t most)
{
    struct seen *seen = nw_calloc(1, sizeof *seen);

    if (!seen)
        return NULL;
    seen->most = most;
    for (seen->buckets = 16; seen->buckets < most; seen->buckets *= 2) {
    }
    seen->heads = nw_calloc(seen->buckets, sizeof *seen->heads);
    seen->texts = nw_calloc(most, sizeof *seen->texts);
    if (!seen->heads || !seen->texts) {
        seen_free(seen);
        return NULL;
    }
    return seen;
}

void seen_free(struct seen *seen)
{
    if (!seen)
        return;
    for (size_t i = 0; seen->texts && i < seen->most; i++)
        nw_free(seen->texts[i].uri);
    nw_free(seen->texts);
    nw_free(seen->heads);
    nw_free(seen);
}

static uint32_t *head_of(const struct seen *seen, struct nw_hash128 hash)
{
    return &seen->heads[hash.low & (seen->buckets - 1)];
}

struct nw_str seen_find(const struct seen *seen, struct nw_hash128 hash)
{
    for (uint32_t at = *head_of(seen, hash); at; at = seen->texts[at - 1].next) {
        const struct text *text = &seen->texts[at - 1];
        if (text->hash.high == hash.high && text->hash.low == hash.low)
            return nw_str(text->uri, text->uri_bytes);
    }
    return nw_str(NULL, 0);
}

static void forget(struct seen *seen, size_t place)
{
    struct text *text = &seen->texts[place];
    uint32_t *at = head_of(seen, text->hash);

    while (*at != place + 1)
        at = &seen->texts[*at - 1].next;
    *at = text->next;
    nw_free(text->uri);
    text->uri = NULL;
}

int seen_add(struct seen *seen, struct nw_hash128 hash, struct nw_str uri)
{
    struct text *text = &seen->texts[seen->place];
    char *copy = nw_malloc(uri.n);

    if (!copy)
        return -ENOMEM;
    if (text->uri)
        forget(seen, seen->place);
    if (uri.n)
        memcpy(copy, uri.p, uri.n);
    *text = (struct text){.hash = hash, .next = *head_of(seen, hash), .uri = copy, .uri_bytes = (uint32_t)uri.n};
    *head_of(seen, hash) = (uint32_t)seen->place + 1;
    seen->place = (seen->place + 1) % seen->most;
    return 0;
}
