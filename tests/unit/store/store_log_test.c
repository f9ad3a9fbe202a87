/* The store as its owner sees it: numbers, durability, bounds, segments, retention, the lock. */
#include "unit/store/folder.h"

#include <newswire/clock.h>

#include <errno.h>
#include <sys/wait.h>

enum { SMALL = 16 << 10, SALT = 5, MOST = 700 };

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

static struct nw_store_options small(const char *folder)
{
    return (struct nw_store_options){.folder = folder, .segment_bytes = SMALL};
}

static void numbers_and_reading_back(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options);
    uint64_t id = nw_store_id(store);
    struct nw_str payload;

    assert_int_equal(nw_store_first(store), 1);
    assert_int_equal(nw_store_last(store), 0);
    assert_int_equal(nw_store_read(store, 1, &payload), NW_STORE_END);
    append_to(store, 300, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_durable(store), 300);
    assert_int_equal(nw_store_pending(store), 0);
    for (uint64_t seq = 300; seq > 0; seq--) {
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_content(payload, seq, SALT, MOST);
    }
    assert_int_equal(nw_store_read(store, 301, &payload), NW_STORE_END);
    nw_store_close(&store);
    nw_store_close(&store); /* NULL is accepted */
    store = open_store(&options);
    assert_int_equal(nw_store_id(store), id);
    assert_int_equal(nw_store_last(store), 300);
    append_to(store, 400, SALT, MOST);
    nw_store_close(&store); /* commits */
    assert_reads(*state, 1, 400, SALT, MOST);
}

static void pending_entries_can_be_read(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options);
    struct nw_str payload;
    uint64_t seq;

    append_to(store, 20, SALT, MOST);
    assert_int_equal(nw_store_durable(store), 0); /* nobody has asked for it */
    assert_true(nw_store_pending(store) > 0);
    for (seq = 1; seq <= 20; seq++) {
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_content(payload, seq, SALT, MOST);
    }
    assert_int_equal(nw_store_read(store, 7, &payload), 0);
    assert_content(payload, 7, SALT, MOST);
    nw_store_close(&store);
}

static void parts_are_one_payload(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options);
    const struct nw_str parts[] = {NW_STR("one "), NW_STR(""), NW_STR("two "), {NULL, 0}, NW_STR("three")};
    struct nw_str payload, many[NW_STORE_PARTS + 1] = {NW_STR("x")};
    uint64_t seq;

    assert_int_equal(nw_store_append_parts(store, parts, 5, &seq), 0);
    assert_int_equal(nw_store_read(store, seq, &payload), 0);
    assert_true(nw_str_eq(payload, NW_S("one two three")));
    assert_int_equal(nw_store_append_parts(store, parts, 0, &seq), -EINVAL);
    assert_int_equal(nw_store_append_parts(store, many, NW_STORE_PARTS + 1, &seq), -EINVAL);
    assert_int_equal(nw_store_last(store), 1);
    nw_store_close(&store);
}

static void base_and_what_does_not_fit(void **state)
{
    struct nw_store_options options = small(*state);
    static char bytes[SMALL];
    struct nw_store *store;
    uint64_t seq, largest = 0;

    options.base = 1000;
    store = open_store(&options);
    assert_int_equal(nw_store_last(store), 999);
    memset(bytes, 'x', sizeof bytes);
    for (size_t n = SMALL; n > 0 && !largest; n--) {
        int result = nw_store_append(store, nw_str(bytes, n), &seq);
        if (result == 0)
            largest = n;
        else
            assert_int_equal(result, NW_STORE_TOO_LARGE);
    }
    assert_true(largest > SMALL - 256);
    assert_int_equal(seq, 1000);
    for (int i = 0; i < 3; i++) { /* each needs a segment of its own */
        int result;
        while ((result = nw_store_append(store, nw_str(bytes, largest), &seq)) == NW_STORE_FULL)
            wait_event(store);
        assert_int_equal(result, 0);
    }
    assert_int_equal(nw_store_append(store, nw_str(bytes, 0), &seq), -EINVAL);
    nw_store_close(&store);
    options.base = 7; /* of a new log only */
    store = open_store(&options);
    assert_int_equal(nw_store_first(store), 1000);
    assert_int_equal(nw_store_last(store), 1003);
    nw_store_close(&store);
}

static void the_largest_entry_fits_a_segment(void **state)
{
    struct nw_store_options options = {.folder = *state};
    struct nw_store *store = open_store(&options);
    char *bytes = malloc(NW_STORE_ENTRY_MAX + 1);
    struct nw_str payload;
    uint64_t seq;

    assert_non_null(bytes);
    memset(bytes, 'y', NW_STORE_ENTRY_MAX + 1);
    assert_int_equal(nw_store_append(store, nw_str(bytes, NW_STORE_ENTRY_MAX + 1), &seq), NW_STORE_TOO_LARGE);
    for (int i = 0; i < 5; i++) {
        int result;
        bytes[0] = (char)i;
        while ((result = nw_store_append(store, nw_str(bytes, NW_STORE_ENTRY_MAX), &seq)) == NW_STORE_FULL)
            wait_event(store);
        assert_int_equal(result, 0);
    }
    assert_int_equal(nw_store_sync(store), 0);
    for (uint64_t i = 5; i > 0; i--) {
        assert_int_equal(nw_store_read(store, i, &payload), 0);
        assert_int_equal(payload.n, NW_STORE_ENTRY_MAX);
        assert_int_equal(payload.p[0], i - 1);
    }
    nw_store_close(&store);
    free(bytes);
}

static void full_when_too_much_is_pending(void **state)
{
    struct nw_store_options options = {.folder = *state, .pending_bytes = 64 << 10, .commit_bytes = 1 << 20};
    struct nw_store *store = open_store(&options);
    static char bytes[1000];
    uint64_t seq, durable;
    int result = 0, appended = 0;
    struct pollfd fd = {.fd = nw_store_event(store), .events = POLLIN};

    while (poll(&fd, 1, -1) == 1 && nw_store_room(store, &durable) == 0 && durable < (uint64_t)64 << 20)
        assert_int_equal(nw_store_poll(store, &durable), 0); /* the spare is there: no other event is to come */
    assert_int_equal(nw_store_poll(store, &durable), 0);
    while (appended < 1000 && (result = nw_store_append(store, nw_str(bytes, sizeof bytes), &seq)) == 0)
        appended++;
    assert_int_equal(result, NW_STORE_FULL);
    assert_true(appended > 60 && appended < 70);
    assert_true(nw_store_pending(store) <= 64 << 10);
    do { /* FULL started the commit */
        wait_event(store);
    } while (nw_store_durable(store) == 0);
    assert_int_equal(nw_store_append(store, nw_str(bytes, sizeof bytes), &seq), 0);
    assert_int_equal(seq, (uint64_t)appended + 1);
    nw_store_close(&store);
}

static void commits_by_itself_at_commit_bytes(void **state)
{
    struct nw_store_options options = {.folder = *state, .commit_bytes = 10000};
    struct nw_store *store = open_store(&options);
    static char bytes[1000];
    uint64_t seq;

    for (int i = 0; i < 10; i++)
        assert_int_equal(nw_store_append(store, nw_str(bytes, sizeof bytes), &seq), 0);
    while (nw_store_durable(store) < 10)
        wait_event(store);
    nw_store_close(&store);
}

static void two_writers_never(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options), *second;
    int status;
    pid_t child;

    assert_int_equal(nw_store_open(&options, &second), NW_STORE_TAKEN);
    assert_null(second);
    child = fork();
    if (child == 0)
        _exit(nw_store_open(&options, &second) == NW_STORE_TAKEN ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    nw_store_close(&store);
    store = open_store(&options);
    nw_store_close(&store);
}

static void folder_that_cannot_be(void **state)
{
    char path[PATH];
    struct nw_store_options options = {.folder = path};
    struct nw_store *store;

    path_of(path, *state, "no/such/parent");
    assert_int_equal(nw_store_open(&options, &store), -ENOENT);
    assert_null(store);
    options.folder = NULL;
    assert_int_equal(nw_store_open(&options, &store), -EINVAL);
    options = small(*state);
    options.segment_bytes = 100;
    assert_int_equal(nw_store_open(&options, &store), -EINVAL);
}

/* Waits until the committer has deleted what it is to delete; each small entry gives it a turn. */
static void wait_first(struct nw_store *store, uint64_t least, uint64_t most_bytes)
{
    while (nw_store_first(store) < least || nw_store_bytes(store) > most_bytes) {
        uint64_t seq;
        assert_int_equal(nw_store_append(store, NW_S("x"), &seq), 0);
        assert_int_equal(nw_store_sync(store), 0);
    }
}

static void drop_before_keeps_what_is_needed(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options);
    uint64_t first;
    struct nw_str payload;

    append_to(store, 1000, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    for (uint64_t low = 1; low <= 1000; low += 97) {
        assert_int_equal(nw_store_drop_before(store, low), 0);
        assert_true(nw_store_first(store) <= low);
        assert_int_equal(nw_store_read(store, low, &payload), 0);
        assert_content(payload, low, SALT, MOST);
    }
    wait_first(store, 900, UINT64_MAX);
    first = nw_store_first(store);
    assert_true(first <= 971);
    assert_int_equal(nw_store_read(store, first - 1, &payload), NW_STORE_DROPPED);
    assert_int_equal(nw_store_drop_before(store, UINT64_MAX), 0);
    append_to(store, nw_store_last(store) + 200, SALT, MOST);
    nw_store_close(&store);
    store = open_store(&options); /* the segment in use stays, so numbers go on */
    assert_true(nw_store_last(store) >= 1200);
    assert_true(nw_store_first(store) >= first);
    nw_store_close(&store);
}

static void retention_by_size(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store;

    options.keep_bytes = 6 * SMALL;
    store = open_store(&options);
    append_to(store, 2000, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    wait_first(store, 1500, 6 * SMALL);
    assert_true(nw_store_bytes(store) > 4 * SMALL);
    nw_store_close(&store);
}

static void retention_by_age(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store;
    const int64_t day = 86400000;

    options.keep_ms = day;
    nw_clock_fake(1000 * day, 0);
    store = open_store(&options);
    append_to(store, 300, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    nw_clock_fake(1000 * day + day / 2, 0);
    append_to(store, 600, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_maintain(store), NW_STORE_IDLE);
    assert_int_equal(nw_store_first(store), 1);
    nw_clock_fake(1001 * day + day / 4, 0);
    assert_int_equal(nw_store_maintain(store), NW_STORE_IDLE);
    wait_first(store, 250, UINT64_MAX);
    assert_true(nw_store_first(store) <= 301);
    nw_store_close(&store);
}

/* Whatever sizes, commits, drops and restarts: the log is what was appended. */
static void any_life(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store = open_store(&options);
    uint64_t seed = 99, low = 1;

    for (int i = 0; i < 400; i++) {
        struct nw_str payload;
        uint64_t seq;
        seed = content_mix(seed + 1);
        switch (seed % 8) {
        case 0:
            assert_int_equal(nw_store_sync(store), 0);
            break;
        case 1:
            assert_int_equal(nw_store_commit(store), 0);
            break;
        case 2:
            if (seed >> 8 & 3)
                break;
            nw_store_close(&store);
            store = open_store(&options);
            break;
        case 3:
            low += (nw_store_last(store) + 1 - low) / 8;
            assert_int_equal(nw_store_drop_before(store, low), 0);
            break;
        default:
            append_to(store, nw_store_last(store) + (seed >> 16) % 40, SALT, MOST);
        }
        if (nw_store_last(store) < low)
            continue;
        seq = low + (seed >> 24) % (nw_store_last(store) + 1 - low);
        assert_int_equal(nw_store_read(store, seq, &payload), 0);
        assert_content(payload, seq, SALT, MOST);
    }
    assert_int_equal(nw_store_sync(store), 0);
    low = nw_store_first(store);
    seed = nw_store_last(store);
    nw_store_close(&store);
    assert_reads(*state, low, seed, SALT, MOST);
}

/* Segments of a few entries each, so that the next one is seldom prepared when it is wanted. */
static void who_waits_is_never_told_full(void **state)
{
    struct nw_store_options options = {.folder = *state, .segment_bytes = NW_STORE_SEGMENT_MIN};
    struct nw_store *store = open_store(&options);
    char bytes[CONTENT_MOST];
    uint64_t seq;

    for (uint64_t next = 1; next <= 2000; next++) {
        assert_int_equal(nw_store_append_waiting(store, content(next, SALT, MOST, bytes), &seq), 0);
        assert_int_equal(seq, next);
    }
    nw_store_close(&store);
    assert_reads(*state, 1, 2000, SALT, MOST);
}

/* An hour between commits: whoever waits for one does not wait for that, nor does the end. */
static void a_commit_that_gathers_is_hurried(void **state)
{
    struct nw_store_options options = small(*state);
    struct nw_store *store;

    options.gather_us = INT64_C(3600) * 1000000;
    options.commit_bytes = SMALL;
    store = open_store(&options);
    append_to(store, 1, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    append_to(store, 2, SALT, MOST);
    assert_int_equal(nw_store_sync(store), 0);
    assert_int_equal(nw_store_durable(store), 2);
    append_to(store, 3, SALT, MOST);
    assert_int_equal(nw_store_commit(store), 0);
    assert_int_equal(nw_store_durable(store), 2);
    nw_store_close(&store);
    assert_reads(*state, 1, 3, SALT, MOST);
}

/* Segments that do not end with a block: the last one of each is written as far as it is allocated. */
static void segments_of_any_size(void **state)
{
    struct nw_store_options options = small(*state);

    for (uint64_t last = 50, odd = 1; odd < 4096; last += 50, odd += 777) {
        options.segment_bytes = SMALL + odd;
        struct nw_store *store = open_store(&options);
        append_to(store, last, SALT, MOST);
        nw_store_close(&store);
        assert_reads(*state, 1, last, SALT, MOST);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(numbers_and_reading_back),
        TEST(a_commit_that_gathers_is_hurried),
        TEST(segments_of_any_size),
        TEST(who_waits_is_never_told_full),
        TEST(pending_entries_can_be_read),
        TEST(parts_are_one_payload),
        TEST(base_and_what_does_not_fit),
        TEST(the_largest_entry_fits_a_segment),
        TEST(full_when_too_much_is_pending),
        TEST(commits_by_itself_at_commit_bytes),
        TEST(two_writers_never),
        TEST(folder_that_cannot_be),
        TEST(drop_before_keeps_what_is_needed),
        TEST(retention_by_size),
        TEST(retention_by_age),
        TEST(any_life),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
