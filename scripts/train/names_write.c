/* Writing and judging the names model: see names_trainer.h. */
#include "image_write.h"
#include "names_trainer.h"
#include "second.h"
#include "train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int16_t fixed(float w)
{
    float v = roundf(w * NAMES_SCALE);
    return (int16_t)(v > 30000 ? 30000 : v < -30000 ? -30000 : v);
}

static bool make_row(const float sums[NAMES_KINDS][LABELS], double prune, struct names_row *row, float *weight)
{
    float most = 0;
    for (unsigned i = 0; i < NAMES_KINDS * LABELS; i++) {
        float w = fabsf(sums[i / LABELS][i % LABELS]);
        most = w > most ? w : most;
    }
    *weight = most;
    if (most < (float)prune * NAMES_SCALE) {
        return false;
    }
    uint8_t shift = 0;
    while (most / (float)(1 << shift) > 127 && shift < 7) {
        shift++;
    }
    *row = (struct names_row){.shift = shift};
    for (unsigned i = 0; i < NAMES_KINDS * LABELS; i++) {
        float v = roundf(sums[i / LABELS][i % LABELS] / (float)(1 << shift));
        row->w[i / LABELS][i % LABELS] = (int8_t)(v > 127 ? 127 : v < -127 ? -127 : v);
    }
    return true;
}

static void fill_info(struct names_info *info, const struct crf *crf, unsigned pass)
{
    for (unsigned i = 0; i < LANES; i++) {
        info->first[pass].v[i] = i < LABELS && (i == 0 || (i - 1) % 3 != LABEL_I) ? fixed(crf->first[i]) : -12000;
        for (unsigned k = 0; k < LANES; k++) {
            info->step[pass][i].v[k] =
                i < LABELS && k < LABELS && label_may_follow(i, k) ? fixed(crf->step[i][k]) : -12000;
        }
    }
}

/* Every row there is: calls back with hash and row. */
struct row_list {
    uint64_t *hashes;
    struct names_row *rows;
    float *weights; /* the largest of each */
    size_t n;
};

static void collect_rows(const struct trainer *t, const struct crf *crf, struct row_list *list)
{
    for (size_t f = 0; f < t->index.n; f++) {
        float sums[NAMES_KINDS][LABELS];
        for (unsigned kind = 0; kind < NAMES_KINDS; kind++) {
            for (unsigned k = 0; k < LABELS; k++) {
                float w = crf->w[f][k] + crf->w[t->base * (1 + kind) + f][k];
                w += t->groups > 1 ? crf->w[t->base * (1 + NAMES_KINDS) + f][k] : 0;
                sums[kind][k] = w * NAMES_SCALE;
            }
        }
        if (make_row((const float(*)[LABELS])sums, t->prune, &list->rows[list->n], &list->weights[list->n])) {
            list->hashes[list->n++] = t->index.hashes[f];
        }
    }
    for (size_t i = 0; i < t->corpora.types.n; i++) {
        int8_t odds = (int8_t)(t->sport[i] * 32);
        if (odds) {
            uint64_t hash = feature_of_sport(t->corpora.types.v[i].lower);
            list->rows[list->n] = (struct names_row){.w = {{odds}}};
            list->weights[list->n] = 1e9F;
            list->hashes[list->n++] = hash;
        }
    }
}

static int by_weight(const void *a, const void *b)
{
    float x = *(const float *)a;
    float y = *(const float *)b;
    return x > y ? -1 : x < y;
}

/* Leaves out the rows of the smallest weights, so that at most t->rows stay. */
static void prune_rows(const struct trainer *t, struct row_list *list)
{
    if (t->rows == 0 || list->n <= t->rows) {
        return;
    }
    float *sorted = malloc(list->n * sizeof *sorted);
    if (sorted == NULL) {
        abort();
    }
    memcpy(sorted, list->weights, list->n * sizeof *sorted);
    qsort(sorted, list->n, sizeof *sorted, by_weight);
    float least = sorted[t->rows];
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->weights[i] > least) {
            list->hashes[n] = list->hashes[i];
            list->rows[n++] = list->rows[i];
        }
    }
    list->n = n;
    printf("rows below %.3f left out\n", (double)least / NAMES_SCALE);
    free(sorted);
}

int names_write(const struct trainer *t, const struct crf *crf, const struct crf *crf2,
                const float calibration[2][NAME_TYPES], const char *path)
{
    struct names_info info = {.layout = NAMES_LAYOUT, .second = SECOND_COUNT, .sport_bias = t->sport_bias};
    fill_info(&info, crf, 0);
    fill_info(&info, crf2, 1);
    memcpy(info.slope, calibration[0], sizeof info.slope);
    memcpy(info.bias, calibration[1], sizeof info.bias);
    size_t most = t->index.n + t->corpora.types.n + 1;
    struct row_list list = {malloc(most * sizeof(uint64_t)), malloc(most * sizeof(struct names_row)),
                            malloc(most * sizeof(float)), 0};
    struct scores *phrases = calloc((size_t)NAMES_KINDS * PHRASE_ROWS, sizeof *phrases);
    struct scores *second = calloc(SECOND_COUNT, sizeof *second);
    if (!list.hashes || !list.rows || !list.weights || !phrases || !second) {
        return 1;
    }
    collect_rows(t, crf, &list);
    prune_rows(t, &list);
    uint32_t buckets = (uint32_t)(list.n + list.n / 4) / ROWS_BUCKET + 1;
    uint32_t count = buckets * ROWS_BUCKET;
    struct names_row *rows = calloc(count, sizeof *rows);
    uint8_t *tags = calloc(count, sizeof *tags);
    if (rows == NULL || tags == NULL) {
        return 1;
    }
    for (size_t i = 0; i < list.n; i++) {
        names_rows_put(tags, rows, buckets, list.hashes[i], &list.rows[i]);
    }
    for (unsigned kind = 0; kind < NAMES_KINDS; kind++) {
        for (unsigned r = 0; r < PHRASE_ROWS; r++) {
            for (unsigned k = 0; k < LABELS; k++) {
                size_t f = t->index.n + r;
                float w = crf->w[f][k] + crf->w[t->base * (1 + kind) + f][k];
                w += t->groups > 1 ? crf->w[t->base * (1 + NAMES_KINDS) + f][k] : 0;
                phrases[kind * PHRASE_ROWS + r].v[k] = fixed(w);
            }
        }
    }
    for (unsigned r = 0; r < SECOND_COUNT; r++) {
        for (unsigned k = 0; k < LABELS; k++) {
            second[r].v[k] = fixed(crf2->w[r][k]);
        }
    }
    struct image_write image = {0};
    image_write_add(&image, "info", &info, sizeof info);
    image_write_add(&image, "tags", tags, count * sizeof *tags);
    image_write_add(&image, "rows", rows, count * sizeof *rows);
    image_write_add(&image, "clusters", t->clusters.slots, t->clusters.count * sizeof *t->clusters.slots);
    image_write_add(&image, "phrases", phrases, (size_t)NAMES_KINDS * PHRASE_ROWS * sizeof *phrases);
    image_write_add(&image, "second", second, SECOND_COUNT * sizeof *second);
    int rc = image_write_to(&image, path, "NAME", train_content()) != 0;
    printf("%s: %zu rows, %.1f MB\n", path, list.n, (double)count * sizeof *rows / 1e6);
    free(list.hashes);
    free(list.rows);
    free(list.weights);
    free(rows);
    free(tags);
    free(phrases);
    free(second);
    return rc;
}

int names_judge(const char *model_path, const char *gazetteer, const char *path)
{
    struct names_model model;
    struct corpora corpora;
    struct names_work work = {0};
    char why[IMAGE_WHY] = "";
    if (names_model_open(&model, model_path, why) != 0 || corpora_init(&corpora, gazetteer) ||
        corpora_read(&corpora, path, 0, 1, false, true)) {
        fprintf(stderr, "%s: %s\n", model_path, why);
        return 1;
    }
    struct span_score score = {.right = {0}};
    struct span_score first = {.right = {0}};
    double calibration[10][2] = {{0}};
    for (size_t d = 0; d < corpora.n; d++) {
        struct corpus_document *x = &corpora.v[d];
        if (names_run(&model, &work, &x->document) != 0) {
            return 1;
        }
        for (size_t from = 0, to; from < x->document.tokens.n; from = to) {
            to = sentence_end(&x->document, from);
            span_count(&first, x->gold + from, work.labels + from, to - from);
            span_count(&score, x->gold + from, work.labels2 + from, to - from);
        }
        for (size_t i = 0; i < x->document.names.n; i++) {
            const struct name *name = &x->document.names.v[i];
            bool right = name->first == name->last ? x->gold[name->first] == label_of(name->type, LABEL_S)
                                                   : x->gold[name->first] == label_of(name->type, LABEL_B) &&
                                                         memcmp(x->gold + name->first, work.labels2 + name->first,
                                                                name->last - name->first + 1) == 0;
            int bin = (int)(name->confidence * 9.999F);
            calibration[bin][0] += right;
            calibration[bin][1] += 1;
        }
    }
    printf("%s\n", path);
    span_print(&first, "  first pass ");
    span_print(&score, "  second pass");
    printf("  confidence: share right ");
    for (int i = 0; i < 10; i++) {
        printf(" .%d: %.2f (%.0f)", i, calibration[i][1] > 0 ? calibration[i][0] / calibration[i][1] : 0,
               calibration[i][1]);
    }
    printf("\n");
    names_work_free(&work);
    names_model_close(&model);
    corpora_free(&corpora);
    return 0;
}
