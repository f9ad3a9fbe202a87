/* Lines: a held beginning, and a flag while the end of a line that was too long is passed over. */
#include "lines.h"

#include <stdint.h>

void lines_init(struct lines *lines, size_t longest)
{
    nw_buf_init(&lines->held, longest);
    lines->skipping = false;
}

void lines_free(struct lines *lines)
{
    nw_buf_free(&lines->held);
}

static void give(struct lines *lines, lines_take *take, void *context, bool cut)
{
    struct nw_str line = nw_buf_view(&lines->held);

    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    take(context, line, cut);
    nw_buf_clear(&lines->held);
}

/* Adds what fits; gives the line when it does not. */
static void add(struct lines *lines, struct nw_str part, lines_take *take, void *context)
{
    size_t room = lines->held.max - lines->held.n;

    if (lines->skipping)
        return;
    /* Without memory the line is lost, not the stream. */
    nw_buf_add(&lines->held, part.p, part.n < room ? part.n : room);
    if (part.n > room) {
        give(lines, take, context, true);
        lines->skipping = true;
    }
}

void lines_feed(struct lines *lines, struct nw_str bytes, lines_take *take, void *context)
{
    while (bytes.n > 0) {
        const char *end = memchr(bytes.p, '\n', bytes.n);
        size_t n = end ? (size_t)(end - bytes.p) : bytes.n;
        add(lines, nw_str(bytes.p, n), take, context);
        bytes = nw_str_from(bytes, end ? n + 1 : n);
        if (!end)
            return;
        if (!lines->skipping)
            give(lines, take, context, false);
        lines->skipping = false;
    }
}

void lines_end(struct lines *lines, lines_take *take, void *context)
{
    if (lines->held.n > 0)
        give(lines, take, context, false);
    lines->skipping = false;
}
