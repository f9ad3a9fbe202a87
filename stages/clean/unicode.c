/* Tidying of text: see unicode.h. One scan decides whether anything is to be done; most text passes as it is. */
#include "unicode.h"

#include "chars.h"
#include "nfc.h"

#include <newswire/utf8.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__SSE2__)
/* 0xFF for each byte that is printable ASCII or a line feed. */
static __m128i plain_of(const char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    /* 0x20 to 0x7E moved down to the least of the signed bytes */
    __m128i moved = _mm_add_epi8(v, _mm_set1_epi8(0x60));
    return _mm_or_si128(_mm_cmplt_epi8(moved, _mm_set1_epi8(-33)), _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
}
#endif

/* Offset of the first byte at or behind `i` that is neither printable ASCII nor a line feed; s.n if there is none. */
static size_t plain_run(struct nw_str s, size_t i)
{
#if defined(__SSE2__)
    while (i + 64 <= s.n &&
           _mm_movemask_epi8(_mm_and_si128(_mm_and_si128(plain_of(s.p + i), plain_of(s.p + i + 16)),
                                           _mm_and_si128(plain_of(s.p + i + 32), plain_of(s.p + i + 48)))) == 0xFFFF)
        i += 64;
    for (size_t last = s.n - 16; s.n >= 16 && i < s.n; i += 16) {
        size_t at = i < last ? i : last; /* the last step overlaps the one before */
        unsigned mask = (unsigned)_mm_movemask_epi8(plain_of(s.p + at)) | ((1U << (i - at)) - 1);
        if (mask != 0xFFFF)
            return at + (size_t)__builtin_ctz(~mask);
    }
#endif
    for (; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n') || c >= 0x7F)
            return i;
    }
    return s.n;
}

bool text_is_plain(struct nw_str s)
{
    return plain_run(s, 0) == s.n;
}

#if defined(__SSE2__)
/* The sixteen counters of `bytes` added up. */
static size_t counters_sum(__m128i bytes)
{
    __m128i halves = _mm_sad_epu8(bytes, _mm_setzero_si128());
    return (size_t)_mm_cvtsi128_si64(halves) + (size_t)_mm_cvtsi128_si64(_mm_srli_si128(halves, 8));
}

/* 0xFF for each byte of white space. */
static __m128i white_of(__m128i v)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(' ')), v);
}
#endif

struct text_counts text_counts(struct nw_str s)
{
    size_t words = 0, inside = 0, i = 0; /* inside: bytes that continue a character */
    bool before = true;                  /* whether the byte before is white space */
#if defined(__SSE2__)
    __m128i last = _mm_set1_epi8(-1); /* of the sixteen bytes before, those of white space */
    while (i + 16 <= s.n) {
        __m128i starts = _mm_setzero_si128(), tails = _mm_setzero_si128();
        size_t steps = (s.n - i) / 16, stop = i + 16 * (steps < 255 ? steps : 255); /* a counter holds no more */
        for (; i < stop; i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i)), white = white_of(v);
            __m128i earlier = _mm_or_si128(_mm_slli_si128(white, 1), _mm_srli_si128(last, 15));
            starts = _mm_sub_epi8(starts, _mm_andnot_si128(white, earlier));
            tails = _mm_sub_epi8(tails, _mm_cmplt_epi8(v, _mm_set1_epi8(-64))); /* 0x80 to 0xBF */
            last = white;
        }
        words += counters_sum(starts);
        inside += counters_sum(tails);
    }
    before = i == 0 || (unsigned char)s.p[i - 1] <= ' ';
#endif
    for (; i < s.n; i++) {
        bool white = (unsigned char)s.p[i] <= ' ';
        words += !white && before;
        inside += ((unsigned char)s.p[i] & 0xC0) == 0x80;
        before = white;
    }
    return (struct text_counts){.chars = s.n - inside, .words = words};
}

enum verdict { FINE = 0, DIRTY = 1, ASK_ICU = 2 };

/* What one character beyond plain ASCII asks for. Character by character after UnicodeData and
 * DerivedNormalizationProps. */
static enum verdict char_verdict(uint32_t c)
{
    if (c < 0x20 || c == 0x7F)
        return c == '\t' ? FINE : DIRTY;
    if (c < 0x300)
        return c <= 0xA0 || c == 0xAD ? DIRTY : FINE;
    if (c < 0x370)
        return ASK_ICU; /* combining marks */
    if (c < 0x590)
        return c == 0x374 || c == 0x37E || c == 0x387 ? ASK_ICU : FINE; /* Greek, Cyrillic, Armenian */
    if (c < 0x1680)
        return c == 0x61C || c == 0x180E ? DIRTY : ASK_ICU; /* Semitic, Indic, Hangul Jamo */
    if (c < 0x2000)
        return c == 0x1680 || c == 0x180E ? DIRTY : ASK_ICU;
    if (c < 0x2070) {
        if (c <= 0x200B || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202F) || c >= 0x205F)
            return DIRTY;
        return FINE;
    }
    if (c < 0x2E80)
        return c == 0x2126 || c == 0x212A || c == 0x212B || c == 0x2329 || c == 0x232A || c == 0x2ADC || c >= 0x2C00
                   ? ASK_ICU
                   : FINE;
    if (c < 0x3000)
        return FINE;
    if (c < 0xA000)
        return c == 0x3000 ? DIRTY : c >= 0x302A && c <= 0x302F ? ASK_ICU : c == 0x3099 || c == 0x309A ? ASK_ICU : FINE;
    if (c < 0xAC00)
        return ASK_ICU;
    if (c < 0xD800)
        return FINE; /* Hangul syllables */
    if (c == 0xFEFF || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE || (c >= 0xFFF0 && c <= 0xFFFB))
        return DIRTY;
    if (c >= 0xFF00 && c < 0xFFF0)
        return FINE;
    if (c >= 0x1F000 && c < 0x20000)
        return FINE; /* emoji */
    if (c >= 0xE0000 && c < 0xE0080)
        return DIRTY; /* tags */
    return ASK_ICU;
}

/* What a character becomes: itself, ' ', '\n', or 0 for nothing. */
static uint32_t char_tidied(uint32_t c)
{
    if (char_verdict(c) != DIRTY)
        return c;
    switch (c) {
    case 0x0B:
    case 0x0C:
    case 0x0D:
    case 0x0A:
    case 0x85:
    case 0x2028:
    case 0x2029:
        return '\n';
    case 0xA0:
    case 0x1680:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return ' ';
    default:
        return c >= 0x2000 && c <= 0x200A ? ' ' : 0;
    }
}

struct nw_str text_tidy(struct nw_arena *arena, struct nw_str s)
{
    unsigned verdict = FINE;
    size_t i = 0;
    while ((i = plain_run(s, i)) < s.n) {
        uint32_t c = nw_utf8_next(s, &i);
        verdict |= (unsigned)char_verdict(c);
        if (verdict == (DIRTY | ASK_ICU))
            break;
    }
    if (verdict & DIRTY) {
        char *out = nw_arena_alloc(arena, s.n + 1);
        if (!out)
            return nw_str(NULL, 0);
        size_t n = 0;
        for (i = 0; i < s.n;) {
            size_t run = plain_run(s, i);
            memcpy(out + n, s.p + i, run - i);
            n += run - i;
            i = run;
            if (i >= s.n)
                break;
            size_t before = i;
            uint32_t c = nw_utf8_next(s, &i);
            if (c == '\r' && byte_at(s, i) == '\n')
                continue; /* CR LF: the LF follows */
            uint32_t t = char_tidied(c);
            if (t == c && c != 0) {
                memcpy(out + n, s.p + before, i - before);
                n += i - before;
            } else if (t) {
                out[n++] = (char)t; /* a blank or a line feed */
            }
        }
        nw_arena_trim(arena, out, s.n + 1, n);
        s = nw_str(out, n);
    }
    if ((verdict & ASK_ICU) && !text_nfc(arena, s, &s))
        return nw_str(NULL, 0);
    return s;
}

struct nw_str text_line(struct nw_arena *arena, struct nw_str s)
{
    return text_lines(arena, s, 0);
}

struct nw_str text_lines(struct nw_arena *arena, struct nw_str s, size_t breaks)
{
    s = nw_str_trim(s);
    if (!text_is_plain(s))
        s = nw_str_trim(text_tidy(arena, s));
    /* Most lines hold single blanks only: then the view will do. */
    bool single = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\t' || c == '\n' || (c == ' ' && s.p[i + 1] == ' ')) {
            single = false;
            break;
        }
    }
    if (single)
        return s;
    char *out = nw_arena_alloc(arena, s.n + 1);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        if (!is_space(s.p[i])) {
            out[n++] = s.p[i++];
            continue;
        }
        size_t feeds = 0;
        for (; i < s.n && is_space(s.p[i]); i++)
            feeds += s.p[i] == '\n';
        if (feeds > breaks)
            feeds = breaks;
        if (feeds == 0)
            out[n++] = ' ';
        while (feeds-- > 0)
            out[n++] = '\n';
    }
    nw_arena_trim(arena, out, s.n + 1, n);
    return nw_str(out, n);
}

/* windows-1252's byte for a character, 0 for none. */
static unsigned char cp1252_byte(uint32_t c)
{
    static const uint16_t high[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    if (c >= 0xA0 && c <= 0xFF)
        return (unsigned char)c;
    for (size_t i = 0; i < 32; i++)
        if (high[i] == c || (c >= 0x80 && c < 0xA0 && c == 0x80 + i))
            return (unsigned char)(0x80 + i);
    return 0;
}

/* A run of characters beyond ASCII as the bytes of windows-1252, from s[*i] on: how many went to out, 0 where one is of
 * no such byte. */
static size_t cp1252_run(struct nw_str s, size_t *i, char *out)
{
    size_t n = 0;
    while (*i < s.n && (unsigned char)s.p[*i] >= 0x80) {
        unsigned char byte = cp1252_byte(nw_utf8_next(s, i));
        if (!byte)
            return 0;
        out[n++] = (char)byte;
    }
    return n;
}

/* Keeps the bytes out[0] to out[n - 1] where they are UTF-8; blanks that pages write as references (&nbsp;) may stand
 * around them, and are written anew. Gives the length, 0 where they are none; *text: how much of it is text. */
static size_t keep_utf8(char *out, size_t n, size_t *text)
{
    static const char blank[] = "\xC2\xA0";
    size_t before = 0, end = n, behind;
    while (before < end && (unsigned char)out[before] == 0xA0)
        before++;
    while (end > before && (unsigned char)out[end - 1] == 0xA0 &&
           nw_utf8_valid(nw_str(out + before, end - before)) != end - before)
        end--;
    behind = n - end;
    *text = end - before;
    if (nw_utf8_valid(nw_str(out + before, *text)) != *text)
        return 0;
    memmove(out + 2 * before, out + before, *text);
    for (size_t i = 0; i < before; i++)
        memcpy(out + 2 * i, blank, 2);
    for (size_t i = 0; i < behind; i++)
        memcpy(out + 2 * before + *text + 2 * i, blank, 2);
    return 2 * before + *text + 2 * behind;
}

/* One round; n as given when it was no mojibake. Each run of characters beyond ASCII must be windows-1252's and give
 * valid UTF-8, but for blanks. */
static bool unmojibake_once(struct nw_str s, char *out, size_t *n)
{
    size_t at = 0, runs = 0, marks = 0;
    for (size_t i = 0; i < s.n;) {
        if ((unsigned char)s.p[i] < 0x80) {
            out[at++] = s.p[i++];
            continue;
        }
        size_t text = 0, bytes = cp1252_run(s, &i, out + at), kept = bytes ? keep_utf8(out + at, bytes, &text) : 0;
        if (!kept)
            return false;
        runs += text > 0;
        marks += text >= 3 && memchr(out + at, 0xE2, kept) != NULL; /* quotation marks, dashes, the euro */
        at += kept;
    }
    *n = at;
    return runs >= 2 || marks > 0;
}

struct nw_str text_unmojibake(struct nw_arena *arena, struct nw_str s)
{
    /* UTF-8's lead bytes read as windows-1252 are these letters, with what follows two of them. */
    static const char *const looks[] = {"\xC3\x83",     "\xC3\x82", "\xC3\xA2\xE2\x82\xAC", "\xC3\xA2\xE2\x80\x9A",
                                        "\xC3\xA2\xC2", "\xC3\x90"};
    for (int round = 0; round < 2; round++) {
        bool may_be = false;
        for (size_t i = 0; i < sizeof looks / sizeof *looks && !may_be; i++)
            may_be = nw_str_find(s, nw_str_z(looks[i])) != SIZE_MAX;
        if (!may_be)
            return s;
        char *out = nw_arena_alloc(arena, s.n + 1);
        if (!out)
            return s;
        size_t n = 0;
        if (!unmojibake_once(s, out, &n))
            return s;
        nw_arena_trim(arena, out, s.n + 1, n);
        s = nw_str(out, n);
    }
    return s;
}

struct piece {
    struct nw_arena *arena;
    char *p;
    size_t n, room;
};

static bool append(void *owner, const char *text, size_t n)
{
    struct piece *piece = owner;
    if (piece->n + n > piece->room) {
        size_t room = (piece->n + n) * 2;
        char *grown = nw_arena_grow(piece->arena, piece->p, piece->room, room);
        if (!grown)
            return false;
        piece->p = grown;
        piece->room = room;
    }
    memcpy(piece->p + piece->n, text, n);
    piece->n += n;
    return true;
}

bool text_nfc(struct nw_arena *arena, struct nw_str s, struct nw_str *out)
{
    *out = s;
    if (s.n == 0 || nfc_is(s.p, s.n))
        return true;
    struct piece piece = {.arena = arena};
    if (!nfc_make(s.p, s.n, &piece, append))
        return false;
    *out = nw_str(piece.p, piece.n);
    return true;
}
