/* The metrics out of a sample of the supervisor's answer: each family whole, in one place, below its head; and what
 * becomes of answers that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/metrics_text.h"

#include <string.h>

static const char sample[] =
    "{\"version\":\"0.1.0\",\"pid\":810,\"uptime_s\":7985,\"ready\":true,\"stopping\":false,\"processes\":["
    "{\"name\":\"broker\",\"stage\":\"broker\",\"pid\":811,\"state\":\"ready\",\"restarts\":0,\"rss_kb\":20480,"
    "\"cpu_ms\":79850,\"metrics\":{\"records\":5,\"accepted\":9007199254740991,\"completed\":21570,\"dropped\":3,"
    "\"low_on_room\":true,\"p50_ms\":0.25,\"p99_ms\":3.5,\"stages\":["
    "{\"name\":\"clean\",\"in\":21578,\"queued\":2,\"p50_ms\":0.25,\"p99_ms\":3.5},"
    "{\"name\":\"aggregate\",\"in\":21574,\"queued\":0,\"p50_ms\":0.1,\"p99_ms\":0.9}]}},"
    "{\"name\":\"fetch\",\"stage\":\"fetch\",\"pid\":0,\"state\":\"backoff\",\"restarts\":12,\"rss_kb\":0,"
    "\"cpu_ms\":0,\"metrics\":{\"documents\":7,\"alarms\":[{\"name\":\"wi\\\"re\\n\\\\\",\"why\":\"quiet\"}],"
    "\"alarm_count\":3}}]}\n";

static void make(struct nw_buf *out, const char *sources)
{
    json_t *list = json_loads(sources, 0, NULL),
           *folders = json_loads("[{\"name\":\"journal\",\"bytes\":512}]", 0, NULL);
    char why[METRICS_WHY];

    assert_non_null(list);
    assert_non_null(folders);
    nw_buf_init(out, METRICS_MAX);
    assert_int_equal(metrics_text(nw_str_z(sample), list, folders, out, why), 0);
    json_decref(list);
    json_decref(folders);
}

static const char one_source[] = "[{\"source\":\"wires\",\"kind\":\"feed\",\"url\":\"https://news.example/rss\","
                                 "\"items\":4,\"last_item\":1767225600500,\"due\":0,\"errors\":1,\"quiet\":true,"
                                 "\"paused\":false}]";

static void tells_what_there_is(void **state)
{
    static const char *const lines[] = {
        "# HELP newswire_articles_accepted_total durable in the journal: completed + dropped + dead + in flight\n"
        "# TYPE newswire_articles_accepted_total counter\n"
        "newswire_articles_accepted_total 9007199254740991\n",
        "\nnewswire_build_info{version=\"0.1.0\"} 1\n",
        "\nnewswire_ready 1\n",
        "\nnewswire_disk_nearly_full 1\n",
        "\nnewswire_process_state{process=\"fetch\",stage=\"fetch\",state=\"backoff\"} 1\n",
        "\nnewswire_process_restarts_total{process=\"fetch\",stage=\"fetch\"} 12\n",
        "\nnewswire_process_resident_memory_bytes{process=\"broker\",stage=\"broker\"} 20971520\n",
        "\nnewswire_process_cpu_seconds_total{process=\"broker\",stage=\"broker\"} 79.85\n",
        "\nnewswire_stage_in_total{stage=\"clean\"} 21578\nnewswire_stage_in_total{stage=\"aggregate\"} 21574\n",
        "\nnewswire_stage_latency_seconds{stage=\"clean\",quantile=\"0.5\"} 0.00025\n",
        "\nnewswire_alarms{process=\"fetch\",stage=\"fetch\"} 3\n",
        "\nnewswire_alarm{name=\"wi\\\"re\\n\\\\\"} 1\n",
        "\nnewswire_source_quiet{source=\"wires\",kind=\"feed\",url=\"https://news.example/rss\"} 1\n",
        ("\nnewswire_source_last_item_timestamp_seconds{source=\"wires\",kind=\"feed\",url=\"https://news.example/"
         "rss\"}"
         " 1767225600.5\n"),
        "\nnewswire_folder_bytes{folder=\"journal\"} 512\n",
        "\nnewswire_events_total{process=\"fetch\",stage=\"fetch\",event=\"documents\"} 7\n",
    };
    struct nw_buf out;

    (void)state;
    make(&out, one_source);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (nw_str_find(nw_buf_view(&out), nw_str_z(lines[i])) == SIZE_MAX)
            fail_msg("missing: %s", lines[i]);
    }
    /* What the broker says of itself is told under its own names alone, and the list of alarms is no number. */
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("event=\"records\"")) == SIZE_MAX);
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("event=\"alarm")) == SIZE_MAX);
    nw_buf_free(&out);
}

/* The name of the metric that a line is about: of a sample, of a head. */
static struct nw_str name_of(struct nw_str line)
{
    size_t n = 0;

    if (nw_str_starts(line, NW_S("# ")))
        line = nw_str(line.p + 7, line.n - 7); /* "# HELP ", "# TYPE " */
    while (n < line.n && line.p[n] != ' ' && line.p[n] != '{')
        n++;
    return nw_str(line.p, n);
}

/* The format's rule: HELP, TYPE, then all samples of that name, and the name never again. */
static void keeps_each_family_together(void **state)
{
    enum { MOST = 200 };
    struct nw_str seen[MOST], rest, line;
    struct nw_buf out;
    size_t n = 0, samples = 0;

    (void)state;
    make(&out, one_source);
    rest = nw_buf_view(&out);
    while (nw_str_line(&rest, &line)) {
        struct nw_str name = name_of(line);

        if (nw_str_starts(line, NW_S("# HELP "))) {
            for (size_t i = 0; i < n; i++)
                assert_false(nw_str_eq(seen[i], name));
            assert_true(n < MOST);
            seen[n++] = name;
            assert_true(nw_str_line(&rest, &line));
            assert_true(nw_str_starts(line, NW_S("# TYPE ")));
            samples = 0;
        } else {
            samples++;
        }
        assert_true(n > 0 && nw_str_eq(seen[n - 1], name_of(line)));
    }
    assert_true(n > 20 && samples > 0);
    nw_buf_free(&out);
}

/* Nothing of sources and folders: nothing is said of them. */
static void tells_nothing_of_what_is_not_there(void **state)
{
    struct nw_buf out;
    char why[METRICS_WHY];

    (void)state;
    nw_buf_init(&out, METRICS_MAX);
    assert_int_equal(metrics_text(nw_str_z(sample), NULL, NULL, &out, why), 0);
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("newswire_source")) == SIZE_MAX);
    assert_true(nw_str_find(nw_buf_view(&out), NW_S("newswire_folder")) == SIZE_MAX);
    nw_buf_free(&out);
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"", "the answer is no JSON"},
        {"[]", "the answer names no processes"},
        {"{\"error\":\"the answer is too long\"}", "the daemon says: the answer is too long"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[METRICS_WHY] = "";
        struct nw_buf out;

        nw_buf_init(&out, METRICS_MAX);
        assert_int_equal(metrics_text(nw_str_z(cases[i].json), NULL, NULL, &out, why), METRICS_BAD);
        assert_true(nw_str_starts(nw_str_z(why), nw_str_z(cases[i].why)));
        assert_int_equal(out.n, 0);
        nw_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_there_is),
        cmocka_unit_test(keeps_each_family_together),
        cmocka_unit_test(tells_nothing_of_what_is_not_there),
        cmocka_unit_test(says_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
