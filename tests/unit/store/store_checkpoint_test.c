/* A checkpoint is read as it was written, or is told to be none. */
#include "unit/store/folder.h"

#include "store/checkpoint.h"

#include <errno.h>
#include <newswire/alloc.h>

static int setup(void **state)
{
    char *folder = malloc(PATH);

    folder_make(folder);
    *state = folder;
    return 0;
}

static int teardown(void **state)
{
    folder_remove(*state);
    free(*state);
    return 0;
}

static void round_trip(void **state)
{
    static char bytes[100000];
    struct nw_buf buf;
    char path[PATH];

    path_of(path, *state, "mark");
    nw_buf_init(&buf, 1 << 20);
    assert_int_equal(nw_checkpoint_read(path, &buf), NW_CHECKPOINT_NONE);
    for (size_t n = 0; n < sizeof bytes; n = n * 5 + 1) {
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)content_mix(i + n);
        assert_int_equal(nw_checkpoint_write(path, nw_str(bytes, n)), 0);
        nw_buf_clear(&buf);
        assert_int_equal(nw_buf_str(&buf, NW_S("before ")), 0);
        assert_int_equal(nw_checkpoint_read(path, &buf), 0);
        assert_int_equal(buf.n, 7 + n);
        assert_memory_equal(buf.p + 7, bytes, n);
    }
    assert_false(file_exists(*state, "mark.new"));
    nw_buf_free(&buf);
}

/* Any cut, any wrong bit, anything behind: no checkpoint, and `out` as before. */
static void damage(void **state)
{
    struct nw_buf buf;
    struct file file;
    char path[PATH];

    path_of(path, *state, "mark");
    nw_buf_init(&buf, 1 << 20);
    assert_int_equal(nw_checkpoint_write(path, NW_S("low-water mark 81516")), 0);
    file = file_read(*state, "mark");
    for (size_t n = 0; n < file.n; n++) {
        file_write(*state, "mark", file.p, n);
        assert_int_equal(nw_checkpoint_read(path, &buf), NW_CHECKPOINT_BAD);
        file.p[n] ^= (unsigned char)(1 << n % 8);
        file_write(*state, "mark", file.p, file.n);
        file.p[n] ^= (unsigned char)(1 << n % 8);
        assert_int_equal(nw_checkpoint_read(path, &buf), NW_CHECKPOINT_BAD);
    }
    file_write(*state, "mark", file.p, file.n + 1);
    assert_int_equal(nw_checkpoint_read(path, &buf), NW_CHECKPOINT_BAD);
    assert_int_equal(buf.n, 0);
    file_write(*state, "mark", file.p, file.n);
    assert_int_equal(nw_checkpoint_read(path, &buf), 0);
    assert_true(nw_str_eq(nw_buf_view(&buf), NW_S("low-water mark 81516")));
    nw_buf_free(&buf);
    free(file.p);
}

/* What a crash left of the next one does no harm; a writer that cannot finish leaves the last one in force. */
static void the_last_one_stays(void **state)
{
    struct nw_buf buf;
    char path[PATH], wrong[PATH];

    path_of(path, *state, "mark");
    path_of(wrong, *state, "no/mark");
    nw_buf_init(&buf, 1 << 20);
    assert_int_equal(nw_checkpoint_write(path, NW_S("one")), 0);
    file_write(*state, "mark.new", "half of the ne", 14);
    assert_int_equal(nw_checkpoint_read(path, &buf), 0);
    assert_true(nw_str_eq(nw_buf_view(&buf), NW_S("one")));
    assert_int_equal(nw_checkpoint_write(path, NW_S("two")), 0);
    nw_buf_clear(&buf);
    assert_int_equal(nw_checkpoint_read(path, &buf), 0);
    assert_true(nw_str_eq(nw_buf_view(&buf), NW_S("two")));
    assert_int_equal(nw_checkpoint_write(wrong, NW_S("x")), -ENOENT);
    nw_buf_free(&buf);
    nw_buf_init(&buf, 2); /* the caller's bound holds */
    assert_int_equal(nw_checkpoint_read(path, &buf), -EMSGSIZE);
    nw_buf_free(&buf);
    nw_buf_init(&buf, 100);
    nw_alloc_fail_after(0);
    assert_int_equal(nw_checkpoint_read(path, &buf), -ENOMEM);
    nw_alloc_fail_never();
    nw_buf_free(&buf);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(round_trip),
        TEST(damage),
        TEST(the_last_one_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
