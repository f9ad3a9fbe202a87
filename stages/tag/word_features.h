/*
 * Features of the names model: what of a word speaks for labels of itself and of its neighbours. Every feature depends
 * on one word alone at one place, so that a word's weights can be summed once (types.h). The trainer and the tagger use
 * this very code.
 */
#ifndef TAG_WORD_FEATURES_H
#define TAG_WORD_FEATURES_H

#include "clusters.h"
#include "types.h"

/* Where the word stands as seen from the token whose label it speaks for. */
enum feature_place {
    PLACE_M2, /* the word before the last */
    PLACE_M1, /* the word before */
    PLACE_0,
    PLACE_P1, /* the word behind */
    PLACE_P2,
    PLACE_FIRST, /* the token itself, when it is the first of its sentence */
    PLACE_CAPS,  /* the token itself, in a sentence all in capitals */
    PLACES
};

struct feature {
    uint64_t hash;
    enum feature_place place;
};

enum { FEATURES_MOST = 192 };

/* Features of a word; returns their number. `word` is the text of the type, or of a figure whose form the type is. */
size_t features_of(struct nw_str word, struct word_type *type, const struct clusters *clusters,
                   struct feature out[FEATURES_MOST]);

/* The same in three parts. The letters are the word's own; its looks and its clusters it shares with many others, so
 * that their weights need to be summed once for all of them. */
struct looks {
    uint64_t shape; /* hash of its shape, runs of one class once */
    uint32_t flags, lists;
};
enum { NO_CLUSTER = 0xFFFF };
size_t features_of_letters(struct nw_str word, const struct word_type *type, struct feature out[FEATURES_MOST],
                           struct looks *looks);
size_t features_of_looks(const struct looks *looks, struct feature *out);
size_t features_of_cluster(unsigned which, unsigned id, struct feature *out);

/* The feature of every token of a sentence of one form: sentence_form's number. */
struct feature feature_of_form(unsigned form);
enum { FEATURE_FORMS = 48 };

/* Features of the place before a sentence (end: behind it). */
size_t features_of_edge(bool end, struct feature out[FEATURES_MOST]);

/* The same feature in articles of one kind. */
static inline uint64_t feature_of_kind(uint64_t hash, unsigned kind)
{
    uint64_t h = (hash ^ (kind + 1) * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 29;
}

/* The row that says how much a word, by the hash of its lower-cased form, speaks for sport. */
static inline uint64_t feature_of_sport(uint64_t lower)
{
    return feature_of_kind(lower, 77);
}

#endif
