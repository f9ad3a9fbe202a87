/* Completion for bash, out of the command tables: commands, their options, the words of an option, files. */
#include "help.h"

#include <string.h>

const char *const completion_shells[] = {"bash", NULL};

static void put_words(struct nw_buf *out, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        nw_buf_printf(out, "%s%s", i > 0 ? " " : "", words[i]);
    }
}

static void put_commands(struct nw_buf *out)
{
    for (size_t i = 0; commands[i]; i++) {
        nw_buf_printf(out, "%s%s", i > 0 ? " " : "", commands[i]->name);
    }
}

/* The case of an option that takes a value: what may stand behind it. */
static void put_option(struct nw_buf *out, const char *command, const struct command_option *option)
{
    const char *const *words = option_words(option);

    if (option->kind == OPTION_FLAG) {
        return;
    }
    nw_buf_printf(out, "    '%s --%s'", command, option->name);
    if (option->letter) {
        nw_buf_printf(out, " | '%s -%c'", command, option->letter);
    }
    if (words) {
        nw_buf_printf(out, ") words=\"");
        put_words(out, words);
        nw_buf_printf(out, "\" ;;\n");
    } else if (option->kind == OPTION_FILE || option->kind == OPTION_FOLDER) {
        nw_buf_printf(out, ") %s=1 ;;\n", option->kind == OPTION_FILE ? "files" : "folders");
    } else {
        nw_buf_printf(out, ") return ;;\n");
    }
}

/* The case of any other argument of a command: its options, and what its operands are. */
static void put_command(struct nw_buf *out, const struct command *command)
{
    nw_buf_printf(out, "    '%s '*) words=\"--help", command->name);
    for (const struct command_option *o = command->options; o && o->name; o++) {
        nw_buf_printf(out, " --%s", o->name);
    }
    if (command->actions) {
        nw_buf_char(out, ' ');
        put_words(out, command->actions);
    }
    if (command->operand == OPERAND_COMMAND) {
        nw_buf_printf(out, " formats languages ");
        put_commands(out);
    } else if (command->operand == OPERAND_SHELL) {
        nw_buf_char(out, ' ');
        put_words(out, completion_shells);
    }
    nw_buf_printf(out, "\"%s ;;\n", command->operand == OPERAND_FILE ? " files=1" : "");
}

int completion_bash(struct nw_buf *out)
{
    nw_buf_printf(out, "# Completion of newswire for bash; use it with: source <(newswire completion bash)\n"
                       "_newswire() {\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                       "    local words='' files='' folders=''\n"
                       "    COMPREPLY=()\n"
                       "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                       "        words=\"--help --version ");
    put_commands(out);
    nw_buf_printf(out, "\"\n    else\n    case \"${COMP_WORDS[1]} $before\" in\n");
    for (size_t i = 0; commands[i]; i++) {
        for (const struct command_option *o = commands[i]->options; o && o->name; o++) {
            put_option(out, commands[i]->name, o);
        }
    }
    for (size_t i = 0; commands[i]; i++) {
        put_command(out, commands[i]);
    }
    nw_buf_printf(out,
                  "    esac\n"
                  "    fi\n"
                  "    local IFS=$'\\n'\n"
                  "    COMPREPLY=($(compgen -W \"${words// /$'\\n'}\" -- \"$word\"))\n"
                  "    if [ -n \"$files\" ]; then COMPREPLY+=($(compgen -f -- \"$word\")); compopt -o filenames; fi\n"
                  "    if [ -n \"$folders\" ]; then COMPREPLY+=($(compgen -d -- \"$word\")); compopt -o filenames; fi\n"
                  "}\n"
                  "complete -F _newswire newswire\n");
    return out->error;
}
