/* Documents for the tests of the tagger's rules: text with a small gazetteer, and names set by hand. */
#ifndef TEST_DOCUMENT_MAKE_H
#define TEST_DOCUMENT_MAKE_H

#include "document.h"
#include "gazetteer_build.h"
#include "sentence.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>

struct made {
    struct lexicon lexicon;
    struct gazetteer_build build;
    struct gazetteer gazetteer, own;
    struct types types;
    struct document document;
};

/* 2022-01-13 is a Thursday. */
static inline int made_begin(struct made *m, const char *text)
{
    *m = (struct made){0};
    if (lexicon_init(&m->lexicon) || gazetteer_build_end(&m->build)) {
        return 1;
    }
    gazetteer_build_view(&m->build, &m->gazetteer);
    if (types_init(&m->types, &m->lexicon, &m->gazetteer, &m->own)) {
        return 1;
    }
    struct document *d = &m->document;
    d->types = &m->types;
    d->text = nw_str_z(text);
    d->english = true;
    d->date = nw_time_from_civil(2022, 1, 13, 9, 0, 0);
    types_begin(&m->types);
    if (tokens_read(&d->tokens, d->text) || types_of(&m->types, d->text, &d->tokens)) {
        return 1;
    }
    sentences_mark(d);
    return 0;
}

/* Marks each standing of `words` (tokens parted by blanks) as a name. */
static inline void made_name(struct made *m, const char *words, enum name_type type)
{
    struct document *d = &m->document;
    for (size_t i = 0; i < d->tokens.n; i++) {
        for (size_t k = i; k < d->tokens.n && k < i + 5; k++) {
            if (nw_str_eq(document_span(d, i, k), nw_str_z(words))) {
                struct name *name = names_add(&d->names);
                name->first = (uint32_t)i;
                name->last = (uint32_t)k;
                name->type = type;
                name->by = "test";
                name->label = nw_str_z(words);
            }
        }
    }
}

static inline void made_end(struct made *m)
{
    types_free(&m->types);
    lexicon_free(&m->lexicon);
    gazetteer_build_free(&m->build);
    tokens_free(&m->document.tokens);
    nw_free(m->document.names.v);
}

#endif
