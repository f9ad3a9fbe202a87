/*
 * Properties of the index by buckets over a stream of articles with random keys, common and rare: it leads only to what
 * has the key, newest first, and it holds the same of the newest articles whether or not older ones came before.
 */
#include "buckets.h"
#include "order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ARTICLES = 4000, EACH = 8, KEYS = 3000, MEMORY = 500 };

static uint32_t keys[ARTICLES][EACH];

static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Half of the keys are one of twenty; 0 is a key like others. */
static int invent(void **state)
{
    uint32_t seed = 5;

    (void)state;
    for (size_t i = 0; i < ARTICLES; i++) {
        for (size_t k = 0; k < EACH; k++)
            keys[i][k] = dice(&seed) % 2 ? dice(&seed) % 20 : dice(&seed) % KEYS * 77777u;
    }
    return 0;
}

static bool has(uint64_t article, uint32_t key)
{
    bool found = false;

    for (size_t k = 0; k < EACH; k++)
        found |= keys[article][k] == key || (key <= 1 && keys[article][k] <= 1); /* 0 and 1 are one */
    return found;
}

static struct buckets *learn(size_t from, size_t to)
{
    struct buckets *buckets = buckets_new(MEMORY, EACH);

    assert_non_null(buckets);
    for (size_t i = from; i < to; i++) {
        for (size_t k = 0; k < EACH; k++)
            buckets_add(buckets, keys[i][k], i);
    }
    return buckets;
}

static void test_leads_to_what_has_the_key_newest_first(void **state)
{
    struct buckets *buckets = learn(0, ARTICLES);
    size_t led = 0;

    (void)state;
    for (size_t i = ARTICLES - MEMORY; i < ARTICLES; i++) {
        for (size_t k = 0; k < EACH; k++) {
            uint64_t found[BUCKETS_MOST];
            size_t n = buckets_find(buckets, keys[i][k], ARTICLES, found);
            assert_true(n <= BUCKETS_MOST);
            for (size_t f = 0; f < n; f++) {
                assert_true(found[f] < ARTICLES && has(found[f], keys[i][k]));
                assert_true(f == 0 || found[f] <= found[f - 1]);
                led += found[f] == i;
            }
        }
    }
    assert_true(led > MEMORY * EACH / 4); /* common keys lead to the newest alone, rare ones to nearly all */
    buckets_free(buckets);
}

static void test_holds_the_same_without_what_came_before(void **state)
{
    static const size_t memories[] = {1, 10, 100, MEMORY};
    struct buckets *whole = learn(0, ARTICLES);

    (void)state;
    for (size_t m = 0; m < sizeof memories / sizeof *memories; m++) {
        size_t from = ARTICLES - memories[m];
        struct buckets *again = learn(from, ARTICLES);
        for (size_t i = from; i < ARTICLES; i++) {
            for (size_t k = 0; k < EACH; k++) {
                uint64_t a[BUCKETS_MOST], b[BUCKETS_MOST];
                size_t an = buckets_find(whole, keys[i][k], ARTICLES, a), kept = 0;
                size_t bn = buckets_find(again, keys[i][k], ARTICLES, b);
                while (kept < an && a[kept] >= from)
                    kept++;
                assert_int_equal(kept, bn);
                assert_memory_equal(a, b, bn * sizeof *a);
            }
        }
        buckets_free(again);
    }
    buckets_free(whole);
}

static void test_replaces(void **state)
{
    struct buckets *buckets = buckets_new(100, 1);
    uint64_t found[BUCKETS_MOST];

    (void)state;
    assert_int_equal(buckets_find(buckets, 9, 0, found), 0);
    buckets_add(buckets, 9, 0);
    buckets_add(buckets, 9, 1);
    buckets_replace(buckets, 9, 0, 2);
    buckets_replace(buckets, 9, 0, 3); /* it leads there no longer: added */
    assert_int_equal(buckets_find(buckets, 9, 4, found), 3);
    assert_true(found[0] == 3 && found[1] == 2 && found[2] == 1);
    buckets_free(buckets);
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void test_puts_in_order(void **state)
{
    static uint64_t v[1500], w[1500];
    static uint32_t hashes[1500], spare[1500];
    uint32_t seed = 3;

    (void)state;
    for (size_t n = 0; n <= 1500; n = n < 10 ? n + 1 : n * 2 - 3) {
        for (size_t i = 0; i < n; i++) {
            hashes[i] = dice(&seed) % 3 ? dice(&seed) * 2654435761u : dice(&seed) % 4;
            v[i] = w[i] = (uint64_t)hashes[i] << 20 | dice(&seed) % 8;
        }
        order_u64(v, n);
        qsort(w, n, sizeof *w, ascending);
        assert_memory_equal(v, w, n * sizeof *v);
        order_hashes(hashes, spare, n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(hashes[i], v[i] >> 20);
    }
    assert_true(order_heaviest(2.5f) < order_heaviest(2.25f) && order_heaviest(1e-9f) > order_heaviest(1));
    assert_true(order_weight(order_heaviest(0.625f)) == 0.625f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leads_to_what_has_the_key_newest_first),
        cmocka_unit_test(test_holds_the_same_without_what_came_before),
        cmocka_unit_test(test_replaces),
        cmocka_unit_test(test_puts_in_order),
    };

    return cmocka_run_group_tests(tests, invent, NULL);
}
