/* The list of all subcommands, and what their exit statuses mean. */
#include "command.h"

#include <string.h>

const struct command *const commands[] = {
    &command_pipe,        &command_explain, &command_feed,       &command_tail,    &command_stories,
    &command_story,       &command_trends,  &command_status,     &command_metrics, &command_check,
    &command_check_query, &command_sources, &command_dead,       &command_replay,  &command_keygen,
    &command_fields,      &command_help,    &command_completion, &command_version, NULL,
};

const char *const exit_status_docs[] = {
    [EXIT_DONE] = "done",
    [EXIT_USAGE] = "the command line or a configuration is wrong",
    [EXIT_UNREACHABLE] = "something could not be reached, started or written",
    [EXIT_INPUT] = "done, but some input could not be read or understood: a line on standard error names each",
    NULL,
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

const char *const *option_words(const struct command_option *option)
{
    return option->words_from ? option->words_from() : option->words;
}
