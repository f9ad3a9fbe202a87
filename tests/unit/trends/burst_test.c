/* The score: the chance that it promises is never smaller than the true one; sparse things and short pasts do not
 * burst. */
#include "trends/burst.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The chance that of n mentions `count` or more fall into a share of the time. */
static double tail(uint64_t n, uint64_t count, double share)
{
    double sum = 0, m = (double)n;

    for (uint64_t k = count; k <= n; k++) {
        double i = (double)k;
        sum += exp(lgamma(m + 1) - lgamma(i + 1) - lgamma(m - i + 1) + i * log(share) + (m - i) * log1p(-share));
    }
    return sum;
}

static void the_chance_is_bounded(void **state)
{
    size_t tried = 0;

    (void)state;
    for (uint64_t now = 10; now <= 1000; now *= 3) {
        for (uint64_t past = 20; past <= 20000; past *= 4) {
            for (uint64_t count = 1; count <= 60; count += 3) {
                for (uint64_t before = past / now + 1; before <= 300; before = before * 2 + 1) {
                    double score = burst_of(count, now, before, past).score;
                    double share = (double)now / (double)(now + past);
                    assert_true(score >= 0);
                    if (score > 0)
                        assert_true(tail(count + before, count, share) <= exp(-score) * (1 + 1e-9));
                    tried += score > 0;
                }
            }
        }
    }
    assert_true(tried > 1000);
}

static void what_is_seen_once_never_bursts(void **state)
{
    (void)state;
    for (uint64_t now = 1; now < 100000; now = now * 3 + 1) {
        for (uint64_t past = 0; past < 10000000; past = past * 3 + 1) {
            for (uint64_t before = 0; before <= past; before = before * 7 + 1)
                assert_true(burst_of(1, now, before, past).score < 1e-9);
        }
    }
}

static void what_there_is_no_past_of_never_bursts(void **state)
{
    (void)state;
    assert_true(burst_of(1000, 1000, 0, 0).score == 0);
    assert_true(burst_of(0, 0, 100, 1000).score == 0);
    /* A past as short as the window proves little: one of a tenth of it nearly nothing. */
    assert_true(burst_of(20, 1000, 0, 1000).score > 3);
    assert_true(burst_of(20, 1000, 0, 100).score < 3);
}

/* The more mentions now the higher, the more before the lower; its own usual share is no burst, in a rush either. */
static void it_grows_with_what_is_unusual(void **state)
{
    (void)state;
    for (uint64_t count = 2; count < 200; count++) {
        assert_true(burst_of(count + 1, 200, 5, 5000).score > burst_of(count, 200, 5, 5000).score);
        assert_true(burst_of(count, 200, 2000, 5000).score <= burst_of(count, 200, 1000, 5000).score);
    }
    assert_true(burst_of(4, 100, 0, 2000).score > 2); /* new, and seen four times */
    assert_true(burst_of(40, 100, 800, 2000).score < 1e-9);
    assert_true(burst_of(4000, 10000, 800, 2000).score < 1e-9);
    assert_true(fabs(burst_of(4, 100, 50, 1000).expected - 5) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chance_is_bounded),
        cmocka_unit_test(what_is_seen_once_never_bursts),
        cmocka_unit_test(what_there_is_no_past_of_never_bursts),
        cmocka_unit_test(it_grows_with_what_is_unusual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
