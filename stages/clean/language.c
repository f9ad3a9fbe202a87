/* Which language a text is in: see language.h. */
#include "language.h"

#include "chars.h"

#include <limits.h>
#include <stdint.h>

enum {
    ENGLISH_SAMPLE = 360,     /* bytes looked at for English function words */
    ENGLISH_WORDS = 24,       /* fewer words need more evidence */
    ENGLISH_WORDS_LEAST = 10, /* and below this decide nothing */
    CLD2_SAMPLE = 1536,       /* bytes given to CLD2 */
    WORD_MAX = 5,             /* letters of a function word */
};

/*
 * Function words of up to 5 letters in the slots of a perfect hash made by search; key: their letters, the first
 * lowest. A strong one is frequent in English and in no other language that is written in plain ASCII; the others weigh
 * half.
 */
#define THE  UINT64_C(0x656874)
#define HASH UINT64_C(0xb0c11fdecb91ce37)
static const struct function_word {
    char word[6];
    uint64_t key;
    bool strong;
} FUNCTION_WORDS[256] = {
    [0] = {"he", UINT64_C(0x6568), false},          [1] = {"it", UINT64_C(0x7469), true},
    [22] = {"more", UINT64_C(0x65726f6d), true},    [27] = {"from", UINT64_C(0x6d6f7266), true},
    [31] = {"the", UINT64_C(0x656874), true},       [32] = {"not", UINT64_C(0x746f6e), false},
    [39] = {"their", UINT64_C(0x7269656874), true}, [41] = {"been", UINT64_C(0x6e656562), true},
    [64] = {"is", UINT64_C(0x7369), false},         [70] = {"up", UINT64_C(0x7075), false},
    [76] = {"has", UINT64_C(0x736168), true},       [82] = {"its", UINT64_C(0x737469), true},
    [83] = {"with", UINT64_C(0x68746977), true},    [85] = {"his", UINT64_C(0x736968), true},
    [90] = {"for", UINT64_C(0x726f66), true},       [91] = {"than", UINT64_C(0x6e616874), true},
    [94] = {"but", UINT64_C(0x747562), false},      [103] = {"and", UINT64_C(0x646e61), true},
    [109] = {"they", UINT64_C(0x79656874), true},   [110] = {"had", UINT64_C(0x646168), true},
    [112] = {"who", UINT64_C(0x6f6877), true},      [114] = {"were", UINT64_C(0x65726577), true},
    [122] = {"in", UINT64_C(0x6e69), false},        [123] = {"at", UINT64_C(0x7461), false},
    [140] = {"are", UINT64_C(0x657261), true},      [141] = {"which", UINT64_C(0x6863696877), true},
    [146] = {"have", UINT64_C(0x65766168), true},   [148] = {"that", UINT64_C(0x74616874), true},
    [150] = {"of", UINT64_C(0x666f), true},         [159] = {"on", UINT64_C(0x6e6f), false},
    [163] = {"or", UINT64_C(0x726f), false},        [167] = {"was", UINT64_C(0x736177), true},
    [173] = {"said", UINT64_C(0x64696173), true},   [180] = {"this", UINT64_C(0x73696874), true},
    [186] = {"as", UINT64_C(0x7361), false},        [202] = {"about", UINT64_C(0x74756f6261), true},
    [207] = {"will", UINT64_C(0x6c6c6977), true},   [212] = {"to", UINT64_C(0x6f74), false},
    [219] = {"be", UINT64_C(0x6562), false},        [234] = {"after", UINT64_C(0x7265746661), true},
    [241] = {"by", UINT64_C(0x7962), true},         [244] = {"an", UINT64_C(0x6e61), false},
    [249] = {"a", UINT64_C(0x61), false},           [250] = {"would", UINT64_C(0x646c756f77), true},
};

static bool english(struct nw_str text)
{
    if (text.n > ENGLISH_SAMPLE)
        text.n = ENGLISH_SAMPLE;
    size_t words = 0, strong = 0, weak = 0, foreign = 0, articles = 0;
    uint64_t kinds = 0;
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        if (!is_alpha(c)) {
            foreign += c >= 0xC3 && c != 0xE2; /* letters beyond ASCII; typographic quotes and dashes begin with E2 */
            i++;
            continue;
        }
        size_t n = 0;
        uint64_t key = 0;
        for (; i < text.n && is_alpha((unsigned char)text.p[i]); i++, n++)
            if (n < WORD_MAX)
                key |= (uint64_t)(unsigned char)(text.p[i] | 0x20) << (8 * n);
        words++;
        if (n > WORD_MAX)
            continue;
        size_t slot = (size_t)((key * HASH) >> 56);
        if (FUNCTION_WORDS[slot].key == key && FUNCTION_WORDS[slot].word[0]) {
            strong += FUNCTION_WORDS[slot].strong;
            articles += key == THE;
            weak += !FUNCTION_WORDS[slot].strong;
            kinds |= FUNCTION_WORDS[slot].strong ? UINT64_C(1) << (slot & 63) : 0;
        }
    }
    /* English copy has 20 to 30 strong words and 10 weak ones in a hundred; no other language here comes near half of
     * that. */
    if (foreign * 25 > words || words < ENGLISH_WORDS_LEAST)
        return false;
    int kinds_seen = __builtin_popcountll(kinds);
    if (words >= ENGLISH_WORDS)
        return strong * 8 >= words && kinds_seen >= 4 && strong * 2 + weak >= 8;
    return articles > 0 && strong * 6 >= words && kinds_seen >= 3; /* short: "the" must be among them */
}

/* Figures with a few letters between them, as in tables of prices: no language can be told, and CLD2 takes longest for
 * it. */
static bool figures(struct nw_str text)
{
    size_t letters = 0, digits = 0;
    for (size_t i = 0; i < text.n && i < ENGLISH_SAMPLE; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x80)
            return false;
        letters += is_alpha(c);
        digits += is_digit(c);
    }
    return letters < 2 * digits;
}

const char *language_of(struct nw_str text, struct nw_str hint)
{
    if (english(text))
        return "en";
    if (figures(text))
        return "und";
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
