/*
 * Bytes of any charset, with a declaration or none, as text and as markup: what comes out is valid UTF-8, the charset
 * has a name that stands for itself, and decoding is the same twice.
 */
#include "clean/decode.h"

#include <newswire/utf8.h>

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct decoded *decoded)
{
    demand(decoded->text.p && nw_utf8_valid(decoded->text) == decoded->text.n);
    demand(strcmp(charset_name(nw_str_z(decoded->charset)), decoded->charset) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct nw_str labels[] = {
        NW_STR(""),          NW_STR("utf-8"),     NW_STR("text/html; charset=koi8-r"),
        NW_STR("shift_jis"), NW_STR("gb18030"),   NW_STR("iso-2022-jp"),
        NW_STR("utf-16le"),  NW_STR("macintosh"), NW_STR("no such charset")};
    struct nw_str bytes = nw_str((const char *)data, size);
    struct nw_arena arena = {0};

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        struct decoded once = decode(&arena, bytes, labels[i], i % 2), twice = decode(&arena, bytes, labels[i], i % 2),
                       as;
        check(&once);
        demand(nw_str_eq(once.text, twice.text) && strcmp(once.charset, twice.charset) == 0);
        if (decode_as(&arena, bytes, labels[i], &as))
            check(&as);
    }
    nw_arena_free(&arena);
    return 0;
}
