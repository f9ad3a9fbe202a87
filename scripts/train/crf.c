/* Training of the conditional random field: see crf.h. Sums are of probabilities, scaled to 1 at each token. */
#include "crf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float IMPOSSIBLE = -1e4F;

enum { LINE = 64, AHEAD = 12 };

/* Zeroed rows of weights, each in one line of the processor's cache; NULL without memory. */
static void *rows_new(size_t n, size_t size)
{
    void *rows = aligned_alloc(LINE, (n * size + LINE) / LINE * LINE);
    if (rows) {
        memset(rows, 0, n * size);
    }
    return rows;
}

int crf_init(struct crf *c, size_t features, float rate, float decay, float drop, uint64_t seed)
{
    *c = (struct crf){.features = features, .rate = rate, .decay = decay, .drop = drop, .random = seed};
    c->w = rows_new(features, sizeof *c->w);
    c->g = rows_new(features, sizeof *c->g);
    c->sum = calloc(features, sizeof *c->sum);
    return c->w && c->g && c->sum ? 0 : -ENOMEM;
}

void crf_free(struct crf *c)
{
    free(c->w);
    free(c->g);
    free(c->sum);
    free(c->e);
    free(c->alpha);
    free(c->beta);
    free(c->d);
    free(c->masked);
    free(c->kept);
    *c = (struct crf){0};
}

static void grow(struct crf *c, size_t n, size_t ids)
{
    if (n > c->cap) {
        c->cap = 2 * n;
        float(**arrays[])[LANES] = {&c->e, &c->alpha, &c->beta, &c->d, &c->masked};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
            *arrays[i] = realloc(*arrays[i], c->cap * sizeof(**arrays[i]));
            if (*arrays[i] == NULL) {
                abort();
            }
        }
    }
    if (ids > c->kept_cap) {
        c->kept_cap = 2 * ids;
        c->kept = realloc(c->kept, c->kept_cap * sizeof *c->kept);
        if (c->kept == NULL) {
            abort();
        }
    }
}

static bool dropped(struct crf *c)
{
    c->random = c->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (float)(c->random >> 40) < c->drop * 16777216.0F;
}

static bool may_begin(unsigned k)
{
    return k == 0 || (k - 1) % 3 != LABEL_I;
}

static bool may_end(unsigned k)
{
    return k == 0 || (k - 1) % 3 != LABEL_B;
}

/* Posteriors into p; the log of the sum over all paths. */
static double sums(struct crf *c, size_t n, const float (*e)[LANES], float step[LANES][LANES], float (*p)[LANES],
                   float expected[LANES][LANES], float scale)
{
    double log_sum = 0;
    for (size_t t = 0; t < n; t++) {
        float top = e[t][0];
        for (unsigned k = 1; k < LABELS; k++) {
            top = e[t][k] > top ? e[t][k] : top;
        }
        float in[LANES] = {0};
        if (t == 0) {
            for (unsigned k = 0; k < LABELS; k++) {
                in[k] = may_begin(k) ? expf(c->first[k]) : 0;
            }
        } else {
            for (unsigned i = 0; i < LABELS; i++) {
                for (unsigned k = 0; k < LANES; k++) {
                    in[k] += c->alpha[t - 1][i] * step[i][k];
                }
            }
        }
        float total = 0;
        for (unsigned k = 0; k < LABELS; k++) {
            in[k] *= expf(e[t][k] - top);
            if (t + 1 == n && !may_end(k)) {
                in[k] = 0;
            }
            total += in[k];
        }
        total = total > 0 ? total : 1e-30F;
        for (unsigned k = 0; k < LANES; k++) {
            c->alpha[t][k] = k < LABELS ? in[k] / total : 0;
        }
        log_sum += (double)top + (double)logf(total);
    }
    float beta[LANES];
    for (unsigned k = 0; k < LANES; k++) {
        beta[k] = k < LABELS ? 1 : 0;
    }
    for (size_t t = n; t-- > 0;) {
        float total = 0;
        for (unsigned k = 0; k < LABELS; k++) {
            p[t][k] = c->alpha[t][k] * beta[k];
            total += p[t][k];
        }
        total = total > 0 ? total : 1e-30F;
        for (unsigned k = 0; k < LANES; k++) {
            p[t][k] = k < LABELS ? p[t][k] / total : 0;
        }
        if (t == 0) {
            break;
        }
        /* beta of t - 1, scaled: sum over k of step[i][k] m[k], with m[k] = p[t][k] / (mass that came in). */
        float in[LANES] = {0};
        for (unsigned i = 0; i < LABELS; i++) {
            for (unsigned k = 0; k < LANES; k++) {
                in[k] += c->alpha[t - 1][i] * step[i][k];
            }
        }
        float m[LANES];
        for (unsigned k = 0; k < LANES; k++) {
            m[k] = in[k] > 0 ? p[t][k] / in[k] : 0;
        }
        for (unsigned i = 0; i < LABELS; i++) {
            float s = 0;
            for (unsigned k = 0; k < LABELS; k++) {
                float x = step[i][k] * m[k];
                s += x;
                if (expected) {
                    expected[i][k] += scale * c->alpha[t - 1][i] * x;
                }
            }
            beta[i] = s;
        }
    }
    return log_sum;
}

static void exp_steps(const struct crf *c, float step[LANES][LANES])
{
    for (unsigned i = 0; i < LANES; i++) {
        for (unsigned k = 0; k < LANES; k++) {
            step[i][k] = i < LABELS && k < LABELS && label_may_follow(i, k) ? expf(c->step[i][k]) : 0;
        }
    }
}

static inline void ascend(float *w, float *g, float d, float rate)
{
    *g += d * d;
    *w += rate * d / (sqrtf(*g) + 1e-6F);
}

static void emit(const struct crf *c, size_t n, const uint32_t *ids, const uint32_t *at, const float (*base)[LANES],
                 float scale, float (*e)[LANES])
{
    /* The rows lie all over the memory: it is asked for some ahead, here and where they are changed. */
    uint32_t end = at[n];
    for (size_t t = 0; t < n; t++) {
        float sum[LANES] = {0};
        for (uint32_t i = at[t]; i < at[t + 1]; i++) {
            __builtin_prefetch(c->w[ids[i + AHEAD < end ? i + AHEAD : i]]);
            const float *w = c->w[ids[i]];
            for (unsigned k = 0; k < LANES; k++) {
                sum[k] += w[k];
            }
        }
        for (unsigned k = 0; k < LANES; k++) {
            e[t][k] = sum[k] * scale + (base ? base[t][k] : 0);
        }
    }
}

double crf_learn(struct crf *c, size_t n, const uint32_t *ids, const uint32_t *at, const float (*base)[LANES],
                 const uint8_t *gold, bool partial)
{
    grow(c, n, at[n] + n + 1);
    uint32_t *kept = c->kept;
    uint32_t *kept_at = c->kept + at[n];
    uint32_t count = 0;
    for (size_t t = 0; t < n; t++) {
        kept_at[t] = count;
        for (uint32_t i = at[t]; i < at[t + 1]; i++) {
            kept[count] = ids[i];
            count += !dropped(c); /* no branch: nobody could foresee it */
        }
    }
    kept_at[n] = count;
    float scale = 1 / (1 - c->drop);
    emit(c, n, kept, kept_at, base, scale, c->e);

    float step[LANES][LANES];
    float expected[LANES][LANES] = {{0}};
    exp_steps(c, step);
    double all = sums(c, n, (const float(*)[LANES])c->e, step, c->d, expected, -1);
    double right;
    if (partial) {
        for (size_t t = 0; t < n; t++) {
            for (unsigned k = 0; k < LANES; k++) {
                bool fits = k == gold[t] || (gold[t] == 0 && k < LABELS && label_type(k) == NAME_MISC);
                c->masked[t][k] = fits ? c->e[t][k] : IMPOSSIBLE;
            }
        }
        right = sums(c, n, (const float(*)[LANES])c->masked, step, c->beta, expected, 1);
        for (size_t t = 0; t < n; t++) {
            for (unsigned k = 0; k < LANES; k++) {
                c->d[t][k] = c->beta[t][k] - c->d[t][k];
            }
        }
    } else {
        right = (double)c->first[gold[0]];
        for (size_t t = 0; t < n; t++) {
            right += (double)c->e[t][gold[t]];
            if (t) {
                right += (double)c->step[gold[t - 1]][gold[t]];
                expected[gold[t - 1]][gold[t]] += 1;
            }
            for (unsigned k = 0; k < LANES; k++) {
                c->d[t][k] = (k == gold[t] ? 1.0F : 0.0F) - c->d[t][k];
            }
        }
    }
    for (size_t t = 0; t < n; t++) {
        float most = 0;
        for (unsigned k = 0; k < LANES; k++) {
            most = fabsf(c->d[t][k]) > most ? fabsf(c->d[t][k]) : most;
        }
        if (most < 1e-3F) {
            continue;
        }
        for (uint32_t i = kept_at[t]; i < kept_at[t + 1]; i++) {
            float *w = c->w[kept[i]];
            float *g = c->g[kept[i]];
            uint32_t next = kept[i + AHEAD < count ? i + AHEAD : i];
            __builtin_prefetch(c->w[next]);
            __builtin_prefetch(c->g[next]);
            for (unsigned k = 0; k < LANES; k++) {
                ascend(&w[k], &g[k], c->d[t][k] * scale - c->decay * w[k], c->rate);
            }
        }
    }
    for (unsigned i = 0; i < LABELS; i++) {
        ascend(&c->first[i], &c->gfirst[i], c->d[0][i], c->rate);
        for (unsigned k = 0; k < LABELS; k++) {
            if (label_may_follow(i, k)) {
                ascend(&c->step[i][k], &c->gstep[i][k], expected[i][k], c->rate);
            }
        }
    }
    return right - all;
}

void crf_sum(struct crf *c)
{
    c->sums++;
    for (size_t f = 0; f < c->features; f++) {
        for (unsigned k = 0; k < LANES; k++) {
            c->sum[f][k] += c->w[f][k];
        }
    }
    for (unsigned i = 0; i < LANES; i++) {
        c->sumfirst[i] += c->first[i];
        for (unsigned k = 0; k < LANES; k++) {
            c->sumstep[i][k] += c->step[i][k];
        }
    }
}

void crf_average(struct crf *c)
{
    if (c->sums == 0) {
        return;
    }
    float part = 1 / (float)c->sums;
    for (size_t f = 0; f < c->features; f++) {
        for (unsigned k = 0; k < LANES; k++) {
            c->w[f][k] = c->sum[f][k] * part;
        }
    }
    for (unsigned i = 0; i < LANES; i++) {
        c->first[i] = c->sumfirst[i] * part;
        for (unsigned k = 0; k < LANES; k++) {
            c->step[i][k] = c->sumstep[i][k] * part;
        }
    }
}

void crf_mix(struct crf *c, const struct crf *other, float part)
{
    for (size_t f = 0; f < c->features; f++) {
        for (unsigned k = 0; k < LANES; k++) {
            c->w[f][k] += part * (other->w[f][k] - c->w[f][k]);
        }
    }
    for (unsigned i = 0; i < LANES; i++) {
        c->first[i] += part * (other->first[i] - c->first[i]);
        for (unsigned k = 0; k < LANES; k++) {
            c->step[i][k] += part * (other->step[i][k] - c->step[i][k]);
        }
    }
}

void crf_decode(struct crf *c, size_t n, const uint32_t *ids, const uint32_t *at, const float (*base)[LANES],
                uint8_t *labels, float (*out)[LANES])
{
    grow(c, n, n);
    emit(c, n, ids, at, base, 1, c->e);
    for (size_t t = 0; t < n; t++) {
        for (unsigned k = 0; k < LABELS; k++) {
            float best = t ? -INFINITY : may_begin(k) ? c->first[k] : IMPOSSIBLE;
            unsigned from = 0;
            for (unsigned i = 0; t && i < LABELS; i++) {
                float s = c->alpha[t - 1][i] + (label_may_follow(i, k) ? c->step[i][k] : IMPOSSIBLE);
                if (s > best) {
                    best = s;
                    from = i;
                }
            }
            c->alpha[t][k] = best + c->e[t][k];
            c->beta[t][k] = (float)from;
        }
    }
    unsigned label = 0;
    for (unsigned k = 1; k < LABELS; k++) {
        if (may_end(k) && c->alpha[n - 1][k] > c->alpha[n - 1][label]) {
            label = k;
        }
    }
    for (size_t t = n; t-- > 0;) {
        labels[t] = (uint8_t)label;
        label = (unsigned)c->beta[t][label];
    }
    if (out) {
        for (size_t t = 0; t < n; t++) {
            memcpy(out[t], c->e[t], sizeof out[t]);
        }
    }
}
