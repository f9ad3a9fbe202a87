/* Programs that end, fail, flood, hang or can't be started: each outcome is told apart, and none is left behind. */
#include "conf/program.h"

#include <newswire/clock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

static void run(const char *script, int64_t timeout_ms, struct conf_program *program)
{
    const char *const argv[] = {"sh", "-c", script, NULL};

    *program = (struct conf_program){0};
    nw_buf_init(&program->out, 1000);
    nw_buf_init(&program->err, 100);
    assert_int_equal(conf_program_run(argv, timeout_ms, program), 0);
}

static void done(struct conf_program *program)
{
    nw_buf_free(&program->out);
    nw_buf_free(&program->err);
}

static void test_output_and_status(void **state)
{
    struct conf_program program;

    (void)state;
    run("echo out; echo err >&2; exit 7", 60000, &program);
    assert_true(nw_str_eq(nw_buf_view(&program.out), NW_S("out\n")));
    assert_true(nw_str_eq(nw_buf_view(&program.err), NW_S("err\n")));
    assert_int_equal(program.error, 0);
    assert_false(program.late);
    assert_true(WIFEXITED(program.status));
    assert_int_equal(WEXITSTATUS(program.status), 7);
    done(&program);
}

static void test_output_is_bounded(void **state)
{
    struct conf_program program;

    (void)state;
    run("yes | head -c 3000000", 60000, &program);
    assert_int_equal(program.out.n, 1000);
    assert_int_equal(WEXITSTATUS(program.status), 0);
    done(&program);
}

/* A process that is there and no zombie (which only waits to be buried). */
static bool alive(long pid)
{
    char path[64], line[256] = "";
    const char *behind;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    file = fopen(path, "r");
    if (!file)
        return false;
    behind = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    return behind && behind[1] == ' ' && behind[2] != 'Z' && behind[2] != 'X';
}

/* The whole group goes: also what the program has started. */
static void test_late_is_killed(void **state)
{
    struct conf_program program;
    int64_t deadline = nw_clock_mono() + 30000;
    long child;

    (void)state;
    run("sh -c 'kill -STOP $$' & echo $!; kill -STOP $$", 200, &program);
    assert_true(program.late);
    assert_true(WIFSIGNALED(program.status));
    assert_int_equal(WTERMSIG(program.status), SIGKILL);
    nw_buf_char(&program.out, '\0');
    child = strtol(program.out.p, NULL, 10);
    assert_true(child > 0);
    while (alive(child) && nw_clock_mono() < deadline)
        poll(NULL, 0, 5);
    assert_false(alive(child));
    done(&program);
}

/* A program that closes its output but goes on is waited for; one whose child holds the output is not. */
static void test_end_is_the_program_s_end(void **state)
{
    struct conf_program program;

    (void)state;
    run("exec >&- 2>&-; read x; exit 4", 60000, &program);
    assert_int_equal(WEXITSTATUS(program.status), 4);
    done(&program);
    run("(trap '' HUP; kill -STOP $(exec sh -c 'echo $PPID')) & echo $!; exit 5", 60000, &program);
    assert_int_equal(WEXITSTATUS(program.status), 5);
    nw_buf_char(&program.out, '\0');
    kill((pid_t)strtol(program.out.p, NULL, 10), SIGKILL);
    done(&program);
}

static void test_not_there(void **state)
{
    const char *const argv[] = {"/nonexistent/program", NULL};
    struct conf_program program = {0};

    (void)state;
    nw_buf_init(&program.out, 100);
    nw_buf_init(&program.err, 100);
    assert_int_equal(conf_program_run(argv, 60000, &program), 0);
    assert_int_equal(program.error, ENOENT);
    done(&program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_and_status), cmocka_unit_test(test_output_is_bounded),
        cmocka_unit_test(test_late_is_killed),    cmocka_unit_test(test_end_is_the_program_s_end),
        cmocka_unit_test(test_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
