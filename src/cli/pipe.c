/* newswire pipe: the stages over files, in this process, without a daemon. */
#include "arguments.h"
#include "message.h"
#include "output.h"
#include "run/chain.h"
#include "stages.h"

#include <newswire/error.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command_option pipe_options[] = {
    {.name = "through",
     .letter = 't',
     .kind = OPTION_TEXT,
     .argument = "STAGE",
     .preset = "aggregate",
     .words = stage_names,
     .doc = "the last stage to run"},
    {.name = "format",
     .letter = 'f',
     .kind = OPTION_TEXT,
     .argument = "FORMAT",
     .preset = "auto",
     .words_from = stages_formats,
     .doc = "what all of the input is; newswire help formats tells more"},
    {.name = "jobs",
     .letter = 'j',
     .kind = OPTION_NUMBER,
     .argument = "N",
     .least = 1,
     .most = NW_CHAIN_JOBS,
     .fallback = "one a core",
     .doc = "how many threads work; the output is the same for any number"},
    {.name = "config",
     .letter = 'c',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .fallback = "each stage's presets",
     .doc = "a configuration of the daemon, whose sections of clean, tag and aggregate hold here too"},
    {.name = "loops",
     .kind = OPTION_NUMBER,
     .argument = "N",
     .least = 1,
     .most = 1000000,
     .preset = "1",
     .doc = "read all input N times and write only what comes of the last, to measure speed"},
    COMMAND_OPTION_END,
};

static const struct command_example pipe_examples[] = {
    {"newswire pipe --through tag story.txt", "cleans and tags one article"},
    {"newswire pipe wires/ | jq -r '.headlines[0].value'", "shows the headlines of all articles below a folder"},
    {"curl -s https://news.example/feed.rss | newswire pipe --through clean -", "cleans a feed from standard input"},
    {"newswire pipe -j 1 --format html pages/ > articles.ndjson", "reads everything as web pages, on one core"},
    COMMAND_EXAMPLE_END,
};

struct pipe_run {
    struct output output;
    bool last; /* of the loops */
    uint64_t failed;
};

static int pipe_output(void *user, struct nw_str line)
{
    struct pipe_run *run = user;

    return run->last ? output_line(&run->output, line) : 0;
}

static int pipe_idle(void *user)
{
    struct pipe_run *run = user;

    return output_flush(&run->output);
}

static void pipe_complain(void *user, struct nw_str path, const char *sentence)
{
    struct pipe_run *run = user;

    if (run->last) {
        message(path, "%s", sentence);
        run->failed++;
    }
}

static bool reads_standard_input(const struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->operand_count; i++) {
        if (strcmp(arguments->operands[i], "-") == 0) {
            return true;
        }
    }
    return arguments->operand_count == 0;
}

static int run_loops(const struct arguments *arguments, const struct stages_conf *conf, size_t n, struct pipe_run *run)
{
    int64_t loops = argument_number(arguments, "loops");
    struct nw_chain_options options = {
        .source = &nw_stage_fetch,
        .source_conf = conf->fetch,
        .stages = stages,
        .confs = (const struct nw_conf *const *)conf->confs,
        .n = n,
        .jobs = argument_given(arguments, "jobs") ? (unsigned)argument_number(arguments, "jobs") : stages_cores(),
        .form = NW_CHAIN_JSON,
        .user = run,
        .output = pipe_output,
        .idle = pipe_idle,
        .complain = pipe_complain,
    };
    struct nw_chain_stats stats;
    int rc = 0;

    for (int64_t i = 1; i <= loops && rc == 0; i++) {
        run->last = i == loops;
        rc = nw_chain_run(&options, &stats);
    }
    return rc ? rc : output_flush(&run->output);
}

static int pipe_run(const struct arguments *arguments)
{
    const char *through = argument_text(arguments, "through");
    struct pipe_run run = {0};
    struct stages_conf conf;
    size_t n = 0;
    int rc;

    while (strcmp(stage_names[n++], through) != 0) {
    }
    if (argument_number(arguments, "loops") > 1 && reads_standard_input(arguments)) {
        message(nw_str("", 0), "pipe: standard input can be read only once: --loops needs files");
        return EXIT_USAGE;
    }
    output_init(&run.output, STDOUT_FILENO);
    rc = stages_configure(arguments, argument_text(arguments, "config"), n, &conf, &run.failed);
    if (rc == 0) {
        rc = run_loops(arguments, &conf, n, &run);
        if (run.output.result < 0) {
            message_error(run.output.result, "standard output");
        } else if (rc < 0) {
            message(nw_str("", 0), "pipe: a stage could not start or go on: %s", strerror(-rc));
        }
        rc = rc < 0 ? EXIT_UNREACHABLE : run.failed > 0 ? EXIT_INPUT : EXIT_DONE;
    }
    stages_conf_free(&conf);
    output_free(&run.output);
    return rc;
}

const struct command command_pipe = {
    .name = "pipe",
    .doc = "clean, tag and group articles without a daemon",
    .operands = "[PATH…|-]",
    .operand = OPERAND_FILE,
    .most_operands = SIZE_MAX,
    .text = "Runs the daemon's own stages over the articles in the files named, in this process, and writes one JSON "
            "object (IPTC ninjs 3.1) an article, one a line, in the order of the input. A folder is walked in byte "
            "order of names; - or nothing stands for standard input. A file may hold many articles; source.path and "
            "source.index in the output tell which is which.\n\n"
            "A file that can't be read or understood gives one line on standard error that names it and says why; the "
            "rest goes on, and the exit status is 3.",
    .options = pipe_options,
    .examples = pipe_examples,
    .run = pipe_run,
};
