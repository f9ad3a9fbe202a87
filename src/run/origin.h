/* Where an article came from: the entry of the journal that it came of, which of the entry's articles it is, and its
 * lane. */
#ifndef RUN_ORIGIN_H
#define RUN_ORIGIN_H

#include "link/frame.h"

#include <newswire/record.h>

struct nw_origin {
    uint64_t jseq; /* 0: it came of no journal */
    uint64_t sub;
    enum nw_lane lane;
};

static inline struct nw_origin nw_origin_of(const struct nw_record *record)
{
    const struct nw_pipeline *pipeline = NW_HAS(record, record, pipeline) ? record->pipeline : NULL;
    bool urgent = pipeline && NW_HAS(pipeline, pipeline, lane) && pipeline->lane == NW_LANE_URGENT;

    if (!pipeline || !NW_HAS(pipeline, pipeline, jseq)) {
        return (struct nw_origin){0};
    }
    return (struct nw_origin){(uint64_t)pipeline->jseq, (uint64_t)pipeline->sub,
                              urgent ? NW_LANE_URGENT : NW_LANE_NORMAL};
}

/* Below 0, 0, above 0: a comes before b in the journal, is b, comes after it. */
static inline int nw_origin_order(struct nw_origin a, struct nw_origin b)
{
    if (a.jseq != b.jseq) {
        return a.jseq < b.jseq ? -1 : 1;
    }
    return a.sub < b.sub ? -1 : a.sub > b.sub;
}

#endif
