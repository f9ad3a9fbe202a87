/* Words of classes: see classes.h. */
#include "html/classes.h"

#include "chars.h"

#include <stdint.h>

#define WORD(word, says)                                                                                               \
    {                                                                                                                  \
        word, sizeof word - 1, says                                                                                    \
    }
static const struct word {
    const char word[21];
    unsigned char length, says;
} WORDS[] = {
    {"", 0, 0},
#include "html/class_words.inc"
};

static const unsigned char SLOTS[8192] = {
#include "html/class_hash.inc"
};

enum { WORD_MOST = 20 };

unsigned class_words(struct nw_str s)
{
    unsigned says = 0;
    for (size_t i = 0; i < s.n;) {
        if (!is_alpha((unsigned char)s.p[i])) {
            i++;
            continue;
        }
        char word[WORD_MOST + 1] = {0};
        size_t n = 0;
        uint64_t key = 0;
        /* a capital behind a small letter begins a new word */
        for (bool small = false; i < s.n && is_alpha((unsigned char)s.p[i]) && !(small && is_upper(s.p[i])); i++) {
            small = is_lower(s.p[i]);
            if (n < WORD_MOST)
                word[n] = (char)(s.p[i] | 0x20);
            if (n < 8)
                key |= (uint64_t)(unsigned char)(s.p[i] | 0x20) << (8 * n);
            n++;
        }
        if (n > WORD_MOST)
            continue;
        if (n > 8)
            key ^= (uint64_t)n << 56;
        const struct word *known = &WORDS[SLOTS[(key * UINT64_C(0x1600a35a099950d9)) >> 51]];
        if (known->length == n && memcmp(known->word, word, n) == 0)
            says |= known->says;
    }
    return says;
}
