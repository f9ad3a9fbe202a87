/*
 * The best path: see viterbi.h. One step takes, for a label i before, the scores of all labels j behind it at once. B
 * comes before nothing but I, and I behind nothing but B and I, of one type: these two are one addition each for all
 * types. The nine other labels are one each. Nothing depends on a branch, which the processor would guess wrong.
 *
 * Which label a score came from is not written down, but for O, from which most come: on the one path that is asked for
 * in the end, the few others are found again.
 */
#include "viterbi.h"

#include "names.h"
#include "wide.h"

enum {
    FLOOR = -15000, /* scores below it are as good as impossible */
    NONE = -12000,  /* the weight of what may not be */
    LEVEL = 4,      /* steps after which the best score is taken off all, so that they stay within 16 bits */
};

typedef int16_t v16 __attribute__((vector_size(2 * LANES)));

/* Macros, for no function may pass such a vector where the machine's registers are narrower. */
#define LOAD(vector, from) memcpy(&(vector), (from), sizeof(vector))
#define SPLAT(x)           ((v16){(x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x), (x)})
#define LABELS_ONLY        ((v16){-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0})

/* The larger of each two lanes. */
#define RAISE(v, other)                                                                                                \
    do {                                                                                                               \
        v16 o_ = (other);                                                                                              \
        v16 more_ = (v) > o_;                                                                                          \
        (v) = ((v)&more_) | (o_ & ~more_);                                                                             \
    } while (0)
#define RAISE_APART(v, ...) RAISE(v, __builtin_shufflevector(v, v, __VA_ARGS__))

/* The B whose I lies in the other half of a register, where a move of lanes takes longest. */
enum { FAR_B = 7 };

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
        weights->from_b.v[in] = b == FAR_B ? NONE : step[b].v[in];
        weights->from_i.v[in] = step[in].v[in];
    }
}

/* I and S of each type: with O the labels that come before O, B and S. */
enum { CLOSED = 8 };
static const uint8_t closed[CLOSED] = {2, 3, 5, 6, 8, 9, 11, 12};

static inline __attribute__((always_inline)) void climb(const struct viterbi_weights *weights,
                                                        const struct scores *emissions, size_t n,
                                                        const struct scores *first, struct viterbi_path *paths)
{
    v16 now;
    v16 more;
    LOAD(now, first->v);
    LOAD(more, emissions[0].v);
    now += more;
    memcpy(paths[0].score, &now, sizeof now);
    for (size_t t = 1; t < n; t++) {
        const int16_t *score = paths[t - 1].score;
        v16 from_o;
        v16 from_b;
        v16 from_i;
        v16 other;
        LOAD(from_o, weights->step[0].v);
        from_o += score[0];
        LOAD(other, weights->step[FAR_B].v);
        other += score[FAR_B];
        /* Each lane takes the one before it in its half: I that of its B. */
        LOAD(from_b, weights->from_b.v);
        from_b += __builtin_shufflevector(now, now, 0, 0, 1, 2, 3, 4, 5, 6, 8, 8, 9, 10, 11, 12, 13, 14);
        LOAD(from_i, weights->from_i.v);
        from_i += now;
        v16 best = from_o;
        for (unsigned k = 0; k < CLOSED / 2; k++) { /* two runs at once: neither waits for the other */
            v16 through;
            LOAD(through, weights->step[closed[k]].v);
            through += score[closed[k]];
            RAISE(best, through);
            LOAD(through, weights->step[closed[k + CLOSED / 2]].v);
            through += score[closed[k + CLOSED / 2]];
            RAISE(other, through);
        }
        RAISE(from_b, from_i);
        RAISE(best, other);
        RAISE(best, from_b);
        v16 is_o = best == from_o;
        memcpy(paths[t].from_o, &is_o, sizeof is_o);
        if (t % LEVEL == 0) {
            v16 top = (best & LABELS_ONLY) | (SPLAT(INT16_MIN) & ~LABELS_ONLY);
            RAISE_APART(top, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
            RAISE_APART(top, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
            RAISE_APART(top, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
            RAISE_APART(top, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
            best -= top;
        }
        RAISE(best, SPLAT(FLOOR));
        LOAD(more, emissions[t].v);
        now = best + more;
        memcpy(paths[t].score, &now, sizeof now);
    }
}

WIDE_FUNCTION static void climb_wide(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
                                     const struct scores *first, struct viterbi_path *paths)
{
    climb(weights, emissions, n, first, paths);
}

static void climb_plain(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
                        const struct scores *first, struct viterbi_path *paths)
{
    climb(weights, emissions, n, first, paths);
}

/* The best of the labels that may stand before `label`, by their scores there. Of equals, the lowest. */
static unsigned best_before(const struct viterbi_weights *weights, const int16_t *score, unsigned label)
{
    if (label != 0 && (label - 1) % 3 == LABEL_I) {
        bool opens =
            score[label - 1] + weights->step[label - 1].v[label] >= score[label] + weights->step[label].v[label];
        return opens ? label - 1 : label;
    }
    unsigned best = 0;
    int most = score[0] + weights->step[0].v[label];
    for (unsigned k = 0; k < CLOSED; k++) {
        int through = score[closed[k]] + weights->step[closed[k]].v[label];
        best = through > most ? closed[k] : best;
        most = through > most ? through : most;
    }
    return best;
}

void viterbi(const struct viterbi_weights *weights, const struct scores *emissions, size_t n,
             const struct scores *first, bool then_none, struct viterbi_path *paths, uint8_t *labels)
{
    if (n == 0) {
        return;
    }
    (wide_here() ? climb_wide : climb_plain)(weights, emissions, n, first, paths);
    const int16_t *last = paths[n - 1].score;
    unsigned label = 0;
    if (then_none) {
        label = best_before(weights, last, 0);
    } else { /* a name cannot stay open at the end */
        for (unsigned k = 0; k < CLOSED; k++) {
            label = last[closed[k]] > last[label] ? closed[k] : label;
        }
    }
    labels[n - 1] = (uint8_t)label;
    for (size_t t = n - 1; t > 0; t--) {
        label = paths[t].from_o[label] ? 0 : best_before(weights, paths[t - 1].score, label);
        labels[t - 1] = (uint8_t)label;
    }
}
