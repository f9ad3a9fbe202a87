/* What was left out of a record, said in the log: see bounds.h. */
#include "bounds.h"

#include <newswire/buf.h>
#include <newswire/clock.h>
#include <newswire/log.h>
#include <newswire/stage.h>

enum { AGAIN_MS = 60000 };

static const struct {
    unsigned most;
    const char *what;
} ROWS[] = {
#define BOUND_ROW(name, most, what) {most, what},
    BOUNDS(BOUND_ROW)};

/* Whether one of the bounds reached is to be told now. */
static bool is_news(struct clean *clean, int64_t now)
{
    bool news = false;
    for (int i = 0; i < BOUND_COUNT; i++)
        if ((clean->reached >> i & 1) && (clean->told[i] == 0 || now - clean->told[i] >= AGAIN_MS)) {
            clean->told[i] = now;
            news = true;
        }
    return news;
}

static struct nw_str name_of(const struct nw_source *source)
{
    return NW_HAS(source, source, path)   ? source->path
           : NW_HAS(source, source, url)  ? source->url
           : NW_HAS(source, source, feed) ? source->feed
                                          : NW_S("a record without a path");
}

void bounds_tell(struct nw_stage_context *context, struct clean *clean, const struct nw_source *source)
{
    enum { LINE = 1024 };
    struct nw_buf line;

    if (clean->reached == 0)
        return;
    nw_count(context, "cut", 1);
    if (!is_news(clean, nw_clock_mono())) {
        clean->quiet++;
        return;
    }
    nw_buf_init(&line, LINE);
    for (int i = 0; i < BOUND_COUNT; i++)
        if (clean->reached >> i & 1)
            nw_buf_printf(&line, "%s%u %s", line.n > 0 ? ", " : "", ROWS[i].most, ROWS[i].what);
    if (clean->quiet > 0)
        nw_buf_printf(&line, "; and of %llu more records since the last such line", (unsigned long long)clean->quiet);
    nw_warn("%.*s: item %lld: left out what is beyond %.*s; ask its source for smaller pieces", NW_FMT(name_of(source)),
            (long long)source->index, NW_FMT(nw_buf_view(&line)));
    nw_buf_free(&line);
    clean->quiet = 0;
}
