/*
 * What a command tells people on standard error: one line each, `newswire: SUBJECT: reason`. Subjects and sentences may
 * come from input: control characters are shown as '?', so that no file name moves a cursor or makes a second line.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <newswire/buf.h>

/* subject "" leaves it out. */
void message(struct nw_str subject, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The reason is that of a negative errno. */
void message_error(int error, const char *subject);

/* What stands on standard error until the next message, on a terminal only: a line that says how far a command is. */
void message_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_progress_end(void);

/* Whether to write colours to a descriptor: it is a terminal, NO_COLOR is not set, TERM is not dumb. */
bool message_colours(int fd);

/* Appends text for a terminal: control characters (C0, DEL, C1) and bad UTF-8 become '?'. */
int message_plain(struct nw_buf *out, struct nw_str text);

#endif
