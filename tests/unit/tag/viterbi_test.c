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
                    const uint8_t *labels)
{
    int sum = first->v[labels[0]] + e[0].v[labels[0]];
    for (int t = 1; t < LENGTH; t++) {
        sum += step[labels[t - 1]].v[labels[t]] + e[t].v[labels[t]];
    }
    return sum;
}

static void test_finds_the_best_path(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct scores e[LENGTH];
        struct scores step[LANES];
        struct scores first;
        uint8_t back[LENGTH][LANES];
        uint8_t labels[LENGTH];
        for (unsigned i = 0; i < LANES; i++) {
            first.v[i] = i < LABELS && (i == 0 || (i - 1) % 3 != LABEL_I) ? random_weight() : IMPOSSIBLE;
            for (unsigned k = 0; k < LANES; k++) {
                step[i].v[k] = i < LABELS && k < LABELS && label_may_follow(i, k) ? random_weight() : IMPOSSIBLE;
            }
        }
        for (int t = 0; t < LENGTH; t++) {
            for (unsigned k = 0; k < LANES; k++) {
                e[t].v[k] = random_weight();
            }
        }
        struct viterbi_weights weights;
        viterbi_prepare(step, &weights);
        viterbi(&weights, e, LENGTH, &first, false, back, labels);
        int best = INT32_MIN;
        for (unsigned n = 0; n < LABELS * LABELS * LABELS * LABELS; n++) {
            uint8_t path[LENGTH];
            unsigned rest = n;
            for (int t = 0; t < LENGTH; t++, rest /= LABELS) {
                path[t] = (uint8_t)(rest % LABELS);
            }
            bool open = path[LENGTH - 1] && (path[LENGTH - 1] - 1) % 3 == LABEL_B;
            int score = open ? INT32_MIN : score_of(e, step, &first, path);
            best = score > best ? score : best;
        }
        assert_int_equal(score_of(e, step, &first, labels), best);
        for (int t = 1; t < LENGTH; t++) {
            assert_true(label_may_follow(labels[t - 1], labels[t]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_finds_the_best_path)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
