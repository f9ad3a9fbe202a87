/*
 * An output log in which articles are killed: from the moment its kill is appended, an article is given out neither
 * live nor from the past, whatever was asked for before; the kill always is; and the next life knows it, with the file
 * of kills or without.
 */
#include "run/sink.h"

#include "unit/store/folder.h"

#include <newswire/log.h>

#include <stdio.h>
#include <zmq.h>

enum { JOURNAL = 7, TURNS = 5000 };

struct world {
    char data[PATH], log[PATH], live[PATH], reader[PATH];
    struct nw_sink *sink;
    void *context, *sub, *dealer;
    uint64_t jseq;
    struct nw_arena arena;
};

/* ---- the two sockets */

static void *connected(struct world *world, int type, const char *endpoint)
{
    void *socket = zmq_socket(world->context, type);
    int linger = 0;

    assert_non_null(socket);
    assert_int_equal(zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger), 0);
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    return socket;
}

/* The next message of the socket, serving meanwhile; its header, without the channel before it. */
static void receive(struct world *world, void *socket, struct nw_header *header)
{
    char bytes[NW_HEADER_MAX], rest[1 << 16], why[NW_WHY];
    int n = -1, more = 1;
    size_t size = sizeof more;

    for (int turn = 0; turn < TURNS && n < 0; turn++) {
        zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
        assert_int_equal(nw_sink_serve(world->sink), 0);
        if (zmq_poll(&item, 1, 1) > 0)
            n = zmq_recv(socket, bytes, sizeof bytes, ZMQ_DONTWAIT);
        if (n >= 0 && socket == world->sub) /* that was the channel */
            n = zmq_recv(socket, bytes, sizeof bytes, 0);
    }
    assert_true(n > 0);
    while (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more)
        zmq_recv(socket, rest, sizeof rest, 0);
    assert_int_equal(nw_header_decode(&world->arena, nw_str(bytes, (size_t)n), header, why), 0);
}

/* Expects a page from `from` on to hold these entries, a list that 0 ends. */
static void expect_page(struct world *world, uint64_t from, const uint64_t *wanted)
{
    struct nw_header header = {.type = NW_READ};
    struct nw_buf bytes;
    size_t n = 0;

    nw_buf_init(&bytes, NW_HEADER_MAX);
    header.read.from = from;
    header.read.query = NW_S("all");
    header.read.bytes = 1 << 20;
    assert_int_equal(nw_header_encode(&header, &bytes), 0);
    assert_int_equal(zmq_send(world->dealer, bytes.p, bytes.n, ZMQ_SNDMORE), (int)bytes.n);
    assert_int_equal(zmq_send(world->dealer, "", 0, 0), 0);
    nw_buf_free(&bytes);
    receive(world, world->dealer, &header);
    assert_int_equal(header.type, NW_PAGE);
    for (; wanted[n]; n++) {
        assert_true(n < header.page.entries.n);
        assert_int_equal(header.page.entries.v[n].oseq, wanted[n]);
    }
    assert_int_equal(header.page.entries.n, n);
    assert_int_equal(header.page.next, header.page.head + 1); /* what is missing is passed over */
}
#define EXPECT_PAGE(world, from, ...) expect_page(world, from, (const uint64_t[]){__VA_ARGS__})

/* Expects the next article that is live to be this one, the channel_seq-th of its channel. */
static void expect_live(struct world *world, uint64_t oseq, uint64_t channel_seq)
{
    struct nw_header header;

    do
        receive(world, world->sub, &header);
    while (header.type != NW_LIVE);
    assert_int_equal(header.live.oseq, oseq);
    assert_int_equal(header.live.channel_seq, channel_seq);
}

/* ---- the log */

static struct nw_record *article(struct world *world, const char *uri, bool kill)
{
    struct nw_record *record = nw_record_new(&world->arena);

    NW_SET(source, record->source, index, 0);
    NW_SET(record, record, uri, nw_str_z(uri));
    if (kill)
        NW_SET(record, record, pub_status, NW_S("canceled"));
    return record;
}

static void append(struct world *world, const char *uri, bool kill)
{
    struct nw_entry entry = {.jseq = ++world->jseq};

    assert_int_equal(nw_sink_append(world->sink, &world->arena, &entry, article(world, uri, kill)), 0);
}

/* Opens the log, and subscribes. */
static void begin(struct world *world)
{
    struct nw_sink_options options = {.folder = world->log, .publish = {.live = world->live, .reader = world->reader}};
    struct nw_header header;
    bool changed;

    assert_int_equal(nw_sink_open(&options, &world->sink), 0);
    assert_int_equal(nw_sink_adopt(world->sink, JOURNAL, &changed), 0);
    world->context = zmq_ctx_new();
    world->sub = connected(world, ZMQ_SUB, world->live);
    world->dealer = connected(world, ZMQ_DEALER, world->reader);
    assert_int_equal(zmq_setsockopt(world->sub, ZMQ_SUBSCRIBE, "all", 4), 0);
    receive(world, world->sub, &header);
    assert_int_equal(header.type, NW_HEAD);
}

static void end(struct world *world)
{
    zmq_close(world->sub);
    zmq_close(world->dealer);
    zmq_ctx_term(world->context);
    nw_sink_close(&world->sink);
    nw_arena_free(&world->arena);
}

static void what_is_killed_is_not_given_out(void **state)
{
    struct world world = {.jseq = 0};
    char path[PATH];
    uint64_t kill = 0;

    (void)state;
    folder_make(world.data);
    path_of(world.log, world.data, "output");
    snprintf(world.live, sizeof world.live, "ipc://%.90s/live", world.data);
    snprintf(world.reader, sizeof world.reader, "ipc://%.90s/read", world.data);
    begin(&world);
    append(&world, "urn:a", false); /* 1 */
    append(&world, "urn:b", false); /* 2 */
    append(&world, "urn:b", true);  /* 3: before 2 was out */
    assert_int_equal(nw_sink_commit(world.sink), 0);
    expect_live(&world, 1, 1);
    expect_live(&world, 3, 2);
    EXPECT_PAGE(&world, 1, 1, 3, 0);
    EXPECT_PAGE(&world, 2, 3, 0);
    append(&world, "urn:a", true); /* 4: not durable, and 1 is given out no more */
    EXPECT_PAGE(&world, 1, 3, 0);
    assert_int_equal(nw_sink_commit(world.sink), 0);
    expect_live(&world, 4, 3);
    assert_true(nw_sink_killed(world.sink, article(&world, "urn:a", false), &kill) && kill == 4);
    assert_false(nw_sink_killed(world.sink, article(&world, "urn:c", false), &kill));
    end(&world);
    path_of(path, world.data, "output.kills");
    for (int life = 0; life < 2; life++) {
        begin(&world);
        EXPECT_PAGE(&world, 1, 3, 4, 0);
        assert_true(nw_sink_killed(world.sink, article(&world, "urn:b", false), &kill) && kill == 3);
        end(&world);
        if (life == 0)
            assert_int_equal(unlink(path), 0); /* the log alone tells it */
    }
    folder_remove(world.log);
    path_of(path, world.data, "output.refused");
    folder_remove(path);
    folder_remove(world.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_killed_is_not_given_out)};

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
