/*
 * Topics of an article: one linear model a topic over its words (and, where a names model is there, their clusters),
 * each counted once with a damped frequency. One mapped file (image.h) of kind TOPC.
 */
#ifndef TAG_TOPICS_H
#define TAG_TOPICS_H

#include "clusters.h"
#include "document.h"

enum { TOPICS_MOST = 128, TOPICS_CLUSTERS = 64 + 256 + 1024 };

struct topics_label {
    uint32_t code;         /* offset in pool: "20000344" or what the corpus calls it */
    uint32_t name;         /* offset in pool */
    int32_t parent;        /* number of the label above it; -1 none */
    float bias, threshold; /* given when bias + sum is not below threshold */
    float scale;           /* of its weights */
};

struct topics_row {
    uint32_t print; /* high half of the feature's hash, odd; 0: empty */
    float idf;
    int8_t w[TOPICS_MOST]; /* only the first `stride` bytes stand in the file */
};

struct topics_info {
    uint32_t labels, stride; /* bytes of w, a multiple of 16 */
    float cluster_share;     /* weight of the clusters' part beside the words' */
    uint32_t layout;
    uint32_t always; /* 1: the best of the labels without a parent is given whatever its score; 0: an article may have
                        none */
};
enum { TOPICS_LAYOUT = 2 };

struct topics_model {
    struct image image;
    const struct topics_info *info;
    const struct topics_label *labels;
    const unsigned char *rows;
    uint32_t row_count, row_size;
    uint32_t cluster_rows[TOPICS_CLUSTERS]; /* number + 1 of each one's row; 0: none */
    const char *pool;
    uint32_t pool_size;
};

struct topics_score {
    unsigned label;
    float confidence; /* 0 to 1 */
    float relevance;  /* 0 to 1, against the best */
};

/* The features of a document: words and clusters with damped counts. */
struct topics_features {
    struct topics_feature {
        uint64_t hash;
        float count;
        uint32_t number; /* of the word's type, or of the cluster */
        bool cluster;
    } * v;
    size_t n, cap;
    uint16_t clusters[TOPICS_CLUSTERS];     /* counts; all 0 between two documents */
    uint64_t counted[TOPICS_CLUSTERS / 64]; /* bits of those that are not 0 */
};

int topics_model_open(struct topics_model *model, const char *path, char why[IMAGE_WHY]);
int topics_model_over(struct topics_model *model, struct nw_str bytes, char why[IMAGE_WHY]);
void topics_model_close(struct topics_model *model);
struct nw_str topics_text(const struct topics_model *model, uint32_t offset);

/* Collects the features of the types that are present: words first, then clusters. 0 or -ENOMEM. */
int topics_features(struct types *types, const struct clusters *clusters, struct topics_features *features);
void topics_features_free(struct topics_features *features);

/* The topics that the article has, surest first: at most `room`. A label without its parent is never given; the best of
 * the labels without a parent is whatever its score, where the model says so and the article has a known word. `types`
 * are those that the features were collected by; they remember the rows of their words, so all calls for them name the
 * same model. */
size_t topics_find(const struct topics_model *model, struct types *types, const struct topics_features *features,
                   struct topics_score *out, size_t room);

#endif
