/* Queues keep their order from both ends; paths sort; times fall into their buckets. */
#include "broker/item.h"
#include "broker/spread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_queue(void **state)
{
    struct item items[6] = {{.path = 0}, {.path = 1}, {.path = 2}, {.path = 3}, {.path = 4}, {.path = 5}};
    struct item_queue queue;

    (void)state;
    item_queue_init(&queue);
    assert_null(item_queue_pop(&queue));
    for (int i = 2; i < 5; i++)
        item_queue_push(&queue, &items[i]);
    item_queue_push_front(&queue, &items[1]);
    item_queue_push_front(&queue, &items[0]);
    item_queue_push(&queue, &items[5]);
    assert_int_equal(queue.n, 6);
    for (uint64_t i = 0; i < 6; i++)
        assert_int_equal(item_queue_pop(&queue)->path, i);
    assert_null(item_queue_pop(&queue));
    item_queue_push_front(&queue, &items[3]);
    item_queue_push(&queue, &items[4]);
    assert_int_equal(item_queue_pop(&queue)->path, 3);
    assert_int_equal(item_queue_pop(&queue)->path, 4);
}

static void test_sort(void **state)
{
    enum { N = 1000 };
    static struct item items[N];
    struct item *list = NULL;
    uint64_t seed = 42;
    size_t n = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        items[i].path = seed >> 40;
        items[i].next = list;
        list = &items[i];
    }
    list = item_sort(list);
    for (struct item *item = list; item; item = item->next, n++)
        assert_true(!item->next || item->path <= item->next->path);
    assert_int_equal(n, N);
    assert_null(item_sort(NULL));
}

static void test_spread(void **state)
{
    static struct spread spread;
    double p50, p99;

    (void)state;
    assert_true(spread_at(&spread, 0.5) == 0);
    for (int us = 1; us <= 100000; us++)
        spread_add(&spread, us, 0);
    p50 = spread_at(&spread, 0.5);
    p99 = spread_at(&spread, 0.99);
    assert_true(p50 > 50000 * 0.87 && p50 < 50000 * 1.13);
    assert_true(p99 > 99000 * 0.87 && p99 < 99000 * 1.13);
    assert_true(spread_rate(&spread, 10000) == 10000);
    /* Two halves later, the old times are gone. */
    spread_add(&spread, 5, 10000);
    spread_add(&spread, 5, 20000);
    assert_true(spread_at(&spread, 0.99) == 5);
    spread_add(&spread, INT64_MAX, 20000);
    assert_true(spread_at(&spread, 1) > 1e9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
