/*
 * While the journal waits for its disk: stages without memory go on, and nothing that would outlive a crash of the
 * broker is done before the disk has answered. This program's own fdatasync is the disk.
 */
#include "world.h"

#include <pthread.h>
#include <sys/syscall.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool held;

/* Instead of libc's. */
int fdatasync(int fd)
{
    pthread_mutex_lock(&mutex);
    while (held)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    return (int)syscall(SYS_fdatasync, fd);
}

static void hold(bool yes)
{
    pthread_mutex_lock(&mutex);
    held = yes;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

enum { SOME = 20 }; /* turns after which what is to come would have come */

/* Feeds a and b, and leases them to a worker of the first stage, while the disk does not answer. */
static void begin(struct world *world, struct client *client, struct client *one)
{
    *client = feeder(world, "wire");
    *one = worker(world, "part", none, 4);
    hold(true);
    submit(client, 1, (uint32_t[]){1, 1}, 2, "ab");
    hear(one, NW_WORK);
    assert_true(nw_str_eq(one->body, NW_S("ab")));
    assert_int_equal(journal_durable(world->broker->journal), 0);
}

static void conclude(struct client *one, enum nw_outcome outcome)
{
    struct nw_header header = {.type = NW_DONE};
    struct nw_result results[2] = {{.outcome = outcome, .reason = NW_S("as the test has it")}};
    uint32_t size = 1;

    results[1] = (struct nw_result){.outputs = {&size, 1}};
    header.done.lease = one->header.work.lease;
    header.done.results = (struct nw_results){results, 2};
    say(one, header, "b");
    for (int i = 0; i < SOME; i++)
        turn(one->world);
    assert_int_equal(one->world->broker->stages[0].in_flight, 0);
}

static void the_ordered_stage_waits_for_the_disk(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client, one;

    begin(world, &client, &one);
    done(&one, one.header.work.lease, 2, 1, "ab");
    assert_false(hear_any(&writer, SOME));
    while (hear_any(&client, SOME)) { /* the feeder's sign of life */
        assert_int_equal(client.header.type, NW_ACCEPT);
        assert_int_equal(client.header.accept.fseq, 0);
    }
    assert_int_equal(world->broker->stages[0].out, 2);
    hold(false);
    written(&writer, "ab");
    accepted(&client, 2);
    until_done(world, 3);
    part(&writer);
    part(&one);
    part(&client);
}

static void what_is_dropped_is_not_passed_before(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client, one;

    begin(world, &client, &one);
    conclude(&one, NW_LEFT_OUT);
    assert_int_equal(world->broker->dropped, 1);
    assert_int_equal(ring_progress(world->broker).low, 1);
    hold(false);
    written(&writer, "b");
    until_done(world, 3);
    part(&writer);
    part(&one);
    part(&client);
}

static void dead_letters_wait_for_the_disk(void **state)
{
    struct world *world = *state;
    struct client writer = worker(world, "write", none, 4), client, one;
    struct nw_dead_letter letter;

    begin(world, &client, &one);
    conclude(&one, NW_FAILED);
    assert_int_equal(dead_read(world->broker->dead_log, 1, &letter), DEAD_CLOSED);
    hold(false);
    written(&writer, "b");
    until_done(world, 3);
    assert_int_equal(dead_read(world->broker->dead_log, 1, &letter), 0);
    assert_int_equal(letter.jseq, 1);
    assert_true(nw_str_eq(letter.origin, NW_S("a")));
    assert_int_equal(world->broker->dead, 1);
    part(&writer);
    part(&one);
    part(&client);
}

static int answer_and_remove(void **state)
{
    hold(false);
    return world_remove(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_make, answer_and_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_ordered_stage_waits_for_the_disk),
        TEST(what_is_dropped_is_not_passed_before),
        TEST(dead_letters_wait_for_the_disk),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
