/*
 * The daemon's file with stages that are small shell programs: what they describe is what is checked, and a pipeline
 * that does not hold together is refused with a sentence.
 */
#include "conf/daemon.h"
#include "conf/describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/newswire_daemon_test_XXXXXX";

static void write_program(const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/newswired-%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0755), 0);
}

static void write_stage(const char *name, const char *description)
{
    char text[4096];

    snprintf(text, sizeof text,
             "#!/bin/sh\nfor last in \"$@\"; do :; done\n[ \"$last\" = --describe ] || exit 9\ncat <<'END'\n%s\nEND\n",
             description);
    write_program(name, text);
}

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    setenv("NEWSWIRE_LIBEXEC", folder, 1);
    write_stage("fetch", "{\"name\":\"fetch\",\"source\":true,\"sets\":[\"raw\",\"source\"],\"config\":["
                         "{\"key\":\"poll_ms\",\"kind\":\"int\",\"least\":10,\"most\":60000,\"preset\":\"1000\"},"
                         "{\"key\":\"sources\",\"kind\":\"list\",\"rows\":["
                         "{\"key\":\"path\",\"kind\":\"str\",\"least\":1,\"doc\":\"a folder\"}]}]}");
    write_stage("clean",
                "{\"name\":\"clean\",\"version\":\"1\",\"doc\":\"Cleans.\",\"needs\":[\"raw\"],\"sets\":["
                "\"bodies\",\"language\"],\"config\":[{\"key\":\"floor\",\"kind\":\"num\",\"least\":0,\"most\":1,"
                "\"preset\":\"0.5\",\"doc\":\"least score\"}]}");
    write_stage("tag", "{\"name\":\"tag\",\"needs\":[\"bodies\"],\"sets\":[\"annotations\"],\"config\":null}");
    write_stage("aggregate", "{\"name\":\"aggregate\",\"needs\":[\"bodies\"],\"sets\":[\"story\"],\"ordered\":true,"
                             "\"config\":[{\"key\":\"data_dir\",\"kind\":\"str\",\"preset\":\".\"}]}");
    write_stage("other", "{\"name\":\"another\"}");
    write_stage("thief", "{\"name\":\"thief\",\"config\":[{\"key\":\"workers\",\"kind\":\"int\"}]}");
    write_stage("noise", "hello");
    write_program("crash", "#!/bin/sh\necho 'no model here' >&2\nexit 3\n");
    write_program("picky",
                  "#!/bin/sh\n[ \"$1 $2 $3\" = '--only ( --describe' ] || exit 9\necho 'only: no query' >&2\nexit 1\n");
    write_program("killed", "#!/bin/sh\nkill -9 $$\n");
    write_program("flood", "#!/bin/sh\nyes '{' | head -c 3000000\n");
    return 0;
}

static int teardown(void **state)
{
    DIR *entries = opendir(folder);
    char path[512];

    (void)state;
    if (!entries)
        return -1;
    for (struct dirent *entry; (entry = readdir(entries));) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(entries);
    return rmdir(folder);
}

static struct nw_daemon *load(const char *text)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf told;

    nw_conf_problems_init(&told);
    if (nw_daemon_parse("f", nw_str_z(text), &daemon, &told) != 0)
        fail_msg("%.*s", NW_FMT(nw_buf_view(&told)));
    nw_buf_free(&told);
    return daemon;
}

static void test_empty_file_is_all_defaults(void **state)
{
    struct nw_daemon *daemon = load("");

    (void)state;
    assert_int_equal(daemon->count, 4);
    assert_int_equal(daemon->pipeline, 3);
    assert_string_equal(daemon->stages[0].name, "fetch");
    assert_true(daemon->stages[0].source);
    assert_string_equal(daemon->stages[1].name, "clean");
    assert_string_equal(daemon->stages[3].name, "aggregate");
    assert_true(daemon->stages[3].ordered);
    assert_false(daemon->stages[1].ordered);
    assert_string_equal(daemon->endpoint, "ipc://./run/broker.sock");
    assert_int_equal(nw_conf_int(nw_conf_under(daemon->conf, "broker"), "batch_bytes"), 256 << 10);
    assert_string_equal(daemon->stages[1].json.p, "{\"floor\":0.5}");
    assert_string_equal(daemon->stages[2].json.p, "{}");
    /* Keys of the top travel with the stage that asks for them. */
    assert_string_equal(daemon->stages[3].json.p, "{\"data_dir\":\"./data\"}");
    nw_daemon_free(&daemon);
    assert_null(daemon);
    nw_daemon_free(&daemon);
}

static void test_whole_file(void **state)
{
    struct nw_daemon *daemon = load("run_dir: /run/nw\n"
                                    "sources:\n"
                                    "  - path: inbox\n"
                                    "stages:\n"
                                    "  fetch: {poll_ms: 50}\n"
                                    "  clean: {workers: 2, floor: 0.25}\n");

    (void)state;
    assert_string_equal(daemon->endpoint, "ipc:///run/nw/broker.sock");
    assert_string_equal(daemon->stages[0].json.p, "{\"poll_ms\":50,\"sources\":[{\"path\":\"inbox\"}]}");
    assert_string_equal(daemon->stages[1].json.p, "{\"floor\":0.25}");
    assert_int_equal(nw_conf_int(daemon->stages[1].conf, "workers"), 2);
    assert_ptr_equal(nw_daemon_stage(daemon, "tag"), &daemon->stages[2]);
    assert_null(nw_daemon_stage(daemon, "upper"));
    nw_daemon_free(&daemon);
}

static void test_built_in_is_good(void **state)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf told;

    (void)state;
    nw_conf_problems_init(&told);
    if (nw_daemon_parse(NW_DAEMON_BUILT_IN, nw_daemon_preset(), &daemon, &told) != 0)
        fail_msg("%.*s", NW_FMT(nw_buf_view(&told)));
    assert_int_equal(nw_conf_int(nw_daemon_stage(daemon, "clean")->conf, "workers"), 2);
    nw_daemon_free(&daemon);
    nw_buf_free(&told);
}

/* What a running broker is given is the effective configuration: it must say the same. */
static void test_printed_file_is_the_same_daemon(void **state)
{
    struct nw_daemon *daemon = load("sources: [{path: 'in: box'}]\nstages: {clean: {floor: 0.1, workers: 3}}\n"
                                    "broker: {listen: ['tcp://*:7001'], insecure: true}\n");
    struct nw_daemon *again;
    struct nw_buf text;

    (void)state;
    nw_buf_init(&text, 1 << 20);
    assert_int_equal(nw_conf_print(daemon->conf, &text), 0);
    nw_buf_char(&text, '\0');
    again = load(text.p);
    assert_int_equal(again->count, daemon->count);
    for (size_t i = 0; i < again->count; i++)
        assert_string_equal(again->stages[i].json.p, daemon->stages[i].json.p);
    assert_int_equal(nw_conf_int(again->stages[1].conf, "workers"), 3);
    assert_string_equal(nw_conf_str_at(nw_conf_under(again->conf, "broker"), "listen", 0).p, "tcp://*:7001");
    nw_daemon_free(&daemon);
    nw_daemon_free(&again);
    nw_buf_free(&text);
}

static const struct {
    const char *text, *told;
} cases[] = {
    {"stages:\n  clean:\n    worker: 2\n", "f:3: unknown key \"worker\" in stages.clean; did you mean \"workers\"?\n"},
    {"stages:\n  clean:\n    flor: 1\n  tag:\n    workers: 900\nsources:\n  - pat: x\n",
     "f:3: unknown key \"flor\" in stages.clean; did you mean \"floor\"?\n"
     "f:5: stages.tag.workers is 900; it must be a whole number from 1 to 256\n"
     "f:7: unknown key \"pat\" in sources[0]; did you mean \"path\"?\n"
     "f:7: the key sources[0].path is missing: a text of at least 1 bytes; a folder\n"},
    {"stages:\n  tga: {}\n", "f:2: unknown key \"tga\" in stages; did you mean \"tag\"?\n"},
    {"stages:\n  aggregate:\n    data_dir: x\n", "f:3: unknown key \"data_dir\" in stages.aggregate; there may be "
                                                 "workers, command, program, only, memory_mb, stall_ms, start_ms\n"},
    {"pipeline: []\n", "f:1: the pipeline has no stage; name at least the one that writes the output: [aggregate]\n"},
    {"\npipeline: [a, b, c, d, e, f, g]\n", "f:2: the pipeline has 7 stages; at most 6 are allowed\n"},
    {"pipeline: [clean, clean, aggregate]\n", "f:1: the stage clean stands twice in the pipeline\n"},
    {"pipeline: [fetch, aggregate]\n", "f:1: fetch stands before the pipeline by itself; take it out of the list\n"},
    {"pipeline:\n  - clean\n  - ../x\n",
     "f:3: \"../x\" is no name of a stage: letters, digits, -, _ and ., at most 64, no . first\n"},
    {"pipeline: clean\n", "f:1: pipeline is \"clean\"; it must be a list of texts of 1 to 64 bytes\n"},
    {"pipeline: [tag, clean, aggregate]\n",
     "f:1: stage tag needs bodies, which clean sets only behind it; put clean before tag\n"},
    {"pipeline: [tag, aggregate]\n",
     "f:1: stage tag needs bodies, which no stage before it sets; put one that does before it (clean makes the "
     "article)\n"
     "f:1: stage aggregate needs bodies, which no stage before it sets; put one that does before it (clean makes the "
     "article)\n"},
    {"pipeline: [clean, tag]\n",
     "f:1: the pipeline must end with a stage that keeps the order and writes the output; add aggregate behind tag\n"},
    {"pipeline: [clean, aggregate, tag]\n",
     "f:1: stage aggregate keeps the order of all records, so it must be at the end; move tag before it\n"
     "f:1: the pipeline must end with a stage that keeps the order and writes the output; add aggregate behind tag\n"},
    {"pipeline: [clean, tag, english, aggregate]\nstages:\n  english: {program: aggregate}\n",
     "f:1: stage english takes all, and leaves nothing to aggregate behind it; say in stages.english.only which "
     "articles it takes, as a query\n"},
    {"pipeline: [clean, tag, aggregate]\nstages:\n  tag: {only: rain}\n  aggregate: {only: rain}\n",
     "f:3: stages.tag.only is for stages that write the output; remove it\n"
     "f:4: the last stage takes what no other does; remove stages.aggregate.only\n"},
    {"stages:\n  aggregate:\n    workers: 2\n", "f:3: stages.aggregate.workers is 2; aggregate has one process: remove "
                                                "the key\n"},
    {"\njoin: tcp://10.0.0.1:7001\n",
     "f:2: join leads to another machine and no keys are named, so anybody on the way could read and change what "
     "passes; name join_key and key (newswire keygen makes them), or set broker.insecure: true where every machine is "
     "trusted\n"},
    {"join: tcp://10.0.0.1:7001\nkey: mine.key\n",
     "f:2: join_key and key go together: the broker's public key, and one of this machine made by newswire keygen\n"},
    {"key: mine.key\n", "f:1: key is the key for join, which is not there; the broker's own key is broker.key\n"},
    {"publish: {live: 'tcp://*:7002'}\n",
     "f:1: publish.live is of no use without publish.past: a subscriber needs both\n"},
    {"publish: {live: 'tcp://*:7002', past: 7003}\n", "f:1: publish.past is \"7003\"; it must be tcp://ADDRESS:PORT\n"},
    {"join: tcp://127.0.0.1:7001\npublish:\n  live: 'tcp://*:7002'\n  past: 'tcp://*:7003'\n",
     "f:3: publish.live belongs in the configuration of the daemon that join names\n"
     "f:4: publish.past belongs in the configuration of the daemon that join names\n"},
    {"broker: {insecure: true, listen: [tcp://7001x]}\n",
     "f:1: broker.listen[0] is \"tcp://7001x\"; it must be tcp://ADDRESS:PORT\n"},
    {"join: somewhere\n",
     "f:1: join is \"somewhere\"; it must be tcp://HOST:PORT (or ipc://PATH of a broker on this machine)\n"},
    {"run_dir: /a123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\n",
     "f:1: run_dir is \"/a1234567890123456789012345678901234567890123456789012345678…\"; it must be a text of 1 to 94 "
     "bytes\n"},
    {"pipeline: [other, aggregate]\n",
     "f:1: the program of stage other calls itself another; write that name in the pipeline\n"},
    {"pipeline: [thief, aggregate]\n", "f:1: stage thief: FOLDER/newswired-thief --describe: the key \"workers\" of "
                                       "\"config\" is the supervisor's own; choose another name\n"},
    {"pipeline: [crash, killed, aggregate]\n",
     "f:1: stage crash: FOLDER/newswired-crash --describe: it exited with status 3: no model here\n"
     "f:1: stage killed: FOLDER/newswired-killed --describe: it was ended by signal 9 (Killed)\n"},
    {"pipeline: [picky, aggregate]\nstages:\n  picky:\n    only: (\n",
     "f:4: stage picky: FOLDER/newswired-picky --describe: it exited with status 1: only: no query\n"},
    {"pipeline: [noise, aggregate]\n",
     "f:1: stage noise: FOLDER/newswired-noise --describe: a JSON object was expected: "
     "'[' or '{' expected near 'hello' at byte 5\n"},
    {"pipeline: [flood, aggregate]\n", NULL},
    {"pipeline: [absent, aggregate]\n", "f:1: the program of stage absent is not there (FOLDER/newswired-absent); name "
                                        "it in stages.absent.command, a list: "
                                        "[PROGRAM, ARGUMENT, …]\n"},
    {"pipeline: [mine, aggregate]\nstages:\n  mine:\n    command: [/nonexistent/mine, x]\n",
     "f:4: stage mine: /nonexistent/mine --describe: it can't be started: No such file or directory\n"},
};

/* FOLDER in what is expected stands for the test's own. */
static void expand(const char *text, struct nw_buf *out)
{
    for (struct nw_str rest = nw_str_z(text); rest.n;) {
        size_t at = nw_str_find(rest, NW_S("FOLDER"));
        nw_buf_add(out, rest.p, at < rest.n ? at : rest.n);
        if (at < rest.n)
            nw_buf_str(out, nw_str_z(folder));
        rest = nw_str_from(rest, at < rest.n ? at + 6 : rest.n);
    }
    nw_buf_char(out, '\0');
}

static void test_each_problem_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nw_daemon *daemon = NULL;
        struct nw_buf told, expected;
        nw_conf_problems_init(&told);
        nw_buf_init(&expected, 1 << 16);
        assert_int_equal(nw_daemon_parse("f", nw_str_z(cases[i].text), &daemon, &told), NW_CONF_BAD);
        assert_null(daemon);
        nw_buf_char(&told, '\0');
        if (cases[i].told) {
            expand(cases[i].told, &expected);
            assert_string_equal(told.p, expected.p);
        }
        nw_buf_free(&told);
        nw_buf_free(&expected);
    }
}

/* Each article is for one of them, whatever their queries say of it. */
static void test_shares_exclude_each_other(void **state)
{
    struct nw_daemon *daemon =
        load("pipeline: [clean, tag, rain, snow, aggregate]\n"
             "stages:\n  rain: {program: aggregate, only: rain OR hail}\n  snow: {program: aggregate, only: snow}\n");

    (void)state;
    assert_string_equal(nw_daemon_stage(daemon, "rain")->takes, "(rain OR hail)");
    assert_string_equal(nw_daemon_stage(daemon, "snow")->takes, "(snow) NOT (rain OR hail)");
    assert_string_equal(nw_daemon_stage(daemon, "aggregate")->takes, "NOT (rain OR hail) NOT (snow)");
    assert_true(nw_daemon_stage(daemon, "rain")->apart && nw_daemon_stage(daemon, "snow")->apart);
    assert_false(nw_daemon_stage(daemon, "aggregate")->apart);
    assert_string_equal(nw_daemon_stage(daemon, "snow")->command[2], "snow");
    nw_daemon_free(&daemon);
}

/* A daemon that works for another's broker needs no whole pipeline. */
static void test_joining(void **state)
{
    struct nw_daemon *daemon =
        load("join: tcp://wire.example:7001\njoin_key: wire.pub\nkey: mine.key\npipeline: [tag]\n");

    (void)state;
    assert_true(daemon->joins);
    assert_string_equal(daemon->endpoint, "tcp://wire.example:7001");
    assert_string_equal(daemon->join_key, "wire.pub");
    assert_string_equal(daemon->key, "mine.key");
    assert_false(daemon->keys);
    assert_int_equal(daemon->pipeline, 1);
    nw_daemon_free(&daemon);
    /* What stays on this machine, and what the file says is trusted, needs none. */
    daemon = load("join: tcp://127.0.0.1:7001\npipeline: [tag]\n");
    assert_null(daemon->key);
    nw_daemon_free(&daemon);
    daemon = load("join: tcp://10.0.0.1:7001\npipeline: [tag]\nbroker: {insecure: true}\n");
    nw_daemon_free(&daemon);
}

static void test_example_of_workers_only_is_good(void **state)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf told;

    (void)state;
    nw_conf_problems_init(&told);
    if (nw_daemon_load(NW_SOURCE_DIR "/deploy/workers.yaml", &daemon, &told) != 0)
        fail_msg("%.*s", NW_FMT(nw_buf_view(&told)));
    assert_true(daemon->joins);
    assert_non_null(daemon->join_key);
    assert_non_null(daemon->key);
    nw_daemon_free(&daemon);
    nw_buf_free(&told);
}

/* Listening on tcp asks for keys, whatever the address, unless the file says otherwise. */
static void test_listening_asks_for_keys(void **state)
{
    struct nw_daemon *daemon = load("data_dir: d\nbroker: {listen: ['tcp://0.0.0.0:7001']}\n");

    (void)state;
    assert_true(daemon->keys);
    assert_string_equal(daemon->key, "d/broker.key");
    assert_string_equal(daemon->authorized, "d/authorized");
    assert_null(daemon->live);
    nw_daemon_free(&daemon);
    daemon = load("broker: {key: /k/a.key, authorized: /k/in}\npublish: {live: 'tcp://*:1', past: 'tcp://*:2'}\n");
    assert_true(daemon->keys);
    assert_string_equal(daemon->key, "/k/a.key");
    assert_string_equal(daemon->authorized, "/k/in");
    assert_string_equal(daemon->live, "tcp://*:1");
    nw_daemon_free(&daemon);
    daemon = load("broker: {listen: ['tcp://0.0.0.0:7001'], insecure: true}\n");
    assert_false(daemon->keys);
    nw_daemon_free(&daemon);
    daemon = load("");
    assert_false(daemon->keys);
    nw_daemon_free(&daemon);
}

static void test_command_of_ones_own(void **state)
{
    char text[512];
    struct nw_daemon *daemon;

    (void)state;
    snprintf(text, sizeof text,
             "pipeline: [clean, tag, upper, aggregate]\nstages:\n  upper:\n    command:\n      - sh\n      - -c\n"
             "      - 'echo {\\\"name\\\": \\\"upper\\\"}'\n");
    daemon = load(text);
    assert_string_equal(daemon->stages[3].name, "upper");
    assert_string_equal(daemon->stages[3].command[1], "-c");
    assert_null(daemon->stages[3].command[3]);
    nw_daemon_free(&daemon);
}

static const struct {
    const char *json, *why;
} descriptions[] = {
    {"{\"name\":\"a\"}", ""},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"strs\",\"preset\":\"[a, b]\",\"words\":[\"a\",\"b\"]}]}",
     ""},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"int\",\"preset\":7,\"least\":1,\"most\":9}]}", ""},
    {"[]", "a JSON object was expected, like {\"name\": \"upper\"}"},
    {"{}", "\"name\" is missing"},
    {"{\"name\":1}", "\"name\" must be a text"},
    {"{\"name\":\"a\",\"needs\":\"raw\"}", "\"needs\" must be a list of at most 256 texts"},
    {"{\"name\":\"a\",\"sets\":[1]}", "\"sets\" must be a list of texts; element 0 is none"},
    {"{\"name\":\"a\",\"config\":{}}", "\"config\" and \"rows\" must be lists of at most 256 rows"},
    {"{\"name\":\"a\",\"config\":[1]}",
     "a row of \"config\" needs a \"key\" of letters a to z, digits and _; \"\" is none"},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"date\"}]}",
     "the kind of \"k\" is \"date\"; it must be int, num, bool, str, strs or list"},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"int\",\"least\":9,\"most\":1}]}",
     "\"least\" of \"k\" is above its \"most\""},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"int\",\"least\":1.5}]}",
     "\"least\" of \"k\" must be a whole number"},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"int\",\"preset\":\"x\"}]}",
     "a preset breaks its own row: k is x; it must be a whole number"},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"int\",\"preset\":\"1\"},{\"key\":\"k\",\"kind\":\"int\"}]}",
     "\"k\" stands twice in \"config\""},
    {"{\"name\":\"a\",\"config\":[{\"key\":\"k\",\"kind\":\"list\"}]}",
     "\"config\" and \"rows\" must be lists of at most 256 rows"},
};

static void test_descriptions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
        struct nw_arena arena = {0};
        struct conf_description description;
        char why[NW_CONF_WHY] = "";
        int rc = conf_describe_read(&arena, nw_str_z(descriptions[i].json), &description, why);
        assert_string_equal(why, descriptions[i].why);
        assert_int_equal(rc, *why ? NW_CONF_BAD : 0);
        nw_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_file_is_all_defaults),
        cmocka_unit_test(test_whole_file),
        cmocka_unit_test(test_built_in_is_good),
        cmocka_unit_test(test_printed_file_is_the_same_daemon),
        cmocka_unit_test(test_each_problem_is_told),
        cmocka_unit_test(test_shares_exclude_each_other),
        cmocka_unit_test(test_joining),
        cmocka_unit_test(test_listening_asks_for_keys),
        cmocka_unit_test(test_example_of_workers_only_is_good),
        cmocka_unit_test(test_command_of_ones_own),
        cmocka_unit_test(test_descriptions),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
