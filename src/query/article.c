/* Reads records into articles: see article.h. */
#include "query/article.h"
#include "query/fold.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>

int nw_query_article_new(struct nw_query_article **result)
{
    struct nw_query_article *article = nw_calloc(1, sizeof *article);

    *result = article;
    if (!article)
        return nw_fault(-ENOMEM);
    nw_buf_init(&article->folded, (size_t)ARTICLE_WORDS * FOLD_WORD);
    return 0;
}

void nw_query_article_free(struct nw_query_article **pointer)
{
    if (*pointer)
        nw_buf_free(&(*pointer)->folded);
    nw_free(*pointer);
    *pointer = NULL;
}

static size_t place(const struct nw_query_article *article, uint64_t token)
{
    size_t at = (size_t)(token >> 1) % ARTICLE_SET;

    while (article->set[at] && article->set[at] != token)
        at = (at + 1) % ARTICLE_SET;
    return at;
}

bool article_has(const struct nw_query_article *article, uint64_t token)
{
    return article->set[place(article, token)] == token;
}

static void add_token(struct nw_query_article *article, uint64_t token)
{
    size_t at = place(article, token);

    if (article->set[at] || article->used_n == ARTICLE_SET / 2)
        return;
    article->set[at] = token;
    article->used[article->used_n++] = (uint32_t)at;
}

struct nw_str article_word(const struct nw_query_article *article, size_t i)
{
    size_t end = i + 1 < article->n ? article->at[i + 1] : article->folded.n;

    return nw_str(article->folded.p + article->at[i], end - article->at[i]);
}

static void add_word(struct nw_query_article *article, uint64_t token, struct nw_str folded)
{
    if (article->n == ARTICLE_WORDS)
        return;
    article->words[article->n] = token;
    article->at[article->n++] = (uint32_t)article->folded.n;
    nw_buf_str(&article->folded, folded); /* has room for so many words */
}

/* One value of a field, which is the last that was begun. */
static void add_value(struct nw_query_article *article, enum query_field field, struct nw_str value)
{
    char word[FOLD_WORD];
    size_t at = 0, n;

    while (article->n < ARTICLE_WORDS && fold_word(value, &at, word, &n)) {
        uint64_t token = query_word(field, nw_str(word, n));
        add_word(article, token, nw_str(word, n));
        add_token(article, token);
    }
    add_word(article, 0, nw_str("", 0));
}

static void add_whole(struct nw_query_article *article, enum query_field field, struct nw_str value)
{
    if (value.n > 0)
        add_token(article, query_whole(field, value));
}

static void begin(struct nw_query_article *article, enum query_field field)
{
    article->fields[field].from = article->n;
}

static void end(struct nw_query_article *article, enum query_field field)
{
    article->fields[field].to = article->n;
}

/* Name, address and code of each element of a list. */
#define ADD_LIST(article, FIELD, record, list, type, code)                                                             \
    begin(article, FIELD);                                                                                             \
    for (size_t i = 0; NW_HAS(record, record, list) && i < (record)->list.n; i++) {                                    \
        const struct nw_##type *one = &(record)->list.v[i];                                                            \
        if (NW_HAS(type, one, name)) {                                                                                 \
            add_value(article, FIELD, one->name);                                                                      \
            add_whole(article, FIELD, one->name);                                                                      \
        }                                                                                                              \
        if (NW_HAS(type, one, uri))                                                                                    \
            add_whole(article, FIELD, one->uri);                                                                       \
        if (NW_HAS(type, one, code))                                                                                   \
            add_whole(article, FIELD, one->code);                                                                      \
    }                                                                                                                  \
    end(article, FIELD)

static void add_symbols(struct nw_query_article *article, const struct nw_record *record)
{
    for (size_t i = 0; NW_HAS(record, record, organisations) && i < record->organisations.n; i++) {
        const struct nw_organisation *one = &record->organisations.v[i];
        for (size_t k = 0; NW_HAS(organisation, one, symbols) && k < one->symbols.n; k++) {
            if (NW_HAS(symbol, &one->symbols.v[k], symbol))
                add_whole(article, QUERY_ORG, one->symbols.v[k].symbol);
        }
    }
}

/* A topic is all that it is a part of, too. */
static void add_topics(struct nw_query_article *article, const struct nw_record *record)
{
    for (size_t i = 0; NW_HAS(record, record, subjects) && i < record->subjects.n; i++) {
        const struct nw_subject *one = &record->subjects.v[i];
        uint32_t code = NW_HAS(subject, one, uri) ? query_topic(one->uri) : 0;
        for (int depth = 0; code && depth < 16; depth++) {
            char text[16];
            add_whole(article, QUERY_TOPIC, query_topic_text(code, text));
            code = query_topic_parent(code);
        }
    }
}

/* The language, and what it is a variant of. */
static void add_language(struct nw_query_article *article, struct nw_str language)
{
    size_t dash = nw_str_find(language, NW_S("-"));

    add_whole(article, QUERY_LANG, language);
    if (dash != SIZE_MAX)
        add_whole(article, QUERY_LANG, nw_str(language.p, dash));
}

static void add_text(struct nw_query_article *article, const struct nw_record *record)
{
    begin(article, QUERY_HEADLINE);
    for (size_t i = 0; NW_HAS(record, record, headlines) && i < record->headlines.n; i++)
        add_value(article, QUERY_HEADLINE, record->headlines.v[i].value);
    end(article, QUERY_HEADLINE);
    begin(article, QUERY_TEXT);
    for (size_t i = 0; NW_HAS(record, record, headlines) && i < record->headlines.n; i++)
        add_value(article, QUERY_TEXT, record->headlines.v[i].value);
    for (size_t i = 0; NW_HAS(record, record, bodies) && i < record->bodies.n; i++)
        add_value(article, QUERY_TEXT, record->bodies.v[i].value);
    end(article, QUERY_TEXT);
}

static void add_story(struct nw_query_article *article, const struct nw_story *story)
{
    if (NW_HAS(story, story, id))
        add_whole(article, QUERY_STORY, story->id);
    if (NW_HAS(story, story, thread))
        add_whole(article, QUERY_STORY, story->thread);
    article->dup = NW_HAS(story, story, duplicate_of) || NW_HAS(story, story, near_duplicate_of);
    article->revision = NW_HAS(story, story, revision_of);
}

int nw_query_article_read(struct nw_query_article *article, const struct nw_record *record)
{
    for (size_t i = 0; i < article->used_n; i++)
        article->set[article->used[i]] = 0;
    article->used_n = article->n = 0;
    nw_buf_clear(&article->folded);
    memset(article->fields, 0, sizeof article->fields);
    article->urgency = NW_HAS(record, record, urgency) ? record->urgency : 0;
    article->dup = article->revision = false;
    /* What is short comes first: a long body must not take its room. */
    ADD_LIST(article, QUERY_PLACE, record, places, place, literal);
    ADD_LIST(article, QUERY_PERSON, record, people, person, literal);
    ADD_LIST(article, QUERY_ORG, record, organisations, organisation, literal);
    add_symbols(article, record);
    ADD_LIST(article, QUERY_AGENCY, record, info_sources, info_source, literal);
    begin(article, QUERY_SLUG);
    if (NW_HAS(record, record, slugline)) {
        add_value(article, QUERY_SLUG, record->slugline);
        add_whole(article, QUERY_SLUG, record->slugline);
    }
    end(article, QUERY_SLUG);
    add_topics(article, record);
    if (NW_HAS(record, record, language))
        add_language(article, record->language);
    if (NW_HAS(record, record, uri))
        add_whole(article, QUERY_URI, record->uri);
    if (NW_HAS(record, record, pub_status))
        add_whole(article, QUERY_STATUS, record->pub_status);
    if (NW_HAS(record, record, story))
        add_story(article, record->story);
    add_text(article, record);
    return article->folded.error ? nw_fault(article->folded.error) : 0;
}
