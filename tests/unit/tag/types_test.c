/*
 * The cache of words: what it says of a word is a function of the word alone, before and behind a sweep; it stays
 * bounded, keeps what several articles say, and gives the weights' rooms of what goes to what comes.
 */
#include "document_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { WORDS = 500, DOCUMENTS = 500 };

static const char common[] = "The Riga port, 1,234.5 tonnes; McDonald's U.S. Monday ÉCLAIR 2,345.6 said.";

/* A document of words that no other has, with the common ones in front. */
static void fill(char *out, size_t cap, unsigned document)
{
    size_t n = (size_t)snprintf(out, cap, "%s", common);
    for (unsigned i = 0; i < WORDS; i++) {
        n += (size_t)snprintf(out + n, cap - n, " w%ux%u", document, i);
    }
    assert_true(n < cap);
}

static void read(struct made *m, struct nw_str text)
{
    types_begin(&m->types);
    m->document.text = text;
    assert_int_equal(tokens_read(&m->document.tokens, text), 0);
    assert_int_equal(types_of(&m->types, text, &m->document.tokens), 0);
}

static void assert_same(const struct made *a, const struct made *b, size_t tokens)
{
    for (size_t i = 0; i < tokens; i++) {
        const struct word_type *x = document_type(&a->document, i);
        const struct word_type *y = document_type(&b->document, i);
        assert_true(x->hash == y->hash && x->lower == y->lower && x->title == y->title);
        assert_true(x->classes == y->classes && x->flags == y->flags && x->mark == y->mark);
        assert_true(x->number <= y->number && x->number >= y->number && x->time == y->time);
        assert_true(x->seen == y->seen && x->first_token == y->first_token);
        assert_true(a->types.v[x->twin].hash == b->types.v[y->twin].hash);
    }
}

static void test_same_before_and_behind_a_sweep(void **state)
{
    (void)state;
    static char text[WORDS * 16 + 256];
    struct made old;
    struct made fresh;
    assert_int_equal(made_begin(&old, common), 0);
    assert_int_equal(made_begin(&fresh, common), 0);
    uint32_t most = 0;
    for (unsigned k = 0; k < DOCUMENTS; k++) {
        fill(text, sizeof text, k);
        read(&old, nw_str_z(text));
        most = old.types.kept > most ? old.types.kept : most;
        assert_true(old.types.present_n > WORDS && old.types.present_n <= old.document.tokens.n);
    }
    assert_true(DOCUMENTS * WORDS > 2 * TYPES_KEPT); /* it was swept twice */
    assert_true(most < TYPES_KEPT + 2 * WORDS && old.types.n < TYPES_KEPT + 2 * WORDS);
    read(&old, nw_str_z(text));
    types_empty(&fresh.types);
    read(&fresh, nw_str_z(text));
    assert_same(&old, &fresh, old.document.tokens.n);
    made_end(&old);
    made_end(&fresh);
}

/* The vectors of a figure are its form's; those of words that went are given out again. */
static void test_keeps_what_is_used(void **state)
{
    (void)state;
    static char text[WORDS * 16 + 256];
    struct made m;
    assert_int_equal(made_begin(&m, common), 0);
    uint32_t the = m.document.tokens.v[0].type;
    for (unsigned k = 0; k < DOCUMENTS; k++) {
        fill(text, sizeof text, k);
        read(&m, nw_str_z(text));
        for (size_t i = 0; i < m.types.present_n; i++) {
            uint32_t number = m.types.present[i];
            struct word_type *w = &m.types.v[number];
            struct word_type *twin = &m.types.v[w->twin];
            if (twin->vectors[0] == 0) {
                uint32_t vectors = types_add_vectors(&m.types);
                assert_true(vectors != UINT32_MAX);
                m.types.vectors[vectors].v[0].v[0] = (int16_t)(twin->hash & 0x7FFF);
                twin->vectors[0] = vectors + 1;
            }
            w->vectors[0] = twin->vectors[0];
            assert_int_equal(m.types.vectors[w->vectors[0] - 1].v[0].v[0], twin->hash & 0x7FFF);
        }
        assert_int_equal(m.document.tokens.v[0].type, the);
    }
    assert_true(m.types.vectors_n < TYPES_KEPT + 2 * WORDS);
    made_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_before_and_behind_a_sweep),
        cmocka_unit_test(test_keeps_what_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
