/* Writes a topics model as the tagger reads it (stages/tag/topics.h). */
#include "image_write.h"
#include "topics_trainer.h"
#include "train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint32_t pool_text(char **pool, size_t *n, const char *text)
{
    size_t length = strlen(text) + 1;
    *pool = must(realloc(*pool, *n + length));
    memcpy(*pool + *n, text, length);
    *n += length;
    return (uint32_t)(*n - length);
}

int topics_write(const struct topics_trainer *t, const struct weights *w, const char *path)
{
    uint32_t stride = (uint32_t)(t->label_count + 15) / 16 * 16;
    struct topics_info info = {.labels = (uint32_t)t->label_count,
                               .stride = stride,
                               .cluster_share = t->share,
                               .layout = TOPICS_LAYOUT,
                               .always = t->always};
    struct topics_label *labels = must(calloc(t->label_count + 1, sizeof *labels));
    char *pool = NULL;
    size_t pool_n = 0;
    size_t kept = 0;
    for (size_t l = 0; l < t->label_count; l++) {
        float most = 1e-6F;
        for (size_t f = 0; f < t->feature_count; f++) {
            most = fabsf(w->w[f][l]) > most ? fabsf(w->w[f][l]) : most;
        }
        labels[l] = (struct topics_label){.code = pool_text(&pool, &pool_n, t->labels[l].code),
                                          .name = pool_text(&pool, &pool_n, t->labels[l].name),
                                          .parent = t->labels[l].up,
                                          .bias = w->bias[l],
                                          .threshold = t->thresholds[l],
                                          .scale = most / 127};
    }
    for (size_t f = 0; f < t->feature_count; f++) {
        kept += t->frequency[f] >= 2;
    }
    uint32_t count = (uint32_t)(kept + kept / 4 + 2);
    size_t size = HEAD + stride;
    unsigned char *rows = must(calloc(count, size));
    for (size_t f = 0; f < t->feature_count; f++) {
        if (t->frequency[f] < 2) {
            continue;
        }
        uint32_t print = (uint32_t)(t->hashes[f] >> 32) | 1;
        uint32_t at = clusters_home(t->hashes[f], count);
        uint32_t here;
        while (memcpy(&here, rows + at * size, 4), here) {
            at = at + 1 < count ? at + 1 : 0;
        }
        memcpy(rows + at * size, &print, 4);
        memcpy(rows + at * size + 4, &t->idf[f], 4);
        for (size_t l = 0; l < t->label_count; l++) {
            rows[at * size + HEAD + l] = (unsigned char)(int8_t)lroundf(w->w[f][l] / labels[l].scale);
        }
    }
    struct image_write image = {0};
    image_write_add(&image, "info", &info, sizeof info);
    image_write_add(&image, "labels", labels, t->label_count * sizeof *labels);
    image_write_add(&image, "rows", rows, count * size);
    image_write_add(&image, "pool", pool, pool_n);
    int rc = image_write_to(&image, path, "TOPC", train_content()) != 0;
    printf("%s: %zu labels, %zu features, %.1f MB\n", path, t->label_count, kept, (double)(count * size) / 1e6);
    free(labels);
    free(pool);
    free(rows);
    return rc;
}
