/*
 * Quotations in quotation marks, and who says them: the cue of saying beside the quote, its subject, and for pronouns
 * and titles ("he", "the president") the person named before. Scare quotes are none.
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
};

struct quotes {
    struct quote *v;
    size_t n, cap;
};

/* Fills the list, in order. The names are linked. 0 or -ENOMEM. */
int quotes_find(const struct document *document, struct quotes *quotes);
void quotes_free(struct quotes *quotes);

/* speaker.c: finds cue, source and speaker of all quotes. */
void quotes_attribute(const struct document *document, struct quotes *quotes);

#endif
