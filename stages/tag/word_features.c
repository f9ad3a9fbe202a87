/* Features of the names model: see word_features.h. */
#include "word_features.h"

#include "letters.h"

#include <newswire/hash.h>

/* What a feature is of. */
enum kind {
    KIND_WORD = 1,
    KIND_CASED,
    KIND_SHAPE,
    KIND_SHAPE_FULL,
    KIND_CLUSTER, /* and the CLUSTERS - 1 behind it */
    KIND_FLAGS = 16,
    KIND_PREFIX,
    KIND_SUFFIX,
    KIND_PREFIX_LOWER,
    KIND_SUFFIX_LOWER,
    KIND_LIST,
    KIND_EDGE,
    KIND_TAIL,
    KIND_BIAS,
    KIND_FORM,
};

enum { CODES = 64, BYTES = 4 * CODES };

struct letters {
    char text[BYTES + 8];
    unsigned at[CODES + 1]; /* offsets of the code points, and the end */
    unsigned n;
};

static uint64_t mix(unsigned kind, unsigned place, uint64_t payload)
{
    uint64_t h = payload * UINT64_C(0x9E3779B97F4A7C15) + kind * UINT64_C(0xC2B2AE3D27D4EB4F) +
                 place * UINT64_C(0x165667B19E3779F9);
    h ^= h >> 32;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

static void letters_cut(struct letters *l, struct nw_str s)
{
    l->n = 0;
    size_t at = 0;
    while (at < s.n && l->n < CODES) {
        unsigned bytes;
        letter_at(s, at, &bytes);
        l->at[l->n++] = (unsigned)at;
        at += bytes;
    }
    l->at[l->n] = (unsigned)at;
    memcpy(l->text, s.p, at);
}

static struct nw_str part(const struct letters *l, unsigned from, unsigned to)
{
    return nw_str(l->text + l->at[from], l->at[to] - l->at[from]);
}

/* Xx-d shapes; `runs`: each run of one class once. */
static size_t shape_of(const struct letters *l, bool runs, char out[CODES])
{
    size_t n = 0;
    for (unsigned i = 0; i < l->n; i++) {
        enum letter_class k = letter_class_of(letter_at(part(l, i, l->n), 0, &(unsigned){0}));
        char c = k == LETTER_UPPER ? 'X' : k == LETTER_LOWER ? 'x' : k == LETTER_DIGIT ? 'd' : l->text[l->at[i]];
        if (!(runs && n && out[n - 1] == c)) {
            out[n++] = c;
        }
    }
    return n;
}

struct list {
    struct feature *v;
    size_t n;
};

static void add(struct list *list, enum feature_place place, unsigned kind, uint64_t payload)
{
    if (list->n < FEATURES_MOST) {
        list->v[list->n++] = (struct feature){mix(kind, place, payload), place};
    }
}

static uint32_t flags_of(const struct word_type *w)
{
    return w->flags & (TYPE_CAPITAL | TYPE_CAPITALS | TYPE_DIGITS | TYPE_NUMERIC | TYPE_HYPHEN | TYPE_STOPPED |
                       TYPE_MARK | TYPE_INNER | TYPE_INITIAL | TYPE_LOWER);
}

static void affixes(struct list *list, const struct letters *cased, const struct letters *lower)
{
    for (unsigned k = 1; k <= 5 && k <= cased->n; k++) {
        add(list, PLACE_0, KIND_PREFIX, nw_hash64(part(cased, 0, k), k));
        add(list, PLACE_0, KIND_SUFFIX, nw_hash64(part(cased, cased->n - k, cased->n), k));
    }
    for (unsigned k = 2; k <= 4 && k <= lower->n; k++) {
        add(list, PLACE_0, KIND_PREFIX_LOWER, nw_hash64(part(lower, 0, k), k));
        add(list, PLACE_0, KIND_SUFFIX_LOWER, nw_hash64(part(lower, lower->n - k, lower->n), k));
    }
}

static unsigned lists_of(const struct word_type *w)
{
    return (w->slot ? w->slot->lists : 0U) | (w->slot2 ? w->slot2->lists : 0U);
}

/* Figures are known by their form alone: the features of 1,234.5 are those of 0,000.0. */
static bool is_figure(struct nw_str s)
{
    size_t i = s.n > 1 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    return s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

size_t features_of_letters(struct nw_str word, const struct word_type *w, struct feature out[FEATURES_MOST],
                           struct looks *looks)
{
    struct list list = {out, 0};
    struct letters cased;
    struct letters lower;
    char text[BYTES + 8];
    letters_cut(&cased, word);
    bool figure = is_figure(word);
    for (unsigned i = 0; figure && i < cased.at[cased.n]; i++) {
        cased.text[i] = cased.text[i] >= '0' && cased.text[i] <= '9' ? '0' : cased.text[i];
    }
    size_t n = letters_lower(part(&cased, 0, cased.n), text, BYTES);
    letters_cut(&lower, nw_str(text, n));
    for (size_t i = 0; i < n; i++) {
        text[i] = text[i] >= '0' && text[i] <= '9' ? '0' : text[i];
    }
    uint64_t normal = nw_hash64(nw_str(text, n), 0);
    char shape[CODES];
    uint64_t full = nw_hash64(nw_str(shape, shape_of(&cased, false, shape)), 0);
    *looks = (struct looks){nw_hash64(nw_str(shape, shape_of(&cased, true, shape)), 0), flags_of(w), lists_of(w)};

    for (enum feature_place place = PLACE_M2; place < PLACES; place++) {
        add(&list, place, KIND_WORD, normal);
    }
    for (unsigned k = 0; k < 2; k++) {
        const struct letters *l = k ? &lower : &cased;
        unsigned end = l->n < 3 ? l->n : 3;
        uint64_t suffix = nw_hash64(part(l, l->n - end, l->n), end);
        add(&list, PLACE_M1, k ? KIND_SUFFIX_LOWER : KIND_SUFFIX, suffix);
        add(&list, PLACE_P1, k ? KIND_SUFFIX_LOWER : KIND_SUFFIX, suffix);
    }
    add(&list, PLACE_0, KIND_CASED, nw_hash64(part(&cased, 0, cased.n), 0));
    add(&list, PLACE_0, KIND_SHAPE_FULL, full);
    affixes(&list, &cased, &lower);
    if (w->flags & TYPE_HYPHEN) {
        unsigned k = lower.n;
        while (k > 1 && lower.text[lower.at[k - 1]] != '-') {
            k--;
        }
        add(&list, PLACE_0, KIND_TAIL, nw_hash64(part(&lower, k, lower.n), 0));
        add(&list, PLACE_0, KIND_TAIL, nw_hash64(part(&cased, 0, k > 0 ? k - 1 : 0), 1));
    }
    return list.n;
}

size_t features_of_looks(const struct looks *looks, struct feature *out)
{
    struct list list = {out, 0};
    add(&list, PLACE_0, KIND_BIAS, 0);
    for (enum feature_place place = PLACE_M2; place < PLACES; place++) {
        add(&list, place, KIND_SHAPE, looks->shape);
        if (place >= PLACE_FIRST) {
            add(&list, place, KIND_LIST, looks->lists);
            continue;
        }
        add(&list, place, KIND_FLAGS, looks->flags);
        for (unsigned i = 0; place != PLACE_M2 && place != PLACE_P2 && i < GAZETTEER_LIST_COUNT; i++) {
            if (looks->lists >> i & 1) {
                add(&list, place, KIND_LIST, i);
            }
        }
    }
    return list.n;
}

size_t features_of_cluster(unsigned which, unsigned id, struct feature *out)
{
    struct list list = {out, 0};
    for (enum feature_place place = PLACE_M2; place <= PLACE_P2; place++) {
        add(&list, place, KIND_CLUSTER + which, id);
    }
    for (enum feature_place place = PLACE_FIRST; place < PLACES && (which == 2 || which == 5); place++) {
        add(&list, place, which == 2 ? KIND_CLUSTER : KIND_CLUSTER + 1, id);
    }
    return list.n;
}

size_t features_of(struct nw_str word, struct word_type *w, const struct clusters *clusters,
                   struct feature out[FEATURES_MOST])
{
    struct looks looks;
    size_t n = features_of_letters(word, w, out, &looks);
    n += features_of_looks(&looks, out + n);
    const struct clusters_slot *slot = type_cluster(w, clusters);
    for (unsigned i = 0; i < CLUSTERS; i++) {
        n += features_of_cluster(i, slot ? slot->ids[i] : NO_CLUSTER, out + n);
    }
    return n;
}

struct feature feature_of_form(unsigned form)
{
    return (struct feature){mix(KIND_FORM, PLACE_0, form), PLACE_0};
}

size_t features_of_edge(bool end, struct feature out[FEATURES_MOST])
{
    struct list list = {out, 0};
    add(&list, end ? PLACE_P1 : PLACE_M1, KIND_EDGE, 1);
    add(&list, end ? PLACE_P2 : PLACE_M2, KIND_EDGE, 2);
    return list.n;
}
