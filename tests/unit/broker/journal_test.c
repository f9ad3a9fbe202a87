/* What the journal keeps of what is done: so many entries, and what its checkpoint on the disk does not call done. */
#include "broker/journal.h"

#include "store/log.h"
#include "unit/store/folder.h"

#include <newswire/record.h>

#include <unistd.h>

enum { ENTRIES = 10, DONE = 9 };

/* Fills more than one segment, says that all but the last entry is done, and returns the first that is there then. */
static uint64_t first_kept(uint64_t keep)
{
    char data[PATH], folder[PATH];
    struct nw_store_reader *reader;
    struct journal *journal;
    struct feeder *feeder;
    struct journal_progress progress = {.low = DONE + 1, .oldest = DONE + 1};
    struct nw_buf urgent;
    uint64_t low, first, last;
    char *large = calloc(1, NW_RECORD_MAX);
    int watch = inotify_init1(IN_CLOEXEC);

    assert_non_null(large);
    folder_make(data);
    nw_buf_init(&urgent, 0);
    assert_int_equal(journal_open(data, &journal, &low, &urgent), 0);
    journal_keep(journal, keep);
    feeder = journal_feeder(journal, NW_S("desk"), 0);
    assert_non_null(feeder);
    for (int i = 0; i < ENTRIES; i++) {
        int r = journal_append(journal, feeder, nw_str(large, NW_RECORD_MAX), false);
        if (r == JOURNAL_FULL) {
            assert_int_equal(journal_wait(journal), 0);
            r = journal_append(journal, feeder, nw_str(large, NW_RECORD_MAX), false);
        }
        assert_int_equal(r, 0);
    }
    assert_int_equal(journal_wait(journal), 0);
    path_of(folder, data, "journal");
    assert_true(watch >= 0 && inotify_add_watch(watch, folder, IN_MOVED_FROM) >= 0);
    assert_int_equal(journal_done(journal, &progress, INT64_C(1) << 40), 0);
    if (keep < DONE)
        wait_event_of(watch, "00000000000000000001.seg");
    journal_close(&journal, &progress);
    close(watch);
    assert_int_equal(nw_store_reader_open(folder, 0, &reader), 0);
    assert_int_equal(nw_store_reader_range(reader, &first, &last), 0);
    assert_int_equal(last, ENTRIES);
    nw_store_reader_close(&reader);
    folder_remove(folder);
    folder_remove(data);
    free(large);
    return first;
}

static void what_is_done_is_kept_as_long_as_asked(void **state)
{
    uint64_t few, all;

    (void)state;
    few = first_kept(0);
    all = first_kept(ENTRIES);
    assert_in_range(few, 2, DONE + 1); /* whole segments go, never with what is not done */
    assert_int_equal(all, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_done_is_kept_as_long_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
