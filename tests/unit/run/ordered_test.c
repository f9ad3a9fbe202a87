/*
 * An ordered stage over its log: what it refused is told to the broker as refused, also by the life after a crash that
 * came when later records were in the log and the broker had heard nothing.
 */
#include "run/sink.h"
#include "run/worker.h"

#include "link/frame.h"
#include "unit/store/folder.h"

#include <newswire/log.h>

#include <poll.h>
#include <stdio.h>

enum { RECORDS = 4, JOURNAL = 7, STEPS = 10000 };

static int put_out(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    (void)state;
    if (nw_str_eq(record->language, NW_S("xx")))
        return nw_reject(context, "no language of the world");
    return nw_emit(context, record);
}

static const struct nw_conf_row rows[] = {NW_CONF_END};

static const struct nw_stage stage = {.name = "put",
                                      .version = "1",
                                      .doc = "Puts out.",
                                      .process = put_out,
                                      .conf = rows,
                                      .state_size = 8,
                                      .ordered = true};

struct life {
    struct nw_sink *sink;
    struct nw_link *broker, *link;
    struct nw_worker *worker;
    struct nw_arena arena;
    struct nw_header header;
    struct nw_str body;
};

static void say(struct life *life, const struct nw_header *header, struct nw_str body)
{
    struct nw_buf bytes;

    nw_buf_init(&bytes, NW_HEADER_MAX);
    assert_int_equal(nw_header_encode(header, &bytes), 0);
    assert_int_equal(nw_link_send(life->broker, nw_buf_view(&bytes), body), 0);
    nw_buf_free(&bytes);
}

/* Steps until a message of this type comes. */
static void hear(struct life *life, enum nw_message type)
{
    struct nw_str bytes;
    char why[NW_WHY];

    for (int i = 0; i < STEPS; i++) {
        int fds[NW_SINK_FDS];
        struct pollfd polls[NW_SINK_FDS];
        while (nw_link_receive(life->broker, &bytes, &life->body) == 0) {
            nw_arena_reset(&life->arena);
            assert_int_equal(nw_header_decode(&life->arena, bytes, &life->header, why), 0);
            if (life->header.type == type)
                return;
        }
        assert_int_equal(nw_worker_step(life->worker), NW_WORKER_ON);
        assert_int_equal(nw_sink_serve(life->sink), 0);
        nw_sink_fds(life->sink, fds);
        for (int j = 0; j < NW_SINK_FDS; j++)
            polls[j] = (struct pollfd){.fd = fds[j], .events = POLLIN};
        if (nw_worker_timeout(life->worker) > 0)
            poll(polls, NW_SINK_FDS, 1);
    }
    fail_msg("no %s came", nw_message_name(type));
}

static void life_begin(struct life *life, const char *data, bool fresh)
{
    char log[PATH], live[PATH], reader[PATH];
    struct nw_sink_options sink = {.folder = log, .publish = {.live = live, .reader = reader}};
    struct nw_worker_options options = {.stage = &stage, .instance = "test"};
    struct nw_header welcome = {.type = NW_WELCOME, .epoch = 1};

    *life = (struct life){0};
    path_of(log, data, "output");
    snprintf(live, sizeof live, "ipc://%.90s/live", data);
    snprintf(reader, sizeof reader, "ipc://%.90s/read", data);
    assert_int_equal(nw_sink_open(&sink, &life->sink), 0);
    assert_int_equal(nw_link_mem_pair(&life->broker, &life->link), 0);
    options.link = life->link;
    options.sink = life->sink;
    assert_int_equal(nw_worker_new(&options, &life->worker), 0);
    hear(life, NW_HELLO);
    welcome.welcome.config = NW_S("{}");
    welcome.welcome.window = 8;
    welcome.welcome.heartbeat_ms = 1000;
    welcome.welcome.journal = JOURNAL;
    say(life, &welcome, nw_str(NULL, 0));
    if (fresh) { /* the journal is new to the log: HELLO comes again, with a mark that counts in it */
        hear(life, NW_HELLO);
        say(life, &welcome, nw_str(NULL, 0));
    }
    hear(life, NW_CREDIT);
}

static void life_end(struct life *life)
{
    nw_worker_free(&life->worker);
    nw_link_free(&life->link);
    nw_link_free(&life->broker);
    nw_sink_close(&life->sink);
    nw_arena_free(&life->arena);
}

/* One lease: en, xx, en, xx. */
static void work(struct life *life)
{
    static const char *const languages[RECORDS] = {"en", "xx", "en", "xx"};
    struct nw_entry entries[RECORDS] = {{0}};
    struct nw_header header = {.type = NW_WORK, .epoch = 1};
    struct nw_arena arena = {0};
    struct nw_buf body;

    nw_buf_init(&body, 1 << 20);
    for (size_t i = 0; i < RECORDS; i++) {
        struct nw_record *record = nw_record_new(&arena);
        size_t at = body.n;
        NW_SET(source, record->source, index, 0);
        NW_SET(record, record, language, nw_str_z(languages[i]));
        assert_int_equal(nw_record_encode(record, &body), 0);
        entries[i] = (struct nw_entry){.jseq = i + 1, .size = (uint32_t)(body.n - at)};
    }
    header.work.lease = 5;
    header.work.entries.v = entries;
    header.work.entries.n = RECORDS;
    say(life, &header, nw_buf_view(&body));
    nw_buf_free(&body);
    nw_arena_free(&arena);
}

static void what_was_refused_stays_refused(void **state)
{
    char data[PATH], path[PATH];
    struct life life;

    (void)state;
    folder_make(data);
    for (int turn = 0; turn < 3; turn++) {
        life_begin(&life, data, turn == 0);
        work(&life);
        hear(&life, NW_DONE);
        /* In the first life these words get lost, with the process: the next ones know only the log. */
        assert_int_equal(life.header.done.results.n, RECORDS);
        for (size_t i = 0; i < RECORDS; i++) {
            const struct nw_result *result = &life.header.done.results.v[i];
            assert_int_equal(result->outcome, i % 2 ? NW_FAILED : NW_OUTPUTS);
            assert_true(i % 2 == 0 || nw_str_eq(result->reason, NW_S("no language of the world")));
        }
        assert_int_equal(nw_sink_mark(life.sink).oseq, 2);
        life_end(&life);
    }
    path_of(path, data, "output");
    folder_remove(path);
    path_of(path, data, "output.refused");
    folder_remove(path);
    folder_remove(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_refused_stays_refused)};

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
