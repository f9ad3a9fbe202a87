/* JSON scalars out: see json_put.h. Text is scanned 16 bytes a step for what needs escaping, and copied in runs. */
#include "record/json_put.h"
#include "record/put.h"

#include <newswire/clock.h>
#include <newswire/utf8.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool escapes(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* Not 0 if one of the eight bytes of v escapes(). After "Bit Twiddling Hacks": subtracting borrows from bit 7 of a byte
 * that is smaller, and clearing with ~v drops those that had bit 7 set already. */
static uint64_t any_escapes(uint64_t v)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';

    return (((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & tops;
}

/* The first byte from `at` on that escapes, or the end. */
static size_t find_escape(struct nw_str s, size_t at)
{
    for (; at + 16 <= s.n; at += 16) {
        uint64_t a, b;
        memcpy(&a, s.p + at, 8);
        memcpy(&b, s.p + at + 8, 8);
        if (any_escapes(a) | any_escapes(b))
            break;
    }
    while (at < s.n && !escapes((unsigned char)s.p[at]))
        at++;
    return at;
}

static void put_escape(struct nw_buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[] = "btn\0fr"; /* from U+0008 on; U+000B has none */
    char text[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

    if (c == 0) {
        PUT(out, "\xef\xbf\xbd");
    } else if (c == '"' || c == '\\') {
        text[1] = (char)c;
        put(out, text, 2);
    } else if (c >= 8 && c <= 13 && letters[c - 8]) {
        text[1] = letters[c - 8];
        put(out, text, 2);
    } else {
        put(out, text, sizeof text);
    }
}

/* The inside of a string whose UTF-8 is good. */
static void put_text(struct nw_buf *out, struct nw_str s)
{
    for (size_t at = 0, end; at < s.n; at = end + 1) {
        end = find_escape(s, at);
        put(out, s.p + at, end - at);
        if (end < s.n)
            put_escape(out, (unsigned char)s.p[end]);
    }
}

void nw_json_put_text(struct nw_buf *out, struct nw_str text)
{
    nw_buf_reserve(out, text.n + 2);
    put_char(out, '"');
    for (;;) {
        size_t good = nw_utf8_valid(text);
        put_text(out, nw_str(text.p, good));
        if (good == text.n || out->error)
            break;
        PUT(out, "\xef\xbf\xbd");
        text = nw_str_from(text, good + 1);
    }
    put_char(out, '"');
}

void nw_json_put_base64(struct nw_buf *out, struct nw_str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)bytes.p;

    nw_buf_reserve(out, bytes.n / 3 * 4 + 6);
    put_char(out, '"');
    for (size_t i = 0; i < bytes.n && !out->error; i += 3) {
        size_t n = bytes.n - i < 3 ? bytes.n - i : 3;
        unsigned v = (unsigned)p[i] << 16 | (n > 1 ? (unsigned)p[i + 1] << 8 : 0) | (n > 2 ? (unsigned)p[i + 2] : 0);
        char text[4] = {digits[v >> 18], digits[v >> 12 & 63], n > 1 ? digits[v >> 6 & 63] : '=',
                        n > 2 ? digits[v & 63] : '='};
        put(out, text, sizeof text);
    }
    put_char(out, '"');
}

enum { UINT_TEXT = 20 };

/* Writes v's digits up to `end`, at least `least` of them; returns where they begin. */
static char *digits_of(uint64_t v, int least, char *end)
{
    do {
        *--end = (char)('0' + v % 10);
        v /= 10;
    } while (--least > 0 || v);
    return end;
}

void nw_json_put_uint(struct nw_buf *out, uint64_t value)
{
    char text[UINT_TEXT], *end = text + sizeof text, *p = digits_of(value, 1, end);

    put(out, p, (size_t)(end - p));
}

void nw_json_put_int(struct nw_buf *out, int64_t value)
{
    char text[1 + UINT_TEXT], *end = text + sizeof text;
    char *p = digits_of(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1, end);

    if (value < 0)
        *--p = '-';
    put(out, p, (size_t)(end - p));
}

/* Whole, and small enough for an int64_t; -0.0 is left to put_decimal. */
static bool is_whole(double value)
{
    return value >= -9.2e18 && value <= 9.2e18 && value == (double)(int64_t)value && !(value == 0 && signbit(value));
}

/* With the fewest digits behind the point, when that is at most 17: m / 10^k, both exact as doubles, is rounded as a
 * reader rounds the decimal fraction, so where it gives the value the reader gets it back. */
static bool put_fraction(struct nw_buf *out, double value)
{
    static const double powers[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    const double exact = 9007199254740992.0; /* 2^53: whole numbers below it are exact */
    double size = fabs(value);

    if (size < 1e-5)
        return false;
    for (int k = 1; k < (int)(sizeof powers / sizeof *powers) && size * powers[k] < exact; k++) {
        uint64_t m = (uint64_t)(size * powers[k] + 0.5);
        if ((double)m / powers[k] == size) {
            char text[2 + 2 * UINT_TEXT], *end = text + sizeof text, *point, *p;
            p = digits_of(m, k + 1, end);
            point = end - k;
            memmove(p - 1, p, (size_t)(point - p));
            p--;
            point[-1] = '.';
            if (value < 0)
                *--p = '-';
            put(out, p, (size_t)(end - p));
            return true;
        }
    }
    return false;
}

static void put_decimal(struct nw_buf *out, double value)
{
    char text[40];
    int n = 0;

    if (value == 0) {
        PUT(out, "-0.0");
        return;
    }
    if (put_fraction(out, value))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        n = snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (int i = 0; i < n; i++) {
        if (text[i] == ',') /* a locale's decimal point */
            text[i] = '.';
    }
    put(out, text, (size_t)n);
}

void nw_json_put_num(struct nw_buf *out, double value)
{
    if (!isfinite(value))
        PUT(out, "null");
    else if (is_whole(value))
        nw_json_put_int(out, (int64_t)value);
    else
        put_decimal(out, value);
}

void nw_json_put_float(struct nw_buf *out, double value)
{
    nw_json_put_num(out, value);
    if (isfinite(value) && is_whole(value))
        PUT(out, ".0");
}

void nw_json_put_time(struct nw_buf *out, int64_t ms)
{
    char text[NW_TIME_TEXT];
    size_t n = nw_time_print(ms, text);

    put_char(out, '"');
    put(out, text, n);
    put_char(out, '"');
}
