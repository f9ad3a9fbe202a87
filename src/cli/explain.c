/* newswire explain: what the tagger found in articles, and which rule, list or model found it. */
#include "arguments.h"
#include "explain_lines.h"
#include "message.h"
#include "output.h"
#include "run/chain.h"
#include "stages.h"

#include <newswire/error.h>

#include <string.h>
#include <unistd.h>

enum {
    THROUGH_TAG = 2, /* clean and tag, of `stages` */
    EXPLAIN_MEMORY = 512 << 20,
};

static const struct command_option explain_options[] = {
    {.name = "format",
     .letter = 'f',
     .kind = OPTION_TEXT,
     .argument = "FORMAT",
     .preset = "auto",
     .words_from = stages_formats,
     .doc = "what all of the input is; newswire help formats tells more"},
    {.name = "config",
     .letter = 'c',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .fallback = "each stage's presets",
     .doc = "a configuration of the daemon: its sections of clean and tag hold here too, with your own names"},
    {.name = "json", .kind = OPTION_FLAG, .doc = "one JSON object an annotation, one a line"},
    COMMAND_OPTION_END,
};

static const struct command_example explain_examples[] = {
    {"newswire explain story.txt", "lists every annotation of an article"},
    {"newswire explain -c newswired.yaml story.txt | grep list:own", "shows what your own lists and patterns found"},
    {"newswire explain --json wires/ | jq -r 'select(.kind == \"entity\" and .score < 0.5) | .text'",
     "prints the names that the model was not sure of"},
    COMMAND_EXAMPLE_END,
};

struct explain_run {
    struct output output;
    struct nw_arena arena;
    struct nw_buf text;
    bool json, colours;
    uint64_t failed;
};

static int explain_output(void *user, struct nw_str bytes)
{
    struct explain_run *run = user;
    struct nw_record *record;
    char why[NW_WHY];
    int rc;

    nw_arena_reset(&run->arena);
    run->text.n = 0;
    rc = nw_record_decode(&run->arena, bytes, &record, why);
    if (rc == 0) {
        rc = run->json ? explain_json(record, &run->text) : explain_text(record, run->colours, &run->text);
    }
    if (rc != 0 || run->text.n == 0) {
        return rc;
    }
    run->text.n--; /* output_line ends the last one */
    return output_line(&run->output, nw_buf_view(&run->text));
}

static int explain_idle(void *user)
{
    struct explain_run *run = user;

    return output_flush(&run->output);
}

static void explain_complain(void *user, struct nw_str path, const char *sentence)
{
    struct explain_run *run = user;

    message(path, "%s", sentence);
    run->failed++;
}

static int run_chain(struct explain_run *run, const struct stages_conf *conf)
{
    struct nw_chain_options options = {
        .source = &nw_stage_fetch,
        .source_conf = conf->fetch,
        .stages = stages,
        .confs = (const struct nw_conf *const *)conf->confs,
        .n = THROUGH_TAG,
        .jobs = 1,
        .form = NW_CHAIN_MSGPACK,
        .user = run,
        .output = explain_output,
        .idle = explain_idle,
        .complain = explain_complain,
    };
    struct nw_chain_stats stats;
    int rc = nw_chain_run(&options, &stats);

    return rc ? rc : output_flush(&run->output);
}

static int explain_run(const struct arguments *arguments)
{
    struct explain_run run = {.json = argument_given(arguments, "json"), .colours = message_colours(STDOUT_FILENO)};
    struct stages_conf conf;
    int rc;

    output_init(&run.output, STDOUT_FILENO);
    nw_arena_init(&run.arena, EXPLAIN_MEMORY);
    nw_buf_init(&run.text, EXPLAIN_MAX);
    rc = stages_configure(arguments, argument_text(arguments, "config"), THROUGH_TAG, &conf, &run.failed);
    if (rc == 0) {
        rc = run_chain(&run, &conf);
        if (run.output.result < 0) {
            message_error(run.output.result, "standard output");
        } else if (rc < 0) {
            message(nw_str("", 0), "explain: a stage could not start or go on: %s", strerror(-rc));
        }
        rc = rc < 0 ? EXIT_UNREACHABLE : run.failed > 0 ? EXIT_INPUT : EXIT_DONE;
    }
    stages_conf_free(&conf);
    nw_buf_free(&run.text);
    nw_arena_free(&run.arena);
    output_free(&run.output);
    return rc;
}

const struct command command_explain = {
    .name = "explain",
    .doc = "tell of each annotation of an article what made it",
    .operands = "[PATH…|-]",
    .operand = OPERAND_FILE,
    .most_operands = SIZE_MAX,
    .text =
        "Cleans and tags the articles in the files named, as newswire pipe does, and prints one line an annotation: "
        "where it begins (in code points of the body), its kind, the text, what was read in it, and in brackets the "
        "rule, list or model that made it with its confidence from 0 to 1. model:… are the trained models, list:own "
        "your own names and patterns, list:gazetteer the lists that ship, rule:… rules of the tagger; source is what "
        "the article brought along. A keyword's number is its weight, not a confidence.\n\n"
        "The confidence of a name is calibrated: of names at .9, nine of ten are right in text like that the model "
        "learned from.",
    .options = explain_options,
    .examples = explain_examples,
    .run = explain_run,
};
