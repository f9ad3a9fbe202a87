/* The tokeniser: what it cuts where, and what it promises of any text. */
#include "document_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Tokens of a text, parted by |. */
static void expect(const char *text, const char *wanted)
{
    struct tokens tokens = {0};
    char got[512];
    size_t n = 0;
    assert_int_equal(tokens_read(&tokens, nw_str_z(text)), 0);
    for (size_t i = 0; i < tokens.n; i++) {
        struct nw_str s = token_text(nw_str_z(text), &tokens.v[i]);
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", i ? "|" : "", NW_FMT(s));
    }
    got[n] = 0;
    assert_string_equal(got, wanted);
    tokens_free(&tokens);
}

static void test_cuts_news_copy(void **state)
{
    (void)state;
    expect("Mr. Ode didn't go.", "Mr.|Ode|did|n't|go|.");
    expect("the U.S.-led force's $4.2 billion", "the|U.S.-led|force|'s|$|4.2|billion");
    expect("J.R. Lind paid US$3,500 (10 percent).", "J.R.|Lind|paid|US$|3,500|(|10|percent|)|.");
    expect("\xE2\x80\x9CNo,\xE2\x80\x9D he said \xE2\x80\x93 at 10:30 a.m.",
           "\xE2\x80\x9C|No|,|\xE2\x80\x9D|he|said|\xE2\x80\x93|at|10:30|a.m.");
    expect("see https://example.org/a?b=1, or mail ann@example.org.",
           "see|https://example.org/a?b=1|,|or|mail|ann@example.org|.");
    expect("AT&T fell 1.5% in Nov.3 trade --", "AT&T|fell|1.5|%|in|Nov.|3|trade|--");
}

static void test_marks_sentences(void **state)
{
    (void)state;
    struct made m;
    assert_int_equal(
        made_begin(&m, "Gen. Ode met Mr. Lind in the U.S. capital. \"Why not?\" he said. It rained.\n\nA new one."), 0);
    size_t n = 0;
    for (size_t i = 0; i < m.document.tokens.n; i++) {
        n += (m.document.tokens.v[i].marks & TOKEN_SENTENCE) != 0;
    }
    assert_int_equal(n, 4);
    made_end(&m);
}

/* Words are read many bytes at a time: what ends one does so wherever it stands, and at the end of the text. */
static void test_ends_words_of_any_length(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } ends[] = {{"n't x", "|n't|x"},
                {"N'T", "|N'T"},
                {"'s", "|'s"},
                {" a", "|a"},
                {"", ""},
                {"n'x y", "n'x|y"},
                {"n\xE2\x80\x99t", "|n\xE2\x80\x99t"},
                {", b", "|,|b"},
                {"\xC3\xA9 c", "\xC3\xA9|c"}};
    for (int length = 1; length < 70; length++) {
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
            char text[128];
            char wanted[128];
            char word[72];
            for (int i = 0; i < length; i++) {
                word[i] = "aZ9nK0zA"[i % 8];
            }
            word[0] = 'x';
            word[length] = 0;
            snprintf(text, sizeof text, "%s%s", word, ends[k].text);
            snprintf(wanted, sizeof wanted, "%s%s", word, ends[k].wanted);
            expect(text, wanted);
        }
    }
}

/* In order, never overlapping, no white space inside, nothing left out: for texts made at random. */
static void test_covers_any_text(void **state)
{
    (void)state;
    static const char *const parts[] = {"a",
                                        "B",
                                        ".",
                                        "'",
                                        "s",
                                        " ",
                                        "\n",
                                        "-",
                                        "1",
                                        ",",
                                        "\xE2\x80\x9C",
                                        "\xC3\xA9",
                                        "$",
                                        "U.S.",
                                        "n't",
                                        "\xE4\xB8\xAD",
                                        "http://",
                                        "\t",
                                        "&",
                                        "@"};
    unsigned seed = 7;
    for (int round = 0; round < 3000; round++) {
        char text[256];
        size_t n = 0;
        for (int k = 0; k < 30; k++) {
            seed = seed * 1103515245U + 12345U;
            const char *part = parts[(seed >> 16) % (sizeof parts / sizeof *parts)];
            memcpy(text + n, part, strlen(part));
            n += strlen(part);
        }
        struct tokens tokens = {0};
        struct nw_str s = nw_str(text, n);
        assert_int_equal(tokens_read(&tokens, s), 0);
        size_t at = 0;
        for (size_t i = 0; i < tokens.n; i++) {
            for (; at < tokens.v[i].start; at++) {
                assert_true(text[at] == ' ' || text[at] == '\n' || text[at] == '\t');
            }
            assert_true(tokens.v[i].end > tokens.v[i].start);
            for (; at < tokens.v[i].end; at++) {
                assert_true(text[at] != ' ' && text[at] != '\n' && text[at] != '\t');
            }
        }
        for (; at < n; at++) {
            assert_true(text[at] == ' ' || text[at] == '\n' || text[at] == '\t');
        }
        tokens_free(&tokens);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cuts_news_copy), cmocka_unit_test(test_marks_sentences),
                                       cmocka_unit_test(test_ends_words_of_any_length),
                                       cmocka_unit_test(test_covers_any_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
