/* Any text gives quotations within its bounds, attributed or not. */
#include "tag/document.h"
#include "tag/quotes.h"
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
    struct quotes quotes = {0};
    for (size_t i = 0; i + 1 < d.tokens.n; i++) {
        /* Capitalised words are people, so that attribution has something to find. */
        struct name *name = document_type(&d, i)->flags & TYPE_CAPITAL ? names_add(&d.names) : NULL;
        if (name) {
            name->first = name->last = (uint32_t)i;
            name->label = document_token(&d, i);
        }
    }
    if (quotes_find(&d, &quotes) != 0) {
        abort();
    }
    for (size_t i = 0; i < quotes.n; i++) {
        const struct quote *q = &quotes.v[i];
        if (q->first > q->last || q->last >= d.tokens.n || (q->speaker != NO_TOKEN && q->speaker >= d.names.n) ||
            (q->source != NO_TOKEN && (q->source > q->source_last || q->source_last >= d.tokens.n))) {
            abort();
        }
    }
    quotes_free(&quotes);
    nw_free(d.names.v);
    tokens_free(&d.tokens);
    return 0;
}
