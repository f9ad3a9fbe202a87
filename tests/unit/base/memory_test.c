/* Arenas and buffers: limits hold, failing allocations leave things as they were, nothing overlaps. */
#include <newswire/alloc.h>
#include <newswire/arena.h>
#include <newswire/buf.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_arena_allocations_are_apart_and_aligned(void **state)
{
    struct nw_arena arena = {0};
    unsigned char *p[500];

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 500; i++) {
            p[i] = nw_arena_alloc(&arena, i);
            assert_non_null(p[i]);
            assert_int_equal((uintptr_t)p[i] % NW_ARENA_ALIGN, 0);
            memset(p[i], (int)(i & 0xff), i);
        }
        for (size_t i = 0; i < 500; i++) {
            for (size_t j = 0; j < i; j++)
                assert_int_equal(p[i][j], i & 0xff);
        }
        nw_arena_reset(&arena);
    }
    nw_arena_free(&arena);
}

static void test_arena_keeps_its_limit(void **state)
{
    struct nw_arena arena;
    size_t got = 0;

    (void)state;
    nw_arena_init(&arena, 1 << 20);
    assert_null(nw_arena_alloc(&arena, (1 << 20) + 1));
    assert_null(nw_arena_alloc(&arena, SIZE_MAX));
    assert_null(nw_arena_array(&arena, SIZE_MAX / 2, 3));
    while (nw_arena_alloc(&arena, 1000))
        got += 1000;
    assert_in_range(got, (1 << 19), 1 << 20);
    assert_true(arena.held <= 1 << 20);
    nw_arena_reset(&arena);
    assert_non_null(nw_arena_alloc(&arena, 1000));
    nw_arena_free(&arena);
}

static void test_arena_grows_in_place_only_the_newest(void **state)
{
    struct nw_arena arena = {0};
    char *a = nw_arena_alloc(&arena, 32), *b, *c;

    (void)state;
    memcpy(a, "0123456789abcdef0123456789abcdef", 32);
    assert_ptr_equal(nw_arena_grow(&arena, a, 32, 64), a);
    b = nw_arena_alloc(&arena, 16);
    c = nw_arena_grow(&arena, a, 64, 128);
    assert_ptr_not_equal(a, c);
    assert_memory_equal(a, c, 32);
    nw_arena_trim(&arena, c, 128, 16);
    assert_ptr_equal(nw_arena_alloc(&arena, 1), c + 16);
    assert_ptr_not_equal(b, c);
    nw_arena_free(&arena);
}

static void test_arena_without_memory(void **state)
{
    struct nw_arena arena = {0};

    (void)state;
    nw_alloc_fail_after(0);
    assert_null(nw_arena_alloc(&arena, 8));
    assert_null(nw_arena_dup(&arena, NW_S("x")).p);
    nw_alloc_fail_never();
    assert_non_null(nw_arena_alloc(&arena, 8));
    struct nw_str text = nw_arena_printf(&arena, "%d of %s", 7, "seven");
    assert_true(nw_str_eq(text, NW_S("7 of seven")));
    assert_int_equal(text.p[text.n], 0);
    nw_arena_free(&arena);
}

static void test_buf_remembers_the_first_error(void **state)
{
    struct nw_buf buf;

    (void)state;
    nw_buf_init(&buf, 10);
    assert_int_equal(nw_buf_str(&buf, NW_S("12345678")), 0);
    assert_int_equal(nw_buf_str(&buf, NW_S("901")), -EMSGSIZE);
    assert_int_equal(nw_buf_str(&buf, NW_S("9")), -EMSGSIZE);
    assert_true(nw_str_eq(nw_buf_view(&buf), NW_S("12345678")));
    nw_buf_clear(&buf);
    assert_int_equal(nw_buf_printf(&buf, "%s", "0123456789"), 0);
    assert_int_equal(nw_buf_printf(&buf, "%s", "x"), -EMSGSIZE);
    nw_buf_clear(&buf);
    nw_buf_str(&buf, NW_S("abcdef"));
    nw_buf_take(&buf, 2);
    assert_true(nw_str_eq(nw_buf_view(&buf), NW_S("cdef")));
    nw_buf_take(&buf, 4);
    assert_int_equal(buf.n, 0);
    nw_buf_free(&buf);
    nw_alloc_fail_after(0);
    assert_int_equal(nw_buf_char(&buf, 'x'), -ENOMEM);
    nw_alloc_fail_never();
    nw_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_allocations_are_apart_and_aligned), cmocka_unit_test(test_arena_keeps_its_limit),
        cmocka_unit_test(test_arena_grows_in_place_only_the_newest),    cmocka_unit_test(test_arena_without_memory),
        cmocka_unit_test(test_buf_remembers_the_first_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
