/* The tokeniser: see token.h. One pass, no allocation but the growth of the array. */
#include "token.h"

#include "abbreviation.h"
#include "letters.h"
#include "wide.h"

#include <errno.h>
#include <newswire/alloc.h>
#include <newswire/utf8.h>

static inline enum letter_class class_at(struct nw_str s, size_t at, unsigned *bytes)
{
    return letter_class_of(letter_at(s, at, bytes));
}

enum { STRIDE = 16 };

static inline bool is_plain(unsigned char c)
{
    return (unsigned)(c | 32) - 'a' < 26 || (unsigned)c - '0' < 10;
}

/* Moves behind ASCII letters and digits, up to `most`, many at a time. */
static inline size_t skip_plain(struct nw_str s, size_t at, size_t most)
{
    typedef uint8_t bytes __attribute__((vector_size(STRIDE)));
    typedef uint64_t halves __attribute__((vector_size(STRIDE)));
    while (at + STRIDE <= most) {
        bytes v;
        memcpy(&v, s.p + at, sizeof v);
        halves other = ~((halves)(((v | 32) - 'a') < 26) | (halves)((v - '0') < 10));
        if (other[0] | other[1]) {
            return at + (size_t)(other[0] ? first_byte(other[0]) : 8 + first_byte(other[1]));
        }
        at += STRIDE;
    }
    while (at < most && is_plain((unsigned char)s.p[at])) {
        at++;
    }
    return at;
}

/* The same, but stops at an n that an apostrophe follows, which may part it from its word. */
static inline size_t skip_letters(struct nw_str s, size_t at, size_t most)
{
    size_t end = skip_plain(s, at, most);
    bool apostrophe = end < s.n && (s.p[end] == '\'' || (unsigned char)s.p[end] == 0xE2);
    return apostrophe && end > at && (s.p[end - 1] | 32) == 'n' ? end - 1 : end;
}

static bool is_word(enum letter_class k)
{
    return k == LETTER_LOWER || k == LETTER_UPPER || k == LETTER_DIGIT;
}

/* Class of the code point at `at`, SPACE behind the end. */
static enum letter_class peek(struct nw_str s, size_t at)
{
    unsigned bytes;
    return at < s.n ? class_at(s, at, &bytes) : LETTER_SPACE;
}

static int tokens_add(struct tokens *tokens, size_t start, size_t end, uint32_t marks)
{
    if (tokens->n == tokens->cap) {
        size_t cap = tokens->cap ? 2 * tokens->cap : 512;
        struct token *v = nw_realloc(tokens->v, cap * sizeof *v);
        if (v == NULL) {
            return -ENOMEM;
        }
        tokens->v = v;
        tokens->cap = cap;
    }
    tokens->v[tokens->n++] = (struct token){(uint32_t)start, (uint32_t)end, marks, 0, 0, 0, 0, 0};
    return 0;
}

/* Is s[from, to) letters with a full stop after each but the last: U.S, J, e.g? */
static bool is_initials(struct nw_str s, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        unsigned bytes;
        enum letter_class k = class_at(s, i, &bytes);
        if (k != LETTER_LOWER && k != LETTER_UPPER) {
            return false;
        }
        i += bytes;
        if (i < to) {
            if (s.p[i] != '.') {
                return false;
            }
            i++;
        }
    }
    return to > from;
}

/* Length of an apostrophe at `at` (' or U+2019), 0 if there is none. */
static size_t apostrophe(struct nw_str s, size_t at)
{
    if (at < s.n && s.p[at] == '\'') {
        return 1;
    }
    return at + 3 <= s.n && memcmp(s.p + at, "\xE2\x80\x99", 3) == 0 ? 3 : 0;
}

/* Length of a clitic that begins with the apostrophe at `at`: 's 're 've 'll 'd 'm; 0 if there is none. */
static size_t clitic(struct nw_str s, size_t at)
{
    static const struct nw_str words[] = {NW_STR("s"),  NW_STR("re"), NW_STR("ve"),
                                          NW_STR("ll"), NW_STR("d"),  NW_STR("m")};
    size_t mark = apostrophe(s, at);
    if (mark == 0) {
        return 0;
    }
    struct nw_str rest = nw_str_from(s, at + mark);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (nw_str_starts_nocase(rest, words[i]) && !is_word(peek(rest, words[i].n))) {
            return mark + words[i].n;
        }
    }
    return 0;
}

/* Does "n't" begin at `at`? Its length, or 0. */
static size_t negation(struct nw_str s, size_t at)
{
    if (at >= s.n || (s.p[at] != 'n' && s.p[at] != 'N')) {
        return 0;
    }
    size_t mark = apostrophe(s, at + 1);
    size_t t = at + 1 + mark;
    return mark && t < s.n && (s.p[t] == 't' || s.p[t] == 'T') && !is_word(peek(s, t + 1)) ? mark + 2 : 0;
}

static bool is_address(struct nw_str s)
{
    char first = (char)(s.p[0] | 32);
    return (first == 'h' || first == 'w' || first == 'f') &&
           (nw_str_starts_nocase(s, NW_S("http://")) || nw_str_starts_nocase(s, NW_S("https://")) ||
            nw_str_starts_nocase(s, NW_S("www.")) || nw_str_starts_nocase(s, NW_S("ftp://")));
}

/* End of an address of the net that begins at `at`: up to white space, closing marks left out. */
static size_t address_end(struct nw_str s, size_t at)
{
    size_t end = at;
    while (end < s.n && end - at < TOKEN_MAX && (unsigned char)s.p[end] > ' ' && s.p[end] != '"' && s.p[end] != '<' &&
           s.p[end] != '>') {
        end++;
    }
    while (end > at + 1 && strchr(".,;:!?)]}'", s.p[end - 1])) {
        end--;
    }
    return nw_utf8_floor(s, end);
}

static bool ascii_digit(struct nw_str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* Length of a hyphen inside a word at `at`: -, U+2010, U+2011. */
static size_t hyphen(struct nw_str s, size_t at)
{
    if (s.p[at] == '-') {
        return 1;
    }
    return at + 3 <= s.n && (memcmp(s.p + at, "\xE2\x80\x90", 3) == 0 || memcmp(s.p + at, "\xE2\x80\x91", 3) == 0) ? 3
                                                                                                                   : 0;
}

/* The full stop at `at` behind the word s[start, at): does the word go on with it (2), end with it (1), before it (0)?
 */
static int full_stop(struct nw_str s, size_t start, size_t at)
{
    enum letter_class next = peek(s, at + 1);
    bool initials = is_initials(s, start, at);
    if (next == LETTER_DIGIT) {
        return ascii_digit(s, at - 1) ? 2 : abbreviation_is(nw_str(s.p + start, at - start)) ? 1 : 0;
    }
    if (next == LETTER_LOWER || next == LETTER_UPPER) {
        if (initials) {
            unsigned bytes;
            class_at(s, at + 1, &bytes);
            enum letter_class after = peek(s, at + 1 + bytes);
            return s.p[at + 1 + bytes < s.n ? at + 1 + bytes : at] == '.' || !is_word(after) ? 2 : 1;
        }
        if (abbreviation_is(nw_str(s.p + start, at - start))) {
            return 1;
        }
        return next == LETTER_LOWER && peek(s, start) == LETTER_LOWER && at > start + 2 ? 2 : 0;
    }
    if (at + 1 < s.n && s.p[at + 1] == '.') {
        return 0;
    }
    if (initials && at - start > 1 && at + 1 < s.n && hyphen(s, at + 1) &&
        is_word(peek(s, at + 1 + hyphen(s, at + 1)))) {
        return 2; /* U.S.-led */
    }
    if (initials) {
        /* "I." is a pronoun at a sentence's end far more often than an initial. */
        bool single = at - start == 1;
        return !(single && s.p[start] == 'I' && (at + 1 >= s.n || s.p[at + 1] == '\n')) &&
               (!single || peek(s, start) == LETTER_UPPER);
    }
    return abbreviation_is(nw_str(s.p + start, at - start));
}

/* End of the word that begins at `start`. */
static size_t word_end(struct nw_str s, size_t start)
{
    size_t at = start;
    size_t most = s.n - start < TOKEN_MAX ? s.n : start + TOKEN_MAX;
    while (at < most) {
        at = skip_letters(s, at, most);
        if (at == most) {
            break;
        }
        unsigned bytes;
        enum letter_class k = class_at(s, at, &bytes);
        if (is_word(k)) {
            if (at > start && negation(s, at)) {
                return at;
            }
            at += bytes;
            continue;
        }
        if (at == start || k == LETTER_SPACE || k == LETTER_IDEOGRAPH) {
            return at;
        }
        char c = s.p[at];
        enum letter_class next = peek(s, at + bytes);
        if (c == '.') {
            int how = full_stop(s, start, at);
            if (how < 2) {
                return at + (size_t)how;
            }
            at++;
        } else if (apostrophe(s, at)) {
            bool inside = next == LETTER_LOWER || next == LETTER_UPPER;
            if (!inside || clitic(s, at)) {
                return at;
            }
            at += bytes;
        } else if (hyphen(s, at)) {
            if (!is_word(next)) {
                return at;
            }
            at += bytes;
        } else if ((c == ',' || c == ':' || c == '/') && ascii_digit(s, at - 1) && ascii_digit(s, at + 1)) {
            at++;
        } else if ((c == '&' || c == '@' || c == '_') && is_word(next)) {
            at++;
        } else if (c == '$' && at - start <= 3 && peek(s, start) == LETTER_UPPER) {
            return at + 1;
        } else {
            return at;
        }
    }
    return at;
}

/* End of a mark that begins at `start`: "--", "...", "``", "''" and runs of one dash are one token. */
static size_t mark_end(struct nw_str s, size_t start, unsigned bytes)
{
    char c = s.p[start];
    size_t at = start + bytes;
    if (c == '.' || c == '-' || c == '*' || c == '=' || c == '_') {
        while (at < s.n && s.p[at] == c && at - start < TOKEN_MAX) {
            at++;
        }
    } else if ((c == '`' || c == '\'') && at < s.n && s.p[at] == c) {
        at++;
    }
    return at;
}

/* Moves *at over white space; returns the marks of the token behind it. */
static uint32_t skip_space(struct nw_str s, size_t *at)
{
    uint32_t marks = *at == 0 ? TOKEN_LINE | TOKEN_PARAGRAPH : 0;
    unsigned lines = 0;
    if (*at + 1 < s.n && s.p[*at] == ' ' && (unsigned char)(s.p[*at + 1] - '!') < 0x80 - '!') {
        ++*at;
        return marks | TOKEN_SPACE; /* one blank, as nearly always */
    }
    while (*at < s.n) {
        unsigned char c = (unsigned char)s.p[*at];
        if (c > ' ' && c < 0x80) {
            break;
        }
        if (c == '\n') {
            lines++;
        }
        unsigned bytes;
        if (c >= 0x80 ? class_at(s, *at, &bytes) != LETTER_SPACE : (bytes = 1, c == 0)) {
            if (c != 0) {
                break;
            }
        }
        *at += bytes;
        marks |= TOKEN_SPACE;
    }
    if (lines) {
        marks |= TOKEN_LINE;
    }
    if (lines > 1) {
        marks |= TOKEN_PARAGRAPH;
    }
    return marks;
}

/* End of the token that begins at `at`; `marks` are its. */
static size_t token_end(struct nw_str s, size_t at, uint32_t marks)
{
    unsigned bytes;
    size_t small;
    switch (class_at(s, at, &bytes)) {
    case LETTER_IDEOGRAPH:
        return at + bytes;
    case LETTER_LOWER:
    case LETTER_UPPER:
    case LETTER_DIGIT:
        if (is_address(nw_str_from(s, at))) {
            return address_end(s, at);
        }
        small = negation(s, at);
        return small && at > 0 && !(marks & TOKEN_SPACE) ? at + small : word_end(s, at);
    default:
        break;
    }
    small = clitic(s, at);
    if (small) {
        return at + small;
    }
    if ((s.p[at] == '-' || s.p[at] == '+') && (marks & (TOKEN_SPACE | TOKEN_LINE)) && ascii_digit(s, at + 1)) {
        return word_end(s, at + 1);
    }
    return mark_end(s, at, bytes);
}

/* End of the run of ASCII letters and digits that begins at `at`, when it is surely a word by itself, as most are:
 * white space follows, or a comma that is within no number. 0: it is to be looked at. */
static inline size_t simple_word(struct nw_str s, size_t at)
{
    size_t most = s.n - at < TOKEN_MAX ? s.n : at + TOKEN_MAX;
    size_t end = skip_plain(s, at, most);
    if (end == at || end == most) {
        return 0;
    }
    char next = s.p[end];
    bool letter = (unsigned char)s.p[end - 1] >= 'A';
    return next == ' ' || next == '\n' || (next == ',' && letter) ? end : 0;
}

int tokens_read(struct tokens *tokens, struct nw_str s)
{
    tokens->n = 0;
    size_t at = 0;
    for (;;) {
        uint32_t marks = skip_space(s, &at);
        if (at >= s.n) {
            return 0;
        }
        size_t end = simple_word(s, at);
        if (end == 0) {
            end = token_end(s, at, marks);
        }
        int rc = tokens_add(tokens, at, end, marks);
        if (rc != 0) {
            return rc;
        }
        at = end;
    }
}

void tokens_free(struct tokens *tokens)
{
    nw_free(tokens->v);
    *tokens = (struct tokens){0};
}
