/*
 * Quotations in quotation marks, and who says them: the cue of saying beside the quote, its subject, and for pronouns
 * and titles ("he", "the president") the person named before. Scare quotes are none. Reported speech, without marks,
 * is an indirect quotation.
 */
#ifndef TAG_QUOTES_H
#define TAG_QUOTES_H

#include "document.h"

#define NO_TOKEN UINT32_MAX

struct quote {
    uint32_t first, last;         /* tokens between the marks */
    uint32_t cue, cue_last;       /* tokens; NO_TOKEN: none */
    uint32_t source, source_last; /* the speaker as the article names them; NO_TOKEN: none */
    uint32_t speaker;             /* number of a name; NO_TOKEN: none */
    float confidence;
    bool direct;    /* words in quotation marks */
    const char *by; /* a literal: the rule that found the speaker */
};

struct quotes {
    struct quote *v;
    size_t n, cap;
};

/* Fills the list, in order. The names are linked. 0 or -ENOMEM. */
int quotes_find(const struct document *document, struct quotes *quotes);
void quotes_free(struct quotes *quotes);

/* Appends a quotation of the tokens first to last, without a speaker; NULL without memory. */
struct quote *quotes_add(struct quotes *quotes, size_t first, size_t last);

/* speaker.c: finds cue, source and speaker of all quotes, and adds reported speech. 0 or -ENOMEM. */
int quotes_attribute(const struct document *document, struct quotes *quotes);

#endif
