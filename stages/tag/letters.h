/*
 * Letters of the scripts with case: Latin, Greek, Cyrillic. Simple one-to-one mapping of code points (Unicode's
 * simple case mapping for what stands in news copy); other code points are returned as they are.
 */
#ifndef TAG_LETTERS_H
#define TAG_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

#include <newswire/str.h>

enum letter_class {
    LETTER_OTHER,
    LETTER_SPACE,
    LETTER_LOWER,
    LETTER_UPPER,
    LETTER_DIGIT,
    LETTER_MARK,
    LETTER_IDEOGRAPH
};

/* What a code point is. Letters without case are LOWER; MARK is punctuation or a symbol. Most are ASCII, and cost no
 * call. */
enum letter_class letter_class_wide(uint32_t c); /* of those that are not */
static inline enum letter_class letter_class_of(uint32_t c)
{
    if (c < 0x80) {
        return c - 'a' < 26                      ? LETTER_LOWER
               : c - 'A' < 26                    ? LETTER_UPPER
               : c - '0' < 10                    ? LETTER_DIGIT
               : c == ' ' || (c >= 9 && c <= 13) ? LETTER_SPACE
                                                 : LETTER_MARK;
    }
    return letter_class_wide(c);
}

uint32_t letter_lower(uint32_t c);
uint32_t letter_upper(uint32_t c);

/* The code point at s.p[at], decoded, and its bytes, at least 1. Never reads behind s. */
uint32_t letter_decode(struct nw_str s, size_t at, unsigned *bytes); /* where it is not ASCII */
static inline uint32_t letter_at(struct nw_str s, size_t at, unsigned *bytes)
{
    unsigned char first = (unsigned char)s.p[at];
    if (first < 0x80) {
        *bytes = 1;
        return first;
    }
    return letter_decode(s, at, bytes);
}

/* Lower-cases s into out (cap bytes; what does not fit is left out); returns the bytes written. */
size_t letters_lower(struct nw_str s, char *out, size_t cap);

/* Writes the first letter upper-cased and the rest lower-cased, also behind hyphens; returns the bytes written. */
size_t letters_title(struct nw_str s, char *out, size_t cap);

#endif
