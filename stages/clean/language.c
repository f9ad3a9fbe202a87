/* Which language a text is in: see language.h. */
#include "language.h"

#include "chars.h"

#include <limits.h>
#include <stdint.h>

enum {
    ENGLISH_SAMPLE = 288,     /* bytes looked at for English function words */
    ENGLISH_WORDS = 24,       /* fewer words need more evidence */
    ENGLISH_WORDS_LEAST = 10, /* and below this decide nothing */
    CLD2_SAMPLE = 1536,       /* bytes given to CLD2 */
    WORD_MAX = 8,             /* letters of a word that counts */
};

/*
 * Words of up to 8 letters in the slots of a perfect hash made by search; key: their letters, the first lowest. A
 * strong one is frequent in English copy and in no other language that is written in plain ASCII; the others weigh
 * half.
 */
#define THE  UINT64_C(0x656874)
#define HASH UINT64_C(0x2827688de6a16a3b)
static const struct function_word {
    char word[9];
    uint64_t key;
    bool strong;
} FUNCTION_WORDS[2048] = {
    [18] = {"who", UINT64_C(0x6f6877), true},
    [27] = {"are", UINT64_C(0x657261), true},
    [31] = {"over", UINT64_C(0x7265766f), true},
    [51] = {"many", UINT64_C(0x796e616d), true},
    [62] = {"market", UINT64_C(0x74656b72616d), true},
    [71] = {"quarter", UINT64_C(0x72657472617571), true},
    [146] = {"at", UINT64_C(0x7461), false},
    [176] = {"had", UINT64_C(0x646168), true},
    [189] = {"expects", UINT64_C(0x73746365707865), true},
    [209] = {"month", UINT64_C(0x68746e6f6d), true},
    [217] = {"where", UINT64_C(0x6572656877), true},
    [229] = {"of", UINT64_C(0x666f), true},
    [244] = {"that", UINT64_C(0x74616874), true},
    [262] = {"which", UINT64_C(0x6863696877), true},
    [264] = {"such", UINT64_C(0x68637573), true},
    [283] = {"last", UINT64_C(0x7473616c), true},
    [291] = {"been", UINT64_C(0x6e656562), true},
    [302] = {"an", UINT64_C(0x6e61), false},
    [348] = {"company", UINT64_C(0x796e61706d6f63), true},
    [353] = {"is", UINT64_C(0x7369), false},
    [388] = {"these", UINT64_C(0x6573656874), true},
    [434] = {"has", UINT64_C(0x736168), true},
    [439] = {"a", UINT64_C(0x61), false},
    [561] = {"those", UINT64_C(0x65736f6874), true},
    [577] = {"to", UINT64_C(0x6f74), false},
    [580] = {"said", UINT64_C(0x64696173), true},
    [602] = {"its", UINT64_C(0x737469), true},
    [615] = {"from", UINT64_C(0x6d6f7266), true},
    [627] = {"into", UINT64_C(0x6f746e69), true},
    [649] = {"minister", UINT64_C(0x72657473696e696d), true},
    [668] = {"it", UINT64_C(0x7469), true},
    [675] = {"expected", UINT64_C(0x6465746365707865), true},
    [682] = {"year", UINT64_C(0x72616579), true},
    [686] = {"also", UINT64_C(0x6f736c61), true},
    [698] = {"no", UINT64_C(0x6f6e), false},
    [704] = {"on", UINT64_C(0x6e6f), false},
    [726] = {"could", UINT64_C(0x646c756f63), true},
    [728] = {"shares", UINT64_C(0x736572616873), true},
    [734] = {"their", UINT64_C(0x7269656874), true},
    [789] = {"plans", UINT64_C(0x736e616c70), true},
    [795] = {"revenue", UINT64_C(0x65756e65766572), true},
    [796] = {"chairman", UINT64_C(0x6e616d7269616863), true},
    [824] = {"in", UINT64_C(0x6e69), false},
    [825] = {"new", UINT64_C(0x77656e), false},
    [847] = {"while", UINT64_C(0x656c696877), true},
    [864] = {"have", UINT64_C(0x65766168), true},
    [875] = {"then", UINT64_C(0x6e656874), true},
    [879] = {"other", UINT64_C(0x726568746f), true},
    [901] = {"compared", UINT64_C(0x64657261706d6f63), true},
    [909] = {"his", UINT64_C(0x736968), true},
    [915] = {"may", UINT64_C(0x79616d), true},
    [922] = {"most", UINT64_C(0x74736f6d), true},
    [930] = {"the", UINT64_C(0x656874), true},
    [937] = {"offer", UINT64_C(0x726566666f), true},
    [947] = {"million", UINT64_C(0x6e6f696c6c696d), true},
    [1005] = {"before", UINT64_C(0x65726f666562), true},
    [1006] = {"would", UINT64_C(0x646c756f77), true},
    [1024] = {"during", UINT64_C(0x676e69727564), true},
    [1025] = {"reported", UINT64_C(0x646574726f706572), true},
    [1032] = {"earnings", UINT64_C(0x73676e696e726165), true},
    [1047] = {"people", UINT64_C(0x656c706f6570), true},
    [1071] = {"only", UINT64_C(0x796c6e6f), true},
    [1074] = {"they", UINT64_C(0x79656874), true},
    [1157] = {"was", UINT64_C(0x736177), true},
    [1182] = {"between", UINT64_C(0x6e656577746562), true},
    [1197] = {"should", UINT64_C(0x646c756f6873), true},
    [1208] = {"what", UINT64_C(0x74616877), true},
    [1214] = {"up", UINT64_C(0x7075), false},
    [1215] = {"one", UINT64_C(0x656e6f), false},
    [1255] = {"months", UINT64_C(0x7368746e6f6d), true},
    [1283] = {"some", UINT64_C(0x656d6f73), true},
    [1297] = {"against", UINT64_C(0x74736e69616761), true},
    [1301] = {"there", UINT64_C(0x6572656874), true},
    [1321] = {"for", UINT64_C(0x726f66), true},
    [1346] = {"agreed", UINT64_C(0x646565726761), true},
    [1468] = {"not", UINT64_C(0x746f6e), false},
    [1484] = {"profit", UINT64_C(0x7469666f7270), true},
    [1490] = {"more", UINT64_C(0x65726f6d), true},
    [1509] = {"billion", UINT64_C(0x6e6f696c6c6962), true},
    [1514] = {"loss", UINT64_C(0x73736f6c), true},
    [1549] = {"were", UINT64_C(0x65726577), true},
    [1553] = {"but", UINT64_C(0x747562), false},
    [1583] = {"week", UINT64_C(0x6b656577), true},
    [1625] = {"than", UINT64_C(0x6e616874), true},
    [1632] = {"through", UINT64_C(0x6867756f726874), true},
    [1633] = {"out", UINT64_C(0x74756f), true},
    [1642] = {"will", UINT64_C(0x6c6c6977), true},
    [1665] = {"under", UINT64_C(0x7265646e75), true},
    [1681] = {"told", UINT64_C(0x646c6f74), true},
    [1705] = {"this", UINT64_C(0x73696874), true},
    [1730] = {"share", UINT64_C(0x6572616873), true},
    [1735] = {"two", UINT64_C(0x6f7774), false},
    [1745] = {"with", UINT64_C(0x68746977), true},
    [1750] = {"made", UINT64_C(0x6564616d), true},
    [1762] = {"he", UINT64_C(0x6568), false},
    [1788] = {"them", UINT64_C(0x6d656874), true},
    [1839] = {"when", UINT64_C(0x6e656877), true},
    [1842] = {"today", UINT64_C(0x7961646f74), true},
    [1879] = {"as", UINT64_C(0x7361), false},
    [1882] = {"be", UINT64_C(0x6562), false},
    [1918] = {"years", UINT64_C(0x7372616579), true},
    [1938] = {"because", UINT64_C(0x65737561636562), true},
    [1943] = {"all", UINT64_C(0x6c6c61), false},
    [1965] = {"or", UINT64_C(0x726f), false},
    [1988] = {"first", UINT64_C(0x7473726966), true},
    [2006] = {"after", UINT64_C(0x7265746661), true},
    [2008] = {"our", UINT64_C(0x72756f), true},
    [2026] = {"and", UINT64_C(0x646e61), true},
    [2032] = {"about", UINT64_C(0x74756f6261), true},
    [2035] = {"since", UINT64_C(0x65636e6973), true},
    [2044] = {"by", UINT64_C(0x7962), true},
};

static uint64_t little_endian(uint64_t bytes)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(bytes);
#else
    return bytes;
#endif
}

/* Eight bytes at once: the high bit of each that is a letter of ASCII, of `lower`, in which every byte has 0x20 set. */
static uint64_t letters_of(uint64_t lower)
{
    const uint64_t high = UINT64_C(0x8080808080808080), ones = UINT64_C(0x0101010101010101);
    uint64_t low = lower & ~high;
    uint64_t from_a = low + ones * (0x80 - 'a'), beyond_z = low + ones * (0x80 - 'z' - 1);
    return from_a & ~beyond_z & ~lower & high;
}

/* Length of the word that s begins with; *key is its letters, the first lowest, where it has no more than eight. */
static size_t word_of(struct nw_str s, uint64_t *key)
{
    size_t n = 0;
    *key = 0;
    if (s.n >= 8) {
        uint64_t bytes;
        memcpy(&bytes, s.p, 8);
        bytes = little_endian(bytes) | UINT64_C(0x2020202020202020);
        uint64_t ends = ~letters_of(bytes) & UINT64_C(0x8080808080808080);
        if (ends != 0) {
            n = (size_t)__builtin_ctzll(ends) / 8;
            *key = bytes & ((UINT64_C(1) << (8 * n)) - 1);
            return n;
        }
        *key = bytes;
        n = 8;
    }
    for (; n < s.n && is_alpha((unsigned char)s.p[n]); n++)
        if (n < WORD_MAX)
            *key |= (uint64_t)(unsigned char)(s.p[n] | 0x20) << (8 * n);
    return n;
}

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
        if (words == ENGLISH_WORDS && foreign == 0 && strong * 4 >= words && __builtin_popcountll(kinds) >= 4)
            return true; /* twice as sure as is asked of all of the sample */
        uint64_t key;
        size_t n = word_of(nw_str_from(text, i), &key);
        i += n;
        words++;
        if (n > WORD_MAX)
            continue;
        size_t slot = (size_t)((key * HASH) >> 53);
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
