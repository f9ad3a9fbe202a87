/* Readers: order, batches, seeking, what is durable and what is not yet, beside a writer of this or of another process.
 */
#include "unit/store/folder.h"

#include "store/disk.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

enum { SMALL = 16 << 10, SALT = 21, MOST = 500 };

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

static void no_log(void **state)
{
    struct nw_store_reader *reader;
    char path[PATH];

    assert_int_equal(nw_store_reader_open(*state, 0, &reader), -ENOENT);
    assert_null(reader);
    path_of(path, *state, "nothing");
    assert_int_equal(nw_store_reader_open(path, 0, &reader), -ENOENT);
    assert_null(reader);
    nw_store_reader_close(&reader);
}

static void only_what_is_durable(void **state)
{
    struct nw_store_options options = {.folder = *state}; /* one segment: a change of segments is a commit too */
    struct nw_store *store = open_store(&options);
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    uint64_t first, last;

    assert_int_equal(nw_store_reader_open(*state, 0, &reader), 0);
    assert_int_equal(nw_store_reader_id(reader), nw_store_id(store));
    assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END);
    assert_int_equal(nw_store_reader_range(reader, &first, &last), 0);
    assert_true(first == 1 && last == 0);
    for (uint64_t round = 1; round <= 10; round++) {
        append_to(store, round * 30, SALT, MOST);
        assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END); /* appended, not committed */
        assert_int_equal(nw_store_sync(store), 0);
        assert_int_equal(nw_store_reader_range(reader, &first, &last), 0);
        assert_true(first == 1 && last == round * 30);
        for (uint64_t seq = round * 30 - 29; seq <= round * 30; seq++) {
            assert_int_equal(nw_store_reader_next(reader, &entry), 0);
            assert_int_equal(entry.seq, seq);
            assert_content(entry.payload, seq, SALT, MOST);
        }
    }
    nw_store_close(&store);
    assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END);
    nw_store_reader_close(&reader);
}

/* At each change that the writer makes to its folder, what is readable is what it has told to be durable. */
struct watch {
    struct nw_store *_Atomic store;
    struct nw_store_reader *reader;
    uint64_t seen, looks;
};

static int look_around(void *context, const struct store_disk_event *event)
{
    struct watch *watch = context;
    struct nw_store *store = watch->store;
    struct nw_store_entry entry;

    while (nw_store_reader_next(watch->reader, &entry) == 0)
        if (entry.seq != ++watch->seen)
            abort();
    if (store && event->op == STORE_DISK_WRITE && strcmp(event->name, "head") != 0 &&
        watch->seen > nw_store_durable(store))
        abort(); /* it read what was written and not yet synced */
    watch->looks += store != NULL;
    return 0;
}

static void never_ahead_of_a_sync(void **state)
{
    struct watch watch = {.reader = NULL}; /* clang takes no {0} for an atomic pointer */
    struct store_disk_hook hook = {look_around, &watch};
    struct nw_store_options options = small(*state);
    struct nw_store *store;

    make_log(&options, 5, SALT, MOST);
    assert_int_equal(nw_store_reader_open(*state, 0, &watch.reader), 0);
    options.hook = &hook;
    store = open_store(&options);
    watch.store = store;
    for (uint64_t last = 7; last <= 700; last += 7) {
        append_to(store, last, SALT, MOST);
        assert_int_equal(nw_store_commit(store), 0);
    }
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    assert_true(watch.looks > 20);
    assert_true(watch.seen > 600);
    nw_store_reader_close(&watch.reader);
}

static void seeking(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    uint64_t seed = 1;

    make_log(&options, 1000, SALT, MOST);
    assert_int_equal(nw_store_reader_open(*state, 500, &reader), 0);
    for (int i = 0; i < 2000; i++) {
        uint64_t seq = 1 + (seed = content_mix(seed + 1)) % 1003;
        if (i % 3) {
            seq = nw_store_reader_position(reader);
        } else {
            nw_store_reader_seek(reader, seq);
            assert_int_equal(nw_store_reader_position(reader), seq);
        }
        if (seq > 1000) {
            assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END);
            continue;
        }
        assert_int_equal(nw_store_reader_next(reader, &entry), 0);
        assert_int_equal(entry.seq, seq);
        assert_int_equal(entry.last, seq);
        assert_content(entry.payload, seq, SALT, MOST);
    }
    nw_store_reader_seek(reader, 0);
    assert_int_equal(nw_store_reader_next(reader, &entry), 0);
    assert_int_equal(entry.seq, 1);
    nw_store_reader_close(&reader);
}

/* Any limits: the same entries, each whole, never more than asked for. */
static void batches(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store_reader *reader;
    struct nw_store_entry entries[64];
    size_t count;

    make_log(&options, 600, SALT, MOST);
    for (size_t bytes = 1; bytes < 20000; bytes = bytes * 3 + 1)
        for (size_t most = 1; most <= 64; most = most * 2 + 1) {
            uint64_t next = 1;
            int result;
            assert_int_equal(nw_store_reader_open(*state, 0, &reader), 0);
            while ((result = nw_store_reader_batch(reader, bytes, entries, most, &count)) == 0) {
                size_t total = 0;
                assert_in_range(count, 1, most);
                for (size_t i = 0; i < count; i++) {
                    assert_int_equal(entries[i].seq, next);
                    assert_content(entries[i].payload, next++, SALT, MOST);
                    total += entries[i].payload.n;
                }
                assert_true(count == 1 || total <= bytes);
            }
            assert_int_equal(result, NW_STORE_END);
            assert_int_equal(count, 0);
            assert_int_equal(next, 601);
            nw_store_reader_close(&reader);
        }
}

/* A gap ends a batch, and is told by the next one. */
static void a_gap_in_batches(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store_reader *reader;
    struct nw_store_entry entries[64];
    char names[32][64];
    uint64_t next = 1, missing = 0;
    size_t count;
    int result;

    make_log(&options, 600, SALT, MOST);
    assert_true(folder_list(*state, ".seg", names, 32) > 4);
    file_remove(*state, names[0]);
    file_remove(*state, names[2]);
    assert_int_equal(nw_store_reader_open(*state, 1, &reader), 0);
    assert_int_equal(nw_store_reader_batch(reader, 10000, entries, 64, &count), NW_STORE_DROPPED);
    assert_int_equal(count, 0);
    assert_int_equal(entries[0].seq, 1);
    assert_int_equal(entries[0].last + 1, strtoull(names[1], NULL, 10));
    next = entries[0].last + 1;
    while ((result = nw_store_reader_batch(reader, 10000, entries, 64, &count)) != NW_STORE_END) {
        if (result == NW_STORE_MISSING) {
            assert_int_equal(entries[0].seq, strtoull(names[2], NULL, 10));
            assert_int_equal(entries[0].last + 1, strtoull(names[3], NULL, 10));
            missing++;
            next = entries[0].last + 1;
            continue;
        }
        assert_int_equal(result, 0);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(entries[i].seq, next++);
    }
    assert_int_equal(missing, 1);
    assert_int_equal(next, 601);
    nw_store_reader_close(&reader);
}

/* A reader that lags while the writer drops: it is told, and goes on at the first that is kept. */
static void dropped_under_the_reader(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options);
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    uint64_t next;
    int result;

    append_to(store, 100, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_reader_open(*state, 0, &reader), 0);
    for (next = 1; next < 10; next++)
        assert_int_equal(nw_store_reader_next(reader, &entry), 0);
    append_to(store, 1000, SALT, MOST);
    assert_int_equal(nw_store_drop_before(store, 900), 0);
    while (nw_store_first(store) < 800) {
        append_to(store, nw_store_last(store) + 1, SALT, MOST);
        assert_int_equal(nw_store_sync(store), 0);
    }
    next = 10;
    while ((result = nw_store_reader_next(reader, &entry)) != NW_STORE_END) {
        assert_int_equal(entry.seq, next);
        next = entry.last + 1;
        if (result == NW_STORE_DROPPED)
            assert_true(entry.last < 900);
        else
            assert_int_equal(result, 0);
    }
    assert_int_equal(next, nw_store_durable(store) + 1);
    nw_store_close(&store);
    nw_store_reader_close(&reader);
}

static void replaced_by_another_log(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store_reader *reader;
    struct nw_store_entry entry;
    struct file head;

    make_log(&options, 3, SALT, MOST);
    assert_int_equal(nw_store_reader_open(*state, 4, &reader), 0);
    assert_int_equal(nw_store_reader_next(reader, &entry), NW_STORE_END);
    folder_empty(*state);
    make_log(&options, 5, SALT, MOST);
    nw_store_reader_close(&reader);
    head = file_read(*state, "head");
    folder_empty(*state);
    make_log(&options, 5, SALT, MOST);
    file_write(*state, "head", head.p, head.n); /* a head and segments that are no pair */
    free(head.p);
    assert_int_equal(nw_store_reader_open(*state, 0, &reader), -ESTALE);
    assert_null(reader);
}

/* The writer of the test with two processes: commits at random, and writes a byte to the pipe for each. It is no cmocka
 * test: what goes wrong is an exit status. */
static void write_for_ever(const char *folder, int pipe, uint64_t last)
{
    struct nw_store_options options = {.folder = folder, .segment_bytes = 64 << 10};
    static char bytes[CONTENT_MOST];
    struct nw_store *store;
    uint64_t seed = (uint64_t)getpid(), seq;

    if (nw_store_open(&options, &store) != 0)
        _exit(2);
    while (nw_store_last(store) < last) {
        seed = content_mix(seed + 1);
        for (uint64_t n = seed % 30; n > 0;) {
            int result = nw_store_append(store, content(nw_store_last(store) + 1, SALT, MOST, bytes), &seq);
            if (result < 0 || (result == NW_STORE_FULL && nw_store_sync(store) != 0))
                _exit(3);
            n -= result == 0;
        }
        if (nw_store_commit(store) != 0 || (seed >> 32 & 1 && nw_store_sync(store) != 0) || write(pipe, "x", 1) != 1)
            _exit(4);
    }
    nw_store_close(&store);
    _exit(0);
}

static pid_t start_writer(const char *folder, int *in, uint64_t last)
{
    int ends[2];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_for_ever(folder, ends[1], last);
    }
    close(ends[1]);
    *in = ends[0];
    return child;
}

/* Reads beside a writer of another process, which is killed now and again: every entry once, in order, whole; none that
 * was read is gone, or another one, afterwards. */
static void beside_a_writer_that_is_killed(void **state)
{
    enum { LIVES = 12, TURN = 200 };
    struct nw_store_reader *reader = NULL;
    struct nw_store_entry entry;
    uint64_t next = 1, seed = 77;

    for (int life = 0; life < LIVES; life++) {
        int in, status, turns = 0;
        char byte;
        pid_t child = start_writer(*state, &in, life + 1 < LIVES ? UINT64_MAX : next + 3000);
        seed = content_mix(seed + 1);
        while (read(in, &byte, 1) > 0) { /* until it ends */
            int result = 0;
            if (!reader && nw_store_reader_open(*state, 0, &reader) != 0)
                continue;
            for (int i = 0; i < TURN && (result = nw_store_reader_next(reader, &entry)) == 0; i++) {
                assert_int_equal(entry.seq, next);
                assert_content(entry.payload, next++, SALT, MOST);
            }
            assert_true(result == 0 || result == NW_STORE_END);
            if (life + 1 < LIVES && ++turns == (int)(5 + seed % 60))
                kill(child, SIGKILL);
        }
        close(in);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, life + 1 < LIVES ? SIGKILL : 0);
    }
    while (nw_store_reader_next(reader, &entry) == 0)
        assert_int_equal(entry.seq, next++);
    nw_store_reader_close(&reader);
    assert_true(next > 3000);
    assert_reads(*state, 1, next - 1, SALT, MOST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(no_log),
        TEST(only_what_is_durable),
        TEST(never_ahead_of_a_sync),
        TEST(seeking),
        TEST(batches),
        TEST(a_gap_in_batches),
        TEST(dropped_under_the_reader),
        TEST(replaced_by_another_log),
        TEST(beside_a_writer_that_is_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
