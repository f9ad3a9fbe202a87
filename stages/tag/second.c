/* Second pass of the names model: see second.h. Two tables by hash, made anew for each article. */
#include "second.h"

#include "names.h"

#include <errno.h>
#include <newswire/alloc.h>

enum { PLACES_OF_A_WORD = 17, PLACE_S = 0, PLACE_B, PLACE_M, PLACE_E };

/* Where a lower-cased word stood: 0 in no name, else 1 + 4 type + place. */
struct word_places {
    uint32_t counts[PLACES_OF_A_WORD];
    uint32_t total;
    int32_t scores[NAME_TYPES + 1]; /* sums of its tokens' best scores by type */
    uint8_t majority;               /* 1 + the type that it mostly has; 0: not asked yet */
};

struct strings {
    uint32_t counts[NAME_TYPES];
};

struct second {
    uint64_t *word_keys, *string_keys; /* 0: an empty place, whatever the tables hold there */
    struct word_places *words;
    struct strings *strings;
    uint32_t *word_of;   /* slot of each token's word + 1; 0: none kept */
    uint32_t *string_of; /* slot of the name that holds the token + 1; 0: in none */
    size_t mask;         /* of both tables */
    size_t table_cap, token_cap;
};

static bool wants(const struct document *d, size_t i)
{
    return (document_flags(d, i) & TYPE_CAPITAL) != 0;
}

static unsigned place_of(const struct document *d, const uint8_t *labels, size_t i)
{
    unsigned label = labels[i];
    if (label == 0) {
        return 0;
    }
    unsigned type = label_type(label);
    unsigned part = (label - 1) % 3;
    unsigned place = part == LABEL_S ? PLACE_S : part == LABEL_B ? PLACE_B : PLACE_E;
    if (part == LABEL_I && document_goes_on(d, i) && labels[i + 1] == label) {
        place = PLACE_M;
    }
    return 1 + 4 * type + place;
}

/* Best score of each type at a token, O last. */
static void type_scores(const struct scores *e, int32_t out[NAME_TYPES + 1])
{
    for (unsigned t = 0; t < NAME_TYPES; t++) {
        const int16_t *v = e->v + 1 + 3 * t;
        int16_t best = v[0] > v[1] ? v[0] : v[1];
        out[t] = best > v[2] ? best : v[2];
    }
    out[NAME_TYPES] = e->v[0];
}

/* The best type, and by how much it leads. */
static unsigned best_type(const int32_t scores[NAME_TYPES + 1], int32_t *lead)
{
    unsigned best = 0;
    for (unsigned t = 1; t <= NAME_TYPES; t++) {
        best = scores[t] > scores[best] ? t : best;
    }
    *lead = INT32_MAX;
    for (unsigned t = 0; t <= NAME_TYPES; t++) {
        if (t != best && scores[best] - scores[t] < *lead) {
            *lead = scores[best] - scores[t];
        }
    }
    return best;
}

static unsigned lead_class(int32_t lead)
{
    return lead < NAMES_SCALE * 3 / 2 ? 0 : lead < NAMES_SCALE * 4 ? 1 : 2;
}

static int make_room(struct second *s, size_t tokens, size_t capitals)
{
    size_t size = 64;
    while (size < capitals * 2) {
        size *= 2;
    }
    if (size > s->table_cap) {
        struct word_places *words = nw_realloc(s->words, size * sizeof *words);
        if (words == NULL) {
            return -ENOMEM;
        }
        s->words = words;
        struct strings *strings = nw_realloc(s->strings, size * sizeof *strings);
        if (strings == NULL) {
            return -ENOMEM;
        }
        s->strings = strings;
        uint64_t *keys = nw_realloc(s->word_keys, 2 * size * sizeof *keys);
        if (keys == NULL) {
            return -ENOMEM;
        }
        s->word_keys = keys;
        s->table_cap = size;
    }
    if (tokens > s->token_cap) {
        size_t cap = tokens + tokens / 2;
        uint32_t *word_of = nw_realloc(s->word_of, cap * sizeof *word_of);
        if (word_of == NULL) {
            return -ENOMEM;
        }
        s->word_of = word_of;
        uint32_t *string_of = nw_realloc(s->string_of, cap * sizeof *string_of);
        if (string_of == NULL) {
            return -ENOMEM;
        }
        s->string_of = string_of;
        s->token_cap = cap;
    }
    s->mask = size - 1;
    s->string_keys = s->word_keys + size;
    memset(s->word_keys, 0, 2 * size * sizeof *s->word_keys);
    return 0;
}

/* Counts the name that begins at token i; its tokens point to its string. */
static void count_string(struct second *s, const struct document *d, const uint8_t *labels, size_t i)
{
    unsigned type = label_type(labels[i]);
    size_t last = i;
    uint64_t key = GAZETTEER_SEED;
    for (;;) {
        key = gazetteer_hash(key, document_type(d, last)->lower);
        if (!document_goes_on(d, last) || labels[last + 1] != label_of((enum name_type)type, LABEL_I) ||
            (labels[i] - 1) % 3 == LABEL_S) {
            break;
        }
        last++;
    }
    key |= 1;
    size_t at = key >> 20 & s->mask;
    while (s->string_keys[at] && s->string_keys[at] != key) {
        at = (at + 1) & s->mask;
    }
    if (s->string_keys[at] == 0) {
        s->string_keys[at] = key;
        s->strings[at] = (struct strings){{0}};
    }
    s->strings[at].counts[type]++;
    for (size_t k = i; k <= last; k++) {
        s->string_of[k] = (uint32_t)at + 1;
    }
}

int second_read(struct second **second, const struct document *d, const uint8_t *labels, const struct scores *emissions)
{
    if (*second == NULL) {
        *second = nw_calloc(1, sizeof **second);
        if (*second == NULL) {
            return -ENOMEM;
        }
    }
    struct second *s = *second;
    size_t capitals = 0;
    for (size_t i = 0; i < d->tokens.n; i++) {
        capitals += wants(d, i) || labels[i] != 0;
    }
    int rc = make_room(s, d->tokens.n, capitals);
    if (rc != 0) {
        return rc;
    }
    for (size_t i = 0; i < d->tokens.n; i++) {
        s->word_of[i] = 0;
        s->string_of[i] = 0;
    }
    for (size_t i = 0; i < d->tokens.n; i++) {
        const struct word_type *w = document_type(d, i);
        if (labels[i] != 0 && (labels[i] - 1) % 3 != LABEL_I) {
            count_string(s, d, labels, i);
        }
        if (!wants(d, i)) {
            continue;
        }
        uint64_t key = w->lower | 1;
        size_t at = key >> 20 & s->mask;
        while (s->word_keys[at] && s->word_keys[at] != key) {
            at = (at + 1) & s->mask;
        }
        if (s->word_keys[at] == 0) {
            s->word_keys[at] = key;
            s->words[at] = (struct word_places){.total = 0};
        }
        struct word_places *word = &s->words[at];
        int32_t scores[NAME_TYPES + 1];
        type_scores(&emissions[i], scores);
        word->counts[place_of(d, labels, i)]++;
        word->total++;
        for (unsigned t = 0; t <= NAME_TYPES; t++) {
            word->scores[t] += scores[t];
        }
        s->word_of[i] = (uint32_t)at + 1;
    }
    return 0;
}

static unsigned share_class(uint32_t top, uint32_t total)
{
    return top == total ? 2 : 5 * top >= 3 * total ? 1 : 0;
}

/* Type that a word mostly has in the article, 5 when it is none of those kept. */
static unsigned whole_majority(const struct second *s, size_t i)
{
    if (s->word_of[i] == 0) {
        return 5;
    }
    struct word_places *w = &s->words[s->word_of[i] - 1];
    if (w->majority == 0) {
        uint32_t by_type[NAME_TYPES + 1] = {0};
        for (unsigned p = 0; p < PLACES_OF_A_WORD; p++) {
            by_type[p == 0 ? NAME_TYPES : (p - 1) / 4] += w->counts[p];
        }
        unsigned best = NAME_TYPES;
        for (unsigned t = 0; t < NAME_TYPES; t++) {
            best = by_type[t] > by_type[best] ? t : best;
        }
        w->majority = (uint8_t)(best + 1);
    }
    return w->majority - 1U;
}

size_t second_features(const struct second *s, const struct document *d, const uint8_t *labels,
                       const struct scores *emissions, size_t i, bool capitals, uint16_t out[SECOND_MOST])
{
    if (s->word_of[i] == 0) {
        return 0;
    }
    const struct word_places *w = &s->words[s->word_of[i] - 1];
    unsigned label = labels[i];
    unsigned own = place_of(d, labels, i);
    unsigned own_type = label_type(label);
    uint32_t by_type[NAME_TYPES + 1] = {0};
    uint32_t best_place = 0;
    uint32_t best_longer = 0;
    unsigned place = 0;
    unsigned longer = 12;
    uint32_t others = w->total - 1;
    for (unsigned p = 0; others && p < PLACES_OF_A_WORD; p++) {
        uint32_t n = w->counts[p] - (p == own);
        by_type[p == 0 ? NAME_TYPES : (p - 1) / 4] += n;
        if (n > best_place) {
            best_place = n;
            place = p;
        }
        if (p > 0 && (p - 1) % 4 != PLACE_S && n > best_longer) {
            best_longer = n;
            longer = (p - 1) / 4 * 3 + ((p - 1) % 4 - 1);
        }
    }
    unsigned majority = 5;
    unsigned share = 0;
    int32_t scores[NAME_TYPES + 1];
    int32_t lead;
    type_scores(&emissions[i], scores);
    best_type(scores, &lead);
    unsigned sure = lead_class(lead);
    unsigned soft = 5;
    unsigned soft_sure = 0;
    if (others) {
        majority = NAME_TYPES;
        for (unsigned t = 0; t < NAME_TYPES; t++) {
            majority = by_type[t] > by_type[majority] ? t : majority;
        }
        share = share_class(by_type[majority], others);
        for (unsigned t = 0; t <= NAME_TYPES; t++) {
            scores[t] = (w->scores[t] - scores[t]) / (int32_t)others;
        }
        soft = best_type(scores, &lead);
        soft_sure = lead_class(lead);
    }
    size_t n = 0;
    out[n++] = (uint16_t)(SECOND_LABEL + label);
    out[n++] = (uint16_t)(SECOND_MAJORITY + (((capitals ? 6U : 0U) + majority) * 3 + share) * 5 + own_type);
    out[n++] = (uint16_t)(SECOND_SOFT + ((own_type * 3 + sure) * 6 + soft) * 3 + soft_sure);
    if (others) {
        out[n++] = (uint16_t)(SECOND_PLACE + place * 13 + label);
    }
    if (s->string_of[i]) {
        const struct strings *string = &s->strings[s->string_of[i] - 1];
        unsigned best = 5;
        uint32_t count = 0;
        for (unsigned t = 0; t < NAME_TYPES; t++) {
            uint32_t k = string->counts[t] - (t == own_type);
            if (k > count) {
                count = k;
                best = t;
            }
        }
        out[n++] = (uint16_t)(SECOND_STRING + (best * 3 + (count > 2 ? 2 : count > 1)) * 5 + own_type);
    }
    out[n++] = (uint16_t)(SECOND_LONGER + longer * 13 + label);
    if (i > 0 && !(d->tokens.v[i].marks & TOKEN_SENTENCE)) {
        out[n++] = (uint16_t)(SECOND_BEFORE + whole_majority(s, i - 1) * 5 + own_type);
    }
    if (document_goes_on(d, i)) {
        out[n++] = (uint16_t)(SECOND_BEHIND + whole_majority(s, i + 1) * 5 + own_type);
    }
    return n;
}

void second_free(struct second *s)
{
    if (s) {
        nw_free(s->word_keys);
        nw_free(s->words);
        nw_free(s->strings);
        nw_free(s->word_of);
        nw_free(s->string_of);
        nw_free(s);
    }
}
