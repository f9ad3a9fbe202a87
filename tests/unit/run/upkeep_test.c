/* The thread that looks after an output log: it compresses what is closed while its owner appends and reads, and ends
 * when it is told to, whatever it is at. */
#include "run/upkeep.h"

#include "unit/store/folder.h"

#include <newswire/log.h>

#include <sys/inotify.h>

enum { SEGMENT = 512 << 10, SALT = 17, MOST = 3000, LAST = 1500, PATIENCE_MS = 60000 };

static struct nw_store_options options_of(const char *folder)
{
    return (struct nw_store_options){.folder = folder, .segment_bytes = SEGMENT, .compress = true};
}

/* Waits until a compressed segment has got its name. */
static void wait_compressed(int watch)
{
    _Alignas(struct inotify_event) char events[4096];
    bool seen = false;

    while (!seen) {
        struct pollfd fd = {.fd = watch, .events = POLLIN};
        ssize_t n;
        assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
        n = read(watch, events, sizeof events);
        assert_true(n > 0);
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const void *)(events + at);
            seen |= event->len > 4 && strstr(event->name, ".zst") != NULL;
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
}

static void compresses_beside_its_owner(void **state)
{
    char folder[PATH];
    struct nw_store_options options;
    struct nw_store *store;
    struct upkeep *upkeep;
    struct nw_str payload;
    int watch = inotify_init1(IN_CLOEXEC);

    (void)state;
    folder_make(folder);
    options = options_of(folder);
    assert_true(watch >= 0 && inotify_add_watch(watch, folder, IN_MOVED_TO) >= 0);
    store = open_store(&options);
    assert_int_equal(upkeep_start(store, &upkeep), 0);
    append_to(store, LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    wait_compressed(watch);
    append_to(store, 2 * LAST, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    for (uint64_t seq = 1; seq <= 2 * LAST; seq++) {
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_content(payload, seq, SALT, MOST);
    }
    assert_int_equal(upkeep_error(upkeep), 0);
    upkeep_stop(&upkeep);
    assert_null(upkeep);
    nw_store_close(&store);
    assert_reads(folder, 1, 2 * LAST, SALT, MOST);
    close(watch);
    folder_remove(folder);
}

static void ends_at_once(void **state)
{
    char folder[PATH];
    struct nw_store_options options;
    struct nw_store *store;
    struct upkeep *upkeep;

    (void)state;
    folder_make(folder);
    options = options_of(folder);
    store = open_store(&options);
    append_to(store, LAST, SALT, MOST);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(upkeep_start(store, &upkeep), 0);
        upkeep_stop(&upkeep);
    }
    upkeep_stop(&upkeep); /* NULL is nothing */
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    assert_reads(folder, 1, LAST, SALT, MOST);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compresses_beside_its_owner),
        cmocka_unit_test(ends_at_once),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
