/*
 * Recovery: what a crash left half written is cut, what is damaged is set aside and told, the rest goes on; and nothing
 * that was durable goes without a word.
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

/* What a reader finds, in order: the numbers of good entries (checked) and of missing ones. */
struct found {
    uint64_t good, missing, dropped, first_missing, last_missing, last;
};

static struct found read_found(const char *folder)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    struct found found = {0};
    uint64_t next = 1;
    int result;

    assert_int_equal(nw_store_reader_open(folder, 1, &reader), 0);
    while ((result = nw_store_reader_next(reader, &entry)) != NW_STORE_END) {
        assert_int_equal(entry.seq, next);
        next = entry.last + 1;
        if (result == NW_STORE_MISSING) {
            if (!found.missing)
                found.first_missing = entry.seq;
            found.last_missing = entry.last;
            found.missing += entry.last + 1 - entry.seq;
            continue;
        }
        if (result == NW_STORE_DROPPED) {
            found.dropped += entry.last + 1 - entry.seq;
            continue;
        }
        assert_int_equal(result, 0);
        assert_content(entry.payload, entry.seq, SALT, MOST);
        found.good++;
        found.last = entry.seq;
    }
    nw_store_reader_close(&reader);
    return found;
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

/* Offsets of the entries of an open segment without marks. */
static size_t entry_offsets(const struct file *file, size_t *offsets, size_t most)
{
    size_t n = 0, at = STORE_HEADER;

    while (at + 4 <= file->n && store_get32(file->p + at)) {
        assert_true(n < most);
        offsets[n++] = at;
        at += STORE_FRAME + store_word_length(store_get32(file->p + at));
    }
    offsets[n] = at;
    return n;
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
        found = read_found(*state); /* a reader alone copes as well */
        assert_int_equal(found.good + found.missing, 400);
        options.verify = true;
        store = open_store(&options);
        assert_int_equal(nw_store_last(store), 400);
        nw_store_close(&store);
        assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), 1);
        found = read_found(*state);
        assert_int_equal(found.good + found.missing, 400);
        if (at < STORE_HEADER || index)
            assert_int_equal(found.missing, 0); /* no entry was hit */
        else
            assert_in_range(found.missing, 0, 60);
        assert_int_equal(found.last, 400);
        assert_goes_on(&options, 401);
        assert_int_equal(folder_list(*state, ".corrupt", corrupt, SEGMENTS_MOST), 1); /* mended for good */
        assert_int_equal(read_found(*state).missing, found.missing);
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
    found = read_found(*state);
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
        found = read_found(*state);
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
    found = read_found(*state);
    assert_true(found.missing > 20);
    assert_int_equal(found.good + found.missing, 400);
    assert_int_equal(found.first_missing, strtoull(names[2], NULL, 10));
    assert_int_equal(found.last_missing + 1, strtoull(names[3], NULL, 10));
    assert_goes_on(&options, 401);
    /* The newest goes: numbers that were given are not given again, and readers learn of it. */
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    file_remove(*state, names[n - 1]);
    assert_goes_on(&options, 402);
    found = read_found(*state);
    assert_int_equal(found.good + found.missing, 402);
    assert_int_equal(found.last, 402);
    assert_int_equal(found.last_missing, 401);
    /* All go: the head still knows where the numbers stand. */
    n = folder_list(*state, ".seg", names, SEGMENTS_MOST);
    while (n)
        file_remove(*state, names[--n]);
    assert_goes_on(&options, 403);
    found = read_found(*state);
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
    found = read_found(*state);
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
    found = read_found(*state);
    assert_int_equal(found.first_missing, strtoull(names[1], NULL, 10));
    assert_int_equal(found.good + found.missing, 301);
    assert_true(found.missing > 0);
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
        TEST(an_entry_at_a_wrong_place),
        TEST(a_used_spare),
        TEST(damage_in_the_middle),
        TEST(a_lost_page_costs_one_stretch),
        TEST(rot_in_the_newest_segment_is_no_torn_write),
        TEST(a_missing_segment_is_a_gap),
        TEST(a_lost_end_is_told),
        TEST(headers_of_all_segments_damaged),
        TEST(crash_amid_a_change),
        TEST(foreign_segment),
        TEST(another_segment_size),
        TEST(a_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
