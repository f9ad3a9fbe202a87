/* Languages: English is told by its words, which is held to it; what is none of it is left to CLD2. */
#include "language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define WORD(slot, word, weight) {slot, word, #weight},
static const struct entry {
    size_t slot;
    const char *word, *weight;
} WORDS[] = {
#include "english.inc"
};

static void assert_language(const char *text, const char *language)
{
    const char *found = language_of(nw_str_z(text), nw_str(NULL, 0));
    if (strcmp(found, language) != 0)
        fail_msg("\"%s\" is said to be %s, not %s", text, found, language);
}

static void each_word_has_its_slot(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        uint64_t key = 0;
        for (size_t k = strlen(WORDS[i].word); k-- > 0;)
            key = key << 8 | (unsigned char)WORDS[i].word[k];
        if ((size_t)((key * ENGLISH_HASH) >> 54) != WORDS[i].slot)
            fail_msg("%s stands in slot %zu, its own is %zu", WORDS[i].word, WORDS[i].slot,
                     (size_t)((key * ENGLISH_HASH) >> 54));
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(WORDS[k].slot, WORDS[i].slot);
    }
}

/* Copy of ten words, of which `of` have the weight. */
static void copy_of(const char *weight, size_t first, size_t of, const char *other, char out[512])
{
    size_t n = 0, words = 0;
    for (size_t i = first; i < sizeof WORDS / sizeof *WORDS && words < of; i++)
        if (strcmp(WORDS[i].weight, weight) == 0) {
            n += (size_t)snprintf(out + n, 512 - n, "%s ", WORDS[i].word);
            words++;
        }
    for (; words < 10; words++)
        n += (size_t)snprintf(out + n, 512 - n, "%s ", other);
}

static void enough_words_tell_it(void **state)
{
    (void)state;
    char copy[512];
    copy_of("STRONG", 0, 5, "qzzk", copy);
    assert_language(copy, "en");
    copy_of("RESULTS", 0, 6, "qzzk", copy);
    assert_language(copy, "en");
}

static void tables_are_told(void **state)
{
    (void)state;
    assert_language("Qtly div two cts vs 1.7 cts prior\n\nPay March 26\n\nRecord March 12", "en");
    assert_language("Oper net loss 165,000 vs profit 83,000\n\nRevs 2.1 mln vs 1.9 mln\n\nAvg shrs 9.1 mln vs 8.9 mln",
                    "en");
    assert_language("12.4 88.1 92.6 31.0 77.7 81.9 A 14.2 15.8 16.1", "und");
}

static void others_are_none_of_it(void **state)
{
    (void)state;
    assert_language(
        "Die Fahrt war lang, und was man will, das will man: mehr Licht, mehr Luft und mehr Zeit fuer alle, "
        "die hier wohnen und arbeiten.",
        "de");
    assert_language(
        "De minister was er niet over te spreken, want als het net zo is als vorig record, dan is er per jaar "
        "een groot tekort voor de burgers in de steden.",
        "nl");
    assert_language(
        "Le net recul des prix a fait dire au ministre que la part de ce record est en fait bien plus grande "
        "que celle de la veille.",
        "fr");
    assert_language(
        "Il ministro ha detto che le navi sono arrivate nel porto della citta con il grano per i mulini della "
        "regione.",
        "it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_has_its_slot),
        cmocka_unit_test(enough_words_tell_it),
        cmocka_unit_test(tables_are_told),
        cmocka_unit_test(others_are_none_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
