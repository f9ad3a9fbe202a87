/* Folders: byte order of names with any page size, hidden names, links, depth; names that come and go. */
#include "unit/fetch/harness.h"
#include "walk.h"

#include <fcntl.h>
#include <sys/stat.h>

static char root[64];

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "walk_test.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static void make(const char *name, bool folder)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", root, name);
    if (folder) {
        assert_int_equal(mkdir(path, 0777), 0);
    } else {
        int fd = open(path, O_CREAT | O_WRONLY | O_EXCL, 0666);
        assert_true(fd >= 0);
        close(fd);
    }
}

/* All paths, without the root, one a line; free() it. */
static char *walked(bool recursive, const char *skip)
{
    struct walk walk = {.depth = 0};
    struct nw_buf out;
    int step;

    nw_buf_init(&out, TRANSCRIPT);
    assert_int_equal(walk_open(&walk, root, recursive, skip), 0);
    while ((step = walk_next(&walk)) != WALK_END) {
        assert_true(step >= 0);
        nw_buf_printf(&out, "%s%s\n", step == WALK_BAD ? "bad: " : "", walk.path + strlen(root) + 1);
    }
    nw_buf_char(&out, '\0');
    walk_free(&walk);
    return out.p;
}

static void expect(bool recursive, const char *skip, const char *expected)
{
    char *got = walked(recursive, skip);

    assert_string_equal(got, expected);
    free(got);
}

static void order(void **state)
{
    char link[128];

    (void)state;
    make("b", true);
    make("b/2", false);
    make("b/10", false);
    make("b/.hidden", false);
    make("b/c", true);
    make("b/c/deep", false);
    make("B", false);
    make("a.txt", false);
    make("b.txt", false);
    make(".hidden", true);
    make("done", true);
    make("done/x", false);
    make("\xC3\xA4", false);
    snprintf(link, sizeof link, "%s/b/loop", root);
    assert_int_equal(symlink("..", link), 0);
    snprintf(link, sizeof link, "%s/link", root);
    assert_int_equal(symlink("a.txt", link), 0);
    snprintf(link, sizeof link, "%s/nowhere", root);
    assert_int_equal(symlink("missing", link), 0);
    snprintf(link, sizeof link, "%s/pipe", root);
    assert_int_equal(mkfifo(link, 0666), 0);
    expect(true, NULL, "B\na.txt\nb/10\nb/2\nb/c/deep\nb.txt\ndone/x\nlink\nbad: nowhere\n\xC3\xA4\n");
    expect(true, "done", "B\na.txt\nb/10\nb/2\nb/c/deep\nb.txt\nlink\nbad: nowhere\n\xC3\xA4\n");
    expect(false, NULL, "B\na.txt\nb.txt\nlink\nbad: nowhere\n\xC3\xA4\n");
}

/* The names of a folder, page after page, are the sorted names, whatever fits on a page. */
static void pages(void **state)
{
    enum { FILES = 700 };
    char expected[FILES][32];
    uint32_t seed = 5;

    (void)state;
    for (size_t i = 0; i < FILES; i++) {
        snprintf(expected[i], sizeof *expected, "%x-%zu", dice(&seed), i);
        make(expected[i], false);
    }
    qsort(expected, FILES, sizeof *expected, (int (*)(const void *, const void *))strcmp);
    for (size_t bytes = 256; bytes < 200000; bytes *= 5) {
        struct names names;
        char last[256] = "";
        size_t n = 0, scans = 0;

        names_init(&names, bytes);
        do {
            struct nw_str name;
            enum names_kind kind;

            assert_int_equal(names_scan(&names, root, nw_str_z(last)), 0);
            scans++;
            while (names_next(&names, &name, &kind)) {
                assert_true(n < FILES);
                assert_string_equal(name.p, expected[n]);
                assert_int_equal(kind, NAMES_FILE);
                memcpy(last, name.p, name.n + 1);
                n++;
            }
        } while (names.more);
        assert_int_equal(n, FILES);
        assert_true(bytes < 10000 ? scans > 1 : bytes < 100000 || scans == 1);
        names_free(&names);
    }
}

static void deep(void **state)
{
    char path[512] = "d";

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        make(path, true);
        snprintf(path + strlen(path), sizeof path - strlen(path), "/d");
    }
    path[strlen(path) - 1] = 'f';
    make(path, false);
    snprintf(path + strlen(path), sizeof path - strlen(path), "\n");
    expect(true, NULL, path);
}

static void unlistable(void **state)
{
    struct walk walk = {.depth = 0};

    (void)state;
    make("file", false);
    snprintf(root + strlen(root), 8, "/file");
    assert_int_equal(walk_open(&walk, root, true, NULL), WALK_BAD);
    assert_non_null(strstr(walk.why, "can't be listed"));
    assert_int_equal(walk_next(&walk), WALK_END);
    walk_free(&walk);
    *strchr(root, '/') = '\0';
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(order, make_root, drop_root),
        cmocka_unit_test_setup_teardown(pages, make_root, drop_root),
        cmocka_unit_test_setup_teardown(deep, make_root, drop_root),
        cmocka_unit_test_setup_teardown(unlistable, make_root, drop_root),
    };

    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
