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
        rc = types_init(&t->types, &t->lexicon, &t->models.gazetteer, &t->own.gazetteer);
    }
    t->document.types = &t->types;
    return rc;
}

void tagger_free(struct tagger *t)
{
    types_free(&t->types);
    names_work_free(&t->names);
    own_free(&t->own);
    timexes_free(&t->times);
    quotes_free(&t->quotes);
    quantities_free(&t->quantities);
    topics_features_free(&t->features);
    tokens_free(&t->document.head_tokens);
    lexicon_free(&t->lexicon);
    models_close(&t->models);
    tokens_free(&t->document.tokens);
    nw_free(t->document.names.v);
    t->document.names = (struct names){0};
}

int tagger_read_own(struct tagger *t, char why[OWN_WHY])
{
    int rc = own_read(&t->own, why);
    if (rc == 0) {
        types_empty(&t->types); /* they point into the lists that were */
    }
    return rc;
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

/* Rules for English; other languages have none. */
static int run_rules(struct tagger *t, struct document *d)
{
    t->times.n = 0;
    t->quotes.n = 0;
    t->quantities.n = 0;
    if (!d->english) {
        return 0;
    }
    int rc = timexes_find(d, &t->times);
    rc = rc ? rc : quotes_find(d, &t->quotes);
    return rc ? rc : quantities_find(d, &t->times, &t->quantities);
}

/* The headline's words count twice among those of the topics. */
static int run_topics(struct tagger *t, struct document *d, struct topics_score *topics, size_t *n)
{
    *n = 0;
    if (!d->english) {
        return 0;
    }
    int rc = tokens_read(&d->head_tokens, d->headline);
    for (int k = 0; k < 2 && rc == 0; k++) {
        rc = types_of(&t->types, d->headline, &d->head_tokens);
    }
    rc = rc ? rc : topics_features(d, &t->models.names.clusters, &t->features);
    if (rc == 0) {
        *n = topics_find(&t->models.topics, &t->features, topics, FOUND_TOPICS);
    }
    return rc;
}

int tagger_run(struct tagger *t, struct nw_arena *arena, struct nw_record *record)
{
    struct document *d = &t->document;
    struct topics_score topics[FOUND_TOPICS];
    struct keyword keywords[KEYWORDS_MOST];
    struct findings found = {.document = d,
                             .times = &t->times,
                             .quotes = &t->quotes,
                             .quantities = &t->quantities,
                             .topics_model = &t->models.topics,
                             .topics = topics,
                             .keywords = keywords};
    document_begin(d, record);
    int rc = tokens_read(&d->tokens, d->text);
    rc = rc ? rc : types_of(&t->types, d->text, &d->tokens);
    if (rc == 0) {
        sentences_mark(d);
        rc = d->english ? names_run(&t->models.names, &t->names, d) : lookup_names(d);
    }
    if (rc == 0 && d->english) {
        names_mend(d);
    }
    rc = rc ? rc : own_names(&t->own, d);
    rc = rc ? rc : names_link(d, arena, NW_HAS(record, record, located) ? record->located : NW_S(""));
    rc = rc ? rc : run_rules(t, d);
    if (rc == 0) {
        found.keyword_count = keywords_find(d, &t->models.names.clusters, keywords);
        rc = run_topics(t, d, topics, &found.topic_count);
    }
    return rc ? rc : annotate(arena, &found, record);
}
