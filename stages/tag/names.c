/* The names model at work: see names.h. */
#include "names.h"

#include "emissions.h"
#include "lookup.h"
#include "second.h"
#include "viterbi.h"
#include "word_vectors.h"

#include <errno.h>
#include <math.h>
#include <newswire/alloc.h>
#include <stdio.h>

enum { TOKENS_KEPT = 1 << 18, AHEAD = 8, PHRASES_AHEAD = 12 };

static int adopt(struct names_model *m, char why[IMAGE_WHY])
{
    struct nw_str info = image_section(&m->image, "info", sizeof(struct names_info));
    struct nw_str rows = image_section(&m->image, "rows", sizeof(struct names_row));
    struct nw_str tags = image_section(&m->image, "tags", ROWS_BUCKET);
    struct nw_str clusters = image_section(&m->image, "clusters", sizeof(struct clusters_slot));
    struct nw_str phrases = image_section(&m->image, "phrases", sizeof *m->phrases);
    struct nw_str second = image_section(&m->image, "second", sizeof *m->second);
    if (info.n != sizeof(struct names_info) || phrases.n != NAMES_KINDS * PHRASE_ROWS * sizeof *m->phrases ||
        second.n != SECOND_COUNT * sizeof *m->second || rows.n == 0 || tags.n != rows.n / sizeof(struct names_row) ||
        tags.n > UINT32_MAX) {
        snprintf(why, IMAGE_WHY,
                 "its tables have not the sizes that this program reads; train it anew with scripts/train");
        return IMAGE_BAD;
    }
    m->info = (const void *)info.p;
    if (m->info->layout != NAMES_LAYOUT || m->info->second != SECOND_COUNT) {
        snprintf(why, IMAGE_WHY,
                 "it was trained for layout %u and this program reads %d; train it anew with scripts/train",
                 m->info->layout, NAMES_LAYOUT);
        return IMAGE_BAD;
    }
    m->rows = (struct names_rows){(const void *)tags.p, (const void *)rows.p, (uint32_t)(tags.n / ROWS_BUCKET)};
    m->clusters.slots = (const void *)clusters.p;
    m->clusters.count = (uint32_t)(clusters.n / sizeof(struct clusters_slot));
    m->phrases = (const void *)phrases.p;
    m->second = (const void *)second.p;
    return 0;
}

int names_model_over(struct names_model *m, struct nw_str bytes, char why[IMAGE_WHY])
{
    *m = (struct names_model){0};
    int rc = image_over(&m->image, bytes, "NAME", why);
    return rc ? rc : adopt(m, why);
}

int names_model_open(struct names_model *m, const char *path, char why[IMAGE_WHY])
{
    *m = (struct names_model){0};
    int rc = image_open(&m->image, path, "NAME", why);
    if (rc == 0 && (rc = adopt(m, why)) != 0) {
        names_model_close(m);
    }
    return rc;
}

void names_model_close(struct names_model *m)
{
    image_close(&m->image);
    *m = (struct names_model){0};
}

/* What follows from the model alone. */
static int prepare(const struct names_model *m, struct names_work *work)
{
    nw_free(work->commons);
    work->commons = commons_new();
    if (work->commons == NULL) {
        return -ENOMEM;
    }
    for (unsigned kind = 0; kind < NAMES_KINDS; kind++) {
        for (unsigned end = 0; end < 2; end++) {
            struct feature features[FEATURES_MOST];
            size_t n = features_of_edge(end, features);
            for (unsigned i = 0; i < n && i < 2; i++) {
                vector_of_feature(m, kind, features[i], &work->edges[kind][2 * end + i]);
            }
        }
        for (unsigned form = 0; form < FEATURE_FORMS; form++) {
            vector_of_feature(m, kind, feature_of_form(form), &work->forms[kind][form]);
        }
    }
    for (unsigned pass = 0; pass < 2; pass++) {
        viterbi_prepare(m->info->step[pass], &work->steps[pass]);
    }
    work->model = m;
    return 0;
}

static int make_room(struct names_work *w, size_t n)
{
    if (n <= w->cap) {
        return 0;
    }
    size_t cap = n + n / 2 + 1024;
    names_work_free(w);
    w->emissions = nw_malloc(cap * sizeof *w->emissions);
    w->paths = nw_malloc(cap * sizeof *w->paths);
    w->lists = nw_malloc(cap * sizeof *w->lists);
    w->parts = nw_malloc(cap);
    w->sure = nw_malloc(cap);
    w->vectors = nw_malloc(cap * sizeof *w->vectors);
    w->labels = nw_malloc(cap);
    w->labels2 = nw_malloc(cap);
    if (w->emissions == NULL || w->paths == NULL || w->lists == NULL || w->parts == NULL || w->sure == NULL ||
        w->vectors == NULL || w->labels == NULL || w->labels2 == NULL) {
        names_work_free(w);
        return -ENOMEM;
    }
    w->cap = cap;
    return 0;
}

void names_work_free(struct names_work *w)
{
    nw_free(w->emissions);
    nw_free(w->paths);
    nw_free(w->lists);
    nw_free(w->parts);
    nw_free(w->sure);
    nw_free(w->vectors);
    nw_free(w->labels);
    nw_free(w->labels2);
    second_free(w->second);
    nw_free(w->commons);
    *w = (struct names_work){0};
}

/* Asks for the memory by which the phrase of the two tokens from i on will be looked up. */
static void prepare_phrase(const struct document *d, size_t i)
{
    if (i + 1 < d->tokens.n && document_flags(d, i) & TYPE_STARTS) {
        uint64_t hash = gazetteer_hash(GAZETTEER_SEED, document_type(d, i)->hash);
        gazetteer_prepare(d->types->gazetteer, gazetteer_hash(hash, document_type(d, i + 1)->hash));
    }
}

void phrases_mark(const struct document *d, uint16_t *lists, uint8_t *parts)
{
    if (d->tokens.n == 0)
        return; /* there may be no room to clear */
    memset(lists, 0, d->tokens.n * sizeof *lists);
    memset(parts, 0, d->tokens.n);
    for (size_t i = 0; i < d->tokens.n; i++) {
        struct lookup found;
        prepare_phrase(d, i + PHRASES_AHEAD);
        if (!(document_flags(d, i) & TYPE_STARTS) || !lookup_longest(d, i, 0xFFFF, &found) || found.last == i) {
            continue;
        }
        for (size_t k = i; k <= found.last; k++) {
            lists[k] = found.slot->lists;
            parts[k] = k == i ? 1 : k == found.last ? 3 : 2;
        }
        i = found.last;
    }
}

bool sentence_in_capitals(const struct document *d, size_t from, size_t to)
{
    size_t capitals = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t flags = document_flags(d, i);
        if (flags & TYPE_LOWER || ((flags & TYPE_CAPITAL) && !(flags & TYPE_CAPITALS) && d->tokens.v[i].letters > 2)) {
            return false;
        }
        capitals += (flags & TYPE_CAPITALS) != 0;
    }
    return capitals > 1;
}

unsigned sentence_form(const struct document *d, size_t from, size_t to)
{
    size_t numbers = 0;
    bool dated = false;
    for (size_t i = from; i < to; i++) {
        if (document_flags(d, i) & TYPE_DIGITS) {
            numbers++;
            struct nw_str s = document_token(d, i);
            dated |= s.n == 10 && s.p[4] == '-' && s.p[7] == '-';
        }
    }
    const struct token *last = &d->tokens.v[to - 1];
    bool ended = (last->flags & TYPE_MARK) && strchr(".?!\"", last->mark) && last->mark;
    unsigned length = to - from <= 4 ? 0 : to - from <= 12 ? 1 : 2;
    bool capitals = sentence_in_capitals(d, from, to);
    return (((length * 2 + ended) * 2 + (4 * numbers >= to - from)) * 2 + dated) * 2 + capitals;
}

unsigned names_kind(const struct names_model *m, const struct document *d)
{
    float sum = m->info->sport_bias;
    for (size_t i = 0; i < d->tokens.n; i++) {
        /* What a new word will wait for in memory, here and for its vectors, is asked for some words before. */
        const struct word_type *coming = i + AHEAD < d->tokens.n ? document_type(d, i + AHEAD) : NULL;
        if (coming && !(coming->flags & TYPE_KIND)) {
            names_rows_prepare(&m->rows, feature_of_sport(coming->lower));
            clusters_prepare(&m->clusters, coming->lower);
        }
        struct word_type *w = &d->types->v[d->tokens.v[i].type];
        if (!(w->flags & TYPE_KIND)) {
            const struct names_row *row = names_rows_find(&m->rows, feature_of_sport(w->lower));
            w->sport = row ? row->w[0][0] : (int8_t)0;
            w->flags |= TYPE_KIND;
        }
        sum += (float)w->sport / 32;
    }
    return sum > 0;
}

/* How much a label beats the best one of another type at a token. */
static int margin_of(const int16_t *emission, unsigned label)
{
    int best = INT16_MIN;
    for (unsigned k = 0; k < LABELS; k++) {
        if (label_type(k) != label_type(label) && emission[k] > best) {
            best = emission[k];
        }
    }
    return emission[label] - best;
}

static int put_names(const struct names_model *m, const struct names_work *work, struct document *d)
{
    d->names.n = 0;
    const uint8_t *labels = work->labels2;
    for (size_t i = 0; i < d->tokens.n; i++) {
        if (labels[i] == 0) {
            continue;
        }
        enum name_type type = (enum name_type)label_type(labels[i]);
        size_t last = i;
        int margin = margin_of(work->emissions[i].v, labels[i]);
        if ((labels[i] - 1) % 3 == LABEL_B) {
            while (document_goes_on(d, last) && labels[last + 1] == label_of(type, LABEL_I)) {
                last++;
                int here = margin_of(work->emissions[last].v, labels[last]);
                margin = here < margin ? here : margin;
            }
        }
        struct name *name = names_add(&d->names);
        if (name == NULL) {
            return -ENOMEM;
        }
        name->first = (uint32_t)i;
        name->last = (uint32_t)last;
        name->type = type;
        name->by = "model:names";
        name->confidence = 1 / (1 + expf(-(m->info->slope[type] * (float)margin / NAMES_SCALE + m->info->bias[type])));
        i = last;
    }
    return 0;
}

/* Labels of the sentence [from, to). Tokens whose O leads by far are O whatever stands beside them: the best path is
 * sought only between them. */
static void decode(const struct names_info *info, unsigned pass, const struct names_work *work, size_t from, size_t to,
                   uint8_t *labels)
{
    for (size_t i = from; i < to;) {
        if (work->sure[i]) {
            labels[i++] = 0;
            continue;
        }
        size_t end = i + 1;
        while (end < to && !work->sure[end]) {
            end++;
        }
        viterbi(&work->steps[pass], work->emissions + i, end - i, i == from ? &info->first[pass] : &info->step[pass][0],
                end < to, work->paths + i, labels + i);
        i = end;
    }
}

int names_run(const struct names_model *m, struct names_work *work, struct document *d)
{
    size_t n = d->tokens.n;
    int rc = make_room(work, n);
    if (rc != 0) {
        return rc;
    }
    if (work->model != m && (rc = prepare(m, work)) != 0) {
        return rc;
    }
    unsigned kind = names_kind(m, d);
    rc = vectors_find(m, work->commons, d, kind, work->vectors);
    if (rc != 0) {
        return rc;
    }
    phrases_mark(d, work->lists, work->parts);
    for (size_t from = 0, to; from < n; from = to) {
        to = sentence_end(d, from);
        emissions_make(m, work, d, from, to, kind);
        decode(m->info, 0, work, from, to, work->labels);
    }
    rc = second_read(&work->second, d, work->labels, work->emissions);
    if (rc != 0) {
        return rc;
    }
    for (size_t from = 0, to; from < n; from = to) {
        to = sentence_end(d, from);
        bool changed = false;
        bool capitals = sentence_in_capitals(d, from, to);
        for (size_t i = from; i < to; i++) {
            uint16_t features[SECOND_MOST];
            size_t count = second_features(work->second, d, work->labels, work->emissions, i, capitals, features);
            if (count) {
                emissions_add(m, work, i, features, count);
                changed = true;
            }
        }
        if (changed) {
            decode(m->info, 1, work, from, to, work->labels2);
        } else {
            memcpy(work->labels2 + from, work->labels + from, to - from);
        }
    }
    rc = put_names(m, work, d);
    if (work->cap > TOKENS_KEPT) {
        names_work_free(work); /* one giant article is no reason to keep its room for ever */
    }
    return rc;
}
