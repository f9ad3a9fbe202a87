/* Any text gives time expressions within its bounds, with values that end. */
#include "tag/document.h"
#include "tag/sentence.h"
#include "tag/timex.h"

#include "tag_words.h"

#include <newswire/alloc.h>
#include <newswire/utf8.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nw_str text = nw_str((const char *)data, size);
    struct types *types = tag_words();
    text.n = nw_utf8_valid(text);
    struct document d = {.text = text, .types = types, .english = true, .date = INT64_C(1642064400000)};
    if (tokens_read(&d.tokens, text) || types_of(types, text, &d.tokens)) {
        abort();
    }
    sentences_mark(&d);
    struct timexes times = {0};
    if (timexes_find(&d, &times) != 0) {
        abort();
    }
    for (size_t i = 0; i < times.n; i++) {
        const struct time_phrase *x = &times.v[i];
        if (x->first > x->last || x->last >= d.tokens.n || memchr(x->value, 0, sizeof x->value) == NULL ||
            x->value[0] == 0 || (i && times.v[i - 1].last >= x->first)) {
            abort();
        }
    }
    timexes_free(&times);
    nw_free(d.names.v);
    tokens_free(&d.tokens);
    return 0;
}
