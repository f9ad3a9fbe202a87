/*
 * newswired as a whole, with children that are this program again (fake_child.h): as newswired it is started with
 * --config, as a child with `fake`. What is waited for is polled with a deadline; nothing is taken for granted by time.
 */
#include "harness.h"

#include "super/check.h"

static void test_starts_and_reports(void **state)
{
    static const char *const names[] = {"broker", "fetch", "clean-1", "clean-2", "tag-1", "tag-2", "aggregate"};
    const char *answer;
    struct stat st;

    (void)state;
    start_daemon(PIPELINE);
    answer = wait_ready();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(state_is(answer, names[i], "ready"));
        assert_true(number_of(answer, names[i], "pid") > 0);
        assert_true(number_of(answer, names[i], "rss_kb") > 0);
        assert_int_equal(number_of(answer, names[i], "restarts"), 0);
    }
    assert_non_null(strstr(answer, "\"metrics\":{\"records\":"));
    assert_non_null(strstr(answer, "\"stage\":\"clean\""));
    assert_int_equal(stat(path_of("run/control.sock"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_non_null(strstr(read_file("run/newswired.yaml"), "workers: 2"));
    kill(daemon_pid, SIGTERM);
    assert_int_equal(end_of_daemon(), 0);
    /* Fetch first, then the stages in order, the broker last. */
    assert_string_equal(read_file("run/drained"), "fetch\nclean\nclean\ntag\ntag\naggregate\nbroker\n");
    assert_int_not_equal(access(path_of("run/control.sock"), F_OK), 0);
}

struct wanted {
    const char *name, *key;
    long least;
};

static bool counted_and_ready(const char *answer, const void *context)
{
    const struct wanted *wanted = context;

    return is_ready(answer, NULL) && number_of(answer, wanted->name, wanted->key) >= wanted->least;
}

static void test_killed_child_is_started_again(void **state)
{
    const char *answer;
    long before;

    (void)state;
    start_daemon(PIPELINE);
    before = number_of(wait_ready(), "clean-1", "pid");
    assert_int_equal(kill((pid_t)before, SIGKILL), 0);
    answer = wait_status(counted_and_ready, &(struct wanted){"clean-1", "restarts", 1});
    assert_true(number_of(answer, "clean-1", "pid") != before);
    assert_int_equal(number_of(answer, "clean-2", "restarts"), 0);
    assert_int_equal(number_of(answer, "clean-1", "stalled"), 0);
    assert_non_null(strstr(answer, "\"last_exit\":\"signal 9 (Killed)\""));
}

static void test_stopped_child_is_taken_for_hung(void **state)
{
    long before;

    (void)state;
    start_daemon("stages: {clean: {stall_ms: 2000}}\n");
    before = number_of(wait_ready(), "clean-1", "pid");
    assert_int_equal(kill((pid_t)before, SIGSTOP), 0);
    wait_status(counted_and_ready, &(struct wanted){"clean-1", "stalled", 1});
    wait_gone(before);
    assert_non_null(strstr(read_file("log"), "it is taken for hung and killed"));
}

/* Whatever the children do or can't do. */
static void test_killed_supervisor_leaves_nobody(void **state)
{
    long pids[PIDS];
    const char *answer;
    size_t n;

    (void)state;
    write_program("tag", "deaf");
    start_daemon(PIPELINE);
    answer = wait_ready();
    n = pids_of(answer, pids);
    assert_int_equal(n, 7);
    kill((pid_t)number_of(answer, "clean-2", "pid"), SIGSTOP);
    kill(daemon_pid, SIGKILL);
    assert_int_equal(end_of_daemon(), 1000 + SIGKILL);
    for (size_t i = 0; i < n; i++)
        wait_gone(pids[i]);
}

static void test_deaf_child_is_killed_and_the_rest_drains(void **state)
{
    long deaf;

    (void)state;
    write_program("clean", "deaf");
    start_daemon("stop_ms: 4000\n");
    deaf = number_of(wait_ready(), "clean-1", "pid");
    kill(daemon_pid, SIGTERM);
    assert_int_equal(end_of_daemon(), 0);
    wait_gone(deaf);
    assert_string_equal(read_file("run/drained"), "tag\naggregate\nbroker\n");
    assert_non_null(strstr(read_file("log"), "has not drained in time and is killed"));
}

static void test_second_signal_kills(void **state)
{
    long pids[PIDS];
    size_t n;

    (void)state;
    write_program("clean", "deaf");
    start_daemon("stop_ms: 600000\n");
    n = pids_of(wait_ready(), pids);
    kill(daemon_pid, SIGTERM);
    while (!strstr(read_file("log"), "stopping:"))
        poll(NULL, 0, 10);
    kill(daemon_pid, SIGINT);
    assert_int_equal(end_of_daemon(), 0);
    for (size_t i = 0; i < n; i++)
        wait_gone(pids[i]);
}

static void test_commands(void **state)
{
    char answer[ANSWER], line[1000];

    (void)state;
    start_daemon(PIPELINE);
    wait_ready();
    assert_true(ask("restart tag\n", answer));
    assert_string_equal(answer, "{\"restarting\":2}\n");
    wait_status(counted_and_ready, &(struct wanted){"tag-2", "restarts", 1});
    assert_true(ask("restart clean-1\n", answer));
    assert_string_equal(answer, "{\"restarting\":1}\n");
    wait_status(counted_and_ready, &(struct wanted){"clean-1", "restarts", 1});
    assert_true(ask("restart nobody\n", answer));
    assert_string_equal(answer,
                        "{\"error\":\"no process and no stage is named nobody; there are broker, fetch, clean-1, "
                        "clean-2, tag-1, tag-2, aggregate\"}\n");
    assert_true(ask("dance\n", answer));
    assert_string_equal(answer, "{\"error\":\"unknown command; there are status, stop and restart NAME\"}\n");
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\0';
    ask(line, answer); /* an answer, or a reset where it was written faster than refused */
    assert_true(ask("stop\n", answer));
    assert_string_equal(answer, "{\"stopping\":true}\n");
    assert_int_equal(end_of_daemon(), 0);
}

/* Clients that connect and say nothing are pushed out by those that ask. */
static void test_idle_clients_make_room(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char answer[ANSWER];
    int fds[40];

    (void)state;
    start_daemon("");
    wait_ready();
    snprintf(address.sun_path, sizeof address.sun_path, "%s/run/control.sock", folder);
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fds[i], (const struct sockaddr *)&address, sizeof address), 0);
    }
    assert_true(ask("status\n", answer));
    assert_true(is_ready(answer, NULL));
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        close(fds[i]);
}

static void test_broker_that_never_comes_up(void **state)
{
    (void)state;
    write_program("broker", "fail");
    start_daemon("");
    assert_int_equal(end_of_daemon(), 2);
    assert_non_null(strstr(read_file("log"), "name=broker"));
    assert_non_null(strstr(read_file("log"), "msg=\"no port left\""));
    assert_non_null(strstr(read_file("log"), "broker ended 3 times without having been ready (last: status 2)"));
}

static void test_worker_that_fails_is_tried_on(void **state)
{
    static const struct wanted wanted = {"tag-1", "restarts", 4};
    char answer[ANSWER];
    int64_t deadline = nw_clock_mono() + DEADLINE_MS;

    (void)state;
    write_program("tag", "fail");
    start_daemon("");
    do {
        poll(NULL, 0, 10);
        ask("status\n", answer);
    } while (number_of(answer, wanted.name, wanted.key) < wanted.least && nw_clock_mono() < deadline);
    assert_true(number_of(answer, wanted.name, wanted.key) >= wanted.least);
    assert_non_null(strstr(answer, "\"ready\":false"));
    /* Mended, it comes up by itself. */
    write_program("tag", "serve");
    wait_ready();
}

static void test_bad_configuration(void **state)
{
    char expected[PATH_MAX + 200];

    (void)state;
    start_daemon("stages:\n  clean:\n    worker: 2\n");
    assert_int_equal(end_of_daemon(), 1);
    snprintf(expected, sizeof expected,
             "%s/newswired.yaml:6: unknown key \"worker\" in stages.clean; did you mean \"workers\"?\n", folder);
    assert_string_equal(read_file("log"), expected);
}

static void test_check(void **state)
{
    FILE *out = fopen(path_of("out"), "w"), *err = fopen(path_of("err"), "w");
    char expected[PATH_MAX + 100];

    (void)state;
    assert_non_null(out);
    assert_non_null(err);
    write_file("good.yaml", "pipeline: [clean, aggregate]\n", 0600);
    write_file("bad.yaml", "pipeline: [clean, tag]\n", 0600);
    assert_int_equal(nw_check(path_of("good.yaml"), out, err), 0);
    assert_int_equal(nw_check_print(path_of("good.yaml"), out, err), 0);
    assert_int_equal(nw_check(path_of("bad.yaml"), out, err), 1);
    assert_int_equal(fclose(out) | fclose(err), 0);
    snprintf(expected, sizeof expected, "%s/good.yaml: ok, 2 stages\n# ", folder);
    assert_memory_equal(read_file("out"), expected, strlen(expected));
    assert_non_null(strstr(read_file("out"), "\npipeline:\n  - clean\n  - aggregate\n"));
    snprintf(
        expected, sizeof expected,
        "%s/bad.yaml:1: the pipeline must end with a stage that keeps the order and writes the output; add aggregate "
        "behind tag\n",
        folder);
    assert_string_equal(read_file("err"), expected);
}

static void test_second_daemon_is_refused(void **state)
{
    pid_t first;

    (void)state;
    start_daemon("");
    wait_ready();
    first = daemon_pid;
    start_daemon("");
    assert_int_equal(end_of_daemon(), 2);
    assert_non_null(strstr(read_file("log"), "another newswired (pid "));
    daemon_pid = first;
    wait_ready();
}

static void test_open_run_folder_is_refused(void **state)
{
    (void)state;
    assert_int_equal(chmod(path_of("run"), 0755), 0);
    start_daemon("");
    assert_int_equal(end_of_daemon(), 2);
    assert_non_null(strstr(read_file("log"), "is open to others (mode 0755)"));
    assert_int_equal(chmod(path_of("run"), 0700), 0);
}

static void wait_log(const char *text)
{
    int64_t deadline = nw_clock_mono() + DEADLINE_MS;

    while (!strstr(read_file("log"), text) && nw_clock_mono() < deadline)
        poll(NULL, 0, 10);
    if (!strstr(read_file("log"), text))
        fail_msg("\"%s\" is not in the log: %s", text, read_file("log"));
}

static void test_lines_are_forwarded(void **state)
{
    (void)state;
    write_program("clean", "noise");
    start_daemon("");
    wait_ready();
    wait_log("level=warn name=clean-1 pid=");
    wait_log("msg=\"plain \\\"words\\\"\"\n");
    wait_log("ts=1 level=info name=clean msg=\"passes as it is\"\n");
    wait_log("msg=\"from standard output\"\n");
    wait_log("wrote a line to descriptor 3 that is neither");
    assert_null(strstr(read_file("log"), "debugged"));
}

static bool source_rests(const char *answer, const void *context)
{
    (void)context;
    return is_ready(answer, NULL) && state_is(answer, "fetch", "stopped");
}

static void test_source_that_has_no_more(void **state)
{
    const char *answer;

    (void)state;
    write_program("fetch", "end");
    start_daemon("sources: [{path: x}]\n");
    answer = wait_status(source_rests, NULL);
    assert_int_equal(number_of(answer, "fetch", "restarts"), 0);
    assert_int_equal(number_of(answer, "fetch", "pid"), 0);
}

static void test_joining(void **state)
{
    const char *answer;

    (void)state;
    start_daemon("join: tcp://127.0.0.1:7001\npipeline: [clean, tag, aggregate]\n");
    answer = wait_ready();
    assert_true(state_is(answer, "clean-1", "ready"));
    assert_int_equal(number_of(answer, "broker", "pid"), -1);
    assert_int_equal(number_of(answer, "aggregate", "pid"), -1);
    assert_non_null(strstr(answer, "\"endpoint\":\"tcp://127.0.0.1:7001\""));
}

static void rewrite_config(const char *config)
{
    char text[4096];

    snprintf(text, sizeof text, "run_dir: %s/run\ndata_dir: %s/data\nrestart: {first_ms: 1, most_ms: 100}\n%s", folder,
             folder, config);
    write_file("newswired.yaml", text, 0600);
}

static void test_reload(void **state)
{
    char answer[ANSWER];

    (void)state;
    write_program("clean", "noise");
    start_daemon("");
    wait_ready();
    rewrite_config("log_level: debug\nstages: {tag: {workers: 3}}\n");
    kill(daemon_pid, SIGHUP);
    wait_log("is taken over");
    wait_log("reload: stages.tag has changed; it takes effect when newswired is started again");
    assert_true(ask("restart clean\n", answer));
    wait_log("debugged");
    rewrite_config("log_level: loud\n");
    kill(daemon_pid, SIGHUP);
    wait_log("log_level is \\\"loud\\\"");
    wait_log("the configuration stays as it was");
    wait_ready();
}

static void receive(int fd, const char *expected)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    char text[100] = "";

    assert_int_equal(poll(&one, 1, DEADLINE_MS), 1);
    assert_true(recv(fd, text, sizeof text - 1, 0) > 0);
    assert_string_equal(text, expected);
}

static void test_systemd_is_told(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)state;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", folder);
    unlink(address.sun_path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    start_daemon("");
    unsetenv("NOTIFY_SOCKET");
    receive(fd, "READY=1");
    kill(daemon_pid, SIGTERM);
    receive(fd, "STOPPING=1");
    assert_int_equal(end_of_daemon(), 0);
    close(fd);
}

/* A child whose parent has died before it could ask to die with it does not start. */
static void test_trampoline_of_an_orphan(void **state)
{
    int status;
    pid_t pid = fork();

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0) {
        execl(self, "newswired", TRAMPOLINE_WORD, "1", "0", "--", "true", (char *)NULL);
        _exit(99);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), TRAMPOLINE_ORPHAN);
}

static int leave(void **state)
{
    (void)state;
    empty_folder(path_of("run"));
    rmdir(path_of("run"));
    empty_folder(path_of("data"));
    rmdir(path_of("data"));
    empty_folder(folder);
    return rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(test_starts_and_reports),
        TEST(test_killed_child_is_started_again),
        TEST(test_stopped_child_is_taken_for_hung),
        TEST(test_killed_supervisor_leaves_nobody),
        TEST(test_deaf_child_is_killed_and_the_rest_drains),
        TEST(test_second_signal_kills),
        TEST(test_commands),
        TEST(test_idle_clients_make_room),
        TEST(test_broker_that_never_comes_up),
        TEST(test_worker_that_fails_is_tried_on),
        TEST(test_bad_configuration),
        TEST(test_check),
        TEST(test_second_daemon_is_refused),
        TEST(test_open_run_folder_is_refused),
        TEST(test_lines_are_forwarded),
        TEST(test_source_that_has_no_more),
        TEST(test_joining),
        TEST(test_reload),
        TEST(test_systemd_is_told),
        TEST(test_trampoline_of_an_orphan),
#undef TEST
    };
    ssize_t n;

    if (argc > 1 && strcmp(argv[1], "fake") == 0)
        return fake_child(argc, argv);
    if (argc > 1)
        return newswired(argc, argv);
    n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0 || !mkdtemp(folder))
        return 1;
    setenv("NEWSWIRE_LIBEXEC", folder, 1);
    return cmocka_run_group_tests(tests, NULL, leave);
}
