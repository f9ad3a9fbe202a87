/* weight = (1 + ln tf) * ln((N + 1) / (df + .5))^1.3; the headline counts three times, the lead twice. The frequencies
 * begin as if BACKGROUND articles of everyday news had been read. */
#include "vector.h"

#include "order.h"

#include <newswire/alloc.h>

#include <math.h>

enum {
    TABLE = 1 << 20,
    COUNTS = 1024,
    BACKGROUND = 400, /* articles that the common words stand for */
    LOGS = 64,
    LANGUAGES = 8,
    SMALL = 1 << 17, /* places of another language than English */
    PLACES = TABLE + (LANGUAGES - 1) * SMALL,
};

/* English has the first TABLE places, each other language SMALL of those behind, in the order in which they came. The
 * last part is shared by all that found none of their own. */
struct frequencies {
    uint32_t languages[LANGUAGES]; /* as in digest.h; 0 beyond the first: free */
    uint32_t articles[LANGUAGES];
    float logs[LOGS]; /* 1 + ln of small numbers */
    float counts[PLACES];
};

/* One language's part of it. */
struct tongue {
    uint32_t *articles;
    float *counts;
    uint32_t first, places;
};

static const float RARE = 1.3f; /* how much rarer words count for more than the logarithm says */

/* The distinct terms of an article; VECTOR_READS and DIGEST_NAMES together are fewer than COUNTS, so there is room. */
struct counts {
    struct term v[COUNTS]; /* by hash, with open addressing */
    uint16_t taken[COUNTS];
    size_t n;
};

static void add_common(void *user, uint32_t stem, unsigned share)
{
    struct frequencies *frequencies = user;

    frequencies->counts[stem % TABLE] += (float)share * BACKGROUND / 1000.0f;
}

struct frequencies *frequencies_new(void)
{
    struct frequencies *frequencies = nw_calloc(1, sizeof *frequencies);

    if (frequencies) {
        for (size_t i = 1; i < LOGS; i++)
            frequencies->logs[i] = 1 + logf((float)i);
        wordlist_common(add_common, frequencies);
    }
    return frequencies;
}

void frequencies_free(struct frequencies *frequencies)
{
    nw_free(frequencies);
}

struct nw_str frequencies_bytes(const struct frequencies *frequencies)
{
    return nw_str((const char *)frequencies, sizeof *frequencies);
}

bool frequencies_set(struct frequencies *frequencies, struct nw_str bytes)
{
    if (bytes.n != sizeof *frequencies)
        return false;
    memcpy(frequencies, bytes.p, bytes.n);
    return true;
}

static struct tongue tongue_of(struct frequencies *frequencies, uint32_t language)
{
    size_t at = 0;
    uint32_t first;

    while (at + 1 < LANGUAGES && frequencies->languages[at] != language && (at == 0 || frequencies->languages[at]))
        at++;
    frequencies->languages[at] = language;
    first = at == 0 ? 0 : TABLE + (uint32_t)(at - 1) * SMALL;
    return (struct tongue){&frequencies->articles[at], frequencies->counts, first, at == 0 ? TABLE : SMALL};
}

static uint32_t place_in(const struct tongue *tongue, uint32_t hash)
{
    return tongue->first + hash % tongue->places;
}

bool frequencies_count(struct frequencies *frequencies, uint32_t language, const uint32_t *counted, size_t n)
{
    ++*tongue_of(frequencies, language).articles;
    for (size_t i = 0; i < n; i++) {
        if (counted[i] >= PLACES)
            return false;
        frequencies->counts[counted[i]] += 1;
    }
    return true;
}

static void count(struct counts *counts, const struct tongue *tongue, uint32_t hash, float weight)
{
    size_t at = hash % COUNTS;

    while (counts->v[at].hash && counts->v[at].hash != hash)
        at = (at + 1) % COUNTS;
    if (!counts->v[at].hash) {
        counts->v[at].hash = hash;
        counts->taken[counts->n++] = (uint16_t)at;
        __builtin_prefetch(&tongue->counts[place_in(tongue, hash)]);
    }
    counts->v[at].weight += weight;
}

/* Takes the `most` heaviest of the counts into a part of the vector; the heaviest `heavy` of them also apart. Returns
 * the length that they had. */
static double weigh(struct vector *vector, enum vector_part part, const float logs[LOGS], const struct tongue *tongue,
                    const struct counts *counts, size_t most, size_t heavy)
{
    float articles = BACKGROUND + (float)*tongue->articles; /* with this one */
    uint64_t order[COUNTS];
    double square = 0, length;
    size_t n = counts->n;

    for (size_t i = 0; i < n; i++) {
        const struct term *term = &counts->v[counts->taken[i]];
        uint32_t place = place_in(tongue, term->hash);
        float *df = &tongue->counts[place];
        float tf = term->weight < LOGS ? logs[(size_t)term->weight] : 1 + logf(term->weight);
        if (part != PART_HEADLINE) {
            *df += 1;
            vector->counted[vector->counted_n++] = place;
        }
        float idf = logf((articles + 1) / (*df + 0.5f));
        order[i] = (uint64_t)order_heaviest(tf * powf(idf > 0.05f ? idf : 0.05f, RARE)) << 32 | term->hash;
    }
    order_u64(order, n);
    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++) {
        double weight = (double)order_weight((uint32_t)(order[i] >> 32));
        square += weight * weight;
    }
    length = square > 0 ? sqrt(square) : 1;
    for (size_t i = 0; i < n; i++) {
        struct term term = {((uint32_t)order[i] & ~3u) | (uint32_t)part | 4,
                            (float)((double)order_weight((uint32_t)(order[i] >> 32)) / length)};
        vector->v[vector->n++] = term;
        if (i < heavy)
            vector->heavy[vector->heavy_n++] = term;
    }
    return length;
}

/* Puts the vector in order of hash. */
static void arrange(struct vector *vector)
{
    uint64_t order[VECTOR_MOST];

    for (size_t i = 0; i < vector->n; i++)
        order[i] = (uint64_t)vector->v[i].hash << 32 | order_heaviest(vector->v[i].weight);
    order_u64(order, vector->n);
    for (size_t i = 0; i < vector->n; i++)
        vector->v[i] = (struct term){(uint32_t)(order[i] >> 32), order_weight((uint32_t)order[i])};
}

void vector_make(struct vector *vector, struct frequencies *frequencies, const struct digest *digest)
{
    struct counts words = {.n = 0}, names = {.n = 0}, headline = {.n = 0};
    struct tongue tongue = tongue_of(frequencies, digest->language);
    size_t reads = digest->n < VECTOR_READS ? digest->n : VECTOR_READS;

    vector->language = digest->language;
    vector->before = (*tongue.articles)++;
    vector->n = vector->heavy_n = vector->counted_n = 0;
    for (size_t i = 0; i < reads; i++) {
        const struct word *word = &digest->words[i];
        float weight = i < digest->headline ? 3 : i < digest->headline + DIGEST_LEAD ? 2 : 1;
        if (!word->stem)
            continue;
        count(&words, &tongue, word->stem, weight);
        if (i < digest->headline)
            count(&headline, &tongue, word->stem, 1);
        if ((word->flags & (WORD_CAPITAL | WORD_FIRST)) == WORD_CAPITAL && i >= digest->headline)
            count(&names, &tongue, (word->stem * 0x9E3779B1u) | 1, 1);
    }
    for (size_t i = 0; i < digest->name_count; i++)
        count(&names, &tongue, digest->names[i], 1);
    vector->mass = weigh(vector, PART_WORDS, frequencies->logs, &tongue, &words, VECTOR_WORDS, VECTOR_HEAVY);
    vector->heavy_words = vector->heavy_n;
    vector->named = names.n > 0;
    vector->table = digest_is_table(digest);
    weigh(vector, PART_NAMES, frequencies->logs, &tongue, &names, VECTOR_NAMES, VECTOR_NAMES);
    weigh(vector, PART_HEADLINE, frequencies->logs, &tongue, &headline, VECTOR_HEADLINE, 0);
    arrange(vector);
}

static size_t place_of(uint32_t hash)
{
    return hash / 4 % SPREAD;
}

void spread_make(struct spread *spread, const struct vector *vector)
{
    memset(spread, 0, sizeof *spread);
    for (size_t i = 0; i < vector->n; i++) {
        size_t at = place_of(vector->v[i].hash);
        while (spread->v[at].hash && spread->v[at].hash != vector->v[i].hash)
            at = (at + 1) % SPREAD;
        spread->v[at] = vector->v[i];
        spread->bits[vector->v[i].hash / 4 % SPREAD_BITS / 64] |= UINT64_C(1) << vector->v[i].hash / 4 % 64;
    }
}

struct cosines spread_dot(const struct spread *spread, const struct term *v, size_t n)
{
    struct cosines cosines = {{0}};

    for (size_t i = 0; i < n; i++) {
        size_t at = place_of(v[i].hash);
        if (!(spread->bits[v[i].hash / 4 % SPREAD_BITS / 64] >> v[i].hash / 4 % 64 & 1))
            continue;
        while (spread->v[at].hash && spread->v[at].hash != v[i].hash)
            at = (at + 1) % SPREAD;
        if (spread->v[at].hash)
            cosines.of[term_part(v[i])] += (double)spread->v[at].weight * (double)v[i].weight;
    }
    return cosines;
}
