/*
 * Starts newswired (this test's own program again) in a folder of its own, asks its control socket, reads its log, and
 * waits for what is to come with a deadline: nothing is taken for granted by time. A header, for tests are single
 * files.
 */
#ifndef TEST_SUPER_HARNESS_H
#define TEST_SUPER_HARNESS_H

#include "fake_child.h"
#include "super/newswired.h"
#include "super/trampoline.h"

#include <newswire/buf.h>
#include <newswire/clock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { DEADLINE_MS = 60000, ANSWER = 1 << 16, PIDS = 32 };

static char self[PATH_MAX];
static char folder[] = "/tmp/newswire_super_test_XXXXXX";
static pid_t daemon_pid;

/* ---- files */

static const char *path_of(const char *name)
{
    static char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
    FILE *file = fopen(path_of(name), "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path_of(name), mode), 0);
}

/* The content of a file, "" where there is none. */
static const char *read_file(const char *name)
{
    static char text[ANSWER];
    FILE *file = fopen(path_of(name), "r");
    size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;

    if (file)
        fclose(file);
    text[n] = '\0';
    return text;
}

static void empty_folder(const char *path)
{
    DIR *entries = opendir(path);
    char below[PATH_MAX + 300];

    if (!entries)
        return;
    for (struct dirent *entry; (entry = readdir(entries));) {
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        unlink(below);
    }
    closedir(entries);
}

/* newswired-NAME in the folder of programs: this program as a child with the behaviour. */
static void write_program(const char *name, const char *behaviour)
{
    char text[PATH_MAX + 200], file[100];

    snprintf(text, sizeof text, "#!/bin/sh\nexec '%s' fake %s %s \"$@\"\n", self, name, behaviour);
    snprintf(file, sizeof file, "newswired-%s", name);
    write_file(file, text, 0755);
}

/* ---- the daemon */

static void start_daemon(const char *config)
{
    char text[4096];

    snprintf(text, sizeof text, "run_dir: %s/run\ndata_dir: %s/data\nrestart: {first_ms: 1, most_ms: 100}\n%s", folder,
             folder, config);
    write_file("newswired.yaml", text, 0600);
    daemon_pid = fork();
    assert_true(daemon_pid >= 0);
    if (daemon_pid == 0) {
        int log = open(path_of("log"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (log < 0 || dup2(log, STDERR_FILENO) < 0)
            _exit(99);
        execl(self, "newswired", "--config", path_of("newswired.yaml"), (char *)NULL);
        _exit(99);
    }
}

/* Waits for its end; the exit status, or 1000 and the signal. */
static int end_of_daemon(void)
{
    int status;

    assert_int_equal(waitpid(daemon_pid, &status, 0), daemon_pid);
    daemon_pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Asks the control socket; false when nobody answers. */
static bool ask(const char *line, char answer[ANSWER])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t n = 0;
    ssize_t got = -1;

    snprintf(address.sun_path, sizeof address.sun_path, "%s/run/control.sock", folder);
    answer[0] = '\0';
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, line, strlen(line), MSG_NOSIGNAL) > 0) {
        while (n < ANSWER - 1 && (got = read(fd, answer + n, ANSWER - 1 - n)) > 0)
            n += (size_t)got;
        answer[n] = '\0';
    }
    close(fd);
    return n > 0;
}

/* The number of a key in the object of the process with this name; -1 where there is none. */
static long number_of(const char *answer, const char *name, const char *key)
{
    char needle[100];
    const char *at, *end;

    snprintf(needle, sizeof needle, "{\"name\":\"%s\",", name);
    at = strstr(answer, needle);
    end = at ? strstr(at, ",\"metrics\":") : NULL;
    snprintf(needle, sizeof needle, "\"%s\":", key);
    at = at ? strstr(at, needle) : NULL;
    return at && end && at < end ? strtol(at + strlen(needle), NULL, 10) : -1;
}

static bool state_is(const char *answer, const char *name, const char *state)
{
    char needle[100];
    const char *at;

    snprintf(needle, sizeof needle, "{\"name\":\"%s\",", name);
    at = strstr(answer, needle);
    at = at ? strstr(at, "\"state\":\"") : NULL;
    return at && strncmp(at + 9, state, strlen(state)) == 0 && at[9 + strlen(state)] == '"';
}

/* Polls the status until `good` holds; fails at the deadline with the last answer and the log. */
static const char *wait_status(bool (*good)(const char *answer, const void *context), const void *context)
{
    static char answer[ANSWER];
    int64_t deadline = nw_clock_mono() + DEADLINE_MS;

    while (nw_clock_mono() < deadline) {
        if (ask("status\n", answer) && good(answer, context))
            return answer;
        poll(NULL, 0, 10);
    }
    fail_msg("waited in vain; status: %s; log: %s", answer, read_file("log"));
    return NULL;
}

static bool is_ready(const char *answer, const void *context)
{
    (void)context;
    return strstr(answer, "\"ready\":true") != NULL;
}

static const char *wait_ready(void)
{
    return wait_status(is_ready, NULL);
}

static bool alive(long pid)
{
    char path[64], line[512] = "";
    const char *behind;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    file = fopen(path, "r");
    if (!file)
        return false;
    behind = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    return behind && behind[2] != 'Z' && behind[2] != 'X';
}

static void wait_gone(long pid)
{
    int64_t deadline = nw_clock_mono() + DEADLINE_MS;

    while (alive(pid) && nw_clock_mono() < deadline)
        poll(NULL, 0, 10);
    if (alive(pid))
        fail_msg("process %ld is left over", pid);
}

static size_t pids_of(const char *answer, long pids[PIDS])
{
    size_t n = 0;

    /* The first is the supervisor's own. */
    for (const char *at = strstr(answer, "\"processes\""); at && n < PIDS; at = strstr(at + 1, "\"pid\":")) {
        if (strncmp(at, "\"pid\":", 6) == 0)
            pids[n++] = strtol(at + 6, NULL, 10);
    }
    return n;
}

/* ---- setting up */

static int setup(void **state)
{
    (void)state;
    mkdir(path_of("run"), 0700);
    empty_folder(path_of("run"));
    write_program("broker", "serve");
    write_program("fetch", "serve");
    write_program("clean", "serve");
    write_program("tag", "serve");
    write_program("aggregate", "serve");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (daemon_pid > 0) {
        kill(daemon_pid, SIGKILL);
        end_of_daemon();
    }
    return 0;
}

#define PIPELINE "sources: [{path: x}]\nstages: {clean: {workers: 2}, tag: {workers: 2}}\n"

#endif
