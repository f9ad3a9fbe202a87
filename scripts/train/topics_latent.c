/*
 * What words have in common with words that keep the same company: the directions along which rows of text differ most
 * (latent semantic analysis), found by subspace iteration over the matrix of rows and words, never held whole.
 */
#include "topics_trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 5 };

typedef float latent[LATENT];

struct text {
    size_t n;
    uint32_t *ids;
    float *values; /* of length 1 */
};

struct texts {
    struct text *v;
    size_t n, cap;
};

/* Words alone, without those that no labelled row has twice. */
static void add_text(const struct topics_trainer *t, struct texts *texts, size_t n, const uint32_t *ids,
                     const float *values)
{
    if (texts->n == texts->cap) {
        texts->cap = texts->cap ? 2 * texts->cap : 4096;
        texts->v = must(realloc(texts->v, texts->cap * sizeof *texts->v));
    }
    struct text *text = &texts->v[texts->n++];
    *text = (struct text){.ids = must(calloc(n + 1, sizeof *text->ids)),
                          .values = must(calloc(n + 1, sizeof *text->values))};
    float square = 0;
    for (size_t k = 0; k < n; k++) {
        if (ids[k] != UINT32_MAX && !t->cluster[ids[k]] && t->frequency[ids[k]] >= 2) {
            text->ids[text->n] = ids[k];
            text->values[text->n++] = values[k];
            square += values[k] * values[k];
        }
    }
    for (size_t k = 0; k < text->n; k++) {
        text->values[k] /= square > 0 ? sqrtf(square) : 1;
    }
}

static int read_texts(struct topics_trainer *t, const char *path, struct texts *texts)
{
    static char line[LINE];
    for (size_t i = 0; i < t->n; i++) {
        add_text(t, texts, t->examples[i].n, t->examples[i].ids, t->examples[i].values);
    }
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    struct topics_features features = {0};
    uint32_t *ids = NULL;
    float *values = NULL;
    int rc = 0;
    while (rc == 0 && fgets(line, sizeof line, f)) {
        struct nw_str rest = nw_str(line, strcspn(line, "\n"));
        for (int skipped = 0; skipped < 3; skipped++) {
            topics_column(&rest);
        }
        struct nw_str title = topics_column(&rest);
        rc = topics_read(t, title, rest, &features);
        ids = must(realloc(ids, (features.n + 1) * sizeof *ids));
        values = must(realloc(values, (features.n + 1) * sizeof *values));
        for (size_t k = 0; k < features.n; k++) {
            ids[k] = topics_feature_number(t, features.v[k].hash, features.v[k].cluster, false);
            values[k] = ids[k] == UINT32_MAX ? 0 : features.v[k].count * t->idf[ids[k]];
        }
        if (rc == 0) {
            add_text(t, texts, features.n, ids, values);
        }
    }
    free(ids);
    free(values);
    topics_features_free(&features);
    fclose(f);
    return rc;
}

/* Rows that have no part in each other, spanning the same space: by the triangle whose square is their products. */
static void part(latent *words, size_t n)
{
    static double triangle[LATENT][LATENT];
    static float products[LATENT][LATENT];
    memset(products, 0, sizeof products);
    for (size_t f = 0; f < n; f++) {
        for (size_t i = 0; i < LATENT; i++) {
            float x = words[f][i];
            for (size_t j = 0; x != 0 && j < LATENT; j++) {
                products[i][j] += x * words[f][j];
            }
        }
    }
    for (size_t i = 0; i < LATENT; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = (double)products[i][j];
            for (size_t k = 0; k < j; k++) {
                sum -= triangle[i][k] * triangle[j][k];
            }
            triangle[i][j] = i == j ? sqrt(sum > 1e-9 ? sum : 1e-9) : sum / triangle[j][j];
        }
    }
    for (size_t f = 0; f < n; f++) {
        for (size_t i = 0; i < LATENT; i++) {
            double sum = (double)words[f][i];
            for (size_t k = 0; k < i; k++) {
                sum -= triangle[i][k] * (double)words[f][k];
            }
            words[f][i] = (float)(sum / triangle[i][i]);
        }
    }
}

/* words = the texts' words, by what the texts hold of the words before. */
static void iterate(const struct texts *texts, latent *words, latent *next, size_t n)
{
    memset(next, 0, n * sizeof *next);
    for (size_t i = 0; i < texts->n; i++) {
        const struct text *text = &texts->v[i];
        latent sum = {0};
        for (size_t k = 0; k < text->n; k++) {
            for (size_t j = 0; j < LATENT; j++) {
                sum[j] += text->values[k] * words[text->ids[k]][j];
            }
        }
        for (size_t k = 0; k < text->n; k++) {
            for (size_t j = 0; j < LATENT; j++) {
                next[text->ids[k]][j] += text->values[k] * sum[j];
            }
        }
    }
    memcpy(words, next, n * sizeof *words);
    part(words, n);
}

int topics_latent(struct topics_trainer *t, const char *path)
{
    struct texts texts = {0};
    int rc = read_texts(t, path, &texts);
    latent *words = must(calloc(t->feature_count + 1, sizeof *words));
    latent *next = must(calloc(t->feature_count + 1, sizeof *next));
    uint64_t random = 7;
    for (size_t f = 0; f < t->feature_count; f++) {
        for (size_t j = 0; j < LATENT; j++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            words[f][j] = (float)(random >> 40) / 8388608.0F - 1;
        }
    }
    for (int round = 0; rc == 0 && round < ROUNDS; round++) {
        iterate(&texts, words, next, t->feature_count);
    }
    for (size_t f = 0; rc == 0 && f < t->feature_count; f++) {
        for (size_t j = 0; j < LATENT; j++) {
            t->meaning[f][VECTOR_DIMENSIONS + j] = t->latent_weight * words[f][j];
        }
    }
    for (size_t i = 0; i < texts.n; i++) {
        free(texts.v[i].ids);
        free(texts.v[i].values);
    }
    free(texts.v);
    free(words);
    free(next);
    return rc;
}
