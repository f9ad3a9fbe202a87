/*
 * A second kind of index over the newest articles, for keys of which each article has many: key -> the newest articles
 * that have it. A bucket is two lines of the cache, with the newest entries of all the keys that fall into it; so a
 * search costs two misses whatever is remembered, and nothing is ever taken out: what is old is pushed out, or stands
 * there until the reader sees that it is gone. Where a bucket runs over, entries get lost, the oldest first: who looks
 * for an article must have several keys for it (postings.h is exact).
 *
 * What a bucket holds of the newest articles does not depend on what came before them: a memory that is learned again
 * from them alone is the same.
 */
#ifndef BUCKETS_H
#define BUCKETS_H

#include <stddef.h>
#include <stdint.h>

enum { BUCKETS_MOST = 6 /* articles that a key leads to */ };

struct buckets;

/* Leads to the newest `articles`, of which each has `each` keys; 12 bytes a key. NULL when there is no memory. */
struct buckets *buckets_new(size_t articles, size_t each);
void buckets_free(struct buckets *buckets); /* NULL is accepted */

/* Articles are numbered 0, 1, … and added in that order, each once for a key. */
void buckets_add(struct buckets *buckets, uint32_t key, uint64_t article);

/* As buckets_add, and from now on the key leads to `old` no longer. */
void buckets_replace(struct buckets *buckets, uint32_t key, uint64_t old, uint64_t article);

/* Lets the processor fetch the key's bucket, which is to be searched soon. */
void buckets_expect(const struct buckets *buckets, uint32_t key);

/* Those of the newest articles that have the key, newest first, none twice; `end` is the number of the next article to
 * be added. */
size_t buckets_find(const struct buckets *buckets, uint32_t key, uint64_t end, uint64_t articles[BUCKETS_MOST]);

#endif
