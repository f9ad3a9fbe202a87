/* The subscriber against a publisher that loses live frames, starts anew, lets go of old records, or begins another
 * log: what is delivered is each record of the log once, in order, or the caller is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/client/fake.h"

#include <newswire/client.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 40, LOG_MAX = 5000 };

struct publisher {
    char live_endpoint[64], read_endpoint[64];
    /* how it behaves */
    uint64_t random;     /* seed */
    uint32_t lose;       /* percent of the live frames that are lost */
    uint32_t restart;    /* per mille of turns after which it begins a new epoch */
    uint64_t first;      /* of the log; what is before is gone */
    uint64_t start;      /* records in the log when it starts */
    atomic_ullong end;   /* records in the log when it has published all */
    uint64_t page;       /* most records of a page */
    uint64_t other_log;  /* at this record another log begins, with `end` records too; 0: never */
    const char *channel; /* "all", or "even": only records with an even oseq */
    /* its own */
    void *context, *live, *reader;
    pthread_t thread;
    atomic_bool stop;
    uint64_t epoch, log, head, channel_seq;
    atomic_uint reads, epochs;
    /* one named position */
    uint32_t deaf; /* percent of the questions for it that are not answered, though COMMITs are taken */
    bool refuses;  /* answers BYE */
    char name[65];
    atomic_ullong position;
    atomic_uint commits;
};

static bool matches(const struct publisher *p, uint64_t oseq)
{
    return strcmp(p->channel, "even") != 0 || oseq % 2 == 0;
}

static struct nw_str record_of(uint64_t log, uint64_t oseq, char text[RECORD])
{
    int n = snprintf(text, RECORD, "log %llu record %llu", (unsigned long long)log, (unsigned long long)oseq);

    return nw_str(text, (size_t)n);
}

static void publish(struct publisher *p)
{
    struct nw_header header = {.type = NW_LIVE, .epoch = p->epoch};
    char text[RECORD];

    p->head++;
    if (!matches(p, p->head)) {
        return;
    }
    header.live.oseq = p->head;
    header.live.channel_seq = ++p->channel_seq;
    header.live.log = p->log;
    if (fake_random(&p->random) % 100 >= p->lose) {
        fake_send(p->live, p->channel, strlen(p->channel) + 1, &header, record_of(p->log, p->head, text));
    }
}

static void beat(struct publisher *p)
{
    struct nw_header header = {.type = NW_HEAD, .epoch = p->epoch};

    header.head.oseq = p->head;
    header.head.channel_seq = p->channel_seq;
    header.head.log = p->log;
    header.head.first = p->first;
    fake_send(p->live, p->channel, strlen(p->channel) + 1, &header, nw_str("", 0));
}

static void answer(struct publisher *p, const struct fake_peer *peer, uint64_t from)
{
    struct nw_header header = {.type = NW_PAGE, .epoch = p->epoch};
    struct nw_page_entry entries[LOG_MAX];
    struct nw_buf body;
    size_t n = 0;

    nw_buf_init(&body, 1 << 20);
    from = from < p->first ? p->first : from;
    while (from <= p->head && n < p->page) {
        if (matches(p, from)) {
            char text[RECORD];
            struct nw_str record = record_of(p->log, from, text);
            entries[n++] = (struct nw_page_entry){from, (uint32_t)record.n};
            nw_buf_str(&body, record);
        }
        from++;
    }
    header.page.first = p->first;
    header.page.next = from;
    header.page.head = p->head;
    header.page.log = p->log;
    header.page.entries = (struct nw_page_entries){entries, n};
    fake_send(p->reader, peer->p, peer->n, &header, nw_buf_view(&body));
    nw_buf_free(&body);
}

static void position_answer(struct publisher *p, const struct fake_peer *peer, const struct nw_header *question)
{
    struct nw_header header = {.type = p->refuses ? NW_BYE : NW_COMMITTED, .epoch = p->epoch};
    struct nw_str name = question->type == NW_COMMIT ? question->commit.name : question->position.name;

    if (p->refuses) {
        header.bye.why = NW_S("no positions are kept here");
    } else {
        if (question->type == NW_COMMIT && question->commit.log == p->log) {
            snprintf(p->name, sizeof p->name, "%.*s", NW_FMT(name));
            atomic_store(&p->position, question->commit.oseq);
            atomic_fetch_add(&p->commits, 1);
        }
        header.committed.name = name;
        header.committed.log = p->log;
        header.committed.oseq = nw_str_eq(name, nw_str_z(p->name)) ? atomic_load(&p->position) : 0;
    }
    if (fake_random(&p->random) % 100 >= p->deaf) {
        fake_send(p->reader, peer->p, peer->n, &header, nw_str("", 0));
    }
}

static void *publisher_run(void *user)
{
    struct publisher *p = user;
    struct nw_arena arena = {0};

    while (!atomic_load(&p->stop)) {
        struct fake_peer peer;
        struct nw_header header;
        struct nw_str body;
        char subscription[64];

        while (zmq_recv(p->live, subscription, sizeof subscription, ZMQ_DONTWAIT) >= 0) {
        }
        if (fake_receive(p->reader, 1, &arena, &peer, &header, &body)) {
            if (header.type == NW_READ) {
                atomic_fetch_add(&p->reads, 1);
                answer(p, &peer, header.read.from);
            } else {
                position_answer(p, &peer, &header);
            }
        }
        for (uint32_t i = fake_random(&p->random) % 8; i > 0 && p->head < atomic_load(&p->end); i--) {
            publish(p);
        }
        if (fake_random(&p->random) % 1000 < p->restart) {
            p->epoch++;
            p->channel_seq = 0;
            atomic_fetch_add(&p->epochs, 1);
        }
        if (p->other_log && p->head >= p->other_log) {
            p->other_log = 0;
            p->log++;
            p->epoch++;
            p->head = p->channel_seq = 0;
        }
        if (fake_random(&p->random) % 4 == 0) {
            beat(p);
        }
    }
    nw_arena_free(&arena);
    return NULL;
}

static void publisher_start(struct publisher *p)
{
    int zero = 0;

    fake_endpoint(p->live_endpoint);
    fake_endpoint(p->read_endpoint);
    p->channel = p->channel ? p->channel : "all";
    p->page = p->page ? p->page : 16;
    p->first = p->first ? p->first : 1;
    p->head = p->start;
    p->channel_seq = p->start;
    p->epoch = 3;
    p->log = 11;
    p->context = zmq_ctx_new();
    p->live = zmq_socket(p->context, ZMQ_XPUB);
    p->reader = zmq_socket(p->context, ZMQ_ROUTER);
    zmq_setsockopt(p->live, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(p->reader, ZMQ_LINGER, &zero, sizeof zero);
    assert_int_equal(zmq_bind(p->live, p->live_endpoint), 0);
    assert_int_equal(zmq_bind(p->reader, p->read_endpoint), 0);
    assert_int_equal(pthread_create(&p->thread, NULL, publisher_run, p), 0);
}

static void publisher_stop(struct publisher *p)
{
    atomic_store(&p->stop, true);
    pthread_join(p->thread, NULL);
    zmq_close(p->live);
    zmq_close(p->reader);
    zmq_ctx_term(p->context);
}

static struct nw_subscriber *subscriber_of(const struct publisher *p, uint64_t from)
{
    struct nw_subscriber_options options = {.publisher = p->live_endpoint,
                                            .reader = p->read_endpoint,
                                            .query = strcmp(p->channel, "all") == 0 ? NULL : p->channel,
                                            .from = from};
    struct nw_subscriber *subscriber = NULL;

    assert_int_equal(nw_subscriber_open(&options, &subscriber), 0);
    return subscriber;
}

static int named_open(const struct publisher *p, uint64_t from, const char *name, struct nw_subscriber **s,
                      char why[NW_WHY])
{
    struct nw_subscriber_options options = {.publisher = p->live_endpoint,
                                            .reader = p->read_endpoint,
                                            .from = from,
                                            .name = name,
                                            .timeout_ms = -1,
                                            .why = why};

    return nw_subscriber_open(&options, s);
}

static struct nw_subscriber *named(const struct publisher *p, uint64_t from, const char *name)
{
    struct nw_subscriber *s = NULL;
    char why[NW_WHY];

    assert_int_equal(named_open(p, from, name, &s, why), 0);
    return s;
}

static void expect(struct nw_subscriber *s, uint64_t log, uint64_t oseq)
{
    struct nw_delivery delivery;
    char text[RECORD];
    struct nw_str record = record_of(log, oseq, text);

    assert_int_equal(nw_subscriber_next(s, &delivery, -1), 0);
    assert_int_equal(delivery.oseq, oseq);
    assert_int_equal(delivery.record.n, record.n);
    assert_memory_equal(delivery.record.p, record.p, record.n);
}

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

/* A name goes on behind what was committed under it, whatever `from` says, also when answers are lost on the way. */
static void goes_on_behind_its_position(void **state)
{
    struct publisher p = {.random = 6, .lose = 10, .start = 100, .end = 300, .deaf = 10};
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = named(&p, NW_FROM_START, "desk");
    assert_int_equal(nw_subscriber_committed(s), 0);
    for (uint64_t oseq = 1; oseq <= 50; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(nw_subscriber_commit(s, 51, -1), -EINVAL);
    assert_int_equal(nw_subscriber_commit(s, 40, -1), 0);
    assert_int_equal(nw_subscriber_committed(s), 40);
    expect(s, 11, 51);
    nw_subscriber_close(&s);
    s = named(&p, NW_FROM_START, "desk");
    assert_int_equal(nw_subscriber_committed(s), 40);
    for (uint64_t oseq = 41; oseq <= 300; oseq++) {
        expect(s, 11, oseq);
        assert_int_equal(oseq % 100 ? 0 : nw_subscriber_commit(s, oseq, -1), 0);
    }
    nw_subscriber_close(&s);
    assert_int_equal(atomic_load(&p.position), 300);
    s = named(&p, NW_FROM_START, "other");
    expect(s, 11, 1);
    nw_subscriber_close(&s);
    s = subscriber_of(&p, 7); /* without a name there is nothing to commit */
    expect(s, 11, 7);
    assert_int_equal(nw_subscriber_commit(s, 7, -1), -EINVAL);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

/* What comes while the subscriber of a new name is away is not missed, wherever it began. */
static void a_new_name_begins_durably(void **state)
{
    struct publisher p = {.random = 7, .start = 100, .end = 100};
    struct nw_subscriber *s;

    (void)state;
    publisher_start(&p);
    s = named(&p, NW_FROM_NOW, "desk");
    assert_int_equal(nw_subscriber_committed(s), 100);
    assert_int_equal(atomic_load(&p.position), 100);
    nw_subscriber_close(&s);
    atomic_store(&p.end, 150);
    s = named(&p, NW_FROM_NOW, "desk");
    for (uint64_t oseq = 101; oseq <= 150; oseq++) {
        expect(s, 11, oseq);
    }
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

static void is_told_why_a_name_is_refused(void **state)
{
    struct publisher p = {.random = 8, .start = 10, .end = 10, .refuses = true};
    struct nw_subscriber *s = NULL;
    char why[NW_WHY];

    (void)state;
    publisher_start(&p);
    assert_int_equal(named_open(&p, NW_FROM_START, "desk", &s, why), -ECONNREFUSED);
    assert_string_equal(why, "no positions are kept here");
    assert_null(s);
    publisher_stop(&p);
}

/* A position of one log is never kept for another. */
static void commits_nothing_in_another_log(void **state)
{
    struct publisher p = {.random = 9, .start = 50, .end = 50, .other_log = 55};
    struct nw_delivery delivery;
    struct nw_subscriber *s;
    unsigned commits;
    int r = 0;

    (void)state;
    publisher_start(&p);
    s = named(&p, NW_FROM_START, "desk");
    for (uint64_t oseq = 1; oseq <= 20; oseq++) {
        expect(s, 11, oseq);
    }
    assert_int_equal(nw_subscriber_commit(s, 20, -1), 0);
    atomic_store(&p.end, 60); /* at 55 the other log begins */
    while (r == 0) {
        r = nw_subscriber_commit(s, 20, -1);
    }
    assert_int_equal(r, -ESTALE);
    commits = atomic_load(&p.commits);
    assert_int_equal(nw_subscriber_commit(s, 20, -1), -ESTALE);
    assert_int_equal(atomic_load(&p.commits), commits);
    for (r = 0; r == 0;) {
        r = nw_subscriber_next(s, &delivery, -1);
    }
    assert_int_equal(r, NW_SUBSCRIBER_TRUNCATED);
    assert_int_equal(delivery.oseq, 1);
    for (uint64_t oseq = 1; oseq <= 10; oseq++) {
        expect(s, 12, oseq);
    }
    assert_int_equal(nw_subscriber_commit(s, 10, -1), 0);
    assert_int_equal(atomic_load(&p.commits), commits + 1);
    nw_subscriber_close(&s);
    publisher_stop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_past_and_live),
        cmocka_unit_test(misses_nothing),
        cmocka_unit_test(follows_a_query),
        cmocka_unit_test(lives_without_reading),
        cmocka_unit_test(begins_now),
        cmocka_unit_test(tells_of_truncation),
        cmocka_unit_test(tells_of_another_log),
        cmocka_unit_test(says_when_nobody_answers),
        cmocka_unit_test(goes_on_behind_its_position),
        cmocka_unit_test(a_new_name_begins_durably),
        cmocka_unit_test(is_told_why_a_name_is_refused),
        cmocka_unit_test(commits_nothing_in_another_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
