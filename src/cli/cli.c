/* Finds the command that argv names and runs it. */
#include "cli.h"

#include "arguments.h"
#include "help.h"
#include "message.h"
#include "output.h"

#include <stdio.h>
#include <string.h>

static int show_help(const struct command *command)
{
    struct nw_buf text;
    int rc;

    nw_buf_init(&text, HELP_MAX);
    if (command) {
        help_command(command, &text);
    } else {
        help_overview(&text);
    }
    rc = output_text(nw_buf_view(&text));
    nw_buf_free(&text);
    return rc;
}

int cli_run(int argc, char **argv)
{
    const struct command *command;
    struct arguments arguments;
    char why[ARGUMENTS_WHY];
    int rc;

    if (argc < 2) {
        message(nw_str("", 0), "expected a command; `newswire help` lists them");
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        return show_help(NULL);
    }
    command = command_find(strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
    if (!command) {
        message(nw_str("", 0), "there is no command '%s'; `newswire help` lists them", argv[1]);
        return EXIT_USAGE;
    }
    rc = arguments_parse(command, argc - 2, argv + 2, &arguments, why);
    if (rc == ARGUMENTS_HELP) {
        return show_help(command);
    }
    if (rc == ARGUMENTS_BAD) {
        message(nw_str("", 0), "%s: %s; see `newswire %s --help`", command->name, why, command->name);
        return EXIT_USAGE;
    }
    return command->run(&arguments);
}
