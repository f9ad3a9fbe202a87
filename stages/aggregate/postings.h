/*
 * An inverted index over the newest articles: key -> articles that have it, newest first. Each article has `each`
 * places in a ring; a place holds a key and how far back the previous one of its chain stands. Whoever walks stops at
 * what the ring has overwritten, so nothing is ever taken out.
 */
#ifndef POSTINGS_H
#define POSTINGS_H

#include <stddef.h>
#include <stdint.h>

struct postings;

/* 8 bytes a place and 4 to 8 a chain head; NULL when there is no memory. articles * each must be below 2^31. */
struct postings *postings_new(size_t articles, size_t each);
void postings_free(struct postings *postings); /* NULL is accepted */

/* Articles are numbered 0, 1, … and added in that order, keys beyond `each` are not kept. */
void postings_add(struct postings *postings, uint64_t article, const uint32_t *keys, size_t n);

/* Lets the processor fetch where the key's chain begins, which is to be searched or added to soon. */
void postings_expect(const struct postings *postings, uint32_t key);

/* Up to `most` articles that have the key, newest first. */
size_t postings_find(const struct postings *postings, uint32_t key, uint64_t *articles, size_t most);

#endif
