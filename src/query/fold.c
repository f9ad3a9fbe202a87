/* ICU's tables; ASCII goes without them. */
#include "query/fold.h"

#include <newswire/utf8.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return u_isalnum((UChar32)c) || u_charType((UChar32)c) == U_NON_SPACING_MARK;
}

/* Of scripts in which nothing shows where a word ends. */
static bool stands_alone(uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script;

    if (c < 0x0e00)
        return false;
    script = uscript_getScript((UChar32)c, &error);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_THAI || script == USCRIPT_LAO || script == USCRIPT_KHMER || script == USCRIPT_MYANMAR;
}

static void put(char out[FOLD_WORD], size_t *n, uint32_t c)
{
    if (u_charType((UChar32)c) != U_NON_SPACING_MARK && *n + 4 <= FOLD_WORD)
        *n += nw_utf8_put(out + *n, (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT));
}

static void put_folded(char out[FOLD_WORD], size_t *n, uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&error);
    UChar parts[32];
    int32_t count = unorm2_getDecomposition(nfkd, (UChar32)c, parts, 32, &error);

    if (count <= 0 || U_FAILURE(error)) {
        put(out, n, c);
        return;
    }
    for (int32_t i = 0; i < count;) {
        uint32_t part = parts[i++];
        if (U16_IS_LEAD(part) && i < count)
            part = (uint32_t)U16_GET_SUPPLEMENTARY(part, parts[i++]);
        put(out, n, part);
    }
}

bool fold_word(struct nw_str s, size_t *at, char out[FOLD_WORD], size_t *n)
{
    *n = 0;
    while (*at < s.n) {
        size_t before = *at;
        uint32_t c = (unsigned char)s.p[*at];

        if (c < 0x80)
            ++*at;
        else
            c = nw_utf8_next(s, at);
        if (!is_word(c)) {
            if (*n > 0)
                return true;
            continue;
        }
        if (c < 0x80) {
            if (*n < FOLD_WORD)
                out[(*n)++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
            continue;
        }
        if (stands_alone(c)) {
            if (*n > 0) {
                *at = before;
                return true;
            }
            put_folded(out, n, c);
            if (*n > 0)
                return true;
            continue;
        }
        put_folded(out, n, c);
    }
    return *n > 0;
}
