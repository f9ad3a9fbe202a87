/* Wraps and filters lines; what could steer a terminal is replaced, also in lines that pass as they are. */
#include "forward.h"

#include <newswire/clock.h>
#include <newswire/utf8.h>

#include <stdint.h>
#include <stdio.h>

/* The word behind " level=" of a logfmt line, -1 where the line is none. */
static int level_of(struct nw_str line)
{
    static const char key[] = " level=";
    char word[8];
    size_t at, n = 0;

    if (!nw_str_starts(line, NW_S("ts=")))
        return -1;
    at = nw_str_find(line, nw_str_z(key));
    if (at == SIZE_MAX)
        return -1;
    line = nw_str_from(line, at + sizeof key - 1);
    while (n < line.n && n < sizeof word - 1 && line.p[n] != ' ')
        n++;
    memcpy(word, line.p, n);
    word[n] = '\0';
    return nw_log_level_of(word);
}

/* Appends text; inside quotation marks they and backslashes are escaped. */
static void add_text(struct nw_str text, bool quoted, struct nw_buf *out)
{
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = nw_utf8_next(text, &at);
        if (quoted && (c == '"' || c == '\\'))
            nw_buf_printf(out, "\\%c", (char)c);
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            nw_buf_char(out, c == '\t' ? ' ' : '?');
        else if (c == 0xfffd && at - from == 1)
            nw_buf_char(out, '?'); /* no UTF-8 */
        else
            nw_buf_add(out, text.p + from, at - from);
    }
}

void forward_line(struct nw_str line, bool cut, const char *name, long pid, enum nw_log_level most, struct nw_buf *out)
{
    static const char more[] = " …";
    int level = level_of(line);
    char time[NW_TIME_TEXT];

    if (line.n == 0 || (level >= 0 && level > (int)most) || (level < 0 && most < NW_LOG_WARN))
        return;
    if (level >= 0) {
        add_text(line, false, out);
        nw_buf_printf(out, "%s\n", cut ? more : "");
        return;
    }
    nw_time_print(nw_clock_wall(), time);
    nw_buf_printf(out, "ts=%s level=warn name=%s pid=%ld msg=\"", time, name, pid);
    add_text(line, true, out);
    nw_buf_printf(out, "%s\"\n", cut ? more : "");
}
