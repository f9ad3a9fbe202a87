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
    given[best] = true;
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
 * rows that have a group, but those of group `without`. A linear map of linear scores folds into the weights. */

static void stack_learn(const struct topics_trainer *t, float (*scores)[TOPICS_MOST], int without, struct stack *s)
{
    enum { ROUNDS = 1500 };
    size_t n = t->label_count;
    memset(s, 0, sizeof *s);
    for (size_t l = 0; l < n; l++) {
        s->a[l][l] = 1;
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t l = 0; l < n; l++) {
            float ga[TOPICS_MOST] = {0};
            float gb = 0;
            size_t rows = 0;
            if (t->labels[l].up >= 0) {
                continue;
            }
            for (size_t i = 0; i < t->n; i++) {
                const struct example *x = &t->examples[i];
                if (x->group < 0 || x->group == without) {
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

void topics_validate(struct topics_trainer *t, struct stack *stack)
{
    float(*scores)[TOPICS_MOST] = must(calloc(t->n + 1, sizeof *scores));
    float(*second)[TOPICS_MOST] = must(calloc(t->n + 1, sizeof *second));
    for (int g = 0; g < t->group_count; g++) {
        struct weights w;
        topics_learn(t, &w, g);
        for (size_t i = 0; i < t->n; i++) {
            if (t->examples[i].group == g) {
                scores_of(t, &w, &t->examples[i], scores[i]);
            }
        }
        weights_free(&w);
    }
    for (int g = 0; g < t->group_count; g++) {
        stack_learn(t, scores, g, stack);
        for (size_t i = 0; i < t->n; i++) {
            if (t->examples[i].group == g) {
                stack_apply(t, stack, scores[i], second[i], true);
            }
        }
    }
    double best = 0;
    float best_shift = 0;
    for (float shift = -4.0F; shift < 1.0F; shift += 0.1F) {
        double f1 = judge_at(t, second, shift, false);
        if (f1 > best) {
            best = f1;
            best_shift = shift;
        }
    }
    printf("cross-validation over %d groups, threshold %.1f\n", t->group_count, (double)best_shift);
    judge_at(t, second, best_shift, true);
    for (size_t l = 0; l < t->label_count; l++) {
        t->thresholds[l] = t->labels[l].up < 0 ? best_shift : 0.0F;
    }
    stack_learn(t, scores, -1, stack);
    free(scores);
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
