/* Recovery from crashes: what one left half written is cut, stays cut, and nothing else is. */
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

/* The file ends, or is zeros, from any byte of the last three entries on: exactly the whole entries are there. */
static void any_truncation_of_the_tail(void **state)
{
    struct nw_store_options options = small(*state);
    size_t offsets[32], n, whole;
    struct file file;

    make_log(&options, 20, SALT, 60);
    file = file_read(*state, FIRST);
    n = entry_offsets(&file, offsets, 31);
    assert_int_equal(n, 20);
    for (int zeros = 0; zeros < 2; zeros++)
        for (size_t cut = offsets[n - 3]; cut <= offsets[n]; cut++) {
            struct nw_store *store;
            folder_empty(*state);
            for (whole = n; offsets[whole] > cut; whole--)
                ;
            if (zeros) {
                unsigned char *p = calloc(1, file.n);
                memcpy(p, file.p, cut);
                file_write(*state, FIRST, p, file.n);
                free(p);
            } else {
                file_write(*state, FIRST, file.p, cut);
            }
            /* zeros from a byte that was zero change nothing */
            while (zeros && whole < n && memchr(file.p + cut, 0, 1) && cut == offsets[whole + 1])
                whole++;
            store = open_store(&options);
            if (!(zeros && nw_store_last(store) == whole + 1)) /* only where what was cut off was zeros anyway */
                assert_int_equal(nw_store_last(store), whole);
            else
                for (size_t i = cut; i < offsets[whole + 1]; i++)
                    assert_int_equal(file.p[i], 0);
            nw_store_close(&store);
            assert_reads(*state, 1, whole, SALT, 60);
            store = open_store(&options);
            append_to(store, n, SALT, 60);
            nw_store_close(&store);
            assert_reads(*state, 1, n, SALT, 60);
        }
    free(file.p);
}

/* Any one bit of the last entry is wrong, and the head does not vouch for it: it is cut, and no other. With the head,
 * the entry is told as missing, and its number is not given again. */
static void any_flip_in_the_tail(void **state)
{
    struct nw_store_options options = small(*state);
    size_t offsets[32], n;
    struct file file, head;

    make_log(&options, 20, SALT, 60);
    file = file_read(*state, FIRST);
    head = file_read(*state, "head");
    n = entry_offsets(&file, offsets, 31);
    for (int vouched = 0; vouched < 2; vouched++)
        for (size_t at = offsets[n - 1]; at < offsets[n]; at++) {
            struct nw_store *store;
            folder_empty(*state);
            file.p[at] ^= (unsigned char)(1 << at % 8);
            file_write(*state, FIRST, file.p, file.n);
            file.p[at] ^= (unsigned char)(1 << at % 8);
            if (vouched)
                file_write(*state, "head", head.p, head.n);
            store = open_store(&options);
            assert_int_equal(nw_store_last(store), vouched ? 20 : 19);
            nw_store_close(&store);
            if (vouched) {
                struct nw_store_reader *reader;
                struct nw_store_entry entry;
                assert_int_equal(nw_store_reader_open(*state, 20, &reader), 0);
                assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_MISSING);
                assert_int_equal(entry.seq, 20);
                assert_int_equal(entry.last, 20);
                nw_store_reader_close(&reader);
            } else {
                assert_reads(*state, 1, 19, SALT, 60);
            }
        }
    free(file.p);
    free(head.p);
}

/* An entry that a crash left behind a torn one never comes back, though it would fit behind a new one of the same size.
 */
static void what_is_cut_stays_cut(void **state)
{
    struct nw_store_options options = small(*state);
    size_t offsets[32], n;
    struct nw_store *store;
    struct file file;
    uint64_t seq;

    store = open_store(&options);
    for (int i = 0; i < 10; i++)
        assert_int_equal(nw_store_append(store, NW_S("same size"), &seq), 0);
    nw_store_close(&store);
    file = file_read(*state, FIRST);
    n = entry_offsets(&file, offsets, 31);
    assert_int_equal(n, 10);
    file.p[offsets[7] + STORE_FRAME] ^= 1;
    folder_empty(*state);
    file_write(*state, FIRST, file.p, file.n);
    free(file.p);
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), 7);
    assert_int_equal(nw_store_append(store, NW_S("SAME SIZE"), &seq), 0);
    assert_int_equal(seq, 8);
    nw_store_close(&store);
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), 8);
    nw_store_close(&store);
}

/* The spare of an earlier life was written to: it is made anew. */
static void a_used_spare(void **state)
{
    struct nw_store_options options = small(*state);
    char names[SEGMENTS_MOST][64];
    struct nw_store *store;
    struct file file;
    uint64_t first;
    size_t n;

    make_log(&options, 300, SALT, MOST);
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    file = file_read(*state, names[n - 1]);
    assert_int_equal(file.n, SMALL);
    file_remove(*state, names[n - 1]);
    file_remove(*state, "head");
    file_write(*state, "spare", file.p, file.n);
    free(file.p);
    first = strtoull(names[n - 1], NULL, 10);
    store = open_store(&options);
    assert_int_equal(nw_store_last(store) + 1, first);
    append_to(store, first, SALT, MOST);
    nw_store_close(&store);
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), first);
    nw_store_close(&store);
    assert_reads(*state, 1, first, SALT, MOST);
}

/* Each state that a crash amid the change of segments can leave. */
static void crash_amid_a_change(void **state)
{
    struct nw_store_options options = small(*state);
    char names[SEGMENTS_MOST][64];
    static unsigned char longer[SMALL];
    struct file file;
    size_t n;

    make_log(&options, 300, SALT, MOST);
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    /* A closed one was not cut to its end yet, and others follow. */
    file = file_read(*state, names[1]);
    memcpy(longer, file.p, file.n);
    file_write(*state, names[1], longer, sizeof longer);
    free(file.p);
    /* The newest is closed, and the next one has no name yet: it is still the spare. */
    file = file_read(*state, names[n - 1]);
    file_remove(*state, names[n - 1]);
    file_write(*state, "spare", file.p, file.n);
    free(file.p);
    file_write(*state, "work", "rest of a compression", 21);
    file_remove(*state, "head");
    n = (size_t)strtoull(names[n - 1], NULL, 10);
    assert_goes_on(&options, n);
    assert_false(file_exists(*state, "work"));
    assert_reads(*state, 1, n, SALT, MOST);
    assert_int_equal(folder_list(*state, ".corrupt", names, SEGMENTS_MOST), 0);
    /* The newest is closed, and not cut. */
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    file_remove(*state, names[n - 1]);
    file_remove(*state, "head");
    file = file_read(*state, names[n - 2]);
    memset(longer, 0, sizeof longer);
    memcpy(longer, file.p, file.n);
    file_write(*state, names[n - 2], longer, sizeof longer);
    free(file.p);
    n = (size_t)strtoull(names[n - 1], NULL, 10);
    assert_goes_on(&options, n);
    assert_reads(*state, 1, n, SALT, MOST);
}

/* Sizes of segments may change between lives. */
static void another_segment_size(void **state)
{
    struct nw_store_options options = small(*state);

    make_log(&options, 300, SALT, MOST);
    options.segment_bytes = 100000;
    make_log(&options, 1000, SALT, MOST);
    options.segment_bytes = NW_STORE_SEGMENT_MIN;
    make_log(&options, 1400, SALT, MOST);
    assert_reads(*state, 1, 1400, SALT, MOST);
}

/* A copy of the folder that lost its preallocated rest and its head. */
static void a_copy(void **state)
{
    struct nw_store_options options = small(*state);
    size_t offsets[64], n;
    struct file file;

    make_log(&options, 20, SALT, MOST);
    file = file_read(*state, FIRST);
    n = entry_offsets(&file, offsets, 63);
    folder_empty(*state);
    file_write(*state, FIRST, file.p, offsets[n] + 3);
    free(file.p);
    assert_reads(*state, 1, 20, SALT, MOST);
    assert_goes_on(&options, 21);
    make_log(&options, 200, SALT, MOST);
    assert_reads(*state, 1, 200, SALT, MOST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(any_truncation_of_the_tail),
        TEST(any_flip_in_the_tail),
        TEST(what_is_cut_stays_cut),
        TEST(a_used_spare),
        TEST(crash_amid_a_change),
        TEST(another_segment_size),
        TEST(a_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
