/*
 * Feeds over HTTP, on days that pass in seconds: the clock moves on when no poll is under way. The property that
 * counts: each item that a feed shows is accepted exactly once, whatever its server does wrong and whenever fetch is
 * killed; and no feed is asked more often than it may be.
 *
 * NW_LONG=1 makes it a thousand feeds over three days instead of forty over half a day.
 */
#include "unit/fetch/feed_server.h"
#include "unit/fetch/harness.h"

#include "conf/conf.h"
#include "feeds.h"
#include "fetch.h"
#include "run/context.h"

#include <newswire/clock.h>
#include <newswire/log.h>

#include <sys/time.h>

extern const struct nw_stage nw_stage_fetch;

enum {
    ITEMS = 1024,
    TRANSIT = 8,
    RAW = ANSWER,
    POLL_LEAST_S = 120,
    POLL_MOST_S = 1200,
    OLD = 7,
    LIVES = 100,
    WAIT_MS = 5
};

static const int64_t hour_ms = 3600000;

/* What the receiver has accepted; it outlives every life of fetch. */
struct receiver {
    uint64_t count;
    unsigned char seen[SERVED_MAX][ITEMS];
};

struct life {
    struct nw_stage_context context;
    struct nw_arena arena;
    char transit[TRANSIT][RAW];
    size_t n;
    uint64_t accepted;
    uint32_t seed;
};

static char root[64];
static struct receiver *receiver;
static struct feed_server *server;
static size_t feeds_served;
static int64_t hours;

static bool is_long(void)
{
    return getenv("NW_LONG") != NULL;
}

static int make(unsigned wrong_in_100)
{
    feeds_served = is_long() ? SERVED_MAX : 40;
    hours = is_long() ? 72 : 12;
    /* In memory where that can be: processes are killed here, not power. */
    snprintf(root, sizeof root, "%sfeeds_test.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : "");
    receiver = mmap(NULL, sizeof *receiver, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    server = server_start(wrong_in_100);
    return receiver != MAP_FAILED && server && mkdtemp(root) ? 0 : -1;
}

static int make_right(void **state)
{
    (void)state;
    return make(0);
}

static int make_wrong(void **state)
{
    (void)state;
    return make(30);
}

static int drop(void **state)
{
    char command[128];

    (void)state;
    server_stop(server);
    munmap(receiver, sizeof *receiver);
    nw_clock_real();
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static struct nw_conf *configure(bool allow_private)
{
    struct nw_conf *conf = NULL;
    struct nw_buf json;
    char why[NW_CONF_WHY];

    nw_buf_init(&json, 1 << 20);
    nw_buf_printf(&json,
                  "{\"data_dir\":\"%s\",\"sources\":[{\"kind\":\"feeds\",\"name\":\"harbour\",\"poll_least\":%d,"
                  "\"poll_most\":%d,\"host_gap\":0,\"host_connections\":8,\"allow_private\":%s,\"urls\":[",
                  root, POLL_LEAST_S, POLL_MOST_S, allow_private ? "true" : "false");
    for (size_t i = 0; i < feeds_served; i++)
        nw_buf_printf(&json, "%s\"http://127.0.0.1:%d/%s/%zu\"", i ? "," : "", server->port, i % OLD ? "feed" : "old",
                      i);
    nw_buf_printf(&json, "]}]}");
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &conf, why), 0);
    nw_buf_free(&json);
    return conf;
}

static int take(struct nw_stage_context *context, struct nw_record *record)
{
    struct life *life = context->owner;

    assert_true(life->n < TRANSIT && record->raw.n < RAW);
    snprintf(life->transit[life->n++], RAW, "%.*s", NW_FMT(record->raw));
    nw_arena_reset(&life->arena);
    return 0;
}

static void pass_over(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    (void)context;
    (void)path;
    (void)sentence;
}

static void accept_some(struct life *life, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (const char *at = life->transit[i]; (at = strstr(at, "item-")) != NULL; at++) {
            unsigned feed, item;
            assert_int_equal(sscanf(at, "item-%u-%u.", &feed, &item), 2);
            assert_true(feed < SERVED_MAX && item < ITEMS);
            receiver->seen[feed][item]++;
        }
        receiver->count++;
    }
    memmove(life->transit, life->transit + n, (life->n - n) * RAW);
    life->n -= n;
    life->accepted += n;
}

static void set_clock(int64_t now)
{
    server->now = now;
    nw_clock_fake(now, now);
}

static const struct feeds *feeds_of(const struct life *life)
{
    return (const struct feeds *)(const void *)((const struct fetch *)life->context.state)->lanes[0].source;
}

static void life_open(struct life *life, const struct nw_conf *conf, uint32_t seed)
{
    memset(life, 0, sizeof *life);
    set_clock(server->now);
    life->seed = seed;
    life->context.arena = &life->arena;
    life->context.emit = take;
    life->context.complain = pass_over;
    life->context.owner = life;
    assert_int_equal(nw_context_open(&life->context, &nw_stage_fetch, conf), 0);
    ((struct fetch *)life->context.state)->commons.before = receiver->count;
}

static void life_close(struct life *life)
{
    nw_context_close(&life->context);
    nw_arena_free(&life->arena);
}

/* Lives until the clock is past `until`, and all that came is accepted. */
static void life_run(struct life *life, int64_t until)
{
    while (true) {
        size_t room = TRANSIT - life->n;
        int pulled = NW_IDLE;

        if (room > 0)
            pulled = nw_stage_fetch.pull(&life->context, life->context.state, 1 + dice(&life->seed) % room);
        assert_true(pulled == NW_PULLED || pulled == NW_IDLE);
        if (pulled == NW_IDLE || dice(&life->seed) % 3 == 0) {
            accept_some(life, pulled == NW_IDLE ? life->n : dice(&life->seed) % (life->n + 1));
            assert_int_equal(nw_stage_fetch.accepted(&life->context, life->context.state, life->accepted), 0);
        }
        if (pulled != NW_IDLE)
            continue;
        if (feeds_of(life)->polling > 0) { /* polls are under way */
            struct pollfd network = {.fd = ((struct fetch *)life->context.state)->epoll, .events = POLLIN};
            poll(&network, 1, life->context.idle_ms < WAIT_MS ? (int)life->context.idle_ms : WAIT_MS);
        } else if (feeds_due(feeds_of(life)) > until) {
            return;
        } else if (feeds_due(feeds_of(life)) > server->now) {
            set_clock(feeds_due(feeds_of(life)));
        }
    }
}

/* Each item that was ever shown came once. */
static void check(void)
{
    for (size_t feed = 0; feed < feeds_served; feed++) {
        uint32_t newest = server_newest(feed, server->frozen);
        assert_true(newest < ITEMS);
        for (uint32_t item = 0; item < ITEMS; item++) {
            if (receiver->seen[feed][item] != (item <= newest))
                fail_msg("item %u of feed %zu came %d times", item, feed, receiver->seen[feed][item]);
        }
    }
}

static int64_t end_of_time(void)
{
    server->frozen = SERVER_START + hours * hour_ms;
    return server->frozen + 5 * hour_ms; /* longer than any row of errors */
}

static void every_item_comes_once(void **state)
{
    struct nw_conf *conf = configure(true);
    uint64_t requests = 0, unchanged = 0;
    struct life life;

    (void)state;
    life_open(&life, conf, 5);
    life_run(&life, end_of_time());
    life_close(&life);
    check();
    for (size_t i = 0; i < feeds_served; i++) {
        const struct served *served = &server->feeds[i];
        requests += served->requests;
        unchanged += served->unchanged;
        assert_true(served->least_gap_ms >= POLL_LEAST_S * 1000);
        /* Two looks a period and one more now and then; and the five hours at the end, three an hour. */
        assert_true((int64_t)served->requests < 4 * (server->frozen - SERVER_START) / server_period(i) + 60);
    }
    assert_true(unchanged > requests / 4);
    print_message("%zu feeds, %d hours: %llu polls, %llu of them 304\n", feeds_served, (int)hours,
                  (unsigned long long)requests, (unsigned long long)unchanged);
    nw_conf_free(&conf);
}

/* An item stays in its feed for five hours and more: none is lost to a row of errors but one that comes once in many
 * millions of runs. */
static void faulty_servers_cost_nothing_but_time(void **state)
{
    struct nw_conf *conf = configure(true);
    struct life life;
    uint64_t wrong = 0;

    (void)state;
    life_open(&life, conf, 6);
    life_run(&life, end_of_time());
    life_close(&life);
    server->wrong_in_100 = 0;
    life_open(&life, conf, 7);
    life_run(&life, server->now + 5 * hour_ms);
    life_close(&life);
    check();
    for (size_t i = 0; i < feeds_served; i++)
        wrong += server->feeds[i].wrong;
    assert_true(wrong > 0);
    nw_conf_free(&conf);
}

/* A life that ends at some moment within `micros`. */
static void life_killed(const struct nw_conf *conf, uint32_t seed, int64_t until, int micros)
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        struct itimerval timer = {.it_value = {.tv_usec = micros}};
        struct life life;

        life_open(&life, conf, seed);
        setitimer(ITIMER_REAL, &timer, NULL); /* SIGALRM ends a process that does not ask for it */
        life_run(&life, until);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGALRM : WEXITSTATUS(status) == 0);
}

static void killed_at_any_moment(void **state)
{
    struct nw_conf *conf = configure(true);
    int64_t until = end_of_time();
    struct life life;
    uint32_t seed = 9;

    (void)state;
    for (size_t i = 0; i < LIVES; i++)
        life_killed(conf, dice(&seed), until, 1000 + (int)(dice(&seed) % 60000));
    life_open(&life, conf, 8);
    life_run(&life, until);
    life_close(&life);
    check();
    nw_conf_free(&conf);
}

static void private_addresses_are_refused(void **state)
{
    struct nw_conf *conf;
    struct feed_row row;
    struct life life;
    char url[64];

    (void)state;
    feeds_served = 1;
    conf = configure(false);
    life_open(&life, conf, 3);
    life_run(&life, server->now + hour_ms);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/old/0", server->port);
    assert_int_equal(feed_book_find(feeds_of(&life)->book, NW_S("harbour"), nw_str_z(url), &row), 0);
    assert_non_null(strstr(row.why, "not a public one"));
    assert_int_equal(row.status, 0);
    life_close(&life);
    assert_int_equal(server->feeds[0].requests, 0);
    assert_int_equal(receiver->count, 0);
    nw_conf_free(&conf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_item_comes_once, make_right, drop),
        cmocka_unit_test_setup_teardown(faulty_servers_cost_nothing_but_time, make_wrong, drop),
        cmocka_unit_test_setup_teardown(killed_at_any_moment, make_right, drop),
        cmocka_unit_test_setup_teardown(private_addresses_are_refused, make_right, drop),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
