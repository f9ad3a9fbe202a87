/*
 * The listening source by itself, under a clock of the test's: who is too slow is sent away, time in which nobody read
 * counts against nobody, and what the config must not say is refused.
 */
#include "unit/fetch/harness.h"

#include "conf/conf.h"
#include "fetch.h"
#include "ledger.h"

#include <newswire/clock.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

enum { WAIT_MS = 60000, SECOND = 1000, ANSWER = 256 };

static char root[64];

struct stand {
    struct commons commons;
    struct nw_conf *conf;
    struct source *source;
    int64_t mono;
    int port;
    char why[NW_WHY];
};

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "listen_test.XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
    char command[128];

    (void)state;
    nw_clock_real();
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

/* A port that was free a moment ago. */
static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* Opens a source with these keys more. What `open` returned. */
static int stand_open(struct stand *stand, int port, const char *keys)
{
    static int64_t start; /* another one each time: files in the spool are named by it */
    char json[1024], why[NW_CONF_WHY];

    start += (int64_t)1 << 30;
    *stand = (struct stand){.mono = start, .port = port};
    nw_clock_fake(start, start);
    snprintf(json, sizeof json, "{\"sources\":[{\"kind\":\"listen\",\"answers\":true,\"port\":%d%s}]}", port, keys);
    assert_int_equal(nw_conf_from_json(nw_str_z(json), fetch_conf, &stand->conf, why), 0);
    stand->commons = (struct commons){.data_dir = nw_str_z(root)};
    return source_listen.open(nw_conf_at(stand->conf, "sources", 0), &stand->commons, &stand->source, stand->why);
}

static void stand_close(struct stand *stand)
{
    stand->source->kind->free(stand->source);
    ledger_close(&stand->commons.ledger);
    nw_conf_free(&stand->conf);
}

static int connect_to(const struct stand *stand)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)stand->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
}

/* A turn of the source, this much later: reads a document that it gives. */
static int turn(struct stand *stand, int64_t ms)
{
    struct document document;
    struct outcome outcome = {.read = true, .items = 1, .last = 1};
    int step;

    stand->mono += ms;
    nw_clock_fake(stand->mono, stand->mono);
    step = stand->source->kind->next(stand->source, &document);
    assert_true(step >= 0);
    if (step == SOURCE_DOCUMENT) {
        close(document.fd);
        assert_int_equal(stand->source->kind->done(stand->source, &outcome), 0);
    }
    return step;
}

static bool is_readable(int fd, int ms)
{
    struct pollfd event = {.fd = fd, .events = POLLIN};

    return poll(&event, 1, ms) == 1;
}

/* Turns, once something has come, until there is nothing more to do for now. */
static void settle(struct stand *stand)
{
    assert_true(is_readable(stand->source->fd, WAIT_MS));
    while (turn(stand, 0) != SOURCE_IDLE || is_readable(stand->source->fd, 0)) {
    }
}

/* Turns until something comes, which is this. */
static void expect_answer(struct stand *stand, int fd, const char *expected)
{
    char text[ANSWER] = "";

    while (!is_readable(fd, 0)) {
        if (turn(stand, 0) == SOURCE_IDLE)
            is_readable(stand->source->fd, SECOND);
    }
    assert_true(recv(fd, text, sizeof text - 1, 0) >= 0);
    assert_string_equal(text, expected);
}

/* So many turns, a second apart; the first complaint. */
static bool complains_within(struct stand *stand, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        if (turn(stand, SECOND) == SOURCE_COMPLAINT)
            return true;
    }
    return false;
}

static void a_drip_is_sent_away(void **state)
{
    struct stand stand;
    char answer[ANSWER];
    int fd, other;

    (void)state;
    assert_int_equal(stand_open(&stand, free_port(), ""), 0);
    fd = connect_to(&stand);
    other = connect_to(&stand);
    say(fd, "one byte now and then is ");
    settle(&stand);
    for (int i = 0; i < 29; i++) {
        assert_false(complains_within(&stand, 10));
        say(fd, "x");
        say(other, "whole\n");
        settle(&stand);
        snprintf(answer, sizeof answer, "OK %d\n", i + 1);
        expect_answer(&stand, other, answer);
    }
    assert_true(complains_within(&stand, 12));
    assert_string_equal(stand.source->why,
                        "item 1 did not end within 300 s: it is left out, and the connection closed");
    expect_answer(&stand, fd, "");
    close(fd);
    close(other);
    stand_close(&stand);
}

static void time_that_nobody_read_counts_against_nobody(void **state)
{
    struct stand stand;
    int fd;

    (void)state;
    assert_int_equal(stand_open(&stand, free_port(), ",\"silence\":60"), 0);
    fd = connect_to(&stand);
    say(fd, "the broker with");
    settle(&stand);
    assert_int_equal(turn(&stand, 3600 * SECOND), SOURCE_IDLE);
    say(fd, "held\n");
    settle(&stand);
    expect_answer(&stand, fd, "OK 1\n");
    close(fd);
    stand_close(&stand);
}

static void silence_is_sent_away(void **state)
{
    struct stand stand;
    int fd;

    (void)state;
    assert_int_equal(stand_open(&stand, free_port(), ",\"silence\":60"), 0);
    fd = connect_to(&stand);
    say(fd, "one\n");
    settle(&stand);
    expect_answer(&stand, fd, "OK 1\n");
    assert_false(complains_within(&stand, 60));
    assert_true(complains_within(&stand, 2));
    assert_string_equal(stand.source->why, "silent for 60 s: closed");
    expect_answer(&stand, fd, "");
    close(fd);
    stand_close(&stand);
}

static void who_reads_no_answers_is_not_read(void **state)
{
    struct stand stand;
    int fd, small = 4096;
    char lines[1 << 16];
    size_t sent = 0;

    (void)state;
    assert_int_equal(stand_open(&stand, free_port(), ""), 0);
    memset(lines, '\n', sizeof lines);
    for (size_t i = 0; i < sizeof lines; i += 2)
        lines[i] = 'x';
    fd = connect_to(&stand);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    /* Its answers fill the kernel's buffers and ours; then nothing is read any more. */
    for (int idle = 0; idle < 100;) {
        ssize_t n = send(fd, lines, sizeof lines, MSG_DONTWAIT);
        sent += n > 0 ? (size_t)n : 0;
        assert_true(sent < (size_t)256 << 20);
        idle = turn(&stand, 0) == SOURCE_IDLE && n <= 0 ? idle + 1 : 0;
    }
    assert_true(complains_within(&stand, 310));
    assert_non_null(strstr(stand.source->why, "does not read its answers"));
    close(fd);
    stand_close(&stand);
}

/* The spool is one folder for all sources: one that opens there leaves alone what the ledger has planned for others. */
static void another_source_keeps_off_what_waits(void **state)
{
    struct stand stand, other;
    struct document document;
    struct ledger_row row;
    int fd;

    (void)state;
    assert_int_equal(stand_open(&stand, free_port(), ",\"name\":\"waits\""), 0);
    fd = connect_to(&stand);
    say(fd, "durable, and not accepted\n");
    expect_answer(&stand, fd, "OK 1\n");
    close(fd);
    stand_close(&stand); /* as good as a kill: what was not accepted stays */

    assert_int_equal(stand_open(&other, free_port(), ",\"name\":\"other\""), 0);
    assert_int_equal(turn(&other, SECOND), SOURCE_IDLE);
    stand_close(&other);

    assert_int_equal(stand_open(&stand, free_port(), ",\"name\":\"waits\""), 0);
    for (int64_t id = 0;; id = row.id) {
        assert_int_equal(ledger_next(stand.commons.ledger, id, &row), 0);
        if (nw_str_eq(row.source, NW_S("waits")))
            break;
    }
    assert_int_equal(stand.source->kind->resume(stand.source, &row, 0), 0);
    assert_int_equal(stand.source->kind->next(stand.source, &document), SOURCE_DOCUMENT);
    assert_true(document.size > 0);
    close(document.fd);
    stand_close(&stand);
}

static void what_must_not_be_is_refused(void **state)
{
    struct stand stand;
    char keys[128];
    int port = free_port(), taken;

    (void)state;
    assert_int_equal(stand_open(&stand, 0, ""), SOURCE_COMPLAINT);
    assert_string_equal(stand.why, "a source of kind listen needs `port`");
    stand_close(&stand);
    assert_int_equal(stand_open(&stand, port, ",\"address\":\"0.0.0.0\""), SOURCE_COMPLAINT);
    assert_non_null(strstr(stand.why, "name the addresses that may send in `senders`"));
    stand_close(&stand);
    assert_int_equal(stand_open(&stand, port, ",\"address\":\"localhost\",\"senders\":[\"127.0.0.1\"]"),
                     SOURCE_COMPLAINT);
    assert_non_null(strstr(stand.why, "localhost is no address"));
    stand_close(&stand);
    /* Only who is named may send. */
    snprintf(keys, sizeof keys, ",\"address\":\"0.0.0.0\",\"senders\":[\"192.0.2.7\"]");
    assert_int_equal(stand_open(&stand, port, keys), 0);
    taken = connect_to(&stand);
    expect_answer(&stand, taken, "");
    assert_true(complains_within(&stand, 1));
    assert_non_null(strstr(stand.source->why, "its address is not among `senders`"));
    close(taken);
    stand_close(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drip_is_sent_away),
        cmocka_unit_test(time_that_nobody_read_counts_against_nobody),
        cmocka_unit_test(silence_is_sent_away),
        cmocka_unit_test(who_reads_no_answers_is_not_read),
        cmocka_unit_test(another_source_keeps_off_what_waits),
        cmocka_unit_test(what_must_not_be_is_refused),
    };

    return cmocka_run_group_tests(tests, make_root, drop_root);
}
