/* Annotated text: see corpus.h. */
#include "corpus.h"

#include "sentence.h"

#include <newswire/alloc.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE = 4096 };

struct reading {
    struct nw_buf text;
    struct tokens tokens;
    uint8_t *labels; /* IOB2 as 0, or 1 + 2 type + inside */
    uint8_t *lines;
    size_t cap;
    bool fresh; /* the next token begins a sentence */
    int sport;
};

int corpora_init(struct corpora *c, const char *gazetteer)
{
    char why[IMAGE_WHY] = "no such file";
    *c = (struct corpora){0};
    if (gazetteer_open(&c->gazetteer, gazetteer, why) != 0) {
        fprintf(stderr, "%s: %s\n", gazetteer, why);
        return 1;
    }
    return lexicon_init(&c->lexicon) || types_init(&c->types, &c->lexicon, &c->gazetteer, &c->own);
}

void corpora_free(struct corpora *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free((void *)(uintptr_t)c->v[i].document.text.p);
        tokens_free(&c->v[i].document.tokens);
        nw_free(c->v[i].document.names.v);
        free(c->v[i].gold);
        free(c->v[i].lines);
    }
    free(c->v);
    types_free(&c->types);
    lexicon_free(&c->lexicon);
    gazetteer_close(&c->gazetteer);
    *c = (struct corpora){0};
}

static void *must(void *p)
{
    if (p == NULL) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    return p;
}

static void add_token(struct reading *r, struct nw_str word, unsigned label)
{
    if (r->tokens.n == r->tokens.cap) {
        r->tokens.cap = r->tokens.cap ? 2 * r->tokens.cap : 1024;
        r->tokens.v = must(nw_realloc(r->tokens.v, r->tokens.cap * sizeof *r->tokens.v));
    }
    if (r->tokens.n >= r->cap) {
        r->cap = r->cap ? 2 * r->cap : 1024;
        r->labels = must(realloc(r->labels, r->cap));
        r->lines = must(realloc(r->lines, r->cap));
    }
    uint32_t marks = TOKEN_SPACE | (r->fresh ? TOKEN_SENTENCE | TOKEN_LINE | TOKEN_PARAGRAPH : 0);
    uint32_t start = (uint32_t)r->text.n;
    nw_buf_str(&r->text, word);
    r->labels[r->tokens.n] = (uint8_t)label;
    r->lines[r->tokens.n] = r->fresh;
    r->tokens.v[r->tokens.n++] = (struct token){.start = start, .end = (uint32_t)r->text.n, .marks = marks};
    nw_buf_char(&r->text, ' ');
    r->fresh = false;
}

static void end_document(struct corpora *c, struct reading *r, const struct corpus_document *like)
{
    if (r->tokens.n == 0) {
        return;
    }
    if (c->n == c->cap) {
        c->cap = c->cap ? 2 * c->cap : 256;
        c->v = must(realloc(c->v, c->cap * sizeof *c->v));
    }
    struct corpus_document *x = &c->v[c->n++];
    *x = *like;
    x->sport = r->sport;
    char *text = must(malloc(r->text.n + 1));
    memcpy(text, r->text.p, r->text.n);
    x->document =
        (struct document){.text = nw_str(text, r->text.n), .tokens = r->tokens, .types = &c->types, .english = true};
    if (types_of(&c->types, x->document.text, &x->document.tokens) != 0) {
        must(NULL);
    }
    /* B, I, S out of B, I. */
    size_t n = r->tokens.n;
    for (size_t i = 0; i < n; i++) {
        unsigned raw = r->labels[i];
        if (raw) {
            enum name_type type = (enum name_type)((raw - 1) / 2);
            bool inside = (raw - 1) % 2;
            bool goes_on = i + 1 < n && !r->lines[i + 1] && r->labels[i + 1] == 2U + 2U * type;
            r->labels[i] = (uint8_t)label_of(type, inside ? LABEL_I : goes_on ? LABEL_B : LABEL_S);
        }
    }
    x->gold = r->labels;
    x->lines = r->lines;
    c->tokens += n;
    r->tokens = (struct tokens){0};
    r->labels = NULL;
    r->lines = NULL;
    r->cap = 0;
    nw_buf_clear(&r->text);
}

static unsigned raw_label(struct nw_str s, bool *good)
{
    static const char *const names[NAME_TYPES] = {"PER", "LOC", "ORG", "MISC"};
    if (nw_str_eq(s, NW_S("O"))) {
        return 0;
    }
    for (unsigned t = 0; t < NAME_TYPES && s.n > 2; t++) {
        if (nw_str_eq(nw_str_from(s, 2), nw_str_z(names[t]))) {
            return 1 + 2 * t + (s.p[0] == 'I');
        }
    }
    *good = false;
    return 0;
}

int corpora_read(struct corpora *c, const char *path, unsigned group, unsigned weight, bool partial, bool whole)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    const struct corpus_document like = {.group = group, .weight = weight, .partial = partial, .whole = whole};
    struct reading r = {.fresh = true, .sport = -1};
    nw_buf_init(&r.text, 1U << 30);
    char text[LINE];
    unsigned before = 0;
    int rc = 0;
    for (size_t row = 1; fgets(text, sizeof text, f) && rc == 0; row++) {
        struct nw_str line = nw_str_trim(nw_str_z(text));
        if (nw_str_starts(line, NW_S("-DOCSTART-"))) {
            end_document(c, &r, &like);
            r.fresh = true;
            r.sport = nw_str_ends(line, NW_S("sport")) ? 1 : nw_str_ends(line, NW_S("other")) ? 0 : -1;
            continue;
        }
        if (line.n == 0) {
            r.fresh = true;
            continue;
        }
        size_t tab = nw_str_find(line, NW_S("\t"));
        bool good = tab < line.n;
        unsigned label = good ? raw_label(nw_str_from(line, tab + 1), &good) : 0;
        if (!good) {
            fprintf(stderr, "%s:%zu: expected a token, a TAB and a label in IOB2\n", path, row);
            rc = 1;
        }
        /* An I that follows nothing of its type begins a name. */
        if (label && label % 2 == 0 && (r.fresh || (before != label && before != label - 1))) {
            label--;
        }
        before = label;
        if (good) {
            add_token(&r, nw_str(line.p, tab), label);
        }
    }
    end_document(c, &r, &like);
    nw_buf_free(&r.text);
    fclose(f);
    return rc;
}

void span_count(struct span_score *score, const uint8_t *gold, const uint8_t *found, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool g = gold[i] && (gold[i] - 1) % 3 != LABEL_I;
        bool p = found[i] && (found[i] - 1) % 3 != LABEL_I;
        unsigned type = label_type(gold[i]) % NAME_TYPES;
        score->gold[type] += g;
        score->found[label_type(found[i]) % NAME_TYPES] += p;
        if (!g || gold[i] != found[i]) {
            continue;
        }
        size_t k = i + 1;
        unsigned inside = label_of((enum name_type)type, LABEL_I);
        bool open = (gold[i] - 1) % 3 == LABEL_B;
        while (open && k < n && gold[k] == inside && found[k] == inside) {
            k++;
        }
        bool same_end = k == n || (gold[k] != inside && found[k] != inside);
        score->right[type] += !open || same_end;
    }
}

static double f1(size_t right, size_t found, size_t gold)
{
    return found + gold ? 200.0 * (double)right / (double)(found + gold) : 0;
}

double span_f1(const struct span_score *s)
{
    size_t right = 0;
    size_t found = 0;
    size_t gold = 0;
    for (unsigned t = 0; t < NAME_TYPES; t++) {
        right += s->right[t];
        found += s->found[t];
        gold += s->gold[t];
    }
    return f1(right, found, gold);
}

void span_print(const struct span_score *s, const char *what)
{
    static const char *const names[NAME_TYPES] = {"PER", "LOC", "ORG", "MISC"};
    printf("%s: F1 %.2f ", what, span_f1(s));
    for (unsigned t = 0; t < NAME_TYPES; t++) {
        printf(" %s %.1f", names[t], f1(s->right[t], s->found[t], s->gold[t]));
    }
    printf("\n");
    fflush(stdout);
}
