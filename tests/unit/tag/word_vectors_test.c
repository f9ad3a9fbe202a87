/*
 * Vectors of words against the plain sums of their features' weights, looked up one by one: whatever the sums that
 * words share have been made for before, and for both kinds of articles.
 */
#include "tagger.h"
#include "word_vectors.h"

#include <newswire/alloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { WORDS = 3000, VECTOR_MOST = 5000 };

static const char known[] =
    "The minister said in Riga that 1,234.5 tonnes of U.S. wheat went to McDonald's, ÉCLAIR and "
    "Москва; third-quarter profit rose; NATO-Russia talks; \"Ann Lee\" 2022-01-13 -";

/* Known words, and others of letters by chance: large and small, in capitals, with hyphens and figures. */
static void make_text(char *out, size_t cap)
{
    uint32_t seed = 7;
    size_t n = (size_t)snprintf(out, cap, "%s", known);
    for (int i = 0; i < WORDS; i++) {
        unsigned form = seed >> 28;
        out[n++] = ' ';
        for (unsigned k = 0; k < 2 + (seed >> 24) % 9; k++) {
            seed = seed * 1664525 + 1013904223;
            char letter = (char)('a' + (seed >> 16) % 26);
            out[n++] = form < 2 || (form < 6 && k == 0) ? (char)(letter - 32) : form == 7 && k == 2 ? '7' : letter;
        }
        seed = seed * 1664525 + 1013904223;
        assert_true(n + 64 < cap);
    }
    out[n] = '\0';
}

static void assert_sum(const struct scores *vector, int sums[PLACES][LANES], unsigned place)
{
    for (unsigned k = 0; k < LABELS; k++) {
        int v = sums[place][k] + (place >= PLACE_FIRST ? sums[PLACE_0][k] : 0);
        v = v > VECTOR_MOST ? VECTOR_MOST : v < -VECTOR_MOST ? -VECTOR_MOST : v;
        assert_int_equal(vector->v[k], v);
    }
}

static void assert_vectors(const struct names_model *m, const struct document *d, unsigned kind, size_t i,
                           const union type_vectors *vectors)
{
    struct feature features[FEATURES_MOST];
    int sums[PLACES][LANES] = {{0}};
    struct word_type *twin = &d->types->v[document_type(d, i)->twin];
    size_t n = features_of(document_token(d, i), twin, &m->clusters, features);
    for (size_t f = 0; f < n; f++) {
        const struct names_row *row = names_rows_find(&m->rows, features[f].hash);
        for (unsigned k = 0; row && k < LABELS; k++) {
            sums[features[f].place][k] += row->w[kind][k] * (1 << row->shift);
        }
    }
    assert_sum(&vectors->v[VECTOR_M2], sums, PLACE_M2);
    assert_sum(&vectors->v[VECTOR_M1], sums, PLACE_M1);
    assert_sum(&vectors->v[VECTOR_0], sums, PLACE_0);
    assert_sum(&vectors->v[VECTOR_P1], sums, PLACE_P1);
    assert_sum(&vectors->v[VECTOR_P2], sums, PLACE_P2);
    assert_sum(&vectors->v[VECTOR_FIRST], sums, PLACE_FIRST);
    assert_sum(&vectors->v[VECTOR_CAPS], sums, PLACE_CAPS);
}

static void test_sums_of_all_features(void **state)
{
    (void)state;
    static char why[MODELS_WHY];
    static char text[WORDS * 16];
    struct tagger t = {0};
    assert_int_equal(tagger_init(&t, nw_str_z(NW_SOURCE_DIR "/deploy/model"), why), 0);
    struct document *d = &t.document;
    const struct names_model *m = &t.models.names;
    make_text(text, sizeof text);
    d->text = nw_str_z(text);
    types_begin(&t.types);
    assert_int_equal(tokens_read(&d->tokens, d->text), 0);
    assert_int_equal(types_of(&t.types, d->text, &d->tokens), 0);
    struct common_sums *commons = commons_new();
    uint32_t *numbers = nw_calloc(d->tokens.n, sizeof *numbers);
    assert_true(commons && numbers && d->tokens.n > WORDS);
    for (unsigned kind = 0; kind < NAMES_KINDS; kind++) {
        assert_int_equal(vectors_find(m, commons, d, kind, numbers), 0);
        for (size_t i = 0; i < d->tokens.n; i++) {
            assert_vectors(m, d, kind, i, &t.types.vectors[numbers[i]]);
        }
    }
    nw_free(numbers);
    nw_free(commons);
    tagger_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sums_of_all_features)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
