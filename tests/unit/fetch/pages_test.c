/*
 * `follow: page`, scene by scene: what a site answers, and what becomes of its feed's items. Time is the test's: it
 * moves on when nothing is under way. Whatever the site does, each item comes out once, with its page or as the feed
 * gave it.
 */
#include "web_server.h"

#include "conf/conf.h"
#include "feeds.h"
#include "fetch.h"
#include "run/context.h"

#include <newswire/clock.h>
#include <newswire/log.h>

#include <poll.h>
#include <stdlib.h>

extern const struct nw_stage nw_stage_fetch;

enum { ITEMS = 300, ANSWERS = 3, ANSWER = 128 << 10, WAIT_MS = 5, ROOM = 64 };

static const int64_t start_ms = INT64_C(1800000000000), second = 1000, hour = 3600000;

#define OK(text)   "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" text
#define PAGE       OK("<p>The whole text.</p>")
#define ALLOW      OK("")
#define NO(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"
#define TO(where)  "HTTP/1.1 302 There\r\nLocation: " where "\r\nContent-Length: 0\r\n\r\n"

struct scene {
    const char *name;
    const char *robots[ANSWERS], *page[ANSWERS]; /* to the first, second, … request; the last one to all others */
    unsigned items;
    /* What is to come of it. */
    unsigned whole, given; /* items with their page; as the feed gave them */
    unsigned robots_asked, pages_asked;
    int64_t gap_ms; /* between two pages; 0: any */
};

struct site {
    struct web_server server;
    const struct scene *scene;
    unsigned items, robots_asked, pages_asked, feed_asked;
    unsigned page_asked[ITEMS];
    int64_t page_at, least_gap, most_gap;
    char answer[ANSWER];
};

static char folder[64];
static int64_t now;
static struct site site, other;

/* What the receiver has. */
static struct {
    uint64_t count;
    unsigned whole[ITEMS], given[ITEMS];
} receiver;

struct life {
    struct nw_stage_context context;
    struct nw_arena arena;
    uint64_t emitted;
};

/* ---- the site */

static const char *nth(const char *const answers[ANSWERS], unsigned n)
{
    while (n > 0 && (n >= ANSWERS || !answers[n]))
        n--;
    return answers[n] ? answers[n] : NO("404 No");
}

static struct nw_str feed_answer(struct site *s)
{
    size_t n = (size_t)snprintf(s->answer, ANSWER, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss><channel>");

    s->feed_asked++;
    for (unsigned i = 0; i < s->items; i++)
        n += (size_t)snprintf(s->answer + n, ANSWER - n,
                              "<item><guid isPermaLink=\"false\">item-%u.</guid><link>/p/%u</link></item>", i, i);
    snprintf(s->answer + n, ANSWER - n, "</channel></rss>");
    return nw_str_z(s->answer);
}

static struct nw_str site_answer(void *user, const char *path)
{
    struct site *s = user;
    unsigned i = 0;

    if (strcmp(path, "/feed") == 0)
        return feed_answer(s);
    if (strcmp(path, "/robots.txt") == 0)
        return nw_str_z(nth(s->scene->robots, s->robots_asked++));
    if (strcmp(path, "/rules") == 0) /* where a robots.txt may lead */
        return nw_str_z(OK("User-agent: *\nDisallow: /p/1\n"));
    if (s->pages_asked++ > 0) {
        int64_t gap = now - s->page_at;
        s->least_gap = gap < s->least_gap ? gap : s->least_gap;
        s->most_gap = gap > s->most_gap ? gap : s->most_gap;
    }
    s->page_at = now;
    if (sscanf(path, "/p/%u", &i) != 1 || i >= ITEMS)
        return nw_str_z(PAGE);
    return nw_str_z(nth(s->scene->page, s->page_asked[i]++));
}

static void site_open(struct site *s, const struct scene *scene)
{
    memset(s, 0, sizeof *s);
    s->scene = scene;
    s->items = scene->items;
    s->least_gap = INT64_MAX;
    web_server_open(&s->server);
    s->server.answer = site_answer;
    s->server.user = s;
}

/* ---- a life of fetch */

static int take(struct nw_stage_context *context, struct nw_record *record)
{
    struct life *life = context->owner;
    bool whole = nw_str_find(record->raw, NW_S("The whole text.")) != SIZE_MAX;
    struct nw_str rest = record->raw;
    size_t at;

    assert_int_equal(whole, nw_str_starts(record->raw, NW_S("WARC/")));
    if (whole)
        assert_true(nw_str_eq(record->source->declared, NW_S("application/warc")));
    while ((at = nw_str_find(rest, NW_S("item-"))) != SIZE_MAX) {
        unsigned i = (unsigned)strtoul(rest.p + at + 5, NULL, 10);
        assert_true(i < ITEMS);
        (whole ? receiver.whole : receiver.given)[i]++;
        rest = nw_str_from(rest, at + 5);
    }
    life->emitted++;
    receiver.count++;
    nw_arena_reset(&life->arena);
    return 0;
}

static void pass_over(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    (void)context;
    (void)path;
    (void)sentence;
}

static void set_clock(int64_t ms)
{
    now = ms;
    nw_clock_fake(ms, ms);
}

static void life_open(struct life *life)
{
    struct nw_conf *conf = NULL;
    char json[1024], why[NW_CONF_WHY];

    memset(life, 0, sizeof *life);
    snprintf(json, sizeof json,
             "{\"data_dir\":\"%s\",\"sources\":[{\"kind\":\"feeds\",\"name\":\"harbour\",\"follow\":\"page\","
             "\"poll_least\":600,\"poll_most\":600,\"host_gap\":100,\"host_connections\":2,\"allow_private\":true,"
             "\"urls\":[\"http://127.0.0.1:%d/feed\"]}]}",
             folder, site.server.port);
    assert_int_equal(nw_conf_from_json(nw_str_z(json), nw_stage_fetch.conf, &conf, why), 0);
    life->context.arena = &life->arena;
    life->context.emit = take;
    life->context.complain = pass_over;
    life->context.owner = life;
    assert_int_equal(nw_context_open(&life->context, &nw_stage_fetch, conf), 0);
    ((struct fetch *)life->context.state)->commons.before = receiver.count;
    life->context.conf = conf;
}

static void life_close(struct life *life)
{
    struct nw_conf *conf = (struct nw_conf *)(uintptr_t)life->context.conf;

    nw_context_close(&life->context);
    nw_arena_free(&life->arena);
    nw_conf_free(&conf);
}

static bool under_way(const struct queue *queue)
{
    for (size_t i = 0; i < queue->slots; i++) {
        for (const struct host *host = queue->hosts[i]; host; host = host->next) {
            if (host->busy > 0)
                return true;
        }
    }
    return false;
}

/* Lives until nothing more is due before `until`. */
static void life_run(struct life *life, int64_t until)
{
    struct fetch *fetch = life->context.state;
    struct feeds *feeds = (struct feeds *)(void *)fetch->lanes[0].source;

    while (true) {
        int pulled = nw_stage_fetch.pull(&life->context, fetch, ROOM);
        assert_true(pulled == NW_PULLED || pulled == NW_IDLE);
        if (pulled == NW_PULLED)
            continue;
        assert_int_equal(nw_stage_fetch.accepted(&life->context, fetch, life->emitted), 0);
        if (under_way(&feeds->queue)) {
            struct pollfd polls[] = {{.fd = fetch->epoll, .events = POLLIN},
                                     {.fd = site.server.listener, .events = POLLIN}};
            poll(polls, 2, life->context.idle_ms < WAIT_MS ? (int)life->context.idle_ms : WAIT_MS);
            web_server_step(&site.server);
            if (other.scene)
                web_server_step(&other.server);
        } else if (feeds_due(feeds) > until) {
            return;
        } else if (feeds_due(feeds) > now) {
            set_clock(feeds_due(feeds));
        }
    }
}

static void open_all(const struct scene *scene)
{
    memset(&receiver, 0, sizeof receiver);
    memset(&other, 0, sizeof other);
    snprintf(folder, sizeof folder, "%spages_test.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : "");
    assert_non_null(mkdtemp(folder));
    site_open(&site, scene);
    set_clock(start_ms);
}

static void close_all(void)
{
    char command[128];

    web_server_close(&site.server);
    if (other.scene)
        web_server_close(&other.server);
    nw_clock_real();
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

/* Each item came once; how many of them with their pages. */
static unsigned whole_of(const char *name)
{
    unsigned whole = 0;

    for (unsigned i = 0; i < ITEMS; i++) {
        if (receiver.whole[i] + receiver.given[i] != (i < site.items))
            fail_msg("%s: item %u came %u times", name, i, receiver.whole[i] + receiver.given[i]);
        whole += receiver.whole[i];
    }
    return whole;
}

static void play(const struct scene *scene)
{
    struct life life;
    unsigned whole;

    open_all(scene);
    life_open(&life);
    life_run(&life, start_ms + 3 * hour);
    life_close(&life);
    whole = whole_of(scene->name);
    if (whole != scene->whole || scene->items - whole != scene->given || site.robots_asked != scene->robots_asked ||
        site.pages_asked != scene->pages_asked)
        fail_msg("%s: %u items with their pages, robots.txt asked for %u times, pages %u times", scene->name, whole,
                 site.robots_asked, site.pages_asked);
    if (scene->gap_ms && (site.least_gap != scene->gap_ms || site.most_gap != scene->gap_ms))
        fail_msg("%s: gaps from %lld to %lld ms", scene->name, (long long)site.least_gap, (long long)site.most_gap);
    close_all();
}

/* ---- tests */

static void scenes(void **state)
{
    static const struct scene table[] = {
        {"no robots.txt", {NO("404 No")}, {PAGE}, 3, 3, 0, 1, 3, 100},
        {"all allowed", {ALLOW}, {PAGE}, 3, 3, 0, 1, 3, 100},
        {"one forbidden", {OK("User-agent: *\nDisallow: /p/1\n")}, {PAGE}, 3, 2, 1, 1, 2, 0},
        {"we alone allowed",
         {OK("User-agent: *\nDisallow: /\nUser-agent: newswired\nAllow: /\n")},
         {PAGE},
         3,
         3,
         0,
         1,
         3,
         0},
        {"robots.txt elsewhere", {TO("/rules")}, {PAGE}, 3, 2, 1, 1, 2, 0},
        {"robots.txt in circles", {TO("/robots.txt")}, {PAGE}, 3, 3, 0, 6, 3, 0},
        {"robots.txt can't be had", {NO("500 Oh")}, {PAGE}, 3, 0, 3, 2, 0, 0},
        {"robots.txt is busy", {NO("429 Later")}, {PAGE}, 3, 0, 3, 2, 0, 0},
        {"robots.txt is no HTTP", {"Oh!\r\n\r\n"}, {PAGE}, 3, 0, 3, 2, 0, 0},
        {"robots.txt can be had later", {NO("503 Later"), ALLOW}, {PAGE}, 3, 3, 0, 2, 3, 0},
        {"a delay", {OK("User-agent: *\nCrawl-delay: 10\n")}, {PAGE}, 5, 5, 0, 1, 5, 10000},
        {"too long a delay", {OK("User-agent: *\nCrawl-delay: 1000\n")}, {PAGE}, 5, 5, 0, 1, 5, 30000},
        {"gone", {ALLOW}, {NO("404 No")}, 3, 0, 3, 1, 3, 0},
        {"empty", {ALLOW}, {ALLOW}, 3, 0, 3, 1, 3, 0},
        {"a film", {ALLOW}, {"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\nx"}, 3, 0, 3, 1, 3, 0},
        {"busy twice", {ALLOW}, {NO("503 Later"), NO("429 Later"), PAGE}, 3, 3, 0, 1, 9, 0},
        {"busy always", {ALLOW}, {NO("503 Later")}, 3, 0, 3, 1, 9, 0},
        {"busy all day",
         {ALLOW},
         {"HTTP/1.1 503 No\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n"},
         3,
         0,
         3,
         1,
         3,
         0},
        {"moved", {ALLOW}, {TO("/q")}, 3, 3, 0, 1, 6, 0},
        {"moved to what is forbidden", {OK("User-agent: *\nDisallow: /q\n")}, {TO("/q")}, 3, 0, 3, 1, 3, 0},
        {"moved nowhere", {ALLOW}, {NO("301 There")}, 3, 0, 3, 1, 3, 0},
        {"moved to a file", {ALLOW}, {TO("file:///etc/hostname")}, 3, 0, 3, 1, 3, 0},
        {"moved to one with a password", {ALLOW}, {TO("http://a:b@127.0.0.1/")}, 3, 0, 3, 1, 3, 0},
        {"moved in circles", {ALLOW}, {TO("?")}, 3, 0, 3, 1, 18, 0},
        {"more than may wait", {ALLOW}, {PAGE}, ITEMS, PAGES_OF_FEED, ITEMS - PAGES_OF_FEED, 1, PAGES_OF_FEED, 100},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        play(&table[i]);
}

static void another_site_has_its_own_rules(void **state)
{
    static char away[256];
    const struct scene here = {"away", {ALLOW}, {away}, 3, 0, 3, 1, 3, 0},
                       there = {"there", {OK("User-agent: *\nDisallow: /q\n")}, {PAGE}, 0, 0, 0, 0, 0, 0};

    struct life life;

    (void)state;
    open_all(&here);
    site_open(&other, &there);
    snprintf(away, sizeof away, TO("http://127.0.0.1:%d/q"), other.server.port);
    life_open(&life);
    life_run(&life, start_ms + hour);
    life_close(&life);
    assert_int_equal(whole_of("away"), 0);
    assert_int_equal(site.pages_asked, 3);
    assert_int_equal(other.robots_asked, 1);
    assert_int_equal(other.pages_asked, 0);
    close_all();
}

static void robots_are_believed_for_a_day(void **state)
{
    const struct scene scene = {"a day", {ALLOW, NO("500 Oh")}, {PAGE}, 1, 0, 0, 0, 0, 0};
    static const struct {
        int64_t hour;
        unsigned robots_asked;
    } days[] = {{1, 1}, {20, 1}, {25, 1}, {26, 2}, {27, 3}}; /* an item comes at the hour before */
    struct life life;

    (void)state;
    open_all(&scene);
    life_open(&life);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        site.items = (unsigned)i + 1;
        life_run(&life, start_ms + days[i].hour * hour);
        assert_int_equal(site.robots_asked, days[i].robots_asked);
        assert_int_equal(whole_of("a day"), i + 1); /* what it said first stays true while it can't be had */
    }
    life_close(&life);
    close_all();
}

/* What waited goes on in the next life, without the feed's help. */
static void pages_outlive_a_life(void **state)
{
    const struct scene scene = {"lives", {OK("User-agent: *\nCrawl-delay: 10\n")}, {PAGE}, 9, 0, 0, 0, 0, 0};
    struct life life;

    (void)state;
    open_all(&scene);
    for (int i = 1; i <= 3; i++) {
        life_open(&life);
        life_run(&life, start_ms + i * 15 * second);
        life_close(&life);
        assert_int_equal(site.feed_asked, 1);
    }
    assert_true(site.pages_asked > 3 && site.pages_asked < 9);
    life_open(&life);
    life_run(&life, start_ms + 300 * second);
    life_close(&life);
    assert_int_equal(site.pages_asked, 9);
    assert_int_equal(whole_of("lives"), 9);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenes),
        cmocka_unit_test(another_site_has_its_own_rules),
        cmocka_unit_test(robots_are_believed_for_a_day),
        cmocka_unit_test(pages_outlive_a_life),
    };

    nw_log_setup("test", NW_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
