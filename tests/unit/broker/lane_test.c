/*
 * Lanes: what is urgent overtakes, each lane keeps its order, and a new broker goes on with both where the log says.
 * And what was buried keeps its place among what came of the same entry.
 */
#include "unit/broker/world.h"

#include <stdio.h>

/* Accepted = completed + dropped + dead + in flight, as the status tells it. */
static void balanced(struct world *world)
{
    static const char *const names[] = {
        "\"accepted\":", "\"completed\":", "\"dropped\":", "\"dead\":", "\"in_flight\":"};
    unsigned long long v[5];
    struct nw_buf out;

    nw_buf_init(&out, 1 << 16);
    assert_int_equal(stats_print(world->broker, &out), 0);
    assert_int_equal(nw_buf_char(&out, '\0'), 0);
    for (int i = 0; i < 5; i++) {
        const char *at = strstr(out.p, names[i]);
        assert_non_null(at);
        v[i] = strtoull(at + strlen(names[i]), NULL, 10);
    }
    assert_true(v[0] == v[1] + v[2] + v[3] + v[4]);
    nw_buf_free(&out);
}

/* One lease of the writer's: its records, their lane and jseqs. */
static void write_one(struct client *writer, const char *body, enum nw_lane lane, const uint64_t *jseqs)
{
    hear(writer, NW_WORK);
    assert_true(nw_str_eq(writer->body, nw_str_z(body)));
    for (size_t i = 0; i < writer->header.work.entries.n; i++) {
        assert_int_equal(writer->header.work.entries.v[i].lane, lane);
        assert_int_equal(writer->header.work.entries.v[i].jseq, jseqs[i]);
    }
    done(writer, writer->header.work.lease, writer->header.work.entries.n, 0, "");
}

static struct client fed_with_urgent(struct world *world)
{
    struct client client = fed(world);

    /* g u h v */
    submit_urgent(&client, 7, (uint32_t[]){1, 1, 1, 1}, 4, "guhv", (struct nw_numbers){(uint64_t[]){1, 3}, 2});
    accepted(&client, 10);
    return client;
}

static void what_is_urgent_overtakes(void **state)
{
    struct world *world = *state;
    struct client client = fed_with_urgent(world), writer, one;

    balanced(world);
    writer = worker(world, "write", none, 4);
    one = worker(world, "part", none, 1);
    pass_on(&one, "uv");
    write_one(&writer, "uv", NW_LANE_URGENT, (uint64_t[]){8, 10});
    balanced(world);
    pass_on(&one, "ab");
    pass_on(&one, "cd");
    pass_on(&one, "ef");
    pass_on(&one, "gh");
    write_one(&writer, "ab", NW_LANE_NORMAL, (uint64_t[]){1, 2});
    write_one(&writer, "cd", NW_LANE_NORMAL, (uint64_t[]){3, 4});
    write_one(&writer, "ef", NW_LANE_NORMAL, (uint64_t[]){5, 6});
    write_one(&writer, "gh", NW_LANE_NORMAL, (uint64_t[]){7, 9});
    until_done(world, 11);
    balanced(world);
    assert_int_equal(lane_known(&world->broker->lanes[NW_LANE_URGENT]), 0);
    part(&one);
    part(&writer);
    part(&client);
}

/* The broker goes when the log has u, and a. `checkpoint`: with what it wrote as it went, or as after a crash. */
static void goes_on_where_the_log_is(struct world *world, bool checkpoint)
{
    struct nw_mark mark = {.set = true, .lanes = {{1, 0}, {8, 0}}, .oseq = 2};
    struct client client = fed_with_urgent(world), writer, one;
    char path[PATH];

    mark.journal = journal_id(world->broker->journal);
    world_close(world, 1);
    if (!checkpoint) {
        path_of(path, world->data, "journal.checkpoint");
        assert_int_equal(unlink(path), 0);
    }
    world_open(world);
    writer = worker(world, "write", mark, 4);
    balanced(world);
    one = worker(world, "part", none, 1);
    /* The newest of each lane may have more articles than the log has: they come again, and are known there. */
    pass_on(&one, "uv");
    write_one(&writer, "uv", NW_LANE_URGENT, (uint64_t[]){8, 10});
    balanced(world);
    pass_on(&one, "ab");
    pass_on(&one, "cd");
    pass_on(&one, "ef");
    pass_on(&one, "gh");
    written(&writer, "abcdefgh");
    until_done(world, 11);
    balanced(world);
    part(&one);
    part(&writer);
    part(&client);
}

static void a_restart_keeps_both_places(void **state)
{
    goes_on_where_the_log_is(*state, true);
}

static void a_crash_keeps_both_places(void **state)
{
    goes_on_where_the_log_is(*state, false);
}

/* The normal lane is done with all, u not: its segment must stay, and the next life must find it. */
static void an_urgent_one_left_behind_is_not_forgotten(void **state)
{
    struct world *world = *state;
    struct nw_mark mark = {.set = true, .lanes = {{9, 0}, {0, 0}}, .oseq = 8};
    struct client client = fed_with_urgent(world), writer, one;

    mark.journal = journal_id(world->broker->journal);
    world_close(world, 11);
    world_open(world);
    assert_int_equal(ring_progress(world->broker).oldest, 8);
    writer = worker(world, "write", mark, 4);
    balanced(world);
    one = worker(world, "part", none, 1);
    pass_on(&one, "uv");
    write_one(&writer, "uv", NW_LANE_URGENT, (uint64_t[]){8, 10});
    for (int i = 0; i < TURNS && ring_progress(world->broker).oldest < 11; i++)
        turn(world);
    assert_int_equal(ring_progress(world->broker).oldest, 11);
    balanced(world);
    part(&one);
    part(&writer);
    part(&client);
}

static void past_the_bound_the_urgent_go_with_the_others(void **state)
{
    struct world *world = *state;
    struct client client = feeder(world, "wire"), writer, one;
    struct lane *urgent = &world->broker->lanes[NW_LANE_URGENT];

    for (uint64_t i = 0; i < LANE_URGENT_MAX; i++) /* as if so many had come and waited */
        assert_int_equal(lane_add(urgent, UINT64_MAX), 0);
    submit_urgent(&client, 1, (uint32_t[]){1, 1}, 2, "ab", (struct nw_numbers){(uint64_t[]){1}, 1});
    accepted(&client, 2);
    assert_int_equal(lane_known(urgent), LANE_URGENT_MAX);
    nw_buf_clear(&urgent->jseqs);
    writer = worker(world, "write", none, 4);
    one = worker(world, "part", none, 1);
    pass_on(&one, "ab");
    write_one(&writer, "ab", NW_LANE_NORMAL, (uint64_t[]){1, 2});
    until_done(world, 3);
    part(&one);
    part(&writer);
    part(&client);
}

static void what_was_buried_keeps_its_place(void **state)
{
    struct world *world = *state;
    struct nw_header header = {.type = NW_DONE};
    struct nw_result results[2] = {{.outcome = NW_FAILED, .reason = NW_STR("no text")}, {.outcome = NW_OUTPUTS}};
    struct client client, writer, one, middle;

    world_close(world, 1);
    world->middle = true;
    world_open(world);
    client = feeder(world, "wire");
    submit(&client, 1, (uint32_t[]){1}, 1, "a");
    accepted(&client, 1);
    writer = worker(world, "write", none, 4);
    one = worker(world, "part", none, 1);
    middle = worker(world, "mark", none, 1);
    hear(&one, NW_WORK);
    done(&one, one.header.work.lease, 1, 3, "123");
    hear(&middle, NW_WORK);
    assert_true(nw_str_eq(middle.body, NW_S("12")));
    results[1].outputs = (struct nw_sizes){(uint32_t[]){1}, 1};
    header.done.lease = middle.header.work.lease;
    header.done.results = (struct nw_results){results, 2};
    say(&middle, header, "2");
    pass_on(&middle, "3");
    hear(&writer, NW_WORK);
    assert_true(nw_str_eq(writer.body, NW_S("23")));
    assert_int_equal(writer.header.work.entries.v[0].sub, 1);
    assert_int_equal(writer.header.work.entries.v[1].sub, 2);
    done(&writer, writer.header.work.lease, 2, 0, "");
    until_done(world, 2);
    balanced(world);
    part(&middle);
    part(&one);
    part(&writer);
    part(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_make, world_remove)
        TEST(what_is_urgent_overtakes),
        TEST(a_restart_keeps_both_places),
        TEST(a_crash_keeps_both_places),
        TEST(an_urgent_one_left_behind_is_not_forgotten),
        TEST(past_the_bound_the_urgent_go_with_the_others),
        TEST(what_was_buried_keeps_its_place),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
