/* The feeder against a broker that is slow, forgetful, refusing, or gone: each record is accepted once and in order, or
 * the caller is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/client/fake.h"

#include <newswire/client.h>

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

struct broker {
    char endpoint[64];
    /* how it behaves */
    uint64_t window, batch_records, batch_bytes;
    uint64_t random;  /* seed of its faults; 0: none */
    uint64_t reject;  /* this fseq is refused; 0: none */
    uint64_t rebind;  /* after this fseq it closes its socket and binds it anew, with a new epoch; 0: never */
    const char *bye;  /* refuses everybody with this sentence */
    atomic_bool mute; /* accepts nothing more */
    /* what it saw */
    struct nw_buf log; /* accepted records, each with a line end */
    uint64_t accepted;
    uint64_t most_under_way, most_records, most_bytes, most_single, hellos;
    bool over_window;
    /* its own */
    void *context, *socket;
    pthread_t thread;
    atomic_bool stop;
    uint64_t epoch;
    struct fake_peer known;
    uint64_t under_way; /* submitted through, beyond accepted */
    struct nw_rejects rejects;
    struct nw_reject rejected;
};

static void bind_it(struct broker *b)
{
    int linger = 0;

    b->socket = zmq_socket(b->context, ZMQ_ROUTER);
    zmq_setsockopt(b->socket, ZMQ_LINGER, &linger, sizeof linger);
    while (zmq_bind(b->socket, b->endpoint) != 0) { /* the old socket lets go of the name in its own time */
        if (errno != EADDRINUSE) {
            abort();
        }
        sched_yield();
    }
}

static void send_to(struct broker *b, const struct fake_peer *peer, struct nw_header *header)
{
    header->epoch = b->epoch;
    fake_send(b->socket, peer->p, peer->n, header, nw_str("", 0));
}

static void on_hello(struct broker *b, const struct fake_peer *peer)
{
    struct nw_header header = {.type = NW_WELCOME};

    b->hellos++;
    if (b->bye) {
        header.type = NW_BYE;
        header.bye.why = nw_str_z(b->bye);
        send_to(b, peer, &header);
        return;
    }
    b->known = *peer;
    b->under_way = 0;
    header.welcome.config = NW_S("{}");
    header.welcome.window = b->window;
    header.welcome.heartbeat_ms = 20;
    header.welcome.batch_records = b->batch_records;
    header.welcome.batch_bytes = b->batch_bytes;
    header.welcome.fseq = b->accepted + 1;
    send_to(b, peer, &header);
}

static void send_accept(struct broker *b)
{
    struct nw_header header = {.type = NW_ACCEPT};

    header.accept.feeder = NW_S("test");
    header.accept.fseq = b->accepted;
    header.accept.window = b->window;
    header.accept.rejects = b->rejects;
    send_to(b, &b->known, &header);
    b->rejects.n = 0;
}

static void on_submit(struct broker *b, const struct nw_submit_header *submit, struct nw_str body)
{
    uint64_t last = submit->fseq + submit->sizes.n - 1;
    size_t at = 0;

    b->under_way = last > b->accepted ? last - b->accepted : 0;
    b->most_under_way = b->under_way > b->most_under_way ? b->under_way : b->most_under_way;
    b->most_records = submit->sizes.n > b->most_records ? submit->sizes.n : b->most_records;
    if (submit->sizes.n > 1 && body.n > b->most_bytes) {
        b->most_bytes = body.n;
    }
    if (submit->fseq > b->accepted + 1) { /* a gap: something was lost on the way */
        nw_buf_printf(&b->log, "gap before %llu\n", (unsigned long long)submit->fseq);
    }
    for (size_t i = 0; i < submit->sizes.n; i++) {
        uint64_t fseq = submit->fseq + i;
        if (fseq > b->accepted) {
            b->accepted = fseq;
            if (fseq == b->reject) {
                b->rejected = (struct nw_reject){fseq, NW_STR("larger than the daemon takes")};
                b->rejects = (struct nw_rejects){&b->rejected, 1};
            } else {
                nw_buf_add(&b->log, body.p + at, submit->sizes.v[i]);
                nw_buf_char(&b->log, '\n');
            }
        }
        at += submit->sizes.v[i];
    }
}

static void *broker_run(void *user)
{
    struct broker *b = user;
    struct nw_arena arena = {0};

    while (!atomic_load(&b->stop)) {
        struct fake_peer peer;
        struct nw_header header;
        struct nw_str body;

        if (!fake_receive(b->socket, 5, &arena, &peer, &header, &body)) {
            continue;
        }
        bool knows = b->known.n == peer.n && memcmp(b->known.p, peer.p, peer.n) == 0 && header.epoch == b->epoch;
        if (header.type == NW_HELLO) {
            on_hello(b, &peer);
        } else if (!knows || (b->random && fake_random(&b->random) % 16 == 0)) {
            b->known.n = 0;
            header = (struct nw_header){.type = NW_RESET};
            header.reset.why = NW_S("the broker does not know you");
            send_to(b, &peer, &header);
        } else if (header.type == NW_SUBMIT && !atomic_load(&b->mute)) {
            on_submit(b, &header.submit, body);
            if (b->random) {
                b->window = fake_random(&b->random) % 4 == 0 ? 0 : 1 + fake_random(&b->random) % 40;
            }
            send_accept(b);
            if (b->rebind && b->accepted >= b->rebind) {
                b->rebind = 0;
                zmq_close(b->socket);
                b->epoch++;
                bind_it(b);
            }
        } else if (header.type == NW_PING && b->random && b->window == 0) {
            b->window = 1 + fake_random(&b->random) % 40;
            send_accept(b);
        }
    }
    nw_arena_free(&arena);
    return NULL;
}

static void broker_start(struct broker *b)
{
    fake_endpoint(b->endpoint);
    b->window = b->window ? b->window : 1000;
    b->batch_records = b->batch_records ? b->batch_records : 64;
    b->batch_bytes = b->batch_bytes ? b->batch_bytes : 256 << 10;
    b->epoch = 7;
    nw_buf_init(&b->log, 64 << 20);
    b->context = zmq_ctx_new();
    bind_it(b);
    assert_int_equal(pthread_create(&b->thread, NULL, broker_run, b), 0);
}

static void broker_stop(struct broker *b)
{
    atomic_store(&b->stop, true);
    pthread_join(b->thread, NULL);
    zmq_close(b->socket);
    zmq_ctx_term(b->context);
}

static struct nw_feeder *feeder_of(const struct broker *b, uint64_t first)
{
    struct nw_feeder_options options = {.endpoint = b->endpoint, .name = "test", .first = first};
    struct nw_feeder *feeder = NULL;

    assert_int_equal(nw_feeder_open(&options, &feeder), 0);
    return feeder;
}

static void submit_numbers(struct nw_feeder *feeder, int from, int to)
{
    for (int i = from; i <= to; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "record %d", i);
        assert_int_equal(nw_feeder_submit(feeder, nw_str(text, (size_t)n), -1), 0);
    }
}

/* The broker's log is the records from..to, but `without`, each once and in order. */
static void expect_log(struct broker *b, int to, int without)
{
    struct nw_str rest = nw_buf_view(&b->log), line;

    for (int i = 1; i <= to; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "record %d", i);
        if (i != without) {
            assert_true(nw_str_line(&rest, &line));
            assert_memory_equal(line.p, text, (size_t)n);
            assert_int_equal(line.n, n);
        }
    }
    assert_int_equal(rest.n, 0);
    nw_buf_free(&b->log);
}

static void accepts_all_in_order(void **state)
{
    struct broker b = {0};
    struct nw_feeder_stats stats;
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 1000);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_stats(feeder, &stats);
    assert_int_equal(stats.submitted, 1000);
    assert_int_equal(stats.accepted, 1000);
    assert_int_equal(stats.rejected, 0);
    assert_string_equal(nw_feeder_why(feeder), "");
    nw_feeder_close(&feeder);
    assert_null(feeder);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    assert_int_equal(b.most_records, 64);
    expect_log(&b, 1000, 0);
}

static void keeps_to_batches_and_window(void **state)
{
    struct broker b = {.window = 10, .batch_records = 7, .batch_bytes = 60};
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 500);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    assert_in_range(b.most_under_way, 1, 10);
    assert_in_range(b.most_records, 2, 7);
    assert_in_range(b.most_bytes, 10, 60);
    expect_log(&b, 500, 0);
}

static void a_record_larger_than_a_batch_goes_alone(void **state)
{
    struct broker b = {.batch_bytes = 16};
    char *large = malloc(NW_RECORD_MAX + 1);
    struct nw_feeder *feeder;

    (void)state;
    memset(large, 'x', NW_RECORD_MAX + 1);
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    assert_int_equal(nw_feeder_submit(feeder, NW_S("a"), -1), 0);
    assert_int_equal(nw_feeder_submit(feeder, nw_str(large, NW_RECORD_MAX), -1), 0);
    assert_int_equal(nw_feeder_submit(feeder, nw_str(large, NW_RECORD_MAX + 1), -1), NW_BAD_RECORD);
    assert_int_equal(nw_feeder_submit(feeder, NW_S("b"), -1), 0);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    assert_int_equal(b.accepted, 3);
    assert_int_equal(b.log.n, 2 + NW_RECORD_MAX + 1 + 2);
    nw_buf_free(&b.log);
    free(large);
}

/* A broker that forgets whom it knows and opens and shuts its window at random: nothing is lost, doubled, or moved. */
static void outlives_resets(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct broker b = {.random = seed, .batch_records = 5};
        struct nw_feeder_stats stats;
        struct nw_feeder *feeder;

        broker_start(&b);
        feeder = feeder_of(&b, 1);
        submit_numbers(feeder, 1, 400);
        assert_int_equal(nw_feeder_flush(feeder, -1), 0);
        nw_feeder_stats(feeder, &stats);
        nw_feeder_close(&feeder);
        broker_stop(&b);
        assert_int_equal(stats.accepted, 400);
        assert_true(b.hellos > 1);
        expect_log(&b, 400, 0);
    }
}

static void outlives_a_broker_that_comes_back(void **state)
{
    struct broker b = {.rebind = 100, .batch_records = 10, .window = 40};
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 300);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    assert_int_equal(b.epoch, 8);
    assert_true(b.hellos >= 2);
    expect_log(&b, 300, 0);
}

static void counts_what_is_rejected(void **state)
{
    struct broker b = {.reject = 50};
    struct nw_feeder_stats stats;
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 100);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_stats(feeder, &stats);
    assert_int_equal(stats.accepted, 99);
    assert_int_equal(stats.rejected, 1);
    assert_string_equal(nw_feeder_why(feeder), "larger than the daemon takes");
    nw_feeder_close(&feeder);
    broker_stop(&b);
    expect_log(&b, 100, 50);
}

/* Without a number for the first record it goes on behind what the broker has of this name. */
static void goes_on_from_where_the_broker_is(void **state)
{
    struct broker b = {0};
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 0);
    submit_numbers(feeder, 1, 100);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_close(&feeder);
    feeder = feeder_of(&b, 0);
    assert_true(nw_str_eq(nw_feeder_config(feeder), NW_S("{}")));
    submit_numbers(feeder, 101, 150);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    expect_log(&b, 150, 0);
}

/* With the same name and the same numbers, only what is new is taken. */
static void sends_again_without_harm(void **state)
{
    struct broker b = {0};
    struct nw_feeder_stats stats;
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 100);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_close(&feeder);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 150);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    nw_feeder_stats(feeder, &stats);
    assert_int_equal(stats.accepted, 150);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    expect_log(&b, 150, 0);
}

static void says_when_it_is_refused(void **state)
{
    struct broker b = {.bye = "a feeder of another schema"};
    char why[NW_WHY] = "";
    struct nw_feeder_options options = {.endpoint = b.endpoint, .name = "test", .why = why};
    struct nw_feeder *feeder;

    (void)state;
    broker_start(&b);
    assert_int_equal(nw_feeder_open(&options, &feeder), -ECONNREFUSED);
    assert_null(feeder);
    assert_string_equal(why, "a feeder of another schema");
    broker_stop(&b);
    nw_buf_free(&b.log);
}

static void says_when_nobody_answers(void **state)
{
    char endpoint[64];
    struct nw_feeder_options options = {.endpoint = endpoint, .timeout_ms = 1};
    struct nw_feeder *feeder;

    (void)state;
    fake_endpoint(endpoint);
    assert_int_equal(nw_feeder_open(&options, &feeder), -EHOSTUNREACH);
    options.endpoint = "nowhere";
    assert_int_equal(nw_feeder_open(&options, &feeder), -EINVAL);
    options.endpoint = endpoint;
    options.name = "a name with spaces";
    assert_int_equal(nw_feeder_open(&options, &feeder), -EINVAL);
}

static void waits_while_the_broker_withholds(void **state)
{
    struct broker b = {.window = 20, .batch_records = 10};
    struct nw_feeder_stats stats;
    struct nw_feeder *feeder;
    int rc = 0;

    (void)state;
    broker_start(&b);
    feeder = feeder_of(&b, 1);
    submit_numbers(feeder, 1, 10);
    assert_int_equal(nw_feeder_flush(feeder, -1), 0);
    atomic_store(&b.mute, true);
    for (int i = 0; i < 1000 && rc == 0; i++) {
        rc = nw_feeder_submit(feeder, NW_S("record"), 0);
    }
    assert_int_equal(rc, -ETIMEDOUT);
    nw_feeder_stats(feeder, &stats);
    assert_in_range(stats.submitted, 11, 10 + 20 + 10); /* the window, and the batch behind it */
    assert_int_equal(stats.accepted, 10);
    assert_int_equal(nw_feeder_flush(feeder, 0), -ETIMEDOUT);
    assert_true(nw_feeder_fd(feeder) >= 0);
    nw_feeder_close(&feeder);
    broker_stop(&b);
    nw_buf_free(&b.log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_all_in_order),
        cmocka_unit_test(keeps_to_batches_and_window),
        cmocka_unit_test(a_record_larger_than_a_batch_goes_alone),
        cmocka_unit_test(outlives_resets),
        cmocka_unit_test(outlives_a_broker_that_comes_back),
        cmocka_unit_test(counts_what_is_rejected),
        cmocka_unit_test(goes_on_from_where_the_broker_is),
        cmocka_unit_test(sends_again_without_harm),
        cmocka_unit_test(says_when_it_is_refused),
        cmocka_unit_test(says_when_nobody_answers),
        cmocka_unit_test(waits_while_the_broker_withholds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
