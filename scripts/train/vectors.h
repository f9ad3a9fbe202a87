/* Word vectors as vectors.py writes them: for classes of words and for what topics share. */
#ifndef TRAIN_VECTORS_H
#define TRAIN_VECTORS_H

#include <stddef.h>
#include <stdint.h>

enum { VECTOR_DIMENSIONS = 100 };

struct vectors {
    size_t n;
    float (*v)[VECTOR_DIMENSIONS]; /* of length 1 */
    uint64_t *hashes;              /* nw_hash64 of the lower-cased word */
};

/* 0, or 1 after a sentence on standard error; vectors_free in both cases. */
int vectors_read(struct vectors *vectors, const char *path);
void vectors_free(struct vectors *vectors);

float vector_dot(const float *restrict a, const float *restrict b);
void vector_normalise(float *v);

#endif
