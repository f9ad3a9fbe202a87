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
};

struct term {
    uint32_t hash; /* never 0 */
    float weight;
};

struct vector {
    struct term v[VECTOR_MOST]; /* heaviest first */
    size_t n;
};

/* In how many articles each term stood: 4 MiB, whatever the stream. */
struct frequencies;
struct frequencies *frequencies_new(void);
void frequencies_free(struct frequencies *frequencies);

/* Counts the article's terms, then weighs them. */
void vector_make(struct vector *vector, struct frequencies *frequencies, const struct digest *digest);

/* A vector spread out for dot products. */
enum { SPREAD = 512 };
struct spread {
    struct term v[SPREAD];
};
void spread_make(struct spread *spread, const struct vector *vector);
double spread_dot(const struct spread *spread, const struct term *v, size_t n);

#endif
