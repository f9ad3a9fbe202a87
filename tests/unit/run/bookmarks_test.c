/* Named positions: what is durable is there after each start, forgotten names and other logs leave nothing, and the
 * bound holds. */
#include "run/bookmarks.h"
#include "store/checkpoint.h"

#include "unit/store/folder.h"

#include <errno.h>

static const uint64_t log_id = 77;

struct world {
    char folder[PATH], path[PATH];
};

static void world_make(struct world *world)
{
    folder_make(world->folder);
    path_of(world->path, world->folder, "positions.checkpoint");
}

static struct nw_bookmarks *opened(const struct world *world, uint64_t log)
{
    struct nw_bookmarks *bookmarks;

    assert_int_equal(nw_bookmarks_open(world->path, log, &bookmarks), 0);
    return bookmarks;
}

static struct nw_str name_of(unsigned i, char text[NW_BOOKMARK_NAME])
{
    int n = snprintf(text, NW_BOOKMARK_NAME, "desk-%u.%u", i * 7919 % 10007, i);

    return nw_str(text, (size_t)n);
}

/* Waits by the event alone. */
static void wait_durable(struct nw_bookmarks *bookmarks, uint64_t version)
{
    while (nw_bookmarks_durable(bookmarks) < version) {
        struct pollfd fd = {.fd = nw_bookmarks_event(bookmarks), .events = POLLIN};
        assert_true(poll(&fd, 1, -1) == 1);
    }
}

static void what_is_durable_is_there(void **state)
{
    struct world world;
    uint64_t version = 0, last = 0;

    (void)state;
    world_make(&world);
    for (unsigned life = 1; life <= 4; life++) {
        struct nw_bookmarks *bookmarks = opened(&world, log_id), *copy;
        struct world away;
        char text[NW_BOOKMARK_NAME], bytes[1 << 16];
        FILE *from, *to;
        size_t n;

        for (unsigned i = 0; i < 100; i++)
            assert_int_equal(nw_bookmarks_get(bookmarks, name_of(i, text)), life == 1 ? 0 : (life - 1) * 1000 + i);
        for (unsigned i = 0; i < 100; i++) {
            last = version;
            assert_int_equal(nw_bookmarks_set(bookmarks, name_of(i, text), life * 1000 + i, &version), 0);
            assert_true(i == 0 || version > last);
        }
        wait_durable(bookmarks, version);
        /* As a kill would leave it: the file, without a close. */
        world_make(&away);
        from = fopen(world.path, "rb");
        to = fopen(away.path, "wb");
        assert_true(from && to);
        while ((n = fread(bytes, 1, sizeof bytes, from)) > 0)
            assert_int_equal(fwrite(bytes, 1, n, to), n);
        fclose(from);
        fclose(to);
        copy = opened(&away, log_id);
        for (unsigned i = 0; i < 100; i++)
            assert_int_equal(nw_bookmarks_get(copy, name_of(i, text)), life * 1000 + i);
        nw_bookmarks_close(&copy);
        folder_remove(away.folder);
        nw_bookmarks_close(&bookmarks);
        assert_null(bookmarks);
    }
    folder_remove(world.folder);
}

static void close_keeps_what_was_set(void **state)
{
    struct world world;
    struct nw_bookmarks *bookmarks;
    uint64_t version;

    (void)state;
    world_make(&world);
    bookmarks = opened(&world, log_id);
    assert_int_equal(nw_bookmarks_set(bookmarks, NW_S("a"), 5, &version), 0);
    assert_int_equal(nw_bookmarks_set(bookmarks, NW_S("b"), 6, &version), 0);
    assert_int_equal(nw_bookmarks_set(bookmarks, NW_S("a"), 4, &version), 0); /* back is allowed */
    nw_bookmarks_close(&bookmarks);
    bookmarks = opened(&world, log_id);
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("a")), 4);
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("b")), 6);
    assert_int_equal(nw_bookmarks_set(bookmarks, NW_S("a"), 0, &version), 0);
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("a")), 0);
    nw_bookmarks_close(&bookmarks);
    bookmarks = opened(&world, log_id);
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("a")), 0);
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("b")), 6);
    nw_bookmarks_close(&bookmarks);
    bookmarks = opened(&world, log_id + 1); /* oseqs of another log mean nothing here */
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("b")), 0);
    nw_bookmarks_close(&bookmarks);
    folder_remove(world.folder);
}

static void names_and_their_number_are_bounded(void **state)
{
    static const char *const bad[] = {
        "", "a b", "a/b", "\xc3\xa4", "a\n", "12345678901234567890123456789012345678901234567890123456789012345"};
    struct world world;
    struct nw_bookmarks *bookmarks;
    char text[NW_BOOKMARK_NAME];
    uint64_t version;

    (void)state;
    world_make(&world);
    bookmarks = opened(&world, log_id);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(nw_bookmarks_set(bookmarks, nw_str_z(bad[i]), 1, &version), NW_BOOKMARK_BAD_NAME);
    for (unsigned i = 0; i < NW_BOOKMARKS; i++)
        assert_int_equal(nw_bookmarks_set(bookmarks, name_of(i, text), i + 1, &version), 0);
    assert_int_equal(nw_bookmarks_set(bookmarks, NW_S("more"), 1, &version), NW_BOOKMARKS_FULL);
    assert_int_equal(nw_bookmarks_set(bookmarks, name_of(9, text), 0, &version), 0);
    assert_int_equal(nw_bookmarks_set(bookmarks, NW_S("more"), 1, &version), 0);
    nw_bookmarks_close(&bookmarks);
    bookmarks = opened(&world, log_id);
    for (unsigned i = 0; i < NW_BOOKMARKS; i++)
        assert_int_equal(nw_bookmarks_get(bookmarks, name_of(i, text)), i == 9 ? 0 : i + 1);
    assert_int_equal(nw_bookmarks_get(bookmarks, NW_S("more")), 1);
    nw_bookmarks_close(&bookmarks);
    folder_remove(world.folder);
}

static void damage_is_told(void **state)
{
    struct world world;
    struct nw_bookmarks *bookmarks;

    (void)state;
    world_make(&world);
    assert_int_equal(nw_checkpoint_write(world.path, NW_S("no such thing")), 0);
    assert_int_equal(nw_bookmarks_open(world.path, log_id, &bookmarks), -EILSEQ);
    assert_null(bookmarks);
    folder_remove(world.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_durable_is_there),
        cmocka_unit_test(close_keeps_what_was_set),
        cmocka_unit_test(names_and_their_number_are_bounded),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
