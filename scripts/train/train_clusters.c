/*
 * `newswire-train clusters VECTORS FILE`: classes of words out of word vectors (vectors.py), by k-means on the sphere:
 * 64, 256, 1024 (twice, from other starts) and 4096 classes (64 in each of the 64), and a class of frequency. The same
 * input gives the same output.
 */
#include "clusters.h"
#include "image_write.h"
#include "train.h"
#include "vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 14 };

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Classes 0..k-1 of the words in `members`, into of[member]. */
static int k_means(const struct vectors *x, const uint32_t *members, size_t n, size_t k, uint64_t seed, uint16_t *of)
{
    float(*centres)[VECTOR_DIMENSIONS] = calloc(k, sizeof *centres);
    float(*sums)[VECTOR_DIMENSIONS] = calloc(k, sizeof *sums);
    if (centres == NULL || sums == NULL) {
        free(centres);
        free(sums);
        return 1;
    }
    for (size_t c = 0; c < k; c++) {
        /* Frequent words make better starts than rare ones. */
        memcpy(centres[c], x->v[members[random_next(&seed) % (n / 4 + 1)]], sizeof *centres);
    }
    for (int round = 0; round < ROUNDS; round++) {
        memset(sums, 0, k * sizeof *sums);
        for (size_t i = 0; i < n; i++) {
            const float *v = x->v[members[i]];
            float best = -2;
            for (size_t c = 0; c < k; c++) {
                float d = vector_dot(v, centres[c]);
                if (d > best) {
                    best = d;
                    of[members[i]] = (uint16_t)c;
                }
            }
            for (int j = 0; j < VECTOR_DIMENSIONS; j++) {
                sums[of[members[i]]][j] += v[j];
            }
        }
        for (size_t c = 0; c < k; c++) {
            if (vector_dot(sums[c], sums[c]) > 0) {
                memcpy(centres[c], sums[c], sizeof *centres);
                vector_normalise(centres[c]);
            } else {
                memcpy(centres[c], x->v[members[random_next(&seed) % n]], sizeof *centres);
            }
        }
    }
    free(centres);
    free(sums);
    return 0;
}

int train_clusters(int argc, char **argv)
{
    if (argc != 3) {
        return train_usage("clusters VECTORS FILE");
    }
    static const size_t sizes[] = {64, 256, 1024, 1024};
    struct vectors x = {0};
    int rc = vectors_read(&x, argv[1]);
    uint16_t(*ids)[CLUSTERS] = calloc(x.n + 1, sizeof *ids);
    uint16_t *of = calloc(x.n + 1, sizeof *of);
    uint32_t *all = calloc(x.n + 1, sizeof *all);
    uint32_t *members = calloc(x.n + 1, sizeof *members);
    uint32_t count = (uint32_t)(x.n + x.n / 4 + 2);
    struct clusters_slot *slots = calloc(count, sizeof *slots);
    if (rc || ids == NULL || of == NULL || all == NULL || members == NULL || slots == NULL) {
        rc = 1;
        goto out;
    }
    for (uint32_t i = 0; i < x.n; i++) {
        all[i] = i;
        ids[i][5] = (uint16_t)(2 * log2((double)i + 1));
    }
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        rc |= k_means(&x, all, x.n, sizes[s], 7919 * (s + 1), of);
        for (size_t i = 0; i < x.n; i++) {
            ids[i][s] = of[i];
        }
    }
    for (uint16_t c = 0; c < 64; c++) {
        size_t n = 0;
        for (uint32_t i = 0; i < x.n; i++) {
            if (ids[i][0] == c) {
                members[n++] = i;
            }
        }
        if (n) {
            rc |= k_means(&x, members, n, n < 64 ? n : 64, 104729U * (c + 1U), of);
        }
        for (size_t i = 0; i < n; i++) {
            ids[members[i]][4] = (uint16_t)(c * 64 + of[members[i]]);
        }
    }
    for (size_t i = 0; i < x.n; i++) {
        uint32_t at = clusters_home(x.hashes[i], count);
        uint32_t print = (uint32_t)(x.hashes[i] >> 32) | 1;
        while (slots[at].print && slots[at].print != print) {
            at = at + 1 < count ? at + 1 : 0;
        }
        if (slots[at].print == 0) {
            slots[at].print = print;
            memcpy(slots[at].ids, ids[i], sizeof slots[at].ids);
        }
    }
    struct image_write image = {0};
    image_write_add(&image, "clusters", slots, count * sizeof *slots);
    rc = rc || image_write_to(&image, argv[2], "CLUS", train_content()) != 0;
    printf("%s: %zu words\n", argv[2], x.n);
out:
    vectors_free(&x);
    free(ids);
    free(of);
    free(all);
    free(members);
    free(slots);
    return rc;
}
