/* Keywords: see keywords.h. */
#include "keywords.h"

#include <math.h>

static const float UNKNOWN = 13.0F; /* rarity of words that no cluster has: rarer than any of theirs */

static float rarity_of(struct word_type *w, const struct clusters *clusters)
{
    if (w->rank == 0) {
        const struct clusters_slot *slot = type_cluster(w, clusters);
        /* ids[5] is twice the rank's binary logarithm. */
        w->rank = slot && slot->ids[CLUSTERS - 1] < RANK_NONE - 1 ? (uint8_t)(slot->ids[CLUSTERS - 1] + 1) : RANK_NONE;
    }
    return w->rank == RANK_NONE ? UNKNOWN : (float)(w->rank - 1) * 0.5F * 0.693F;
}

static void offer(struct keyword out[KEYWORDS_MOST], size_t *n, struct nw_str text, float score)
{
    if (*n == KEYWORDS_MOST && score <= out[*n - 1].score) {
        return;
    }
    for (size_t i = 0; i < *n; i++) {
        if (nw_str_eq_nocase(out[i].text, text)) {
            return;
        }
    }
    size_t at = *n < KEYWORDS_MOST ? (*n)++ : *n - 1;
    while (at > 0 && out[at - 1].score < score) {
        out[at] = out[at - 1];
        at--;
    }
    out[at] = (struct keyword){text, score};
}

static bool is_candidate(const struct word_type *w)
{
    const uint64_t never = WORD(STOP) | WORD(CUE) | WORD(MONTH) | WORD(WEEKDAY) | WORD(NUMBER) | WORD(MAGNITUDE) |
                           WORD(SPAN) | WORD(DAYPART) | WORD(ORDINAL) | WORD(HONORIFIC) | WORD(CURRENCY) | WORD(UNIT);
    return (w->flags & TYPE_LETTERS) && !(w->flags & (TYPE_STOPPED | TYPE_DIGITS)) && w->letters > 2 &&
           !(w->classes & never);
}

size_t keywords_find(struct document *d, const struct clusters *clusters, struct keyword out[KEYWORDS_MOST])
{
    size_t n = 0;
    float length = logf(10.0F + (float)d->tokens.n);
    /* Names, once each: by their mentions. The word loop leaves out what lies in names. */
    for (uint32_t i = 0; i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        d->names.v[name->canonical].mentions++;
    }
    for (uint32_t i = 0; i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        if (name->canonical != i || name->type == NAME_MISC) {
            continue;
        }
        float early = 1.0F + 1.0F / (1.0F + (float)name->first / 40.0F);
        offer(out, &n, name->label, (float)name->mentions * 7.0F * early / length);
    }
    size_t next = 0;
    /* Which words are common is known of English only. */
    for (size_t k = 0; d->english && k < d->types->present_n; k++) {
        struct word_type *w = &d->types->v[d->types->present[k]];
        size_t i = w->first_token;
        if (!is_candidate(w)) {
            continue;
        }
        while (next < d->names.n && d->names.v[next].last < i) {
            next++;
        }
        if (next < d->names.n && d->names.v[next].first <= i) {
            continue;
        }
        float rarity = rarity_of(w, clusters) - 6.0F; /* the 400 most frequent words are no keywords */
        if (rarity <= 0 || (w->seen < 2 && rarity < 3.0F)) {
            continue;
        }
        float early = 1.0F + 1.0F / (1.0F + (float)i / 40.0F);
        offer(out, &n, document_token(d, i), (float)w->seen * rarity * early / length);
    }
    float best = n ? out[0].score : 1;
    for (size_t i = 0; i < n; i++) {
        out[i].score = best > 0 ? out[i].score / best : 0;
    }
    return n;
}
