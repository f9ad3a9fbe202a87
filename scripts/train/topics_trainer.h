/* What the parts of the topics trainer share: train_topics.c learns, topics_validate.c judges. */
#ifndef TRAIN_TOPICS_TRAINER_H
#define TRAIN_TOPICS_TRAINER_H

#include "names.h"
#include "topics.h"
#include "vectors.h"

enum { LINE = 1 << 20, NAME = 96, GROUPS = 32, HEAD = 8, EPOCHS = 40 };

struct example {
    struct topics_feature *v;
    size_t n;
    uint32_t *ids;                /* features by number; UINT32_MAX: too rare */
    float *values;                /* normalised */
    float sum[VECTOR_DIMENSIONS]; /* of its words' vectors, by value: what words of like meaning share */
    bool labels[TOPICS_MOST];
    float weight;
    int group;
    char id[32];
};

struct label {
    char code[NAME], name[NAME], parent[NAME];
    size_t count;
    int up;
};

struct topics_trainer {
    struct types types;
    struct lexicon lexicon;
    struct gazetteer gazetteer, own;
    struct names_model names;
    struct example *examples;
    size_t n, cap;
    struct label *labels;
    size_t label_count, label_cap;
    char groups[GROUPS][NAME];
    int group_count;
    /* features */
    uint64_t *hashes;
    uint32_t *frequency;
    float *idf;
    bool *cluster;
    const float **vectors; /* of a feature that is a word with one; else NULL */
    size_t feature_count, slot_mask;
    uint32_t *slots;
    float share, decay, positive, meaning;
    float hold;           /* how firmly second scores hold to the first; 0: there are none */
    bool always;          /* the best topic is given whatever its score */
    struct vectors words; /* empty: features share nothing */
    float thresholds[TOPICS_MOST];
};

struct weights {
    float (*w)[TOPICS_MOST], (*g)[TOPICS_MOST]; /* VECTOR_DIMENSIONS rows, then one a feature */
    float bias[TOPICS_MOST], gbias[TOPICS_MOST];
};

/* Second scores: each topic without a parent from the first scores of all of them. */
struct stack {
    float a[TOPICS_MOST][TOPICS_MOST], b[TOPICS_MOST];
};

/* Weights learned from all rows but those of the groups `without` and `nor` (-1: none). */
void topics_learn(const struct topics_trainer *trainer, struct weights *weights, int without, int nor);
void weights_free(struct weights *weights);
void scores_of(const struct topics_trainer *trainer, const struct weights *weights, const struct example *x,
               float *out);

/* Judges by cross-validation, sets thresholds, learns the second scores; stack_fold makes them the weights'. */
void topics_validate(struct topics_trainer *trainer, int rings, struct stack *stack);
void stack_fold(const struct topics_trainer *trainer, const struct stack *stack, struct weights *weights);

void *must(void *p); /* ends the program without memory */

#endif
