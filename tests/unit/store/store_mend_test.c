/*
 * Damage: what is good of a damaged segment is saved, what is not is told by number, the damaged file is set aside, the
 * rest goes on; and no number is given twice.
 */
#include "unit/store/folder.h"

#include "store/format.h"
#include "store/segment.h"

#include <errno.h>

enum { SMALL = 16 << 10, SALT = 11, MOST = 300, SEGMENTS_MOST = 64 };

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

static struct nw_store_options small(const char *folder)
{
    return (struct nw_store_options){.folder = folder, .segment_bytes = SMALL};
}

/* Opens, appends one entry, closes: the log must go on, and be whole from `next` on. */
static void assert_goes_on(const struct nw_store_options *options, uint64_t next)
{
    struct nw_store *store = open_store(options);

    assert_int_equal(nw_store_last(store) + 1, next);
    append_to(store, next, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
}

static const char FIRST[] = "00000000000000000001.seg";

/* A whole entry stands where another one was: right as an entry, wrong in number. */
static void an_entry_at_a_wrong_place(void **state)
{
    struct nw_store_options options = small(*state);
    size_t offsets[32], n;
    struct nw_store *store;
    struct file file;
    uint64_t seq;

    store = open_store(&options);
    for (char c = 'a'; c < 'k'; c++)
        assert_int_equal(nw_store_append(store, nw_str((char[]){c, c, c}, 3), &seq), 0);
    nw_store_close(&store);
    file = file_read(*state, FIRST);
    n = entry_offsets(&file, offsets, 31);
    assert_int_equal(n, 10);
    memcpy(file.p + offsets[8], file.p + offsets[4], offsets[5] - offsets[4]);
    folder_empty(*state);
    file_write(*state, FIRST, file.p, file.n);
    free(file.p);
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), 8);
    nw_store_close(&store);
}

/* A byte of a middle segment is wrong, wherever: the segment is set aside, what is good of it stays, what is not is
 * told, and all others are untouched. */
static void damage_in_the_middle(void **state)
{
    struct nw_store_options options = small(*state);
    char names[SEGMENTS_MOST][64], corrupt[SEGMENTS_MOST][64];
    struct file file;
    size_t n;
    uint64_t seed = 3;

    for (int round = 0; round < 60; round++) {
        struct nw_store *store;
        struct found found;
        size_t at;
        bool index;
        folder_empty(*state);
        make_log(&options, 400, SALT, MOST);
        n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
        assert_true(n >= 4);
        file = file_read(*state, names[1]);
        seed = content_mix(seed + 1);
        at = round < 40 ? (size_t)(seed % file.n) : (size_t)round - 40; /* some in the header */
        index = at >= file.n - store_index_size(1);
        file.p[at] ^= (unsigned char)(1 << (seed >> 32) % 8);
        file_write(*state, names[1], file.p, file.n);
        free(file.p);
        found = read_found(*state, SALT, MOST); /* a reader alone copes as well */
        assert_int_equal(found.good + found.missing, 400);
        options.verify = true;
        store = open_store(&options);
        assert_int_equal(nw_store_last(store), 400);
        nw_store_close(&store);
        assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), 1);
        found = read_found(*state, SALT, MOST);
        assert_int_equal(found.good + found.missing, 400);
        if (at < STORE_HEADER || index)
            assert_int_equal(found.missing, 0); /* no entry was hit */
        else
            assert_in_range(found.missing, 0, 60);
        assert_int_equal(found.last, 400);
        assert_goes_on(&options, 401);
        assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), 1); /* mended for good */
        assert_int_equal(read_found(*state, SALT, MOST).missing, found.missing);
    }
}

/* 4 KiB in the midst of a large segment are lost: all but the entries up to the next mark are saved. */
static void a_lost_page_costs_one_stretch(void **state)
{
    struct nw_store_options options = {.folder = *state, .segment_bytes = 1 << 20, .verify = true};
    struct nw_store *store = open_store(&options);
    char names[SEGMENTS_MOST][64];
    struct file file;
    struct found found;

    append_to(store, 10000, SALT, MOST);
    nw_store_close(&store);
    assert_true(folder_list(*state, ".seg", names, SEGMENTS_MOST) >= 2);
    file = file_read(*state, names[0]);
    memset(file.p + (file.n / 2 & ~(size_t)4095), 0, 4096);
    file_write(*state, names[0], file.p, file.n);
    free(file.p);
    store = open_store(&options);
    nw_store_close(&store);
    found = read_found(*state, SALT, MOST);
    assert_int_equal(found.good + found.missing, 10000);
    assert_in_range(found.missing, 4096 / (MOST + 8), (64 << 10) / (MOST / 2) + 100);
    assert_int_equal(found.last_missing + 1 - found.first_missing, found.missing); /* one gap */
}

/* The same in the segment in use, with the promise of the head or of a later mark: a rotten page there is no torn
 * write. */
static void rot_in_the_newest_segment_is_no_torn_write(void **state)
{
    for (int with_head = 0; with_head < 2; with_head++) {
        struct nw_store_options options = {.folder = *state, .segment_bytes = 4 << 20};
        char corrupt[SEGMENTS_MOST][64];
        struct nw_store *store;
        struct file file;
        struct found found;
        folder_empty(*state);
        store = open_store(&options);
        for (uint64_t last = 500; last <= 5000; last += 500) {
            append_to(store, last, SALT, MOST);
            assert_int_equal(nw_store_sync(store), 0);
        }
        nw_store_close(&store);
        file = file_read(*state, FIRST);
        memset(file.p + 100000, 0xee, 4096);
        file_write(*state, FIRST, file.p, file.n);
        free(file.p);
        if (!with_head)
            file_remove(*state, "head");
        store = open_store(&options);
        assert_int_equal(nw_store_last(store), 5000);
        nw_store_close(&store);
        assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), 1);
        found = read_found(*state, SALT, MOST);
        assert_int_equal(found.good + found.missing, 5000);
        assert_in_range(found.missing, 10, 600);
        assert_goes_on(&options, 5001);
    }
}

static void a_missing_segment_is_a_gap(void **state)
{
    struct nw_store_options options = small(*state);
    char names[SEGMENTS_MOST][64];
    struct found found;
    size_t n;

    make_log(&options, 400, SALT, MOST);
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    file_remove(*state, names[2]);
    found = read_found(*state, SALT, MOST);
    assert_true(found.missing > 20);
    assert_int_equal(found.good + found.missing, 400);
    assert_int_equal(found.first_missing, strtoull(names[2], NULL, 10));
    assert_int_equal(found.last_missing + 1, strtoull(names[3], NULL, 10));
    assert_goes_on(&options, 401);
    /* The newest goes: numbers that were given are not given again, and readers learn of it. */
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    file_remove(*state, names[n - 1]);
    assert_goes_on(&options, 402);
    found = read_found(*state, SALT, MOST);
    assert_int_equal(found.good + found.missing, 402);
    assert_int_equal(found.last, 402);
    assert_int_equal(found.last_missing, 401);
    /* All go: the head still knows where the numbers stand. */
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    while (n)
        file_remove(*state, names[--n]);
    assert_goes_on(&options, 403);
    found = read_found(*state, SALT, MOST);
    assert_int_equal(found.dropped, 402);
    assert_int_equal(found.good, 1);
}

/* The end of the newest segment was durable, and is gone. */
static void a_lost_end_is_told(void **state)
{
    struct nw_store_options options = small(*state);
    size_t offsets[64], n;
    struct found found;
    struct file file;

    make_log(&options, 20, SALT, MOST);
    file = file_read(*state, FIRST);
    n = entry_offsets(&file, offsets, 63);
    memset(file.p + offsets[n - 5], 0, file.n - offsets[n - 5]);
    file_write(*state, FIRST, file.p, file.n);
    free(file.p);
    assert_goes_on(&options, 21);
    found = read_found(*state, SALT, MOST);
    assert_int_equal(found.good, 16);
    assert_int_equal(found.first_missing, 16);
    assert_int_equal(found.last_missing, 20);
}

static void headers_of_all_segments_damaged(void **state)
{
    struct nw_store_options options = small(*state);
    char names[SEGMENTS_MOST][64], corrupt[SEGMENTS_MOST][64];
    struct nw_store *store;
    struct file file;
    size_t n;

    make_log(&options, 300, SALT, MOST);
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    for (size_t i = 0; i < n; i++) {
        file = file_read(*state, names[i]);
        memset(file.p, 0, 64);
        file_write(*state, names[i], file.p, file.n);
        free(file.p);
    }
    store = open_store(&options); /* the head knows which log it is: all entries are saved */
    assert_int_equal(nw_store_last(store), 300);
    nw_store_close(&store);
    assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), n);
    assert_reads(*state, 1, 300, SALT, MOST);
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    for (size_t i = 0; i < n; i++)
        file_write(*state, names[i], "", 0);
    file_remove(*state, "head"); /* without it nothing says which log it was: no guess is made */
    assert_int_equal(nw_store_open(&options, &store), -EBADMSG);
}

/* A segment of another log among ours is set aside, not read. */
static void foreign_segment(void **state)
{
    struct nw_store_options options = small(*state);
    char names[SEGMENTS_MOST][64], other[PATH];
    struct found found;
    struct file file;

    make_log(&options, 300, SALT, MOST);
    folder_list(*state, ".seg", names, SEGMENTS_MOST);
    folder_make(other);
    options.folder = other;
    make_log(&options, 300, SALT, MOST);
    file = file_read(other, names[1]);
    file_write(*state, names[1], file.p, file.n);
    free(file.p);
    folder_remove(other);
    options.folder = *state;
    assert_goes_on(&options, 301);
    found = read_found(*state, SALT, MOST);
    assert_int_equal(found.first_missing, strtoull(names[1], NULL, 10));
    assert_int_equal(found.good + found.missing, 301);
    assert_true(found.missing > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_entry_at_a_wrong_place),       TEST(damage_in_the_middle),
        TEST(a_lost_page_costs_one_stretch),   TEST(rot_in_the_newest_segment_is_no_torn_write),
        TEST(a_missing_segment_is_a_gap),      TEST(a_lost_end_is_told),
        TEST(headers_of_all_segments_damaged), TEST(foreign_segment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
