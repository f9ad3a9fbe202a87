/* Character classes: see chars.h. */
#include "chars.h"

#include <assert.h>

bool is_upper_letter(uint32_t c)
{
    if (c < 0x80)
        return is_upper((int)c);
    if (c >= 0xC0 && c <= 0xDE)
        return c != 0xD7;
    if (c >= 0x100 && c <= 0x137)
        return (c & 1) == 0;
    if (c >= 0x139 && c <= 0x148)
        return (c & 1) == 1;
    if (c >= 0x14A && c <= 0x177)
        return (c & 1) == 0;
    if (c == 0x178 || c == 0x179 || c == 0x17B || c == 0x17D)
        return true;
    if (c >= 0x386 && c <= 0x3AB)
        return c != 0x387 && c != 0x390;
    if (c >= 0x400 && c <= 0x42F)
        return true;
    if (c >= 0x460 && c <= 0x4FF)
        return (c & 1) == 0 && c != 0x482;
    return c >= 0x1E00 && c <= 0x1EFF && (c & 1) == 0;
}

bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return is_alpha((int)c);
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c == 0xD7 || c == 0xF7)
        return false;
    if (c >= 0x2000 && c < 0x2C00)
        return false; /* punctuation and symbols */
    if (c >= 0x3000 && c < 0x3040)
        return false;
    return c < 0xE000 || (c >= 0xF900 && c < 0xFE00) || (c >= 0xFF21 && c < 0xFFE0);
}

uint32_t lower_letter(uint32_t c)
{
    if (!is_upper_letter(c))
        return c;
    if (c < 0x80)
        return c | 0x20;
    if (c <= 0xDE)
        return c + 0x20;
    if (c == 0x130)
        return 'i';
    if (c == 0x178)
        return 0xFF;
    if (c == 0x386)
        return 0x3AC;
    if (c >= 0x388 && c <= 0x38A)
        return c + 37;
    if (c == 0x38C)
        return 0x3CC;
    if (c == 0x38E || c == 0x38F)
        return c + 63;
    if (c >= 0x391 && c <= 0x3AB)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if (c >= 0x410 && c <= 0x42F)
        return c + 0x20;
    return c + 1;
}

long number_of(struct nw_str s)
{
    if (s.n == 0 || s.n > 9)
        return -1;
    long value = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return -1;
        value = value * 10 + (s.p[i] - '0');
    }
    return value;
}

size_t find_nocase(struct nw_str s, struct nw_str needle)
{
    if (needle.n == 0)
        return 0;
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (to_lower(s.p[i]) == needle.p[0] && nw_str_starts_nocase(nw_str_from(s, i), needle))
            return i;
    return SIZE_MAX;
}

static bool is_word_byte(unsigned char c)
{
    return is_alnum(c) || c >= 0x80;
}

bool has_word(struct nw_str s, struct nw_str word)
{
    for (size_t i = 0; i + word.n <= s.n; i++)
        if (to_lower(s.p[i]) == to_lower(word.p[0]) && (i == 0 || !is_word_byte(byte_at(s, i - 1))) &&
            !is_word_byte(byte_at(s, i + word.n)) && nw_str_starts_nocase(nw_str_from(s, i), word))
            return true;
    return false;
}

bool starts_any(struct nw_str s, const char *firsts, const char *const *words)
{
    char first = s.n > 0 ? to_lower(s.p[0]) : '\0';
    if (first == '\0' || !strchr(firsts, first))
        return false;
    for (; *words; words++) {
        assert(strchr(firsts, (*words)[0]));
        if ((*words)[0] == first && nw_str_starts_nocase(s, nw_str_z(*words)))
            return true;
    }
    return false;
}

bool in_words(struct nw_str list, struct nw_str word)
{
    for (size_t at; word.n > 0 && (at = nw_str_find(list, word)) != SIZE_MAX; list = nw_str_from(list, at + word.n))
        if (at > 0 && list.p[at - 1] == ' ' && byte_at(list, at + word.n) == ' ')
            return true;
    return false;
}

/* No set holds letters or digits, which are what most texts begin and end with. */
static bool is_of(unsigned char c, const char *set)
{
    return !is_alnum(c) && c != '\0' && strchr(set, c);
}

struct nw_str trim_set(struct nw_str s, const char *set)
{
    while (s.n > 0 && is_of((unsigned char)s.p[0], set))
        s = nw_str(s.p + 1, s.n - 1);
    while (s.n > 0 && is_of((unsigned char)s.p[s.n - 1], set))
        s.n--;
    return s;
}
