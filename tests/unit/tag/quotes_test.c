/* Quotations: their bounds, cues and speakers. */
#include "document_make.h"
#include "quotes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect(struct made *m, size_t n, const char *begins, const char *cue, const char *speaker)
{
    struct quotes quotes = {0};
    struct document *d = &m->document;
    assert_int_equal(quotes_find(d, &quotes), 0);
    assert_true(n < quotes.n);
    const struct quote *q = &quotes.v[n];
    assert_true(nw_str_starts(document_span(d, q->first, q->last), nw_str_z(begins)));
    if (cue) {
        assert_true(q->cue != NO_TOKEN);
        assert_true(nw_str_eq(document_token(d, q->cue), nw_str_z(cue)));
    }
    assert_true(q->speaker != NO_TOKEN);
    assert_true(nw_str_eq(d->names.v[q->speaker].label, nw_str_z(speaker)));
    quotes_free(&quotes);
}

static void test_name_behind(void **state)
{
    (void)state;
    struct made m;
    assert_int_equal(made_begin(&m, "\"We came back because of the offer,\" said Marta Ozola, who leads them."), 0);
    made_name(&m, "Marta Ozola", NAME_PER);
    expect(&m, 0, "We came", "said", "Marta Ozola");
    made_end(&m);
}

static void test_name_before_and_split(void **state)
{
    (void)state;
    struct made m;
    assert_int_equal(made_begin(&m,
                                "Ozola told them that \"nobody would lose a single day\". \"It is a good offer,\" she "
                                "added, \"and we take it today.\""),
                     0);
    made_name(&m, "Ozola", NAME_PER);
    expect(&m, 0, "nobody", "told", "Ozola");
    expect(&m, 1, "It is", "added", "Ozola");
    expect(&m, 2, "and we", "added", "Ozola");
    made_end(&m);
}

static void test_title_goes_back_to_the_person(void **state)
{
    (void)state;
    struct made m;
    assert_int_equal(made_begin(&m,
                                "Latvian President Ilze Brandt met envoys with Jon Lind on Monday.\n\nAccording to the "
                                "president, the talks \"were open and very useful to us all\"."),
                     0);
    made_name(&m, "Ilze Brandt", NAME_PER);
    made_name(&m, "Jon Lind", NAME_PER);
    expect(&m, 0, "were open", "According", "Ilze Brandt");
    made_end(&m);
}

/* A comma before the cue and nothing before the comma: there is no subject, and none is looked for before the text. */
static void test_text_that_begins_within_a_sentence(void **state)
{
    (void)state;
    static const char *const texts[] = {", said the minister on Tuesday.", ", said Ilze Brandt.",
                                        ") said two men were held.", "- said it rained."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct made m;
        struct quotes quotes = {0};
        assert_int_equal(made_begin(&m, texts[i]), 0);
        assert_int_equal(quotes_find(&m.document, &quotes), 0);
        for (size_t q = 0; q < quotes.n; q++) {
            assert_true(quotes.v[q].last < m.document.tokens.n);
            assert_true(quotes.v[q].source == NO_TOKEN || quotes.v[q].source < m.document.tokens.n);
        }
        quotes_free(&quotes);
        made_end(&m);
    }
}

static void test_scare_quotes_are_none(void **state)
{
    (void)state;
    struct made m;
    struct quotes quotes = {0};
    assert_int_equal(made_begin(&m, "The \"open-door policy\" of the port has ended, and \"Hamlet\" was played."), 0);
    assert_int_equal(quotes_find(&m.document, &quotes), 0);
    assert_int_equal(quotes.n, 0);
    quotes_free(&quotes);
    made_end(&m);
}

static void test_paragraphs_of_one_quote(void **state)
{
    (void)state;
    struct made m;
    struct quotes quotes = {0};
    assert_int_equal(
        made_begin(&m, "\xE2\x80\x9CWe waited for a long time,\xE2\x80\x9D Ozola said. \xE2\x80\x9CThen the ships came "
                       "in.\n\n\xE2\x80\x9CNobody had hoped for that any more.\xE2\x80\x9D"),
        0);
    made_name(&m, "Ozola", NAME_PER);
    assert_int_equal(quotes_find(&m.document, &quotes), 0);
    assert_int_equal(quotes.n, 3);
    for (size_t i = 0; i < quotes.n; i++) {
        assert_true(quotes.v[i].speaker == 0);
    }
    quotes_free(&quotes);
    made_end(&m);
}

/* Reported speech, with the cue before, behind, and by "according to"; what stands between marks is not told twice. */
static void test_reported_speech(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said, *source;
    } cases[] = {
        {"Ozola said the port had been warned.", "the port had been warned", "Ozola"},
        {"Ozola told a crowd on Monday that the port was safe.", "the port was safe", "Ozola"},
        {"The port had been closed for days, Ozola said on Monday.", "The port had been closed for days", "Ozola"},
        {"According to Ozola, the port lost three cranes.", "the port lost three cranes", "Ozola"},
        {"The port lost three cranes, according to Ozola.", "The port lost three cranes", "Ozola"},
        {"\"We have lost three cranes,\" Ozola said.", NULL, NULL},
        {"Ozola said it was \"open to all of us\" now.", NULL, NULL},
        {"Ozola said no.", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made m;
        struct quotes quotes = {0};
        assert_int_equal(made_begin(&m, cases[i].text), 0);
        made_name(&m, "Ozola", NAME_PER);
        assert_int_equal(quotes_find(&m.document, &quotes), 0);
        size_t reported = 0;
        for (size_t q = 0; q < quotes.n; q++) {
            const struct quote *x = &quotes.v[q];
            reported += !x->direct;
            if (!x->direct && cases[i].said) {
                assert_true(nw_str_eq(document_span(&m.document, x->first, x->last), nw_str_z(cases[i].said)));
                assert_true(
                    nw_str_eq(document_span(&m.document, x->source, x->source_last), nw_str_z(cases[i].source)));
                assert_int_equal(x->speaker, 0);
            }
        }
        if (reported != (cases[i].said != NULL)) {
            print_error("%s\n", cases[i].text);
        }
        assert_int_equal(reported, cases[i].said != NULL);
        quotes_free(&quotes);
        made_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_name_behind),
                                       cmocka_unit_test(test_name_before_and_split),
                                       cmocka_unit_test(test_title_goes_back_to_the_person),
                                       cmocka_unit_test(test_scare_quotes_are_none),
                                       cmocka_unit_test(test_text_that_begins_within_a_sentence),
                                       cmocka_unit_test(test_paragraphs_of_one_quote),
                                       cmocka_unit_test(test_reported_speech)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
