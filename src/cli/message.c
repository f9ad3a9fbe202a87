/* Lines on standard error, and what is fit for a terminal; see message.h. */
#include "message.h"

#include <newswire/utf8.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SENTENCE_MAX = 4096, LINE_MAX_BYTES = 64 << 10 };

int message_plain(struct nw_buf *out, struct nw_str text)
{
    size_t at = 0;

    while (at < text.n) {
        size_t from = at;
        uint32_t c = nw_utf8_next(text, &at);
        bool bad = at - from == 1 && (unsigned char)text.p[from] >= 0x80;

        if (bad || c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            nw_buf_char(out, '?');
        } else {
            nw_buf_add(out, text.p + from, at - from);
        }
    }
    return out->error;
}

static void put(struct nw_str subject, const char *sentence)
{
    struct nw_buf line;

    nw_buf_init(&line, LINE_MAX_BYTES);
    message_progress_end();
    nw_buf_printf(&line, "newswire: ");
    if (subject.n > 0) {
        message_plain(&line, subject);
        nw_buf_printf(&line, ": ");
    }
    message_plain(&line, nw_str_z(sentence));
    nw_buf_char(&line, '\n');
    fwrite(line.p, 1, line.n, stderr);
    nw_buf_free(&line);
}

void message(struct nw_str subject, const char *format, ...)
{
    char sentence[SENTENCE_MAX];
    va_list values;

    va_start(values, format);
    vsnprintf(sentence, sizeof sentence, format, values);
    va_end(values);
    put(subject, sentence);
}

void message_error(int error, const char *subject)
{
    put(nw_str_z(subject), strerror(-error));
}

void message_progress(const char *format, ...)
{
    va_list values;

    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
        va_start(values, format);
        vfprintf(stderr, format, values);
        va_end(values);
        fflush(stderr);
    }
}

void message_progress_end(void)
{
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
}

bool message_colours(int fd)
{
    const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

    return isatty(fd) && (!none || !*none) && term && strcmp(term, "dumb") != 0;
}
