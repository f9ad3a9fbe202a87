/*
 * Lives of fetch over sources that remember. A life is a process of its own, killed at some moment; the receiver is
 * memory that outlives it and accepts records in their order, some time after they were emitted.
 */
#ifndef TESTS_FETCH_LIVES_H
#define TESTS_FETCH_LIVES_H

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

enum { RECORDS = 8192, TRANSIT = 40 };

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
    bool pauses; /* somebody pauses sources, and has them go on, now and then */
};

static char root[64];
static struct receiver *receiver;

static inline int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "folder_test.XXXXXX");
    receiver = mmap(NULL, sizeof *receiver, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return receiver != MAP_FAILED && mkdtemp(root) ? 0 : -1;
}

static inline int drop_root(void **state)
{
    char command[128];

    (void)state;
    munmap(receiver, sizeof *receiver);
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static inline void path_of(char out[160], const char *name, const char *ending)
{
    snprintf(out, 160, "%s/%s%s", root, name, ending);
}

/* Puts a file in place as a careful sender does, under another name first. */
static inline void drop(const char *name, const char *text)
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

static inline void make_folder(const char *name)
{
    char path[160];

    path_of(path, name, "");
    assert_int_equal(mkdir(path, 0777), 0);
}

static inline bool exists(const char *name)
{
    char path[160];

    path_of(path, name, "");
    return access(path, F_OK) == 0;
}

static inline int take(struct nw_stage_context *context, struct nw_record *record)
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

static inline void note(struct nw_stage_context *context, struct nw_str path, const char *sentence)
{
    struct life *life = context->owner;

    (void)path;
    (void)sentence;
    life->complaints++;
}

/* The receiver accepts the first n in transit. It does so before fetch hears of it. */
static inline void accept_some(struct life *life, size_t n)
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

/* A stage's config: `sources` is the list in JSON, in which @ stands for the folder. */
static inline struct nw_conf *configure_sources(const char *sources)
{
    struct nw_conf *conf = NULL;
    struct nw_buf json;
    char why[NW_CONF_WHY];

    nw_buf_init(&json, 4096);
    nw_buf_printf(&json, "{\"data_dir\":\"%s\",\"sources\":", root);
    for (; *sources; sources++) {
        if (*sources == '@')
            nw_buf_str(&json, nw_str_z(root));
        else
            nw_buf_char(&json, *sources);
    }
    nw_buf_char(&json, '}');
    assert_int_equal(nw_conf_from_json(nw_buf_view(&json), nw_stage_fetch.conf, &conf, why), 0);
    nw_buf_free(&json);
    return conf;
}

static inline void life_open(struct life *life, const struct nw_conf *conf, uint32_t seed)
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

static inline void life_close(struct life *life)
{
    nw_context_close(&life->context);
    nw_arena_free(&life->arena);
}

static inline int tell(struct life *life)
{
    return nw_stage_fetch.accepted(&life->context, life->context.state, life->accepted);
}

/* What `newswire sources` writes; `rows`: how many it is about. */
static inline void wish(const char *sql, int rows)
{
    char path[160];
    sqlite3 *db;

    path_of(path, "fetch.db", "");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), rows);
    sqlite3_close(db);
}

static inline void no_alarm(void *user, struct nw_str source, const char *sentence)
{
    (void)user;
    (void)source;
    (void)sentence;
}

/* The runtime calls this once a second. */
static inline void look(struct life *life)
{
    assert_int_equal(nw_stage_fetch.alarms(life->context.state, no_alarm, NULL), 0);
}

/* Lives until nothing is left to do, with all accepted; or, in a process, until it is killed. */
static inline void life_run(struct life *life)
{
    int pulled = NW_PULLED;
    size_t idle = 0;

    while (idle < 3) {
        size_t room = TRANSIT - life->n;

        if (life->pauses && dice(&life->seed) % 16 == 0) {
            wish("UPDATE rhythm SET paused = abs(random()) % 2", 2);
            look(life);
        }

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
static inline void life_killed(const struct nw_conf *conf, uint32_t seed, int micros, bool pauses)
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        struct itimerval timer = {.it_value = {.tv_usec = micros}};
        struct life life;

        life_open(&life, conf, seed);
        life.pauses = pauses;
        setitimer(ITIMER_REAL, &timer, NULL); /* SIGALRM ends a process that does not ask for it */
        life_run(&life);
        _exit(0); /* without a word, as if killed */
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGALRM : WEXITSTATUS(status) == 0);
}

/* The runtime looks each second, and waits for what the stage says. */
static inline bool is_woken(const struct life *life)
{
    struct pollfd fd = {.fd = life->context.wait_fd, .events = POLLIN};

    return poll(&fd, 1, 0) == 1;
}

#endif
