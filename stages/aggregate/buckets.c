/* Entries of a bucket stand newest first. Of an article's number the low 32 bits are kept: readers know the newest. */
#include "buckets.h"

#include "large.h"

#include <newswire/alloc.h>

#include <string.h>

enum { ENTRIES = 16 };

struct bucket {
    uint32_t keys[ENTRIES]; /* 0: free */
    uint32_t articles[ENTRIES];
};

struct buckets {
    size_t n;
    uint64_t most; /* articles that are remembered */
    struct large memory;
    struct bucket *v; /* in `memory` */
};

struct buckets *buckets_new(size_t articles, size_t each)
{
    struct buckets *buckets = nw_calloc(1, sizeof *buckets);

    if (!buckets)
        return NULL;
    buckets->most = articles;
    buckets->n = articles * each * 3 / 2 / ENTRIES + 1; /* at two thirds of their room few run over */
    buckets->v = large_new(&buckets->memory, buckets->n, sizeof *buckets->v);
    if (buckets->v)
        return buckets;
    buckets_free(buckets);
    return NULL;
}

void buckets_free(struct buckets *buckets)
{
    if (!buckets)
        return;
    large_free(&buckets->memory);
    nw_free(buckets);
}

/* Keys may be the smallest of many hashes, so they are spread first. */
static struct bucket *bucket_of(const struct buckets *buckets, uint32_t key)
{
    return &buckets->v[((uint64_t)(key * 2654435769u) * buckets->n) >> 32];
}

static uint32_t kept(uint32_t key)
{
    return key ? key : 1;
}

/* A bit for each entry of the key. */
static uint32_t entries_of(const struct bucket *bucket, uint32_t key)
{
    uint32_t entries = 0;

    for (uint32_t i = 0; i < ENTRIES; i++)
        entries |= (uint32_t)(bucket->keys[i] == kept(key)) << i;
    return entries;
}

/* Puts the entry first; what stood at `place` goes. */
static void put(struct bucket *bucket, size_t place, uint32_t key, uint64_t article)
{
    memmove(bucket->keys + 1, bucket->keys, place * sizeof *bucket->keys);
    memmove(bucket->articles + 1, bucket->articles, place * sizeof *bucket->articles);
    bucket->keys[0] = kept(key);
    bucket->articles[0] = (uint32_t)article;
}

void buckets_add(struct buckets *buckets, uint32_t key, uint64_t article)
{
    struct bucket *bucket = bucket_of(buckets, key);
    uint32_t entries = entries_of(bucket, key);
    size_t place = ENTRIES - 1;

    for (size_t seen = 1; entries; seen++, entries &= entries - 1) {
        if (seen == BUCKETS_MOST)
            place = (size_t)__builtin_ctz(entries);
    }
    put(bucket, place, key, article);
}

void buckets_replace(struct buckets *buckets, uint32_t key, uint64_t old, uint64_t article)
{
    struct bucket *bucket = bucket_of(buckets, key);

    for (uint32_t entries = entries_of(bucket, key); entries; entries &= entries - 1) {
        size_t i = (size_t)__builtin_ctz(entries);
        if (bucket->articles[i] == (uint32_t)old) {
            put(bucket, i, key, article);
            return;
        }
    }
    buckets_add(buckets, key, article);
}

void buckets_expect(const struct buckets *buckets, uint32_t key)
{
    const struct bucket *bucket = bucket_of(buckets, key);

    __builtin_prefetch(bucket->keys);
    __builtin_prefetch(bucket->articles);
}

size_t buckets_find(const struct buckets *buckets, uint32_t key, uint64_t end, uint64_t articles[BUCKETS_MOST])
{
    const struct bucket *bucket = bucket_of(buckets, key);
    size_t n = 0;

    for (uint32_t entries = entries_of(bucket, key); entries && n < BUCKETS_MOST; entries &= entries - 1) {
        uint32_t article = bucket->articles[__builtin_ctz(entries)];
        uint64_t back = (uint32_t)((uint32_t)end - article); /* 1: the newest */
        if (back > 0 && back <= end && back <= buckets->most)
            articles[n++] = end - back;
    }
    return n;
}
