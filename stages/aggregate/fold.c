/*
 * Case by ranges of Unicode 15 (Latin, Greek, Cyrillic), compatibility forms of Latin (full width, ligatures),
 * character references left in a text. Tables for all of Unicode would not part any two articles better.
 */
#include "fold.h"

#include <newswire/utf8.h>

static uint32_t lower(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x52F))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c + (c & 1);
    return c;
}

/* Of what is neither a letter nor a digit of ASCII. */
static enum fold_class class_of_mark(unsigned char c)
{
    return c < 0x20 && c != '\n' && c != '\t' && c != '\r' ? FOLD_SKIP : FOLD_BREAK;
}

struct fold fold_point(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c < 0x80) {
        if (c >= '0' && c <= '9')
            return (struct fold){FOLD_DIGIT, c, false};
        if ((c | 32) >= 'a' && (c | 32) <= 'z')
            return (struct fold){FOLD_LETTER, c | 32, c < 'a'};
        return (struct fold){class_of_mark((unsigned char)c), c, false};
    }
    if (c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F))
        return (struct fold){FOLD_SKIP, c, false};
    if ((c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) ||
        (c >= 0x3000 && c <= 0x303F) || c == 0xFFFD)
        return (struct fold){FOLD_BREAK, c, false};
    if ((c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF))
        return (struct fold){FOLD_ALONE, c, false};
    return (struct fold){FOLD_LETTER, lower(c), lower(c) != c};
}

/* Length of a character reference at s.p[at] == '&', 0 if it is none; *apostrophe: it stands for one. */
static size_t reference(struct nw_str s, size_t at, bool *apostrophe)
{
    size_t i = at + 1;

    while (i < s.n && i < at + 10 &&
           ((s.p[i] >= '0' && s.p[i] <= '9') || ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') || s.p[i] == '#'))
        i++;
    if (i >= s.n || s.p[i] != ';' || i == at + 1)
        return 0;
    struct nw_str name = nw_str(s.p + at + 1, i - at - 1);
    *apostrophe = nw_str_eq(name, NW_S("#39")) || nw_str_eq(name, NW_S("apos")) || nw_str_eq(name, NW_S("rsquo")) ||
                  nw_str_eq(name, NW_S("#8217"));
    return i + 1 - at;
}

/* Length of a typographic mark in UTF-8 that somebody read as Windows-1252 (U+00E2 U+20AC and one more), 0 if it is
 * none. */
static size_t misread(struct nw_str s, size_t at, bool *apostrophe)
{
    size_t next = at, end;

    nw_utf8_next(s, &next);
    if (next >= s.n || nw_utf8_next(s, &next) != 0x20AC)
        return 0;
    end = next;
    if (end < s.n && (unsigned char)s.p[end] >= 0x80)
        *apostrophe = nw_utf8_next(s, &end) == 0x2122;
    return end - at;
}

static void put(struct fold_word *word, uint32_t point)
{
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

    if (word->n + 4 > FOLD_WORD)
        return;
    if (point >= 0xFB00 && point <= 0xFB06) {
        for (const char *c = ligatures[point - 0xFB00]; *c; c++)
            word->bytes[word->n++] = *c;
    } else if (point == 0xDF) {
        word->bytes[word->n++] = 's';
        word->bytes[word->n++] = 's';
    } else if (point < 0x80) {
        word->bytes[word->n++] = (char)point;
    } else {
        word->n += nw_utf8_put(word->bytes + word->n, point);
    }
}

static enum fold_class class_at(struct nw_str s, size_t at)
{
    return at < s.n ? fold_point(nw_utf8_next(s, &at)).class : FOLD_BREAK;
}

/* Takes letters and digits of ASCII, most of what there is, without asking fold_point about each. */
static size_t put_ascii(struct fold_word *word, struct nw_str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n) {
        unsigned char c = (unsigned char)s.p[at + n];
        bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        if (!digit && !letter)
            break;
        if (n == 0 && word->n == 0)
            word->upper = letter && c < 'a';
        word->digit |= digit;
        if (word->n + 4 <= FOLD_WORD)
            word->bytes[word->n++] = (char)(digit ? c : c | 32);
        n++;
    }
    return n;
}

bool fold_next(struct nw_str s, size_t *at, bool *first, struct fold_word *word)
{
    size_t letters = 0; /* since the last dot */

    word->n = 0;
    word->upper = word->digit = word->first = false;
    while (*at < s.n) {
        size_t here = *at, taken;
        bool apostrophe = false;
        if (word->n == 0)
            word->first = *first;
        taken = put_ascii(word, s, *at);
        if (taken > 0) {
            letters += taken;
            *first = false;
            *at += taken;
            continue;
        }
        unsigned char byte = (unsigned char)s.p[*at];
        bool ascii = byte < 0x80;
        uint32_t point = ascii ? byte : nw_utf8_next(s, at);
        *at += ascii;
        struct fold fold = ascii ? (struct fold){class_of_mark(byte), byte, false} : fold_point(point);
        size_t length = point == '&' ? reference(s, here, &apostrophe) : 0;
        if (point == 0xE2)
            length = misread(s, here, &apostrophe);
        if (length > 0) {
            *at = here + length;
            fold.class = FOLD_BREAK;
        }
        if (fold.class == FOLD_SKIP)
            continue;
        if (fold.class == FOLD_LETTER || fold.class == FOLD_DIGIT) {
            if (word->n == 0)
                word->upper = fold.upper;
            word->digit |= fold.class == FOLD_DIGIT;
            put(word, fold.point);
            letters++;
            *first = false;
            continue;
        }
        if (fold.class == FOLD_ALONE) {
            if (word->n > 0) {
                *at = here;
                return true;
            }
            put(word, fold.point);
            *first = false;
            return true;
        }
        if (word->n > 0) {
            enum fold_class next = class_at(s, *at);
            char last = word->bytes[word->n - 1];
            bool digits = last >= '0' && last <= '9' && next == FOLD_DIGIT;
            if (apostrophe || point == '\'' || point == 0x2019) {
                if (next == FOLD_LETTER)
                    continue;
            } else if (point == ',' && digits) {
                continue;
            } else if (point == '.' && digits) {
                put(word, '.');
                continue;
            } else if (point == '.' && letters == 1 && next == FOLD_LETTER) {
                letters = 0; /* U.S. */
                continue;
            }
        }
        if (point == '.' || point == '!' || point == '?' || point == '\n')
            *first = true;
        if (word->n > 0)
            return true;
    }
    return word->n > 0;
}
