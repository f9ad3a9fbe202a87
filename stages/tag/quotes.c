/* Quotations: where they begin and end. See quotes.h. */
#include "quotes.h"

#include <errno.h>
#include <newswire/alloc.h>

enum { WORDS_LEAST = 4 }; /* fewer are a quotation only when somebody is said to say them */

static bool is_quote_mark(const struct document *d, size_t i)
{
    return document_mark(d, i, '"');
}

/* Does the mark at token i open a quotation? `open`: one is open already. */
static bool opens(const struct document *d, size_t i, bool open)
{
    const struct word_type *w = document_type(d, i);
    if (w->flags & TYPE_OPENS) {
        return true;
    }
    if (w->flags & TYPE_CLOSES) {
        return false;
    }
    bool space_before = (d->tokens.v[i].marks & (TOKEN_SPACE | TOKEN_LINE)) != 0;
    bool space_behind = i + 1 >= d->tokens.n || (d->tokens.v[i + 1].marks & (TOKEN_SPACE | TOKEN_LINE)) != 0;
    if (space_before != space_behind) {
        return space_before;
    }
    if (!space_before && !space_behind && !open && i > 0) {
        const struct word_type *before = document_type(d, i - 1);
        return (before->flags & TYPE_MARK) && strchr("([-", before->mark) && before->mark;
    }
    return !open;
}

static size_t words_of(const struct document *d, size_t first, size_t last)
{
    size_t n = 0;
    for (size_t i = first; i <= last; i++) {
        n += !(document_flags(d, i) & (TYPE_MARK | TYPE_CLITIC));
    }
    return n;
}

static bool is_cue(const struct document *d, size_t i)
{
    return i < d->tokens.n && (document_classes(d, i) & WORD(CUE)) && (document_flags(d, i) & TYPE_LOWER);
}

/* A short run is a quotation when it ends like an utterance and somebody says it beside it. */
static bool is_utterance(const struct document *d, size_t first, size_t last)
{
    const struct word_type *end = document_type(d, last);
    bool stopped = (end->flags & TYPE_MARK) && end->mark && strchr(",?!.", end->mark);
    if (!stopped || last + 2 >= d->tokens.n) {
        return false;
    }
    for (size_t k = last + 2; k < last + 6 && k < d->tokens.n; k++) {
        if (is_cue(d, k)) {
            return true;
        }
        if (document_type(d, k)->flags & TYPE_MARK) {
            break;
        }
    }
    if (first < 3) {
        return false;
    }
    const struct word_type *before = document_type(d, first - 2);
    bool led = (before->flags & TYPE_MARK) && (before->mark == ',' || before->mark == ':');
    return (led && is_cue(d, first - 3) && (document_type(d, first)->flags & TYPE_CAPITAL)) || is_cue(d, first - 2);
}

static int add(const struct document *d, struct quotes *quotes, size_t first, size_t last)
{
    if (first > last || (words_of(d, first, last) < WORDS_LEAST && !is_utterance(d, first, last))) {
        return 0;
    }
    return quotes_add(quotes, first, last) ? 0 : -ENOMEM;
}

struct quote *quotes_add(struct quotes *quotes, size_t first, size_t last)
{
    if (quotes->n == quotes->cap) {
        size_t cap = quotes->cap ? 2 * quotes->cap : 64;
        struct quote *v = nw_realloc(quotes->v, cap * sizeof *v);
        if (v == NULL) {
            return NULL;
        }
        quotes->v = v;
        quotes->cap = cap;
    }
    struct quote *quote = &quotes->v[quotes->n++];
    *quote = (struct quote){.first = (uint32_t)first,
                            .last = (uint32_t)last,
                            .cue = NO_TOKEN,
                            .source = NO_TOKEN,
                            .speaker = NO_TOKEN,
                            .confidence = 0.3F,
                            .direct = true,
                            .by = "rule:marks"};
    return quote;
}

int quotes_find(const struct document *d, struct quotes *quotes)
{
    quotes->n = 0;
    size_t open = SIZE_MAX;
    for (size_t i = 0; i < d->tokens.n; i++) {
        int rc = 0;
        if ((d->tokens.v[i].marks & TOKEN_PARAGRAPH) && open != SIZE_MAX) {
            /* A quotation that goes on in the next paragraph opens again there; else the mark was no quote's. */
            if (is_quote_mark(d, i) && opens(d, i, false) && open < i) {
                rc = add(d, quotes, open, i - 1);
            }
            open = SIZE_MAX;
        }
        if (rc == 0 && is_quote_mark(d, i)) {
            if (opens(d, i, open != SIZE_MAX)) {
                open = i + 1;
            } else if (open != SIZE_MAX) {
                rc = i > open ? add(d, quotes, open, i - 1) : 0;
                open = SIZE_MAX;
            }
        }
        if (rc != 0) {
            return rc;
        }
    }
    return quotes_attribute(d, quotes);
}

void quotes_free(struct quotes *quotes)
{
    nw_free(quotes->v);
    *quotes = (struct quotes){0};
}
