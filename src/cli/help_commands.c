/* newswire help, completion and version: what newswire says of itself. */
#include "arguments.h"
#include "help.h"
#include "message.h"
#include "output.h"

#include <string.h>

/* ---- help */

static const struct command_option help_options[] = {
    {.name = "man", .kind = OPTION_FLAG, .doc = "print the manual page in roff instead"},
    {.name = "into",
     .kind = OPTION_FOLDER,
     .argument = "DIR",
     .doc = "with --man: write all manual pages into a folder, as newswire.1, newswire-pipe.1, …"},
    COMMAND_OPTION_END,
};

static const struct command_example help_examples[] = {
    {"newswire help tail", "the same as newswire tail --help"},
    {"newswire help formats", "lists the formats that can be named"},
    {"newswire help languages", "tells what is found in which language"},
    {"newswire help --man tail | man -l -", "shows the manual page, where it is not installed"},
    {"newswire help --man --into share/man/man1", "writes all manual pages"},
    COMMAND_EXAMPLE_END,
};

static int write_manual(const char *folder)
{
    char path[MANUAL_PATH];
    int rc = manual_write(folder, path);

    if (rc < 0) {
        message_error(rc, path);
        return EXIT_UNREACHABLE;
    }
    return EXIT_DONE;
}

static int help_run(const struct arguments *arguments)
{
    const char *name = arguments->operand_count > 0 ? arguments->operands[0] : NULL;
    const struct command *command = name ? command_find(name) : NULL;
    bool man = argument_given(arguments, "man"), formats = !man && name && strcmp(name, "formats") == 0;
    bool languages = !man && name && strcmp(name, "languages") == 0;
    struct nw_buf text;
    int rc;

    if (name && !command && !formats && !languages) {
        message(nw_str("", 0), "there is no command '%s'; `newswire help` lists them", name);
        return EXIT_USAGE;
    }
    if (argument_given(arguments, "into")) {
        if (!man || name) {
            message(nw_str("", 0), "help: --into DIR goes with --man and without a command");
            return EXIT_USAGE;
        }
        return write_manual(argument_text(arguments, "into"));
    }
    nw_buf_init(&text, HELP_MAX);
    if (formats) {
        rc = help_formats(&text);
    } else if (languages) {
        rc = help_languages(&text);
    } else if (command) {
        rc = man ? manual_command(command, &text) : help_command(command, &text);
    } else {
        rc = man ? manual_overview(&text) : help_overview(&text);
    }
    if (rc < 0) {
        message_error(rc, "help");
        rc = EXIT_UNREACHABLE;
    } else {
        rc = output_text(nw_buf_view(&text));
    }
    nw_buf_free(&text);
    return rc;
}

const struct command command_help = {
    .name = "help",
    .doc = "explain newswire or one of its commands",
    .operands = "[COMMAND|formats|languages]",
    .operand = OPERAND_COMMAND,
    .most_operands = 1,
    .text =
        "Prints the list of commands, or what one of them does, its options, and examples. The help, the manual "
        "pages and the shell completion all come from the table by which the command reads its arguments.\n\n"
        "With formats it prints what --format of pipe and feed may be, with languages what is found in which language.",
    .options = help_options,
    .examples = help_examples,
    .run = help_run,
};

/* ---- completion */

static int completion_run(const struct arguments *arguments)
{
    struct nw_buf text;
    int rc;

    if (arguments->operand_count == 0 || strcmp(arguments->operands[0], "bash") != 0) {
        message(nw_str("", 0), "completion: name the shell: bash");
        return EXIT_USAGE;
    }
    nw_buf_init(&text, HELP_MAX);
    completion_bash(&text);
    rc = output_text(nw_buf_view(&text));
    nw_buf_free(&text);
    return rc;
}

static const struct command_example completion_examples[] = {
    {"source <(newswire completion bash)", "completes commands, options and their words in this shell"},
    COMMAND_EXAMPLE_END,
};

const struct command command_completion = {
    .name = "completion",
    .doc = "print a completion script for a shell",
    .operands = "bash",
    .operand = OPERAND_SHELL,
    .most_operands = 1,
    .text =
        "Prints a script that makes the shell complete newswire's commands, options and their values. To have it in "
        "every shell, write it to ~/.local/share/bash-completion/completions/newswire.",
    .examples = completion_examples,
    .run = completion_run,
};

/* ---- version */

static int version_run(const struct arguments *arguments)
{
    (void)arguments;
    return output_text(NW_S("newswire " NW_VERSION "\n"));
}

static const struct command_example version_examples[] = {
    {"newswire version", "also: newswire --version"},
    COMMAND_EXAMPLE_END,
};

const struct command command_version = {
    .name = "version",
    .doc = "print the version",
    .operands = "",
    .text = "Prints the version of newswired that this command belongs to.",
    .examples = version_examples,
    .run = version_run,
};
