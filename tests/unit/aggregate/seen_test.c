/* The memory of texts against a plain array that remembers the last `most` of them. */
#include "seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void test_it_remembers_the_newest(void **state)
{
    enum { MOST = 50, TEXTS = 1000 };
    struct seen *seen = seen_new(MOST);
    char uri[32];

    (void)state;
    for (int i = 0; i < TEXTS; i++) {
        /* Three hashes share each bucket. */
        struct nw_hash128 hash = {(uint64_t)i, (uint64_t)(i / 3)};
        assert_null(seen_find(seen, hash).p);
        snprintf(uri, sizeof uri, "urn:test:%d", i);
        assert_int_equal(seen_add(seen, hash, nw_str_z(uri)), 0);
        for (int j = i > 2 * MOST ? i - 2 * MOST : 0; j <= i; j++) {
            struct nw_str found = seen_find(seen, (struct nw_hash128){(uint64_t)j, (uint64_t)(j / 3)});
            snprintf(uri, sizeof uri, "urn:test:%d", j);
            assert_true(i - j < MOST ? nw_str_eq(found, nw_str_z(uri)) : found.p == NULL);
        }
    }
    seen_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_it_remembers_the_newest)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
