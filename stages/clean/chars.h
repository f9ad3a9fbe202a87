/*
 * Character classes of ASCII and of the few letters beyond it that wire copy needs. Everything here works on bytes or
 * code points, knows no locale, and never fails.
 */
#ifndef CLEAN_CHARS_H
#define CLEAN_CHARS_H

#include <newswire/str.h>
#include <newswire/utf8.h>

static inline bool is_lower(int c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool is_upper(int c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_alpha(int c)
{
    return is_lower(c | 0x20);
}

static inline bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_alnum(int c)
{
    return is_alpha(c) || is_digit(c);
}

/* White space of ASCII: space, tab, LF, VT, FF, CR. */
static inline bool is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char to_lower(char c)
{
    return is_upper(c) ? (char)(c | 0x20) : c;
}

static inline unsigned char byte_at(struct nw_str s, size_t i)
{
    return i < s.n ? (unsigned char)s.p[i] : 0;
}

/* Letters with case beyond ASCII: Latin-1, Latin Extended-A, Greek, Cyrillic. Other scripts count as lower case. */
bool is_upper_letter(uint32_t c);
bool is_letter(uint32_t c);
uint32_t lower_letter(uint32_t c);

/* The value of an unsigned decimal of 1 to 9 digits that fills s; -1 where it is none. */
long number_of(struct nw_str s);

/* Offset of the first `needle` in s without regard to ASCII case, or SIZE_MAX. The needle is in lower case. */
size_t find_nocase(struct nw_str s, struct nw_str needle);

/* Whether a word of s equals `word` (both sides no letter or digit), ASCII case aside. */
bool has_word(struct nw_str s, struct nw_str word);

/* Whether s begins with one of `words` (NULL ends them), ASCII case aside. The words are in lower case, and `firsts`
 * are the bytes with which they begin: most texts are done by their first. */
bool starts_any(struct nw_str s, const char *firsts, const char *const *words);

/* Whether `list`, words with a blank before, between and behind them, holds the word as it is. */
bool in_words(struct nw_str list, struct nw_str word);

/* s without the bytes of `set`, none of them a letter or digit of ASCII, at both ends. */
struct nw_str trim_set(struct nw_str s, const char *set);

#endif
