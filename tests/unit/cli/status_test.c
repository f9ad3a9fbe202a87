/* The status tables out of a sample of the supervisor's answer, and what becomes of answers that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/status_text.h"

#include <stdio.h>
#include <string.h>

static const char sample[] =
    "{\"version\":\"0.1.0\",\"pid\":810,\"uptime_s\":7985,\"config\":\"newswired.yaml\",\"endpoint\":\"ipc://run/"
    "broker.sock\",\"ready\":true,\"stopping\":false,\"processes\":["
    "{\"name\":\"broker\",\"stage\":\"broker\",\"pid\":811,\"state\":\"ready\",\"restarts\":0,\"stalled\":0,"
    "\"last_exit\":null,\"uptime_s\":7985,\"rss_kb\":20480,\"cpu_ms\":79850,\"metrics\":{\"records\":5,"
    "\"accepted\":21578,\"completed\":21570,\"dropped\":3,\"dead\":1,\"in_flight\":4,\"low_on_room\":true,\"unburied\":"
    "2,"
    "\"stages\":[{\"name\":\"clean\",\"workers\":2,\"in\":21578,\"out\":21574,\"made\":21574,\"dropped\":3,\"dead\":1,"
    "\"in_flight\":0,\"queued\":0,\"rate\":1234.56,\"p50_ms\":0.25,\"p99_ms\":3.5},"
    "{\"name\":\"aggregate\",\"workers\":1,\"in\":21574,\"out\":21570,\"made\":21570,\"dropped\":0,\"dead\":0,"
    "\"in_flight\":4,\"queued\":2,\"rate\":1200,\"p50_ms\":0.1,\"p99_ms\":0.9}]}},"
    "{\"name\":\"clean-1\",\"stage\":\"clean\",\"pid\":0,\"state\":\"backoff\",\"restarts\":12,\"stalled\":0,"
    "\"last_exit\":\"signal 9 "
    "(Killed)\",\"uptime_s\":0,\"rss_kb\":0,\"cpu_ms\":0,\"metrics\":{\"alarms\":[{\"name\":\"wire\","
    "\"why\":\"nothing new\"}],\"alarm_count\":3}}]}\n";

static const char expected[] =
    "newswired 0.1.0, pid 810, ready, up 2 h 13 min, config newswired.yaml, broker ipc://run/broker.sock\n"
    "\n"
    "PROCESS  STAGE   PID  STATE    RESTARTS    MEMORY    CPU  LAST EXIT\n"
    "broker   broker  811  ready           0  20.0 MiB  1.0 %  -\n"
    "clean-1  clean     -  backoff        12         -      -  signal 9 (Killed)\n"
    "\n"
    "STAGE      WORKERS      IN     OUT  DROPPED  DEAD  LEASED  QUEUED  RATE/s  p50 ms  p99 ms\n"
    "clean            2  21,578  21,574        3     1       0       0  1234.6    0.25    3.50\n"
    "aggregate        1  21,574  21,570        0     0       4       2  1200.0    0.10    0.90\n"
    "\n"
    "Ledger: 21,578 accepted = 21,570 completed + 3 dropped + 1 dead + 4 in flight: balanced\n"
    "The disk is nearly full: nothing more is accepted until there is room.\n"
    "The disk has no room for dead letters: 2 wait for it, and what follows them.\n"
    "Alarm: wire: nothing new\n"
    "Alarm: 2 more; newswire sources lists them\n";

static void expect_text(struct nw_str json, const char *text)
{
    char why[STATUS_WHY] = "";
    struct nw_buf out;

    nw_buf_init(&out, STATUS_MAX);
    assert_int_equal(status_text(json, false, &out, why), 0);
    nw_buf_char(&out, '\0');
    assert_string_equal(out.p, text);
    nw_buf_free(&out);
}

static void shows_processes_stages_and_ledger(void **state)
{
    (void)state;
    expect_text(nw_str_z(sample), expected);
}

static void says_when_the_ledger_is_not_balanced(void **state)
{
    char text[sizeof sample], why[STATUS_WHY], *at;
    struct nw_buf out;

    (void)state;
    memcpy(text, sample, sizeof sample);
    at = strstr(text, "21570");
    assert_non_null(at);
    at[4] = '1'; /* one more has come out than went in */
    nw_buf_init(&out, STATUS_MAX);
    assert_int_equal(status_text(nw_str_z(text), true, &out, why), 0);
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("\033[31mNOT BALANCED\033[0m")) != SIZE_MAX);
    nw_buf_free(&out);
}

/* A daemon that joins a broker elsewhere has no stages to show; what an answer lacks is shown as "-". */
static void shows_what_there_is(void **state)
{
    (void)state;
    expect_text(NW_S("{\"processes\":[{\"name\":\"tag-1\\u001b[2J\"}]}"),
                "newswired -, pid 0, starting, up 0 s, config -, broker -\n\n"
                "PROCESS    STAGE  PID  STATE  RESTARTS  MEMORY  CPU  LAST EXIT\n"
                "tag-1?[2J  -        -  -             -       -    -  -\n");
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"", "the answer is no JSON"},
        {"{\"processes\":[", "the answer is no JSON"},
        {"[]", "the answer names no processes"},
        {"{\"error\":\"the answer is too long\"}", "the daemon says: the answer is too long"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[STATUS_WHY] = "";
        struct nw_buf out;

        nw_buf_init(&out, STATUS_MAX);
        assert_int_equal(status_text(nw_str_z(cases[i].json), false, &out, why), STATUS_BAD);
        assert_true(nw_str_starts(nw_str_z(why), nw_str_z(cases[i].why)));
        assert_int_equal(out.n, 0);
        nw_buf_free(&out);
    }
}

/* Every beginning of the sample is refused, and none is read beyond its end. */
static void refuses_every_truncation(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof sample - 2; n++) {
        char why[STATUS_WHY];
        struct nw_buf out;

        nw_buf_init(&out, STATUS_MAX);
        assert_int_equal(status_text(nw_str(sample, n), false, &out, why), STATUS_BAD);
        nw_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_processes_stages_and_ledger),
        cmocka_unit_test(says_when_the_ledger_is_not_balanced),
        cmocka_unit_test(shows_what_there_is),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(refuses_every_truncation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
