/*
 * The drop folder. The property that counts: whatever the moment at which fetch is killed, each item is accepted
 * exactly once, and in the end each file is where `after` says. A life of fetch is a process of its own; the receiver
 * is memory that outlives it and accepts records in their order, some time after they were emitted.
 */
#include "unit/fetch/harness.h"

#include "conf/conf.h"
#include "fetch.h"
#include "run/context.h"

#include <newswire/clock.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

extern const struct nw_stage nw_stage_fetch;

enum { RECORDS = 8192, LIVES = 60, FILES = 150, TRANSIT = 40 };

struct entry {
    char path[48];
    int64_t index;
    char raw[32];
};

/* What the receiver has accepted, and what one life has on the way to it. */
struct receiver {
    uint64_t count;
    struct entry entry[RECORDS];
};

struct life {
    struct nw_stage_context context;
    struct nw_arena arena;
    struct receiver *receiver;
    struct entry transit[TRANSIT];
    size_t n; /* in transit */
    uint64_t accepted, complaints;
    uint32_t seed;
};

static char root[64];
static struct receiver *receiver;

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "folder_test.XXXXXX");
    receiver = mmap(NULL, sizeof *receiver, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return receiver != MAP_FAILED && mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
    char command[128];

    (void)state;
    munmap(receiver, sizeof *receiver);
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static void path_of(char out[160], const char *name, const char *ending)
{
    snprintf(out, 160, "%s/%s%s", root, name, ending);
}

/* Puts a file in place as a careful sender does, under another name first. */
static void drop(const char *name, const char *text)
{
    char path[160], hidden[160];
    int fd;

    path_of(path, name, "");
    path_of(hidden, name, ".tmp");
    fd = open(hidden, O_CREAT | O_WRONLY | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    assert_int_equal(rename(hidden, path), 0);
}

static void make_folder(const char *name)
{
    char path[160];

    path_of(path, name, "");
    assert_int_equal(mkdir(path, 0777), 0);
}

static bool exists(const char *name)
{
    char path[160];

    path_of(path, name, "");
    return access(path, F_OK) == 0;
}

static int take(struct nw_stage_context *context, struct nw_record *record)
{
    struct life *life = context->owner;
    struct entry *entry = &life->transit[life->n++];

    assert_true(life->n <= TRANSIT);
    snprintf(entry->path, sizeof entry->path, "%.*s", NW_FMT(record->source->path));
    snprintf(entry->raw, sizeof entry->raw, "%.*s", NW_FMT(record->raw));
    entry->index = record->source->index;
    nw_arena_reset(&life->arena);
    return 0;
}

static void note(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    struct life *life = context->owner;

    (void)path;
    (void)sentence;
    life->complaints++;
}

/* The receiver accepts the first n in transit. It does so before fetch hears of it. */
static void accept_some(struct life *life, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_true(life->receiver->count < RECORDS);
        life->receiver->entry[life->receiver->count] = life->transit[i];
        life->receiver->count++;
    }
    memmove(life->transit, life->transit + n, (life->n - n) * sizeof *life->transit);
    life->n -= n;
    life->accepted += n;
}

static struct nw_conf *configure(const char *after)
{
    struct nw_conf *conf = NULL;
    struct nw_buf json;
    char why[NW_CONF_WHY];

    nw_buf_init(&json, 4096);
    nw_buf_printf(
        &json,
        "{\"data_dir\":\"%s\",\"sources\":["
        "{\"kind\":\"folder\",\"path\":\"%s/one\",\"settle\":0,\"poll\":10,\"after\":\"%s\"},"
        "{\"kind\":\"folder\",\"path\":\"%s/two\",\"settle\":0,\"poll\":10,\"after\":\"%s\",\"recursive\":true,"
        "\"patterns\":[\"*.ndjson\"]}]}",
        root, root, after, root, after);
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &conf, why), 0);
    nw_buf_free(&json);
    return conf;
}

static void life_open(struct life *life, const struct nw_conf *conf, uint32_t seed)
{
    memset(life, 0, sizeof *life);
    life->receiver = receiver;
    life->seed = seed;
    life->context.arena = &life->arena;
    life->context.emit = take;
    life->context.complain = note;
    life->context.owner = life;
    assert_int_equal(nw_context_open(&life->context, &nw_stage_fetch, conf), 0);
    ((struct fetch *)life->context.state)->commons.before = receiver->count;
}

static void life_close(struct life *life)
{
    nw_context_close(&life->context);
    nw_arena_free(&life->arena);
}

static int tell(struct life *life)
{
    return nw_stage_fetch.accepted(&life->context, life->context.state, life->accepted);
}

/* Lives until nothing is left to do, with all accepted; or, in a process, until it is killed. */
static void life_run(struct life *life)
{
    int pulled = NW_PULLED;
    size_t idle = 0;

    while (idle < 3) {
        size_t room = TRANSIT - life->n;

        if (room > 0)
            pulled = nw_stage_fetch.pull(&life->context, life->context.state, 1 + dice(&life->seed) % room);
        assert_true(pulled == NW_PULLED || pulled == NW_IDLE);
        if (pulled == NW_IDLE || room == 0 || dice(&life->seed) % 4 == 0)
            accept_some(life, pulled == NW_IDLE ? life->n : dice(&life->seed) % (life->n + 1));
        if (pulled == NW_IDLE || dice(&life->seed) % 3 == 0)
            assert_int_equal(tell(life), 0);
        idle = pulled == NW_IDLE ? idle + 1 : 0;
    }
}

/* A life that ends at some moment within `micros`. */
static void life_killed(const struct nw_conf *conf, uint32_t seed, int micros)
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        struct itimerval timer = {.it_value = {.tv_usec = micros}};
        struct life life;

        life_open(&life, conf, seed);
        setitimer(ITIMER_REAL, &timer, NULL); /* SIGALRM ends a process that does not ask for it */
        life_run(&life);
        _exit(0); /* without a word, as if killed */
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGALRM : WEXITSTATUS(status) == 0);
}

/* Files of 0 to 5 items, some with lines that are none. */
static void drop_files(size_t from, size_t to, uint32_t *items)
{
    uint32_t seed = 11;

    for (size_t i = 0; i < to; i++) {
        char name[64], text[256] = "\n", *p = text;
        uint32_t lines = dice(&seed) % 6;

        snprintf(name, sizeof name, "%s/%03zu.ndjson", i % 3 == 0 ? "one" : i % 3 == 1 ? "two" : "two/in", i);
        items[i] = lines;
        for (uint32_t j = 0; j < lines; j++)
            p += snprintf(p, 40, "{\"%zu\":%u}\n%s", i, j, j == 2 ? "none\n" : "");
        if (i >= from)
            drop(name, text);
    }
}

/* Each item once, in its order within the file; each file where it belongs. */
static void check(const char *after, const uint32_t *items)
{
    uint64_t expected = 0;

    for (size_t i = 0; i < FILES; i++) {
        const char *folder = i % 3 == 0 ? "one" : "two", *below = i % 3 == 2 ? "in/" : "";
        char name[64], moved[64], path[160];
        uint32_t next = 0;

        snprintf(name, sizeof name, "%s/%s%03zu.ndjson", folder, below, i);
        snprintf(moved, sizeof moved, "%s/done/%s%03zu.ndjson", folder, below, i);
        path_of(path, name, "");
        for (uint64_t j = 0; j < receiver->count; j++) {
            char raw[32];

            if (strcmp(receiver->entry[j].path, path))
                continue;
            snprintf(raw, sizeof raw, "{\"%zu\":%u}", i, next);
            assert_string_equal(receiver->entry[j].raw, raw);
            assert_int_equal(receiver->entry[j].index, next);
            next++;
        }
        assert_int_equal(next, items[i]);
        expected += items[i];
        assert_int_equal(exists(name), items[i] == 0 || strcmp(after, "leave") == 0);
        assert_int_equal(exists(moved), items[i] > 0 && strcmp(after, "move") == 0);
    }
    assert_int_equal(receiver->count, expected);
}

static void killed_at_any_moment(const char *after)
{
    struct nw_conf *conf;
    struct life life;
    uint32_t items[FILES], seed = 3;

    make_folder("one");
    make_folder("two");
    make_folder("two/in");
    receiver->count = 0;
    conf = configure(after);
    drop_files(0, FILES / 2, items);
    for (size_t i = 0; i < LIVES; i++) {
        if (i == LIVES / 2)
            drop_files(FILES / 2, FILES, items);
        life_killed(conf, dice(&seed), 300 + (int)(dice(&seed) % 40000));
    }
    life_open(&life, conf, dice(&seed));
    life_run(&life);
    life_close(&life);
    check(after, items);
    /* And nothing is taken again. */
    life_open(&life, conf, dice(&seed));
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    life_close(&life);
    nw_conf_free(&conf);
}

static void killed_leave(void **state)
{
    (void)state;
    killed_at_any_moment("leave");
}

static void killed_move(void **state)
{
    (void)state;
    killed_at_any_moment("move");
}

static void killed_delete(void **state)
{
    (void)state;
    killed_at_any_moment("delete");
}

/* What arrives while fetch lives: moved there, closed after writing; hidden and unfinished names are left alone; a file
 * that changes is taken again. */
static void arrivals(void **state)
{
    struct nw_conf *conf;
    struct life life;
    char path[160];
    int fd;

    (void)state;
    make_folder("one");
    make_folder("two");
    receiver->count = 0;
    conf = configure("leave");
    life_open(&life, conf, 1);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    drop("one/a", "One.");
    drop("one/.b", "Two.");
    drop("two/c.txt", "Three.");
    path_of(path, "one/e.part", "");
    fd = open(path, O_CREAT | O_WRONLY, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "Four.", 5), 5);
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    assert_string_equal(receiver->entry[0].raw, "One.");
    drop("one/a", "One, changed.");
    drop("two/d.ndjson", "{\"d\":4}\n");
    close(fd);
    path_of(path, "one/f", "");
    fd = open(path, O_CREAT | O_WRONLY, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "Six.", 4), 4);
    close(fd);
    life_run(&life);
    assert_int_equal(life.accepted, 4);
    assert_int_equal(life.complaints, 0);
    life_close(&life);
    nw_conf_free(&conf);
}

/* With a settle time, a file that nobody was seen to close waits until it has been unchanged for so long. */
static void settling(void **state)
{
    struct nw_conf *conf = NULL;
    struct nw_buf json;
    struct life life;
    char why[NW_CONF_WHY];
    int64_t now = nw_clock_wall(), mono = nw_clock_mono();

    (void)state;
    make_folder("one");
    receiver->count = 0;
    drop("one/a", "One.");
    nw_buf_init(&json, 4096);
    nw_buf_printf(
        &json,
        "{\"data_dir\":\"%s\",\"sources\":[{\"kind\":\"folder\",\"path\":\"%s/one\",\"settle\":60000,\"poll\":1000}]}",
        root, root);
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &conf, why), 0);
    nw_clock_fake(now, mono);
    life_open(&life, conf, 1);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    assert_true(life.context.idle_ms > 0 && life.context.idle_ms <= 1000);
    nw_clock_fake(now + 30000, mono + 30000);
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    nw_clock_fake(now + 61000, mono + 61000);
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    life_close(&life);
    nw_clock_real();
    nw_buf_free(&json);
    nw_conf_free(&conf);
}

/* A file without an article is told once, stays, and is tried again when it changes. */
static void bad_files(void **state)
{
    struct nw_conf *conf;
    struct life life;

    (void)state;
    make_folder("one");
    make_folder("two");
    receiver->count = 0;
    conf = configure("move");
    drop("one/empty", "");
    drop("one/cut.sgm", "<REUTERS>cut");
    life_open(&life, conf, 1);
    life_run(&life);
    life_run(&life);
    assert_int_equal(life.complaints, 2);
    assert_true(exists("one/empty") && exists("one/cut.sgm"));
    life_close(&life);
    life_open(&life, conf, 1);
    drop("one/empty", "Not any more.");
    life_run(&life);
    assert_int_equal(life.complaints, 0);
    assert_int_equal(life.accepted, 1);
    assert_true(exists("one/done/empty") && !exists("one/empty"));
    /* Never over a file that was moved before. */
    drop("one/empty", "A second one.");
    life_run(&life);
    assert_true(exists("one/done/empty") && exists("one/done/empty.1") && !exists("one/empty"));
    life_close(&life);
    nw_conf_free(&conf);
}

static void refused(const char *row)
{
    struct nw_conf *conf = NULL;
    struct nw_buf json;
    struct nw_stage_context context = {.stage = NULL};
    char why[NW_CONF_WHY];

    nw_buf_init(&json, 4096);
    nw_buf_printf(&json, "{\"data_dir\":\"%s\",\"sources\":[%s]}", root, row);
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &conf, why), 0);
    assert_true(nw_context_open(&context, &nw_stage_fetch, conf) < 0);
    nw_context_close(&context);
    nw_buf_free(&json);
    nw_conf_free(&conf);
}

static void wish(const char *sql)
{
    char path[160];
    sqlite3 *db;

    path_of(path, "fetch.db", "");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

static void no_alarm(void *user, struct nw_str source, const char *sentence)
{
    (void)user;
    (void)source;
    (void)sentence;
}

/* The runtime looks each second, and waits for what the stage says. */
static bool is_woken(const struct life *life)
{
    struct pollfd fd = {.fd = life->context.wait_fd, .events = POLLIN};

    return poll(&fd, 1, 0) == 1;
}

/* What is paused takes nothing and wakes nobody; another source is woken and goes on as before. */
static void pausing(void **state)
{
    struct nw_conf *conf;
    struct life life;

    (void)state;
    make_folder("one");
    make_folder("two");
    receiver->count = 0;
    conf = configure("leave");
    life_open(&life, conf, 1);
    life_run(&life);
    wish("UPDATE rhythm SET paused = 1 WHERE source LIKE '%/one'");
    assert_int_equal(nw_stage_fetch.alarms(life.context.state, no_alarm, NULL), 0);
    drop("one/a", "One.");
    assert_false(is_woken(&life));
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    drop("two/b.ndjson", "{\"b\":2}\n");
    assert_true(is_woken(&life));
    life_run(&life);
    assert_int_equal(life.accepted, 1);
    assert_false(is_woken(&life));
    life_close(&life);
    life_open(&life, conf, 2); /* a pause outlives a restart */
    drop("one/c", "Three.");
    life_run(&life);
    assert_int_equal(life.accepted, 0);
    wish("UPDATE rhythm SET paused = 0 WHERE source LIKE '%/one'");
    assert_int_equal(nw_stage_fetch.alarms(life.context.state, no_alarm, NULL), 0);
    life_run(&life);
    assert_int_equal(life.accepted, 2);
    life_close(&life);
    nw_conf_free(&conf);
}

static void bad_config(void **state)
{
    (void)state;
    refused("{\"kind\":\"folder\"}");
    refused("{\"kind\":\"files\"}");
    refused("{\"kind\":\"folder\",\"path\":\"nowhere\",\"after\":\"move\"}");
    refused("{\"kind\":\"folder\",\"path\":\"a\",\"done\":\"b/c\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_leave, make_root, drop_root),
        cmocka_unit_test_setup_teardown(killed_move, make_root, drop_root),
        cmocka_unit_test_setup_teardown(killed_delete, make_root, drop_root),
        cmocka_unit_test_setup_teardown(arrivals, make_root, drop_root),
        cmocka_unit_test_setup_teardown(settling, make_root, drop_root),
        cmocka_unit_test_setup_teardown(pausing, make_root, drop_root),
        cmocka_unit_test_setup_teardown(bad_files, make_root, drop_root),
        cmocka_unit_test_setup_teardown(bad_config, make_root, drop_root),
    };

    return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
