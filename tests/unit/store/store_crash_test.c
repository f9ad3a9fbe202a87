/*
 * A power cut at every point of a log's life, and of its recovery: whatever the disk may have kept of what was not
 * synced, after the next open each entry that was told durable is there, whole, in order; behind it at most entries
 * that were appended; nothing else; and the log goes on.
 */
#include "unit/store/crash_disk.h"

#include <errno.h>

enum { SMALL = 8 << 10, SALT = 41, MOST = 600, LAST = 420, SEEDS = 6, SEGMENTS_MOST = 64 };

struct life {
    struct trace trace;
    struct store_disk_hook hook;
    struct nw_store *_Atomic store; /* NULL while it is being opened */
    _Atomic uint64_t low;           /* dropped before */
};

/* The moment: what was durable, and what was dropped. */
static uint64_t moment(void *context)
{
    struct life *life = context;
    struct nw_store *store = life->store;

    return (store ? nw_store_durable(store) : 0) << 32 | life->low;
}

static void life_begin(struct life *life)
{
    memset(life, 0, sizeof *life);
    pthread_mutex_init(&life->trace.mutex, NULL);
    life->trace.mark = moment;
    life->trace.context = life;
    life->hook = (struct store_disk_hook){trace_before, &life->trace};
}

static void life_end(struct life *life)
{
    pthread_mutex_destroy(&life->trace.mutex);
    trace_free(&life->trace);
}

/* Folders in memory where the machine has them: the disk is the test's own here. */
static void make_folder(char out[PATH])
{
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    folder_make(out);
}

/* What is read from a folder, checked: entries `low` to `durable` must be there. Returns the last one. */
static uint64_t check_entries(const char *folder, uint64_t low, uint64_t durable, uint64_t gap_first, uint64_t gap_last)
{
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    uint64_t next = 1;
    int result;

    assert_int_equal(nw_store_reader_open(folder, 1, &reader), 0);
    while ((result = nw_store_reader_next(reader, &entry)) != NW_STORE_END) {
        assert_int_equal(entry.seq, next);
        next = entry.last + 1;
        if (result == NW_STORE_DROPPED) {
            assert_true(entry.last < low);
            continue;
        }
        if (result == NW_STORE_MISSING) {
            assert_int_equal(entry.seq, gap_first);
            assert_int_equal(entry.last, gap_last);
            continue;
        }
        assert_int_equal(result, 0);
        assert_content(entry.payload, entry.seq, SALT, MOST);
    }
    nw_store_reader_close(&reader);
    assert_true(next > durable);
    return next - 1;
}

/* The log in the folder opens, holds what it must, and goes on. */
static void check_recovers(const struct nw_store_options *options, uint64_t low, uint64_t durable, uint64_t appended)
{
    struct nw_store *store = open_store(options);
    uint64_t last = nw_store_last(store);
    char corrupt[SEGMENTS_MOST][64];

    assert_true(last >= durable);
    assert_true(last <= appended);
    append_to(store, last + 5, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    assert_int_equal(check_entries(options->folder, low, last + 5, 0, 0), last + 5);
    assert_int_equal(folder_list(options->folder, ".corrupt", corrupt, SEGMENTS_MOST), 0); /* a crash is no damage */
}

/* A second life behind a crash, cut off as well: `kept` is the disk as the first crash left it. What it told durable
 * counts. */
static void crash_again(struct crash_disk *kept, const struct nw_store_options *model, uint64_t low, uint64_t durable,
                        uint64_t seed)
{
    struct nw_store_options options = *model;
    struct nw_store *store;
    struct life second;
    size_t stop;
    uint64_t appended;

    life_begin(&second);
    options.hook = &second.hook;
    store = open_store(&options);
    second.store = store;
    appended = nw_store_last(store) + seed % 4;
    assert_true(nw_store_last(store) >= durable);
    append_to(store, appended, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    second.store = NULL;
    nw_store_close(&store);
    stop = (size_t)(content_mix(seed) % (second.trace.n + 1));
    for (size_t i = 0; i < stop; i++)
        disk_apply(kept, &second.trace.p[i]);
    if (stop < second.trace.n && second.trace.p[stop].mark >> 32 > durable)
        durable = second.trace.p[stop].mark >> 32;
    folder_empty(options.folder);
    disk_crash(kept, false, seed, options.folder);
    check_recovers(model, low, durable, appended > LAST ? appended : LAST);
    life_end(&second);
}

/* Each crash that a traced life may have had, from the folder `before` on. */
static void crash_everywhere(struct life *life, struct crash_disk *disk, const struct nw_store_options *model)
{
    struct nw_store_options options = *model;
    char folder[PATH];

    make_folder(folder);
    options.folder = folder;
    options.hook = NULL;
    for (size_t i = 0; i < life->trace.n; i++) {
        uint64_t durable = life->trace.p[i].mark >> 32, low = life->trace.p[i].mark & UINT32_MAX;
        struct crash_disk *kept;
        /* A power cut. */
        folder_empty(folder);
        disk_crash(disk, false, i, folder);
        check_recovers(&options, low, durable, LAST);
        /* A power cut, and another one behind it. */
        folder_empty(folder);
        disk_crash(disk, false, i + 1000000, folder);
        kept = calloc(1, sizeof *kept);
        disk_load(kept, folder);
        crash_again(kept, &options, low, durable, i);
        disk_free(kept);
        /* The process is killed; what the next one tells durable has to be on the disk. */
        folder_empty(folder);
        disk_crash(disk, true, 0, folder);
        kept = disk_copy(disk);
        crash_again(kept, &options, low, durable, i + 1);
        disk_free(kept);
        disk_apply(disk, &life->trace.p[i]);
    }
    folder_remove(folder);
}

/* Opens and lives: appends up to `last`, commits, compresses and drops now and then, closes. */
static void live(struct life *life, const struct nw_store_options *options, uint64_t last)
{
    struct nw_store *store = open_store(options);
    uint64_t seed = last;

    life->store = store;
    while (nw_store_last(store) < last) {
        uint64_t next = nw_store_last(store) + 1 + (seed = content_mix(seed + 1)) % 9;
        append_to(store, next < last ? next : last, SALT, MOST);
        assert_int_equal(nw_store_commit(store), 0);
        if (seed >> 8 & 1)
            assert_int_equal(nw_store_sync(store), 0);
        if (options->compress)
            assert_true(nw_store_maintain(store) >= 0);
        if ((seed >> 16) % 4 == 0 && nw_store_last(store) > 150) {
            life->low = nw_store_last(store) - 150;
            assert_int_equal(nw_store_drop_before(store, life->low), 0);
        }
    }
    assert_int_equal(nw_store_sync(store), 0);
    life->store = NULL;
    nw_store_close(&store);
}

static void run(bool compress)
{
    struct life life;
    char folder[PATH];
    struct nw_store_options options = {.folder = folder, .segment_bytes = SMALL, .compress = compress};
    uint64_t low = 0;

    make_folder(folder);
    options.hook = &life.hook;
    /* From nothing, then from a log that is there. */
    for (uint64_t last = LAST / 2; last <= LAST; last += LAST / 2) {
        struct crash_disk *disk = calloc(1, sizeof *disk);
        disk_load(disk, folder);
        life_begin(&life);
        life.low = low;
        live(&life, &options, last);
        low = life.low;
        assert_true(life.trace.n > 100);
        crash_everywhere(&life, disk, &options);
        disk_free(disk);
        life_end(&life);
    }
    folder_remove(folder);
}

static void crashes_of_a_journal(void **state)
{
    (void)state;
    run(false);
}

static void crashes_of_an_output_log(void **state)
{
    (void)state;
    run(true);
}

/* A crash amid the mending of a damaged segment: what was good stays good, what was lost is told, once. */
static void mend_and_crash(bool tail)
{
    char folder[PATH], crashed[PATH], names[SEGMENTS_MOST][64];
    struct nw_store_options options = {.folder = folder, .segment_bytes = 256 << 10, .verify = true};
    struct crash_disk *disk = calloc(1, sizeof *disk);
    struct nw_store *store;
    struct life life;
    struct file file;
    uint64_t gap_first = 0, gap_last = 0;
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    int result;

    make_folder(folder);
    make_folder(crashed);
    make_log(&options, 2000, SALT, MOST);
    assert_true(folder_list(folder, ".seg", names, SEGMENTS_MOST) >= 3);
    file = file_read(folder, names[1]);
    if (tail)
        file.p[file.n - 1] ^= 1; /* of its index: all entries are one run */
    else
        memset(file.p + file.n / 3, 0, 4096);
    file_write(folder, names[1], file.p, file.n);
    free(file.p);
    assert_int_equal(nw_store_reader_open(folder, 0, &reader), 0);
    while ((result = nw_store_reader_next(reader, &entry)) != NW_STORE_END)
        if (result == NW_STORE_MISSING) {
            assert_int_equal(gap_first, 0);
            gap_first = entry.seq;
            gap_last = entry.last;
        }
    nw_store_reader_close(&reader);
    assert_true(tail ? gap_last == 0 : gap_last > gap_first && gap_last - gap_first < 400);
    disk_load(disk, folder);
    life_begin(&life);
    options.hook = &life.hook;
    store = open_store(&options);
    nw_store_close(&store);
    options.folder = crashed;
    options.hook = NULL;
    for (size_t i = 0; i <= life.trace.n; i++) {
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            folder_empty(crashed);
            disk_crash(disk, false, i * SEEDS + seed, crashed);
            store = open_store(&options);
            assert_int_equal(nw_store_last(store), 2000);
            nw_store_close(&store);
            assert_int_equal(check_entries(crashed, 1, 2000, gap_first, gap_last), 2000);
            assert_int_equal(folder_list(crashed, ".corrupt", names, SEGMENTS_MOST), 1);
        }
        if (i < life.trace.n)
            disk_apply(disk, &life.trace.p[i]);
    }
    disk_free(disk);
    life_end(&life);
    folder_remove(folder);
    folder_remove(crashed);
}

static void crashes_while_mending(void **state)
{
    (void)state;
    mend_and_crash(false);
    mend_and_crash(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crashes_of_a_journal),
        cmocka_unit_test(crashes_of_an_output_log),
        cmocka_unit_test(crashes_while_mending),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
