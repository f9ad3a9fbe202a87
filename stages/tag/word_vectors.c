/* Vectors of words: see word_vectors.h. */
#include "word_vectors.h"

#include <errno.h>
#include <newswire/alloc.h>

enum { VECTOR_MOST = 5000 };

/* The sum of up to three places' weights. */
static void put_vector(const struct scores *a, const struct scores *b, const struct scores *c, struct scores *out)
{
    for (unsigned k = 0; k < LANES; k++) {
        int32_t v = k < LABELS ? a->v[k] + (b ? b->v[k] : 0) + (c ? c->v[k] : 0) : 0;
        out->v[k] = (int16_t)(v > VECTOR_MOST ? VECTOR_MOST : v < -VECTOR_MOST ? -VECTOR_MOST : v);
    }
}

/* What many words have in common, and its weights summed by place. */
struct common_sums {
    uint64_t key; /* of what they are of; 0: of nothing */
    struct scores at[PLACES];
};

enum { COMMONS = 8192, PARTS = 1 + CLUSTERS };

/* Sums that a word has a part in: those of its looks, and of each of its clusters. */
struct common_part {
    struct common_sums *sums;
    uint64_t key;
};

static unsigned cluster_of(const struct clusters_slot *slot, unsigned which)
{
    return slot ? slot->ids[which] : NO_CLUSTER;
}

static void find_parts(struct common_sums *commons, unsigned kind, const struct looks *looks,
                       const struct clusters_slot *slot, struct common_part parts[PARTS])
{
    const uint64_t by = UINT64_C(0x9E3779B97F4A7C15);
    parts[0].key = ((looks->shape ^ looks->flags) * by ^ looks->lists) * by ^ kind;
    for (unsigned i = 1; i < PARTS; i++) {
        parts[i].key = (uint64_t)i << 32 | (uint64_t)kind << 16 | cluster_of(slot, i - 1);
    }
    for (unsigned i = 0; i < PARTS; i++) {
        uint64_t key = (parts[i].key ^ parts[i].key >> 32) * by | 1;
        parts[i] = (struct common_part){&commons[key >> 32 & (COMMONS - 1)], key};
        for (size_t line = 0; line < sizeof *commons; line += 64) {
            __builtin_prefetch((const char *)parts[i].sums + line);
        }
    }
}

/* Adds up the sums of all parts; makes those that are not there, in the place of others. */
static void add_parts(const struct names_model *m, unsigned kind, const struct looks *looks,
                      const struct clusters_slot *slot, const struct common_part parts[PARTS],
                      struct scores sums[PLACES])
{
    for (unsigned i = 0; i < PARTS; i++) {
        struct common_sums *common = parts[i].sums;
        if (common->key != parts[i].key) {
            struct feature features[FEATURES_MOST];
            size_t n = i == 0 ? features_of_looks(looks, features)
                              : features_of_cluster(i - 1, cluster_of(slot, i - 1), features);
            *common = (struct common_sums){.key = parts[i].key};
            names_rows_sum(&m->rows, kind, features, n, common->at);
        }
        for (unsigned place = 0; place < PLACES; place++) {
            for (unsigned k = 0; k < LANES; k++) {
                sums[place].v[k] = (int16_t)(sums[place].v[k] + common->at[place].v[k]);
            }
        }
    }
}

static void make_vectors(const struct names_model *m, struct common_sums *commons, unsigned kind, struct nw_str word,
                         struct word_type *w, struct scores *out)
{
    struct feature features[FEATURES_MOST];
    struct common_part parts[PARTS];
    struct looks looks;
    struct scores sums[PLACES] = {{{0}}};
    const struct clusters_slot *slot = type_cluster(w, &m->clusters);
    size_t n = features_of_letters(word, w, features, &looks);
    find_parts(commons, kind, &looks, slot, parts);
    names_rows_sum(&m->rows, kind, features, n, sums);
    add_parts(m, kind, &looks, slot, parts, sums);
    put_vector(&sums[PLACE_M2], NULL, NULL, &out[VECTOR_M2]);
    put_vector(&sums[PLACE_M1], NULL, NULL, &out[VECTOR_M1]);
    put_vector(&sums[PLACE_P1], NULL, NULL, &out[VECTOR_P1]);
    put_vector(&sums[PLACE_P2], NULL, NULL, &out[VECTOR_P2]);
    put_vector(&sums[PLACE_0], NULL, NULL, &out[VECTOR_0]);
    put_vector(&sums[PLACE_0], &sums[PLACE_FIRST], NULL, &out[VECTOR_FIRST]);
    put_vector(&sums[PLACE_0], &sums[PLACE_CAPS], NULL, &out[VECTOR_CAPS]);
    put_vector(&sums[PLACE_0], &sums[PLACE_FIRST], &sums[PLACE_CAPS], &out[VECTOR_BOTH]);
}

struct common_sums *commons_new(void)
{
    return nw_calloc(COMMONS, sizeof(struct common_sums));
}

void vector_of_feature(const struct names_model *m, unsigned kind, struct feature feature, struct scores *out)
{
    struct scores sums[PLACES] = {{{0}}};
    names_rows_sum(&m->rows, kind, &feature, 1, sums);
    put_vector(&sums[feature.place], NULL, NULL, out);
}

/* Gives token i's word its vectors; those of figures are of their form alone (0,000.0). */
static int vectors_give(const struct names_model *m, struct common_sums *commons, const struct document *d,
                        unsigned kind, size_t i)
{
    struct word_type *w = &d->types->v[d->tokens.v[i].type];
    struct word_type *twin = &d->types->v[w->twin];
    if (twin->vectors[kind] == 0) {
        uint32_t number = types_add_vectors(d->types);
        if (number == UINT32_MAX) {
            return -ENOMEM;
        }
        make_vectors(m, commons, kind, document_token(d, i), twin, d->types->vectors[number].v);
        twin->vectors[kind] = number + 1;
    }
    w->vectors[kind] = twin->vectors[kind];
    return 0;
}

int vectors_find(const struct names_model *m, struct common_sums *commons, const struct document *d, unsigned kind,
                 uint32_t *numbers)
{
    for (size_t i = 0; i < d->tokens.n; i++) {
        const struct word_type *w = document_type(d, i);
        if (w->vectors[kind] == 0) {
            int rc = vectors_give(m, commons, d, kind, i);
            if (rc != 0) {
                return rc;
            }
        }
        numbers[i] = w->vectors[kind] - 1;
        const union type_vectors *vectors = &d->types->vectors[numbers[i]];
        for (size_t line = 0; line < sizeof *vectors; line += 64) {
            __builtin_prefetch((const char *)vectors + line);
        }
    }
    return 0;
}
