/*
 * What quotes.c, speaker.c, reported.c and subject.c share: the document seen as one in which somebody speaks. A
 * subject is who is said to say something: a name, a pronoun, a noun phrase.
 */
#ifndef TAG_SPEAKER_H
#define TAG_SPEAKER_H

#include "quotes.h"

enum { SPEAKER_ROLES = 256 };

/* A word of what a person is ("president") as the article says it of a name. */
struct role {
    uint64_t word;     /* lower-cased */
    uint64_t modifier; /* the word before it: Lithuanian; 0 none */
    uint32_t name;
};

struct speakers {
    const struct document *d;
    struct quotes *quotes;
    struct role roles[SPEAKER_ROLES];
    size_t role_count;
};

static inline const struct word_type *type_at(const struct speakers *s, size_t i)
{
    return document_type(s->d, i);
}

static inline bool is_mark(const struct speakers *s, size_t i, char mark)
{
    return document_mark(s->d, i, mark);
}

static inline bool is_word(const struct speakers *s, size_t i, const char *word)
{
    return i < s->d->tokens.n && document_is(s->d, i, word);
}

static inline bool starts_sentence(const struct speakers *s, size_t i)
{
    return (s->d->tokens.v[i].marks & TOKEN_SENTENCE) != 0;
}

static inline bool is_pronoun(const struct speakers *s, size_t i)
{
    return (document_classes(s->d, i) & WORD(PRONOUN)) != 0 || is_word(s, i, "i") || is_word(s, i, "we");
}

/* Words between a subject and its verb: also, later, had, -ly. */
static inline bool is_filler(const struct speakers *s, size_t i)
{
    uint64_t classes = document_classes(s->d, i);
    return (classes & (WORD(BE) | WORD(MODAL) | WORD(AGO) | WORD(LATER) | WORD(WEEKDAY))) ||
           (document_flags(s->d, i) & TYPE_LOWER && nw_str_ends(document_token(s->d, i), NW_S("ly"))) ||
           is_word(s, i, "also") || is_word(s, i, "then") || is_word(s, i, "himself") || is_word(s, i, "herself") ||
           is_word(s, i, "again") || is_word(s, i, "to");
}

static inline bool is_cue(const struct speakers *s, size_t i)
{
    return (document_classes(s->d, i) & WORD(CUE)) &&
           (document_flags(s->d, i) & (TYPE_LOWER | TYPE_HYPHEN)) == TYPE_LOWER;
}

struct subject {
    size_t first, last; /* tokens */
    uint32_t name;      /* NO_TOKEN: none in it */
};

/* subject.c */

/* What the article calls its persons: fills s->roles. */
void subject_roles(struct speakers *s);

/* The name that a token belongs to. */
bool subject_name(const struct speakers *s, size_t token, struct subject *out);
bool subject_is_person(const struct speakers *s, const struct subject *x);

/* The subject that ends before token `end` and begins not before `from`. */
bool subject_left(const struct speakers *s, size_t from, size_t end, struct subject *out);

/* The subject that begins at or behind token `begin`, before `to`. */
bool subject_right(const struct speakers *s, size_t begin, size_t to, struct subject *out);

/* The name that a subject without one means, the quotations before `q` having their speakers; NO_TOKEN: unknown. */
uint32_t subject_person(const struct speakers *s, const struct subject *x, size_t q);

/* reported.c: appends what is reported without marks ("Police said two men were held."). 0 or -ENOMEM. */
int quotes_reported(struct speakers *s);

#endif
