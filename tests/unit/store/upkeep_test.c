/* The thread that looks after a log: it compresses and deletes while its owner appends and reads, and ends
 * when it is told to, whatever it is at. */
#include "store/upkeep.h"

#include "store/store.h"
#include "unit/store/folder.h"

#include <newswire/log.h>

enum { SEGMENT = 512 << 10, SALT = 17, MOST = 3000, LAST = 1500 };

static struct nw_store_options options_of(const char *folder)
{
    return (struct nw_store_options){.folder = folder, .segment_bytes = SEGMENT, .compress = true};
}

static void compresses_beside_its_owner(void **state)
{
    char folder[PATH];
    struct nw_store_options options;
    struct nw_store *store;
    struct nw_upkeep *upkeep;
    struct nw_str payload;
    int watch = inotify_init1(IN_CLOEXEC);

    (void)state;
    folder_make(folder);
    options = options_of(folder);
    assert_true(watch >= 0 && inotify_add_watch(watch, folder, IN_MOVED_TO) >= 0);
    store = open_store(&options);
    assert_int_equal(nw_upkeep_start(store, &upkeep), 0);
    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    wait_event_of(watch, ".zst");
    append_to(store, 2 * LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    for (uint64_t seq = 1; seq <= 2 * LAST; seq++) {
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_content(payload, seq, SALT, MOST);
    }
    assert_int_equal(nw_upkeep_error(upkeep), 0);
    nw_upkeep_stop(&upkeep);
    assert_null(upkeep);
    nw_store_close(&store);
    assert_reads(folder, 1, 2 * LAST, SALT, MOST);
    close(watch);
    folder_remove(folder);
}

static pthread_t remover;
static bool removed;

/* Which thread takes the first segment away, to be deleted or written anew. Later ones may be the committer's again. */
static int note_remover(void *context, const struct store_disk_event *event)
{
    if (!removed && (event->op == STORE_DISK_REMOVE || event->op == STORE_DISK_RENAME) && strstr(event->name, ".seg")) {
        removed = true;
        remover = pthread_self();
    }
    (void)context;
    return 0;
}

/* A commit never waits for it: it is neither the owner's thread nor the committer's. */
static void deletes_beside_the_committer(void **state)
{
    static const struct store_disk_hook hook = {.before = note_remover};
    char folder[PATH];
    struct nw_store_options options;
    struct nw_store *store;
    struct nw_upkeep *upkeep;
    int watch = inotify_init1(IN_CLOEXEC);

    (void)state;
    folder_make(folder);
    options = options_of(folder);
    options.compress = false;
    options.hook = &hook;
    assert_true(watch >= 0 && inotify_add_watch(watch, folder, IN_DELETE | IN_MOVED_FROM) >= 0);
    store = open_store(&options);
    assert_int_equal(nw_upkeep_start(store, &upkeep), 0);
    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_first(store), 1);
    assert_int_equal(nw_store_drop_before(store, LAST), 0);
    wait_event_of(watch, ".seg");
    nw_upkeep_stop(&upkeep);
    assert_true(nw_store_first(store) > 1);
    assert_false(pthread_equal(remover, pthread_self()));
    assert_false(pthread_equal(remover, store->thread));
    nw_store_close(&store);
    close(watch);
    folder_remove(folder);
}

static void ends_at_once(void **state)
{
    char folder[PATH];
    struct nw_store_options options;
    struct nw_store *store;
    struct nw_upkeep *upkeep;

    (void)state;
    folder_make(folder);
    options = options_of(folder);
    store = open_store(&options);
    append_to(store, LAST, SALT, MOST);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(nw_upkeep_start(store, &upkeep), 0);
        nw_upkeep_stop(&upkeep);
    }
    nw_upkeep_stop(&upkeep); /* NULL is nothing */
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    assert_reads(folder, 1, LAST, SALT, MOST);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compresses_beside_its_owner),
        cmocka_unit_test(deletes_beside_the_committer),
        cmocka_unit_test(ends_at_once),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
