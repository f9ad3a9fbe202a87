/* What the parts of the topics trainer share: train_topics.c reads, topics_learn.c and topics_latent.c learn,
 * topics_validate.c judges, topics_write.c writes. */
#ifndef TRAIN_TOPICS_TRAINER_H
#define TRAIN_TOPICS_TRAINER_H

#include "names.h"
#include "topics.h"
#include "vectors.h"

enum { LINE = 1 << 20, NAME = 96, GROUPS = 32, HEAD = 8 };

/* A word's meaning: its vector, and what it has in common with words that keep the same company. */
enum { LATENT = 128, MEANING = VECTOR_DIMENSIONS + LATENT };

struct example {
    struct topics_feature *v;
    size_t n;
    uint32_t *ids;  /* features by number; UINT32_MAX: too rare */
    float *values;  /* normalised */
    float *meaning; /* sum of its words', by value; NULL: they have none */
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
    float (*meaning)[MEANING]; /* of each feature; NULL: none is known */
    size_t feature_count, slot_mask;
    uint32_t *slots;
    float share, cost, positive, vectors_weight, latent_weight;
    bool always; /* the best topic is given whatever its score */
    float thresholds[TOPICS_MOST];
};

struct weights {
    float (*w)[TOPICS_MOST]; /* MEANING rows, then one a feature */
    float bias[TOPICS_MOST];
};

/* What makes a score the logarithm of the odds that the label is right. */
struct calibration {
    float slope, bias;
};

/* The text's features. 0, or 1 without memory. */
int topics_read(struct topics_trainer *trainer, struct nw_str title, struct nw_str text,
                struct topics_features *features);
/* Takes the text before the next TAB, or all of it, off the rest. */
struct nw_str topics_column(struct nw_str *rest);
/* Number of a feature; UINT32_MAX: it has none, and `make` is false. */
uint32_t topics_feature_number(struct topics_trainer *trainer, uint64_t hash, bool cluster, bool make);

/* Fills the latent part of the words' meaning from the trainer's rows and those of the file. 0, or 1 after a sentence.
 */
int topics_latent(struct topics_trainer *trainer, const char *path);

/* Weights learned from all rows but those of the groups `without` and `nor` (-1: none). */
void topics_learn(const struct topics_trainer *trainer, struct weights *weights, int without, int nor);
void weights_free(struct weights *weights);
void scores_of(const struct topics_trainer *trainer, const struct weights *weights, const struct example *x,
               float *out);
/* Makes them those of the model that is written: calibrated, of words alone, the first row that of feature 0. */
void weights_fold(const struct topics_trainer *trainer, struct weights *weights, const struct calibration *calibration);

/* Judges by cross-validation; sets thresholds, in calibrated scores. */
void topics_validate(struct topics_trainer *trainer, int rings, struct calibration *calibration);

/* Writes the model of folded weights. 0, or 1 after a sentence. */
int topics_write(const struct topics_trainer *trainer, const struct weights *weights, const char *path);

void *must(void *p); /* ends the program without memory */

#endif
