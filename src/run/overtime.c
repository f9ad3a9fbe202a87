/*
 * See overtime.h. Nothing is used of what the stage made of the batch so far: it is in buffers that the thread which is
 * at the article may be writing to.
 */
#include "run/overtime.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

static int tell(struct nw_link *link, const struct nw_header *header)
{
    struct nw_buf bytes;
    int r;

    nw_buf_init(&bytes, NW_HEADER_MAX);
    r = nw_header_encode(header, &bytes);
    if (r == 0)
        r = nw_link_send(link, nw_buf_view(&bytes), nw_str(NULL, 0));
    nw_buf_free(&bytes);
    return r < 0 ? nw_fault(r) : 0;
}

static int refuse(const struct overtime *overtime, struct nw_link *link, const char *why)
{
    struct nw_header done = {.type = NW_DONE, .epoch = overtime->epoch};
    size_t n = overtime->work->entries.n;
    struct nw_result *results = nw_calloc(n, sizeof *results);
    int r;

    if (!results)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < n; i++)
        results[i].outcome = NW_AGAIN;
    results[overtime->at] = (struct nw_result){.outcome = NW_FAILED, .reason = nw_str_z(why)};
    done.done.lease = overtime->work->lease;
    done.done.busy_us = overtime->limit_ms * 1000;
    done.done.results.v = results;
    done.done.results.n = n;
    r = tell(link, &done);
    nw_free(results);
    return r;
}

void overtime_say(const struct overtime *overtime, struct nw_link *link)
{
    struct nw_header bye = {.type = NW_BYE, .epoch = overtime->epoch};
    char why[NW_WHY];

    snprintf(why, sizeof why,
             "took more than %g s of CPU time, the most of broker.article_ms; look at it with newswire dead show, and "
             "raise the limit if it is worth more",
             (double)overtime->limit_ms / 1000);
    nw_error("the article of jseq %llu %s; this process ends",
             (unsigned long long)overtime->work->entries.v[overtime->at].jseq, why);
    if (overtime->ordered || refuse(overtime, link, why) < 0)
        return;
    bye.bye.why = NW_S("an article took too much CPU time");
    tell(link, &bye);
}
