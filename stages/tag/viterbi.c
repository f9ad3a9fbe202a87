/*
 * The best path: see viterbi.h. One step takes, for each label i before, the scores of all labels j behind it at once:
 * 13 additions, comparisons and selections of a vector. Scores are kept near 0 by taking off the step's best.
 */
#include "viterbi.h"

#include "wide.h"

enum { FLOOR = -15000 }; /* scores below it are as good as impossible */

typedef int16_t v16 __attribute__((vector_size(2 * LANES)));

/* Macros, for no function may pass such a vector where the machine's registers are narrower. */
#define LOAD(vector, from)    memcpy(&(vector), (from), sizeof(vector))
#define SPLAT(x)              ((v16){(x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x)})
#define CHOOSE(mask, yes, no) (((yes) & (mask)) | ((no) & ~(mask)))

static inline __attribute__((always_inline)) void run(const struct scores *emissions, size_t n,
                                                      const struct scores *step, const struct scores *first,
                                                      bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    int16_t score[LANES];
    v16 now;
    v16 emission;
    LOAD(now, first->v);
    LOAD(emission, emissions[0].v);
    now += emission;
    memcpy(score, &now, sizeof score);
    for (size_t t = 1; t < n; t++) {
        v16 best;
        v16 from = SPLAT(0);
        LOAD(best, step[0].v);
        best += score[0];
        int16_t top = score[0];
        for (int16_t i = 1; i < LABELS; i++) {
            v16 through;
            LOAD(through, step[i].v);
            through += score[i];
            v16 better = through > best;
            best = CHOOSE(better, through, best);
            from = CHOOSE(better, SPLAT(i), from);
            top = score[i] > top ? score[i] : top;
        }
        best -= top;
        v16 low = best < SPLAT(FLOOR);
        LOAD(emission, emissions[t].v);
        best = CHOOSE(low, SPLAT(FLOOR), best) + emission;
        memcpy(score, &best, sizeof score);
        int16_t origin[LANES];
        memcpy(origin, &from, sizeof origin);
        for (int i = 0; i < LANES; i++) {
            back[t][i] = (uint8_t)origin[i];
        }
    }
    for (unsigned i = 0; then_none && i < LABELS; i++) {
        score[i] = (int16_t)(score[i] + step[i].v[0]);
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

WIDE_FUNCTION static void run_wide(const struct scores *emissions, size_t n, const struct scores *step,
                                   const struct scores *first, bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    run(emissions, n, step, first, then_none, back, labels);
}

static void run_plain(const struct scores *emissions, size_t n, const struct scores *step, const struct scores *first,
                      bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    run(emissions, n, step, first, then_none, back, labels);
}

void viterbi(const struct scores *emissions, size_t n, const struct scores step[LANES], const struct scores *first,
             bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    if (n == 0) {
        return;
    }
    (wide_here() ? run_wide : run_plain)(emissions, n, step, first, then_none, back, labels);
}
