/* An article as weighted terms (TF-IDF), of length 1: words, and names apart. Frequencies are learned from the stream.
 */
#ifndef VECTOR_H
#define VECTOR_H

#include "digest.h"
#include "wordlist.h"

enum {
    VECTOR_WORDS = 56, /* the heaviest are kept */
    VECTOR_NAMES = 20,
    VECTOR_MOST = VECTOR_WORDS + VECTOR_NAMES,
    VECTOR_READS = 320, /* words of an article that are counted */
    VECTOR_HEAVY = 30,  /* words by which it is looked for, beside all its names */
};

struct term {
    uint32_t hash; /* never 0 */
    float weight;
};

struct vector {
    struct term v[VECTOR_MOST]; /* in order of hash */
    size_t n;
    struct term heavy[VECTOR_HEAVY + VECTOR_NAMES]; /* words, heaviest first; then names, heaviest first */
    size_t heavy_n, heavy_words;
};

/* In how many articles each term stood: 4 MiB, whatever the stream. */
struct frequencies;
struct frequencies *frequencies_new(void);
void frequencies_free(struct frequencies *frequencies);

/* Counts the article's terms, then weighs them. */
void vector_make(struct vector *vector, struct frequencies *frequencies, const struct digest *digest);

/* A vector spread out for dot products. */
enum { SPREAD = 512, SPREAD_BITS = 4096 };
struct spread {
    struct term v[SPREAD];
    uint64_t bits[SPREAD_BITS / 64]; /* of hashes that are there: most of another article's are not */
};
void spread_make(struct spread *spread, const struct vector *vector);
double spread_dot(const struct spread *spread, const struct term *v, size_t n);

#endif
