/* A publisher that the tests of subscribers bend to their will: it loses live frames, starts anew, lets go of old
 * records, begins another log, keeps one named position. Included by one test program each. */
#ifndef TESTS_CLIENT_PUBLISHER_H
#define TESTS_CLIENT_PUBLISHER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/client/fake.h"

#include <newswire/client.h>

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

static inline bool matches(const struct publisher *p, uint64_t oseq)
{
    return strcmp(p->channel, "even") != 0 || oseq % 2 == 0;
}

static inline struct nw_str record_of(uint64_t log, uint64_t oseq, char text[RECORD])
{
    int n = snprintf(text, RECORD, "log %llu record %llu", (unsigned long long)log, (unsigned long long)oseq);

    return nw_str(text, (size_t)n);
}

static inline void publish(struct publisher *p)
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

static inline void beat(struct publisher *p)
{
    struct nw_header header = {.type = NW_HEAD, .epoch = p->epoch};

    header.head.oseq = p->head;
    header.head.channel_seq = p->channel_seq;
    header.head.log = p->log;
    header.head.first = p->first;
    fake_send(p->live, p->channel, strlen(p->channel) + 1, &header, nw_str("", 0));
}

static inline void answer(struct publisher *p, const struct fake_peer *peer, uint64_t from)
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

static inline void position_answer(struct publisher *p, const struct fake_peer *peer, const struct nw_header *question)
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

static inline void *publisher_run(void *user)
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

static inline void publisher_start(struct publisher *p)
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

static inline void publisher_stop(struct publisher *p)
{
    atomic_store(&p->stop, true);
    pthread_join(p->thread, NULL);
    zmq_close(p->live);
    zmq_close(p->reader);
    zmq_ctx_term(p->context);
}

static inline struct nw_subscriber *subscriber_of(const struct publisher *p, uint64_t from)
{
    struct nw_subscriber_options options = {.publisher = p->live_endpoint,
                                            .reader = p->read_endpoint,
                                            .query = strcmp(p->channel, "all") == 0 ? NULL : p->channel,
                                            .from = from};
    struct nw_subscriber *subscriber = NULL;

    assert_int_equal(nw_subscriber_open(&options, &subscriber), 0);
    return subscriber;
}

static inline int named_open(const struct publisher *p, uint64_t from, const char *name, struct nw_subscriber **s,
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

static inline struct nw_subscriber *named(const struct publisher *p, uint64_t from, const char *name)
{
    struct nw_subscriber *s = NULL;
    char why[NW_WHY];

    assert_int_equal(named_open(p, from, name, &s, why), 0);
    return s;
}

static inline void expect(struct nw_subscriber *s, uint64_t log, uint64_t oseq)
{
    struct nw_delivery delivery;
    char text[RECORD];
    struct nw_str record = record_of(log, oseq, text);

    assert_int_equal(nw_subscriber_next(s, &delivery, -1), 0);
    assert_int_equal(delivery.oseq, oseq);
    assert_int_equal(delivery.record.n, record.n);
    assert_memory_equal(delivery.record.p, record.p, record.n);
}

#endif
