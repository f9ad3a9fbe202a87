/* What a query is compiled to: terms, and a program in postfix order over them. */
#ifndef QUERY_PROGRAM_H
#define QUERY_PROGRAM_H

#include "query/query.h"

/* F(NAME, "word", kind): kinds are WORDS (words or a phrase in what the field holds), EXACT (a value as it stands),
 * TOPIC, PLACE (words, and what they stand for), NUMBER, TRUTH. */
#define QUERY_FIELDS(F)                                                                                                \
    F(TEXT, "text", WORDS)                                                                                             \
    F(HEADLINE, "headline", WORDS)                                                                                     \
    F(LANG, "lang", EXACT)                                                                                             \
    F(PLACE, "place", PLACE)                                                                                           \
    F(PERSON, "person", WORDS)                                                                                         \
    F(ORG, "org", WORDS)                                                                                               \
    F(TOPIC, "topic", TOPIC)                                                                                           \
    F(AGENCY, "agency", WORDS)                                                                                         \
    F(SLUG, "slug", WORDS)                                                                                             \
    F(STORY, "story", EXACT)                                                                                           \
    F(URI, "uri", EXACT)                                                                                               \
    F(STATUS, "status", EXACT)                                                                                         \
    F(URGENCY, "urgency", NUMBER)                                                                                      \
    F(DUP, "dup", TRUTH)                                                                                               \
    F(REVISION, "revision", TRUTH)

enum query_field {
#define QUERY_FIELD_NAME(NAME, word, kind) QUERY_##NAME,
    QUERY_FIELDS(QUERY_FIELD_NAME)
#undef QUERY_FIELD_NAME
        QUERY_FIELD_COUNT
};

enum query_kind {
    QUERY_KIND_WORDS,
    QUERY_KIND_EXACT,
    QUERY_KIND_PLACE,
    QUERY_KIND_TOPIC,
    QUERY_KIND_NUMBER,
    QUERY_KIND_TRUTH
};

enum { QUERY_PHRASE = 16 /* words of a phrase */ };

/* A value of a field: true where one of its words in a row, or the value as a whole, is among the article's. */
struct query_term {
    enum query_field field;
    uint64_t words[QUERY_PHRASE]; /* tokens; n of them in a row */
    size_t n;
    uint64_t whole; /* token of the value as it stands, or of what it stands for; 0: none */
    size_t prefix;  /* in the query's text, n bytes: the last word needs only to begin so; n 0: whole words */
    size_t prefix_n;
    int64_t least, most; /* NUMBER; TRUTH: 0 or 1 */
};

enum query_op { QUERY_OP_TERM, QUERY_OP_NOT, QUERY_OP_AND, QUERY_OP_OR, QUERY_OP_ALL };

struct nw_query {
    struct query_term *terms;
    size_t term_count;
    struct query_step {
        enum query_op op;
        size_t term;
    } * steps;
    size_t step_count;
    struct nw_buf prefixes; /* folded */
};

/* What a word of a field, and a value of it as a whole, are to the index. */
uint64_t query_word(enum query_field field, struct nw_str folded);
uint64_t query_whole(enum query_field field, struct nw_str value);

/* The code of the media topic that a value names ("medtop:04000000", the code alone, its address, its name); 0: none.
 */
uint32_t query_topic(struct nw_str value);
uint32_t query_topic_parent(uint32_t code);                  /* 0: it has none */
struct nw_str query_topic_text(uint32_t code, char out[16]); /* "04000000" */

#endif
