/*
 * The drop folder. The property that counts: whatever the moment at which fetch is killed, each item is accepted
 * exactly once, and in the end each file is where `after` says. A life of fetch is a process of its own; the receiver
 * is memory that outlives it and accepts records in their order, some time after they were emitted.
 */
#include "unit/fetch/lives.h"

#include "folder.h"

enum { LIVES = 60, FILES = 150 };

static struct nw_conf *configure(const char *after)
{
    char sources[512];

    snprintf(sources, sizeof sources,
             "[{\"kind\":\"folder\",\"path\":\"@/one\",\"settle\":0,\"poll\":10,\"after\":\"%s\"},"
             "{\"kind\":\"folder\",\"path\":\"@/two\",\"settle\":0,\"poll\":10,\"after\":\"%s\","
             "\"recursive\":true,\"patterns\":[\"*.ndjson\"]}]",
             after, after);
    return configure_sources(sources);
}

/* Files of 0 to 5 items, some with lines that are none. */
static void drop_files(size_t from, size_t to, uint32_t *items)
{
    uint32_t seed = 11;

    for (size_t i = 0; i < to; i++) {
        char name[64], text[256] = "\n", *p = text;
        uint32_t lines = dice(&seed) % 6;

        snprintf(name, sizeof name, "%s/%03zu.ndjson", i % 3 == 0 ? "one" : i % 3 == 1 ? "two" : "two/in", i);
        items[i] = lines;
        for (uint32_t j = 0; j < lines; j++)
            p += snprintf(p, 40, "{\"%zu\":%u}\n%s", i, j, j == 2 ? "none\n" : "");
        if (i >= from)
            drop(name, text);
    }
}

/* Each item once, in its order within the file; each file where it belongs. */
static void check(const char *after, const uint32_t *items)
{
    uint64_t expected = 0;

    for (size_t i = 0; i < FILES; i++) {
        const char *folder = i % 3 == 0 ? "one" : "two", *below = i % 3 == 2 ? "in/" : "";
        char name[64], moved[64], path[160];
        uint32_t next = 0;

        snprintf(name, sizeof name, "%s/%s%03zu.ndjson", folder, below, i);
        snprintf(moved, sizeof moved, "%s/done/%s%03zu.ndjson", folder, below, i);
        path_of(path, name, "");
        for (uint64_t j = 0; j < receiver->count; j++) {
            char raw[32];

            if (strcmp(receiver->entry[j].path, path))
                continue;
            snprintf(raw, sizeof raw, "{\"%zu\":%u}", i, next);
            assert_string_equal(receiver->entry[j].raw, raw);
            assert_int_equal(receiver->entry[j].index, next);
            next++;
        }
        assert_int_equal(next, items[i]);
        expected += items[i];
        assert_int_equal(exists(name), items[i] == 0 || strcmp(after, "leave") == 0);
        assert_int_equal(exists(moved), items[i] > 0 && strcmp(after, "move") == 0);
    }
    assert_int_equal(receiver->count, expected);
}

static void killed_at_any_moment(const char *after, bool pauses)
{
    struct nw_conf *conf;
    struct life life;
    uint32_t items[FILES], seed = 3;

    make_folder("one");
    make_folder("two");
    make_folder("two/in");
    receiver->count = 0;
    conf = configure(after);
    drop_files(0, FILES / 2, items);
    for (size_t i = 0; i < LIVES; i++) {
        if (i == LIVES / 2)
            drop_files(FILES / 2, FILES, items);
        life_killed(conf, dice(&seed), 300 + (int)(dice(&seed) % 40000), pauses);
    }
    if (pauses)
        wish("UPDATE rhythm SET paused = 0", 2);
    life_open(&life, conf, dice(&seed));
    life_run(&life);
    life_close(&life);
    check(after, items);
    /* And nothing is taken again. */
    life_open(&life, conf, dice(&seed));
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    life_close(&life);
    nw_conf_free(&conf);
}

static void killed_leave(void **state)
{
    (void)state;
    killed_at_any_moment("leave", false);
}

static void killed_move(void **state)
{
    (void)state;
    killed_at_any_moment("move", false);
}

static void killed_delete(void **state)
{
    (void)state;
    killed_at_any_moment("delete", false);
}

/* While one source pauses the other one's records are numbered; what the first has planned must not lose its numbers.
 */
static void killed_and_paused(void **state)
{
    (void)state;
    killed_at_any_moment("leave", true);
}

/* A life that takes one record, of a batch of planned files, and ends without a word: at once, or after a pause of the
 * source in which the other one's records were taken. */
static void life_of_one(const struct nw_conf *conf, bool goes_on)
{
    pid_t pid = fork();
    struct life life;

    assert_true(pid >= 0);
    if (pid > 0) {
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        return;
    }
    life_open(&life, conf, 1);
    nw_stage_fetch.pull(&life.context, life.context.state, 1);
    accept_some(&life, life.n);
    if (goes_on) {
        wish("UPDATE rhythm SET paused = 1 WHERE source LIKE '%/one'", 1);
        look(&life);
        life_run(&life);
    }
    _exit(0);
}

/* What one source has planned has its numbers, which must not become another one's: neither when a pause comes between,
 * nor when a life begins with one. */
static void planned_and_paused(void **state)
{
    static const char *const names[] = {"one/a", "one/b", "one/c", "two/d.ndjson", "two/e.ndjson"};

    (void)state;
    make_folder("one");
    make_folder("two");
    for (int at_start = 0; at_start < 2; at_start++) {
        struct nw_conf *conf = configure("move");
        struct life life;

        receiver->count = 0;
        for (size_t i = 0; i < 5; i++)
            drop(names[i], "{\"a\":1}\n{\"b\":2}\n");
        life_of_one(conf, at_start == 0);
        if (at_start) {
            wish("UPDATE rhythm SET paused = 1 WHERE source LIKE '%/one'", 1);
            life_killed(conf, 1, 999999, false);
        }
        wish("UPDATE rhythm SET paused = 0", 2);
        life_open(&life, conf, 1);
        life_run(&life);
        life_close(&life);
        assert_int_equal(receiver->count, 10);
        nw_conf_free(&conf);
    }
}

/* What arrives while fetch lives: moved there, closed after writing; hidden and unfinished names are left alone; a file
 * that changes is taken again. */
static void arrivals(void **state)
{
    struct nw_conf *conf;
    struct life life;
    char path[160];
    int fd;

    (void)state;
    make_folder("one");
    make_folder("two");
    receiver->count = 0;
    conf = configure("leave");
    life_open(&life, conf, 1);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    drop("one/a", "One.");
    drop("one/.b", "Two.");
    drop("two/c.txt", "Three.");
    path_of(path, "one/e.part", "");
    fd = open(path, O_CREAT | O_WRONLY, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "Four.", 5), 5);
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    assert_string_equal(receiver->entry[0].raw, "One.");
    drop("one/a", "One, changed.");
    drop("two/d.ndjson", "{\"d\":4}\n");
    close(fd);
    path_of(path, "one/f", "");
    fd = open(path, O_CREAT | O_WRONLY, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "Six.", 4), 4);
    close(fd);
    life_run(&life);
    assert_int_equal(life.accepted, 4);
    assert_int_equal(life.complaints, 0);
    life_close(&life);
    nw_conf_free(&conf);
}

/* With a settle time, a file that nobody was seen to close waits until it has been unchanged for so long. */
static void settling(void **state)
{
    struct nw_conf *conf;
    struct life life;
    int64_t now = nw_clock_wall(), mono = nw_clock_mono();

    (void)state;
    make_folder("one");
    receiver->count = 0;
    drop("one/a", "One.");
    conf = configure_sources("[{\"kind\":\"folder\",\"path\":\"@/one\",\"settle\":60000,\"poll\":1000}]");
    nw_clock_fake(now, mono);
    life_open(&life, conf, 1);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    assert_true(life.context.idle_ms > 0 && life.context.idle_ms <= 1000);
    nw_clock_fake(now + 30000, mono + 30000);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    nw_clock_fake(now + 61000, mono + 61000);
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    life_close(&life);
    nw_clock_real();
    nw_conf_free(&conf);
}

/* Somebody who does not want to wait for the next look has one made now. */
static void polling(void **state)
{
    struct nw_conf *conf;
    struct life life;

    (void)state;
    make_folder("one");
    receiver->count = 0;
    conf = configure_sources("[{\"kind\":\"folder\",\"name\":\"one\",\"path\":\"@/one\",\"settle\":0,"
                             "\"poll\":86400000}]");
    life_open(&life, conf, 1);
    life_run(&life);
    watch_close(&((struct folder *)((struct fetch *)life.context.state)->lanes[0].source)->watch);
    drop("one/a", "One.");
    look(&life);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    wish("UPDATE rhythm SET wanted = 1 WHERE source = 'one'", 1);
    look(&life);
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    drop("one/b", "Two."); /* and only once */
    look(&life);
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    life_close(&life);
    nw_conf_free(&conf);
}

/* A file without an article is told once, stays, and is tried again when it changes. */
static void bad_files(void **state)
{
    struct nw_conf *conf;
    struct life life;

    (void)state;
    make_folder("one");
    make_folder("two");
    receiver->count = 0;
    conf = configure("move");
    drop("one/empty", "");
    drop("one/cut.sgm", "<REUTERS>cut");
    life_open(&life, conf, 1);
    life_run(&life);
    life_run(&life);
    assert_int_equal(life.complaints, 2);
    assert_true(exists("one/empty") && exists("one/cut.sgm"));
    life_close(&life);
    life_open(&life, conf, 1);
    drop("one/empty", "Not any more.");
    life_run(&life);
    assert_int_equal(life.complaints, 0);
    assert_int_equal(life.accepted, 1);
    assert_true(exists("one/done/empty") && !exists("one/empty"));
    /* Never over a file that was moved before. */
    drop("one/empty", "A second one.");
    life_run(&life);
    assert_true(exists("one/done/empty") && exists("one/done/empty.1") && !exists("one/empty"));
    life_close(&life);
    nw_conf_free(&conf);
}

static void refused(const char *row)
{
    struct nw_conf *conf = NULL;
    struct nw_buf json;
    struct nw_stage_context context = {.stage = NULL};
    char why[NW_CONF_WHY];

    nw_buf_init(&json, 4096);
    nw_buf_printf(&json, "{\"data_dir\":\"%s\",\"sources\":[%s]}", root, row);
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &conf, why), 0);
    assert_true(nw_context_open(&context, &nw_stage_fetch, conf) < 0);
    nw_context_close(&context);
    nw_buf_free(&json);
    nw_conf_free(&conf);
}

/* What is paused takes nothing and wakes nobody; another source is woken and goes on as before. */
static void pausing(void **state)
{
    struct nw_conf *conf;
    struct life life;

    (void)state;
    make_folder("one");
    make_folder("two");
    receiver->count = 0;
    conf = configure("leave");
    life_open(&life, conf, 1);
    life_run(&life);
    wish("UPDATE rhythm SET paused = 1 WHERE source LIKE '%/one'", 1);
    look(&life);
    drop("one/a", "One.");
    assert_false(is_woken(&life));
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    drop("two/b.ndjson", "{\"b\":2}\n");
    assert_true(is_woken(&life));
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    assert_false(is_woken(&life));
    life_close(&life);
    life_open(&life, conf, 2); /* a pause outlives a restart */
    drop("one/c", "Three.");
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    wish("UPDATE rhythm SET paused = 0 WHERE source LIKE '%/one'", 1);
    look(&life);
    life_run(&life);
    assert_int_equal(life.accepted, 2);
    life_close(&life);
    nw_conf_free(&conf);
}

static void bad_config(void **state)
{
    (void)state;
    refused("{\"kind\":\"folder\"}");
    refused("{\"kind\":\"files\"}");
    refused("{\"kind\":\"folder\",\"path\":\"nowhere\",\"after\":\"move\"}");
    refused("{\"kind\":\"folder\",\"path\":\"a\",\"done\":\"b/c\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_leave, make_root, drop_root),
        cmocka_unit_test_setup_teardown(killed_move, make_root, drop_root),
        cmocka_unit_test_setup_teardown(killed_delete, make_root, drop_root),
        cmocka_unit_test_setup_teardown(killed_and_paused, make_root, drop_root),
        cmocka_unit_test_setup_teardown(planned_and_paused, make_root, drop_root),
        cmocka_unit_test_setup_teardown(arrivals, make_root, drop_root),
        cmocka_unit_test_setup_teardown(settling, make_root, drop_root),
        cmocka_unit_test_setup_teardown(polling, make_root, drop_root),
        cmocka_unit_test_setup_teardown(pausing, make_root, drop_root),
        cmocka_unit_test_setup_teardown(bad_files, make_root, drop_root),
        cmocka_unit_test_setup_teardown(bad_config, make_root, drop_root),
    };

    return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
