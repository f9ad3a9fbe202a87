/*
 * A subcommand of `newswire` is one table: what it is called, what it takes, what it does. From this table come the
 * parsing of its arguments, `--help`, its manual page and the shell completion; nothing of it is written twice.
 *
 * To add a subcommand: write NAME.c with its `const struct command command_NAME` and its run function, declare it
 * below, and name it in the list of command.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses: fixed, scripts depend on them. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_USAGE = 1,       /* the command line or a configuration is wrong */
    EXIT_UNREACHABLE = 2, /* cannot reach or start something */
    EXIT_INPUT = 3,       /* done, but some input could not be read or understood */
    EXIT_DIFFERENT = 4,   /* done, and there are differences: of a command that says when (`different`) */
};

enum option_kind {
    OPTION_FLAG,   /* given or not */
    OPTION_NUMBER, /* least..most */
    OPTION_TEXT,   /* one of `words` where given */
    OPTION_FILE,   /* a text that shells complete with files */
    OPTION_FOLDER, /* a text that shells complete with folders */
};

struct command_option {
    const char *name; /* without the dashes; NULL ends a table */
    char letter;      /* the short form; 0 for none */
    enum option_kind kind;
    const char *argument;     /* how the help calls its value: "N", "FILE" */
    int64_t least, most;      /* OPTION_NUMBER */
    const char *preset;       /* its value where it is not given; NULL for none */
    const char *fallback;     /* for the help: what happens where it is not given and has no preset; NULL for nothing */
    const char *const *words; /* NULL-terminated; NULL for any */
    const char *const *(*words_from)(void); /* the same, where another table has them */
    const char *doc;                        /* a phrase, without capital and full stop */
};

enum { COMMAND_OPTIONS = 16 }; /* most options of one command */

struct command_example {
    const char *line; /* as typed in a shell; NULL ends a table */
    const char *doc;
};

enum operand_kind { OPERAND_NONE, OPERAND_FILE, OPERAND_COMMAND, OPERAND_SHELL };

struct arguments;

struct command {
    const char *name;
    const char *doc;      /* one phrase */
    const char *operands; /* how the help shows them, "" for none */
    enum operand_kind operand;
    size_t most_operands;       /* SIZE_MAX: any number */
    const char *const *actions; /* words that the first operand must be, NULL-terminated; NULL for none */
    const char *text;           /* paragraphs, parted by empty lines */
    const struct command_option *options;
    const struct command_example *examples;
    const char *different; /* what exit status 4 means; NULL where it never comes */

    /* Does it; returns an exit status. */
    int (*run)(const struct arguments *arguments);
};

/* All commands in the order in which the help lists them, and NULL. */
extern const struct command *const commands[];

/* The shells that `newswire completion` knows, and NULL. */
extern const char *const completion_shells[];

const struct command *command_find(const char *name);

/* The words that the option's value may be; NULL for any. */
const char *const *option_words(const struct command_option *option);

/* The meaning of each exit status that every command has, in order from 0; NULL ends it. */
extern const char *const exit_status_docs[];

extern const struct command command_pipe, command_explain, command_feed, command_tail, command_stories, command_story,
    command_trends, command_status, command_metrics, command_check, command_check_query, command_sources, command_dead,
    command_replay, command_keygen, command_fields, command_help, command_completion, command_version;

/* A row that several commands share. */
#define COMMAND_OPTION_RUN                                                                                             \
    {                                                                                                                  \
        .name = "run", .kind = OPTION_FOLDER, .argument = "DIR", .fallback = "$NEWSWIRE_RUN, else ./run",              \
        .doc = "the folder of the running daemon, where its sockets are"                                               \
    }
/* Two rows: keys for a tcp endpoint. */
#define COMMAND_OPTIONS_KEYS                                                                                           \
    {.name = "broker-key",                                                                                             \
     .kind = OPTION_FILE,                                                                                              \
     .argument = "FILE",                                                                                               \
     .doc = "over tcp: the broker's public key, a copy of its broker.pub"},                                            \
    {                                                                                                                  \
        .name = "key", .kind = OPTION_FILE, .argument = "FILE",                                                        \
        .doc = "over tcp: your own secret key, made by newswire keygen"                                                \
    }
/* Where the stream comes from: daemon_stream (daemon.h) reads them. */
#define COMMAND_OPTIONS_STREAM                                                                                         \
    {.name = "live",                                                                                                   \
     .kind = OPTION_TEXT,                                                                                              \
     .argument = "ENDPOINT",                                                                                           \
     .fallback = "the socket in the run folder",                                                                       \
     .doc = "where the daemon publishes, such as tcp://news.example:7002; goes with --past"},                          \
        {.name = "past",                                                                                               \
         .kind = OPTION_TEXT,                                                                                          \
         .argument = "ENDPOINT",                                                                                       \
         .fallback = "the socket in the run folder",                                                                   \
         .doc = "where its output log is read, such as tcp://news.example:7003"},                                      \
        COMMAND_OPTIONS_KEYS
#define COMMAND_OPTION_DATA                                                                                            \
    {                                                                                                                  \
        .name = "data", .kind = OPTION_FOLDER, .argument = "DIR",                                                      \
        .fallback = "$NEWSWIRE_DATA, else the running daemon's", .doc = "the folder of the daemon's logs"              \
    }
#define COMMAND_OPTION_END                                                                                             \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }
#define COMMAND_EXAMPLE_END                                                                                            \
    {                                                                                                                  \
        .line = NULL                                                                                                   \
    }

#endif
