/*
 * One text at work: its tokens, their types, and the names found so far. The modules of the tagger read it and add to
 * it; it belongs to the tagger and is used again for the next text.
 */
#ifndef TAG_DOCUMENT_H
#define TAG_DOCUMENT_H

#include "types.h"

#include <newswire/record.h>

enum name_type { NAME_PER, NAME_LOC, NAME_ORG, NAME_MISC, NAME_TYPES };

/* A name, or a mention by title or alias. */
struct name {
    uint32_t first, last; /* tokens, last inside */
    enum name_type type;
    float confidence;
    uint32_t mentions;  /* of the canonical name: counted by keywords_find */
    const char *by;     /* a literal: the list, rule or model that made it */
    uint32_t canonical; /* number of the name that is its fullest form in the text; its own number when it is that */
    const struct gazetteer_thing *thing; /* what it stands for; NULL: not in the gazetteer */
    const struct gazetteer_thing *near;  /* a place that no list has: the town named beside it; NULL */
    const struct gazetteer *of;          /* the gazetteer of the thing */
    struct nw_str alias;                 /* the name it stands for, by rule; empty: none */
    struct nw_str label;                 /* canonical name */
    struct nw_str uri;
};

struct names {
    struct name *v;
    size_t n, cap;
};

struct document {
    struct nw_str text, headline;
    struct tokens tokens, head_tokens; /* of text and headline */
    struct types *types;
    struct names names;
    int64_t date;  /* the article's, ms since 1970; INT64_MIN: unknown */
    bool english;  /* the rules and the model are made for its language */
    bool capitals; /* the whole text is in capitals */
};

static inline const struct word_type *document_type(const struct document *d, size_t token)
{
    return &d->types->v[d->tokens.v[token].type];
}

/* Of a token's type, but nearer. */
static inline uint32_t document_flags(const struct document *d, size_t token)
{
    return d->tokens.v[token].flags;
}

static inline uint64_t document_classes(const struct document *d, size_t token)
{
    return d->tokens.v[token].classes;
}

/* Is the token this mark? */
static inline bool document_mark(const struct document *d, size_t token, char mark)
{
    return (document_flags(d, token) & TYPE_MARK) && d->tokens.v[token].mark == mark;
}

static inline struct nw_str document_token(const struct document *d, size_t token)
{
    return token_text(d->text, &d->tokens.v[token]);
}

/* Is it this word, its ASCII letters in either case? Most are not, by their length or their first letter. */
static inline bool document_is(const struct document *d, size_t token, const char *word)
{
    struct nw_str s = document_token(d, token);
    return s.n == strlen(word) && ((s.p[0] ^ word[0]) & 0xDF) == 0 && nw_str_eq_nocase(s, nw_str(word, s.n));
}

/* Bytes from the first token to the end of the last. */
static inline struct nw_str document_span(const struct document *d, size_t first, size_t last)
{
    uint32_t start = d->tokens.v[first].start;
    return nw_str(d->text.p + start, d->tokens.v[last].end - start);
}

/* Is there a next token, and does it begin no sentence? */
static inline bool document_goes_on(const struct document *d, size_t token)
{
    return token + 1 < d->tokens.n && !(d->tokens.v[token + 1].marks & TOKEN_SENTENCE);
}

/* Appends a zeroed name; NULL without memory. */
struct name *names_add(struct names *names);

/* Number of the name that holds a token, or SIZE_MAX; names are in order and don't overlap. */
size_t names_at(const struct names *names, size_t token);

#endif
