/*
 * The compiler: one pass over the text, operators on a stack (the shunting yard), so that brackets nest without
 * recursion. Every error names the column, what was found and what was expected.
 */
#include "query/fold.h"
#include "query/program.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/utf8.h>

#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    struct nw_str word;
    enum query_kind kind;
} fields[] = {
#define FIELD(NAME, word, kind) {NW_STR(word), QUERY_KIND_##kind},
    QUERY_FIELDS(FIELD)};

enum {
    STEPS = 4 * NW_QUERY_TERMS,
    STACK = 2 * (NW_QUERY_DEPTH + NW_QUERY_TERMS),
    BRACKET = -1,
    VALUE_MAX = NW_QUERY_MAX
};

struct compiler {
    struct nw_query *query;
    struct nw_str text;
    size_t at;
    int stack[STACK]; /* operators that wait: enum query_op, or BRACKET */
    size_t depth, brackets;
    bool wants; /* a term is expected, not an operator */
    size_t *column;
    char *why;
};

uint64_t query_word(enum query_field field, struct nw_str folded)
{
    return nw_hash64(folded, 2 * (uint64_t)field + 1) | 1;
}

uint64_t query_whole(enum query_field field, struct nw_str value)
{
    return nw_hash64(value, 2 * (uint64_t)field + 2) | 1;
}

static int bad(struct compiler *c, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int bad(struct compiler *c, size_t at, const char *format, ...)
{
    char what[NW_WHY];
    va_list values;

    va_start(values, format);
    vsnprintf(what, sizeof what, format, values);
    va_end(values);
    *c->column = nw_utf8_count(nw_str(c->text.p, at)) + 1;
    snprintf(c->why, NW_WHY, "column %zu: %.200s", *c->column, what);
    return NW_QUERY_BAD;
}

/* ---- operators */

static int step(struct compiler *c, enum query_op op, size_t term)
{
    if (c->query->step_count == STEPS)
        return bad(c, c->at, "the query is too long: at most %d words and phrases", NW_QUERY_TERMS);
    c->query->steps[c->query->step_count++] = (struct query_step){op, term};
    return 0;
}

/* NOT binds closest, then AND, then OR. */
static int rank(int op)
{
    return op == QUERY_OP_NOT ? 3 : op == QUERY_OP_AND ? 2 : op == QUERY_OP_OR ? 1 : 0;
}

static int push(struct compiler *c, size_t at, int op)
{
    if (c->depth == STACK)
        return bad(c, at, "too many operators in a row");
    c->stack[c->depth++] = op;
    return 0;
}

/* Puts out the operators that bind at least so close. */
static int reduce(struct compiler *c, int least)
{
    int r = 0;

    while (r == 0 && c->depth > 0 && c->stack[c->depth - 1] != BRACKET && rank(c->stack[c->depth - 1]) >= least)
        r = step(c, (enum query_op)c->stack[--c->depth], 0);
    return r;
}

static int binary(struct compiler *c, size_t at, enum query_op op)
{
    int r = reduce(c, rank((int)op));

    c->wants = true;
    return r ? r : push(c, at, (int)op);
}

/* A term, NOT or bracket where an operator could be: AND was left out. */
static int begin_operand(struct compiler *c, size_t at)
{
    return c->wants ? 0 : binary(c, at, QUERY_OP_AND);
}

/* ---- values */

static int add_words(struct compiler *c, struct query_term *term, size_t at, struct nw_str value)
{
    char word[FOLD_WORD];
    size_t from = 0, n;

    while (fold_word(value, &from, word, &n)) {
        if (term->n == QUERY_PHRASE)
            return bad(c, at, "a phrase has at most %d words", QUERY_PHRASE);
        term->words[term->n++] = query_word(term->field, nw_str(word, n));
    }
    return 0;
}

/* The last word needs only to begin so: it is kept as text. */
static int add_prefix(struct compiler *c, struct query_term *term, size_t at, struct nw_str value)
{
    char word[FOLD_WORD], last[FOLD_WORD];
    size_t from = 0, n, last_n = 0;
    int r = add_words(c, term, at, value);

    if (r)
        return r;
    while (fold_word(value, &from, word, &n)) {
        memcpy(last, word, n);
        last_n = n;
    }
    if (term->n == 0)
        return bad(c, at, "expected letters before *, found none");
    term->n--;
    term->whole = 0;
    term->prefix = c->query->prefixes.n;
    term->prefix_n = last_n;
    return nw_buf_add(&c->query->prefixes, last, last_n) < 0 ? nw_fault(-ENOMEM) : 0;
}

static bool is_country(const char *code, struct nw_str value)
{
    UErrorCode error = U_ZERO_ERROR;
    char locale[16], name[256];
    UChar wide[128];
    int32_t n;

    snprintf(locale, sizeof locale, "und_%s", code);
    n = uloc_getDisplayCountry(locale, "en", wide, 128, &error);
    if (U_FAILURE(error) || n <= 0)
        return false;
    u_strToUTF8(name, sizeof name, NULL, wide, n, &error);
    return U_SUCCESS(error) && nw_str_eq_nocase(value, nw_str_z(name));
}

/* A country's name stands for its code, which all places in it have. */
static uint64_t place_whole(struct nw_str value)
{
    char upper[4] = "";

    if (value.n == 2) {
        for (size_t i = 0; i < 2; i++)
            upper[i] = (char)(value.p[i] >= 'a' && value.p[i] <= 'z' ? value.p[i] - ('a' - 'A') : value.p[i]);
        return query_whole(QUERY_PLACE, nw_str(upper, 2));
    }
    for (const char *const *code = uloc_getISOCountries(); *code; code++) {
        if (is_country(*code, value))
            return query_whole(QUERY_PLACE, nw_str_z(*code));
    }
    return query_whole(QUERY_PLACE, value);
}

static int number(struct compiler *c, size_t at, struct nw_str s, int64_t *value)
{
    if (s.n != 1 || s.p[0] < '1' || s.p[0] > '9')
        return bad(c, at, "expected an urgency from 1 to 9, found \"%.*s\"", (int)(s.n < 40 ? s.n : 40), s.p);
    *value = s.p[0] - '0';
    return 0;
}

/* 2, 1..3, <=2, >=4 */
static int add_range(struct compiler *c, struct query_term *term, size_t at, struct nw_str value)
{
    size_t dots = nw_str_find(value, NW_S(".."));
    int r;

    term->least = 1;
    term->most = 9;
    if (nw_str_starts(value, NW_S("<=")))
        return number(c, at, nw_str_from(value, 2), &term->most);
    if (nw_str_starts(value, NW_S(">=")))
        return number(c, at, nw_str_from(value, 2), &term->least);
    r = number(c, at, nw_str(value.p, dots == SIZE_MAX ? value.n : dots), &term->least);
    if (r == 0 && dots == SIZE_MAX)
        term->most = term->least;
    else if (r == 0)
        r = number(c, at, nw_str_from(value, dots + 2), &term->most);
    return r;
}

static int add_truth(struct compiler *c, struct query_term *term, size_t at, struct nw_str value)
{
    bool yes = nw_str_eq(value, NW_S("true"));

    if (!yes && !nw_str_eq(value, NW_S("false")))
        return bad(c, at, "expected true or false, found \"%.*s\"", (int)(value.n < 40 ? value.n : 40), value.p);
    term->least = term->most = yes;
    return 0;
}

static int add_topic(struct compiler *c, struct query_term *term, size_t at, struct nw_str value)
{
    uint32_t code = query_topic(value);
    char text[16];

    if (code == 0)
        return bad(c, at, "\"%.*s\" is no media topic; expected its code, such as medtop:04000000, or its name",
                   (int)(value.n < 80 ? value.n : 80), value.p);
    term->whole = query_whole(QUERY_TOPIC, query_topic_text(code, text));
    return 0;
}

static int add_term(struct compiler *c, size_t at, enum query_field field, struct nw_str value, bool prefix)
{
    struct query_term *term = &c->query->terms[c->query->term_count];
    int r = 0;

    if (c->query->term_count == NW_QUERY_TERMS)
        return bad(c, at, "the query is too long: at most %d words and phrases", NW_QUERY_TERMS);
    *term = (struct query_term){.field = field};
    if (prefix && fields[field].kind != QUERY_KIND_WORDS && fields[field].kind != QUERY_KIND_PLACE)
        return bad(c, at, "* goes with words, not with %s", fields[field].word.p);
    switch (fields[field].kind) {
    case QUERY_KIND_WORDS:
    case QUERY_KIND_PLACE:
        /* A text as a whole is nobody's name. */
        if (field != QUERY_TEXT && field != QUERY_HEADLINE)
            term->whole = fields[field].kind == QUERY_KIND_PLACE ? place_whole(value) : query_whole(field, value);
        r = prefix ? add_prefix(c, term, at, value) : add_words(c, term, at, value);
        if (r == 0 && term->n == 0 && term->prefix_n == 0)
            r = bad(c, at, "expected a word with letters or digits");
        break;
    case QUERY_KIND_EXACT:
        term->whole = query_whole(field, value);
        break;
    case QUERY_KIND_TOPIC:
        r = add_topic(c, term, at, value);
        break;
    case QUERY_KIND_NUMBER:
        r = add_range(c, term, at, value);
        break;
    case QUERY_KIND_TRUTH:
        r = add_truth(c, term, at, value);
        break;
    }
    c->wants = false;
    return r ? r : step(c, QUERY_OP_TERM, c->query->term_count++);
}

/* ---- tokens */

static bool ends_word(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == '(' || ch == ')' || ch == '"';
}

/* Reads a value: a word, or a phrase in quotation marks. */
static int read_value(struct compiler *c, struct nw_str *value, bool *prefix)
{
    size_t from = c->at;

    *prefix = false;
    if (c->at < c->text.n && c->text.p[c->at] == '"') {
        const char *end = memchr(c->text.p + from + 1, '"', c->text.n - from - 1);
        if (!end)
            return bad(c, from, "expected a second quotation mark, found the end");
        *value = nw_str_trim(nw_str(c->text.p + from + 1, (size_t)(end - c->text.p) - from - 1));
        c->at = (size_t)(end - c->text.p) + 1;
        return value->n > 0 ? 0 : bad(c, from, "expected words between the quotation marks");
    }
    while (c->at < c->text.n && !ends_word(c->text.p[c->at]))
        c->at++;
    *value = nw_str(c->text.p + from, c->at - from);
    if (value->n > 0 && value->p[value->n - 1] == '*') {
        *prefix = true;
        value->n--;
    }
    return value->n > 0 ? 0 : bad(c, from, "expected a word or a phrase in quotation marks");
}

/* "field:" at the place; false where a plain word stands. */
static int read_field(struct compiler *c, enum query_field *field)
{
    size_t n = 0;
    struct nw_str rest = nw_str_from(c->text, c->at), word;

    *field = QUERY_TEXT;
    while (n < rest.n && ((rest.p[n] >= 'a' && rest.p[n] <= 'z') || (rest.p[n] >= 'A' && rest.p[n] <= 'Z')))
        n++;
    if (n == 0 || n == rest.n || rest.p[n] != ':')
        return 0;
    word = nw_str(rest.p, n);
    for (size_t i = 0; i < QUERY_FIELD_COUNT; i++) {
        if (nw_str_eq(word, fields[i].word)) {
            *field = (enum query_field)i;
            c->at += n + 1;
            return 0;
        }
    }
    return bad(c, c->at,
               "no field is called \"%.*s\"; expected text, headline, lang, place, person, org, topic, agency, slug, "
               "story, uri, status, urgency, dup or revision",
               (int)(n < 40 ? n : 40), word.p);
}

static bool takes(struct compiler *c, struct nw_str word)
{
    struct nw_str rest = nw_str_from(c->text, c->at);

    if (!nw_str_starts(rest, word) || (rest.n > word.n && !ends_word(rest.p[word.n])))
        return false;
    c->at += word.n;
    return true;
}

static int close_bracket(struct compiler *c, size_t at)
{
    int r;

    if (c->brackets == 0)
        return bad(c, at, "this ) has no (");
    if (c->wants)
        return bad(c, at, "expected a word, a phrase or ( before )");
    r = reduce(c, 0);
    c->depth--;
    c->brackets--;
    return r;
}

static int read_term(struct compiler *c, size_t at)
{
    enum query_field field = QUERY_TEXT;
    struct nw_str value = {NULL, 0};
    bool prefix = false;
    int r = begin_operand(c, at);

    r = r ? r : read_field(c, &field);
    at = c->at;
    r = r ? r : read_value(c, &value, &prefix);
    return r ? r : add_term(c, at, field, value, prefix);
}

static int read_token(struct compiler *c)
{
    size_t at = c->at;
    char ch = c->text.p[at];
    int r;

    if (ch == '(') {
        if (c->brackets == NW_QUERY_DEPTH)
            return bad(c, at, "brackets nest at most %d deep", NW_QUERY_DEPTH);
        r = begin_operand(c, at);
        c->brackets++;
        c->at++;
        return r ? r : push(c, at, BRACKET);
    }
    if (ch == ')') {
        c->at++;
        return close_bracket(c, at);
    }
    if (takes(c, NW_S("NOT"))) {
        r = begin_operand(c, at);
        c->wants = true;
        return r ? r : push(c, at, QUERY_OP_NOT);
    }
    if (takes(c, NW_S("AND")))
        return c->wants ? bad(c, at, "expected a word, a phrase or ( before AND") : binary(c, at, QUERY_OP_AND);
    if (takes(c, NW_S("OR")))
        return c->wants ? bad(c, at, "expected a word, a phrase or ( before OR") : binary(c, at, QUERY_OP_OR);
    return read_term(c, at);
}

static int compile(struct compiler *c)
{
    int r = 0;

    if (c->text.n > NW_QUERY_MAX)
        return bad(c, NW_QUERY_MAX, "a query has at most %d bytes", NW_QUERY_MAX);
    if (nw_utf8_valid(c->text) != c->text.n)
        return bad(c, nw_utf8_valid(c->text), "expected UTF-8");
    if (nw_str_eq(nw_str_trim(c->text), NW_S("trends")))
        return bad(c, 0, "trends is what rises, not a query: newswire trends shows it; the word is \"trends\"");
    if (nw_str_eq(nw_str_trim(c->text), NW_S("all")))
        return step(c, QUERY_OP_ALL, 0);
    while (r == 0) {
        while (c->at < c->text.n && ends_word(c->text.p[c->at]) && c->text.p[c->at] != '(' && c->text.p[c->at] != ')' &&
               c->text.p[c->at] != '"')
            c->at++;
        if (c->at == c->text.n)
            break;
        r = read_token(c);
    }
    if (r == 0 && c->wants)
        r = bad(c, c->text.n, "expected a word, a phrase or (, found the end; `all` is every article");
    if (r == 0 && c->brackets > 0)
        r = bad(c, c->text.n, "expected ), found the end");
    return r ? r : reduce(c, 0);
}

int nw_query_compile(struct nw_str text, struct nw_query **result, size_t *column, char why[NW_WHY])
{
    struct nw_query *query = nw_calloc(1, sizeof *query);
    struct compiler *c = nw_calloc(1, sizeof *c);
    int r = -ENOMEM;

    *column = 0;
    if (query && c) {
        nw_buf_init(&query->prefixes, NW_QUERY_MAX);
        query->terms = nw_calloc(NW_QUERY_TERMS, sizeof *query->terms);
        query->steps = nw_calloc(STEPS, sizeof *query->steps);
        *c = (struct compiler){.query = query, .text = text, .wants = true, .column = column, .why = why};
        if (query->terms && query->steps)
            r = compile(c);
    }
    if (r == 0) { /* most are short: what they do not need goes back */
        void *terms = nw_realloc(query->terms, (query->term_count + 1) * sizeof *query->terms);
        query->terms = terms ? terms : query->terms;
        void *steps = nw_realloc(query->steps, query->step_count * sizeof *query->steps);
        query->steps = steps ? steps : query->steps;
    } else {
        nw_query_free(&query);
    }
    nw_free(c);
    *result = query;
    return r == -ENOMEM ? nw_fault(r) : r;
}

void nw_query_free(struct nw_query **pointer)
{
    struct nw_query *query = *pointer;

    if (!query)
        return;
    nw_free(query->terms);
    nw_free(query->steps);
    nw_buf_free(&query->prefixes);
    nw_free(query);
    *pointer = NULL;
}
