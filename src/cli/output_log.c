/* Reads the output log entry by entry; see output_log.h. */
#include "output_log.h"

#include "run/sink.h"
#include "store/reader.h"

#include <errno.h>

/* What cannot be read counts as lost, once: the normal lane's cursor sees it all. */
int output_log_next(struct output_log *log, struct output_cursor *cursor)
{
    enum nw_lane lane = (enum nw_lane)(cursor - log->cursors);
    struct nw_store_entry stored;
    char why[NW_WHY];
    int rc;

    cursor->there = false;
    while ((rc = nw_store_reader_next(cursor->reader, &stored)) != NW_STORE_END) {
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
        cursor->origin = rc == 0 ? nw_origin_of(cursor->record) : (struct nw_origin){0};
        if (cursor->origin.jseq == 0) {
            log->lost += lane == NW_LANE_NORMAL;
            continue;
        }
        if (cursor->origin.lane == lane) {
            cursor->there = true;
            cursor->oseq = stored.seq;
            return 0;
        }
    }
    return 0;
}

struct output_cursor *output_log_first(struct output_log *log)
{
    struct output_cursor *first = NULL;

    for (int lane = 0; lane < NW_LANES; lane++) {
        struct output_cursor *cursor = &log->cursors[lane];
        if (cursor->there && (!first || cursor->oseq < first->oseq)) {
            first = cursor;
        }
    }
    return first;
}

int output_log_open(const char *folder, uint64_t journal, struct output_log *log)
{
    uint64_t id;
    int rc;

    *log = (struct output_log){0};
    rc = nw_sink_adopted(folder, &id, &log->adopted);
    for (int lane = 0; lane < NW_LANES && rc == 0; lane++) {
        rc = nw_store_reader_open(folder, 0, &log->cursors[lane].reader);
        rc = rc ? rc : output_log_next(log, &log->cursors[lane]);
    }
    if (rc < 0) {
        return rc;
    }
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
