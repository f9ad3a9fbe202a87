/* newswire check: a configuration of the daemon, before it is started with it. */
#include "super/check.h"
#include "arguments.h"

#include <stdio.h>

static const struct command_option check_options[] = {
    {.name = "print",
     .kind = OPTION_FLAG,
     .doc = "print the effective configuration as YAML, with the presets, each key explained"},
    COMMAND_OPTION_END,
};

static const struct command_example check_examples[] = {
    {"newswire check newswired.yaml", "says what is wrong with the file, or that it is good"},
    {"newswire check --print > newswired.yaml", "writes the configuration in force, to begin one of your own with"},
    COMMAND_EXAMPLE_END,
};

static int check_run(const struct arguments *arguments)
{
    const char *path = arguments->operand_count > 0 ? arguments->operands[0] : NULL;

    return argument_given(arguments, "print") ? nw_check_print(path, stdout, stderr) : nw_check(path, stdout, stderr);
}

const struct command command_check = {
    .name = "check",
    .doc = "validate a configuration of the daemon",
    .operands = "[CONFIG]",
    .operand = OPERAND_FILE,
    .most_operands = 1,
    .text =
        "Reads a configuration as newswired would, asks each stage's program for the keys of its section, and checks "
        "that the pipeline holds together: what a stage needs is set before it. Each problem is one line, "
        "FILE:LINE: sentence, on standard error, and the exit status is 1. Nothing is started.\n\n"
        "Without CONFIG it is ./newswired.yaml, else /etc/newswired/newswired.yaml, else the built-in one.",
    .options = check_options,
    .examples = check_examples,
    .run = check_run,
};
