/* The subscriber against a publisher that loses live frames, starts anew, lets go of old records, or begins another
 * log: what is delivered is each record of the log once, in order, or the caller is told. */
#include "unit/client/publisher.h"

#include <errno.h>

static void joins_past_and_live(void **state)
{
    struct publisher p = {.random = 1, .start = 300, .end = 2000};
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = subscriber_of(&p, NW_FROM_START);
    for (uint64_t oseq = 1; oseq <= 2000; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(nw_subscriber_head(s), 2000);
    nw_subscriber_close(&s);
    assert_null(s);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

/* Loss on the live way and restarts of the publisher, in many mixtures. */
static void misses_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct publisher p = {.random = seed,
                              .lose = (uint32_t)(seed * 10),
                              .restart = seed % 2 ? 20 : 0,
                              .start = seed % 3 * 40,
                              .end = 600,
                              .page = 1 + seed * 3};
        struct nw_subscriber *s;

        publisher_start(&p);
        s = subscriber_of(&p, 1 + seed);
        for (uint64_t oseq = 1 + seed; oseq <= 600; oseq++) {
            expect(s, 11, oseq);
        }
        nw_subscriber_close(&s);
        publisher_stop(&p);
        assert_true(atomic_load(&p.reads) > 0);
    }
}

/* A channel of its own: its numbers have no gaps where its records have. */
static void follows_a_query(void **state)
{
    struct publisher p = {.random = 5, .lose = 20, .start = 101, .end = 1000, .channel = "even"};
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = subscriber_of(&p, 50);
    for (uint64_t oseq = 50; oseq <= 1000; oseq += 2) {
        expect(s, 11, oseq);
    }
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

/* Once past and present are joined, live frames that follow each other need no READ. */
static void lives_without_reading(void **state)
{
    struct publisher p = {.random = 5, .start = 10, .end = 11};
    struct nw_subscriber *s;
    unsigned reads;

    (void)state;
    publisher_start(&p);
    s = subscriber_of(&p, NW_FROM_START);
    for (uint64_t oseq = 1; oseq <= 11; oseq++) {
        expect(s, 11, oseq);
    }
    atomic_store(&p.end, 12); /* it comes live, or the log is read up to it: either joins */
    expect(s, 11, 12);
    reads = atomic_load(&p.reads);
    atomic_store(&p.end, 900); /* within ZeroMQ's queue: none can be lost */
    for (uint64_t oseq = 13; oseq <= 900; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(atomic_load(&p.reads), reads);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

static void begins_now(void **state)
{
    struct publisher p = {.random = 2, .start = 100, .end = 400};
    struct nw_delivery delivery;
    struct nw_subscriber *s;
    uint64_t head;

    (void)state;
    publisher_start(&p);
    s = subscriber_of(&p, NW_FROM_NOW);
    head = nw_subscriber_head(s);
    assert_in_range(head, 100, 400);
    if (head == 400) { /* the fake was faster: then nothing more comes */
        assert_int_equal(nw_subscriber_next(s, &delivery, 0), -ETIMEDOUT);
    }
    for (uint64_t oseq = head + 1; oseq <= 400; oseq++) {
        expect(s, 11, oseq);
    }
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

static void tells_of_truncation(void **state)
{
    struct publisher p = {.random = 3, .first = 51, .start = 100, .end = 100};
    struct nw_delivery delivery;
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = subscriber_of(&p, 20);
    assert_int_equal(nw_subscriber_next(s, &delivery, -1), NW_SUBSCRIBER_TRUNCATED);
    assert_int_equal(delivery.oseq, 51);
    for (uint64_t oseq = 51; oseq <= 100; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(nw_subscriber_next(s, &delivery, 0), -ETIMEDOUT);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

/* The log was thrown away and another begun: told, and read from its first. */
static void tells_of_another_log(void **state)
{
    struct publisher p = {.random = 4, .lose = 10, .start = 50, .end = 200, .other_log = 120};
    struct nw_delivery delivery;
    struct nw_subscriber *s;
    uint64_t oseq = 0;
    int rc;

    (void)state;
    publisher_start(&p);
    s = subscriber_of(&p, NW_FROM_START);
    while ((rc = nw_subscriber_next(s, &delivery, -1)) == 0) {
        assert_int_equal(delivery.oseq, ++oseq);
    }
    assert_int_equal(rc, NW_SUBSCRIBER_TRUNCATED);
    assert_int_equal(delivery.oseq, 1);
    for (oseq = 1; oseq <= 200; oseq++) {
        expect(s, 12, oseq);
    }
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

static void says_when_nobody_answers(void **state)
{
    char live[64], reader[64];
    struct nw_subscriber_options options = {.publisher = live, .reader = reader, .timeout_ms = 1};
    struct nw_subscriber *s;

    (void)state;
    fake_endpoint(live);
    fake_endpoint(reader);
    assert_int_equal(nw_subscriber_open(&options, &s), -EHOSTUNREACH);
    assert_null(s);
    options.reader = "nowhere";
    assert_int_equal(nw_subscriber_open(&options, &s), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_past_and_live),  cmocka_unit_test(misses_nothing),
        cmocka_unit_test(follows_a_query),      cmocka_unit_test(lives_without_reading),
        cmocka_unit_test(begins_now),           cmocka_unit_test(tells_of_truncation),
        cmocka_unit_test(tells_of_another_log), cmocka_unit_test(says_when_nobody_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
