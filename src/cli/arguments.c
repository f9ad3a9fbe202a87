/* Reads a command line by a command's table; see arguments.h. */
#include "arguments.h"

#include <newswire/log.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool number_parse(const char *s, int64_t least, int64_t most, int64_t *number)
{
    int64_t n = 0;

    if (!*s) {
        return false;
    }
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || n > (INT64_MAX - (*s - '0')) / 10) {
            return false;
        }
        n = n * 10 + (*s - '0');
    }
    *number = n;
    return n >= least && n <= most;
}

static bool is_word(const char *const *words, const char *s)
{
    for (; *words; words++) {
        if (strcmp(*words, s) == 0) {
            return true;
        }
    }
    return false;
}

/* The words as "a, b or c", cut where `out` ends. */
static void words_print(const char *const *words, char *out, size_t size)
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; words[i] && n < size; i++) {
        const char *before = i == 0 ? "" : words[i + 1] ? ", " : " or ";
        int more = snprintf(out + n, size - n, "%s%s", before, words[i]);
        n += more > 0 ? (size_t)more : 0;
    }
}

/* The option of the table that arg (`--name`, `--name=…`, `-x`, `-x…`) is; *inside is the value that it holds, or NULL.
 */
static const struct command_option *option_find(const struct command *command, const char *arg, const char **inside)
{
    for (const struct command_option *o = command->options; o && o->name; o++) {
        if (arg[1] != '-') {
            if (o->letter && arg[1] == o->letter) {
                *inside = arg[2] ? arg + 2 : NULL;
                return o;
            }
            continue;
        }
        size_t n = strlen(o->name);
        if (strncmp(arg + 2, o->name, n) == 0 && (arg[2 + n] == '\0' || arg[2 + n] == '=')) {
            *inside = arg[2 + n] ? arg + 3 + n : NULL;
            return o;
        }
    }
    return NULL;
}

static int value_set(const struct command_option *option, const char *text, struct argument_value *value,
                     char why[ARGUMENTS_WHY])
{
    const char *const *words = option_words(option);

    value->text = text;
    if (option->kind == OPTION_NUMBER && !number_parse(text, option->least, option->most, &value->number)) {
        if (option->most == INT64_MAX) {
            snprintf(why, ARGUMENTS_WHY, "--%s: '%s' is no whole number from %" PRId64, option->name, text,
                     option->least);
        } else {
            snprintf(why, ARGUMENTS_WHY, "--%s: '%s' is no whole number from %" PRId64 " to %" PRId64, option->name,
                     text, option->least, option->most);
        }
        return ARGUMENTS_BAD;
    }
    if (words && !is_word(words, text)) {
        char list[ARGUMENTS_WHY / 2];
        words_print(words, list, sizeof list);
        snprintf(why, ARGUMENTS_WHY, "--%s: expected %s, not '%s'", option->name, list, text);
        return ARGUMENTS_BAD;
    }
    return 0;
}

static int presets_set(const struct command *command, struct arguments *arguments, char why[ARGUMENTS_WHY])
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && command->options && command->options[i].name; i++) {
        if (i >= COMMAND_OPTIONS) {
            nw_error("newswire %s has more than %d options: raise COMMAND_OPTIONS", command->name, COMMAND_OPTIONS);
            abort();
        }
        if (command->options[i].preset) {
            rc = value_set(&command->options[i], command->options[i].preset, &arguments->values[i], why);
        }
    }
    return rc;
}

int arguments_parse(const struct command *command, int argc, char **argv, struct arguments *arguments,
                    char why[ARGUMENTS_WHY])
{
    size_t kept = 0;
    bool only_operands = false;
    int rc;

    *arguments = (struct arguments){.command = command};
    why[0] = '\0';
    rc = presets_set(command, arguments, why);
    for (int i = 0; rc == 0 && i < argc; i++) {
        const char *inside = NULL;

        if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0') {
            argv[kept++] = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            only_operands = true;
            continue;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return ARGUMENTS_HELP;
        }
        const char *arg = argv[i];
        const struct command_option *option = option_find(command, arg, &inside);
        if (!option) {
            snprintf(why, ARGUMENTS_WHY, "there is no option '%s'", arg);
            return ARGUMENTS_BAD;
        }
        struct argument_value *value = &arguments->values[option - command->options];
        value->given = true;
        if (option->kind == OPTION_FLAG) {
            if (inside) {
                snprintf(why, ARGUMENTS_WHY, "--%s takes no value", option->name);
                rc = ARGUMENTS_BAD;
            }
            continue;
        }
        if (!inside && i + 1 >= argc) {
            snprintf(why, ARGUMENTS_WHY, "--%s needs a value: %s", option->name, option->argument);
            return ARGUMENTS_BAD;
        }
        rc = value_set(option, inside ? inside : argv[++i], value, why);
    }
    if (rc == 0 && kept > command->most_operands) {
        snprintf(why, ARGUMENTS_WHY, "'%s' is one argument too many", argv[command->most_operands]);
        rc = ARGUMENTS_BAD;
    }
    arguments->operands = (const char *const *)argv;
    arguments->operand_count = kept;
    return rc;
}

static const struct argument_value *value_of(const struct arguments *arguments, const char *name)
{
    const struct command_option *options = arguments->command->options;

    for (size_t i = 0; options && options[i].name; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return &arguments->values[i];
        }
    }
    nw_error("newswire %s asks for an option --%s that its table does not have", arguments->command->name, name);
    abort();
}

bool argument_given(const struct arguments *arguments, const char *name)
{
    return value_of(arguments, name)->given;
}

const char *argument_text(const struct arguments *arguments, const char *name)
{
    return value_of(arguments, name)->text;
}

int64_t argument_number(const struct arguments *arguments, const char *name)
{
    return value_of(arguments, name)->number;
}
