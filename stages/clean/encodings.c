/* Transfer encodings: see encodings.h. */
#include "encodings.h"

#include "chars.h"

static int base64_value(unsigned char c)
{
    if (is_upper(c))
        return c - 'A';
    if (is_lower(c))
        return c - 'a' + 26;
    if (is_digit(c))
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool base64_is(struct nw_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (base64_value(c) >= 0 || c == '=')
            n++;
        else if (!is_space(c))
            return false;
    }
    return n >= 8 && n % 4 == 0;
}

struct nw_str base64_decode(struct nw_arena *arena, struct nw_str s)
{
    size_t room = s.n / 4 * 3 + 4, n = 0;
    char *out = nw_arena_alloc(arena, room);
    if (!out)
        return nw_str(NULL, 0);
    unsigned bits = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
        int value = base64_value((unsigned char)s.p[i]);
        if (value < 0)
            continue;
        held = (held << 6) | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)(held >> bits & 0xFF);
        }
    }
    nw_arena_trim(arena, out, room, n);
    return nw_str(out, n);
}

static int hex_value(unsigned char c)
{
    return is_digit(c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

struct nw_str quoted_printable_decode(struct nw_arena *arena, struct nw_str s, bool header)
{
    char *out = nw_arena_alloc(arena, s.n + 1);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if (c == '=') {
            int high = hex_value(byte_at(s, i + 1)), low = hex_value(byte_at(s, i + 2));
            if (high >= 0 && low >= 0) {
                out[n++] = (char)(high * 16 + low);
                i += 3;
                continue;
            }
            size_t end = i + 1;
            while (byte_at(s, end) == ' ' || byte_at(s, end) == '\t' || byte_at(s, end) == '\r')
                end++;
            if (byte_at(s, end) == '\n') { /* a soft line break */
                i = end + 1;
                continue;
            }
        }
        out[n++] = header && c == '_' ? ' ' : c;
        i++;
    }
    nw_arena_trim(arena, out, s.n + 1, n);
    return nw_str(out, n);
}
