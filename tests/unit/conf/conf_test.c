/*
 * The tables against texts: each row of `cases` is a text and all that must be told of it; beside them the properties
 * that what is printed reads back the same, and that JSON carries every value.
 */
#include "conf/conf.h"

#include <newswire/alloc.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const levels[] = {"error", "warn", "info", "debug", NULL};

static const struct nw_conf_row source_rows[] = {
    {.key = "path", .kind = NW_CONF_STR, .least = 1, .most = 40, .doc = "a folder"},
    {.key = "poll_ms", .kind = NW_CONF_INT, .least = 10, .most = 60000, .preset = "1000", .unit = "ms", .doc = "pause"},
    {.key = "tags", .kind = NW_CONF_STRS, .doc = "marks"},
    NW_CONF_END,
};

static const struct nw_conf_row root_rows[] = {
    {.key = "run_dir", .kind = NW_CONF_STR, .preset = "./run", .doc = "sockets"},
    {.key = "log_level", .kind = NW_CONF_STR, .preset = "info", .words = levels, .doc = "least level"},
    {.key = "pipeline", .kind = NW_CONF_STRS, .preset = "[clean, tag]", .doc = "stages"},
    {.key = "sources", .kind = NW_CONF_LIST, .rows = source_rows, .doc = "where it comes from"},
    NW_CONF_END,
};

static const struct nw_conf_row clean_rows[] = {
    {.key = "workers", .kind = NW_CONF_INT, .least = 1, .most = 256, .preset = "1", .doc = "processes"},
    {.key = "floor", .kind = NW_CONF_NUM, .least = 0, .most = 1, .preset = "0.25", .doc = "least score"},
    {.key = "strict", .kind = NW_CONF_BOOL, .preset = "false", .doc = "refuse doubtful copy"},
    {.key = "bias", .kind = NW_CONF_INT, .preset = "-3", .doc = "any number"},
    NW_CONF_END,
};

static const struct nw_conf_row tag_rows[] = {
    {.key = "model", .kind = NW_CONF_STR, .least = 1, .doc = "file of the model"},
    NW_CONF_END,
};

static const struct nw_conf_section stage_sections[] = {
    {.key = "clean", .doc = "the first stage", .rows = clean_rows},
    {.key = NULL},
};

static const struct nw_conf_section below_root[] = {
    {.key = "stages", .doc = "one section a stage", .sections = stage_sections},
    {.key = NULL},
};

static const struct nw_conf_section root = {.key = "", .rows = root_rows, .sections = below_root};

static const struct {
    const char *text, *told;
} cases[] = {
    {"", ""},
    {"# nothing\n", ""},
    {"---\n", ""},
    {"stages:\n", ""},
    {"stages:\n  clean:\n", ""},
    {"sources:\n", ""},
    {"run_dir: 5\n", ""},
    {"{\"run_dir\": \"x\"}\n", ""},
    {"stages:\n  clean:\n    worker: 2\n", "f:3: unknown key \"worker\" in stages.clean; did you mean \"workers\"?\n"},
    {"rundir: x\nsourcse: []\n", "f:1: unknown key \"rundir\"; did you mean \"run_dir\"?\nf:2: unknown key "
                                 "\"sourcse\"; did you mean \"sources\"?\n"},
    {"zebra: x\n", "f:1: unknown key \"zebra\"; there may be run_dir, log_level, pipeline, sources, stages\n"},
    {"stages: {clean: {workers: 900}}\n",
     "f:1: stages.clean.workers is 900; it must be a whole number from 1 to 256\n"},
    {"stages:\n  clean:\n    workers: 0\n    floor: 1.5\n    strict: flase\n    bias: 010x\n",
     "f:3: stages.clean.workers is 0; it must be a whole number from 1 to 256\n"
     "f:4: stages.clean.floor is 1.5; it must be a number from 0 to 1\n"
     "f:5: stages.clean.strict is \"flase\"; it must be true or false\n"
     "f:6: stages.clean.bias is 010x; it must be a whole number\n"},
    {"stages:\n  clean:\n    workers: \"2\"\n",
     "f:3: stages.clean.workers is \"2\"; it must be a whole number from 1 to 256\n"},
    {"stages:\n  clean:\n    bias: 99999999999999999999\n",
     "f:3: stages.clean.bias is 99999999999999999999; it must be a whole number\n"},
    {"stages:\n  clean:\n    floor: nan\n", "f:3: stages.clean.floor is nan; it must be a number from 0 to 1\n"},
    {"stages:\n  clean:\n    workers:\n",
     "f:3: stages.clean.workers has no value; it must be a whole number from 1 to 256\n"},
    {"stages:\n  clean: [1]\n",
     "f:2: stages.clean is a list; it must be a mapping of keys, each on a line \"key: value\"\n"},
    {"log_level: infos\n",
     "f:1: log_level is \"infos\"; it must be one of error, warn, info, debug; did you mean \"info\"?\n"},
    {"log_level: {a: b}\n", "f:1: log_level is a mapping; it must be one of error, warn, info, debug\n"},
    {"pipeline: clean\n", "f:1: pipeline is \"clean\"; it must be a list of texts\n"},
    {"pipeline: [clean, [tag]]\n", "f:1: pipeline[1] is a list; it must be a text\n"},
    {"sources:\n  - path: inbox\n  - poll_ms: 5\n    path: \"\"\n  - {}\n",
     "f:3: sources[1].poll_ms is 5; it must be a whole number from 10 to 60000 ms\n"
     "f:4: sources[1].path is \"\"; it must be a text of 1 to 40 bytes\n"
     "f:5: the key sources[2].path is missing: a text of 1 to 40 bytes; a folder\n"},
    {"run_dir: a\nrun_dir: b\n", "f:2: the key run_dir stands twice; the first is on line 1\n"},
    {"stages:\n  clean: {}\nrun_dir: a\nstages: {}\n", "f:4: the key stages stands twice; the first is on line 1\n"},
    {"- a\n", "f:1: the file is a list; it must be a mapping of keys, each on a line \"key: value\"\n"},
    {"hello\n", "f:1: the file is a single value; it must be a mapping of keys, each on a line \"key: value\"\n"},
    {"run_dir: &a x\nlog_level: *a\n", "f:2: the alias *a is not followed; write the value out\n"},
    {"run_dir: !!str x\n", "f:1: the tag tag:yaml.org,2002:str is not used here; remove it\n"},
    {"run_dir: \"a\\0b\"\n", "f:1: a text holds a NUL byte (\\0); remove it\n"},
    {"? [a]\n: b\n", "f:1: a key must be one word, not a mapping or a list\n"},
    {"run_dir: a\n---\nrun_dir: b\n",
     "f:2: a second document begins here; a configuration is one: remove the \"---\"\n"},
    {"stages:\n\tclean: 1\n", "f:2: a tab stands where only spaces may; indent with spaces\n"},
    {"run_dir: [a\nlog_level: b\n", NULL},
    {"run_dir: \xff\xfe\n", "f:1: this is no YAML text in UTF-8: invalid leading UTF-8 octet (byte 9 of the file)\n"},
    {"a: 1\n\nb: \x01\n",
     "f:3: this is no YAML text in UTF-8: control characters are not allowed (byte 9 of the file)\n"},
    {"pipeline: [[[[[[[[[[[[[[[[[[[[\n", "f:1: more than 16 levels of mappings and lists stand in one another\n"},
};

static void test_each_problem_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_conf *conf = NULL;
        struct nw_buf told;
        int rc;
        nw_conf_problems_init(&told);
        rc = nw_conf_parse("f", nw_str_z(cases[i].text), &root, &conf, &told);
        assert_int_equal(nw_buf_char(&told, '\0'), 0);
        if (cases[i].told)
            assert_string_equal(told.p, cases[i].told);
        assert_int_equal(rc, cases[i].told && !*cases[i].told ? 0 : NW_CONF_BAD);
        assert_true((rc == 0) == (conf != NULL));
        nw_conf_free(&conf);
        nw_buf_free(&told);
    }
}

static struct nw_conf *parse(struct nw_str text)
{
    struct nw_conf *conf = NULL;
    struct nw_buf told;

    nw_conf_problems_init(&told);
    if (nw_conf_parse("f", text, &root, &conf, &told) != 0)
        fail_msg("%.*s", NW_FMT(nw_buf_view(&told)));
    nw_buf_free(&told);
    return conf;
}

static void test_values_are_read(void **state)
{
    static const char text[] = "run_dir: /var/run/newswired\n"
                               "sources:\n"
                               "  - {path: \"in: box\", poll_ms: 20}\n"
                               "  - path: tcp://127.0.0.1:7001\n"
                               "    tags: [a, 'b c', \"\\u00e9\"]\n"
                               "stages:\n"
                               "  clean:\n"
                               "    workers: 4\n"
                               "    strict: true\n";
    struct nw_conf *conf = parse(nw_str_z(text));
    const struct nw_conf *clean = nw_conf_under(nw_conf_under(conf, "stages"), "clean");
    const struct nw_conf *second = nw_conf_at(conf, "sources", 1);

    (void)state;
    assert_string_equal(nw_conf_str(conf, "run_dir").p, "/var/run/newswired");
    assert_string_equal(nw_conf_str(conf, "log_level").p, "info");
    assert_int_equal(nw_conf_count(conf, "pipeline"), 2);
    assert_string_equal(nw_conf_str_at(conf, "pipeline", 1).p, "tag");
    assert_int_equal(nw_conf_count(conf, "sources"), 2);
    assert_string_equal(nw_conf_str(nw_conf_at(conf, "sources", 0), "path").p, "in: box");
    assert_int_equal(nw_conf_int(nw_conf_at(conf, "sources", 0), "poll_ms"), 20);
    assert_int_equal(nw_conf_int(second, "poll_ms"), 1000);
    assert_string_equal(nw_conf_str(second, "path").p, "tcp://127.0.0.1:7001");
    assert_int_equal(nw_conf_count(second, "tags"), 3);
    assert_string_equal(nw_conf_str_at(second, "tags", 2).p, "\xc3\xa9");
    assert_int_equal(nw_conf_int(clean, "workers"), 4);
    assert_true(nw_conf_bool(clean, "strict"));
    assert_true(nw_conf_num(clean, "floor") == 0.25);
    assert_int_equal(nw_conf_int(clean, "bias"), -3);
    assert_int_equal(nw_conf_line(clean, "workers"), 8);
    assert_int_equal(nw_conf_line(clean, "floor"), 0);
    nw_conf_free(&conf);
    assert_null(conf);
    nw_conf_free(&conf);
    nw_conf_free(NULL);
}

static void json_equals(const struct nw_conf *a, const struct nw_conf *b)
{
    struct nw_buf x, y;

    nw_buf_init(&x, 1 << 20);
    nw_buf_init(&y, 1 << 20);
    assert_int_equal(nw_conf_to_json(a, NULL, &x), 0);
    assert_int_equal(nw_conf_to_json(b, NULL, &y), 0);
    assert_int_equal(x.n, y.n);
    assert_memory_equal(x.p, y.p, x.n);
    nw_buf_free(&x);
    nw_buf_free(&y);
}

/* xorshift64*: the same texts in every run. */
static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

static void random_text(uint64_t *seed, struct nw_buf *json)
{
    static const char *const parts[] = {"a",    "Z",    "0",    ":",   " ",       "#",       "- ",      "'",
                                        "\\\"", "\\\\", "\\n",  "\\t", "\\u007f", "\\u0085", "é",       "€",
                                        "𝄞",    "/",    "null", "~",   "true",    "\\u2028", "{",       "]",
                                        "%",    "*",    "&",    "!",   "|",       ">",       "\\ufeff", "@"};
    size_t n = draw(seed) % 9;

    for (size_t i = 0; i < n; i++)
        nw_buf_printf(json, "%s", parts[draw(seed) % (sizeof parts / sizeof *parts)]);
}

static void test_print_reads_back(void **state)
{
    uint64_t seed = 20220113;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct nw_buf json, text;
        struct nw_conf *conf, *again;
        nw_buf_init(&json, 1 << 16);
        nw_buf_init(&text, 1 << 20);
        nw_buf_printf(&json, "{\"run_dir\": \"");
        random_text(&seed, &json);
        nw_buf_printf(&json, "\", \"pipeline\": [\"");
        random_text(&seed, &json);
        nw_buf_printf(&json, "\", \"");
        random_text(&seed, &json);
        nw_buf_printf(&json, "\"], \"sources\": [{\"path\": \"x");
        random_text(&seed, &json);
        nw_buf_printf(&json, "\", \"tags\": [\"");
        random_text(&seed, &json);
        nw_buf_printf(&json, "\"]}], \"stages\": {\"clean\": {\"bias\": %lld, \"floor\": 0.%llu}}}",
                      (long long)draw(&seed) / 3, (unsigned long long)(draw(&seed) % 1000000000));
        /* JSON is YAML here but for the escaped code points that no text needs: all are below U+10000. */
        conf = parse(nw_buf_view(&json));
        assert_int_equal(nw_conf_print(conf, &text), 0);
        again = parse(nw_buf_view(&text));
        json_equals(conf, again);
        nw_conf_free(&conf);
        nw_conf_free(&again);
        nw_buf_free(&json);
        nw_buf_free(&text);
    }
}

static void test_json_carries_a_section(void **state)
{
    struct nw_conf *conf = parse(NW_S("stages:\n  clean: {workers: 7, floor: 0.1, strict: true}\n"
                                      "sources:\n  - path: b\n    tags: [c]\n"));
    const struct nw_conf *clean = nw_conf_under(nw_conf_under(conf, "stages"), "clean");
    /* What a stage's program knows: not the keys that are the supervisor's, but one that stands further out. */
    static const struct nw_conf_row own[] = {
        {.key = "floor", .kind = NW_CONF_NUM, .least = 0, .most = 1, .preset = "0"},
        {.key = "strict", .kind = NW_CONF_BOOL, .preset = "false"},
        {.key = "sources", .kind = NW_CONF_LIST, .rows = source_rows},
        NW_CONF_END,
    };
    struct nw_conf *there = NULL;
    char why[NW_CONF_WHY];
    struct nw_buf json;

    (void)state;
    nw_buf_init(&json, 1 << 16);
    assert_int_equal(nw_conf_to_json(clean, own, &json), 0);
    if (nw_conf_from_json(nw_buf_view(&json), own, &there, why) != 0)
        fail_msg("%s", why);
    assert_true(nw_conf_num(there, "floor") == 0.1);
    assert_true(nw_conf_bool(there, "strict"));
    assert_string_equal(nw_conf_str(nw_conf_at(there, "sources", 0), "path").p, "b");
    assert_int_equal(nw_conf_count(nw_conf_at(there, "sources", 0), "tags"), 1);
    nw_conf_free(&there);
    nw_conf_free(&conf);
    nw_buf_free(&json);
}

static const struct {
    const char *json, *why;
} json_cases[] = {
    {"", ""},
    {"{}", ""},
    {"{\"workers\":3}", ""},
    {"{\"workers\":300}", "workers is 300; it must be a whole number from 1 to 256"},
    {"{\"workers\":2.5}", "workers is 2.5; it must be a whole number from 1 to 256"},
    {"{\"workers\":null}", "workers has no value; it must be a whole number from 1 to 256"},
    {"{\"strict\":\"true\"}", "strict is \"true\"; it must be true or false"},
    {"{\"stricd\":true}", "unknown key \"stricd\"; did you mean \"strict\"?"},
    {"[]", "a JSON object was expected, like {\"key\": 1}"},
    {"{\"workers\":1,\"workers\":2}", "a JSON object was expected: duplicate object key near '\"workers\"' at byte 22"},
    {"{\"x\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}", "more than 16 levels of objects and arrays stand in one another"},
};

static void test_json_problems(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof json_cases / sizeof *json_cases; i++) {
        struct nw_conf *conf = NULL;
        char why[NW_CONF_WHY];
        int rc = nw_conf_from_json(nw_str_z(json_cases[i].json), clean_rows, &conf, why);
        assert_string_equal(why, json_cases[i].why);
        assert_int_equal(rc, *why ? NW_CONF_BAD : 0);
        nw_conf_free(&conf);
    }
}

static void test_defaults(void **state)
{
    struct nw_conf *conf = NULL;
    char why[NW_CONF_WHY];

    (void)state;
    assert_int_equal(nw_conf_defaults(clean_rows, &conf, why), 0);
    assert_int_equal(nw_conf_int(conf, "workers"), 1);
    nw_conf_free(&conf);
    assert_int_equal(nw_conf_defaults(NULL, &conf, why), 0);
    nw_conf_free(&conf);
    assert_int_equal(nw_conf_defaults(tag_rows, &conf, why), NW_CONF_BAD);
    assert_string_equal(why, "the key model is missing: a text of at least 1 bytes; file of the model");
    assert_null(conf);
}

static void test_files(void **state)
{
    struct nw_conf *conf = NULL;
    struct nw_buf told;

    (void)state;
    nw_conf_problems_init(&told);
    assert_int_equal(nw_conf_load("/nonexistent/newswired.yaml", &root, &conf, &told), NW_CONF_BAD);
    assert_int_equal(nw_conf_load("/", &root, &conf, &told), NW_CONF_BAD);
    assert_int_equal(nw_conf_load("/dev/zero", &root, &conf, &told), NW_CONF_BAD);
    nw_buf_char(&told, '\0');
    assert_string_equal(told.p,
                        "/nonexistent/newswired.yaml: the configuration can't be opened: No such file or directory\n"
                        "/: this is a folder; name the configuration file in it\n"
                        "/dev/zero: the file has more than 4194304 bytes; a configuration may not\n");
    nw_buf_free(&told);
}

/* However many problems a file has, what is told is bounded and says how many are left. */
static void test_problems_are_bounded(void **state)
{
    struct nw_conf *conf = NULL;
    struct nw_buf told, text;
    size_t lines = 0;

    (void)state;
    nw_conf_problems_init(&told);
    nw_buf_init(&text, 1 << 20);
    for (int i = 0; i < 5000; i++)
        nw_buf_printf(&text, "k%d: 1\n", i);
    assert_int_equal(nw_conf_parse("f", nw_buf_view(&text), &root, &conf, &told), NW_CONF_BAD);
    for (size_t i = 0; i < told.n; i++)
        lines += told.p[i] == '\n';
    assert_int_equal(lines, NW_CONF_PROBLEMS + 1);
    assert_true(nw_str_ends(nw_buf_view(&told), NW_S("f: 4950 more problems\n")));
    nw_buf_free(&told);
    nw_buf_free(&text);
}

/* Wherever memory ends, loading says so and leaks nothing. */
static void test_failing_allocation(void **state)
{
    static const char text[] = "run_dir: a\nsources:\n  - {path: b, tags: [c]}\nstages: {clean: {worker: 2}}\n";
    bool failed = true;

    (void)state;
    for (size_t n = 0; failed; n++) {
        struct nw_conf *conf = NULL;
        struct nw_buf told;
        int rc;
        nw_conf_problems_init(&told);
        nw_alloc_fail_after(n);
        rc = nw_conf_parse("f", nw_str_z(text), &root, &conf, &told);
        failed = nw_alloc_failed();
        nw_alloc_fail_never();
        assert_true(failed ? rc < 0 : rc == NW_CONF_BAD);
        assert_null(conf);
        nw_buf_free(&told);
    }
}

static void test_manual_names_each_key(void **state)
{
    static const char *const expected[] = {
        "| `run_dir` | a text | default ./run | sockets |\n",
        "| `sources[].path` | a text of 1 to 40 bytes | required | a folder |\n",
        "| `stages.clean.workers` | a whole number from 1 to 256 | default 1 | processes |\n",
    };
    struct nw_buf out;

    (void)state;
    nw_buf_init(&out, 1 << 16);
    assert_int_equal(nw_conf_manual(&root, NW_CONF_MARKDOWN, &out), 0);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(nw_str_find(nw_buf_view(&out), nw_str_z(expected[i])) != SIZE_MAX);
    nw_buf_clear(&out);
    assert_int_equal(nw_conf_manual(&root, NW_CONF_ROFF, &out), 0);
    assert_true(nw_str_find(nw_buf_view(&out),
                            NW_S(".TP\n.B stages.clean.bias\nany number (a whole number; default \\-3)\n")) !=
                SIZE_MAX);
    nw_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_problem_is_told),
        cmocka_unit_test(test_values_are_read),
        cmocka_unit_test(test_print_reads_back),
        cmocka_unit_test(test_json_carries_a_section),
        cmocka_unit_test(test_json_problems),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_problems_are_bounded),
        cmocka_unit_test(test_failing_allocation),
        cmocka_unit_test(test_manual_names_each_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
