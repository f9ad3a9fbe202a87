/*
 * The arguments of one command, read by its table. Strict: what the table does not have is refused with a sentence.
 * Taken are --name VALUE, --name=VALUE, -x VALUE and -xVALUE, options and operands in any order, `--` before operands
 * that begin with a dash; `-` alone is an operand. Names are never shortened and letters never joined, so that a new
 * option can't change what an old script means. The last of several wins.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "command.h"

enum { ARGUMENTS_WHY = 512 };

struct argument_value {
    bool given;
    const char *text; /* as given, or the preset; NULL for neither */
    int64_t number;   /* OPTION_NUMBER */
};

struct arguments {
    const struct command *command;
    struct argument_value values[COMMAND_OPTIONS]; /* in the order of the table */
    const char *const *operands;
    size_t operand_count;
};

enum {
    ARGUMENTS_HELP = 1, /* --help or -h stands among them */
    ARGUMENTS_BAD,      /* `why` says what is wrong */
};

/* Reads argv[0..argc-1] (without the names of program and command). Operands are moved to the front of argv, which
 * must live as long as `arguments`. 0, ARGUMENTS_HELP or ARGUMENTS_BAD. */
int arguments_parse(const struct command *command, int argc, char **argv, struct arguments *arguments,
                    char why[ARGUMENTS_WHY]);

/* Values by the name of the option. Asking for one that the table does not have is a fault of the program and ends it.
 */
bool argument_given(const struct arguments *arguments, const char *name);
const char *argument_text(const struct arguments *arguments, const char *name);
int64_t argument_number(const struct arguments *arguments, const char *name);

/* Reads decimal digits, all of s, within least..most. Signs, spaces and everything else are refused. */
bool number_parse(const char *s, int64_t least, int64_t most, int64_t *number);

#endif
