/*
 * logfmt lines to standard error. A line is built on the stack and written by one write(2), so that lines of several
 * threads and processes do not mix; it never waits for anything but that write.
 */
#include <newswire/clock.h>
#include <newswire/log.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *log_name = "newswire";
static enum nw_log_level log_most = NW_LOG_INFO;

static const struct {
    const char *word, *colour;
} levels[] = {
    [NW_LOG_ERROR] = {"error", "\033[31m"},
    [NW_LOG_WARN] = {"warn", "\033[33m"},
    [NW_LOG_INFO] = {"info", ""},
    [NW_LOG_DEBUG] = {"debug", "\033[2m"},
};

void nw_log_setup(const char *name, enum nw_log_level most)
{
    log_name = name;
    log_most = most;
}

int nw_log_level_of(const char *word)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(levels[i].word, word) == 0)
            return (int)i;
    }
    return -1;
}

/* Copies text in double quotes, with quotes, backslashes and control characters escaped; stops when `out` is nearly
 * full. */
static size_t quote(char *out, size_t size, const char *text)
{
    size_t n = 0;

    out[n++] = '"';
    for (; *text && n + 4 < size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            out[n++] = '\\';
            out[n++] = (char)c;
        } else if (c == '\n') {
            out[n++] = '\\';
            out[n++] = 'n';
        } else if (c < 0x20 || c == 0x7f) {
            out[n++] = ' ';
        } else {
            out[n++] = (char)c;
        }
    }
    out[n++] = '"';
    return n;
}

void nw_log(enum nw_log_level level, const char *format, ...)
{
    char message[NW_LOG_MAX / 2], line[NW_LOG_MAX], time[NW_TIME_TEXT];
    size_t n;
    int head;
    va_list list;

    if (level > log_most)
        return;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    nw_time_print(nw_clock_wall(), time);
    if (isatty(STDERR_FILENO)) {
        head = snprintf(line, sizeof line, "%s%.8s %s: %.*s%s", levels[level].colour, time + 11, log_name,
                        (int)sizeof message, message, *levels[level].colour ? "\033[0m" : "");
        n = (size_t)head;
    } else {
        head = snprintf(line, sizeof line, "ts=%s level=%s name=%s pid=%ld msg=", time, levels[level].word, log_name,
                        (long)getpid());
        n = (size_t)head + quote(line + head, sizeof line - (size_t)head - 2, message);
    }
    line[n++] = '\n';
    /* What can't be logged can't be reported either. */
    if (write(STDERR_FILENO, line, n) < 0)
        return;
}
