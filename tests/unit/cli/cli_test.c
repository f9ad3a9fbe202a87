/* The command as a whole, in this process: exit statuses, what goes to which stream, and the contract of pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/cli.h"

#include <newswire/record.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS = 16, STREAM_MAX = 1 << 20 };

struct run {
    int status;
    char out[STREAM_MAX], err[STREAM_MAX];
};

static char folder[64];

/* A file of the test's folder. */
static const char *at(const char *name, char path[256])
{
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    FILE *file = fopen(at(name, path), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void read_back(int fd, char text[STREAM_MAX])
{
    ssize_t n = pread(fd, text, STREAM_MAX - 1, 0);

    assert_true(n >= 0);
    text[n] = '\0';
}

/* Runs `newswire WORDS…` with the three streams put aside. `input` is standard input. */
static void run(struct run *r, const char *input, const char *const *words)
{
    int streams[3] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}, kept[3], files[3], argc = 1;
    char copies[WORDS][512], *argv[WORDS + 1] = {NULL};

    argv[0] = copies[0];
    snprintf(copies[0], sizeof copies[0], "newswire");
    for (; words[argc - 1]; argc++) {
        snprintf(copies[argc], sizeof copies[argc], "%s", words[argc - 1]);
        argv[argc] = copies[argc];
    }
    fflush(NULL);
    for (int i = 0; i < 3; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/stream-XXXXXX", folder);
        files[i] = mkstemp(path);
        assert_true(files[i] >= 0);
        unlink(path);
        kept[i] = dup(streams[i]);
    }
    assert_int_equal(pwrite(files[0], input, strlen(input), 0), strlen(input));
    for (int i = 0; i < 3; i++) {
        dup2(files[i], streams[i]);
    }
    r->status = cli_run(argc, argv);
    fflush(NULL);
    for (int i = 0; i < 3; i++) {
        dup2(kept[i], streams[i]);
        close(kept[i]);
    }
    read_back(files[1], r->out);
    read_back(files[2], r->err);
    for (int i = 0; i < 3; i++) {
        close(files[i]);
    }
}

#define RUN(r, input, ...) run((r), (input), (const char *const[]){__VA_ARGS__, NULL})

static struct run *run_new(void)
{
    struct run *r = calloc(1, sizeof *r);

    assert_non_null(r);
    return r;
}

static size_t line_count(const char *text)
{
    size_t n = 0;

    for (; *text; text++) {
        n += *text == '\n';
    }
    return n;
}

/* The source of line i of the output. */
static void expect_source(const char *out, size_t i, const char *path, int index)
{
    struct nw_str rest = nw_str_z(out), line = {0};
    struct nw_arena arena = {0};
    struct nw_record *record;
    char why[NW_WHY];

    for (size_t n = 0; n <= i; n++) {
        assert_true(nw_str_line(&rest, &line));
    }
    assert_int_equal(nw_record_from_json(&arena, line, &record, why), 0);
    assert_true(nw_str_eq(record->source->path, nw_str_z(path)));
    assert_int_equal(record->source->index, index);
    nw_arena_free(&arena);
}

static void usage_is_status_1(void **state)
{
    struct run *r = run_new();

    (void)state;
    run(r, "", (const char *const[]){NULL});
    assert_int_equal(r->status, 1);
    assert_string_equal(r->err, "newswire: expected a command; `newswire help` lists them\n");
    RUN(r, "", "nonsense");
    assert_int_equal(r->status, 1);
    RUN(r, "", "help", "nonsense");
    assert_int_equal(r->status, 1);
    RUN(r, "", "pipe", "--through", "fetch");
    assert_int_equal(r->status, 1);
    assert_string_equal(r->err,
                        "newswire: pipe: --through: expected clean, tag or aggregate, not 'fetch'; see `newswire "
                        "pipe --help`\n");
    RUN(r, "", "pipe", "--loops", "2");
    assert_int_equal(r->status, 1);
    RUN(r, "", "feed", "--rate", "fast");
    assert_int_equal(r->status, 1);
    RUN(r, "", "tail", "--from", "yesterday");
    assert_int_equal(r->status, 1);
    RUN(r, "", "completion");
    assert_int_equal(r->status, 1);
    RUN(r, "", "status", "--run",
        "/a-very-long-name/a-very-long-name/a-very-long-name/a-very-long-name/a-very-long-name/a-very-long-name");
    assert_int_equal(r->status, 1);
    assert_string_equal(r->out, "");
    free(r);
}

static void help_is_status_0(void **state)
{
    struct run *r = run_new();

    (void)state;
    RUN(r, "", "--help");
    assert_int_equal(r->status, 0);
    assert_non_null(strstr(r->out, "\n  pipe "));
    RUN(r, "", "tail", "-h");
    assert_int_equal(r->status, 0);
    assert_non_null(strstr(r->out, "--from SEQ"));
    RUN(r, "", "--version");
    assert_int_equal(r->status, 0);
    assert_string_equal(r->out, "newswire " NW_VERSION "\n");
    RUN(r, "", "fields");
    assert_int_equal(r->status, 0);
    assert_non_null(strstr(r->out, "headlines"));
    assert_string_equal(r->err, "");
    free(r);
}

static void no_daemon_is_status_2(void **state)
{
    struct run *r = run_new();
    char socket[256];

    (void)state;
    RUN(r, "", "status", "--run", folder);
    assert_int_equal(r->status, 2);
    assert_non_null(strstr(r->err, at("control.sock", socket)));
    assert_int_equal(line_count(r->err), 1);
    assert_string_equal(r->out, "");
    free(r);
}

static const char story[] =
    "Harbour reopens after storm\n\nThe harbour reopened on Monday, the port authority said.\n\n"
    "Ferries will sail again from Tuesday.\n";

static void pipe_goes_on_past_bad_input(void **state)
{
    char good[256], missing[256];
    struct run *r = run_new();

    (void)state;
    write_file("good.txt", story);
    at("good.txt", good);
    at("missing.txt", missing);
    RUN(r, "", "pipe", "--through", "clean", missing, good, "", "\xff.txt");
    assert_int_equal(r->status, 3);
    assert_int_equal(line_count(r->out), 1);
    expect_source(r->out, 0, good, 0);
    assert_int_equal(line_count(r->err), 3);
    assert_non_null(strstr(r->err, missing));
    RUN(r, "", "pipe", "--through", "clean", good);
    assert_int_equal(r->status, 0);
    assert_string_equal(r->err, "");
    unlink(good);
    free(r);
}

/* Paths as given, a folder in byte order, standard input as "-"; the same for any number of threads. */
static void pipe_keeps_the_order_of_its_input(void **state)
{
    static const char *const names[] = {"B.txt", "a.txt", "b.txt"};
    struct run *one = run_new(), *many = run_new();
    char path[256];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        write_file(names[i], story);
    }
    RUN(one, story, "pipe", "-j", "1", "--through", "clean", at("b.txt", path), folder, "-");
    assert_int_equal(one->status, 0);
    assert_int_equal(line_count(one->out), 5);
    expect_source(one->out, 0, at("b.txt", path), 0);
    for (size_t i = 0; i < 3; i++) {
        expect_source(one->out, 1 + i, at(names[i], path), 0);
    }
    expect_source(one->out, 4, "-", 0);
    RUN(many, story, "pipe", "-j", "4", "--through", "clean", at("b.txt", path), folder);
    assert_int_equal(many->status, 0);
    assert_int_equal(line_count(many->out), 4);
    for (size_t i = 0; i < 3; i++) {
        expect_source(many->out, 1 + i, at(names[i], path), 0);
    }
    RUN(many, "", "pipe", "--loops", "3", "--through", "clean", folder);
    assert_int_equal(many->status, 0);
    assert_int_equal(line_count(many->out), 3);
    for (size_t i = 0; i < 3; i++) {
        unlink(at(names[i], path));
    }
    free(one);
    free(many);
}

static int folder_make(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/newswire-cli-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usage_is_status_1),
        cmocka_unit_test(help_is_status_0),
        cmocka_unit_test(no_daemon_is_status_2),
        cmocka_unit_test(pipe_goes_on_past_bad_input),
        cmocka_unit_test(pipe_keeps_the_order_of_its_input),
    };

    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
