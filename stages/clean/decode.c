/* Charsets: see decode.h. Conversion is ICU's; validation and repair of UTF-8 are ours. */
#include "decode.h"

#include "chars.h"
#include "unicode.h"

#include <newswire/utf8.h>

#include <stdio.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

/* Labels that the WHATWG's Encoding Standard gives another name than they say, and names with what ICU calls them. */
static const struct label {
    const char *label, *name, *icu;
} LABELS[] = {
    {"utf-8", "utf-8", "UTF-8"},
    {"utf8", "utf-8", "UTF-8"},
    {"unicode-1-1-utf-8", "utf-8", "UTF-8"},
    {"iso-8859-1", "windows-1252", "windows-1252"},
    {"iso8859-1", "windows-1252", "windows-1252"},
    {"iso88591", "windows-1252", "windows-1252"},
    {"latin1", "windows-1252", "windows-1252"},
    {"latin-1", "windows-1252", "windows-1252"},
    {"l1", "windows-1252", "windows-1252"},
    {"ascii", "windows-1252", "windows-1252"},
    {"us-ascii", "windows-1252", "windows-1252"},
    {"ansi_x3.4-1968", "windows-1252", "windows-1252"},
    {"cp1252", "windows-1252", "windows-1252"},
    {"x-cp1252", "windows-1252", "windows-1252"},
    {"windows-1252", "windows-1252", "windows-1252"},
    {"windows-1250", "windows-1250", "windows-1250"},
    {"cp1250", "windows-1250", "windows-1250"},
    {"x-cp1250", "windows-1250", "windows-1250"},
    {"windows-1251", "windows-1251", "windows-1251"},
    {"cp1251", "windows-1251", "windows-1251"},
    {"x-cp1251", "windows-1251", "windows-1251"},
    {"windows-1253", "windows-1253", "windows-1253"},
    {"cp1253", "windows-1253", "windows-1253"},
    {"windows-1254", "windows-1254", "windows-1254"},
    {"cp1254", "windows-1254", "windows-1254"},
    {"iso-8859-9", "windows-1254", "windows-1254"},
    {"latin5", "windows-1254", "windows-1254"},
    {"windows-1255", "windows-1255", "windows-1255"},
    {"cp1255", "windows-1255", "windows-1255"},
    {"windows-1256", "windows-1256", "windows-1256"},
    {"cp1256", "windows-1256", "windows-1256"},
    {"windows-1257", "windows-1257", "windows-1257"},
    {"cp1257", "windows-1257", "windows-1257"},
    {"windows-1258", "windows-1258", "windows-1258"},
    {"cp1258", "windows-1258", "windows-1258"},
    {"windows-874", "windows-874", "windows-874-2000"},
    {"tis-620", "windows-874", "windows-874-2000"},
    {"iso-8859-11", "windows-874", "windows-874-2000"},
    {"dos-874", "windows-874", "windows-874-2000"},
    {"iso-8859-2", "iso-8859-2", "ISO-8859-2"},
    {"latin2", "iso-8859-2", "ISO-8859-2"},
    {"iso8859-2", "iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "iso-8859-8", "ISO-8859-8"},
    {"iso-8859-8-i", "iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-10", "iso-8859-10", "ISO-8859-10"},
    {"iso-8859-13", "iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "iso-8859-15", "ISO-8859-15"},
    {"iso-8859-16", "iso-8859-16", "iso8859_16"},
    {"koi8-r", "koi8-r", "KOI8-R"},
    {"koi8", "koi8-r", "KOI8-R"},
    {"koi8-u", "koi8-u", "KOI8-U"},
    {"koi8-ru", "koi8-u", "KOI8-U"},
    {"ibm866", "ibm866", "ibm-866"},
    {"cp866", "ibm866", "ibm-866"},
    {"866", "ibm866", "ibm-866"},
    {"ibm855", "ibm855", "ibm-855_P100-1995"},
    {"ibm850", "ibm850", "ibm-850"},
    {"ibm852", "ibm852", "ibm-852"},
    {"ibm437", "ibm437", "ibm-437"},
    {"ibm865", "ibm865", "ibm-865"},
    {"macintosh", "macintosh", "macintosh"},
    {"mac", "macintosh", "macintosh"},
    {"x-mac-roman", "macintosh", "macintosh"},
    {"x-mac-cyrillic", "x-mac-cyrillic", "x-mac-cyrillic"},
    {"mac-cyrillic", "x-mac-cyrillic", "x-mac-cyrillic"},
    {"mac-centraleurope", "x-mac-ce", "x-mac-ce"},
    {"x-mac-ce", "x-mac-ce", "x-mac-ce"},
    {"gb18030", "gb18030", "gb18030"},
    {"gbk", "gbk", "gb18030"},
    {"gb2312", "gbk", "gb18030"},
    {"gb_2312-80", "gbk", "gb18030"},
    {"chinese", "gbk", "gb18030"},
    {"x-gbk", "gbk", "gb18030"},
    {"hz-gb-2312", "hz-gb-2312", "HZ"},
    {"big5", "big5", "windows-950"},
    {"big5-hkscs", "big5", "Big5-HKSCS"},
    {"cn-big5", "big5", "windows-950"},
    {"x-x-big5", "big5", "windows-950"},
    {"euc-tw", "euc-tw", "EUC-TW"},
    {"euc-jp", "euc-jp", "EUC-JP"},
    {"x-euc-jp", "euc-jp", "EUC-JP"},
    {"shift_jis", "shift_jis", "ibm-943_P15A-2003"},
    {"shift-jis", "shift_jis", "ibm-943_P15A-2003"},
    {"sjis", "shift_jis", "ibm-943_P15A-2003"},
    {"x-sjis", "shift_jis", "ibm-943_P15A-2003"},
    {"ms_kanji", "shift_jis", "ibm-943_P15A-2003"},
    {"windows-31j", "shift_jis", "ibm-943_P15A-2003"},
    {"cp932", "shift_jis", "ibm-943_P15A-2003"},
    {"iso-2022-jp", "iso-2022-jp", "ISO-2022-JP-2"},
    {"iso-2022-kr", "iso-2022-kr", "ISO-2022-KR"},
    {"euc-kr", "euc-kr", "windows-949"},
    {"ks_c_5601-1987", "euc-kr", "windows-949"},
    {"ksc5601", "euc-kr", "windows-949"},
    {"korean", "euc-kr", "windows-949"},
    {"uhc", "euc-kr", "windows-949"},
    {"windows-949", "euc-kr", "windows-949"},
    {"cp949", "euc-kr", "windows-949"},
    {"utf-16", "utf-16le", "UTF-16LE"},
    {"utf-16le", "utf-16le", "UTF-16LE"},
    {"utf-16be", "utf-16be", "UTF-16BE"},
    {"utf-32le", "utf-32le", "UTF-32LE"},
    {"utf-32be", "utf-32be", "UTF-32BE"},
    {"viscii", "viscii", "VISCII"},
};

static const struct label *label_of(struct nw_str label)
{
    label = trim_set(nw_str_trim(label), "\"' ");
    for (size_t i = 0; i < sizeof LABELS / sizeof *LABELS; i++)
        if (nw_str_eq_nocase(label, nw_str_z(LABELS[i].label)))
            return &LABELS[i];
    return NULL;
}

const char *charset_name(struct nw_str label)
{
    const struct label *l = label_of(label);
    return l ? l->name : "";
}

bool decode_as(struct nw_arena *arena, struct nw_str bytes, struct nw_str label, struct decoded *decoded)
{
    const struct label *l = label_of(label);
    if (!l || bytes.n > INT32_MAX / 8)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = ucnv_open(l->icu, &status);
    if (U_FAILURE(status)) {
        ucnv_close(from);
        return false;
    }
    decoded->charset = l->name;
    decoded->text = nw_str(NULL, 0);
    int32_t room = (int32_t)bytes.n * 2 + 16, length = 0;
    UChar *wide = nw_arena_alloc(arena, (size_t)room * sizeof *wide);
    if (wide) {
        length = ucnv_toUChars(from, wide, room, bytes.p ? bytes.p : "", (int32_t)bytes.n, &status);
        size_t most = (size_t)length * 3 + 1;
        char *out = U_SUCCESS(status) ? nw_arena_alloc(arena, most) : NULL;
        int32_t n = 0;
        if (out) {
            u_strToUTF8WithSub(out, (int32_t)most, &n, wide, length, 0xFFFD, NULL, &status);
            nw_arena_trim(arena, out, most, (size_t)n);
            decoded->text = nw_str(out, (size_t)n);
        }
    }
    ucnv_close(from);
    if (U_FAILURE(status))
        return false;
    return true;
}

/* ---- UTF-8 with stray bytes */

/* Length of the valid multi-byte sequence at s[i], 0 for none. */
static size_t sequence_at(struct nw_str s, size_t i)
{
    unsigned char c = byte_at(s, i), d = byte_at(s, i + 1);
    if (c < 0xC2 || c > 0xF4 || (d & 0xC0) != 0x80)
        return 0;
    if (c < 0xE0)
        return 2;
    if ((byte_at(s, i + 2) & 0xC0) != 0x80 || (c == 0xE0 && d < 0xA0) || (c == 0xED && d > 0x9F))
        return 0;
    if (c < 0xF0)
        return 3;
    if ((byte_at(s, i + 3) & 0xC0) != 0x80 || (c == 0xF0 && d < 0x90) || (c == 0xF4 && d > 0x8F))
        return 0;
    return 4;
}

/* Multi-byte sequences and bytes that belong to none. */
static void count_utf8(struct nw_str s, size_t *sequences, size_t *strays)
{
    *sequences = *strays = 0;
    for (size_t i = 0; i < s.n;) {
        if ((unsigned char)s.p[i] < 0x80) {
            i++;
            continue;
        }
        size_t n = sequence_at(s, i);
        *sequences += n > 0;
        *strays += n == 0;
        i += n ? n : 1;
    }
}

/* windows-1252's 0x80 to 0x9F; 0 where it has none. */
static const uint16_t CP1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* Each stray byte as windows-1252 reads it; a sequence cut off becomes one U+FFFD. */
static struct nw_str repair_utf8(struct nw_arena *arena, struct nw_str s)
{
    size_t room = s.n * 3 + 1, n = 0;
    char *out = nw_arena_alloc(arena, room);
    if (!out)
        return nw_str(NULL, 0);
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80) {
            out[n++] = (char)c;
            i++;
            continue;
        }
        size_t length = sequence_at(s, i);
        if (length) {
            memcpy(out + n, s.p + i, length);
            n += length;
            i += length;
            continue;
        }
        size_t cut = i + 1;
        while (c >= 0xC2 && cut < i + 4 && (byte_at(s, cut) & 0xC0) == 0x80 && cut < s.n)
            cut++;
        if (cut > i + 1 && c >= 0xE0) { /* the head of a sequence with a part of its tail */
            n += nw_utf8_put(out + n, 0xFFFD);
            i = cut;
            continue;
        }
        uint32_t read = c < 0xA0 ? CP1252[c - 0x80] : c;
        n += nw_utf8_put(out + n, read ? read : 0xFFFD);
        i++;
    }
    nw_arena_trim(arena, out, room, n);
    return nw_str(out, n);
}

/* ---- what the bytes declare */

enum { DECLARED_WITHIN = 4096 };

/* The value behind "charset" or "encoding" and "=" within the first bytes of markup; "" for none. */
static struct nw_str declared_inside(struct nw_str bytes)
{
    struct nw_str head = nw_str(bytes.p, bytes.n < DECLARED_WITHIN ? bytes.n : DECLARED_WITHIN);
    static const char *const keys[] = {"encoding", "charset"};
    bool xml = nw_str_starts(nw_str_trim(head), NW_S("<?xml"));
    for (size_t k = xml ? 0 : 1; k < 2; k++) {
        struct nw_str rest = head;
        if (k == 0) {
            const char *end = memchr(rest.p, '>', rest.n);
            rest.n = end ? (size_t)(end - rest.p) : 0;
        }
        for (;;) {
            size_t at = find_nocase(rest, nw_str_z(keys[k]));
            if (at == SIZE_MAX)
                break;
            rest = nw_str_from(rest, at + strlen(keys[k]));
            struct nw_str value = nw_str_trim(nw_str(rest.p, rest.n < 80 ? rest.n : 80));
            if (value.n == 0 || value.p[0] != '=')
                continue;
            value = nw_str_trim(nw_str_from(value, 1));
            if (value.n > 0 && (value.p[0] == '"' || value.p[0] == '\''))
                value = nw_str_from(value, 1);
            size_t n = 0;
            while (n < value.n && (is_alnum((unsigned char)value.p[n]) || value.p[n] == '-' || value.p[n] == '_' ||
                                   value.p[n] == '.' || value.p[n] == ':'))
                n++;
            if (n > 0 && label_of(nw_str(value.p, n)))
                return nw_str(value.p, n);
        }
    }
    return nw_str(NULL, 0);
}

static struct nw_str declared_outside(struct nw_str declared)
{
    size_t at = find_nocase(declared, NW_S("charset="));
    struct nw_str value = at == SIZE_MAX ? declared : nw_str_from(declared, at + 8);
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] == ';' || value.p[i] == ' ')
            value.n = i;
    return value;
}

/* UTF-16 without a mark: every other byte is 0 for most of ASCII. NULL for no. */
static const char *utf16_without_mark(struct nw_str s)
{
    size_t n = s.n < 512 ? s.n & ~(size_t)1 : 512, even = 0, odd = 0, even_low = 0, odd_low = 0;
    if (n < 4)
        return NULL;
    for (size_t i = 0; i < n; i += 2) {
        even += s.p[i] == 0;
        odd += s.p[i + 1] == 0;
        even_low += (unsigned char)s.p[i] <= 0x06;
        odd_low += (unsigned char)s.p[i + 1] <= 0x06;
    }
    size_t pairs = n / 2;
    if (odd * 10 >= pairs * 3 && even * 50 <= pairs)
        return "utf-16le";
    if (even * 10 >= pairs * 3 && odd * 50 <= pairs)
        return "utf-16be";
    if (odd > 0 && odd_low * 10 >= pairs * 9 && even * 50 <= pairs && even_low * 10 <= pairs)
        return "utf-16le";
    if (even > 0 && even_low * 10 >= pairs * 9 && odd * 50 <= pairs && odd_low * 10 <= pairs)
        return "utf-16be";
    return NULL;
}

/* The same for CJK text: nearly all pairs are kana, ideographs, Hangul or their punctuation, an ideographic comma or
 * stop among them. */
static const char *utf16_of_cjk(struct nw_str s)
{
    size_t n = s.n < 1024 ? s.n & ~(size_t)1 : 1024, east[2] = {0, 0}, stops[2] = {0, 0};
    if (n < 16)
        return NULL;
    for (size_t i = 0; i < n; i += 2)
        for (int big = 0; big < 2; big++) {
            unsigned c = (unsigned)(unsigned char)s.p[i + (big ? 0 : 1)] << 8 | (unsigned char)s.p[i + (big ? 1 : 0)];
            east[big] += (c >= 0x3000 && c < 0x3100) || (c >= 0x4E00 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7B0) ||
                         (c >= 0xFF00 && c < 0xFFF0) || c == '\n' || c == '\r' || c == ' ';
            stops[big] += c == 0x3001 || c == 0x3002 || c == '\n' || c == ' ';
        }
    for (int big = 0; big < 2; big++)
        if (east[big] * 20 >= n / 2 * 19 && stops[big] > 0 && east[1 - big] * 4 < n / 2 * 3)
            return big ? "utf-16be" : "utf-16le";
    return NULL;
}

struct decoded decode(struct nw_arena *arena, struct nw_str bytes, struct nw_str declared, bool markup)
{
    struct decoded d = {.text = bytes, .charset = "utf-8"};
    static const struct mark {
        const char bytes[4];
        size_t n;
        const char *charset;
    } marks[] = {{"\xEF\xBB\xBF", 3, NULL},
                 {"\xFF\xFE\0", 4, "utf-32le"},
                 {"\0\0\xFE\xFF", 4, "utf-32be"},
                 {"\xFF\xFE", 2, "utf-16le"},
                 {"\xFE\xFF", 2, "utf-16be"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!nw_str_starts(bytes, nw_str(marks[i].bytes, marks[i].n)))
            continue;
        if (marks[i].charset && decode_as(arena, nw_str_from(bytes, marks[i].n), nw_str_z(marks[i].charset), &d))
            return d;
        if (!marks[i].charset)
            d.text = bytes = nw_str_from(bytes, marks[i].n);
        break;
    }
    d.plain = text_is_plain(bytes);
    if (d.plain)
        return d;
    const char *wide = utf16_without_mark(bytes);
    if (wide && decode_as(arena, bytes, nw_str_z(wide), &d))
        return d;
    size_t valid = nw_utf8_valid(bytes);
    if (valid == bytes.n) {
        /* ISO-2022-JP and its kin are ASCII with escapes. */
        if (bytes.n > 0 && memchr(bytes.p, 0x1B, bytes.n)) {
            if ((nw_str_find(bytes, NW_S("\x1B$B")) != SIZE_MAX || nw_str_find(bytes, NW_S("\x1B$@")) != SIZE_MAX) &&
                decode_as(arena, bytes, NW_S("iso-2022-jp"), &d))
                return d;
            if (nw_str_find(bytes, NW_S("\x1B$)C")) != SIZE_MAX && decode_as(arena, bytes, NW_S("iso-2022-kr"), &d))
                return d;
        }
        return d;
    }
    if ((wide = utf16_of_cjk(bytes)) != NULL && decode_as(arena, bytes, nw_str_z(wide), &d))
        return d;
    size_t sequences, strays;
    count_utf8(bytes, &sequences, &strays);
    struct nw_str labels[2] = {declared_outside(declared), markup ? declared_inside(bytes) : nw_str(NULL, 0)};
    bool claims_utf8 = false;
    for (size_t i = 0; i < 2; i++)
        claims_utf8 = claims_utf8 || strcmp(charset_name(labels[i]), "utf-8") == 0;
    if (sequences >= strays * (claims_utf8 ? 1 : 4) || (claims_utf8 && strays < 10 && sequences > 0)) {
        d.text = repair_utf8(arena, bytes);
        return d;
    }
    for (size_t i = 0; i < 2; i++)
        if (charset_name(labels[i])[0] && strcmp(charset_name(labels[i]), "utf-8") != 0 &&
            decode_as(arena, bytes, labels[i], &d))
            return d;
    if (decode_as(arena, bytes, nw_str_z(charset_guess(arena, bytes)), &d) ||
        decode_as(arena, bytes, NW_S("windows-1252"), &d))
        return d;
    d.text = repair_utf8(arena, bytes);
    return d;
}
