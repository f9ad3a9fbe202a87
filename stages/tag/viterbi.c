/*
 * The best path: see viterbi.h. One step takes, for each label i before, the scores of all labels j behind it at once:
 * 13 additions, comparisons and selections of a vector. Scores are kept near 0 by taking off the step's best.
 */
#include "viterbi.h"

enum { FLOOR = -15000 }; /* scores below it are as good as impossible */

/* Vectors never cross a call: what passes them is inlined. */
#pragma GCC diagnostic ignored "-Wpsabi"

typedef int16_t v16 __attribute__((vector_size(2 * LANES)));

static inline __attribute__((always_inline)) v16 load(const int16_t *p)
{
    v16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline __attribute__((always_inline)) v16 splat(int16_t x)
{
    return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

static inline __attribute__((always_inline)) v16 choose(v16 mask, v16 yes, v16 no)
{
    return (yes & mask) | (no & ~mask);
}

static inline __attribute__((always_inline)) void run(const struct scores *emissions, size_t n,
                                                      const struct scores *step, const struct scores *first,
                                                      uint8_t (*back)[LANES], uint8_t *labels)
{
    int16_t score[LANES];
    v16 now = load(first->v) + load(emissions[0].v);
    memcpy(score, &now, sizeof score);
    for (size_t t = 1; t < n; t++) {
        v16 best = splat(score[0]) + load(step[0].v);
        v16 from = splat(0);
        int16_t top = score[0];
        for (int16_t i = 1; i < LABELS; i++) {
            v16 through = splat(score[i]) + load(step[i].v);
            v16 better = through > best;
            best = choose(better, through, best);
            from = choose(better, splat(i), from);
            top = score[i] > top ? score[i] : top;
        }
        best -= splat(top);
        v16 low = best < splat(FLOOR);
        best = choose(low, splat(FLOOR), best) + load(emissions[t].v);
        memcpy(score, &best, sizeof score);
        int16_t origin[LANES];
        memcpy(origin, &from, sizeof origin);
        for (int i = 0; i < LANES; i++) {
            back[t][i] = (uint8_t)origin[i];
        }
    }
    unsigned label = 0;
    for (unsigned i = 1; i < LABELS; i++) {
        /* A name cannot stay open at the end. */
        bool open = (i - 1) % 3 == LABEL_B;
        if (!open && score[i] > score[label]) {
            label = i;
        }
    }
    for (size_t t = n; t-- > 0;) {
        labels[t] = (uint8_t)label;
        label = t ? back[t][label] : 0;
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void run_avx2(const struct scores *emissions, size_t n,
                                                     const struct scores *step, const struct scores *first,
                                                     uint8_t (*back)[LANES], uint8_t *labels)
{
    run(emissions, n, step, first, back, labels);
}
#endif

static void run_plain(const struct scores *emissions, size_t n, const struct scores *step, const struct scores *first,
                      uint8_t (*back)[LANES], uint8_t *labels)
{
    run(emissions, n, step, first, back, labels);
}

void viterbi(const struct scores *emissions, size_t n, const struct scores step[LANES], const struct scores *first,
             uint8_t (*back)[LANES], uint8_t *labels)
{
    if (n == 0) {
        return;
    }
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        run_avx2(emissions, n, step, first, back, labels);
        return;
    }
#endif
    run_plain(emissions, n, step, first, back, labels);
}
