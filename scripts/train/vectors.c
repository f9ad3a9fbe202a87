/* Word vectors: see vectors.h. */
#include "vectors.h"

#include <math.h>
#include <newswire/hash.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORD_MOST = 256 };

float vector_dot(const float *restrict a, const float *restrict b)
{
    float sum[4] = {0};
    for (int i = 0; i < VECTOR_DIMENSIONS; i += 4) {
        for (int k = 0; k < 4; k++) {
            sum[k] += a[i + k] * b[i + k];
        }
    }
    return sum[0] + sum[1] + sum[2] + sum[3];
}

void vector_normalise(float *v)
{
    float length = sqrtf(vector_dot(v, v));
    for (int i = 0; i < VECTOR_DIMENSIONS && length > 0; i++) {
        v[i] /= length;
    }
}

int vectors_read(struct vectors *x, const char *path)
{
    int32_t head[2];
    int rc = 1;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fread(head, sizeof head, 1, f) != 1 || head[1] != VECTOR_DIMENSIONS || head[0] < 1) {
        fprintf(stderr, "%s: no file of vectors.py with %d dimensions\n", path, VECTOR_DIMENSIONS);
        goto out;
    }
    x->n = (size_t)head[0];
    x->v = calloc(x->n, sizeof *x->v);
    x->hashes = calloc(x->n, sizeof *x->hashes);
    if (x->v == NULL || x->hashes == NULL) {
        goto out;
    }
    for (size_t i = 0; i < x->n; i++) {
        int32_t bytes;
        char word[WORD_MOST];
        if (fread(&bytes, sizeof bytes, 1, f) != 1 || bytes < 0 || bytes > WORD_MOST ||
            fread(word, 1, (size_t)bytes, f) != (size_t)bytes || fread(x->v[i], sizeof x->v[i], 1, f) != 1) {
            fprintf(stderr, "%s: ends in the middle of word %zu\n", path, i);
            goto out;
        }
        x->hashes[i] = nw_hash64(nw_str(word, (size_t)bytes), 0);
        vector_normalise(x->v[i]);
    }
    rc = 0;
out:
    if (f) {
        fclose(f);
    }
    return rc;
}

void vectors_free(struct vectors *x)
{
    free(x->v);
    free(x->hashes);
    *x = (struct vectors){0};
}
