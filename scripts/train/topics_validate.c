/* Judging the topics model by cross-validation: see topics_trainer.h. */
#include "topics_trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef float scores_row[TOPICS_MOST];

/* Topics without a parent that are right, found, there to be found; rows whose best one is right; rows. */
struct counts {
    size_t right, found, gold, best_right, rows;
};

static double f1_of(const struct counts *c)
{
    return 2.0 * (double)c->right / (double)(c->found + c->gold ? c->found + c->gold : 1);
}

/* Adds the counts of a group, at a threshold. */
static void count_group(const struct topics_trainer *t, scores_row *scores, int group, float threshold,
                        struct counts *c)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct example *x = &t->examples[i];
        int best = -1;
        if (x->group != group) {
            continue;
        }
        for (size_t l = 0; l < t->label_count; l++) {
            if (t->labels[l].up < 0 && (best < 0 || scores[i][l] > scores[i][best])) {
                best = (int)l;
            }
        }
        for (size_t l = 0; l < t->label_count; l++) {
            bool given = scores[i][l] >= threshold || (t->always && (int)l == best);
            if (t->labels[l].up < 0) {
                c->right += given && x->labels[l];
                c->found += given;
                c->gold += x->labels[l];
            }
        }
        c->best_right += best >= 0 && x->labels[best];
        c->rows++;
    }
}

/* The threshold that is best over all groups but `without` (-1: all). */
static float best_threshold(const struct topics_trainer *t, scores_row *scores, int without)
{
    double best = -1;
    float at = 0;
    for (int step = -50; step <= 25; step++) {
        struct counts c = {0};
        float threshold = (float)step / 50;
        for (int g = 0; g < t->group_count; g++) {
            if (g != without) {
                count_group(t, scores, g, threshold, &c);
            }
        }
        if (f1_of(&c) > best) {
            best = f1_of(&c);
            at = threshold;
        }
    }
    return at;
}

static void score_group(const struct topics_trainer *t, const struct weights *w, int group, scores_row *scores)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->examples[i].group == group) {
            scores_of(t, w, &t->examples[i], scores[i]);
        }
    }
}

static void tell(const char *what, const struct counts *c)
{
    printf("%s: micro P %.4f R %.4f F1 %.4f; best topic right %.3f of %zu\n", what,
           (double)c->right / (double)(c->found ? c->found : 1), (double)c->right / (double)(c->gold ? c->gold : 1),
           f1_of(c), (double)c->best_right / (double)(c->rows ? c->rows : 1), c->rows);
    fflush(stdout);
}

/* Logistic regression of "it has the label" on the held-out scores, by Newton's steps. */
static struct calibration calibrate(const struct topics_trainer *t, scores_row *scores)
{
    enum { STEPS = 20 };
    double slope = 1;
    double bias = 0;
    for (int step = 0; step < STEPS; step++) {
        double g[2] = {0};
        double h[3] = {1e-6, 0, 1e-6};
        for (size_t i = 0; i < t->n; i++) {
            for (size_t l = 0; t->examples[i].group >= 0 && l < t->label_count; l++) {
                double s = (double)scores[i][l];
                double p = 1 / (1 + exp(-(slope * s + bias)));
                double e = (t->examples[i].labels[l] ? 1 : 0) - p;
                g[0] += e * s;
                g[1] += e;
                h[0] += p * (1 - p) * s * s;
                h[1] += p * (1 - p) * s;
                h[2] += p * (1 - p);
            }
        }
        double d = h[0] * h[2] - h[1] * h[1];
        if (d <= 0) {
            break;
        }
        slope += (g[0] * h[2] - g[1] * h[1]) / d;
        bias += (g[1] * h[0] - g[0] * h[1]) / d;
    }
    return (struct calibration){(float)slope, (float)bias};
}

/* A second ring: each group is judged at the threshold that is best for the others, each of which was scored by weights
 * that saw neither it nor the group judged. */
static void judge_unseen(const struct topics_trainer *t, scores_row *scores)
{
    int groups = t->group_count;
    scores_row **inner = must(calloc((size_t)groups + 1, sizeof *inner)); /* inner[g]: without g */
    for (int g = 0; g < groups; g++) {
        inner[g] = must(calloc(t->n + 1, sizeof *inner[g]));
    }
    for (int g = 0; g < groups; g++) {
        for (int h = g + 1; h < groups; h++) {
            struct weights w;
            topics_learn(t, &w, g, h);
            score_group(t, &w, h, inner[g]);
            score_group(t, &w, g, inner[h]);
            weights_free(&w);
        }
    }
    struct counts c = {0};
    for (int g = 0; g < groups; g++) {
        count_group(t, scores, g, best_threshold(t, inner[g], g), &c);
        free(inner[g]);
    }
    free(inner);
    tell("cross-validation, thresholds from weights without the group", &c);
}

void topics_validate(struct topics_trainer *t, int rings, struct calibration *calibration)
{
    scores_row *scores = must(calloc(t->n + 1, sizeof *scores));
    for (int g = 0; g < t->group_count; g++) {
        struct weights w;
        topics_learn(t, &w, g, -1);
        score_group(t, &w, g, scores);
        weights_free(&w);
    }
    struct counts by_others = {0};
    struct counts by_all = {0};
    float threshold = best_threshold(t, scores, -1);
    for (int g = 0; g < t->group_count; g++) {
        count_group(t, scores, g, best_threshold(t, scores, g), &by_others);
        count_group(t, scores, g, threshold, &by_all);
    }
    tell("cross-validation, thresholds from the other groups", &by_others);
    tell("cross-validation, one threshold for all", &by_all);
    if (rings > 1) {
        judge_unseen(t, scores);
    }
    *calibration = calibrate(t, scores);
    for (size_t l = 0; l < t->label_count; l++) {
        t->thresholds[l] = t->labels[l].up < 0 ? threshold * calibration->slope + calibration->bias : 0.0F;
    }
    free(scores);
}
