/* The dead letters: entries go there and back and survive any bytes; what is open, buried and retried is the same after
 * each start; a retry cut in two is finished by the next life, and none is submitted twice. */
#include "broker/dead.h"

#include "store/log.h"
#include "unit/store/folder.h"

static const char *const parts[] = {"journal", "dead"};

/* A data folder with both logs, closed and opened again as a broker would. */
struct world {
    char data[PATH];
    struct journal *journal;
    struct dead_log *log;
    uint64_t low;
};

static void world_open(struct world *world)
{
    struct nw_buf urgent;

    nw_buf_init(&urgent, 0);
    assert_int_equal(journal_open(world->data, &world->journal, &world->low, &urgent), 0);
    assert_int_equal(dead_open(world->data, world->journal, 1, &world->log), 0);
}

static void world_close(struct world *world)
{
    const struct journal_progress progress = {.low = 1, .oldest = 1};

    dead_close(&world->log);
    journal_close(&world->journal, &progress);
}

static void world_remove(struct world *world)
{
    char path[PATH];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        path_of(path, world->data, parts[i]);
        folder_remove(path);
    }
    folder_remove(world->data);
}

static struct nw_dead_letter letter_of(uint64_t jseq, uint64_t path, const char *stage, const char *origin)
{
    return (struct nw_dead_letter){.jseq = jseq,
                                   .path = path,
                                   .stage = nw_str_z(stage),
                                   .why = NW_STR("no text"),
                                   .attempts = 2,
                                   .origin = nw_str_z(origin)};
}

static void bury(struct world *world, uint64_t jseq, uint64_t path, const char *stage, const char *origin)
{
    struct nw_dead_letter letter = letter_of(jseq, path, stage, origin);

    assert_int_equal(dead_append(world->log, &letter), 0);
}

/* What the broker does with a retry that waits: the record goes into the journal under the retry's number. */
static uint64_t submit(struct world *world)
{
    struct feeder *feeder = journal_feeder(world->journal, DEAD_FEEDER, 0);
    uint64_t retry, number;
    struct nw_str origin;

    assert_true(dead_waiting(world->log, &retry, &number));
    assert_int_equal(retry, feeder->expected);
    assert_int_equal(dead_origin(world->log, number, &origin), 0);
    assert_int_equal(journal_append(world->journal, feeder, origin, false), 0);
    assert_int_equal(journal_wait(world->journal), 0);
    journal_settle(world->journal, feeder);
    dead_submitted(world->log);
    return journal_last(world->journal);
}

static void letters_are_open_until_marked(void **state)
{
    struct world world;
    struct nw_dead_letter letter;
    uint64_t retry, number;

    (void)state;
    folder_make(world.data);
    world_open(&world);
    assert_int_equal(dead_read(world.log, 1, &letter), DEAD_CLOSED);
    bury(&world, 7, 0, "clean", "first");
    bury(&world, 9, 4097, "tag", "second");
    bury(&world, 9, 4098, "tag", "second");
    for (int life = 0; life < 2; life++) {
        assert_int_equal(dead_read(world.log, 2, &letter), 0);
        assert_int_equal(letter.jseq, 9);
        assert_int_equal(letter.journal, journal_id(world.journal));
        assert_int_equal(letter.attempts, 2);
        assert_true(nw_str_eq(letter.origin, NW_S("second")));
        assert_int_equal(dead_read(world.log, 3, &letter), 0);
        assert_int_equal(dead_read(world.log, 4, &letter), DEAD_CLOSED);
        world_close(&world);
        world_open(&world);
    }
    assert_true(dead_has(world.log, 9, NW_S("tag"), 4098));
    assert_false(dead_has(world.log, 9, NW_S("tag"), 4099));
    assert_false(dead_has(world.log, 9, NW_S("clean"), 4098));
    assert_false(dead_has(world.log, 8, NW_S("tag"), 4098));
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_DROP, (uint64_t[]){2, 3}, 2, &retry), 0);
    assert_int_equal(dead_sync(world.log), 0);
    for (int life = 0; life < 2; life++) {
        assert_int_equal(dead_read(world.log, 1, &letter), 0);
        assert_int_equal(dead_read(world.log, 2, &letter), DEAD_CLOSED);
        assert_int_equal(dead_read(world.log, 3, &letter), DEAD_CLOSED);
        assert_false(dead_waiting(world.log, &retry, &number));
        world_close(&world);
        world_open(&world);
    }
    assert_true(dead_has(world.log, 9, NW_S("tag"), 4098)); /* what was dropped stays buried */
    world_close(&world);
    world_remove(&world);
}

static void a_retry_is_submitted_once(void **state)
{
    struct world world;
    struct journal_record record;
    uint64_t retry, number;

    (void)state;
    folder_make(world.data);
    world_open(&world);
    for (uint64_t jseq = 1; jseq <= 4; jseq++)
        bury(&world, jseq, 0, "clean", jseq % 2 ? "odd" : "even");
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){1}, 1, &retry), 0);
    assert_int_equal(retry, 1);
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){2}, 1, &retry), 0);
    assert_int_equal(retry, 2);
    assert_int_equal(dead_sync(world.log), 0);
    /* One of the two gets as far as the journal; the other is left to the next life. */
    assert_int_equal(submit(&world), 1);
    for (int life = 0; life < 3; life++) {
        world_close(&world);
        world_open(&world);
        assert_true(dead_waiting(world.log, &retry, &number));
        assert_int_equal(retry, 2);
        assert_int_equal(number, 2);
    }
    assert_int_equal(submit(&world), 2);
    world_close(&world);
    world_open(&world);
    assert_false(dead_waiting(world.log, &retry, &number));
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){4}, 1, &retry), 0);
    assert_int_equal(retry, 3);
    assert_int_equal(dead_sync(world.log), 0);
    assert_int_equal(submit(&world), 3);
    for (uint64_t jseq = 1; jseq <= 3; jseq++) {
        assert_int_equal(journal_load(world.journal, jseq, &record), 0);
        assert_true(nw_str_eq(record.bytes, jseq == 1 ? NW_S("odd") : NW_S("even")));
        assert_int_equal(record.fseq, jseq);
        assert_true(nw_str_eq(record.feeder, DEAD_FEEDER));
    }
    world_close(&world);
    world_remove(&world);
}

/* A journal that is begun anew counts from 1 again: letters of the old one bury nothing in it, and its retries are not
 * submitted again. */
static void another_journal_is_not_confused(void **state)
{
    struct world world;
    struct nw_dead_letter letter;
    uint64_t retry, number;
    char path[PATH];

    (void)state;
    folder_make(world.data);
    world_open(&world);
    bury(&world, 1, 0, "clean", "old");
    bury(&world, 2, 0, "clean", "old too");
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){1}, 1, &retry), 0);
    assert_int_equal(dead_sync(world.log), 0);
    submit(&world);
    world_close(&world);
    path_of(path, world.data, "journal");
    folder_remove(path);
    path_of(path, world.data, "journal.checkpoint");
    assert_int_equal(unlink(path), 0);
    world_open(&world);
    assert_false(dead_has(world.log, 1, NW_S("clean"), 0));
    assert_false(dead_waiting(world.log, &retry, &number));
    assert_int_equal(dead_read(world.log, 1, &letter), DEAD_CLOSED);
    assert_int_equal(dead_read(world.log, 2, &letter), 0);
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){2}, 1, &retry), 0);
    assert_int_equal(retry, 1);
    assert_int_equal(submit(&world), 1);
    world_close(&world);
    world_remove(&world);
}

/* The other way: a dead-letter log that is lost does not make new retries look like old ones. */
static void a_lost_log_does_not_swallow_retries(void **state)
{
    struct world world;
    uint64_t retry;
    char path[PATH];

    (void)state;
    folder_make(world.data);
    world_open(&world);
    bury(&world, 1, 0, "clean", "a");
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){1}, 1, &retry), 0);
    submit(&world);
    world_close(&world);
    path_of(path, world.data, "dead");
    folder_remove(path);
    world_open(&world);
    bury(&world, 2, 0, "clean", "b");
    assert_int_equal(dead_mark(world.log, NW_RESOLVE_RETRY, (uint64_t[]){1}, 1, &retry), 0);
    assert_int_equal(retry, 2);
    assert_int_equal(submit(&world), 2);
    world_close(&world);
    world_remove(&world);
}

static const struct nw_dead_entry samples[] = {
    {.kind = NW_DEAD_LETTER,
     .letter = {.journal = UINT64_MAX,
                .jseq = 70000,
                .path = 3,
                .stage = NW_STR("tag"),
                .why = NW_STR("5 workers were lost while they had it"),
                .attempts = 5,
                .time = 1774000000000,
                .origin = NW_STR("as it was accepted"),
                .bytes = NW_STR("as it came")}},
    {.kind = NW_DEAD_LETTER, .letter = {.stage = NW_STR("clean"), .origin = NW_STR("x")}},
    {.kind = NW_DEAD_MARK,
     .mark = {.journal = 1,
              .action = NW_RESOLVE_RETRY,
              .time = 1774000000000,
              .retry = 12,
              .letters = {(uint64_t[]){1, 2, 1000}, 3}}},
    {.kind = NW_DEAD_MARK, .mark = {.action = NW_RESOLVE_DROP, .letters = {(uint64_t[]){4}, 1}}},
};

/* In a block of its own size, so that AddressSanitizer sees a byte too far. */
static int read_copy(struct nw_arena *arena, struct nw_str bytes, char **copy, struct nw_dead_entry *entry)
{
    *copy = malloc(bytes.n ? bytes.n : 1);
    assert_non_null(*copy);
    memcpy(*copy, bytes.p, bytes.n);
    return nw_dead_entry_read(arena, nw_str(*copy, bytes.n), entry);
}

static void entries_go_there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct nw_arena arena = {0};
        struct nw_dead_entry entry;
        struct nw_buf first, second;
        char *copy;
        nw_buf_init(&first, 4096);
        nw_buf_init(&second, 4096);
        assert_int_equal(nw_dead_entry_write(&samples[i], &first), 0);
        assert_int_equal(read_copy(&arena, nw_buf_view(&first), &copy, &entry), 0);
        assert_int_equal(entry.kind, samples[i].kind);
        assert_int_equal(nw_dead_entry_write(&entry, &second), 0);
        assert_true(nw_str_eq(nw_buf_view(&first), nw_buf_view(&second)));
        free(copy);
        for (size_t n = 0; n < first.n; n++) {
            assert_int_equal(read_copy(&arena, nw_str(first.p, n), &copy, &entry), NW_DEAD_UNKNOWN);
            free(copy);
        }
        for (size_t at = 0; at < first.n; at++) {
            char was = first.p[at];
            for (int value = 0; value < 256; value++) {
                first.p[at] = (char)value;
                int r = read_copy(&arena, nw_buf_view(&first), &copy, &entry);
                assert_true(r == 0 || r == NW_DEAD_UNKNOWN);
                free(copy);
            }
            first.p[at] = was;
        }
        nw_buf_free(&first);
        nw_buf_free(&second);
        nw_arena_free(&arena);
    }
}

/* What was accepted comes before what came of it, where one entry cannot hold both. */
static void a_letter_fits_in_an_entry(void **state)
{
    struct nw_dead_entry entry = {.kind = NW_DEAD_LETTER}, back;
    struct nw_arena arena = {0};
    struct nw_buf out;
    char *large = calloc(1, NW_RECORD_MAX);

    (void)state;
    assert_non_null(large);
    entry.letter.origin = nw_str(large, NW_RECORD_MAX);
    entry.letter.bytes = nw_str(large, NW_RECORD_MAX / 2);
    nw_buf_init(&out, NW_STORE_ENTRY_MAX);
    assert_int_equal(nw_dead_entry_write(&entry, &out), 0);
    assert_int_equal(nw_dead_entry_read(&arena, nw_buf_view(&out), &back), 0);
    assert_int_equal(back.letter.origin.n, NW_RECORD_MAX);
    assert_int_equal(back.letter.bytes.n, 0);
    nw_buf_free(&out);
    nw_arena_free(&arena);
    free(large);
}

static void journal_entries_go_there_and_back(void **state)
{
    unsigned char head[NW_JOURNAL_HEAD + 3];
    struct nw_journal_entry entry;
    size_t n = nw_journal_head_write(NW_S("desk.1"), UINT64_C(0x0102030405060708), true, head);

    (void)state;
    memcpy(head + n, "abc", 3);
    assert_true(nw_journal_entry_read(nw_str((char *)head, n + 3), &entry));
    assert_true(nw_str_eq(entry.feeder, NW_S("desk.1")));
    assert_true(entry.fseq == UINT64_C(0x0102030405060708));
    assert_true(nw_str_eq(entry.record, NW_S("abc")));
    assert_true(entry.urgent);
    for (size_t less = 0; less < n; less++) {
        char *copy = malloc(less ? less : 1);
        memcpy(copy, head, less);
        assert_false(nw_journal_entry_read(nw_str(copy, less), &entry));
        free(copy);
    }
    head[1] = NW_JOURNAL_NAME + 1;
    assert_false(nw_journal_entry_read(nw_str((char *)head, sizeof head), &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_open_until_marked),     cmocka_unit_test(a_retry_is_submitted_once),
        cmocka_unit_test(another_journal_is_not_confused),   cmocka_unit_test(a_lost_log_does_not_swallow_retries),
        cmocka_unit_test(entries_go_there_and_back),         cmocka_unit_test(a_letter_fits_in_an_entry),
        cmocka_unit_test(journal_entries_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
