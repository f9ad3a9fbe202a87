/*
 * What the tests of the broker as a whole share: a journal in a folder, peers as ZeroMQ gives them, all in one thread
 * and with a clock that the test moves.
 */
#ifndef TESTS_BROKER_WORLD_H
#define TESTS_BROKER_WORLD_H

#include "broker/broker.h"

#include "link/link.h"
#include "unit/store/folder.h"

#include <newswire/clock.h>
#include <newswire/log.h>

#include <errno.h>

enum { TURNS = 2000, TURN_MS = 5, RECORDS = 6 };

struct world {
    char data[PATH], endpoint[PATH];
    struct broker *broker;
    uint64_t epoch;
    int64_t now;
    bool middle; /* a stage between the first and the ordered one */
    bool two;    /* ordered ones */
};

struct client {
    struct world *world;
    struct nw_link *link;
    struct nw_arena arena;
    struct nw_header header; /* the last that was heard */
    struct nw_str body;
    uint64_t epoch;
};

static inline void world_open(struct world *world)
{
    const char *endpoints[] = {world->endpoint};
    struct broker *broker = calloc(1, sizeof *broker);
    struct nw_buf urgent;
    uint64_t low;

    assert_non_null(broker);
    world->broker = broker;
    broker->limits = (struct broker_limits){.in_flight_records = 64,
                                            .in_flight_bytes = 1 << 20,
                                            .batch_records = 2,
                                            .batch_bytes = 1 << 16,
                                            .window = 4,
                                            .window_bytes = 1 << 20,
                                            .feeder_window = 32,
                                            .lease_ms = 60000,
                                            .heartbeat_ms = 1000,
                                            .lost_alone = 2,
                                            .lost_dead = 5};
    broker->stages[broker->stage_count++] = (struct broker_stage){.name = NW_STR("part"), .config = NW_STR("{}")};
    if (world->middle)
        broker->stages[broker->stage_count++] = (struct broker_stage){.name = NW_STR("mark"), .config = NW_STR("{}")};
    broker->stages[broker->stage_count++] =
        (struct broker_stage){.name = NW_STR("write"), .config = NW_STR("{}"), .ordered = true};
    if (world->two)
        broker->stages[broker->stage_count++] =
            (struct broker_stage){.name = NW_STR("write too"), .config = NW_STR("{}"), .ordered = true};
    broker->epoch = ++world->epoch;
    nw_clock_fake(world->now, world->now);
    nw_buf_init(&urgent, 1 << 10);
    assert_int_equal(journal_open(world->data, &broker->journal, &low, &urgent), 0);
    assert_int_equal(broker_open(broker, low, &urgent), 0);
    assert_int_equal(dead_open(world->data, broker->journal, ring_progress(broker).oldest, &broker->dead_log), 0);
    nw_buf_free(&urgent);
    assert_int_equal(socket_open(&(struct socket_options){.endpoints = endpoints, .n = 1}, &broker->socket), 0);
}

/* `low`: what the checkpoint is to say; a crash leaves an older one. */
static inline void world_close(struct world *world, uint64_t low)
{
    struct broker *broker = world->broker;
    struct journal_progress progress = ring_progress(broker);

    progress.low = low;
    journal_close(&broker->journal, &progress);
    broker_close(broker);
    socket_close(&broker->socket);
    dead_close(&broker->dead_log);
    free(broker);
}

static inline int world_make(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    assert_non_null(world);
    folder_make(world->data);
    snprintf(world->endpoint, PATH, "ipc://%.*s/s", 90, world->data);
    world->now = 1000000;
    world_open(world);
    *state = world;
    return 0;
}

static inline int world_remove(void **state)
{
    struct world *world = *state;
    char path[PATH];

    world_close(world, 1);
    path_of(path, world->data, "journal");
    folder_remove(path);
    path_of(path, world->data, "dead");
    folder_remove(path);
    folder_remove(world->data);
    free(world);
    nw_clock_real();
    return 0;
}

/* One turn of the broker's loop. */
static inline void turn(struct world *world)
{
    struct broker *broker = world->broker;
    int fds[] = {journal_event(broker->journal)};
    bool some = true;

    assert_true(socket_wait(broker->socket, fds, 1, TURN_MS) >= 0);
    broker->now = nw_clock_mono();
    while (some)
        assert_int_equal(broker_receive(broker, &some), 0);
    assert_int_equal(broker_turn(broker), 0);
}

static inline void pass(struct world *world, int64_t ms)
{
    world->now += ms;
    nw_clock_fake(world->now, world->now);
    turn(world);
}

static inline void say_bytes(struct client *client, struct nw_str header, struct nw_str body)
{
    int r = -EAGAIN;

    for (int i = 0; i < TURNS && r == -EAGAIN; i++) {
        r = nw_link_send(client->link, header, body);
        if (r == -EAGAIN)
            turn(client->world);
    }
    assert_int_equal(r, 0);
}

static inline void say(struct client *client, struct nw_header header, const char *body)
{
    struct nw_buf out;

    nw_buf_init(&out, NW_HEADER_MAX);
    header.epoch = header.type == NW_HELLO ? 0 : client->epoch;
    assert_int_equal(nw_header_encode(&header, &out), 0);
    say_bytes(client, nw_buf_view(&out), nw_str_z(body));
    nw_buf_free(&out);
}

/* The next message that is no PING; false when none comes while the broker makes some turns. */
static inline bool hear_any(struct client *client, int turns)
{
    struct nw_str bytes;
    char why[NW_WHY];

    for (int i = 0; i < turns; i++) {
        while (nw_link_receive(client->link, &bytes, &client->body) == 0) {
            nw_arena_reset(&client->arena);
            assert_int_equal(nw_header_decode(&client->arena, bytes, &client->header, why), 0);
            if (client->header.type != NW_PING)
                return true;
        }
        turn(client->world);
    }
    return false;
}

static inline void hear(struct client *client, enum nw_message type)
{
    do /* ACCEPT comes each second */
        assert_true(hear_any(client, TURNS));
    while (client->header.type == NW_ACCEPT && type != NW_ACCEPT);
    assert_int_equal(client->header.type, type);
}

static inline void part(struct client *client)
{
    nw_link_free(&client->link);
    nw_arena_free(&client->arena);
}

static inline struct client meet(struct world *world)
{
    struct client client = {.world = world};

    assert_int_equal(
        nw_link_zmq_open(&(struct nw_link_zmq_options){.endpoint = world->endpoint, .linger_ms = 100}, &client.link),
        0);
    return client;
}

static inline void greet(struct client *client, const char *role, const char *stage, struct nw_mark mark)
{
    struct nw_header hello = {.type = NW_HELLO};

    hello.hello.role = nw_str_z(role);
    hello.hello.stage = nw_str_z(stage);
    hello.hello.mark = mark;
    say(client, hello, "");
}

static inline struct client feeder(struct world *world, const char *name)
{
    struct client client = meet(world);

    greet(&client, "feeder", name, (struct nw_mark){0});
    hear(&client, NW_WELCOME);
    client.epoch = client.header.epoch;
    return client;
}

static inline void credit(struct client *client, uint64_t window)
{
    struct nw_header header = {.type = NW_CREDIT};

    header.credit.window = window;
    say(client, header, "");
}

static inline struct client worker(struct world *world, const char *stage, struct nw_mark mark, uint64_t window)
{
    struct client client = meet(world);

    greet(&client, "worker", stage, mark);
    hear(&client, NW_WELCOME);
    client.epoch = client.header.epoch;
    credit(&client, window);
    return client;
}

static inline void submit_urgent(struct client *client, uint64_t fseq, uint32_t *sizes, size_t n, const char *body,
                                 struct nw_numbers urgent)
{
    struct nw_header header = {.type = NW_SUBMIT};

    header.submit.feeder = NW_S("wire");
    header.submit.fseq = fseq;
    header.submit.sizes = (struct nw_sizes){sizes, n};
    header.submit.urgent = urgent;
    say(client, header, body);
}

static inline void submit(struct client *client, uint64_t fseq, uint32_t *sizes, size_t n, const char *body)
{
    submit_urgent(client, fseq, sizes, n, body, (struct nw_numbers){NULL, 0});
}

static inline void accepted(struct client *client, uint64_t fseq)
{
    do
        hear(client, NW_ACCEPT);
    while (client->header.accept.fseq < fseq);
    assert_int_equal(client->header.accept.fseq, fseq);
    assert_int_equal(journal_durable(client->world->broker->journal), journal_last(client->world->broker->journal));
}

/* Six records of a byte each: a to f. */
static inline struct client fed(struct world *world)
{
    struct client client = feeder(world, "wire");

    submit(&client, 1, (uint32_t[]){1, 1, 1, 1, 1, 1}, RECORDS, "abcdef");
    accepted(&client, RECORDS);
    return client;
}

/* Each of the lease's records gives `outputs` bytes as many outputs; in the last stage 0. */
static inline void done(struct client *client, uint64_t lease, size_t n, size_t outputs, const char *body)
{
    struct nw_header header = {.type = NW_DONE};
    struct nw_result results[8] = {{0}};
    uint32_t ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};

    for (size_t i = 0; i < n; i++)
        results[i].outputs = (struct nw_sizes){ones, outputs};
    header.done.lease = lease;
    header.done.results = (struct nw_results){results, n};
    say(client, header, body);
}

/* Hears one lease, whose body must be this, and gives it back as it was. */
static inline void pass_on(struct client *client, const char *body)
{
    hear(client, NW_WORK);
    assert_true(nw_str_eq(client->body, nw_str_z(body)));
    done(client, client->header.work.lease, client->header.work.entries.n, 1, body);
}

/* All that is written, in whatever batches. */
static inline void written(struct client *client, const char *all)
{
    while (*all) {
        hear(client, NW_WORK);
        assert_true(client->body.n <= strlen(all) && memcmp(client->body.p, all, client->body.n) == 0);
        all += client->body.n;
        done(client, client->header.work.lease, client->header.work.entries.n, 0, "");
    }
}

static inline void until_done(struct world *world, uint64_t low)
{
    for (int i = 0; i < TURNS && world->broker->lanes[NW_LANE_NORMAL].low < low; i++)
        turn(world);
    assert_int_equal(world->broker->lanes[NW_LANE_NORMAL].low, low);
    assert_int_equal(world->broker->loaded_bytes, 0);
}

static const struct nw_mark none;

#endif
