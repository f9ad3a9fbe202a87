/* Which language a text is in: see language.h. */
#include "language.h"

#include "chars.h"

#include <limits.h>
#include <stdint.h>

enum {
    ENGLISH_SAMPLE = 480, /* bytes looked at for English function words */
    ENGLISH_WORDS = 24,   /* fewer words decide nothing */
    CLD2_SAMPLE = 1536,   /* bytes given to CLD2 */
};

/* Function words of up to 7 letters, packed with the first letter lowest. None is frequent in another language that is
 * written in plain ASCII (so no "in", "an", "is", "as", "to" counts alone: those weigh half). */
#define WORD_MAX 7
static const char STRONG[][WORD_MAX + 1] = {"the",  "and",   "of",    "that", "with",  "was",   "were",  "has",
                                            "have", "had",   "from",  "this", "which", "their", "would", "been",
                                            "said", "after", "about", "will", "they",  "its",   "by",    "for",
                                            "are",  "it",    "who",   "more", "than",  "his"};
static const char WEAK[][WORD_MAX + 1] = {"to", "in", "on",  "at",  "as", "is", "be",
                                          "he", "a",  "but", "not", "or", "an", "up"};

static bool english(struct nw_str text)
{
    if (text.n > ENGLISH_SAMPLE)
        text.n = ENGLISH_SAMPLE;
    size_t words = 0, strong = 0, weak = 0, foreign = 0;
    uint64_t kinds = 0;
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        if (!is_alpha(c)) {
            foreign += c >= 0xC3 && c != 0xE2; /* letters beyond ASCII; typographic quotes and dashes begin with E2 */
            i++;
            continue;
        }
        char word[8] = {0};
        size_t n = 0;
        for (; i < text.n && is_alpha((unsigned char)text.p[i]); i++, n++)
            if (n < WORD_MAX)
                word[n] = (char)(text.p[i] | 0x20);
        words++;
        if (n > 5)
            continue;
        uint64_t key;
        memcpy(&key, word, sizeof key);
        bool hit = false;
        for (size_t k = 0; k < sizeof STRONG / sizeof *STRONG && !hit; k++) {
            uint64_t other = 0;
            memcpy(&other, STRONG[k], sizeof STRONG[k]);
            if (key == other) {
                strong++;
                kinds |= UINT64_C(1) << k;
                hit = true;
            }
        }
        for (size_t k = 0; k < sizeof WEAK / sizeof *WEAK && !hit; k++) {
            uint64_t other = 0;
            memcpy(&other, WEAK[k], sizeof WEAK[k]);
            if (key == other) {
                weak++;
                hit = true;
            }
        }
    }
    /* English copy has 20 to 30 strong words and 10 weak ones in a hundred; no other language here comes near half of
     * that. */
    return words >= ENGLISH_WORDS && foreign * 25 <= words && strong * 8 >= words && __builtin_popcountll(kinds) >= 4 &&
           strong * 2 + weak >= 8;
}

const char *language_of(struct nw_str text, struct nw_str hint)
{
    if (english(text))
        return "en";
    char hint_z[16] = "";
    if (hint.n > 0 && hint.n < sizeof hint_z)
        memcpy(hint_z, hint.p, hint.n);
    size_t n = text.n > CLD2_SAMPLE ? nw_utf8_floor(text, CLD2_SAMPLE) : text.n;
    bool reliable = false;
    int score = 0;
    const char *code = language_by_cld2(text.p ? text.p : "", (int)n, NULL, &reliable, &score);
    if (code && reliable)
        return code;
    if (hint_z[0] != '\0')
        code = language_by_cld2(text.p ? text.p : "", (int)n, hint_z, &reliable, &score);
    return code && (reliable || n >= 40) ? code : "und";
}
