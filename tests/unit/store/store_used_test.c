/* Segment files that are written anew: that they are, and that who reads behind never takes new bytes for old ones. */
#include "unit/store/folder.h"

#include "store/store.h"

#include <newswire/log.h>

#include <sys/syscall.h>

enum { SMALL = 16 << 10, SALT = 23, MOST = 700, LAST = 6000, KEPT = 100, BEHIND = 900, WANTED = 80 };

struct counts {
    _Atomic unsigned made, renamed; /* of spares */
};

static int count(void *context, const struct store_disk_event *event)
{
    struct counts *counts = context;

    if (event->op == STORE_DISK_MAKE && strcmp(event->name, STORE_NAME_SPARE) == 0)
        counts->made++;
    if (event->op == STORE_DISK_RENAME && strcmp(event->name, STORE_NAME_SPARE) == 0)
        counts->renamed++;
    return 0;
}

static uint64_t mix(uint64_t *seed)
{
    return *seed = content_mix(*seed + 1);
}

/* Appends, and drops all but the newest, on this thread. */
static void live(struct nw_store *store, uint64_t last)
{
    append_to(store, last, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    pthread_mutex_lock(&store->mutex);
    store->upkept = true;
    pthread_mutex_unlock(&store->mutex);
    if (last > KEPT)
        assert_int_equal(nw_store_drop_before(store, last - KEPT), 0);
    while (nw_store_maintain(store) == 0)
        ;
}

static void what_is_dropped_is_written_anew(void **state)
{
    struct counts counts = {0};
    struct store_disk_hook hook = {count, &counts};
    char folder[PATH];
    struct nw_store_options options = {.folder = folder, .segment_bytes = SMALL, .hook = &hook};
    struct nw_store *store;
    uint64_t first;

    (void)state;
    folder_make(folder);
    store = open_store(&options);
    for (uint64_t last = 50; last <= LAST; last += 50)
        live(store, last);
    first = nw_store_first(store);
    nw_store_close(&store);
    assert_true(counts.renamed > 60);
    assert_true(counts.made < 10);
    assert_reads(folder, first, LAST, SALT, MOST);
    /* The next life finds them. */
    counts = (struct counts){0};
    store = open_store(&options);
    for (uint64_t last = LAST + 50; last <= LAST + 200; last += 50)
        live(store, last);
    first = nw_store_first(store);
    nw_store_close(&store);
    assert_true(counts.made < counts.renamed);
    assert_reads(folder, first, LAST + 200, SALT, MOST);
    folder_remove(folder);
}

/* A reader that stays so far behind that what it has open is written anew: it is told what was dropped, and never that
 * something is missing. */
static void who_reads_behind_is_told_what_is_gone(void **state)
{
    char folder[PATH], corrupt[8][64];
    struct nw_store_options options = {.folder = folder, .segment_bytes = SMALL};
    struct nw_store *store;
    struct nw_store_reader *reader;
    uint64_t seed = 5, dropped = 0, read = 0;

    (void)state;
    folder_make(folder);
    store = open_store(&options);
    live(store, 40);
    assert_int_equal(nw_store_reader_open(folder, 1, &reader), 0);
    for (uint64_t last = 40; last < LAST;) {
        struct nw_store_entry entry;
        live(store, last += 1 + mix(&seed) % BEHIND);
        for (uint64_t n = mix(&seed) % (2 * BEHIND); n > 0; n--) {
            uint64_t next = nw_store_reader_position(reader);
            int result = nw_store_reader_next(reader, &entry);
            if (result == NW_STORE_END)
                break;
            assert_int_equal(entry.seq, next);
            assert_true(result == 0 || result == NW_STORE_DROPPED);
            if (result == 0)
                assert_content(entry.payload, entry.seq, SALT, MOST);
            else
                assert_true(entry.last < nw_store_first(store));
            dropped += result == NW_STORE_DROPPED;
            read += result == 0;
        }
    }
    assert_true(dropped > 3);
    assert_true(read > 100);
    nw_store_reader_close(&reader);
    nw_store_close(&store);
    assert_int_equal(folder_list(folder, ".corrupt", corrupt, 8), 0);
    folder_remove(folder);
}

/* Before which of the reads of this process, counted from 1, `meanwhile` happens; 0: never. */
static int moment;
static struct nw_store *meanwhile;

/* libc's, for the library under test: what happens to a file between its opening and the reading of it. */
ssize_t pread(int fd, void *bytes, size_t n, off_t offset)
{
    if (moment > 0 && --moment == 0)
        for (int i = 0; i < 2; i++) /* the second life writes what the first one dropped */
            live(meanwhile, nw_store_last(meanwhile) + BEHIND);
    return syscall(SYS_pread64, fd, bytes, n, offset);
}

/* The same for one who is just opening or reading the segment: at whichever of its reads it is written anew. */
static void who_reads_just_then_is_told_what_is_gone(void **state)
{
    bool all_were_before = false;

    (void)state;
    for (int when = 1; !all_were_before; when++) {
        char folder[PATH];
        struct nw_store_options options = {.folder = folder, .segment_bytes = SMALL};
        struct nw_store_reader *reader;
        struct nw_store_entry entry;
        int result;
        folder_make(folder);
        meanwhile = open_store(&options);
        live(meanwhile, 1);
        assert_int_equal(nw_store_reader_open(folder, WANTED, &reader), 0);
        live(meanwhile, KEPT); /* nothing is dropped yet; the reader has to list the folder again */
        moment = when;
        result = nw_store_reader_next(reader, &entry);
        all_were_before = moment > 0;
        moment = 0;
        assert_true(result == 0 || result == NW_STORE_DROPPED);
        assert_int_equal(entry.seq, WANTED);
        if (result == 0)
            assert_content(entry.payload, WANTED, SALT, MOST);
        else
            assert_true(entry.last < nw_store_first(meanwhile));
        nw_store_reader_close(&reader);
        nw_store_close(&meanwhile);
        folder_remove(folder);
        assert_true(when < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_dropped_is_written_anew),
        cmocka_unit_test(who_reads_behind_is_told_what_is_gone),
        cmocka_unit_test(who_reads_just_then_is_told_what_is_gone),
    };

    if (access("/dev/shm", W_OK) == 0) /* thousands of syncs */
        setenv("TMPDIR", "/dev/shm", 1);
    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
