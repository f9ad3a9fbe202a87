/*
 * The best path: see viterbi.h. One step takes, for a label i before, the scores of all labels j behind it at once. B
 * comes before nothing but I, and I behind nothing but B and I, of one type: these two are one addition each for all
 * types. The nine other labels are one each. Nothing depends on a branch, which the processor would guess wrong. Scores
 * are kept near 0 by taking off the step's best.
 */
#include "viterbi.h"

#include "names.h"
#include "wide.h"

enum {
    FLOOR = -15000, /* scores below it are as good as impossible */
    NONE = -12000,  /* the weight of what may not be */
};

typedef int16_t v16 __attribute__((vector_size(2 * LANES)));

/* Macros, for no function may pass such a vector where the machine's registers are narrower. */
#define LOAD(vector, from)    memcpy(&(vector), (from), sizeof(vector))
#define SPLAT(x)              ((v16){(x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x)})
#define LANE                  ((v16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
#define LABELS_ONLY           ((v16){-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0})
#define CHOOSE(mask, yes, no) (((yes) & (mask)) | ((no) & ~(mask)))

void viterbi_prepare(const struct scores step[LANES], struct viterbi_weights *weights)
{
    memcpy(weights->step, step, sizeof weights->step);
    for (unsigned i = 0; i < LANES; i++) {
        weights->from_b.v[i] = NONE;
        weights->from_i.v[i] = NONE;
    }
    for (unsigned t = 0; t < NAME_TYPES; t++) {
        unsigned b = label_of((enum name_type)t, LABEL_B);
        unsigned in = label_of((enum name_type)t, LABEL_I);
        weights->from_b.v[in] = step[b].v[in];
        weights->from_i.v[in] = step[in].v[in];
    }
}

/* The larger of each two lanes that are `apart` in each half or, 8, in the two halves. */
#define MAX_APART(v, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                                   \
    do {                                                                                                               \
        v16 other_ = __builtin_shufflevector(v, v, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);                    \
        (v) = CHOOSE((v) > other_, (v), other_);                                                                       \
    } while (0)

/* The labels but O that come before O, B and S: I and S of each type. */
enum { CLOSED = 8 };
static const int16_t closed[CLOSED] = {2, 3, 5, 6, 8, 9, 11, 12};

static inline __attribute__((always_inline)) void run(const struct viterbi_weights *weights,
                                                      const struct scores *emissions, size_t n,
                                                      const struct scores *first, bool then_none,
                                                      uint8_t (*back)[LANES], uint8_t *labels)
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
        v16 top = CHOOSE(LABELS_ONLY, now, SPLAT(INT16_MIN));
        MAX_APART(top, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
        MAX_APART(top, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
        MAX_APART(top, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
        MAX_APART(top, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        LOAD(best, weights->step[0].v);
        best += score[0];
        v16 inside;
        v16 before;
        v16 better;
        LOAD(inside, weights->from_b.v);
        before = __builtin_shufflevector(now, SPLAT(NONE), 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
        /* the lane of B, beside that of I */
        inside += before;
        better = inside > best;
        best = CHOOSE(better, inside, best);
        from = CHOOSE(better, LANE - 1, from);
        /* Two runs at once, the second of which must do better; of equals, the lower label stays. */
        v16 best2 = SPLAT(INT16_MIN);
        v16 from2 = SPLAT(0);
        for (unsigned k = 0; k < CLOSED / 2; k++) {
            v16 through;
            LOAD(through, weights->step[closed[k]].v);
            through += score[closed[k]];
            better = through > best;
            best = CHOOSE(better, through, best);
            from = CHOOSE(better, SPLAT(closed[k]), from);
            LOAD(through, weights->step[closed[k + CLOSED / 2]].v);
            through += score[closed[k + CLOSED / 2]];
            better = through > best2;
            best2 = CHOOSE(better, through, best2);
            from2 = CHOOSE(better, SPLAT(closed[k + CLOSED / 2]), from2);
        }
        better = best2 > best;
        best = CHOOSE(better, best2, best);
        from = CHOOSE(better, from2, from);
        LOAD(inside, weights->from_i.v);
        inside += now;
        better = inside > best;
        best = CHOOSE(better, inside, best);
        from = CHOOSE(better, LANE, from);
        best -= top;
        v16 low = best < SPLAT(FLOOR);
        LOAD(emission, emissions[t].v);
        now = CHOOSE(low, SPLAT(FLOOR), best) + emission;
        memcpy(score, &now, sizeof score);
        int16_t origin[LANES];
        memcpy(origin, &from, sizeof origin);
        for (int i = 0; i < LANES; i++) {
            back[t][i] = (uint8_t)origin[i];
        }
    }
    for (unsigned i = 0; then_none && i < LABELS; i++) {
        score[i] = (int16_t)(score[i] + weights->step[i].v[0]);
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

WIDE_FUNCTION static void run_wide(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
                                   const struct scores *first, bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    run(weights, emissions, n, first, then_none, back, labels);
}

static void run_plain(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
                      const struct scores *first, bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    run(weights, emissions, n, first, then_none, back, labels);
}

void viterbi(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
             const struct scores *first, bool then_none, uint8_t (*back)[LANES], uint8_t *labels)
{
    if (n == 0) {
        return;
    }
    (wide_here() ? run_wide : run_plain)(weights, emissions, n, first, then_none, back, labels);
}
