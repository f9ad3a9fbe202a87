/* What the command tables say, as text for a terminal, as a manual page, and as shell completion. Each appends to a
 * buffer and returns 0 or out->error. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "command.h"

#include <newswire/buf.h>

enum { HELP_MAX = 1 << 20 }; /* bytes of any of these texts */

/* `newswire COMMAND --help`, and `newswire --help`: at most 80 columns. */
int help_command(const struct command *command, struct nw_buf *out);
int help_overview(struct nw_buf *out);

/* `newswire help languages`: what is found in which language. */
int help_languages(struct nw_buf *out);

/* `newswire help formats`: the words of --format and what each is. */
int help_formats(struct nw_buf *out);

/* newswire-COMMAND(1), and newswire(1). */
int manual_command(const struct command *command, struct nw_buf *out);
int manual_overview(struct nw_buf *out);

/* A script for bash. */
int completion_bash(struct nw_buf *out);

/* Writes one manual page a command, and newswire.1, into a folder. 0, or a negative errno and the path in `path`. */
enum { MANUAL_PATH = 4096 };
int manual_write(const char *folder, char path[MANUAL_PATH]);

/* What newswire is, in a phrase, and in a paragraph. */
extern const char help_phrase[], help_text[];

/* Appends what the help says of an option's words and default: " (one of a, b; default: a)"; nothing where there is
 * neither. */
int help_default(const struct command_option *option, struct nw_buf *out);

#endif
