/* Which language a text is in: see language.h. */
#include "language.h"

#include "chars.h"

#include <limits.h>
#include <stdint.h>

enum {
    SAMPLE = 288,             /* bytes looked at for English words */
    ENGLISH_WORDS = 24,       /* fewer words need more evidence */
    ENGLISH_WORDS_LEAST = 10, /* and below this decide nothing */
    ENGLISH_KINDS = 4,        /* different strong words */
    SOON = 16,                /* words after which one that is sure without doubt may end the look */
    RESULTS_WORDS = 8,        /* least words of a table of results */
    CLD2_SAMPLE = 1536,       /* bytes given to CLD2 */
    WORD_MAX = 8,             /* letters of a word that counts */
    SLOTS = 1024,
};

/*
 * Words of up to 8 letters in the slots of a perfect hash made by search. A strong one is frequent in English copy and
 * in no other language that is written in plain ASCII; a weak one weighs half. Those of results stand in reports of
 * companies' figures, which have few other words: "Shr 34 cts vs 33 cts", "Qtly div 25 cts, payable March 31".
 */
enum weight { OTHER, WEAK, STRONG, RESULTS, WEIGHTS };
#define THE UINT64_C(0x656874) /* its key: the letters, the first lowest */
static const struct english_word {
    char word[WORD_MAX]; /* filled up with NULs: none behind one of 8 letters */
    unsigned char weight;
} WORDS[SLOTS] = {
#define WORD(slot, word, weight) [slot] = {word, weight},
#include "english.inc"
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

/* What the first words of a text say for English. */
struct evidence {
    size_t words;            /* of any kind */
    size_t count[WEIGHTS];   /* of each weight */
    uint64_t kinds[WEIGHTS]; /* a bit for each different one */
    size_t articles;         /* "the" */
    size_t foreign;          /* letters beyond ASCII */
};

static size_t kinds_of(const struct evidence *e, enum weight weight)
{
    return (size_t)__builtin_popcountll(e->kinds[weight]);
}

static void evidence_add(struct evidence *e, uint64_t key)
{
    size_t slot = (size_t)((key * ENGLISH_HASH) >> 54);
    uint64_t letters;
    memcpy(&letters, WORDS[slot].word, WORD_MAX);
    unsigned weight = little_endian(letters) == key ? WORDS[slot].weight : OTHER;
    e->count[weight]++;
    e->kinds[weight] |= UINT64_C(1) << (slot & 63);
    e->articles += key == THE;
}

/* Whether there is twice what is asked for of a whole sample. */
static bool is_sure(const struct evidence *e)
{
    return e->words >= SOON && e->foreign == 0 && e->count[STRONG] * (e->words < ENGLISH_WORDS ? 3 : 4) >= e->words &&
           kinds_of(e, STRONG) >= ENGLISH_KINDS;
}

/* Looks at the first SAMPLE bytes, or at fewer where they are sure. */
static struct evidence look(struct nw_str text)
{
    struct evidence e = {0};
    if (text.n > SAMPLE)
        text.n = SAMPLE;
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        if (!is_alpha(c)) {
            if (c >= 0xC3 && c != 0xE2) /* typographic quotes and dashes begin with E2 */
                e.foreign++;
            i++;
            continue;
        }
        if (is_sure(&e))
            break;
        uint64_t key;
        size_t n = word_of(nw_str_from(text, i), &key);
        if (n <= WORD_MAX)
            evidence_add(&e, key);
        e.words++;
        i += n;
    }
    return e;
}

/* English copy has 20 to 30 strong words and 10 weak ones in a hundred; no other language here comes near half of that.
 * Between a half and a third of it takes more different words; and few words must be different, or have "the". */
static bool is_english(const struct evidence *e)
{
    size_t strong = e->count[STRONG], weight = strong * 2 + e->count[WEAK], kinds = kinds_of(e, STRONG);
    if (e->foreign * 25 > e->words || e->words < ENGLISH_WORDS_LEAST)
        return false;
    if (e->words < ENGLISH_WORDS)
        return strong * 6 >= e->words && kinds + (e->articles > 0) >= ENGLISH_KINDS;
    return (strong * 8 >= e->words && kinds >= ENGLISH_KINDS && weight >= 8) ||
           (strong * 12 >= e->words && kinds > ENGLISH_KINDS && weight * 4 >= e->words);
}

/* A table of a company's results: a third of its words is of them. */
static bool is_results(const struct evidence *e)
{
    return e->foreign == 0 && e->words >= RESULTS_WORDS && (e->count[RESULTS] + e->count[STRONG]) * 3 >= e->words &&
           kinds_of(e, RESULTS) >= ENGLISH_KINDS;
}

/* Figures with a few letters between them, as in tables of prices: no language can be told, and CLD2 takes longest for
 * it. */
static bool figures(struct nw_str text)
{
    size_t letters = 0, digits = 0;
    for (size_t i = 0; i < text.n && i < SAMPLE; i++) {
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
    struct evidence evidence = look(text);
    if (is_english(&evidence))
        return "en";
    if (figures(text))
        return "und";
    if (is_results(&evidence))
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
