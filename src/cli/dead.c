/*
 * newswire dead: the articles that a stage could not do. Lists and shows them from their log, with or without a daemon;
 * asks a running daemon, the only one that may write there, to retry or drop them.
 */
#include "arguments.h"
#include "daemon.h"
#include "data_folder.h"
#include "dead_show.h"
#include "interrupt.h"
#include "letters.h"
#include "message.h"
#include "output.h"
#include "resolver.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* At most so many letters are asked about at once: what a daemon does in a moment. */
enum { ASK_LETTERS = 512 };

static const char *const dead_actions[] = {"list", "show", "retry", "drop", NULL};

static const struct command_option dead_options[] = {
    {.name = "all",
     .kind = OPTION_FLAG,
     .doc = "list: also those that were dealt with; retry, drop: all that are open"},
    {.name = "raw", .kind = OPTION_FLAG, .doc = "show: write the bytes as they were acquired, and nothing else"},
    {.name = "json", .kind = OPTION_FLAG, .doc = "print one JSON object a line"},
    COMMAND_OPTION_DATA,
    COMMAND_OPTION_RUN,
    COMMAND_OPTION_END,
};

static const struct command_example dead_examples[] = {
    {"newswire dead list", "shows what is to be looked at, and why"},
    {"newswire dead show 1042", "shows the reason and the record of journal entry 1042"},
    {"newswire dead show --raw 1042 > item.xml", "saves the bytes as they came from the source"},
    {"newswire dead retry 1042 1043", "sends two of them through all stages again"},
    {"newswire dead retry --all", "does so with all, after the stage was mended"},
    {"newswire dead drop 1042", "takes one off the list"},
    COMMAND_EXAMPLE_END,
};

struct dead {
    const struct arguments *arguments;
    const char *action;
    bool all, json;
    char folder[DATA_FOLDER], log_folder[DATA_FOLDER];
    struct nw_kills *kills; /* of the output log */
    struct letters letters;
    struct output output;
    uint64_t failed; /* operands that could not be served */
};

/* ---- which letters are meant */

static bool is_named(const struct dead *dead, uint64_t jseq)
{
    for (size_t i = 1; i < dead->arguments->operand_count; i++) {
        if (strtoull(dead->arguments->operands[i], NULL, 10) == jseq) {
            return true;
        }
    }
    return false;
}

/* Each operand is a number, and has a letter; the others are told. */
static int operands_check(struct dead *dead, bool open)
{
    for (size_t i = 1; i < dead->arguments->operand_count; i++) {
        const char *text = dead->arguments->operands[i];
        int64_t jseq;
        size_t found = 0;

        if (!number_parse(text, 1, INT64_MAX, &jseq)) {
            message(nw_str("", 0),
                    "dead: expected the number of a journal entry, as `newswire dead list` shows it, "
                    "not '%s'",
                    text);
            return EXIT_USAGE;
        }
        for (size_t j = 0; j < dead->letters.n; j++) {
            const struct letter *letter = &dead->letters.v[j];
            found += letter->jseq == (uint64_t)jseq && (!open || letter->state == LETTER_OPEN);
        }
        if (found == 0) {
            message(nw_str("", 0), "jseq %s: %s", text,
                    open ? "there is no open dead letter of it" : "there is no dead letter of it");
            dead->failed++;
        }
    }
    return 0;
}

/* Says that a kill means the letter's article, where one does. */
static bool tell_killed(struct dead *dead, const struct letter *letter)
{
    if (!letter->killed) {
        return false;
    }
    message(nw_str("", 0),
            "jseq %" PRIu64 ": killed by the article at oseq %" PRIu64 ": it is not put out any more; drop it",
            letter->jseq, letter->killed);
    dead->failed++;
    return true;
}

/* ---- list and show */

static int list(struct dead *dead)
{
    int rc = dead->json ? dead_list_json(&dead->letters, dead->all, &dead->output)
                        : dead_list_text(&dead->letters, dead->all, &dead->output);

    return rc ? rc : output_flush(&dead->output);
}

static int show(struct dead *dead)
{
    bool raw = argument_given(dead->arguments, "raw");
    uint64_t shown = 0;
    int rc = 0;

    for (size_t i = 0; i < dead->letters.n && rc == 0; i++) {
        const struct letter *letter = &dead->letters.v[i];
        struct nw_dead_letter whole;
        struct nw_arena arena = {0};

        if (!is_named(dead, letter->jseq) || (raw && tell_killed(dead, letter))) {
            continue;
        }
        rc = letter_read(dead->folder, letter->number, &arena, &whole);
        if (rc == NW_DEAD_UNKNOWN) {
            message(nw_str("", 0), "jseq %" PRIu64 ": the letter is gone", letter->jseq);
            dead->failed++;
            rc = 0;
        } else if (rc == 0 && raw) { /* letters of one entry have the same */
            bool again = i > 0 && dead->letters.v[i - 1].jseq == letter->jseq &&
                         dead->letters.v[i - 1].journal == letter->journal;
            rc = again ? 0 : dead_show_raw(&whole, &dead->output);
        } else if (rc == 0) {
            rc = dead->json ? dead_show_json(letter, &whole, &dead->output)
                            : dead_show_text(letter, &whole, shown++ > 0, &dead->output);
        }
        nw_arena_free(&arena);
    }
    return rc ? rc : output_flush(&dead->output);
}

/* ---- retry and drop */

static int report(struct dead *dead, const struct letter *letter, bool done, uint64_t jseq)
{
    bool retry = strcmp(dead->action, "retry") == 0;
    char line[160];

    if (!done) {
        message(nw_str("", 0), "jseq %" PRIu64 ": not %s: it was dealt with meanwhile, or the disk has no room",
                letter->jseq, retry ? "retried" : "dropped");
        dead->failed++;
        return 0;
    }
    if (dead->json && retry && jseq) {
        snprintf(line, sizeof line, "{\"jseq\":%" PRIu64 ",\"state\":\"retried\",\"retried_as\":%" PRIu64 "}",
                 letter->jseq, jseq);
    } else if (dead->json) {
        snprintf(line, sizeof line, "{\"jseq\":%" PRIu64 ",\"state\":\"%s\"}", letter->jseq,
                 retry ? "retried" : "dropped");
    } else if (retry && jseq) {
        snprintf(line, sizeof line, "jseq %" PRIu64 ": retried as jseq %" PRIu64, letter->jseq, jseq);
    } else {
        snprintf(line, sizeof line, "jseq %" PRIu64 ": %s", letter->jseq,
                 retry ? "will be retried when the disk of the journal has room" : "dropped");
    }
    return output_line(&dead->output, nw_str_z(line));
}

static bool same_entry(const struct letter *a, const struct letter *b)
{
    return a->journal == b->journal && a->jseq == b->jseq;
}

/* Tells what became of the letters asked for, once for each entry. */
static int report_all(struct dead *dead, struct letter *const *asked, size_t n, const struct nw_resolved_header *answer)
{
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++) {
        size_t j = 0;
        while (j < answer->letters.n && answer->letters.v[j] != asked[i]->number) {
            j++;
        }
        if (i == 0 || !same_entry(asked[i - 1], asked[i])) {
            rc = report(dead, asked[i], j < answer->letters.n, j < answer->letters.n ? answer->jseqs.v[j] : 0);
        }
    }
    return rc;
}

/* Asks about the letters in pieces that part no entry. */
static int ask_all(struct dead *dead, struct resolver *resolver, struct letter **letters, size_t n)
{
    enum nw_resolution action = strcmp(dead->action, "retry") == 0 ? NW_RESOLVE_RETRY : NW_RESOLVE_DROP;
    uint64_t numbers[NW_BATCH_RECORDS];
    int rc = 0;

    for (size_t at = 0, count; at < n && rc == 0; at += count) {
        struct nw_resolved_header answer;

        for (count = 0; at + count < n && count < NW_BATCH_RECORDS; count++) {
            if (count >= ASK_LETTERS && !same_entry(letters[at + count - 1], letters[at + count])) {
                break;
            }
            numbers[count] = letters[at + count]->number;
        }
        rc = resolver_ask(resolver, action, &(struct nw_numbers){numbers, count}, &answer);
        rc = rc ? rc : report_all(dead, letters + at, count, &answer);
    }
    return rc;
}

/* Those that are open and meant; a retry needs what was accepted. */
static size_t choose(struct dead *dead, struct letter **chosen)
{
    bool retry = strcmp(dead->action, "retry") == 0;
    size_t n = 0;

    for (size_t i = 0; i < dead->letters.n; i++) {
        struct letter *letter = &dead->letters.v[i];
        if (letter->state != LETTER_OPEN || (!dead->all && !is_named(dead, letter->jseq))) {
            continue;
        }
        if (retry && tell_killed(dead, letter)) {
            continue;
        }
        if (retry && letter->bytes == 0) {
            message(nw_str("", 0),
                    "jseq %" PRIu64 ": what was accepted is lost to damage: feed its article again from its source, "
                    "then drop this",
                    letter->jseq);
            dead->failed++;
            continue;
        }
        chosen[n++] = letter;
    }
    return n;
}

static int resolve(struct dead *dead)
{
    char endpoint[DAEMON_ENDPOINT];
    struct letter **chosen;
    struct resolver resolver;
    size_t n;
    int rc = daemon_endpoint(dead->arguments, "broker.sock", endpoint);

    if (rc) {
        return rc;
    }
    chosen = nw_calloc(dead->letters.n + 1, sizeof(struct letter *));
    if (!chosen) {
        return -ENOMEM;
    }
    letters_sort(&dead->letters);
    n = choose(dead, chosen);
    if (n > 0) {
        interrupt_setup();
        rc = resolver_open(&resolver, endpoint, dead->letters.log);
        rc = rc ? rc : ask_all(dead, &resolver, chosen, n);
        if (dead->output.result == 0 && rc < 0) {
            output_flush(&dead->output);
            rc = daemon_unreachable(endpoint, rc, resolver.why);
        }
        resolver_close(&resolver);
    }
    nw_free(chosen);
    return rc ? rc : output_flush(&dead->output);
}

/* ---- the command */

static int usage(const char *sentence)
{
    message(nw_str("", 0), "dead: %s; see `newswire dead --help`", sentence);
    return EXIT_USAGE;
}

static int check_usage(const struct dead *dead)
{
    size_t named = dead->arguments->operand_count - 1;
    bool lists = strcmp(dead->action, "list") == 0, shows = strcmp(dead->action, "show") == 0;

    if (lists && named > 0) {
        return usage("list takes no JSEQ; show does");
    }
    if (shows && (named == 0 || dead->all)) {
        return usage("show needs one JSEQ or more");
    }
    if (!lists && !shows && (named == 0) != dead->all) {
        return usage("expected either JSEQ… or --all");
    }
    if (!shows && argument_given(dead->arguments, "raw")) {
        return usage("--raw is for show");
    }
    return 0;
}

static int find_action(struct dead *dead)
{
    const char *word = dead->arguments->operand_count > 0 ? dead->arguments->operands[0] : "";

    for (size_t i = 0; dead_actions[i]; i++) {
        if (strcmp(dead_actions[i], word) == 0) {
            dead->action = dead_actions[i];
            return check_usage(dead);
        }
    }
    return usage("expected list, show, retry or drop");
}

/* What the output log's kills mean, where there is one yet, and the letters. */
static int load(struct dead *dead)
{
    int rc = nw_kills_new(&dead->kills);

    rc = rc ? rc : nw_kills_read(dead->kills, dead->log_folder);
    return rc == 0 || rc == -ENOENT ? letters_load(dead->folder, dead->kills, &dead->letters) : rc;
}

static int act(struct dead *dead)
{
    bool lists = strcmp(dead->action, "list") == 0, shows = strcmp(dead->action, "show") == 0;
    int rc = load(dead);

    if (rc < 0) {
        message_error(rc, dead->folder);
        return EXIT_UNREACHABLE;
    }
    if (dead->letters.unread > 0) {
        message(nw_str_z(dead->folder), "%" PRIu64 " entries are damaged or of another version, and left out",
                dead->letters.unread);
    }
    rc = operands_check(dead, !lists && !shows);
    if (rc) {
        return rc;
    }
    rc = lists ? list(dead) : shows ? show(dead) : resolve(dead);
    if (rc < 0) {
        message_error(rc, dead->output.result < 0 ? "standard output" : dead->folder);
        return EXIT_UNREACHABLE;
    }
    return dead->output.result == OUTPUT_CLOSED ? EXIT_DONE : rc > 0 ? rc : dead->failed > 0 ? EXIT_INPUT : EXIT_DONE;
}

static int dead_run(const struct arguments *arguments)
{
    struct dead dead = {.arguments = arguments};
    char data[DATA_FOLDER];
    int rc;

    dead.all = argument_given(arguments, "all");
    dead.json = argument_given(arguments, "json");
    rc = find_action(&dead);
    rc = rc ? rc : data_folder(arguments, data);
    rc = rc ? rc : data_log(data, "dead", dead.folder);
    rc = rc ? rc : data_log(data, "output", dead.log_folder);
    if (rc == 0) {
        output_init(&dead.output, STDOUT_FILENO);
        rc = act(&dead);
        output_free(&dead.output);
        letters_free(&dead.letters);
        nw_kills_free(&dead.kills);
    }
    return rc;
}

const struct command command_dead = {
    .name = "dead",
    .doc = "look at articles that no stage could do; retry or drop them",
    .operands = "list | show JSEQ… | retry JSEQ…|--all | drop JSEQ…|--all",
    .operand = OPERAND_NONE,
    .most_operands = SIZE_MAX,
    .actions = dead_actions,
    .text =
        "An article that a stage refuses, or that took down every worker that had it, goes to the dead letters, so "
        "that all others go on. A letter has the article's number in the journal (jseq), the stage, the reason, "
        "how often a worker had it, and the bytes.\n\n"
        "list prints those that nobody has dealt with. show prints the reason and the record as JSON, as it came "
        "to the stage; with --raw the bytes as they were acquired. Both read the log in the data folder and need "
        "no daemon.\n\n"
        "retry asks the running daemon to send what was accepted through all stages again, under a new jseq, "
        "which is printed; what fails again is a new letter. Where an entry of the journal held several articles, "
        "all of them come out again. drop takes letters off the list. Either is durable when the command ends.\n\n"
        "What a kill has taken back since is listed as killed: its text is not shown, and retry refuses it, since it "
        "would not be put out.\n\n"
        "A JSEQ of which there is no such letter gives a line on standard error, and the exit status is 3.",
    .options = dead_options,
    .examples = dead_examples,
    .run = dead_run,
};
