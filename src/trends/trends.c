/* Reads the log into counts; see trends.h. */
#include "trends/report.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/name.h>

#include <errno.h>

enum {
    HORIZON_MS = 49 * 3600000, /* 48 hours, and the one that has begun */
    LOG_MAX = 1 << 20,         /* entries before the end that are read at most */
    LOOK_COST = 8,             /* a look costs as much as reading so many entries on end */
    KILLED_MAX = 1024,         /* articles that one kill takes back */
};

struct nw_trends {
    struct nw_when_log log;
    struct counts counts;
    struct things *things;
    struct recent *recent;
    struct nw_when_search search;
    bool found;       /* the search is over */
    uint64_t through; /* all before and with it is read */
    struct nw_arena arena;
    struct mention mentions[MENTIONS];
};

int nw_trends_new(const struct nw_when_log *log, struct nw_trends **result)
{
    struct nw_trends *trends = nw_calloc(1, sizeof *trends);
    int r;

    *result = trends;
    if (!trends)
        return nw_fault(-ENOMEM);
    trends->log = *log;
    counts_init(&trends->counts);
    r = things_new(&trends->things);
    if (r == 0)
        r = recent_new(&trends->recent);
    if (r < 0)
        nw_trends_free(result);
    return r;
}

void nw_trends_free(struct nw_trends **pointer)
{
    struct nw_trends *trends = *pointer;

    if (!trends)
        return;
    counts_free(&trends->counts);
    things_free(&trends->things);
    recent_free(&trends->recent);
    nw_arena_free(&trends->arena);
    nw_free(trends);
    *pointer = NULL;
}

uint64_t nw_trends_through(const struct nw_trends *trends)
{
    return trends->through;
}

int nw_trends_report(const struct nw_trends *trends, struct nw_buf *out)
{
    return report_write(&trends->counts, trends->things, trends->through, out);
}

/* ---- counting */

static struct nw_str text_if(bool has, struct nw_str text)
{
    return has ? text : nw_str(NULL, 0);
}

static int take_back_one(struct nw_trends *trends, uint64_t oseq)
{
    struct nw_record *record;
    size_t n;
    int r = nw_when_read(&trends->log, &trends->arena, oseq, &record);

    if (r < 0 || !record)
        return r;
    n = mentions_of(record, trends->mentions);
    counts_take(&trends->counts, nw_when_out(record), trends->mentions, n);
    for (size_t i = 0; i < n; i++)
        things_forget(trends->things, &trends->mentions[i], oseq, nw_article_title(record));
    return 0;
}

/* What a kill takes back: all of its own uri, and of those that it names. */
static int take_back(struct nw_trends *trends, const struct nw_record *kill)
{
    const struct nw_story *story = NW_HAS(record, kill, story) ? kill->story : NULL;
    struct nw_str own = text_if(NW_HAS(record, kill, uri), kill->uri);
    uint64_t oseqs[KILLED_MAX];
    size_t n = recent_take(trends->recent, own, oseqs, KILLED_MAX);
    int r = 0;

    for (size_t i = 0; story && NW_HAS(story, story, kills) && i < story->kills.n; i++)
        n += recent_take(trends->recent, story->kills.v[i].uri, oseqs + n, KILLED_MAX - n);
    for (size_t i = 0; i < n && r == 0; i++)
        r = take_back_one(trends, oseqs[i]); /* a kill that was read is gone from here on */
    return r;
}

static int take(struct nw_trends *trends, uint64_t oseq, const struct nw_record *record)
{
    int64_t time = nw_when_out(record);
    struct nw_str headline;
    size_t n;
    int r;

    if (nw_record_is_kill(record))
        return take_back(trends, record);
    if (!mentions_count(record) || time == 0)
        return 0;
    n = mentions_of(record, trends->mentions);
    headline = nw_article_title(record);
    r = counts_add(&trends->counts, time, trends->mentions, n);
    for (size_t i = 0; i < n && r == 0; i++)
        r = things_see(trends->things, &trends->mentions[i], oseq, headline);
    recent_add(trends->recent, text_if(NW_HAS(record, record, uri), record->uri), oseq);
    return r;
}

/* ---- where to begin */

/* Where the articles of all windows begin. 0, NW_WHEN_ON or a negative fault. */
static int find_begin(struct nw_trends *trends, size_t looks)
{
    struct nw_when_search *search = &trends->search;
    int64_t newest;
    int r = 0;

    if (search->most == 0) {
        r = nw_when_newest(&trends->log, &trends->arena, &newest);
        *search = (struct nw_when_search){.since = newest - HORIZON_MS, .most = LOG_MAX};
    }
    if (r == 0)
        r = nw_when_step(search, &trends->log, &trends->arena, looks);
    if (r == 0) {
        trends->found = true;
        trends->through = search->at - 1;
    }
    return r;
}

int nw_trends_offer(struct nw_trends *trends, uint64_t oseq, const struct nw_record *record)
{
    int r;

    if (!trends->found || oseq != trends->through + 1)
        return 0;
    r = take(trends, oseq, record);
    trends->through += r == 0;
    return r;
}

int nw_trends_step(struct nw_trends *trends, size_t most)
{
    uint64_t first, head;
    int r = 0;

    trends->log.range(trends->log.user, &first, &head);
    if (head < first || head == 0)
        return 0;
    if (!trends->found) {
        r = find_begin(trends, most / LOOK_COST + 1);
        return r < 0 ? r : NW_TRENDS_BEHIND;
    }
    if (trends->through < first - 1)
        trends->through = first - 1; /* the log has let go of more than was read */
    for (size_t i = 0; i < most && trends->through < head && r == 0; i++) {
        struct nw_record *record;
        r = nw_when_read(&trends->log, &trends->arena, trends->through + 1, &record);
        if (r == 0 && record)
            r = take(trends, trends->through + 1, record);
        trends->through += r == 0;
    }
    return r < 0 ? r : trends->through < head ? NW_TRENDS_BEHIND : 0;
}
