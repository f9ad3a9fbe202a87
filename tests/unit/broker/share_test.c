/* Two ordered stages share the stream: each gets all of it in order, and nothing is done before both have done it. */
#include "unit/broker/world.h"

static int setup(void **state)
{
    int r = world_make(state);
    struct world *world = *state;

    world_close(world, 1);
    world->two = true;
    world_open(world);
    return r;
}

static void each_gets_all(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), other = worker(world, "write too", none, 4);
    struct client client = fed(world), one = worker(world, "part", none, 3);

    pass_on(&one, "ab");
    pass_on(&one, "cd");
    pass_on(&one, "ef");
    written(&writer, "abcdef");
    for (int i = 0; i < 10; i++)
        turn(world);
    assert_int_equal(world->broker->lanes[NW_LANE_NORMAL].low, 1); /* the other has done nothing yet */
    written(&other, "abcdef");
    until_done(world, RECORDS + 1);
    assert_int_equal(world->broker->published, RECORDS);
    part(&writer);
    part(&other);
    part(&client);
    part(&one);
}

/* Of a lease: whether each result is outputs or left out. */
static void leave_out(struct client *client)
{
    struct nw_header header = {.type = NW_DONE};
    struct nw_result results[8] = {{0}};
    size_t n;

    hear(client, NW_WORK);
    n = client->header.work.entries.n;
    for (size_t i = 0; i < n; i++)
        results[i] = (struct nw_result){.outcome = NW_LEFT_OUT, .reason = NW_S("elsewhere")};
    header.done.lease = client->header.work.lease;
    header.done.results = (struct nw_results){results, n};
    say(client, header, "");
}

static void what_one_takes_is_published_and_what_none_takes_is_dropped(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), other = worker(world, "write too", none, 4);
    struct client client = feeder(world, "wire"), one = worker(world, "part", none, 3);

    submit(&client, 1, (uint32_t[]){1, 1}, 2, "ab");
    pass_on(&one, "ab");
    written(&writer, "ab");
    leave_out(&other);
    until_done(world, 3);
    submit(&client, 3, (uint32_t[]){1, 1}, 2, "cd");
    pass_on(&one, "cd");
    leave_out(&writer);
    leave_out(&other);
    until_done(world, 5);
    assert_int_equal(world->broker->published, 2);
    assert_int_equal(world->broker->dropped, 2);
    part(&writer);
    part(&other);
    part(&client);
    part(&one);
}

static struct nw_mark mark_at(const struct world *world, uint64_t jseq)
{
    struct nw_mark mark = {.set = true, .oseq = jseq, .journal = journal_id(world->broker->journal)};

    mark.lanes[NW_LANE_NORMAL].jseq = jseq;
    return mark;
}

/* After a crash one log is further than the other: all goes on from the one that is behind, once both are known. */
static void a_restart_begins_where_the_last_is(void **state)
{
    struct world *world = *state;
    struct client client = fed(world), writer, other, one;

    part(&client);
    world_close(world, 1);
    world_open(world);
    writer = worker(world, "write", mark_at(world, 5), 4);
    one = worker(world, "part", none, 3);
    assert_false(hear_any(&one, 10));
    other = worker(world, "write too", mark_at(world, 3), 4);
    pass_on(&one, "cd");
    pass_on(&one, "ef");
    written(&writer, "cdef");
    written(&other, "cdef");
    until_done(world, RECORDS + 1);
    part(&writer);
    part(&other);
    part(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_gets_all, setup, world_remove),
        cmocka_unit_test_setup_teardown(what_one_takes_is_published_and_what_none_takes_is_dropped, setup,
                                        world_remove),
        cmocka_unit_test_setup_teardown(a_restart_begins_where_the_last_is, setup, world_remove),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
