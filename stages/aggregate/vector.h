/* An article as weighted terms (TF-IDF), of length 1: words, and names apart. Frequencies are learned from the stream.
 */
#ifndef VECTOR_H
#define VECTOR_H

#include "digest.h"
#include "wordlist.h"

/* What a term is of; the low bits of its hash say so. */
enum vector_part { PART_WORDS, PART_NAMES, PART_HEADLINE, PARTS };

enum {
    VECTOR_WORDS = 56, /* the heaviest are kept */
    VECTOR_NAMES = 20,
    VECTOR_HEADLINE = 12,
    VECTOR_MOST = VECTOR_WORDS + VECTOR_NAMES + VECTOR_HEADLINE,
    VECTOR_READS = 200, /* words of an article that are counted */
    VECTOR_HEAVY = 20,  /* words by which it is looked for, beside all its names */
    VECTOR_COUNTED = 2 * VECTOR_READS + DIGEST_NAMES,
};

struct term {
    uint32_t hash; /* never 0 */
    float weight;
};

static inline enum vector_part term_part(struct term term)
{
    return (enum vector_part)(term.hash & 3);
}

/* Each part has the length 1, or no terms. */
struct vector {
    struct term v[VECTOR_MOST]; /* in order of hash */
    size_t n;
    struct term heavy[VECTOR_HEAVY + VECTOR_NAMES]; /* words, heaviest first; then names, heaviest first */
    size_t heavy_n, heavy_words;
    uint32_t language; /* of the digest */
    uint32_t before;   /* articles of that language before it */
    bool named;        /* has names */
    bool table;        /* a table of figures */
    double mass;       /* of the words before they were brought to length 1: how much they say */

    uint32_t counted[VECTOR_COUNTED]; /* places in the frequencies that were counted up for it */
    size_t counted_n;
};

/* The cosine of each part. */
struct cosines {
    double of[PARTS];
};

/* In how many articles of its language each term stood: 8 MiB, whatever the stream. Seven languages beside English have
 * a part of their own; what comes beyond shares one. */
struct frequencies;
struct frequencies *frequencies_new(void);
void frequencies_free(struct frequencies *frequencies);

/* All of them as bytes, and back: false where they are not as many. */
struct nw_str frequencies_bytes(const struct frequencies *frequencies);
bool frequencies_set(struct frequencies *frequencies, struct nw_str bytes);

/* Counts an article again, by what vector_make counted up for it; false where there is no such place. */
bool frequencies_count(struct frequencies *frequencies, uint32_t language, const uint32_t *counted, size_t n);

/* Counts the article's terms, then weighs them. */
void vector_make(struct vector *vector, struct frequencies *frequencies, const struct digest *digest);

/* A vector spread out for dot products. */
enum { SPREAD = 512, SPREAD_BITS = 4096 };
struct spread {
    struct term v[SPREAD];
    uint64_t bits[SPREAD_BITS / 64]; /* of hashes that are there: most of another article's are not */
};
void spread_make(struct spread *spread, const struct vector *vector);
struct cosines spread_dot(const struct spread *spread, const struct term *v, size_t n);

#endif
