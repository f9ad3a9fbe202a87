/*
 * Queries of subscribers: which articles they want. A channel's name is its query.
 *
 *     all                                         every article
 *     ferry strike                                both words, in headline or body
 *     "ferry strike" OR walkout*                  a phrase; any word that begins so
 *     place:LT AND topic:medtop:04000000          about Lithuania or a place in it, and business or a topic below it
 *     (person:Ozola OR org:MRBK) NOT dup:true     a name, a ticker; no copies
 *     urgency:1..3  lang:en  headline:harbour     a range; a language, its variants too
 *
 * Words compare without case and marks. AND may be left out and binds closer than OR; NOT binds closest; operators are
 * in capitals. Fields: text (the default), headline, lang, place, person, org, topic, agency, slug, story, uri, status,
 * urgency, dup, revision. A value that has spaces, brackets or colons stands in double quotation marks.
 *
 * A query is compiled once, and matched against articles that were read once; an index finds those of very many queries
 * that an article matches by the rarest words that each needs, so that its cost does not grow with their number.
 */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include <newswire/record.h>

enum {
    NW_QUERY_MAX = 4000,  /* bytes */
    NW_QUERY_TERMS = 256, /* words and phrases */
    NW_QUERY_DEPTH = 32,  /* brackets in brackets */
};

struct nw_query;

enum { NW_QUERY_BAD = 1 };

/* 0; NW_QUERY_BAD with a sentence that names the column, which *column has too (in characters, from 1); or -ENOMEM. */
int nw_query_compile(struct nw_str text, struct nw_query **query, size_t *column, char why[NW_WHY]);
void nw_query_free(struct nw_query **query); /* accepts NULL, nulls the pointer */

/* ---- articles */

struct nw_query_article;

int nw_query_article_new(struct nw_query_article **article); /* 0 or -ENOMEM */
void nw_query_article_free(struct nw_query_article **article);

/* Takes up a record, instead of what was there: its first 16,384 words. 0 or -ENOMEM. */
int nw_query_article_read(struct nw_query_article *article, const struct nw_record *record);

bool nw_query_matches(const struct nw_query *query, const struct nw_query_article *article);

/* ---- many queries */

struct nw_query_index;
struct nw_query_entry;

int nw_query_index_new(struct nw_query_index **index);
void nw_query_index_free(struct nw_query_index **index);

/* The query must outlive its entry. 0 or -ENOMEM. */
int nw_query_index_add(struct nw_query_index *index, const struct nw_query *query, void *user,
                       struct nw_query_entry **entry);
void nw_query_index_remove(struct nw_query_index *index, struct nw_query_entry **entry);

/* Calls `match` for each query that the article matches, once, until it returns other than 0, which is returned. */
int nw_query_index_match(struct nw_query_index *index, const struct nw_query_article *article,
                         int (*match)(void *user, void *entry_user), void *user);

#endif
