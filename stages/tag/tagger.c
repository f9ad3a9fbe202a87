/* The tagger: see tagger.h. The order of the work is the order of the calls in tagger_run. */
#include "tagger.h"

#include "annotate.h"
#include "linking.h"
#include "lookup.h"
#include "sentence.h"

#include <newswire/alloc.h>

int tagger_init(struct tagger *t, struct nw_str folder, char why[MODELS_WHY])
{
    int rc = models_open(&t->models, folder, why);
    if (rc == 0) {
        rc = lexicon_init(&t->lexicon);
    }
    if (rc == 0) {
        rc = types_init(&t->types, &t->lexicon, &t->models.gazetteer, &t->own);
    }
    t->document.types = &t->types;
    return rc;
}

void tagger_free(struct tagger *t)
{
    types_free(&t->types);
    names_work_free(&t->names);
    timexes_free(&t->times);
    quotes_free(&t->quotes);
    lexicon_free(&t->lexicon);
    models_close(&t->models);
    tokens_free(&t->document.tokens);
    nw_free(t->document.names.v);
    t->document.names = (struct names){0};
}

static void document_begin(struct document *d, const struct nw_record *record)
{
    d->text = nw_record_body(record);
    d->headline = nw_record_headline(record);
    d->names.n = 0;
    d->date = NW_HAS(record, record, first_created)     ? record->first_created
              : NW_HAS(record, record, content_created) ? record->content_created
              : NW_HAS(record, record, version_created) ? record->version_created
                                                        : INT64_MIN;
    d->english = !NW_HAS(record, record, language) || nw_str_starts_nocase(record->language, NW_S("en")) ||
                 nw_str_eq(record->language, NW_S("und"));
    types_begin(d->types);
}

int tagger_run(struct tagger *t, struct nw_arena *arena, struct nw_record *record)
{
    struct document *d = &t->document;
    document_begin(d, record);
    int rc = tokens_read(&d->tokens, d->text);
    if (rc == 0) {
        rc = types_of(&t->types, d->text, &d->tokens);
    }
    if (rc == 0) {
        sentences_mark(d);
        rc = d->english ? names_run(&t->models.names, &t->names, d) : lookup_names(d);
    }
    if (rc == 0) {
        rc = names_link(d, arena, NW_HAS(record, record, located) ? record->located : NW_S(""));
    }
    t->times.n = 0;
    t->quotes.n = 0;
    if (rc == 0 && d->english) {
        rc = timexes_find(d, &t->times);
    }
    if (rc == 0) {
        rc = quotes_find(d, &t->quotes);
    }
    const struct findings found = {.document = d, .times = &t->times, .quotes = &t->quotes};
    return rc ? rc : annotate(arena, &found, record);
}
