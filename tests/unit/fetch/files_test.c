/*
 * The source of files that remembers: whatever the moment at which fetch is killed, each item is accepted exactly once
 * and in the order of the paths; how far it is can be read from the ledger; a pause holds.
 */
#include "unit/fetch/lives.h"

enum { LIVES = 40, FILES = 60, LARGE = 1500 };

static const char sources[] =
    "[{\"kind\":\"files\",\"name\":\"batch\",\"paths\":[\"@/one\",\"@/large.ndjson\",\"@/two/*.ndjson\"]},"
    "{\"kind\":\"folder\",\"name\":\"drop\",\"path\":\"@/drop\",\"settle\":0,\"poll\":10}]";

/* Items are {"n":0}, {"n":1}, … in the order of the paths; in the drop folder they are {"d":0}, … */
static uint32_t put_all(void)
{
    static char text[LARGE * 16];
    uint32_t seed = 5, n = 0;
    char name[64];

    make_folder("one");
    make_folder("two");
    make_folder("drop");
    for (size_t i = 0; i < FILES; i++) {
        char *p = text;
        size_t count = i == FILES / 2 ? LARGE : dice(&seed) % 6;

        for (size_t j = 0; j < count; j++)
            p += snprintf(p, 16, "{\"n\":%u}\n", n++);
        *p = '\0';
        if (i == FILES / 2)
            snprintf(name, sizeof name, "large.ndjson");
        else
            snprintf(name, sizeof name, "%s/%03zu.ndjson", i < FILES / 2 ? "one" : "two", i);
        drop(name, text);
    }
    return n;
}

/* Each item once; those of the files in their order, those of the drop folder in any. */
static void check(uint32_t items, uint32_t dropped)
{
    bool seen[LIVES] = {false};
    uint32_t n = 0, d = 0;

    for (uint64_t i = 0; i < receiver->count; i++) {
        const char *raw = receiver->entry[i].raw;
        unsigned number;

        if (sscanf(raw, "{\"d\":%u}", &number) == 1) {
            assert_true(number < dropped && !seen[number]);
            seen[number] = true;
            d++;
        } else {
            assert_int_equal(sscanf(raw, "{\"n\":%u}", &number), 1);
            assert_int_equal(number, n++);
        }
    }
    assert_int_equal(n, items);
    assert_int_equal(d, dropped);
}

static void drop_item(uint32_t d)
{
    char name[64], text[32];

    snprintf(name, sizeof name, "drop/%04u", d);
    snprintf(text, sizeof text, "{\"d\":%u}", d);
    drop(name, text);
}

static void killed_at_any_moment(bool pauses)
{
    struct nw_conf *conf;
    struct life life;
    uint32_t items, seed = 3;

    receiver->count = 0;
    items = put_all();
    conf = configure_sources(sources);
    for (uint32_t i = 0; i < LIVES; i++) {
        drop_item(i);
        life_killed(conf, dice(&seed), 300 + (int)(dice(&seed) % 20000), pauses);
    }
    if (pauses)
        wish("UPDATE rhythm SET paused = 0", 2);
    life_open(&life, conf, dice(&seed));
    life_run(&life);
    life_close(&life);
    check(items, LIVES);
    life_open(&life, conf, dice(&seed));
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    life_close(&life);
    nw_conf_free(&conf);
}

static void killed(void **state)
{
    (void)state;
    killed_at_any_moment(false);
}

static void killed_and_paused(void **state)
{
    (void)state;
    killed_at_any_moment(true);
}

/* A value of the row of a source in the ledger. */
static void expect_row(const char *what, const char *source, const char *value)
{
    char path[160], sql[160];
    sqlite3 *db;
    sqlite3_stmt *statement;

    path_of(path, "fetch.db", "");
    snprintf(sql, sizeof sql, "SELECT %s FROM rhythm WHERE source = '%s'", what, source);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), value);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static const char one_folder[] = "[{\"kind\":\"files\",\"name\":\"batch\",\"paths\":[\"@/one\"]}]";

/* Runs to the end of all sources. */
static void run_to_end(struct life *life)
{
    int pulled = NW_PULLED;

    while (pulled != NW_ENDED) {
        pulled = nw_stage_fetch.pull(&life->context, life->context.state, TRANSIT - life->n);
        assert_true(pulled == NW_PULLED || pulled == NW_ENDED);
        accept_some(life, life->n);
        assert_int_equal(tell(life), 0);
    }
    look(life);
}

/* What was taken is taken again only when it has changed; what is new is found at the next start. */
static void taken_once(void **state)
{
    struct nw_conf *conf;
    struct life life;

    (void)state;
    make_folder("one");
    receiver->count = 0;
    drop("one/a", "One.");
    drop("one/b.sgm", "<REUTERS>cut");
    conf = configure_sources(one_folder);
    for (uint64_t expected = 1; expected <= 3; expected++) {
        life_open(&life, conf, 1);
        run_to_end(&life);
        assert_int_equal(receiver->count, expected);
        assert_int_equal(life.complaints, expected == 1);
        life_close(&life);
        expect_row("items", "batch", expected == 1 ? "1" : expected == 2 ? "2" : "3");
        expect_row("place", "batch", "all is read");
        expect_row("ended", "batch", "1");
        drop("one/a", expected == 1 ? "One, changed." : "One, changed again.");
    }
    nw_conf_free(&conf);
}

/* How far it is stands in the ledger while a long file is read, and its errors. */
static void place(void **state)
{
    struct nw_conf *conf;
    struct life life;
    char text[4096], *p = text, expected[160];

    (void)state;
    make_folder("one");
    receiver->count = 0;
    for (int i = 0; i < 200; i++)
        p += snprintf(p, 16, "{\"n\":1%03d}\n", i);
    drop("one/a.ndjson", "none\n{}\n");
    drop("one/b.ndjson", text);
    conf = configure_sources(one_folder);
    life_open(&life, conf, 1);
    for (int i = 0; i < 21; i++)
        assert_int_equal(nw_stage_fetch.pull(&life.context, life.context.state, 1), NW_PULLED);
    look(&life);
    snprintf(expected, sizeof expected, "%s/one/b.ndjson: 100.0 %% read", root); /* a window holds all of it */
    expect_row("place", "batch", expected);
    expect_row("ended", "batch", "0");
    expect_row("items", "batch", "21");
    expect_row("errors", "batch", "1");
    accept_some(&life, life.n);
    run_to_end(&life);
    life_close(&life);
    expect_row("errors", "batch", "0");
    nw_conf_free(&conf);
}

/* A stream can't be read again: it is not remembered, and a pause stops it at once. */
static void stream(void **state)
{
    struct nw_conf *conf;
    struct life life;
    char path[160];
    int fd;

    (void)state;
    make_folder("one");
    receiver->count = 0;
    path_of(path, "pipe", "");
    assert_int_equal(mkfifo(path, 0600), 0);
    fd = open(path, O_RDWR | O_NONBLOCK); /* so that nobody sees its end */
    assert_true(fd >= 0);
    conf = configure_sources("[{\"kind\":\"files\",\"name\":\"batch\",\"paths\":[\"@/pipe\"],\"format\":\"ndjson\"}]");
    life_open(&life, conf, 1);
    assert_int_equal(write(fd, "{\"n\":0}\n{\"n\":1}\n", 16), 16);
    life_run(&life);
    assert_int_equal(life.accepted, 2);
    wish("UPDATE rhythm SET paused = 1", 1);
    look(&life);
    expect_row("items", "batch", "2");
    assert_int_equal(write(fd, "{\"n\":2}\n", 8), 8);
    assert_false(is_woken(&life));
    life_run(&life);
    assert_int_equal(life.accepted, 2);
    wish("UPDATE rhythm SET paused = 0", 1);
    look(&life);
    life_run(&life);
    assert_int_equal(life.accepted, 3);
    life_close(&life);
    close(fd);
    check(3, 0);
    nw_conf_free(&conf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed, make_root, drop_root),
        cmocka_unit_test_setup_teardown(killed_and_paused, make_root, drop_root),
        cmocka_unit_test_setup_teardown(taken_once, make_root, drop_root),
        cmocka_unit_test_setup_teardown(place, make_root, drop_root),
        cmocka_unit_test_setup_teardown(stream, make_root, drop_root),
    };

    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
