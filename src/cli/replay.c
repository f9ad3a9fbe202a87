/* newswire replay: the journal through the stages once more, in this process; nothing is published. */
#include "arguments.h"
#include "broker/journal_entry.h"
#include "conf/conf.h"
#include "data_folder.h"
#include "interrupt.h"
#include "journal_source.h"
#include "message.h"
#include "output.h"
#include "output_log.h"
#include "replay_compare.h"
#include "replay_gate.h"
#include "run/share.h"
#include "stages.h"
#include "store/checkpoint.h"
#include "store/reader.h"

#include <newswire/error.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    REPLAY_INTERRUPTED = 2,      /* beside OUTPUT_CLOSED: a signal ended the run */
    CHECKPOINT_BYTES = 16 << 20, /* the broker's own bound */
    LINE_BYTES = 1 << 30,
};

static const struct command_option replay_options[] = {
    {.name = "from",
     .kind = OPTION_TEXT,
     .argument = "JSEQ|start",
     .preset = "start",
     .doc = "the first journal entry to do again"},
    {.name = "to", .kind = OPTION_TEXT, .argument = "JSEQ|end", .preset = "end", .doc = "the last one"},
    {.name = "config",
     .letter = 'c',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .fallback = "the daemon's: newswired.yaml here or in /etc/newswired",
     .doc = "the configuration that the stages run with"},
    {.name = "stage",
     .kind = OPTION_TEXT,
     .argument = "NAME",
     .fallback = "the last of them",
     .doc = "of several stages that write an output, the one to run, with what it takes"},
    {.name = "diff", .kind = OPTION_FLAG, .doc = "print what changes against the output log, article by article"},
    {.name = "json", .kind = OPTION_FLAG, .doc = "with --diff: one JSON object a change, and one that counts"},
    {.name = "exit-code", .kind = OPTION_FLAG, .doc = "with --diff: exit with 4 when there are differences"},
    {.name = "jobs",
     .letter = 'j',
     .kind = OPTION_NUMBER,
     .argument = "N",
     .least = 1,
     .most = NW_CHAIN_JOBS,
     .fallback = "one a core",
     .doc = "how many threads work; the output is the same for any number"},
    {.name = "journal",
     .kind = OPTION_FOLDER,
     .argument = "DIR",
     .fallback = "journal in the data folder",
     .doc = "the journal, or a copy of it"},
    {.name = "log",
     .kind = OPTION_FOLDER,
     .argument = "DIR",
     .fallback = "output in the data folder",
     .doc = "the output log that belongs to it"},
    COMMAND_OPTION_DATA,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example replay_examples[] = {
    {"newswire replay --diff --config new.yaml", "shows what a new configuration would change"},
    {"newswire replay --from 1000 --to 1999 > again.ndjson", "does a thousand journal entries again"},
    {"newswire replay --diff --exit-code --journal copy/journal --log copy/output",
     "tells by its exit status whether this version does anything else, on a copy of the logs"},
    COMMAND_EXAMPLE_END,
};

struct replay {
    const struct arguments *arguments;
    bool diff;
    char journal[DATA_FOLDER], log_folder[DATA_FOLDER], dead_folder[DATA_FOLDER];
    uint64_t journal_id, from, to;
    struct stages_pipeline pipeline;
    struct output_log log;
    bool has_log; /* it is open, and belongs to the journal */
    struct replay_gate gate;
    struct nw_arena arena; /* of the article at hand */
    struct nw_buf line;
    struct output output;
    struct compare compare;
    uint64_t failed;
};

/* ---- what is to be done */

static int usage(const char *sentence)
{
    message(nw_str("", 0), "replay: %s; see `newswire replay --help`", sentence);
    return EXIT_USAGE;
}

/* A number, or the word, which stands for `preset`. */
static int bound_parse(const struct replay *replay, const char *option, const char *word, uint64_t preset,
                       uint64_t *bound)
{
    const char *text = argument_text(replay->arguments, option);
    int64_t number;

    *bound = preset;
    if (strcmp(text, word) == 0) {
        return 0;
    }
    if (!number_parse(text, 1, INT64_MAX, &number)) {
        message(nw_str("", 0), "replay: --%s: expected %s or a number from 1, not '%s'", option, word, text);
        return EXIT_USAGE;
    }
    *bound = (uint64_t)number;
    return 0;
}

/* Folders that were not named are in the data folder. */
static int find_folders(struct replay *replay)
{
    const char *journal = argument_text(replay->arguments, "journal"), *log = argument_text(replay->arguments, "log");
    const char *apart = replay->pipeline.folder;
    char data[DATA_FOLDER] = "", output[sizeof replay->pipeline.folder + sizeof "/output"];
    int rc = journal && (log || !replay->diff) ? 0 : data_folder(replay->arguments, data);

    rc = rc ? rc : data_log(journal ? journal : data, journal ? NULL : "journal", replay->journal);
    if (rc == 0 && (log || data[0])) {
        snprintf(output, sizeof output, "%s%soutput", apart, apart[0] ? "/" : "");
        rc = data_log(log ? log : data, log ? NULL : output, replay->log_folder);
    }
    if (rc == 0 && data[0]) {
        rc = data_log(data, "dead", replay->dead_folder);
    }
    return rc;
}

/* The last entry that is done, by the checkpoint beside the journal; `last` where there is none. */
static uint64_t last_done(const struct replay *replay, uint64_t last)
{
    struct nw_journal_checkpoint checkpoint;
    char path[DATA_FOLDER + 16];
    struct nw_unpack in;
    struct nw_buf text;

    snprintf(path, sizeof path, "%s.checkpoint", replay->journal);
    nw_buf_init(&text, CHECKPOINT_BYTES);
    if (nw_checkpoint_read(path, &text) == 0) {
        in = nw_unpack(nw_buf_view(&text));
        if (nw_journal_checkpoint_read(&in, &checkpoint) && checkpoint.journal == replay->journal_id &&
            checkpoint.low - 1 < last) {
            last = checkpoint.low - 1;
        }
    }
    nw_buf_free(&text);
    return last;
}

/* What of the journal is wanted and there. */
static int find_range(struct replay *replay)
{
    struct nw_store_reader *reader;
    uint64_t first = 0, last = 0;
    int rc = nw_store_reader_open(replay->journal, 0, &reader);

    if (rc == 0) {
        rc = nw_store_reader_range(reader, &first, &last);
        replay->journal_id = nw_store_reader_id(reader);
    }
    nw_store_reader_close(&reader);
    if (rc < 0) {
        message(nw_str_z(replay->journal), "%s", rc == -ENOENT ? "there is no journal" : strerror(-rc));
        return EXIT_UNREACHABLE;
    }
    rc = bound_parse(replay, "from", "start", first, &replay->from);
    rc = rc ? rc : bound_parse(replay, "to", "end", last, &replay->to);
    if (rc) {
        return rc;
    }
    if (replay->from > replay->to || replay->from > last || replay->to < first) {
        message(nw_str_z(replay->journal), "holds the entries %" PRIu64 " to %" PRIu64 ": none of those wanted", first,
                last);
        return EXIT_USAGE;
    }
    if (replay->from < first) {
        message(nw_str_z(replay->journal), "begins at %" PRIu64 "; what came before is not kept any more", first);
        replay->from = first;
    }
    replay->to = replay->to > last ? last : replay->to;
    return 0;
}

/* The last jseq of which the output log may have let go of articles; 0: of none. */
static uint64_t last_cut(struct replay *replay)
{
    const struct output_cursor *cursor = output_log_first(&replay->log);
    const struct nw_pipeline *pipeline = cursor ? cursor->record->pipeline : NULL;
    uint64_t beside;

    if (!cursor || cursor->oseq <= 1 || cursor->oseq <= replay->log.adopted) {
        return 0;
    }
    /* Of its own entry some articles may be gone, and so is all of the other lane that came before it. */
    beside = NW_HAS(pipeline, pipeline, beside_jseq) ? (uint64_t)pipeline->beside_jseq : 0;
    return cursor->origin.jseq > beside ? cursor->origin.jseq : beside;
}

/* With --diff only what the log can have is done again: what it has let go of, and what is still under way, would look
 * like a change. */
static int limit_range(struct replay *replay)
{
    uint64_t done = last_done(replay, replay->to), cut = last_cut(replay);

    if (replay->from <= cut) {
        replay->from = cut + 1;
        message(nw_str_z(replay->log_folder), "the output log begins within jseq %" PRIu64 "; compared from %" PRIu64,
                cut, replay->from);
    }
    if (done < replay->to) {
        message(nw_str_z(replay->journal), "jseq %" PRIu64 " to %" PRIu64 " are not done yet; compared to %" PRIu64,
                done + 1, replay->to, done);
        replay->to = done;
    }
    if (replay->from > replay->to) {
        message(nw_str_z(replay->log_folder), "nothing is left to compare");
        return EXIT_UNREACHABLE;
    }
    return 0;
}

/* The log is needed for --diff; without, it gives the ordered stage its memory, where it is there. */
static int open_log(struct replay *replay)
{
    int rc = replay->log_folder[0] ? output_log_open(replay->log_folder, replay->journal_id, &replay->log) : -ENOENT;

    replay->has_log = rc == 0;
    if (rc == 0 || !replay->diff) {
        return 0;
    }
    message(nw_str_z(replay->log_folder), "%s",
            rc == OUTPUT_LOG_OTHER ? "this output log goes with another journal"
            : rc == -ENOENT        ? "there is no output log"
                                   : strerror(-rc));
    return EXIT_UNREACHABLE;
}

static int open_gate(struct replay *replay)
{
    int rc = replay_gate_open(&replay->gate, replay->has_log ? replay->log_folder : "", replay->dead_folder,
                              replay->journal_id);

    if (rc < 0) {
        message_error(rc, replay->log_folder);
        return EXIT_UNREACHABLE;
    }
    return 0;
}

/* ---- the run */

/* The cursor whose entry is the next of the log that came of what is before the first entry; NULL: none does. */
static struct output_cursor *next_past(struct replay *replay)
{
    struct output_cursor *next = NULL;

    for (int lane = 0; replay->has_log && lane < NW_LANES; lane++) {
        struct output_cursor *cursor = &replay->log.cursors[lane];
        bool past = !output_log_is_ours(&replay->log, cursor) || cursor->origin.jseq < replay->from;
        if (cursor->there && past && (!next || cursor->oseq < next->oseq)) {
            next = cursor;
        }
    }
    return next;
}

/* What was put out before the first entry. The log's cursors end behind it. */
static int replay_past(void *user, int (*recall)(void *stage, const struct nw_record *record), void *stage)
{
    struct replay *replay = user;
    struct output_cursor *cursor;
    int rc = 0;

    while (rc == 0 && (cursor = next_past(replay))) {
        rc = recall(stage, cursor->record);
        rc = rc ? rc : replay_gate_see(&replay->gate, cursor->record);
        rc = rc ? rc : output_log_next(&replay->log, cursor);
    }
    return rc;
}

static int put_json(struct replay *replay, const struct nw_record *record)
{
    int rc;

    nw_buf_clear(&replay->line);
    rc = nw_record_to_json(record, &replay->line);
    return rc ? rc : output_line(&replay->output, nw_buf_view(&replay->line));
}

/* An article that the stages gave, encoded. */
static int article_read(struct replay *replay, struct nw_str bytes, struct nw_record **record)
{
    char why[NW_WHY];
    int rc;

    nw_arena_reset(&replay->arena);
    rc = nw_record_decode(&replay->arena, bytes, record, why);
    return rc == 0 ? 0 : nw_fault(rc < 0 ? rc : -EPROTO); /* the stages made it in this process */
}

static int replay_output(void *user, struct nw_str bytes)
{
    struct replay *replay = user;
    struct nw_record *record;
    int rc = article_read(replay, bytes, &record);

    rc = rc ? rc : replay_gate_see(&replay->gate, record);
    if (rc == 0 && replay_gate_passes(&replay->gate, record)) {
        rc = replay->diff ? compare_article(&replay->compare, bytes) : put_json(replay, record);
    }
    return rc == 0 && interrupted() ? REPLAY_INTERRUPTED : rc;
}

static bool replay_admit(void *user, const struct nw_record *record)
{
    struct replay *replay = user;

    if (replay->pipeline.share && !share_takes(replay->pipeline.share, record)) {
        return false;
    }
    return replay_gate_admits(&replay->gate, record);
}

/* Of the first of two runs: only kills count. */
static int kills_output(void *user, struct nw_str bytes)
{
    struct replay *replay = user;
    struct nw_record *record;
    int rc = article_read(replay, bytes, &record);

    rc = rc ? rc : replay_gate_note(&replay->gate, record);
    return rc == 0 && interrupted() ? REPLAY_INTERRUPTED : rc;
}

static void kills_complain(void *user, struct nw_str path, const char *sentence)
{
    (void)user;
    (void)path;
    (void)sentence; /* is told by the second run */
}

static void replay_complain(void *user, struct nw_str path, const char *sentence)
{
    struct replay *replay = user;

    message(path, "%s", sentence);
    replay->failed++;
}

static int run_chain(struct replay *replay, const struct nw_conf *journal, bool kills)
{
    bool jobs = argument_given(replay->arguments, "jobs");
    struct nw_chain_options options = {
        .source = &nw_stage_journal,
        .source_conf = journal,
        .stages = replay->pipeline.stages,
        .confs = (const struct nw_conf *const *)replay->pipeline.confs,
        .n = replay->pipeline.n,
        .jobs = jobs ? (unsigned)argument_number(replay->arguments, "jobs") : stages_cores(),
        .form = NW_CHAIN_MSGPACK,
        .user = replay,
        .past = replay_past,
        .admit = kills ? NULL : replay_admit,
        .output = kills ? kills_output : replay_output,
        .complain = kills ? kills_complain : replay_complain,
    };
    struct nw_chain_stats stats;

    return nw_chain_run(&options, &stats);
}

/* Without an output log only the journal tells what was killed, so it is run through twice. */
static int run_chains(struct replay *replay, const struct nw_conf *journal)
{
    int rc = replay->has_log ? 0 : run_chain(replay, journal, true);

    return rc ? rc : run_chain(replay, journal, false);
}

static void tell_left_out(const struct replay *replay)
{
    const struct replay_gate *gate = &replay->gate;

    if (gate->killed > 0) {
        message(nw_str("", 0), "replay: %" PRIu64 " articles are left out: kills take them back", gate->killed);
    }
    if (gate->embargoed > 0) {
        message(nw_str("", 0), "replay: %" PRIu64 " articles are left out: they are under embargo", gate->embargoed);
    }
}

/* The exit status of a run that gave rc. */
static int status_of(const struct replay *replay, int rc)
{
    const struct compare *compare = &replay->compare;

    if (rc < 0) {
        message_error(rc, replay->output.result < 0 ? "standard output" : "replay");
        return EXIT_UNREACHABLE;
    }
    if (rc == REPLAY_INTERRUPTED) {
        message(nw_str("", 0), "replay: interrupted");
        return EXIT_INPUT;
    }
    tell_left_out(replay);
    if (replay->log.lost > 0) {
        message(nw_str_z(replay->log_folder), "%" PRIu64 " entries are damaged: their articles are told as added",
                replay->log.lost);
    }
    if (replay->failed > 0) {
        return EXIT_INPUT;
    }
    return argument_given(replay->arguments, "exit-code") && compare->changed + compare->added + compare->gone > 0
               ? EXIT_DIFFERENT
               : EXIT_DONE;
}

static int run(struct replay *replay)
{
    struct nw_conf *journal = NULL;
    int rc;

    interrupt_setup();
    output_init(&replay->output, STDOUT_FILENO);
    nw_buf_init(&replay->line, LINE_BYTES);
    compare_init(&replay->compare, &replay->log, &replay->gate, &replay->output);
    replay->compare.json = argument_given(replay->arguments, "json");
    replay->compare.colours = message_colours(STDOUT_FILENO);
    replay->compare.to = replay->to;
    rc = journal_source_configure(&(struct journal_range){.folder = replay->journal,
                                                          .log = replay->has_log ? replay->log_folder : "",
                                                          .from = replay->from,
                                                          .to = replay->to},
                                  &journal);
    rc = rc ? rc : run_chains(replay, journal);
    rc = rc ? rc : replay->diff ? compare_finish(&replay->compare) : output_flush(&replay->output);
    rc = status_of(replay, rc);
    nw_conf_free(&journal);
    compare_free(&replay->compare);
    nw_buf_free(&replay->line);
    nw_arena_free(&replay->arena);
    output_free(&replay->output);
    return rc;
}

static int replay_run(const struct arguments *arguments)
{
    struct replay replay = {.arguments = arguments, .diff = argument_given(arguments, "diff")};
    int rc;

    if (!replay.diff && (argument_given(arguments, "json") || argument_given(arguments, "exit-code"))) {
        return usage("--json and --exit-code go with --diff; without, the output is JSON as it is");
    }
    rc = stages_pipeline(argument_text(arguments, "config"), argument_text(arguments, "stage"), &replay.pipeline);
    rc = rc ? rc : find_folders(&replay);
    rc = rc ? rc : find_range(&replay);
    rc = rc ? rc : open_log(&replay);
    rc = rc ? rc : open_gate(&replay);
    rc = rc || !replay.diff ? rc : limit_range(&replay);
    rc = rc ? rc : run(&replay);
    output_log_close(&replay.log);
    replay_gate_close(&replay.gate);
    stages_pipeline_free(&replay.pipeline);
    return rc;
}

const struct command command_replay = {
    .name = "replay",
    .doc = "run the journal through the stages again, and compare with what was put out",
    .operands = "",
    .text = "Takes what was accepted out of the journal and runs it through the stages of this program, in this "
            "process, with the configuration named: what it would put out is written as JSON, one article a line, and "
            "nothing is published. The daemon may run or not; its logs are only read. The order is that of the "
            "output log, where urgent articles overtook others; without that log it is the order of acceptance.\n\n"
            "With --diff each article is compared with the one that the output log has of the same journal entry, and "
            "what changes is shown field by field: ~ an article that changes, + one that is new, - one that would not "
            "come out any more. Left out of the comparison is what depends on the run: all below pipeline. What the "
            "daemon has not done yet is not compared.\n\n"
            "What aggregate is to remember of the time before --from comes from the output log; without that log it "
            "remembers nothing. The journal holds what is not done, and what broker.journal_keep says of the rest.\n\n"
            "Articles that a kill takes back are left out, whatever came first, and those under embargo; how many is "
            "told on standard error. Without an output log the journal is run through twice for that.\n\n"
            "A record that a stage refuses gives a line on standard error, and the exit status is 3.",
    .options = replay_options,
    .examples = replay_examples,
    .different = "done, and there are differences; only with --exit-code",
    .run = replay_run,
};
