/* The sketch against exact counts: its two bounds, in one and in merged ones, with counts taken back. */
#include "trends/tally.h"

#include "generate.h"

#include <newswire/hash.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { THINGS = 5000, COUNTS = 60000, PARTS = 7, ROUNDS = 12 };

static uint64_t key_of(size_t thing)
{
    return nw_hash64(nw_str((const char *)&thing, sizeof thing), 7);
}

/* One of THINGS, the low ones much more often: every stream of names is like that. `skew` 0: all alike. */
static size_t thing_of(struct nw_generator *g, int skew)
{
    size_t thing = nw_generate_below(g, THINGS);

    for (int i = 0; i < skew; i++)
        thing = nw_generate_below(g, thing + 1);
    return thing;
}

/* What the header promises, of every thing there can be. */
static void expect_bounds(const struct tally *tally, const uint32_t *exact, uint64_t added)
{
    assert_int_equal(tally->total, added);
    assert_true(tally->error * tally->most <= 2 * tally->total);
    assert_true(tally->n <= tally->most);
    for (size_t i = 0; i < THINGS; i++) {
        uint32_t count = tally_count(tally, key_of(i));
        assert_true(count <= exact[i]);
        assert_true(exact[i] <= count + tally->error);
    }
}

static uint64_t fill(struct nw_generator *g, struct tally *tally, uint32_t *exact, int skew, bool take)
{
    uint64_t added = 0;

    for (size_t i = 0; i < COUNTS; i++) {
        size_t thing = thing_of(g, skew);
        if (take && i % 5 == 4) {
            if (exact[thing] > 0) {
                exact[thing]--;
                tally_take(tally, key_of(thing));
            }
            continue;
        }
        assert_int_equal(tally_add(tally, key_of(thing), 1), 0);
        exact[thing]++;
        added++;
    }
    return added;
}

static void few_things_are_exact(void **state)
{
    struct nw_generator g = {.state = 3};
    uint32_t *exact = calloc(THINGS, sizeof *exact);
    struct tally tally;

    (void)state;
    tally_init(&tally, THINGS);
    fill(&g, &tally, exact, 1, true);
    assert_int_equal(tally.error, 0);
    for (size_t i = 0; i < THINGS; i++)
        assert_int_equal(tally_count(&tally, key_of(i)), exact[i]);
    tally_free(&tally);
    assert_int_equal(tally_count(&tally, key_of(0)), 0);
    free(exact);
}

static void bounds_hold(void **state)
{
    bool erred = false;

    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        static const size_t most[] = {1, 2, 64, 1000};
        struct nw_generator g = {.state = round + 1};
        uint32_t *exact = calloc(THINGS, sizeof *exact);
        struct tally tally;
        uint64_t added;
        tally_init(&tally, most[round % 4]);
        added = fill(&g, &tally, exact, (int)(round % 3) * 2, round % 2);
        expect_bounds(&tally, exact, added);
        erred = erred || tally.error > 0;
        tally_free(&tally);
        free(exact);
    }
    assert_true(erred);
}

/* Parts of a stream counted apart, then merged, one of them into another of another size: the bounds are those of the
 * whole stream; and where nothing was cut down, the counts are the whole stream's own. */
static void merged_is_as_good_as_whole(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct nw_generator g = {.state = 100 + round};
        size_t most = round % 3 == 0 ? THINGS : 300;
        uint32_t *exact = calloc(THINGS, sizeof *exact);
        struct tally parts[PARTS], sum;
        uint64_t added = 0;
        tally_init(&sum, most);
        for (size_t i = 0; i < PARTS; i++) {
            tally_init(&parts[i], most);
            added += fill(&g, &parts[i], exact, (int)(round % 4), false);
        }
        for (size_t i = 0; i < PARTS; i++)
            assert_int_equal(tally_merge(&sum, &parts[(i * 3 + round) % PARTS]), 0);
        expect_bounds(&sum, exact, added);
        if (most == THINGS) {
            assert_int_equal(sum.error, 0);
            for (size_t i = 0; i < THINGS; i++)
                assert_int_equal(tally_count(&sum, key_of(i)), exact[i]);
        }
        for (size_t i = 0; i < PARTS; i++)
            tally_free(&parts[i]);
        tally_free(&sum);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_things_are_exact),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(merged_is_as_good_as_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
