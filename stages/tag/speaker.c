/*
 * Who says a quotation. In its sentence, outside the marks, the cue nearest to it; the cue's subject is a name, a
 * pronoun, or a noun phrase. Without one, the speaker of the quotation before in the paragraph, or of the paragraph
 * before, goes on. Pronouns and titles are carried back to a person.
 */
#include "speaker.h"

enum { REACH = 16 };

static bool in_quote(const struct speakers *s, size_t token, size_t upto)
{
    for (size_t q = 0; q < upto; q++) {
        if (s->quotes->v[q].first <= token && token <= s->quotes->v[q].last) {
            return true;
        }
    }
    return false;
}

/* ---- the attribution of one quotation ---- */

static void settle(struct speakers *s, size_t q, size_t cue, size_t cue_last, const struct subject *x, const char *by,
                   float confidence)
{
    struct quote *quote = &s->quotes->v[q];
    quote->by = by;
    quote->cue = (uint32_t)cue;
    quote->cue_last = (uint32_t)cue_last;
    quote->source = (uint32_t)x->first;
    quote->source_last = (uint32_t)x->last;
    quote->speaker = x->name;
    quote->confidence = confidence;
    if (x->name == NO_TOKEN) {
        quote->speaker = subject_person(s, x, q);
        quote->confidence = quote->speaker == NO_TOKEN ? confidence * 0.8F : confidence * 0.85F;
    }
}

/* Text outside the marks on either side of a quotation, within its sentences: [left, first - 1) and [last + 2, right).
 */
struct surroundings {
    size_t left, left_end, right, right_end;
};

static void look_around(const struct speakers *s, size_t q, struct surroundings *a)
{
    const struct quote *quote = &s->quotes->v[q];
    size_t n = s->d->tokens.n;
    a->left_end = quote->first ? quote->first - 1 : 0;
    a->left = a->left_end;
    while (a->left > 0 && !starts_sentence(s, a->left)) {
        a->left--;
    }
    for (size_t i = a->left_end; i > a->left; i--) {
        if (is_mark(s, i - 1, '"')) {
            a->left = i;
            break;
        }
    }
    a->right = quote->last + 2 < n ? quote->last + 2 : n;
    a->right_end = a->right;
    bool goes_on = quote->last + 1 < n && (s->d->tokens.v[quote->last + 1].marks & TOKEN_PARAGRAPH);
    if (!goes_on && a->right < n && !(s->d->tokens.v[a->right].marks & TOKEN_PARAGRAPH)) {
        const struct word_type *end = type_at(s, quote->last);
        bool closed = (end->flags & TYPE_MARK) && end->mark == '.';
        if (!(starts_sentence(s, a->right) && closed)) {
            a->right_end++;
            while (a->right_end < n && !starts_sentence(s, a->right_end) && !is_mark(s, a->right_end, '"')) {
                a->right_end++;
            }
        }
    }
}

/* "according to X" within [from, to) */
static bool according(struct speakers *s, size_t q, size_t from, size_t to)
{
    for (size_t i = from; i + 2 < to; i++) {
        struct subject x;
        if (is_word(s, i, "according") && is_word(s, i + 1, "to") && subject_right(s, i + 2, to, &x)) {
            settle(s, q, i, i + 1, &x, "rule:according", 0.85F);
            return true;
        }
    }
    return false;
}

static bool from_right(struct speakers *s, size_t q, const struct surroundings *a)
{
    if (according(s, q, a->right, a->right_end)) {
        return true;
    }
    for (size_t i = a->right; i < a->right_end && i < a->right + REACH; i++) {
        if (!is_cue(s, i)) {
            continue;
        }
        struct subject x;
        if (i > a->right && subject_left(s, a->right, i, &x)) {
            settle(s, q, i, i, &x, "rule:cue-behind", 0.95F);
            return true;
        }
        if (i <= a->right + 1 && subject_right(s, i + 1, a->right_end, &x)) {
            settle(s, q, i, i, &x, "rule:cue-behind", 0.95F);
            return true;
        }
    }
    return false;
}

static bool from_left(struct speakers *s, size_t q, const struct surroundings *a)
{
    for (size_t i = a->left_end; i > a->left; i--) {
        struct subject x;
        if (is_cue(s, i - 1) && !is_word(s, i - 1, "according") && subject_left(s, a->left, i - 1, &x)) {
            settle(s, q, i - 1, i - 1, &x, "rule:cue-before", 0.9F);
            return true;
        }
    }
    return according(s, q, a->left, a->left_end);
}

static void copy_speaker(struct speakers *s, size_t q, const struct quote *from, float part)
{
    struct quote *quote = &s->quotes->v[q];
    quote->source = from->source;
    quote->source_last = from->source_last;
    quote->speaker = from->speaker;
    quote->confidence = from->confidence * part;
    quote->by = "rule:same-speaker";
}

static bool same_paragraph(const struct speakers *s, size_t a, size_t b)
{
    for (size_t i = a + 1; i <= b; i++) {
        if (s->d->tokens.v[i].marks & TOKEN_PARAGRAPH) {
            return false;
        }
    }
    return true;
}

/* The first person, else any, named in [from, to) outside quotations. */
static bool named_in(struct speakers *s, size_t q, size_t from, size_t to, float confidence)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = from; i < to; i++) {
            struct subject x;
            bool hit = subject_name(s, i, &x) &&
                       (subject_is_person(s, &x) || (pass && s->d->names.v[x.name].type == NAME_ORG));
            if (!hit && pass == 0 && type_at(s, i)->classes & WORD(PRONOUN) &&
                type_at(s, i)->classes & (WORD(HE) | WORD(SHE)) && !is_word(s, i, "him")) {
                x = (struct subject){i, i, NO_TOKEN};
                hit = true;
            }
            if (hit && !in_quote(s, i, q + 1)) {
                settle(s, q, NO_TOKEN, NO_TOKEN, &x, "rule:named-beside", confidence);
                return true;
            }
        }
    }
    return false;
}

static void attribute(struct speakers *s, size_t q)
{
    struct surroundings a;
    look_around(s, q, &a);
    const struct quote *quote = &s->quotes->v[q];
    const struct word_type *end = type_at(s, quote->last);
    bool comma = (end->flags & TYPE_MARK) && end->mark && strchr(",?!-", end->mark);
    if (comma ? from_right(s, q, &a) || from_left(s, q, &a) : from_left(s, q, &a) || from_right(s, q, &a)) {
        return;
    }
    const struct quote *before = q ? quote - 1 : NULL;
    if (before && before->source != NO_TOKEN && same_paragraph(s, before->last, quote->first)) {
        copy_speaker(s, q, before, 0.9F);
        return;
    }
    if (named_in(s, q, a.left, a.left_end, 0.6F) || named_in(s, q, a.right, a.right_end, 0.6F)) {
        return;
    }
    bool opens_paragraph = quote->first > 0 && s->d->tokens.v[quote->first - 1].marks & TOKEN_PARAGRAPH;
    if (before && before->source != NO_TOKEN && opens_paragraph && quote->first - before->last < 200) {
        copy_speaker(s, q, before, 0.7F);
        return;
    }
    /* The sentence before. */
    size_t to = a.left;
    size_t from = to;
    while (from > 0 && !starts_sentence(s, --from)) {
    }
    if (!named_in(s, q, from, to, 0.5F) && before && before->source != NO_TOKEN) {
        copy_speaker(s, q, before, 0.5F);
    }
}

int quotes_attribute(const struct document *d, struct quotes *quotes)
{
    struct speakers s; /* its roles are many, and most articles have few */
    s.d = d;
    s.quotes = quotes;
    subject_roles(&s);
    for (size_t q = 0; q < quotes->n; q++) {
        attribute(&s, q);
    }
    return quotes_reported(&s);
}
