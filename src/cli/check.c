/* newswire check: a configuration of the daemon, before it is started with it. */
#include "super/check.h"
#include "arguments.h"
#include "conf/daemon.h"
#include "query/query.h"

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

/* Tells each `only` that is no query. A file that cannot be loaded is left to the check proper. */
static int check_queries(const char *path)
{
    struct nw_daemon *daemon = NULL;
    struct nw_buf problems;
    int status = EXIT_DONE;

    nw_conf_problems_init(&problems);
    nw_daemon_load(path, &daemon, &problems);
    for (size_t i = 0; daemon && i < daemon->count; i++) {
        const struct nw_daemon_stage *stage = &daemon->stages[i];
        struct nw_str only = nw_conf_str(stage->conf, "only");
        struct nw_query *query = NULL;
        char why[NW_WHY];
        size_t column;
        if (only.n > 0 && nw_query_compile(only, &query, &column, why) == NW_QUERY_BAD) {
            fprintf(stderr, "%s:%d: stages.%s.only: %s\n", daemon->path, nw_conf_line(stage->conf, "only"), stage->name,
                    why);
            status = EXIT_USAGE;
        }
        nw_query_free(&query);
    }
    nw_daemon_free(&daemon);
    nw_buf_free(&problems);
    return status;
}

static int check_run(const struct arguments *arguments)
{
    const char *path = arguments->operand_count > 0 ? arguments->operands[0] : NULL;

    if (check_queries(path) != EXIT_DONE) {
        return EXIT_USAGE;
    }
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
