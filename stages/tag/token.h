/*
 * The tokeniser: cuts a text into words, numbers and marks, each with its bytes. Tokens are in order, never overlap,
 * never hold white space, and leave out nothing else. English news conventions (initials, abbreviations, 's and n't
 * apart, hyphenated words, sums and dates in one piece, addresses of the net in one piece); for other languages the
 * same rules fall back to runs of letters, and ideographs one by one (a subset of UAX 29).
 */
#ifndef TAG_TOKEN_H
#define TAG_TOKEN_H

#include <stdint.h>

#include <newswire/str.h>

enum {
    TOKEN_SPACE = 1,     /* white space stands before it */
    TOKEN_LINE = 2,      /* first of a line */
    TOKEN_PARAGRAPH = 4, /* first behind an empty line, or of the text */
    TOKEN_SENTENCE = 8,  /* first of a sentence: set by sentences_mark */
};

struct token {
    uint32_t start, end; /* bytes of the text */
    uint32_t marks;      /* TOKEN_… */

    /* Set by types_of: its word's, and of that what is asked for most, at hand in the order of the text. */
    uint32_t type; /* number of its word type */
    uint64_t classes;
    uint32_t flags;
    uint8_t mark, letters;
};

struct tokens {
    struct token *v;
    size_t n, cap;
};

/* Most bytes of one token: longer runs are cut. */
enum { TOKEN_MAX = 1024 };

/* Replaces the content of `tokens` by those of text (valid UTF-8, less than 4 GiB). 0 or -ENOMEM. */
int tokens_read(struct tokens *tokens, struct nw_str text);

void tokens_free(struct tokens *tokens);

static inline struct nw_str token_text(struct nw_str text, const struct token *token)
{
    return nw_str(text.p + token->start, token->end - token->start);
}

#endif
