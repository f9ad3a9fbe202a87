/* Reads the output log entry by entry; see output_log.h. */
#include "output_log.h"

#include "run/sink.h"
#include "store/reader.h"

#include <errno.h>

/* Goes to the lane's next entry. What cannot be read counts as lost, once: the normal lane's cursor sees it all. */
static int cursor_next(struct output_log *log, enum nw_lane lane)
{
    struct output_cursor *cursor = &log->cursors[lane];
    struct nw_store_entry stored;
    char why[NW_WHY];
    int rc;

    cursor->there = false;
    while ((rc = nw_store_reader_next(cursor->reader, &stored)) != NW_STORE_END) {
        const struct nw_pipeline *pipeline;

        if (rc == NW_STORE_MISSING || rc == NW_STORE_DROPPED) {
            if (rc == NW_STORE_MISSING && lane == NW_LANE_NORMAL) {
                log->lost += stored.last - stored.seq + 1;
            }
            continue;
        }
        nw_arena_reset(&cursor->arena);
        rc = rc ? rc : nw_record_decode(&cursor->arena, stored.payload, &cursor->record, why);
        if (rc < 0) {
            return rc;
        }
        pipeline = rc == 0 && NW_HAS(record, cursor->record, pipeline) ? cursor->record->pipeline : NULL;
        if (!pipeline || !NW_HAS(pipeline, pipeline, jseq)) {
            log->lost += lane == NW_LANE_NORMAL;
            continue;
        }
        if ((NW_HAS(pipeline, pipeline, lane) && pipeline->lane == NW_LANE_URGENT) != (lane == NW_LANE_URGENT)) {
            continue;
        }
        cursor->there = true;
        cursor->oseq = stored.seq;
        cursor->jseq = (uint64_t)pipeline->jseq;
        cursor->sub = (uint64_t)pipeline->sub;
        return 0;
    }
    return 0;
}

/* Whether a comes before b. */
static bool is_before(const struct output_log *log, const struct output_cursor *a, const struct output_cursor *b)
{
    if (!a->there || !b->there) {
        return a->there;
    }
    if (a->oseq < log->adopted || b->oseq < log->adopted) {
        return a->oseq < b->oseq;
    }
    return a->jseq < b->jseq || (a->jseq == b->jseq && a->sub < b->sub);
}

static void choose(struct output_log *log)
{
    struct output_cursor *normal = &log->cursors[NW_LANE_NORMAL], *urgent = &log->cursors[NW_LANE_URGENT];

    log->at = is_before(log, urgent, normal) ? urgent : normal;
    log->there = log->at->there;
    log->oseq = log->at->oseq;
    log->jseq = log->at->jseq;
    log->sub = log->at->sub;
    log->record = log->at->record;
}

int output_log_open(const char *folder, uint64_t journal, struct output_log *log)
{
    uint64_t id;
    int rc;

    *log = (struct output_log){0};
    rc = nw_sink_adopted(folder, &id, &log->adopted);
    for (int lane = 0; lane < NW_LANES && rc == 0; lane++) {
        rc = nw_store_reader_open(folder, 0, &log->cursors[lane].reader);
        rc = rc ? rc : cursor_next(log, (enum nw_lane)lane);
    }
    if (rc < 0) {
        return rc;
    }
    choose(log);
    return id && id != journal ? OUTPUT_LOG_OTHER : 0;
}

void output_log_close(struct output_log *log)
{
    for (int lane = 0; lane < NW_LANES; lane++) {
        nw_store_reader_close(&log->cursors[lane].reader);
        nw_arena_free(&log->cursors[lane].arena);
    }
    *log = (struct output_log){0};
}

int output_log_next(struct output_log *log)
{
    int rc = log->at ? cursor_next(log, (enum nw_lane)(log->at - log->cursors)) : 0;

    if (rc == 0 && log->at) {
        choose(log);
    }
    return rc;
}
