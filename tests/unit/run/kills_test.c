/* What kills take back: known by uri and by name, to the next life too, with the file and without it. */
#include "run/kills.h"

#include "unit/store/folder.h"

#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum { LOG = 7, HOUR = 3600000, MANY = 5000 };

static struct nw_arena arena;

static struct nw_record *item(const char *uri, const char *version, int64_t time)
{
    struct nw_record *record = nw_record_new(&arena);

    NW_SET(source, record->source, index, 0);
    NW_SET(record, record, uri, nw_arena_dup(&arena, nw_str_z(uri)));
    if (version)
        NW_SET(record, record, version, nw_str_z(version));
    if (time)
        NW_SET(record, record, version_created, time);
    return record;
}

static struct nw_record *named(const char *uri, const char *agency, int64_t time)
{
    struct nw_record *record = item(uri, NULL, time);

    NW_SET(record, record, slugline, NW_S("PORT"));
    assert_int_equal(nw_record_set_headline(&arena, record, NW_S("Storm shuts port")), 0);
    if (agency)
        NW_SET(record, record, copyright_holder, nw_str_z(agency));
    return record;
}

static struct nw_record *received(struct nw_record *record, int64_t time)
{
    NW_SET(source, record->source, received, time);
    return record;
}

static struct nw_record *kill_of(struct nw_record *record, const char *also)
{
    struct nw_story *story = NW_ARENA_NEW(&arena, struct nw_story, 1);

    NW_SET(record, record, pub_status, NW_S("canceled"));
    NW_SET(record, record, story, story);
    if (also) {
        struct nw_killed *killed = NW_APPEND(&arena, story, story, kills, killed);
        NW_SET(killed, killed, uri, nw_str_z(also));
    }
    return record;
}

static struct nw_str bytes_of(const struct nw_record *record)
{
    struct nw_buf buf;
    struct nw_str bytes;

    nw_buf_init(&buf, NW_RECORD_MAX);
    assert_int_equal(nw_record_encode(record, &buf), 0);
    bytes = nw_arena_dup(&arena, nw_buf_view(&buf));
    nw_buf_free(&buf);
    return bytes;
}

static struct nw_kills *made(void)
{
    struct nw_kills *kills;

    assert_int_equal(nw_kills_new(&kills), 0);
    return kills;
}

static bool hides(struct nw_kills *kills, uint64_t oseq, const struct nw_record *record)
{
    return nw_kills_hides(kills, oseq, bytes_of(record));
}

static bool covers(const struct nw_kills *kills, const struct nw_record *record)
{
    uint64_t oseq = 0;
    bool covered = nw_kills_covers(kills, record, &oseq);

    assert_true(!covered || oseq > 0);
    return covered;
}

static void a_kill_hides_what_stands_before_it(void **state)
{
    struct nw_kills *kills = made();

    (void)state;
    assert_false(hides(kills, 1, item("urn:a", "1", 0)));
    assert_int_equal(nw_kills_note(kills, 1, item("urn:a", "1", 0)), 0); /* no kill: nothing */
    assert_false(hides(kills, 1, item("urn:a", "1", 0)));
    assert_int_equal(nw_kills_note(kills, 5, kill_of(item("urn:a", "2", 0), "urn:b")), 0);
    assert_true(hides(kills, 1, item("urn:a", "1", 0)) && hides(kills, 4, item("urn:b", NULL, 0)));
    assert_false(hides(kills, 3, item("urn:c", NULL, 0)));
    assert_false(hides(kills, 5, kill_of(item("urn:a", "2", 0), NULL)));
    assert_int_equal(nw_kills_note(kills, 9, kill_of(item("urn:a", "3", 0), NULL)), 0);
    assert_false(hides(kills, 5, kill_of(item("urn:a", "2", 0), NULL))); /* an earlier kill is given out for ever */
    assert_false(hides(kills, 12, item("urn:a", "4", 0)));               /* its source has it again */
    nw_kills_free(&kills);
}

static void an_item_may_come_after_its_kill(void **state)
{
    struct nw_kills *kills = made();

    (void)state;
    assert_int_equal(nw_kills_note(kills, 5, kill_of(item("urn:a", "2", HOUR), "urn:b")), 0);
    assert_true(covers(kills, item("urn:a", "1", 2 * HOUR)) && covers(kills, item("urn:a", "2", 0)));
    assert_true(covers(kills, item("urn:a", NULL, 0)) && covers(kills, item("urn:b", "9", HOUR)));
    assert_false(covers(kills, item("urn:a", "3", 0)) || covers(kills, item("urn:b", NULL, 2 * HOUR)));
    assert_false(covers(kills, item("urn:c", "1", 0)) || covers(kills, kill_of(item("urn:a", "1", 0), NULL)));
    nw_kills_free(&kills);
}

static void by_name_within_a_day_and_an_agency(void **state)
{
    int64_t day = 24 * (int64_t)HOUR;
    struct nw_kills *kills = made();

    (void)state;
    assert_int_equal(nw_kills_note(kills, 5, kill_of(named("urn:k", "Alfa", 2 * day), NULL)), 0);
    assert_true(covers(kills, named("urn:a", "Alfa", 2 * day - HOUR)) && covers(kills, named("urn:b", NULL, 0)));
    assert_false(covers(kills, named("urn:c", "Beta", 2 * day - HOUR)));
    assert_false(covers(kills, named("urn:d", "Alfa", day - HOUR)));     /* an earlier one of its kind */
    assert_false(covers(kills, named("urn:e", "Alfa", 2 * day + HOUR))); /* filed anew */
    assert_true(covers(kills, received(named("urn:f", "Alfa", 0), 2 * day + HOUR)));
    assert_false(covers(kills, received(named("urn:g", "Alfa", 0), 4 * day))); /* a later one of its kind */
    nw_kills_free(&kills);
}

/* Kills of 0 to MANY, each at oseq i + 1, half of them learned from entries of the log. */
static void note_many(struct nw_kills *kills)
{
    char uri[32];

    for (int i = 0; i < MANY; i++) {
        struct nw_record *record;
        nw_arena_reset(&arena);
        snprintf(uri, sizeof uri, "urn:%d", i);
        record = kill_of(item(uri, "1", 0), NULL);
        if (i % 2)
            assert_int_equal(nw_kills_note(kills, (uint64_t)i + 1, record), 0);
        else
            assert_int_equal(nw_kills_learn(kills, (uint64_t)i + 1, bytes_of(record)), 0);
    }
}

static int count_known(struct nw_kills *kills)
{
    char uri[32];
    int known = 0;

    for (int i = 0; i < 2 * MANY; i++) {
        nw_arena_reset(&arena);
        snprintf(uri, sizeof uri, "urn:%d", i);
        known += covers(kills, item(uri, "1", 0));
    }
    return known;
}

static void the_next_life_knows_them(void **state)
{
    char data[PATH], log[PATH], path[PATH];
    struct nw_kills *kills = made();

    (void)state;
    folder_make(data);
    path_of(log, data, "output");
    path_of(path, data, "output.kills");
    note_many(kills);
    assert_int_equal(count_known(kills), MANY);
    assert_int_equal(nw_kills_save(kills, log, LOG, 1, MANY), 0);
    nw_kills_free(&kills);

    kills = made();
    assert_int_equal(nw_kills_load(kills, log, LOG), 0);
    assert_int_equal(nw_kills_through(kills), MANY);
    assert_int_equal(count_known(kills), MANY);
    assert_int_equal(nw_kills_save(kills, log, LOG, MANY / 2 + 1, MANY), 0); /* the log has let go of the first half */
    assert_int_equal(count_known(kills), MANY / 2);
    nw_kills_free(&kills);

    kills = made(); /* another log's says nothing of this one */
    assert_int_equal(nw_kills_load(kills, log, LOG + 1), 0);
    assert_int_equal(nw_kills_through(kills), 0);
    assert_int_equal(count_known(kills), 0);
    nw_kills_free(&kills);
    folder_remove(data);
}

static int end(void **state)
{
    (void)state;
    nw_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_hides_what_stands_before_it),
        cmocka_unit_test(an_item_may_come_after_its_kill),
        cmocka_unit_test(by_name_within_a_day_and_an_agency),
        cmocka_unit_test(the_next_life_knows_them),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, end);
}
