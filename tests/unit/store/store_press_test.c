/* Compressed segments: read as before, cost less, are made in small steps beside the writer, and cope with damage. */
#include "unit/store/folder.h"

#include "store/format.h"

#include <errno.h>

enum { SEGMENT = 512 << 10, SALT = 31, MOST = 3000, LAST = 1500, SEGMENTS_MOST = 32 };

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

static struct nw_store_options packing(const char *folder)
{
    return (struct nw_store_options){.folder = folder, .segment_bytes = SEGMENT, .compress = true};
}

static void compress_all(struct nw_store *store)
{
    int result, steps = 0;

    while ((result = nw_store_maintain(store)) == 0)
        assert_true(++steps < 1000);
    assert_int_equal(result, NW_STORE_IDLE);
}

static struct nw_store *packed_log(const struct nw_store_options *options)
{
    struct nw_store *store = open_store(options);

    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    compress_all(store);
    return store;
}

static void reads_equal(void **state)
{
    struct nw_store_options options = packing(*state);
    char names[SEGMENTS_MOST][64];
    struct nw_store *store;
    struct nw_str payload;
    uint64_t before, seed = 1;

    store = open_store(&options);
    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    before = nw_store_bytes(store);
    compress_all(store);
    assert_true(nw_store_bytes(store) < before * 3 / 4);
    assert_int_equal(folder_list(*state, ".seg", names, SEGMENTS_MOST), 1); /* the one in use */
    assert_true(folder_list(*state, ".zst", names, SEGMENTS_MOST) >= 3);
    assert_false(file_exists(*state, "work"));
    for (int i = 0; i < 3000; i++) {
        uint64_t seq = 1 + (seed = content_mix(seed + 1)) % LAST;
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_content(payload, seq, SALT, MOST);
    }
    nw_store_close(&store);
    assert_reads(*state, 1, LAST, SALT, MOST);
    options.verify = true;
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), LAST);
    append_to(store, LAST + 500, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    compress_all(store);
    nw_store_close(&store);
    assert_reads(*state, 1, LAST + 500, SALT, MOST);
    assert_int_equal(folder_list(*state, ".corrupt", names, SEGMENTS_MOST), 0);
}

/* A reader under way does not notice. */
static void under_a_reader(void **state)
{
    struct nw_store_options options = packing(*state);
    struct nw_store *store = open_store(&options);
    struct nw_store_reader *reader;
    struct nw_store_entry entry;

    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_reader_open(*state, 0, &reader), 0);
    for (uint64_t seq = 1; seq <= LAST; seq++) {
        assert_int_equal(nw_store_reader_next(reader, &entry), 0);
        assert_int_equal(entry.seq, seq);
        assert_content(entry.payload, seq, SALT, MOST);
        if (seq % 40 == 0)
            assert_true(nw_store_maintain(store) >= 0);
    }
    assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END);
    nw_store_reader_close(&reader);
    nw_store_close(&store);
}

/* Segments of large entries have frames of very different sizes; those of noise do not shrink, and stay plain. */
static void large_entries_and_noise(void **state)
{
    struct nw_store_options options = {.folder = *state, .segment_bytes = 4 << 20, .compress = true};
    struct nw_store *store = open_store(&options);
    size_t sizes[] = {1, 300000, 5, 1000000, 262144 - STORE_FRAME, 262144, 70000, 3};
    char *bytes = malloc(1000000), names[SEGMENTS_MOST][64];
    struct nw_str payload;
    uint64_t seq = 0, noise = 5;

    assert_non_null(bytes);
    for (int round = 0; round < 8; round++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            int result;
            for (size_t j = 0; j < sizes[i]; j++)
                bytes[j] = round < 4 ? (char)((uint64_t)round + i) : (char)(noise = content_mix(noise + 1));
            while ((result = nw_store_append(store, nw_str(bytes, sizes[i]), &seq)) == NW_STORE_FULL)
                wait_event(store);
            assert_int_equal(result, 0);
        }
    assert_int_equal(nw_store_sync(store), 0);
    compress_all(store);
    assert_true(folder_list(*state, ".zst", names, SEGMENTS_MOST) > 0);
    assert_true(folder_list(*state, ".seg", names, SEGMENTS_MOST) > 1);
    nw_store_close(&store);
    store = open_store(&options);
    for (seq = 1; seq <= 32; seq++) {
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_int_equal(payload.n, sizes[(seq - 1) % 8]);
        for (size_t j = 0; j < payload.n; j += 1000)
            assert_int_equal(payload.p[j], (seq - 1) / 8 + (seq - 1) % 8);
    }
    nw_store_close(&store);
    free(bytes);
}

/* Numbers that are good, checked, and that are missing. */
static void count(const char *folder, uint64_t *good, uint64_t *missing)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    uint64_t next = 1;
    int result;

    *good = *missing = 0;
    assert_int_equal(nw_store_reader_open(folder, 1, &reader), 0);
    while ((result = nw_store_reader_next(reader, &entry)) != NW_STORE_END) {
        assert_int_equal(entry.seq, next);
        next = entry.last + 1;
        if (result == 0)
            assert_content(entry.payload, entry.seq, SALT, MOST);
        else
            assert_true(result == NW_STORE_MISSING || result == NW_STORE_DROPPED);
        *(result == 0 ? good : missing) += entry.last + 1 - entry.seq;
    }
    nw_store_reader_close(&reader);
}

/* One byte is wrong, wherever: at most the entries of its zstd frame are lost, and told. Header or index: the segment.
 */
static void damage(void **state)
{
    struct nw_store_options options = packing(*state);
    struct nw_store *store = packed_log(&options);
    char names[SEGMENTS_MOST][64];
    uint64_t good, missing, seed = 9;
    struct file file;

    nw_store_close(&store);
    assert_true(folder_list(*state, ".zst", names, SEGMENTS_MOST) >= 3);
    file = file_read(*state, names[1]);
    options.verify = true;
    for (int round = 0; round < 40; round++) {
        size_t at = (size_t)((seed = content_mix(seed + 1)) % file.n);
        bool whole = at < STORE_HEADER || at + 500 > file.n;
        file.p[at] ^= 0x10;
        file_write(*state, names[1], file.p, file.n);
        file.p[at] ^= 0x10;
        count(*state, &good, &missing);
        assert_int_equal(good + missing, LAST);
        assert_true(missing < 600);
        if (!whole) { /* else it would be set aside */
            store = open_store(&options);
            assert_int_equal(nw_store_last(store), LAST);
            nw_store_close(&store);
        }
    }
    file.p[20] ^= 1;
    file_write(*state, names[1], file.p, file.n);
    store = open_store(&options);
    nw_store_close(&store);
    assert_int_equal(folder_list(*state, ".corrupt", names, SEGMENTS_MOST), 1);
    count(*state, &good, &missing);
    assert_int_equal(good + missing, LAST);
    assert_in_range(missing, 100, 600);
    free(file.p);
}

/* A crash came between naming the compressed file and deleting the plain one. */
static void twins(void **state)
{
    struct nw_store_options options = {.folder = *state, .segment_bytes = SEGMENT};
    char names[SEGMENTS_MOST][64], corrupt[SEGMENTS_MOST][64];
    struct nw_store *store;
    struct file plain[2];
    size_t n;

    make_log(&options, LAST, SALT, MOST);
    assert_true(folder_list(*state, ".seg", names, SEGMENTS_MOST) >= 4);
    plain[0] = file_read(*state, names[0]);
    plain[1] = file_read(*state, names[1]);
    options.compress = true;
    store = packed_log(&options);
    nw_store_close(&store);
    file_write(*state, names[0], plain[0].p, plain[0].n);
    file_write(*state, names[1], plain[1].p, plain[1].n);
    assert_reads(*state, 1, LAST, SALT, MOST);
    n = folder_list(*state, ".zst", names, SEGMENTS_MOST);
    assert_true(n >= 3);
    file_write(*state, names[1], "no segment", 10); /* then the plain one counts */
    store = open_store(&options);
    nw_store_close(&store);
    assert_int_equal(folder_list(*state, ".zst", names, SEGMENTS_MOST), n - 1);
    assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), 1);
    assert_int_equal(folder_list(*state, ".seg", names, SEGMENTS_MOST), 2);
    assert_reads(*state, 1, LAST, SALT, MOST);
    free(plain[0].p);
    free(plain[1].p);
}

/* The segment that is being compressed is dropped meanwhile. */
static void dropped_meanwhile(void **state)
{
    struct nw_store_options options = packing(*state);
    struct nw_store *store = open_store(&options);
    char names[SEGMENTS_MOST][64];

    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_maintain(store), 0);
    assert_true(file_exists(*state, "work"));
    assert_int_equal(nw_store_drop_before(store, LAST), 0);
    while (nw_store_first(store) == 1) {
        append_to(store, nw_store_last(store) + 1, SALT, 100);
        assert_int_equal(nw_store_sync(store), 0);
    }
    compress_all(store);
    assert_false(file_exists(*state, "work"));
    folder_list(*state, ".zst", names, SEGMENTS_MOST);
    assert_false(file_exists(*state, "00000000000000000001.zst"));
    nw_store_close(&store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_equal), TEST(under_a_reader), TEST(large_entries_and_noise),
        TEST(damage),      TEST(twins),          TEST(dropped_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
