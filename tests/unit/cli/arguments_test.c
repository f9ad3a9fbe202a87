/* How a command line is read by a command's table: what is taken, and the sentence for each thing that is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/arguments.h"

#include <newswire/alloc.h>
#include <newswire/str.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const colours[] = {"red", "green", "blue", NULL};

static const struct command_option options[] = {
    {.name = "colour", .letter = 'c', .kind = OPTION_TEXT, .argument = "COLOUR", .preset = "red", .words = colours},
    {.name = "count", .letter = 'n', .kind = OPTION_NUMBER, .argument = "N", .least = 1, .most = 100, .preset = "5"},
    {.name = "far", .kind = OPTION_NUMBER, .argument = "N", .least = 0, .most = INT64_MAX},
    {.name = "loud", .letter = 'l', .kind = OPTION_FLAG},
    {.name = "name", .kind = OPTION_TEXT, .argument = "NAME"},
    COMMAND_OPTION_END,
};

static const struct command paint = {.name = "paint", .operands = "[PATH…]", .most_operands = 3, .options = options};

/* Reads up to eight words; the array lives as long as the test's frame. */
#define PARSE(result, ...)                                                                                             \
    char *argv_of_test[] = {__VA_ARGS__, NULL};                                                                        \
    struct arguments arguments;                                                                                        \
    char why[ARGUMENTS_WHY];                                                                                           \
    int argc_of_test = (int)(sizeof argv_of_test / sizeof *argv_of_test) - 1;                                          \
    assert_int_equal(arguments_parse(&paint, argc_of_test, argv_of_test, &arguments, why), (result))

static void takes_presets(void **state)
{
    char *none[] = {NULL};
    struct arguments arguments;
    char why[ARGUMENTS_WHY];

    (void)state;
    assert_int_equal(arguments_parse(&paint, 0, none, &arguments, why), 0);
    assert_string_equal(argument_text(&arguments, "colour"), "red");
    assert_int_equal(argument_number(&arguments, "count"), 5);
    assert_null(argument_text(&arguments, "name"));
    assert_false(argument_given(&arguments, "colour"));
    assert_false(argument_given(&arguments, "loud"));
    assert_int_equal(arguments.operand_count, 0);
}

static void takes_every_form(void **state)
{
    (void)state;
    PARSE(0, "a", "--colour=blue", "-n", "7", "--name", "-", "-l", "b");
    assert_string_equal(argument_text(&arguments, "colour"), "blue");
    assert_true(argument_given(&arguments, "colour"));
    assert_int_equal(argument_number(&arguments, "count"), 7);
    assert_string_equal(argument_text(&arguments, "name"), "-");
    assert_true(argument_given(&arguments, "loud"));
    assert_int_equal(arguments.operand_count, 2);
    assert_string_equal(arguments.operands[0], "a");
    assert_string_equal(arguments.operands[1], "b");
}

static void takes_a_joined_letter_and_the_last_of_several(void **state)
{
    (void)state;
    PARSE(0, "-n7", "-n8", "--name=", "--far", "9223372036854775807");
    assert_int_equal(argument_number(&arguments, "count"), 8);
    assert_string_equal(argument_text(&arguments, "name"), "");
    assert_true(argument_number(&arguments, "far") == INT64_MAX);
}

static void ends_options_at_two_dashes(void **state)
{
    (void)state;
    PARSE(0, "-", "--", "--loud", "--");
    assert_int_equal(arguments.operand_count, 3);
    assert_string_equal(arguments.operands[0], "-");
    assert_string_equal(arguments.operands[1], "--loud");
    assert_string_equal(arguments.operands[2], "--");
    assert_false(argument_given(&arguments, "loud"));
}

static void knows_help_anywhere(void **state)
{
    (void)state;
    {
        PARSE(ARGUMENTS_HELP, "a", "--help", "--nonsense");
    }
    {
        PARSE(ARGUMENTS_HELP, "-n", "3", "-h");
    }
}

/* Each refusal and its sentence. */
static void refuses(void **state)
{
    static const struct {
        const char *words[4];
        const char *why;
    } cases[] = {
        {{"--nonsense"}, "there is no option '--nonsense'"},
        {{"--col", "red"}, "there is no option '--col'"},
        {{"--colours", "red"}, "there is no option '--colours'"},
        {{"-x"}, "there is no option '-x'"},
        {{"-ln", "7"}, "--loud takes no value"},
        {{"--loud=yes"}, "--loud takes no value"},
        {{"--count"}, "--count needs a value: N"},
        {{"-n"}, "--count needs a value: N"},
        {{"--count", "0"}, "--count: '0' is no whole number from 1 to 100"},
        {{"--count", "101"}, "--count: '101' is no whole number from 1 to 100"},
        {{"--count", ""}, "--count: '' is no whole number from 1 to 100"},
        {{"--count", "+5"}, "--count: '+5' is no whole number from 1 to 100"},
        {{"--count", " 5"}, "--count: ' 5' is no whole number from 1 to 100"},
        {{"--count", "5 "}, "--count: '5 ' is no whole number from 1 to 100"},
        {{"--count", "5.0"}, "--count: '5.0' is no whole number from 1 to 100"},
        {{"--far", "9223372036854775808"}, "--far: '9223372036854775808' is no whole number from 0"},
        {{"--far", "-1"}, "--far: '-1' is no whole number from 0"},
        {{"--colour", "pink"}, "--colour: expected red, green or blue, not 'pink'"},
        {{"a", "b", "c", "d"}, "'d' is one argument too many"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char copies[4][32], *argv[5] = {NULL};
        struct arguments arguments;
        char why[ARGUMENTS_WHY];
        int argc = 0;

        for (; argc < 4 && cases[i].words[argc]; argc++) {
            snprintf(copies[argc], sizeof copies[argc], "%s", cases[i].words[argc]);
            argv[argc] = copies[argc];
        }
        assert_int_equal(arguments_parse(&paint, argc, argv, &arguments, why), ARGUMENTS_BAD);
        assert_string_equal(why, cases[i].why);
    }
}

/* Splits a line as a shell does that knows spaces and single quotes, up to the first of | > <( ). */
static int split(char *line, char *argv[16])
{
    int argc = 0;

    line[strcspn(line, "|><)")] = '\0';
    while (argc < 16) {
        line += strspn(line, " ");
        if (!*line) {
            break;
        }
        bool quoted = *line == '\''; /* as the shell reads it */
        line += quoted;
        argv[argc++] = line;
        line += strcspn(line, quoted ? "'" : " ");
        if (*line) {
            *line++ = '\0';
        }
    }
    return argc;
}

/* Each example of each command is one that the command itself takes. */
static void takes_its_own_examples(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        assert_non_null(commands[i]->examples);
        assert_non_null(commands[i]->examples->line);
        for (const struct command_example *e = commands[i]->examples; e->line; e++) {
            char line[256], why[ARGUMENTS_WHY], *argv[16], *start;
            struct arguments arguments;
            int argc;

            snprintf(line, sizeof line, "%s", e->line);
            start = strstr(line, "newswire ");
            assert_non_null(start);
            argc = split(start, argv);
            assert_true(argc >= 2);
            assert_string_equal(argv[1], commands[i]->name);
            if (arguments_parse(commands[i], argc - 2, argv + 2, &arguments, why) != 0)
                fail_msg("%s: %s", e->line, why);
        }
    }
}

/* What the tables promise each other: names are unique, docs are there, presets are good. */
static void tables_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        char *none[] = {NULL};
        struct arguments arguments;
        char why[ARGUMENTS_WHY];

        assert_ptr_equal(command_find(commands[i]->name), commands[i]);
        assert_true(strlen(commands[i]->doc) > 0 && strlen(commands[i]->text) > 0);
        assert_non_null(commands[i]->run);
        assert_int_equal(arguments_parse(commands[i], 0, none, &arguments, why), 0);
        for (const struct command_option *o = commands[i]->options; o && o->name; o++) {
            assert_true(strlen(o->doc) > 0);
            assert_int_equal(o->kind == OPTION_FLAG, o->argument == NULL);
            for (const struct command_option *other = commands[i]->options; other != o; other++) {
                assert_string_not_equal(other->name, o->name);
                assert_true(!o->letter || other->letter != o->letter);
            }
        }
    }
    assert_null(command_find("nonsense"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_presets),
        cmocka_unit_test(takes_every_form),
        cmocka_unit_test(takes_a_joined_letter_and_the_last_of_several),
        cmocka_unit_test(ends_options_at_two_dashes),
        cmocka_unit_test(knows_help_anywhere),
        cmocka_unit_test(refuses),
        cmocka_unit_test(takes_its_own_examples),
        cmocka_unit_test(tables_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
