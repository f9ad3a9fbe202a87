/* Any bytes made UTF-8 are cut into tokens and sentences. */
#include "tag/document.h"
#include "tag/sentence.h"

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
    size_t before = 0;
    for (size_t i = 0; i < d.tokens.n; i++) {
        if (d.tokens.v[i].start < before || d.tokens.v[i].end <= d.tokens.v[i].start || d.tokens.v[i].end > text.n) {
            abort();
        }
        before = d.tokens.v[i].end;
    }
    nw_free(d.names.v);
    tokens_free(&d.tokens);
    return 0;
}
