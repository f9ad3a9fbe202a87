/*
 * Logs to standard error, one line a message, as logfmt:
 *     ts=2026-11-24T05:48:05.123Z level=info name=tag pid=812 msg="…" key=value
 * On a TTY the line is short and coloured. Thread-safe; one write(2) a line, cut at NW_LOG_MAX bytes.
 */
#ifndef NEWSWIRE_LOG_H
#define NEWSWIRE_LOG_H

enum { NW_LOG_MAX = 4096 };

enum nw_log_level { NW_LOG_ERROR, NW_LOG_WARN, NW_LOG_INFO, NW_LOG_DEBUG };

/* Names the process in each line; levels above `most` are not written. `name` must live as long as the process. */
void nw_log_setup(const char *name, enum nw_log_level most);

/* Any of error, warn, info, debug; -1 for another word. */
int nw_log_level_of(const char *word);

/* `format` is printf's and makes the message, which must say what to do next where it reports an error. */
void nw_log(enum nw_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define nw_error(...) nw_log(NW_LOG_ERROR, __VA_ARGS__)
#define nw_warn(...)  nw_log(NW_LOG_WARN, __VA_ARGS__)
#define nw_info(...)  nw_log(NW_LOG_INFO, __VA_ARGS__)
#define nw_debug(...) nw_log(NW_LOG_DEBUG, __VA_ARGS__)

#endif
