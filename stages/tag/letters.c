/* Letters of the scripts with case: see letters.h. */
#include "letters.h"

#include <newswire/utf8.h>

uint32_t letter_lower(uint32_t c)
{
    if (c < 0x80) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) {
        return c + 32;
    }
    if (c >= 0x100 && c <= 0x17F) {
        if (c == 0x130) {
            return 'i';
        }
        if (c == 0x178) {
            return 0xFF;
        }
        if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) {
            return c & 1 ? c + 1 : c;
        }
        return c == 0x138 || c == 0x149 || c == 0x17F ? c : c | 1;
    }
    if (c == 0x218 || c == 0x21A || (c >= 0x1CD && c <= 0x1DC && c & 1)) {
        return c + 1;
    }
    if (c >= 0x391 && c <= 0x3A9) {
        return c + 32;
    }
    if (c == 0x386) {
        return 0x3AC;
    }
    if (c >= 0x388 && c <= 0x38A) {
        return c + 37;
    }
    if (c == 0x38C) {
        return 0x3CC;
    }
    if (c == 0x38E || c == 0x38F) {
        return c + 63;
    }
    if (c >= 0x410 && c <= 0x42F) {
        return c + 32;
    }
    if (c >= 0x400 && c <= 0x40F) {
        return c + 80;
    }
    if ((c >= 0x460 && c <= 0x481) || (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F) ||
        (c >= 0x1E00 && c <= 0x1EFF)) {
        return c | 1;
    }
    if (c >= 0x531 && c <= 0x556) {
        return c + 48;
    }
    return c;
}

uint32_t letter_upper(uint32_t c)
{
    if (c < 0x80) {
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    }
    if (c == 0xFF) {
        return 0x178;
    }
    if ((c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) ||
        (c >= 0x430 && c <= 0x44F)) {
        return c - 32;
    }
    if (c >= 0x450 && c <= 0x45F) {
        return c - 80;
    }
    if (c == 0x3AC) {
        return 0x386;
    }
    if (c >= 0x3AD && c <= 0x3AF) {
        return c - 37;
    }
    if (c == 0x3CC) {
        return 0x38C;
    }
    if (c == 0x3CD || c == 0x3CE) {
        return c - 63;
    }
    if (c > 0x80 && letter_lower(c - 1) == c) {
        return c - 1;
    }
    return c;
}

static bool is_mark(uint32_t c)
{
    return (c >= 0x80 && c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
           (c >= 0x2010 && c <= 0x205E) || (c >= 0x2070 && c <= 0x209F) || (c >= 0x20A0 && c <= 0x20CF) ||
           (c >= 0x2100 && c <= 0x2BFF) || (c >= 0x3001 && c <= 0x303F) || (c >= 0xFE10 && c <= 0xFE6F) ||
           (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xE000 && c <= 0xF8FF) ||
           c >= 0x1F000 || c == 0x37E || c == 0x387 || c == 0x60C || c == 0x61B || c == 0x61F || c == 0x6D4 ||
           c == 0x964 || c == 0x965 || c == 0xFFFD;
}

enum letter_class letter_class_wide(uint32_t c)
{
    if (c == 0xA0 || c == 0x85 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
        c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF) {
        return LETTER_SPACE;
    }
    if (is_mark(c)) {
        return LETTER_MARK;
    }
    if ((c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
        (c >= 0xE00 && c <= 0xEFF)) {
        return LETTER_IDEOGRAPH;
    }
    if (c >= 0xFF10 && c <= 0xFF19) {
        return LETTER_DIGIT;
    }
    return letter_lower(c) != c ? LETTER_UPPER : LETTER_LOWER;
}

uint32_t letter_decode(struct nw_str s, size_t at, unsigned *bytes)
{
    size_t next = at;
    uint32_t c = nw_utf8_next(s, &next);
    *bytes = (unsigned)(next - at);
    return c;
}

size_t letters_lower(struct nw_str s, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n + 4 <= cap;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80) {
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            i++;
            continue;
        }
        unsigned bytes;
        n += nw_utf8_put(out + n, letter_lower(letter_decode(s, i, &bytes)));
        i += bytes;
    }
    return n;
}

size_t letters_title(struct nw_str s, char *out, size_t cap)
{
    size_t n = 0;
    bool start = true;
    for (size_t i = 0; i < s.n && n + 4 <= cap;) {
        unsigned bytes;
        uint32_t c = letter_at(s, i, &bytes);
        n += nw_utf8_put(out + n, start ? letter_upper(c) : letter_lower(c));
        start = c == '-';
        i += bytes;
    }
    return n;
}
