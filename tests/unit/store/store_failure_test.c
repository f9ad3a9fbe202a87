/*
 * What the machine can refuse: writes, syncs, names, room, memory. A failure is told once and for all and loses nothing
 * that was durable; a full disk is no failure, and the log goes on by itself.
 */
#define _GNU_SOURCE /* unshare */
#include "unit/store/folder.h"

#include "store/disk.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { SMALL = 16 << 10, SALT = 51, MOST = 700, LAST = 200, SKIPPED = 77 };

static int setup(void **state)
{
    char *folder = malloc(PATH);

    folder_make(folder);
    *state = folder;
    return 0;
}

static int teardown(void **state)
{
    nw_clock_real();
    folder_remove(*state);
    free(*state);
    return 0;
}

/* Lets `left` changes happen, then refuses one kind of them, or all. */
struct trap {
    _Atomic int left;
    int error;
    bool only_allocation;
    _Atomic int refused, after; /* changes after the first refusal, to segments */
};

static int trap_before(void *context, const struct store_disk_event *event)
{
    struct trap *trap = context;

    if (trap->refused && (event->op == STORE_DISK_WRITE || event->op == STORE_DISK_SYNC))
        trap->after++;
    if (trap->only_allocation && event->op != STORE_DISK_ALLOCATE)
        return 0;
    if (trap->left-- > 0)
        return 0;
    trap->refused++;
    return trap->error;
}

/* Appends up to `last` with a commit now and then, until something fails; returns it, and the last durable number. */
static int live(struct nw_store *store, uint64_t last, uint64_t *durable)
{
    static char bytes[CONTENT_MOST];
    int result = 0;

    while (result >= 0 && nw_store_last(store) < last) {
        uint64_t next = nw_store_last(store) + 1, seq;
        result = nw_store_append(store, content(next, SALT, MOST, bytes), &seq);
        if (result == NW_STORE_NO_ROOM)
            break;
        if (result == NW_STORE_FULL || (result == 0 && next % 7 == 0))
            result = nw_store_sync(store);
    }
    if (result == 0)
        result = nw_store_sync(store);
    *durable = nw_store_durable(store);
    return result;
}

/* Each change that the store makes to its folder fails once: from the first of open to the last. */
static void any_change_fails(void **state)
{
    struct trap trap = {.error = -EIO};
    struct store_disk_hook hook = {trap_before, &trap};
    struct nw_store_options options = {.folder = *state, .segment_bytes = SMALL, .hook = &hook};
    int failures = 0;

    for (int n = 0;; n++) {
        struct nw_store *store = NULL;
        uint64_t durable = 0, seq;
        struct nw_str payload;
        int result;
        folder_empty(*state);
        trap.refused = trap.after = 0;
        trap.left = n;
        result = nw_store_open(&options, &store);
        if (store) {
            result = live(store, LAST, &durable);
            if (result < 0) {
                assert_int_equal(result, -EIO);
                assert_int_equal(nw_store_append(store, NW_S("x"), &seq), -EIO);
                assert_int_equal(nw_store_commit(store), -EIO);
                assert_int_equal(nw_store_sync(store), -EIO);
                assert_int_equal(nw_store_read(store, 1, &payload), -EIO);
                assert_int_equal(nw_store_room(store, &seq), -EIO);
                assert_int_equal(nw_store_poll(store, &seq), -EIO);
                assert_int_equal(nw_store_maintain(store), -EIO);
                assert_true(strlen(nw_store_why(store)) > 20);
                assert_int_equal(trap.after, 0); /* nothing was tried again */
                failures++;
            }
            nw_store_close(&store);
        } else {
            assert_int_equal(result, -EIO);
        }
        options.hook = NULL;
        store = open_store(&options);
        assert_true(nw_store_last(store) >= durable);
        seq = nw_store_last(store);
        nw_store_close(&store);
        assert_reads(*state, 1, seq, SALT, MOST);
        options.hook = &hook;
        if (trap.left > 0) { /* more changes allowed than there were */
            assert_int_equal(durable, LAST);
            break;
        }
    }
    assert_true(failures > 30);
}

/* No room for the next segment, as a file system says it: no failure, nothing lost, and on it goes. */
static void no_room_for_a_segment(void **state)
{
    struct trap trap = {.error = -ENOSPC, .only_allocation = true, .left = 3};
    struct store_disk_hook hook = {trap_before, &trap};
    struct nw_store_options options = {.folder = *state, .segment_bytes = SMALL, .hook = &hook};
    struct nw_store *store;
    uint64_t durable, before, room, seq;

    nw_clock_fake(0, 1000);
    store = open_store(&options);
    assert_int_equal(live(store, LAST * 2, &durable), NW_STORE_NO_ROOM);
    assert_int_equal(nw_store_sync(store), 0);
    before = nw_store_durable(store);
    assert_int_equal(before, nw_store_last(store));
    assert_true(before > 40);
    assert_int_equal(nw_store_room(store, &room), 0);
    assert_int_equal(nw_store_append_parts(store, &(struct nw_str){(const char[MOST]){"y"}, MOST}, 1, &seq),
                     NW_STORE_NO_ROOM);
    trap.left = 1000;
    nw_clock_fake(0, 2000); /* the store looks again after a while */
    assert_int_equal(nw_store_poll(store, &durable), 0);
    assert_int_equal(nw_store_append_parts(store, &(struct nw_str){(const char[MOST]){"y"}, MOST}, 1, &seq),
                     NW_STORE_NO_ROOM);
    wait_event(store); /* there is room */
    assert_int_equal(nw_store_append_parts(store, &(struct nw_str){(const char[MOST]){"y"}, MOST}, 1, &seq), 0);
    assert_int_equal(seq, before + 1);
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), before + 1);
    nw_store_close(&store);
}

/* The reserve is more than the disk has: no segment but the first is begun. */
static void reserve_is_kept(void **state)
{
    struct nw_store_options options = {.folder = *state, .segment_bytes = SMALL, .reserve_bytes = (uint64_t)1 << 60};
    struct nw_store *store = open_store(&options);
    uint64_t durable, room;

    assert_int_equal(live(store, LAST, &durable), NW_STORE_NO_ROOM);
    assert_int_equal(nw_store_room(store, &room), 0);
    assert_true(room < MOST + 100);
    assert_int_equal(nw_store_sync(store), 0);
    room = nw_store_last(store);
    nw_store_close(&store);
    assert_reads(*state, 1, room, SALT, MOST);
}

/* Runs in a child, so that limits and mounts end with it. Its exit status: 0, SKIPPED, or the line that failed. */
static int in_child(int (*test)(const char *folder), const char *folder)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(test(folder));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)

/* The kernel itself refuses a write: files may be no longer than half a segment, from one moment on. */
static int file_size_limit(const char *folder)
{
    struct nw_store_options options = {.folder = folder, .segment_bytes = 256 << 10};
    struct rlimit limit = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
    struct pollfd event;
    struct nw_store *store;
    uint64_t durable = 0;

    signal(SIGXFSZ, SIG_IGN);
    EXPECT(nw_store_open(&options, &store) == 0);
    event = (struct pollfd){.fd = nw_store_event(store), .events = POLLIN};
    EXPECT(poll(&event, 1, 60000) == 1); /* the spare is made */
    EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    EXPECT(live(store, 1000, &durable) == -EFBIG);
    EXPECT(durable > 20 && durable < 1000);
    EXPECT(strstr(nw_store_why(store), "00000000000000000001.seg"));
    nw_store_close(&store);
    limit.rlim_cur = RLIM_INFINITY;
    EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    EXPECT(nw_store_open(&options, &store) == 0);
    EXPECT(nw_store_last(store) >= durable);
    EXPECT(live(store, 1000, &durable) == 0 && durable == 1000);
    nw_store_close(&store);
    return 0;
}

static void a_write_fails(void **state)
{
    assert_int_equal(in_child(file_size_limit, *state), 0);
    assert_reads(*state, 1, 1000, SALT, MOST);
}

/* A real full disk, of 512 KiB in memory. */
static int full_disk(const char *folder)
{
    struct nw_store_options options = {.folder = folder, .segment_bytes = 32 << 10};
    struct nw_store *store;
    uint64_t durable, filled, room, last;
    static char filler[1 << 20];
    char path[PATH];
    int fd;

    if (unshare(CLONE_NEWNS) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
        return SKIPPED;
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount("tmpfs", folder, "tmpfs", 0, "size=512k") < 0)
        return SKIPPED;
    nw_clock_fake(0, 1000);
    EXPECT(nw_store_open(&options, &store) == 0);
    EXPECT(live(store, 10000, &durable) == NW_STORE_NO_ROOM);
    EXPECT(nw_store_sync(store) == 0);
    filled = nw_store_last(store);
    EXPECT(filled > 500 && nw_store_durable(store) == filled);
    /* Somebody else takes the very last block; the log closes, opens and is read all the same. */
    path_of(path, folder, "filler");
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    EXPECT(fd >= 0);
    while (write(fd, filler, sizeof filler) > 0 || write(fd, filler, 1) > 0)
        ;
    EXPECT(errno == ENOSPC);
    close(fd);
    nw_store_close(&store);
    EXPECT(nw_store_open(&options, &store) == 0);
    EXPECT(nw_store_last(store) == filled);
    EXPECT(live(store, 10000, &durable) == NW_STORE_NO_ROOM);
    EXPECT(nw_store_room(store, &room) == 0 && room < 32 << 10);
    /* The oldest half goes: there is room again, and nobody has to open it anew. */
    EXPECT(nw_store_drop_before(store, filled / 2) == 0);
    nw_clock_fake(0, 5000);
    for (int64_t now = 6000; live(store, filled + 200, &durable) == NW_STORE_NO_ROOM; now += 1000) {
        nw_clock_fake(0, now);
        sched_yield(); /* the segments are being deleted */
    }
    EXPECT(durable == filled + 200);
    last = nw_store_last(store);
    nw_store_close(&store);
    EXPECT(nw_store_open(&options, &store) == 0);
    EXPECT(nw_store_last(store) == last);
    for (uint64_t seq = nw_store_first(store); seq <= last; seq++) {
        static char bytes[CONTENT_MOST];
        struct nw_str payload;
        EXPECT(nw_store_read(store, seq, &payload) == 0);
        EXPECT(nw_str_eq(payload, content(seq, SALT, MOST, bytes)));
    }
    nw_store_close(&store);
    return 0;
}

static void the_disk_is_full(void **state)
{
    int status = in_child(full_disk, *state);

    if (status == SKIPPED) {
        print_message("skipped: this machine lets no test mount a file system\n");
        skip();
    }
    assert_int_equal(status, 0);
}

/* No memory at any of the owner's allocations: -ENOMEM, and the store is as before. */
static void no_memory(void **state)
{
    static char bytes[CONTENT_MOST];
    struct nw_store_options options = {.folder = *state, .segment_bytes = SMALL};
    struct nw_store *store = NULL;
    struct nw_str payload;
    size_t opened = 0, failed = 0;

    for (size_t n = 0; !store; n++) {
        int result;
        nw_alloc_fail_after(n);
        result = nw_store_open(&options, &store);
        nw_alloc_fail_never();
        assert_int_equal(result, store ? 0 : -ENOMEM);
        opened = n;
    }
    assert_true(opened > 3);
    for (uint64_t next = 1; next <= LAST;) {
        uint64_t seq;
        int result;
        nw_alloc_fail_after(next % 3);
        result = nw_store_append(store, content(next, SALT, MOST, bytes), &seq);
        nw_alloc_fail_never();
        if (result == -ENOMEM) {
            failed++;
            assert_int_equal(nw_store_last(store), next - 1);
            while ((result = nw_store_append(store, content(next, SALT, MOST, bytes), &seq)) == NW_STORE_FULL)
                wait_event(store);
        } else if (result == NW_STORE_FULL) {
            wait_event(store);
            continue;
        }
        assert_int_equal(result, 0);
        assert_int_equal(seq, next++);
    }
    assert_int_equal(nw_store_sync(store), 0);
    nw_store_close(&store);
    assert_true(failed > 0);
    store = open_store(&options);
    for (size_t n = 0, done = 0; !done; n++) {
        int result;
        nw_alloc_fail_after(n);
        result = nw_store_read(store, 1 + n, &payload);
        nw_alloc_fail_never();
        if (result == 0)
            done = n > 10;
        else
            assert_int_equal(result, -ENOMEM);
    }
    nw_store_close(&store);
    assert_reads(*state, 1, LAST, SALT, MOST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(any_change_fails), TEST(no_room_for_a_segment), TEST(reserve_is_kept),
        TEST(a_write_fails),    TEST(the_disk_is_full),      TEST(no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
