/*
 * The worker over a link in memory, with a fake clock: this file plays the broker. What is asserted is what the broker
 * relies on: HELLO until WELCOME, heartbeats, one DONE a lease with a result for each entry, silence answered by HELLO,
 * drain that finishes what is in hand.
 */
#include "run/worker.h"

#include "link/frame.h"

#include <newswire/clock.h>

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A stage that does what the record's language says. */
static int obey(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    (void)state;
    if (nw_str_eq(record->language, NW_S("drop")))
        return nw_drop(context, "asked to");
    if (nw_str_eq(record->language, NW_S("reject")))
        return nw_reject(context, "asked to refuse item %d", (int)record->source->index);
    if (nw_str_eq(record->language, NW_S("retry")))
        return NW_RETRY;
    if (nw_str_eq(record->language, NW_S("nothing")))
        return NW_OK;
    for (volatile bool on = nw_str_eq(record->language, NW_S("spin")); on;) {
    }
    if (nw_str_eq(record->language, NW_S("twice"))) {
        int r = nw_emit(context, record);
        return r ? r : nw_emit(context, record);
    }
    if (nw_str_eq(record->language, NW_S("emit, then drop"))) {
        int r = nw_emit(context, record);
        return r ? r : nw_drop(context, "changed its mind");
    }
    return nw_emit(context, record);
}

static const struct nw_conf_row rows[] = {
    {.key = "depth", .kind = NW_CONF_INT, .least = 1, .most = 9, .preset = "3", .unit = "", .doc = "a number"},
    NW_CONF_END,
};

static const struct nw_stage stage = {
    .name = "obey", .version = "1", .doc = "Obeys.", .process = obey, .conf = rows, .state_size = 8};

struct desk {
    struct nw_link *broker, *link;
    struct nw_worker *worker;
    struct nw_arena arena;
    struct nw_header header; /* the last message heard */
    struct nw_str body;
    int64_t now;
};

static void advance(struct desk *desk, int64_t ms)
{
    desk->now += ms;
    nw_clock_fake(desk->now, desk->now);
}

static void say(struct desk *desk, struct nw_header header, struct nw_str body)
{
    struct nw_buf bytes;

    nw_buf_init(&bytes, NW_HEADER_MAX);
    assert_int_equal(nw_header_encode(&header, &bytes), 0);
    assert_int_equal(nw_link_send(desk->broker, nw_buf_view(&bytes), body), 0);
    nw_buf_free(&bytes);
}

/* Whether a message of this type has come; others before it are passed over. */
static bool heard(struct desk *desk, enum nw_message type)
{
    struct nw_str bytes;
    char why[NW_WHY];

    while (nw_link_receive(desk->broker, &bytes, &desk->body) == 0) {
        assert_int_equal(nw_header_decode(&desk->arena, bytes, &desk->header, why), 0);
        if (desk->header.type == type)
            return true;
    }
    return false;
}

static void step_until_idle(struct desk *desk)
{
    do
        assert_int_equal(nw_worker_step(desk->worker), NW_WORKER_ON);
    while (nw_worker_timeout(desk->worker) == 0);
}

static void open_desk(struct desk *desk)
{
    struct nw_worker_options options = {.stage = &stage, .instance = "test"};

    *desk = (struct desk){.now = 1000000};
    advance(desk, 0);
    assert_int_equal(nw_link_mem_pair(&desk->broker, &desk->link), 0);
    options.link = desk->link;
    assert_int_equal(nw_worker_new(&options, &desk->worker), 0);
}

static void welcome(struct desk *desk, uint64_t epoch, const char *config)
{
    step_until_idle(desk);
    assert_true(heard(desk, NW_HELLO));
    say(desk,
        (struct nw_header){.type = NW_WELCOME,
                           .epoch = epoch,
                           .welcome = {.config = nw_str_z(config), .window = 8, .heartbeat_ms = 1000}},
        nw_str(NULL, 0));
}

static void close_desk(struct desk *desk)
{
    nw_worker_free(&desk->worker);
    nw_link_free(&desk->link);
    nw_link_free(&desk->broker);
    nw_arena_free(&desk->arena);
    nw_clock_real();
}

static void add_record(struct nw_buf *body, struct nw_entry *entry, const char *language)
{
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    size_t at = body->n;

    NW_SET(source, record->source, index, 0);
    NW_SET(record, record, language, nw_str_z(language));
    assert_int_equal(nw_record_encode(record, body), 0);
    entry->size = (uint32_t)(body->n - at);
    nw_arena_free(&arena);
}

static void test_each_entry_gets_its_result(void **state)
{
    static const char *const words[] = {"en", "drop", "reject", "twice", "retry", "nothing", "emit, then drop", "fr"};
    enum { N = sizeof words / sizeof *words };
    static const enum nw_outcome expected[N] = {NW_OUTPUTS, NW_LEFT_OUT, NW_FAILED,   NW_OUTPUTS,
                                                NW_AGAIN,   NW_LEFT_OUT, NW_LEFT_OUT, NW_OUTPUTS};
    struct nw_entry entries[N + 1] = {{0}};
    struct nw_buf body;
    struct desk desk;

    (void)state;
    open_desk(&desk);
    welcome(&desk, 77, "{\"depth\":4}");
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_CREDIT));
    assert_int_equal(desk.header.credit.window, 8);
    assert_true(nw_worker_ready(desk.worker));
    nw_buf_init(&body, 1 << 20);
    for (size_t i = 0; i < N; i++)
        add_record(&body, &entries[i], words[i]);
    entries[N].size = 3;
    nw_buf_str(&body, NW_S("\xc1zz")); /* no msgpack */
    say(&desk, (struct nw_header){.type = NW_WORK, .epoch = 77, .work = {.lease = 5, .entries = {entries, N + 1}}},
        nw_buf_view(&body));
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_DONE));
    assert_int_equal(desk.header.done.lease, 5);
    assert_int_equal(desk.header.epoch, 77);
    assert_int_equal(desk.header.done.results.n, N + 1);
    assert_true(nw_header_fits(&desk.header, desk.body.n));
    for (size_t i = 0; i < N; i++)
        assert_int_equal(desk.header.done.results.v[i].outcome, expected[i]);
    assert_int_equal(desk.header.done.results.v[N].outcome, NW_FAILED);
    assert_int_equal(desk.header.done.results.v[3].outputs.n, 2);
    assert_true(nw_str_eq(desk.header.done.results.v[1].reason, NW_S("asked to")));
    assert_true(nw_str_eq(desk.header.done.results.v[2].reason, NW_S("asked to refuse item 0")));
    nw_buf_free(&body);
    close_desk(&desk);
}

static void test_hello_is_said_until_welcome_comes(void **state)
{
    struct desk desk;

    (void)state;
    open_desk(&desk);
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_HELLO));
    step_until_idle(&desk);
    assert_false(heard(&desk, NW_HELLO));
    advance(&desk, nw_worker_timeout(desk.worker));
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_HELLO));
    assert_false(nw_worker_ready(desk.worker));
    close_desk(&desk);
}

static void test_heartbeat_and_silence(void **state)
{
    struct desk desk;

    (void)state;
    open_desk(&desk);
    welcome(&desk, 1, "");
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_CREDIT));
    for (int i = 0; i < 4; i++) {
        assert_false(heard(&desk, NW_CREDIT));
        advance(&desk, 1000);
        step_until_idle(&desk);
        assert_true(heard(&desk, NW_CREDIT));
    }
    advance(&desk, 1001); /* five seconds without a word */
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_HELLO));
    close_desk(&desk);
}

static void test_work_of_another_epoch_is_not_done(void **state)
{
    struct nw_entry entry = {.jseq = 1};
    struct nw_buf body;
    struct desk desk;

    (void)state;
    open_desk(&desk);
    welcome(&desk, 2, "");
    nw_buf_init(&body, 1 << 20);
    add_record(&body, &entry, "en");
    say(&desk, (struct nw_header){.type = NW_WORK, .epoch = 1, .work = {.lease = 5, .entries = {&entry, 1}}},
        nw_buf_view(&body));
    step_until_idle(&desk);
    assert_false(heard(&desk, NW_DONE));
    say(&desk, (struct nw_header){.type = NW_RESET, .epoch = 3, .reset = {.why = NW_STR("unknown")}}, nw_str(NULL, 0));
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_HELLO));
    nw_buf_free(&body);
    close_desk(&desk);
}

static void test_drain_finishes_what_is_in_hand(void **state)
{
    struct nw_entry entry = {.jseq = 1};
    struct nw_buf body;
    struct desk desk;

    (void)state;
    open_desk(&desk);
    welcome(&desk, 2, "");
    step_until_idle(&desk);
    nw_buf_init(&body, 1 << 20);
    add_record(&body, &entry, "en");
    say(&desk, (struct nw_header){.type = NW_WORK, .epoch = 2, .work = {.lease = 6, .entries = {&entry, 1}}},
        nw_buf_view(&body));
    nw_worker_drain(desk.worker);
    step_until_idle(&desk);
    assert_true(heard(&desk, NW_CREDIT) && desk.header.credit.window == 8); /* the one of WELCOME */
    assert_true(heard(&desk, NW_CREDIT) && desk.header.credit.window == 0);
    assert_true(heard(&desk, NW_DONE));
    say(&desk, (struct nw_header){.type = NW_BYE, .epoch = 2, .bye = {.why = NW_STR("drained")}}, nw_str(NULL, 0));
    assert_int_equal(nw_worker_step(desk.worker), NW_WORKER_DONE);
    nw_buf_free(&body);
    close_desk(&desk);
}

struct giving_up {
    struct desk desk;
    sem_t over;
};

static void say_over(void *user)
{
    struct giving_up *giving_up = user;

    sem_post(&giving_up->over);
}

static void *step_for_ever(void *user)
{
    struct giving_up *giving_up = user;
    struct nw_worker_options options = {
        .stage = &stage, .instance = "test", .link = giving_up->desk.link, .given_up = say_over, .user = giving_up};
    struct desk *desk = &giving_up->desk;

    assert_int_equal(nw_worker_new(&options, &desk->worker), 0);
    step_until_idle(desk); /* takes what the test has sent before, and stays in it */
    return NULL;
}

/* The thread that is at the endless record stays at it until the test ends: nothing ends a thread from outside. */
static void test_what_takes_too_long_is_given_up(void **state)
{
    static struct giving_up giving_up;
    static const char *const words[] = {"en", "spin", "fr"};
    enum { N = sizeof words / sizeof *words };
    static const enum nw_outcome expected[N] = {NW_AGAIN, NW_FAILED, NW_AGAIN};
    struct desk *desk = &giving_up.desk;
    struct nw_entry entries[N] = {{0}};
    struct nw_buf body;
    pthread_t thread;

    (void)state;
    nw_buf_init(&body, 1 << 20);
    desk->now = 1000000;
    advance(desk, 0);
    assert_int_equal(sem_init(&giving_up.over, 0, 0), 0);
    assert_int_equal(nw_link_mem_pair(&desk->broker, &desk->link), 0);
    say(desk,
        (struct nw_header){.type = NW_WELCOME,
                           .epoch = 5,
                           .welcome = {.config = NW_STR("{}"), .window = 8, .heartbeat_ms = 1000, .article_ms = 20}},
        nw_str(NULL, 0));
    for (size_t i = 0; i < N; i++)
        add_record(&body, &entries[i], words[i]);
    say(desk, (struct nw_header){.type = NW_WORK, .epoch = 5, .work = {.lease = 6, .entries = {entries, N}}},
        nw_buf_view(&body));
    assert_int_equal(pthread_create(&thread, NULL, step_for_ever, &giving_up), 0);
    assert_int_equal(pthread_detach(thread), 0);
    while (sem_wait(&giving_up.over) != 0) {
    }
    assert_true(heard(desk, NW_DONE));
    assert_int_equal(desk->header.done.lease, 6);
    assert_int_equal(desk->header.done.results.n, N);
    assert_int_equal(desk->body.n, 0);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(desk->header.done.results.v[i].outcome, expected[i]);
    assert_true(nw_str_find(desk->header.done.results.v[1].reason, NW_S("took more than 0.02 s of CPU time")) == 0);
    assert_true(heard(desk, NW_BYE));
    nw_buf_free(&body);
    nw_arena_free(&desk->arena);
    nw_clock_real();
}

static void test_a_bad_configuration_or_bye_ends_it(void **state)
{
    struct desk desk;

    (void)state;
    open_desk(&desk);
    welcome(&desk, 2, "{\"depth\":10}");
    assert_int_equal(nw_worker_step(desk.worker), NW_WORKER_REFUSED);
    close_desk(&desk);
    open_desk(&desk);
    step_until_idle(&desk);
    say(&desk, (struct nw_header){.type = NW_BYE, .bye = {.why = NW_STR("no such stage")}}, nw_str(NULL, 0));
    assert_int_equal(nw_worker_step(desk.worker), NW_WORKER_REFUSED);
    close_desk(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_entry_gets_its_result),
        cmocka_unit_test(test_hello_is_said_until_welcome_comes),
        cmocka_unit_test(test_heartbeat_and_silence),
        cmocka_unit_test(test_work_of_another_epoch_is_not_done),
        cmocka_unit_test(test_drain_finishes_what_is_in_hand),
        cmocka_unit_test(test_a_bad_configuration_or_bye_ends_it),
        cmocka_unit_test(test_what_takes_too_long_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
