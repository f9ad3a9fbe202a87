/* Folding: what is one word to a reader becomes one run of bytes, whatever its case, marks and code points. */
#ifndef FOLD_H
#define FOLD_H

#include <newswire/str.h>

#include <stdint.h>

enum fold_class {
    FOLD_BREAK,  /* parts words */
    FOLD_SKIP,   /* is not there: soft hyphen, zero width */
    FOLD_LETTER, /* goes on */
    FOLD_DIGIT,
    FOLD_ALONE, /* a word of its own: an ideograph */
};

struct fold {
    enum fold_class class;
    uint32_t point; /* in lower case */
    bool upper;
};

struct fold fold_point(uint32_t point);

enum { FOLD_WORD = 64 }; /* bytes of a word that are looked at */

/* A word as it is cut out of a text. */
struct fold_word {
    char bytes[FOLD_WORD];
    size_t n;
    bool upper, digit, first; /* begins with a capital; holds a digit; begins a sentence */
};

/* Takes the next word off text from *at; false when there is none. *first says whether the word to come begins a
 * sentence, and is kept from call to call. */
bool fold_next(struct nw_str text, size_t *at, bool *first, struct fold_word *word);

#endif
