/* Judging the topics model by cross-validation, and its second scores: see topics_trainer.h. */
#include "topics_trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What topics_find would give, by thresholds plus `shift`. */
static void decide(const struct topics_trainer *t, const float *scores, float shift, bool given[TOPICS_MOST])
{
    int best = -1;
    for (size_t l = 0; l < t->label_count; l++) {
        given[l] = scores[l] >= t->thresholds[l] + shift;
        if (t->labels[l].up < 0 && (best < 0 || scores[l] > scores[best])) {
            best = (int)l;
        }
    }
    given[best] |= t->always;
}

static double judge_at(const struct topics_trainer *t, float (*scores)[TOPICS_MOST], float shift, bool print)
{
    size_t right = 0;
    size_t found = 0;
    size_t gold = 0;
    size_t main_right = 0;
    size_t rows = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct example *x = &t->examples[i];
        bool given[TOPICS_MOST];
        if (x->group < 0) {
            continue;
        }
        decide(t, scores[i], shift, given);
        rows++;
        int best = -1;
        for (size_t l = 0; l < t->label_count; l++) {
            if (t->labels[l].up < 0) {
                right += given[l] && x->labels[l];
                found += given[l];
                gold += x->labels[l];
                best = best < 0 || scores[i][l] > scores[i][best] ? (int)l : best;
            }
        }
        main_right += best >= 0 && x->labels[best];
    }
    double f1 = 2.0 * (double)right / (double)(found + gold ? found + gold : 1);
    if (print) {
        printf("  micro P %.4f R %.4f F1 %.4f; best topic right %.3f of %zu\n",
               (double)right / (double)(found ? found : 1), (double)right / (double)(gold ? gold : 1), f1,
               (double)main_right / (double)(rows ? rows : 1), rows);
    }
    return f1;
}

/* Second scores: each topic without a parent from the first scores of all of them, learned from held-out scores of the
 * rows that have a group, but those of the groups `without` and `nor`. A linear map of linear scores folds into the
 * weights. */

static void stack_learn(const struct topics_trainer *t, float (*scores)[TOPICS_MOST], int without, int nor,
                        struct stack *s)
{
    enum { ROUNDS = 1500 };
    size_t n = t->label_count;
    memset(s, 0, sizeof *s);
    for (size_t l = 0; l < n; l++) {
        s->a[l][l] = 1;
    }
    for (int round = 0; round < ROUNDS && t->hold > 0; round++) {
        for (size_t l = 0; l < n; l++) {
            float ga[TOPICS_MOST] = {0};
            float gb = 0;
            size_t rows = 0;
            if (t->labels[l].up >= 0) {
                continue;
            }
            for (size_t i = 0; i < t->n; i++) {
                const struct example *x = &t->examples[i];
                if (x->group < 0 || x->group == without || x->group == nor) {
                    continue;
                }
                float z = s->b[l];
                for (size_t k = 0; k < n; k++) {
                    z += t->labels[k].up < 0 ? s->a[l][k] * scores[i][k] : 0;
                }
                float e = (x->labels[l] ? 1.0F : 0.0F) - 1 / (1 + expf(-z));
                gb += e;
                rows++;
                for (size_t k = 0; k < n; k++) {
                    ga[k] += e * scores[i][k];
                }
            }
            float rate = 0.015F / (float)(rows ? rows : 1);
            s->b[l] += rate * gb;
            for (size_t k = 0; k < n; k++) {
                float prior = k == l ? 1 : 0;
                if (t->labels[k].up < 0) {
                    s->a[l][k] += rate * (ga[k] - t->hold * (s->a[l][k] - prior));
                }
            }
        }
    }
}

static void stack_apply(const struct topics_trainer *t, const struct stack *s, const float *in, float *out, bool bias)
{
    for (size_t l = 0; l < t->label_count; l++) {
        out[l] = in[l];
        if (t->labels[l].up < 0) {
            out[l] = bias ? s->b[l] : 0;
            for (size_t k = 0; k < t->label_count; k++) {
                out[l] += t->labels[k].up < 0 ? s->a[l][k] * in[k] : 0;
            }
        }
    }
}

/* Adds the counts of a group, at a threshold: right, found, gold. */
static void count_group(const struct topics_trainer *t, float (*scores)[TOPICS_MOST], int group, float shift,
                        size_t counts[3])
{
    for (size_t i = 0; i < t->n; i++) {
        const struct example *x = &t->examples[i];
        bool given[TOPICS_MOST];
        if (x->group != group) {
            continue;
        }
        decide(t, scores[i], shift, given);
        for (size_t l = 0; l < t->label_count; l++) {
            if (t->labels[l].up < 0) {
                counts[0] += given[l] && x->labels[l];
                counts[1] += given[l];
                counts[2] += x->labels[l];
            }
        }
    }
}

/* The threshold that is best over all groups that have scores but `without` (-1: all). */
static float best_shift(const struct topics_trainer *t, float (*scores)[TOPICS_MOST], int without)
{
    double best = -1;
    float at = 0;
    for (float shift = -4.0F; shift < 1.0F; shift += 0.05F) {
        size_t c[3] = {0};
        for (int g = 0; g < t->group_count; g++) {
            if (g != without) {
                count_group(t, scores, g, shift, c);
            }
        }
        double f1 = 2.0 * (double)c[0] / (double)(c[1] + c[2] ? c[1] + c[2] : 1);
        if (f1 > best) {
            best = f1;
            at = shift;
        }
    }
    return at;
}

typedef float scores_row[TOPICS_MOST];

/* Scores of group g's rows, by weights that have seen neither g nor h. */
static void score_group(const struct topics_trainer *t, const struct weights *w, int g, scores_row *scores)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->examples[i].group == g) {
            scores_of(t, w, &t->examples[i], scores[i]);
        }
    }
}

/* Second scores of the rows of group `of`, learned from the scores of the groups but `without` and `of`. */
static void second_scores(const struct topics_trainer *t, scores_row *scores, int of, const struct stack *stack,
                          scores_row *second)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->examples[i].group == of) {
            stack_apply(t, stack, scores[i], second[i], true);
        }
    }
}

static void tell(const char *what, const size_t c[3])
{
    printf("%s: micro P %.4f R %.4f F1 %.4f\n", what, (double)c[0] / (double)(c[1] ? c[1] : 1),
           (double)c[0] / (double)(c[2] ? c[2] : 1), 2.0 * (double)c[0] / (double)(c[1] + c[2] ? c[1] + c[2] : 1));
}

/* Each group judged at the threshold that is best for the others. */
static void tell_by_others(const struct topics_trainer *t, scores_row *scores)
{
    size_t counts[3] = {0};
    for (int g = 0; g < t->group_count; g++) {
        count_group(t, scores, g, best_shift(t, scores, g), counts);
    }
    tell("cross-validation, thresholds from the other groups", counts);
}

/*
 * Two rings of cross-validation: what judges group g has seen nothing of it. Within the other groups, each is scored
 * by weights that saw neither it nor g; from these scores come the second scores and the threshold that g is judged by.
 */
void topics_validate(struct topics_trainer *t, int rings, struct stack *stack)
{
    int groups = t->group_count;
    scores_row *outer = must(calloc(t->n + 1, sizeof *outer));
    scores_row *second = must(calloc(t->n + 1, sizeof *second));
    scores_row **inner = must(calloc((size_t)groups, sizeof *inner)); /* inner[g]: of all rows but g's, without g */
    float *shifts = must(calloc((size_t)groups, sizeof *shifts));
    for (int g = 0; g < groups; g++) {
        inner[g] = must(calloc(t->n + 1, sizeof *inner[g]));
    }
    for (int g = 0; g < groups; g++) {
        struct weights w;
        topics_learn(t, &w, g, -1);
        score_group(t, &w, g, outer);
        weights_free(&w);
        for (int h = g + 1; h < groups && rings > 1; h++) {
            topics_learn(t, &w, g, h);
            score_group(t, &w, h, inner[g]);
            score_group(t, &w, g, inner[h]);
            weights_free(&w);
        }
    }
    size_t counts[3] = {0};
    for (int g = 0; g < groups && rings > 1; g++) {
        for (int h = 0; h < groups; h++) {
            if (h != g) {
                stack_learn(t, inner[g], g, h, stack);
                second_scores(t, inner[g], h, stack, second);
            }
        }
        shifts[g] = best_shift(t, second, g);
        stack_learn(t, inner[g], g, -1, stack);
        second_scores(t, outer, g, stack, inner[g]);
        count_group(t, inner[g], g, shifts[g], counts);
    }
    if (rings > 1) {
        tell("the same, second scores too from the other groups", counts);
    }
    /* What ships learns from all groups. */
    for (int g = 0; g < groups; g++) {
        stack_learn(t, outer, g, -1, stack);
        second_scores(t, outer, g, stack, second);
    }
    tell_by_others(t, second);
    float shift = best_shift(t, second, -1);
    printf("with one threshold for all, %.2f:\n", (double)shift);
    judge_at(t, second, shift, true);
    for (size_t l = 0; l < t->label_count; l++) {
        t->thresholds[l] = t->labels[l].up < 0 ? shift : 0.0F;
    }
    stack_learn(t, outer, -1, -1, stack);
    for (int g = 0; g < groups; g++) {
        free(inner[g]);
    }
    free(inner);
    free(shifts);
    free(outer);
    free(second);
}

void stack_fold(const struct topics_trainer *t, const struct stack *stack, struct weights *w)
{
    float out[TOPICS_MOST] = {0};
    for (size_t f = 0; f < t->feature_count; f++) {
        stack_apply(t, stack, w->w[f], out, false);
        memcpy(w->w[f], out, sizeof out);
    }
    stack_apply(t, stack, w->bias, out, true);
    memcpy(w->bias, out, sizeof out);
}
