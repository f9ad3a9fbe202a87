/*
 * Reported speech: what somebody is said to say without quotation marks, one or two runs a sentence.
 *
 *     Police said [two men were held].        [Two men were held], police said.
 *     According to police, [two men were held].
 *
 * A run that touches quotation marks is left to quotes.c; so is a cue that a quotation has.
 */
#include "speaker.h"

#include <errno.h>
#include <stdlib.h>

enum {
    WORDS_LEAST = 3,
    BEFORE_THAT = 7,
    BESIDE = 2 /* bytes between a run and a mark that makes it part of a quotation */
};

struct report {
    struct speakers *s;
    size_t direct;   /* quotations in marks: the list's first ones */
    size_t at;       /* the first of them that ends not before the sentence */
    size_t from, to; /* the sentence, without its final marks */
};

static bool is_free(const struct report *r, size_t first, size_t last)
{
    const struct token *v = r->s->d->tokens.v;
    for (size_t i = first > 1 ? first - 2 : 0; i <= last + 2 && i < r->s->d->tokens.n; i++) {
        const struct word_type *w = type_at(r->s, i);
        bool near = v[i].start <= v[last].end + BESIDE && v[i].end + BESIDE >= v[first].start;
        if (near && (is_mark(r->s, i, '"') || (i <= last && w->flags & TYPE_MARK && w->flags & TYPE_OPENS))) {
            return false;
        }
    }
    for (size_t q = r->at; q < r->direct && r->s->quotes->v[q].first <= last; q++) {
        if (r->s->quotes->v[q].last >= first) {
            return false;
        }
    }
    return true;
}

/* Is the token inside a quotation, or some quotation's cue? */
static bool is_taken(const struct report *r, size_t token)
{
    for (size_t q = r->at; q < r->direct && r->s->quotes->v[q].first <= r->to + 8; q++) {
        const struct quote *quote = &r->s->quotes->v[q];
        if (quote->cue == token || (quote->first <= token && token <= quote->last)) {
            return true;
        }
    }
    return false;
}

static int report(struct report *r, size_t first, size_t last, size_t cue, size_t cue_last, const struct subject *x)
{
    while (last > first && (type_at(r->s, last)->flags & TYPE_MARK)) {
        last--;
    }
    if (last < first || last + 1 - first < WORDS_LEAST || !is_free(r, first, last)) {
        return 0;
    }
    if (quotes_add(r->s->quotes, first, last) == NULL) {
        return -ENOMEM;
    }
    size_t before = r->at;
    while (before < r->direct && r->s->quotes->v[before].first < first) {
        before++;
    }
    struct quote *quote = &r->s->quotes->v[r->s->quotes->n - 1];
    quote->direct = false;
    quote->by = "rule:reported";
    quote->cue = (uint32_t)cue;
    quote->cue_last = (uint32_t)cue_last;
    quote->source = (uint32_t)x->first;
    quote->source_last = (uint32_t)x->last;
    quote->speaker = x->name != NO_TOKEN ? x->name : subject_person(r->s, x, before);
    quote->confidence = x->name != NO_TOKEN ? 0.7F : 0.6F;
    return 1;
}

/* Where what is said begins behind a cue: "said on Tuesday that …", "told reporters …"; 0: nothing is said. */
static size_t said_from(const struct report *r, size_t cue)
{
    size_t i = cue + 1;
    for (size_t k = i; k < r->to && k < i + BEFORE_THAT; k++) {
        if (is_word(r->s, k, "that")) {
            return k + 1;
        }
        if (type_at(r->s, k)->flags & TYPE_MARK) {
            break;
        }
    }
    if (i >= r->to || (type_at(r->s, i)->flags & TYPE_MARK) || type_at(r->s, i)->classes & WORD(PREPOSITION)) {
        return 0;
    }
    if (is_word(r->s, cue, "told")) {
        return 0; /* told somebody something: where the one ends is not seen */
    }
    return type_at(r->s, i)->classes & WORD(WEEKDAY) ? i + 1 : i;
}

static int report_according(struct report *r, size_t i)
{
    struct subject x;
    if (!subject_right(r->s, i + 2, r->to, &x)) {
        return 0;
    }
    if (i == r->from) {
        size_t comma = x.last + 1;
        while (comma < r->to && !is_mark(r->s, comma, ',')) {
            comma++;
        }
        return comma + 1 < r->to ? report(r, comma + 1, r->to - 1, i, i + 1, &x) : 0;
    }
    return report(r, r->from, i - 1, i, i + 1, &x);
}

static int report_at(struct report *r, size_t cue)
{
    struct speakers *s = r->s;
    struct subject x;
    if (is_word(s, cue, "according")) {
        return is_word(s, cue + 1, "to") ? report_according(r, cue) : 0;
    }
    bool comma = cue > r->from + 1 && is_mark(s, cue - 1, ','); /* behind something */
    if (comma && cue + 1 < r->to && subject_right(s, cue + 1, r->to, &x) && subject_is_person(s, &x)) {
        return report(r, r->from, cue - 2, cue, cue, &x); /* …, said Ann Lee */
    }
    if (cue == r->from || !subject_left(s, r->from, cue, &x)) {
        return 0;
    }
    if (x.first > r->from + WORDS_LEAST && is_mark(s, x.first - 1, ',') &&
        (cue + 1 >= r->to || said_from(r, cue) == 0 || type_at(s, cue + 1)->classes & WORD(WEEKDAY))) {
        return report(r, r->from, x.first - 2, cue, cue, &x);
    }
    size_t first = said_from(r, cue);
    return first && first < r->to ? report(r, first, r->to - 1, cue, cue, &x) : 0;
}

static int by_place(const void *a, const void *b)
{
    const struct quote *x = a;
    const struct quote *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

int quotes_reported(struct speakers *s)
{
    struct report r = {.s = s, .direct = s->quotes->n};
    size_t n = s->d->tokens.n;
    for (size_t i = 0; i<n; i = r.to> i ? r.to : i + 1) {
        r.from = i;
        r.to = i + 1;
        while (r.to < n && !starts_sentence(s, r.to)) {
            r.to++;
        }
        size_t next = r.to;
        while (r.to > r.from + 1 && (type_at(s, r.to - 1)->flags & TYPE_MARK)) {
            r.to--;
        }
        while (r.at < r.direct && s->quotes->v[r.at].last < r.from) {
            r.at++;
        }
        int rc = 0;
        for (size_t k = r.from; k < r.to && rc == 0; k++) {
            if ((is_cue(s, k) || (k == r.from && is_word(s, k, "according"))) && !is_taken(&r, k)) {
                rc = report_at(&r, k);
            }
        }
        if (rc < 0) {
            return rc;
        }
        r.to = next;
    }
    if (s->quotes->n > r.direct && r.direct) {
        qsort(s->quotes->v, s->quotes->n, sizeof *s->quotes->v, by_place);
    }
    return 0;
}
