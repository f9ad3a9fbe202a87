/* The tagger: see tagger.h. The order of the work is the order of the steps below. */
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

/* What the steps of one article share beside the document. */
struct job {
    struct nw_arena *arena;
    struct nw_record *record;
    struct topics_score topics[FOUND_TOPICS];
    struct keyword keywords[KEYWORDS_MOST];
    struct findings found;
};

static int cut(struct tagger *t, struct job *job)
{
    (void)job;
    return tokens_read(&t->document.tokens, t->document.text);
}

static int know_words(struct tagger *t, struct job *job)
{
    (void)job;
    int rc = types_of(&t->types, t->document.text, &t->document.tokens);
    if (rc == 0) {
        sentences_mark(&t->document);
    }
    return rc;
}

static int find_names(struct tagger *t, struct job *job)
{
    struct document *d = &t->document;
    (void)job;
    int rc = d->english ? names_run(&t->models.names, &t->names, d) : lookup_names(d);
    if (rc == 0 && d->english) {
        names_mend(d);
    }
    return rc ? rc : own_names(&t->own, d);
}

static int link_names(struct tagger *t, struct job *job)
{
    const struct nw_record *record = job->record;
    struct nw_str located = NW_HAS(record, record, located) ? record->located : NW_S("");
    return names_link(&t->document, job->arena, located);
}

/* Rules for English; other languages have none. */
static int find_times(struct tagger *t, struct job *job)
{
    (void)job;
    t->times.n = 0;
    return t->document.english ? timexes_find(&t->document, &t->times) : 0;
}

static int find_quotes(struct tagger *t, struct job *job)
{
    (void)job;
    t->quotes.n = 0;
    return t->document.english ? quotes_find(&t->document, &t->quotes) : 0;
}

static int find_quantities(struct tagger *t, struct job *job)
{
    (void)job;
    t->quantities.n = 0;
    return t->document.english ? quantities_find(&t->document, &t->times, &t->quantities) : 0;
}

static int find_keywords(struct tagger *t, struct job *job)
{
    job->found.keyword_count = keywords_find(&t->document, &t->models.names.clusters, job->keywords);
    return 0;
}

/* The headline's words count twice among those of the topics. */
static int find_topics(struct tagger *t, struct job *job)
{
    struct document *d = &t->document;
    if (!d->english) {
        return 0;
    }
    int rc = tokens_read(&d->head_tokens, d->headline);
    for (int k = 0; k < 2 && rc == 0; k++) {
        rc = types_of(&t->types, d->headline, &d->head_tokens);
    }
    rc = rc ? rc : topics_features(&t->types, &t->models.names.clusters, &t->features);
    if (rc == 0) {
        job->found.topic_count = topics_find(&t->models.topics, &t->types, &t->features, job->topics, FOUND_TOPICS);
    }
    return rc;
}

static int write_found(struct tagger *t, struct job *job)
{
    (void)t;
    return annotate(job->arena, &job->found, job->record);
}

static const struct step {
    const char *name;
    int (*run)(struct tagger *, struct job *);
} steps[] = {
    {"tokeniser", cut},
    {"words and sentences", know_words},
    {"names", find_names},
    {"linking", link_names},
    {"times", find_times},
    {"quotes", find_quotes},
    {"quantities", find_quantities},
    {"keywords", find_keywords},
    {"topics", find_topics},
    {"writing", write_found},
};

enum { STEPS = sizeof steps / sizeof *steps };

const char *tagger_step(size_t step)
{
    return step < STEPS ? steps[step].name : NULL;
}

int tagger_run_watched(struct tagger *t, struct nw_arena *arena, struct nw_record *record,
                       void (*done)(void *user, size_t step), void *user)
{
    struct job job = {.arena = arena, .record = record};
    job.found = (struct findings){.document = &t->document,
                                  .times = &t->times,
                                  .quotes = &t->quotes,
                                  .quantities = &t->quantities,
                                  .topics_model = &t->models.topics,
                                  .topics = job.topics,
                                  .keywords = job.keywords};
    document_begin(&t->document, record);
    int rc = 0;
    for (size_t i = 0; i < STEPS && rc == 0; i++) {
        rc = steps[i].run(t, &job);
        if (done) {
            done(user, i);
        }
    }
    return rc;
}

int tagger_run(struct tagger *t, struct nw_arena *arena, struct nw_record *record)
{
    return tagger_run_watched(t, arena, record, NULL, NULL);
}
