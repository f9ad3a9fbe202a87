/*
 * The broker as a whole. What was accepted comes to the last stage once and in order, whatever the peers do.
 */
#include "unit/broker/world.h"

static void twice_submitted_is_accepted_once(void **state)
{
    struct world *world = *state;
    struct client client = fed(world);

    submit(&client, 1, (uint32_t[]){1, 1, 1, 1, 1, 1}, RECORDS, "abcdef");
    submit(&client, 7, (uint32_t[]){1}, 1, "g");
    accepted(&client, 7);
    assert_int_equal(journal_last(world->broker->journal), 7);
    assert_int_equal(world->broker->duplicates, RECORDS);
    part(&client);
}

static void order_is_kept_whoever_is_first(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client = fed(world), one = worker(world, "part", none, 3);
    uint64_t leases[3];

    for (int i = 0; i < 3; i++) {
        hear(&one, NW_WORK);
        assert_int_equal(one.body.p[0], "ace"[i]);
        leases[i] = one.header.work.lease;
    }
    done(&one, leases[2], 2, 1, "EF");
    done(&one, leases[1], 2, 1, "CD");
    assert_false(hear_any(&writer, 10));
    done(&one, leases[1], 2, 1, "XX"); /* of no lease any more */
    done(&one, leases[0], 2, 1, "AB");
    written(&writer, "ABCDEF");
    until_done(world, RECORDS + 1);
    assert_int_equal(world->broker->stale, 1);
    assert_int_equal(world->broker->published, RECORDS);
    part(&writer);
    part(&client);
    part(&one);
}

static void what_a_lost_worker_held_goes_to_the_other(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client = fed(world), lost = worker(world, "part", none, 3);
    struct client other;

    for (int i = 0; i < 3; i++)
        hear(&lost, NW_WORK);
    part(&lost);
    for (int i = 0; i < TURNS && world->broker->lost_leases < 3; i++)
        pass(world, 100);
    other = worker(world, "part", none, 1);
    pass_on(&other, "ab");
    pass_on(&other, "cd");
    pass_on(&other, "ef");
    written(&writer, "abcdef");
    until_done(world, RECORDS + 1);
    part(&writer);
    part(&client);
    part(&other);
}

/* Whoever leaves with BYE was not taken down by what it had. */
static void a_worker_that_says_bye_blames_nothing(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client = fed(world);

    for (int i = 0; i < 7; i++) {
        struct nw_header bye = {.type = NW_BYE};
        struct client one = worker(world, "part", none, 1);
        hear(&one, NW_WORK);
        assert_true(nw_str_eq(one.body, NW_S("ab")));
        bye.bye.why = NW_S("no room");
        say(&one, bye, "");
        for (int j = 0; j < TURNS && world->broker->stages[0].workers; j++)
            turn(world);
        part(&one);
    }
    assert_int_equal(world->broker->dead, 0);
    part(&writer);
    part(&client);
}

static void a_record_that_kills_is_buried_and_the_rest_goes_on(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client = fed(world), one;

    for (int i = 0; i < 8; i++) { /* a and b twice together, then each three times alone */
        uint64_t lost = world->broker->lost_leases;
        one = worker(world, "part", none, 1);
        hear(&one, NW_WORK);
        assert_true(nw_str_eq(one.body, nw_str_z(i < 2 ? "ab" : i < 5 ? "a" : "b")));
        part(&one);
        for (int j = 0; j < TURNS && world->broker->lost_leases == lost; j++)
            pass(world, 100);
    }
    turn(world); /* what was buried leaves when its turn comes */
    assert_int_equal(world->broker->dead, 2);
    one = worker(world, "part", none, 1);
    pass_on(&one, "cd");
    pass_on(&one, "ef");
    written(&writer, "cdef");
    until_done(world, RECORDS + 1);
    part(&one);
    part(&writer);
    part(&client);
}

static void a_silent_worker_gets_nothing(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), silent = worker(world, "part", none, 4), client;

    turn(world);
    for (int i = 0; i < 30; i++)
        pass(world, 200);
    assert_true(world->broker->stages[0].workers->doubted);
    client = fed(world);
    assert_false(hear_any(&silent, 10));
    credit(&silent, 4);
    hear(&silent, NW_WORK);
    assert_int_equal(world->broker->lost_leases, 0);
    part(&writer);
    part(&silent);
    part(&client);
}

/* Three outputs of one record; a mark within them; a new broker on the same journal. */
static void a_restart_numbers_as_before(void **state)
{
    struct world *world = *state;
    struct nw_mark mark = {.set = true, .lanes = {{1, 1}}, .oseq = 2};
    struct client client = feeder(world, "wire"), writer, one;

    submit(&client, 1, (uint32_t[]){1, 1}, 2, "ab");
    accepted(&client, 2);
    for (int life = 0; life < 2; life++) {
        mark.journal = journal_id(world->broker->journal);
        writer = worker(world, "write", life ? mark : none, 4);
        one = worker(world, "part", none, 1);
        hear(&one, NW_WORK);
        done(&one, one.header.work.lease, 2, 3, "123456");
        hear(&writer, NW_WORK);
        assert_true(nw_str_eq(writer.body, NW_S("12")));
        assert_int_equal(writer.header.work.entries.v[1].jseq, 1);
        assert_int_equal(writer.header.work.entries.v[1].sub, 1);
        if (life == 0) {
            part(&one);
            part(&writer);
            world_close(world, 1);
            world_open(world);
        }
    }
    /* The feeder's words are of another life. */
    submit(&client, 3, (uint32_t[]){1}, 1, "c");
    hear(&client, NW_RESET);
    part(&one);
    part(&writer);
    part(&client);
}

static void an_output_log_ahead_of_the_journal_is_refused(void **state)
{
    struct world *world = *state;
    struct nw_mark mark = {.set = true, .lanes = {{7, 0}}, .oseq = 7, .journal = journal_id(world->broker->journal)};
    struct client client = fed(world), writer = meet(world), second;

    greet(&writer, "worker", "write", mark);
    hear(&writer, NW_BYE);
    part(&writer);
    writer = worker(world, "write", none, 1);
    second = meet(world);
    greet(&second, "worker", "write", none);
    hear(&second, NW_BYE); /* an ordered stage has one */
    part(&writer);
    part(&second);
    part(&client);
}

static void a_name_has_one_life_at_a_time(void **state)
{
    struct world *world = *state;
    struct client first = fed(world), second = feeder(world, "wire");

    assert_int_equal(second.header.welcome.fseq, RECORDS + 1);
    hear(&first, NW_BYE);
    part(&first);
    part(&second);
}

/* Its journal is new, or has forgotten: what the feeder had accepted before does not come again. */
static void a_feeder_may_be_ahead_of_the_journal_after_hello(void **state)
{
    struct world *world = *state;
    struct client client = feeder(world, "wire");

    submit(&client, 41, (uint32_t[]){1}, 1, "a");
    accepted(&client, 41);
    submit(&client, 43, (uint32_t[]){1}, 1, "c"); /* here 42 is missing */
    hear(&client, NW_RESET);
    assert_int_equal(journal_last(world->broker->journal), 1);
    part(&client);
}

/* More empty records than one ACCEPT tells of: each is told. */
static void empty_records_are_refused_with_a_sentence(void **state)
{
    struct world *world = *state;
    struct client client = feeder(world, "wire");
    uint64_t told = 0, next = 1;

    while (told < 20) {
        uint32_t sizes[20] = {0};
        submit(&client, next, sizes, 21 - next, "");
        do {
            assert_true(hear_any(&client, TURNS));
            if (client.header.type != NW_ACCEPT)
                continue;
            for (size_t i = 0; i < client.header.accept.rejects.n; i++) {
                assert_int_equal(client.header.accept.rejects.v[i].fseq, ++told);
                assert_true(client.header.accept.rejects.v[i].why.n > 0);
            }
        } while (told < 20 && client.header.type != NW_RESET);
        if (told == 20)
            break;
        greet(&client, "feeder", "wire", none);
        hear(&client, NW_WELCOME);
        next = client.header.welcome.fseq;
        assert_int_equal(next, told + 1);
    }
    assert_int_equal(journal_last(world->broker->journal), 0);
    part(&client);
}

/* What would have left a peer in a list of its former role, or a lease with nobody, or an output without bytes. */
static void hostile_peers_only_lose_their_own(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client = fed(world), one;
    struct nw_header empty = {.type = NW_DONE};
    struct nw_result results[2] = {{0}};

    one = worker(world, "part", none, 1);
    hear(&one, NW_WORK);
    greet(&one, "feeder", "wire", none);
    hear(&one, NW_BYE);
    part(&one);

    one = worker(world, "part", none, 1);
    hear(&one, NW_WORK);
    results[0].outputs = results[1].outputs = (struct nw_sizes){(uint32_t[]){0}, 1};
    empty.done.lease = one.header.work.lease;
    empty.done.results = (struct nw_results){results, 2};
    say(&one, empty, "");
    hear(&one, NW_BYE);
    part(&one);

    one = feeder(world, "other");
    greet(&one, "worker", "part", none);
    hear(&one, NW_BYE);
    part(&one);
    one = meet(world);
    say_bytes(&one, NW_S("\xc1"), NW_S("anything"));
    hear(&one, NW_BYE);
    part(&one);
    assert_int_equal(world->broker->peer_count, 2);

    one = worker(world, "part", none, 1);
    pass_on(&one, "a"); /* twice blamed: alone */
    pass_on(&one, "b");
    pass_on(&one, "cd");
    pass_on(&one, "ef");
    written(&writer, "abcdef");
    until_done(world, RECORDS + 1);
    part(&one);
    part(&writer);
    part(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_make, world_remove)
        TEST(twice_submitted_is_accepted_once),
        TEST(order_is_kept_whoever_is_first),
        TEST(what_a_lost_worker_held_goes_to_the_other),
        TEST(a_worker_that_says_bye_blames_nothing),
        TEST(a_record_that_kills_is_buried_and_the_rest_goes_on),
        TEST(a_silent_worker_gets_nothing),
        TEST(a_restart_numbers_as_before),
        TEST(an_output_log_ahead_of_the_journal_is_refused),
        TEST(a_name_has_one_life_at_a_time),
        TEST(a_feeder_may_be_ahead_of_the_journal_after_hello),
        TEST(empty_records_are_refused_with_a_sentence),
        TEST(hostile_peers_only_lose_their_own),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
