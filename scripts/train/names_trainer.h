/* What the parts of the names trainer share: train_names.c learns, names_write.c writes and judges. */
#ifndef TRAIN_NAMES_TRAINER_H
#define TRAIN_NAMES_TRAINER_H

#include "corpus.h"
#include "crf.h"
#include "feature_index.h"

/* Neighbouring documents go to one fold: they share their stories, as test and training copy would not. */
enum { FOLD_RUN = 48, GROUPS = 12, TOKEN_FEATURES = 1024, CHECKS = 8, SPORT_LEAST = 3 };

struct trainer {
    struct corpora corpora;
    struct clusters clusters;
    struct image clusters_image;
    struct feature_index index;
    unsigned groups;
    size_t base;  /* features of words and phrases: one block */
    float *sport; /* by type */
    float sport_bias;
    unsigned *kinds; /* by document */
    struct corpora_marks {
        uint16_t *lists;
        uint8_t *parts;
    } * marks;
    /* one sentence */
    uint32_t *ids, *at;
    size_t ids_cap;
    /* what the rehearsals gave, by document */
    uint8_t **labels;
    float (**emissions)[LANES];
    struct scores **fixed; /* the emissions as the tagger has them */
    int epochs, rehearsals, runs;
    unsigned folds; /* parts for rehearsals */
    double prune;
    size_t rows; /* most to write; 0: all above prune */
    float rate, decay, drop;
    uint64_t random;
};

/* Writes the model; t->rows bounds its rows. 0, or 1 after a sentence. */
int names_write(const struct trainer *t, const struct crf *crf, const struct crf *crf2,
                const float calibration[2][NAME_TYPES], const char *path);

/* Runs a written model over a file and prints its scores. 0, or 1 after a sentence. */
int names_judge(const char *model_path, const char *gazetteer, const char *path);

#endif
