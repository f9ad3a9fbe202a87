/* Help, manual pages and completion out of a command's table: an invented command against golden files, and what must
 * hold for every command. To write the golden files anew: NEWSWIRE_GOLDEN=write build/tests/help_test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/help.h"
#include "cli/stages.h"

#include <newswire/utf8.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const sizes[] = {"small", "large", NULL};

static const struct command_option options[] = {
    {.name = "size",
     .letter = 's',
     .kind = OPTION_TEXT,
     .argument = "SIZE",
     .preset = "small",
     .words = sizes,
     .doc = "how much of it; a doc that is long enough to be broken over more than one line of eighty columns"},
    {.name = "a-rather-long-name", .kind = OPTION_FILE, .argument = "FILE", .doc = "stands alone on its line"},
    {.name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .fallback = "says all", .doc = "say nothing"},
    COMMAND_OPTION_END,
};

static const struct command_example examples[] = {
    {"newswire weigh -s large 'a b.txt'", "weighs a file; \\ and 'quotes' come through"},
    COMMAND_EXAMPLE_END,
};

static const struct command weigh = {
    .name = "weigh",
    .doc = "weigh articles",
    .operands = "[PATH…]",
    .operand = OPERAND_FILE,
    .text =
        ".A paragraph that begins with a dot, which roff would take for a request, and that goes on for long enough "
        "to be wrapped at the right margin.\n\n'Another one' — with an em dash.\nA new line.",
    .options = options,
    .examples = examples,
};

static void expect_golden(const char *name, const struct nw_buf *text)
{
    const char *mode = getenv("NEWSWIRE_GOLDEN");
    char path[512], *golden;
    FILE *file;
    size_t n;

    snprintf(path, sizeof path, "%s/tests/unit/cli/golden/%s", NW_SOURCE_DIR, name);
    if (mode && strcmp(mode, "write") == 0) {
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text->p, 1, text->n, file), text->n);
        fclose(file);
    }
    file = fopen(path, "r");
    assert_non_null(file);
    golden = malloc(text->n + 2);
    n = fread(golden, 1, text->n + 1, file);
    fclose(file);
    golden[n] = '\0';
    assert_int_equal(text->error, 0);
    assert_int_equal(n, text->n);
    assert_memory_equal(golden, text->p, n);
    free(golden);
}

static void golden_help_and_manual(void **state)
{
    struct nw_buf text;

    (void)state;
    nw_buf_init(&text, HELP_MAX);
    assert_int_equal(help_command(&weigh, &text), 0);
    expect_golden("weigh.txt", &text);
    nw_buf_clear(&text);
    assert_int_equal(manual_command(&weigh, &text), 0);
    struct nw_str page = nw_buf_view(&text), title;
    assert_true(nw_str_line(&page, &title));
    assert_true(nw_str_starts(title, NW_S(".TH NEWSWIRE-WEIGH 1 ")));
    nw_buf_take(&text, text.n - page.n);
    expect_golden("newswire-weigh.1", &text);
    nw_buf_free(&text);
}

static void every_help_fits_a_terminal(void **state)
{
    struct nw_buf text;

    (void)state;
    nw_buf_init(&text, HELP_MAX);
    assert_int_equal(help_overview(&text), 0);
    for (size_t i = 0; commands[i]; i++) {
        assert_int_equal(help_command(commands[i], &text), 0);
    }
    struct nw_str rest = nw_buf_view(&text), line;
    while (nw_str_line(&rest, &line)) {
        if (nw_utf8_count(line) > 80 && nw_str_find(line, NW_S("newswire ")) == SIZE_MAX) {
            fail_msg("more than 80 columns: %.*s", NW_FMT(line));
        }
        assert_false(nw_str_ends(line, NW_S(" ")));
    }
    nw_buf_free(&text);
}

/* roff requests stand where we put them and nowhere else. */
static void every_manual_page_is_roff(void **state)
{
    static const char *const requests[] = {".TH", ".SH", ".TP", ".PP", ".br"};
    struct nw_buf text;

    (void)state;
    nw_buf_init(&text, HELP_MAX);
    assert_int_equal(manual_overview(&text), 0);
    for (size_t i = 0; commands[i]; i++) {
        assert_int_equal(manual_command(commands[i], &text), 0);
    }
    struct nw_str rest = nw_buf_view(&text), line;
    while (nw_str_line(&rest, &line)) {
        bool known = false;
        assert_false(nw_str_starts(line, NW_S("'")));
        for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
            known = known || nw_str_starts(line, nw_str_z(requests[i]));
        }
        assert_true(known || !nw_str_starts(line, NW_S(".")));
    }
    nw_buf_free(&text);
}

/* Each format that fetch's table has is explained. */
static void explains_every_format(void **state)
{
    const char *const *words = stages_formats();
    struct nw_buf text;

    (void)state;
    nw_buf_init(&text, HELP_MAX);
    assert_int_equal(help_formats(&text), 0);
    assert_non_null(words);
    for (size_t i = 0; words[i]; i++) {
        struct nw_str rest = nw_buf_view(&text), line;
        char start[64];
        bool found = false;

        snprintf(start, sizeof start, "  %-14s", words[i]);
        while (nw_str_line(&rest, &line)) {
            found = found || (nw_str_starts(line, nw_str_z(start)) && line.n > strlen(start) + 3);
        }
        assert_true(found);
    }
    nw_buf_free(&text);
}

static void writes_a_page_a_command(void **state)
{
    char folder[] = "/tmp/newswire-help-XXXXXX", path[MANUAL_PATH];
    size_t found = 0;
    struct stat stat_of;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(manual_write(folder, path), 0);
    for (size_t i = 0; commands[i]; i++) {
        snprintf(path, sizeof path, "%s/newswire-%s.1", folder, commands[i]->name);
        found += stat(path, &stat_of) == 0 && stat_of.st_size > 100;
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/newswire.1", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was written */
    assert_true(found >= 9);
    assert_true(manual_write(folder, path) < 0);
}

/* Runs the completion script in bash for a line whose last word is being typed; the words it offers, parted by spaces.
 */
static void complete(const char *script, const char *words, int count, char out[4096])
{
    char path[] = "/tmp/newswire-completion-XXXXXX", command[1024];
    int fd = mkstemp(path);
    FILE *pipe;
    size_t n;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, script, strlen(script)), strlen(script));
    close(fd);
    snprintf(
        command, sizeof command,
        "bash -c 'compopt() { :; }; source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _newswire; echo \"${COMPREPLY[*]}\"'",
        path, words, count);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    n = fread(out, 1, 4095, pipe);
    out[n] = '\0';
    assert_int_equal(pclose(pipe), 0);
    unlink(path);
}

static void bash_completes(void **state)
{
    struct nw_buf script;
    char out[4096];

    (void)state;
    nw_buf_init(&script, HELP_MAX);
    assert_int_equal(completion_bash(&script), 0);
    nw_buf_char(&script, '\0');
    complete(script.p, "newswire pi", 1, out);
    assert_string_equal(out, "pipe\n");
    complete(script.p, "newswire pipe --thr", 2, out);
    assert_string_equal(out, "--through\n");
    complete(script.p, "newswire pipe --through t", 3, out);
    assert_string_equal(out, "tag\n");
    complete(script.p, "newswire pipe -t \"\"", 3, out);
    assert_string_equal(out, "clean tag aggregate\n");
    complete(script.p, "newswire help ta", 2, out);
    assert_string_equal(out, "tail\n");
    complete(script.p, "newswire completion b", 2, out);
    assert_string_equal(out, "bash\n");
    complete(script.p, "newswire tail -n \"\"", 3, out);
    assert_string_equal(out, "\n");
    nw_buf_free(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_help_and_manual),
        cmocka_unit_test(every_help_fits_a_terminal),
        cmocka_unit_test(every_manual_page_is_roff),
        cmocka_unit_test(writes_a_page_a_command),
        cmocka_unit_test(bash_completes),
        cmocka_unit_test(explains_every_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
