/* Vectors of words: see word_vectors.h. */
#include "word_vectors.h"

#include <errno.h>

enum { VECTOR_MOST = 5000 };

/* The sum of up to three places' weights. */
static void put_vector(const struct scores *a, const struct scores *b, const struct scores *c, struct scores *out)
{
    for (unsigned k = 0; k < LANES; k++) {
        int32_t v = k < LABELS ? a->v[k] + (b ? b->v[k] : 0) + (c ? c->v[k] : 0) : 0;
        out->v[k] = (int16_t)(v > VECTOR_MOST ? VECTOR_MOST : v < -VECTOR_MOST ? -VECTOR_MOST : v);
    }
}

static void make_vectors(const struct names_model *m, unsigned kind, struct nw_str word, struct word_type *w,
                         struct scores *out)
{
    struct feature features[FEATURES_MOST];
    struct scores sums[PLACES] = {{{0}}};
    names_rows_sum(&m->rows, kind, features, features_of(word, w, &m->clusters, features), sums);
    put_vector(&sums[PLACE_M2], NULL, NULL, &out[VECTOR_M2]);
    put_vector(&sums[PLACE_M1], NULL, NULL, &out[VECTOR_M1]);
    put_vector(&sums[PLACE_P1], NULL, NULL, &out[VECTOR_P1]);
    put_vector(&sums[PLACE_P2], NULL, NULL, &out[VECTOR_P2]);
    put_vector(&sums[PLACE_0], NULL, NULL, &out[VECTOR_0]);
    put_vector(&sums[PLACE_0], &sums[PLACE_FIRST], NULL, &out[VECTOR_FIRST]);
    put_vector(&sums[PLACE_0], &sums[PLACE_CAPS], NULL, &out[VECTOR_CAPS]);
    put_vector(&sums[PLACE_0], &sums[PLACE_FIRST], &sums[PLACE_CAPS], &out[VECTOR_BOTH]);
}

void vector_of_feature(const struct names_model *m, unsigned kind, struct feature feature, struct scores *out)
{
    struct scores sums[PLACES] = {{{0}}};
    names_rows_sum(&m->rows, kind, &feature, 1, sums);
    put_vector(&sums[feature.place], NULL, NULL, out);
}

/* Gives token i's word its vectors; those of figures are of their form alone (0,000.0). */
static int vectors_give(const struct names_model *m, const struct document *d, unsigned kind, size_t i)
{
    struct word_type *w = &d->types->v[d->tokens.v[i].type];
    struct word_type *twin = &d->types->v[w->twin];
    if (twin->vectors[kind] == 0) {
        uint32_t number = types_add_vectors(d->types);
        if (number == UINT32_MAX) {
            return -ENOMEM;
        }
        make_vectors(m, kind, document_token(d, i), twin, d->types->vectors[number].v);
        twin->vectors[kind] = number + 1;
    }
    w->vectors[kind] = twin->vectors[kind];
    return 0;
}

int vectors_find(const struct names_model *m, const struct document *d, unsigned kind, uint32_t *numbers)
{
    for (size_t i = 0; i < d->tokens.n; i++) {
        const struct word_type *w = document_type(d, i);
        if (w->vectors[kind] == 0) {
            int rc = vectors_give(m, d, kind, i);
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
