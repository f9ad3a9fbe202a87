/*
 * The channel `trends` of the publisher: a report each minute in which something came out, counted like every channel;
 * no article; and the same report as the page of a READ.
 */
#include "run/sink.h"

#include "link/frame.h"
#include "record/unpack.h"
#include "unit/store/folder.h"

#include <newswire/clock.h>

#include <stdio.h>
#include <zmq.h>

enum { MINUTE = 60000, PATIENCE_MS = 20000, TURN_MS = 5 };

struct desk {
    struct nw_sink *sink;
    struct nw_arena arena;
    void *context, *live, *reader;
    struct nw_header header; /* of what was heard last */
    char bytes[1 << 16], body[1 << 16];
    size_t body_n;
    int64_t time;
    uint64_t jseq;
};

static void *connect_to(void *context, int type, const char *endpoint)
{
    void *socket = zmq_socket(context, type);

    assert_non_null(socket);
    if (type == ZMQ_SUB)
        assert_int_equal(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "trends", 7), 0);
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    return socket;
}

static void desk_open(struct desk *desk, const char *data)
{
    char log[PATH], live[PATH], reader[PATH];
    struct nw_sink_options options = {.folder = log, .publish = {.live = live, .reader = reader}};

    *desk = (struct desk){.time = nw_clock_wall()};
    path_of(log, data, "output");
    snprintf(live, sizeof live, "ipc://%.90s/live", data);
    snprintf(reader, sizeof reader, "ipc://%.90s/read", data);
    nw_clock_fake(desk->time, 1000000);
    assert_int_equal(nw_sink_open(&options, &desk->sink), 0);
    do /* its first beat, which nobody hears; and until it has read the log: before, whoever asks is to ask again */
        assert_int_equal(nw_sink_serve(desk->sink), 0);
    while (nw_sink_timeout(desk->sink) == 0);
    desk->context = zmq_ctx_new();
    desk->live = connect_to(desk->context, ZMQ_SUB, live);
    desk->reader = connect_to(desk->context, ZMQ_DEALER, reader);
}

static void desk_close(struct desk *desk)
{
    zmq_close(desk->live);
    zmq_close(desk->reader);
    zmq_ctx_term(desk->context);
    nw_sink_close(&desk->sink);
    nw_arena_free(&desk->arena);
    nw_clock_real();
}

static void desk_remove(const char *data)
{
    char path[PATH];

    path_of(path, data, "output");
    folder_remove(path);
    path_of(path, data, "output.refused");
    folder_remove(path);
    folder_remove(data);
}

/* An article comes out, or its kill, and is durable. */
static void put_version(struct desk *desk, const char *uri, const char *status)
{
    struct nw_entry entry = {.jseq = ++desk->jseq};
    struct nw_arena arena = {0};
    struct nw_record *record = nw_record_new(&arena);
    struct nw_place *place = NW_APPEND(&arena, record, record, places, place);

    NW_SET(source, record->source, index, 0);
    NW_SET(source, record->source, received, desk->time);
    NW_SET(place, place, name, NW_S("Vilnius"));
    NW_SET(record, record, uri, nw_str_z(uri));
    NW_SET(record, record, pub_status, nw_str_z(status));
    assert_int_equal(nw_sink_append(desk->sink, &arena, &entry, record), 0);
    assert_int_equal(nw_sink_commit(desk->sink), 0);
    nw_arena_free(&arena);
    for (int waited = 0; nw_sink_durable(desk->sink) < desk->jseq; waited += TURN_MS) {
        assert_in_range(waited, 0, PATIENCE_MS);
        zmq_poll(NULL, 0, TURN_MS);
        assert_int_equal(nw_sink_serve(desk->sink), 0);
    }
}

static void put_out(struct desk *desk)
{
    char uri[32];

    snprintf(uri, sizeof uri, "urn:x:%d", (int)desk->jseq);
    put_version(desk, uri, "usable");
}

static void pass(struct desk *desk, int64_t ms)
{
    desk->time += ms;
    nw_clock_fake(desk->time, nw_clock_mono() + ms);
}

/* The next message at the socket: serves until it comes. */
static void hear(struct desk *desk, void *socket)
{
    char why[NW_WHY];
    int n = -1, size;

    for (int waited = 0; n < 0; waited += TURN_MS) {
        zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
        assert_in_range(waited, 0, PATIENCE_MS);
        assert_int_equal(nw_sink_serve(desk->sink), 0);
        if (zmq_poll(&item, 1, TURN_MS) == 1)
            n = zmq_recv(socket, desk->bytes, sizeof desk->bytes, 0);
    }
    if (socket == desk->live) {
        assert_int_equal(n, 7);
        assert_memory_equal(desk->bytes, "trends", 7);
        n = zmq_recv(socket, desk->bytes, sizeof desk->bytes, 0);
    }
    assert_in_range(n, 1, sizeof desk->bytes);
    nw_arena_reset(&desk->arena);
    assert_int_equal(nw_header_decode(&desk->arena, nw_str(desk->bytes, (size_t)n), &desk->header, why), 0);
    size = zmq_recv(socket, desk->body, sizeof desk->body, 0);
    assert_in_range(size, 0, sizeof desk->body);
    desk->body_n = (size_t)size;
}

static void expect_head(struct desk *desk, uint64_t oseq, uint64_t seq)
{
    hear(desk, desk->live);
    assert_int_equal(desk->header.type, NW_HEAD);
    assert_int_equal(desk->header.head.oseq, oseq);
    assert_int_equal(desk->header.head.channel_seq, seq);
}

/* What is there is a report that names the one place that there is, and was made of this entry. */
static void expect_report(struct desk *desk, uint64_t oseq)
{
    struct nw_str body = nw_str(desk->body, desk->body_n), key;
    struct nw_unpack in = nw_unpack(body);
    uint64_t through = 0;
    size_t n;

    assert_true(nw_str_find(body, NW_S("Vilnius")) != SIZE_MAX);
    assert_true(nw_unpack_map(&in, &n));
    for (; n > 0; n--) {
        assert_true(nw_unpack_str(&in, &key));
        if (nw_str_eq(key, NW_S("oseq")))
            assert_true(nw_unpack_uint(&in, &through));
        else
            assert_true(nw_unpack_skip(&in, NULL));
    }
    assert_int_equal(through, oseq);
}

static void expect_live(struct desk *desk, uint64_t oseq, uint64_t seq)
{
    hear(desk, desk->live);
    assert_int_equal(desk->header.type, NW_LIVE);
    assert_int_equal(desk->header.live.oseq, oseq);
    assert_int_equal(desk->header.live.channel_seq, seq);
    expect_report(desk, oseq);
}

static void each_minute_brings_a_report(void **state)
{
    char data[PATH];
    struct desk desk;

    (void)state;
    folder_make(data);
    desk_open(&desk, data);
    expect_head(&desk, 0, 0); /* a newcomer is greeted */
    put_out(&desk);
    put_out(&desk);
    pass(&desk, MINUTE);
    expect_live(&desk, 2, 1);
    expect_head(&desk, 2, 1);
    /* A minute without news has none; the head is that of the last report, though articles came. */
    pass(&desk, MINUTE);
    expect_head(&desk, 2, 1);
    put_out(&desk);
    expect_live(&desk, 3, 2); /* the minute was over long ago */
    put_out(&desk);
    pass(&desk, MINUTE / 2);
    expect_head(&desk, 3, 2);
    pass(&desk, MINUTE / 2);
    expect_live(&desk, 4, 3);
    desk_close(&desk);
    desk_remove(data);
}

static void ask(struct desk *desk, uint64_t from)
{
    struct nw_header header = {.type = NW_READ};
    struct nw_buf out;

    nw_buf_init(&out, 1 << 16);
    header.read.from = from;
    header.read.query = NW_S("trends");
    header.read.bytes = 1 << 20;
    assert_int_equal(nw_header_encode(&header, &out), 0);
    assert_true(zmq_send(desk->reader, out.p, out.n, ZMQ_SNDMORE) > 0);
    assert_int_equal(zmq_send(desk->reader, "", 0, 0), 0);
    nw_buf_free(&out);
    hear(desk, desk->reader);
    assert_int_equal(desk->header.type, NW_PAGE);
}

static void whoever_asks_gets_one(void **state)
{
    char data[PATH];
    struct desk desk;

    (void)state;
    folder_make(data);
    desk_open(&desk, data);
    ask(&desk, 1);
    assert_int_equal(desk.header.page.entries.n, 0); /* nothing came out yet */
    put_out(&desk);
    put_out(&desk);
    ask(&desk, 1);
    assert_int_equal(desk.header.page.first, 1);
    assert_int_equal(desk.header.page.next, 3);
    assert_int_equal(desk.header.page.head, 2);
    assert_int_equal(desk.header.page.entries.n, 1);
    assert_int_equal(desk.header.page.entries.v[0].oseq, 2);
    assert_int_equal(desk.header.page.entries.v[0].size, desk.body_n);
    expect_report(&desk, 2);
    /* Of what is still to come there is none yet. */
    ask(&desk, 3);
    assert_int_equal(desk.header.page.entries.n, 0);
    assert_int_equal(desk.header.page.next, 3);
    put_out(&desk);
    pass(&desk, 1000);
    ask(&desk, 3);
    assert_int_equal(desk.header.page.entries.n, 1);
    expect_report(&desk, 3);
    desk_close(&desk);
    desk_remove(data);
}

/* What is killed is given out no more, and is taken back all the same: also by a life that finds both in the log. */
static void the_killed_is_taken_back(void **state)
{
    char data[PATH];
    struct desk desk;

    (void)state;
    folder_make(data);
    desk_open(&desk, data);
    put_out(&desk);
    put_out(&desk);
    ask(&desk, 1);
    expect_report(&desk, 2);
    put_version(&desk, "urn:x:0", "canceled");
    for (int life = 0; life < 2; life++) {
        pass(&desk, MINUTE);
        ask(&desk, 1);
        assert_int_equal(desk.header.page.entries.n, 1);
        assert_int_equal(desk.header.page.entries.v[0].oseq, 3);
        assert_true(nw_str_find(nw_str(desk.body, desk.body_n), NW_S("Vilnius")) == SIZE_MAX); /* seen once */
        desk_close(&desk);
        desk_open(&desk, data);
    }
    desk_close(&desk);
    desk_remove(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_minute_brings_a_report),
        cmocka_unit_test(whoever_asks_gets_one),
        cmocka_unit_test(the_killed_is_taken_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
