/* Character references: see references.h. After the HTML standard, sections 13.2.5.72 to 13.2.5.80 and 13.5. */
#include "html/references.h"

#include "chars.h"

static const struct entity {
    const char *name;
    unsigned char length, legacy;
    const char *text;
} ENTITIES[] = {
#define E(name, legacy, text) {#name, sizeof #name - 1, legacy, text},
#include "html/entities.inc"
};

static const struct entity *entity_named(struct nw_str name)
{
    size_t low = 0, high = sizeof ENTITIES / sizeof *ENTITIES;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = nw_str_cmp(name, nw_str(ENTITIES[middle].name, ENTITIES[middle].length));
        if (order == 0)
            return &ENTITIES[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static size_t numeric(struct nw_str s, char *out, size_t *used)
{
    static const uint16_t high[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    bool hex = (byte_at(s, 2) | 0x20) == 'x';
    size_t i = hex ? 3 : 2, start = i;
    uint32_t c = 0;
    for (;; i++) {
        unsigned char b = byte_at(s, i);
        unsigned digit;
        if (is_digit(b))
            digit = b - '0';
        else if (hex && (b | 0x20) >= 'a' && (b | 0x20) <= 'f')
            digit = (unsigned)(b | 0x20) - 'a' + 10;
        else
            break;
        c = c > 0x110000 ? c : c * (hex ? 16 : 10) + digit;
    }
    if (i == start)
        return 0;
    *used = i + (byte_at(s, i) == ';');
    if (c >= 0x80 && c < 0xA0)
        c = high[c - 0x80];
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    return nw_utf8_put(out, c);
}

size_t html_reference(struct nw_str s, bool attribute, char *out, size_t *used)
{
    enum { NAME_MOST = 32 }; /* CounterClockwiseContourIntegral has 31 */
    *used = 0;
    if (byte_at(s, 1) == '#')
        return numeric(s, out, used);
    size_t run = 1;
    while (run <= NAME_MOST && is_alnum(byte_at(s, run)))
        run++;
    const struct entity *found = NULL;
    size_t length = run - 1;
    bool closed = byte_at(s, run) == ';';
    if (closed && length > 0)
        found = entity_named(nw_str(s.p + 1, length));
    if (found) {
        *used = run + 1;
    } else {
        enum { LEGACY_MOST = 6 };
        closed = false;
        for (length = length > LEGACY_MOST ? LEGACY_MOST : length; length >= 2; length--) {
            found = entity_named(nw_str(s.p + 1, length));
            if (found && found->legacy)
                break;
            found = NULL;
        }
        if (!found)
            return 0;
        unsigned char next = byte_at(s, length + 1);
        if (attribute && (next == '=' || is_alnum(next)))
            return 0;
        *used = length + 1;
    }
    size_t n = strlen(found->text);
    memcpy(out, found->text, n);
    return n;
}

bool html_is_plain(struct nw_str s, enum html_text kind)
{
    if (s.n == 0)
        return true;
    bool references = kind != HTML_RAW && kind != HTML_CDATA, nul = kind != HTML_DATA && kind != HTML_CDATA;
    return (!references || !memchr(s.p, '&', s.n)) && !memchr(s.p, '\r', s.n) && (!nul || !memchr(s.p, '\0', s.n));
}

size_t html_unescape(char *out, struct nw_str s, enum html_text kind)
{
    bool references = kind != HTML_RAW && kind != HTML_CDATA, nul = kind != HTML_DATA && kind != HTML_CDATA;
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if (c == '&' && references) {
            size_t used;
            n += html_reference(nw_str_from(s, i), kind == HTML_VALUE, out + n, &used);
            if (used) {
                i += used;
                continue;
            }
        } else if (c == '\r') {
            out[n++] = '\n';
            i += byte_at(s, i + 1) == '\n' && i + 1 < s.n ? 2 : 1;
            continue;
        } else if (c == '\0' && nul) {
            n += nw_utf8_put(out + n, 0xFFFD);
            i++;
            continue;
        }
        out[n++] = c;
        i++;
    }
    return n;
}
