/* weight = (1 + ln tf) * ln((N + 1) / (df + .5)); the headline counts three times, the lead twice. */
#include "vector.h"

#include <newswire/alloc.h>

#include <math.h>
#include <stdlib.h>

enum { TABLE = 1 << 20, COUNTS = 1024, BACKGROUND = 220 /* articles that the common words stand for */ };

struct frequencies {
    float articles;
    float counts[TABLE];
};

static void add_common(void *user, uint32_t stem, unsigned percent)
{
    struct frequencies *frequencies = user;

    frequencies->counts[stem % TABLE] += (float)percent * BACKGROUND / 100.0f;
}

struct frequencies *frequencies_new(void)
{
    struct frequencies *frequencies = nw_calloc(1, sizeof *frequencies);

    if (frequencies) {
        frequencies->articles = BACKGROUND;
        wordlist_common(add_common, frequencies);
    }
    return frequencies;
}

void frequencies_free(struct frequencies *frequencies)
{
    nw_free(frequencies);
}

/* Adds to a count; VECTOR_READS and DIGEST_NAMES together are fewer than COUNTS, so there is room. */
static void count(struct term *counts, uint32_t hash, float weight)
{
    size_t at = hash % COUNTS;

    while (counts[at].hash && counts[at].hash != hash)
        at = (at + 1) % COUNTS;
    counts[at].hash = hash;
    counts[at].weight += weight;
}

static int heavier(const void *a, const void *b)
{
    struct term x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    if (x.weight != y.weight)
        return x.weight < y.weight ? 1 : -1;
    return (x.hash > y.hash) - (x.hash < y.hash);
}

/* Takes the `most` heaviest of the counts into the vector, at length `length`. */
static void weigh(struct vector *vector, struct frequencies *frequencies, struct term *counts, size_t most,
                  double length)
{
    struct term terms[COUNTS];
    size_t n = 0;
    double square = 0;

    for (size_t i = 0; i < COUNTS; i++) {
        if (!counts[i].hash)
            continue;
        float *df = &frequencies->counts[counts[i].hash % TABLE];
        *df += 1;
        double idf = log(((double)frequencies->articles + 1) / ((double)*df + 0.5));
        terms[n].hash = counts[i].hash;
        terms[n++].weight = (float)((1 + log((double)counts[i].weight)) * (idf > 0.05 ? idf : 0.05));
    }
    qsort(terms, n, sizeof *terms, heavier);
    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++)
        square += (double)terms[i].weight * (double)terms[i].weight;
    for (size_t i = 0; i < n; i++) {
        terms[i].weight = (float)((double)terms[i].weight * length / sqrt(square));
        vector->v[vector->n++] = terms[i];
    }
}

void vector_make(struct vector *vector, struct frequencies *frequencies, const struct digest *digest)
{
    struct term words[COUNTS] = {{0, 0}}, names[COUNTS] = {{0, 0}};
    size_t reads = digest->n < VECTOR_READS ? digest->n : VECTOR_READS;

    bool named = digest->name_count > 0;

    frequencies->articles += 1;
    vector->n = 0;
    for (size_t i = 0; i < reads; i++) {
        const struct word *word = &digest->words[i];
        float weight = i < digest->headline ? 3 : i < digest->headline + DIGEST_LEAD ? 2 : 1;
        if (!word->stem)
            continue;
        count(words, word->stem, weight);
        if ((word->flags & (WORD_CAPITAL | WORD_FIRST)) == WORD_CAPITAL && i >= digest->headline) {
            named = true;
            count(names, (word->stem * 0x9E3779B1u) | 1, 1);
        }
    }
    for (size_t i = 0; i < digest->name_count; i++)
        count(names, digest->names[i], 1);
    weigh(vector, frequencies, words, VECTOR_WORDS, named ? sqrt(0.75) : 1);
    weigh(vector, frequencies, names, VECTOR_NAMES, sqrt(0.25));
}

void spread_make(struct spread *spread, const struct vector *vector)
{
    memset(spread, 0, sizeof *spread);
    for (size_t i = 0; i < vector->n; i++) {
        size_t at = vector->v[i].hash % SPREAD;
        while (spread->v[at].hash && spread->v[at].hash != vector->v[i].hash)
            at = (at + 1) % SPREAD;
        spread->v[at] = vector->v[i];
    }
}

double spread_dot(const struct spread *spread, const struct term *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = v[i].hash % SPREAD;
        while (spread->v[at].hash && spread->v[at].hash != v[i].hash)
            at = (at + 1) % SPREAD;
        if (spread->v[at].hash)
            sum += (double)spread->v[at].weight * (double)v[i].weight;
    }
    return sum;
}
