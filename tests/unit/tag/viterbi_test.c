/* The best path against all paths tried one by one, on random weights. */
#include "names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LENGTH = 4, IMPOSSIBLE = -12000 };

static unsigned seed = 3;

static int16_t random_weight(void)
{
    seed = seed * 1103515245U + 12345U;
    return (int16_t)((int)(seed >> 16) % 1200 - 600);
}

static int score_of(const struct scores *e, const struct scores *step, const struct scores *first,
                    const uint8_t *labels, int length)
{
    int sum = first->v[labels[0]] + e[0].v[labels[0]];
    for (int t = 1; t < length; t++) {
        sum += step[labels[t - 1]].v[labels[t]] + e[t].v[labels[t]];
    }
    return sum;
}

static void make_weights(struct scores step[LANES], struct scores *first)
{
    for (unsigned i = 0; i < LANES; i++) {
        first->v[i] = i < LABELS && (i == 0 || (i - 1) % 3 != LABEL_I) ? random_weight() : IMPOSSIBLE;
        for (unsigned k = 0; k < LANES; k++) {
            step[i].v[k] = i < LABELS && k < LABELS && label_may_follow(i, k) ? random_weight() : IMPOSSIBLE;
        }
    }
}

static void make_emissions(struct scores *e, int n)
{
    for (int t = 0; t < n; t++) {
        for (unsigned k = 0; k < LANES; k++) {
            e[t].v[k] = random_weight();
        }
    }
}

static void test_finds_the_best_path(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct scores e[LENGTH];
        struct scores step[LANES];
        struct scores first;
        struct viterbi_path paths[LENGTH];
        uint8_t labels[LENGTH];
        make_weights(step, &first);
        make_emissions(e, LENGTH);
        struct viterbi_weights weights;
        viterbi_prepare(step, &weights);
        viterbi(&weights, e, LENGTH, &first, false, paths, labels);
        int best = INT32_MIN;
        for (unsigned n = 0; n < LABELS * LABELS * LABELS * LABELS; n++) {
            uint8_t path[LENGTH];
            unsigned rest = n;
            for (int t = 0; t < LENGTH; t++, rest /= LABELS) {
                path[t] = (uint8_t)(rest % LABELS);
            }
            bool open = path[LENGTH - 1] && (path[LENGTH - 1] - 1) % 3 == LABEL_B;
            int score = open ? INT32_MIN : score_of(e, step, &first, path, LENGTH);
            best = score > best ? score : best;
        }
        assert_int_equal(score_of(e, step, &first, labels, LENGTH), best);
        for (int t = 1; t < LENGTH; t++) {
            assert_true(label_may_follow(labels[t - 1], labels[t]));
        }
    }
}

/* The same by plain sums of 32 bits, over paths so long that scores must be taken down on the way. */
static void test_long_paths(void **state)
{
    (void)state;
    enum { LONG = 50 };
    for (int round = 0; round < 60; round++) {
        struct scores e[LONG];
        struct scores step[LANES];
        struct scores first;
        struct viterbi_path paths[LONG];
        uint8_t labels[LONG];
        make_weights(step, &first);
        make_emissions(e, LONG);
        struct viterbi_weights weights;
        viterbi_prepare(step, &weights);
        viterbi(&weights, e, LONG, &first, true, paths, labels);
        int best[LABELS];
        for (unsigned k = 0; k < LABELS; k++) {
            best[k] = first.v[k] + e[0].v[k];
        }
        for (unsigned t = 1; t <= LONG; t++) {
            int next[LABELS];
            for (unsigned k = 0; k < LABELS; k++) {
                next[k] = INT32_MIN;
                for (unsigned i = 0; i < LABELS; i++) {
                    int score = best[i] + step[i].v[k] + (t < LONG ? e[t].v[k] : 0);
                    next[k] = score > next[k] ? score : next[k];
                }
            }
            memcpy(best, next, sizeof best);
        }
        assert_int_equal(score_of(e, step, &first, labels, LONG) + step[labels[LONG - 1]].v[0], best[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_finds_the_best_path), cmocka_unit_test(test_long_paths)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
