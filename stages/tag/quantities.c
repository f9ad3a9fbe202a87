/* Amounts: see quantities.h. */
#include "quantities.h"

#include <errno.h>
#include <math.h>
#include <newswire/alloc.h>

enum { UNIT_TOKENS = 4 };

static bool is_number(const struct token *w)
{
    return (w->flags & TYPE_NUMERIC) || ((w->classes & WORD(NUMBER)) && !(w->classes & WORD(PRONOUN)));
}

static bool is_sign(const struct token *w)
{
    return (w->classes & WORD(CURRENCY)) && ((w->flags & TYPE_MARK) || (w->flags & TYPE_CAPITAL && w->letters <= 4));
}

static bool is_percent(const struct document *d, size_t i, size_t *last)
{
    struct nw_str s = document_token(d, i);
    *last = i;
    if (nw_str_eq(s, NW_S("%")) || nw_str_eq_nocase(s, NW_S("percent")) || nw_str_eq_nocase(s, NW_S("pct"))) {
        return true;
    }
    if (nw_str_eq_nocase(s, NW_S("per")) && i + 1 < d->tokens.n &&
        nw_str_eq_nocase(document_token(d, i + 1), NW_S("cent"))) {
        *last = i + 1;
        return true;
    }
    return false;
}

/* Plural nouns, and those that are plural without an s. */
static bool is_plural(const struct document *d, size_t i)
{
    static const char *const others[] = {"people", "men",    "women",  "children",
                                         "police", "troops", "cattle", "personnel"};
    const struct word_type *w = document_type(d, i);
    struct nw_str s = document_token(d, i);
    if (!(w->flags & TYPE_LETTERS) || w->classes & (WORD(STOP) | WORD(NOTNOUN) | WORD(CUE))) {
        return false;
    }
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        if (nw_str_eq_nocase(s, nw_str_z(others[k]))) {
            return true;
        }
    }
    return s.n > 3 && nw_str_ends(s, NW_S("s")) && !nw_str_ends(s, NW_S("ss")) && !nw_str_ends(s, NW_S("us"));
}

/* What the number before token i counts: modifiers and a plural noun. */
static bool unit_at(const struct document *d, size_t i, struct quantity *q)
{
    for (size_t k = i; k < i + UNIT_TOKENS && k < d->tokens.n; k++) {
        const struct word_type *w = document_type(d, k);
        if (k > i && d->tokens.v[k].marks & TOKEN_SENTENCE) {
            return false;
        }
        if (!(w->flags & TYPE_LETTERS) || w->classes & (WORD(STOP) | WORD(NOTNOUN) | WORD(MONTH) | WORD(WEEKDAY))) {
            return false;
        }
        if ((w->classes & WORD(UNIT)) || is_plural(d, k)) {
            q->unit = (uint32_t)i;
            q->unit_last = (uint32_t)k;
            q->last = (uint32_t)k;
            return true;
        }
    }
    return false;
}

static bool quantity_at(const struct document *d, size_t i, struct quantity *q)
{
    const struct token *w = &d->tokens.v[i];
    size_t number = i;
    size_t next;
    *q = (struct quantity){.first = (uint32_t)i, .by = "rule:money"};
    if (is_sign(w) && i + 1 < d->tokens.n && is_number(&d->tokens.v[i + 1]) && document_goes_on(d, i)) {
        q->code = lexicon_currency((int32_t)document_type(d, i)->number);
        number = i + 1;
    } else if (!is_number(w)) {
        return false;
    }
    if (!number_read(d, number, &q->value, &next) || isnan(q->value)) {
        return false;
    }
    q->last = (uint32_t)next - 1;
    if (q->code) {
        return true;
    }
    if (next >= d->tokens.n || d->tokens.v[next].marks & TOKEN_SENTENCE) {
        return false;
    }
    size_t last;
    if (is_percent(d, next, &last)) {
        q->code = "percent";
        q->by = "rule:percent";
        q->last = (uint32_t)last;
        return true;
    }
    const struct word_type *unit = document_type(d, next);
    if (unit->classes & WORD(CURRENCY) && !(unit->flags & TYPE_MARK)) {
        q->code = lexicon_currency((int32_t)unit->number);
        q->last = (uint32_t)next;
        return true;
    }
    q->by = "rule:unit";
    return unit_at(d, next, q);
}

/* "10 to 20 percent": the first number takes the second's unit. */
static bool range_at(const struct document *d, size_t i, struct quantity *q)
{
    size_t next;
    struct quantity other;
    if (!is_number(&d->tokens.v[i]) || !number_read(d, i, &q->value, &next) || isnan(q->value) ||
        next + 1 >= d->tokens.n) {
        return false;
    }
    struct nw_str s = document_token(d, next);
    if (!nw_str_eq_nocase(s, NW_S("to")) && !nw_str_eq_nocase(s, NW_S("or")) && !nw_str_eq_nocase(s, NW_S("and"))) {
        return false;
    }
    if (!is_number(&d->tokens.v[next + 1]) || !quantity_at(d, next + 1, &other)) {
        return false;
    }
    double value = q->value;
    *q = other;
    q->value = value;
    q->first = (uint32_t)i;
    q->last = (uint32_t)next - 1;
    q->by = "rule:range";
    return true;
}

int quantities_find(const struct document *d, const struct timexes *timexes, struct quantities *list)
{
    size_t t = 0;
    list->n = 0;
    for (size_t i = 0; i < d->tokens.n; i++) {
        const struct token *w = &d->tokens.v[i];
        if (!is_number(w) && !is_sign(w)) {
            continue;
        }
        while (t < timexes->n && timexes->v[t].last < i) {
            t++;
        }
        struct quantity q = {0};
        if ((t < timexes->n && timexes->v[t].first <= i) || !(quantity_at(d, i, &q) || range_at(d, i, &q))) {
            continue;
        }
        if (list->n == list->cap) {
            size_t cap = list->cap ? 2 * list->cap : 64;
            struct quantity *v = nw_realloc(list->v, cap * sizeof *v);
            if (v == NULL) {
                return -ENOMEM;
            }
            list->v = v;
            list->cap = cap;
        }
        list->v[list->n++] = q;
        i = q.last;
    }
    return 0;
}

void quantities_free(struct quantities *list)
{
    nw_free(list->v);
    *list = (struct quantities){0};
}
