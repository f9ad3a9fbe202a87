/* Reads the output log entry by entry; see output_log.h. */
#include "output_log.h"

#include "run/sink.h"
#include "store/reader.h"

#include <errno.h>

int output_log_open(const char *folder, uint64_t journal, struct output_log *log)
{
    uint64_t id;
    int rc;

    *log = (struct output_log){0};
    rc = nw_sink_adopted(folder, &id, &log->adopted);
    rc = rc ? rc : nw_store_reader_open(folder, 0, &log->reader);
    if (rc < 0) {
        return rc;
    }
    return id && id != journal ? OUTPUT_LOG_OTHER : output_log_next(log);
}

void output_log_close(struct output_log *log)
{
    nw_store_reader_close(&log->reader);
    nw_arena_free(&log->arena);
    *log = (struct output_log){0};
}

int output_log_next(struct output_log *log)
{
    struct nw_store_entry stored;
    char why[NW_WHY];
    int rc;

    log->there = false;
    while ((rc = nw_store_reader_next(log->reader, &stored)) != NW_STORE_END) {
        if (rc == NW_STORE_MISSING || rc == NW_STORE_DROPPED) {
            log->lost += rc == NW_STORE_MISSING ? stored.last - stored.seq + 1 : 0;
            continue;
        }
        nw_arena_reset(&log->arena);
        rc = rc ? rc : nw_record_decode(&log->arena, stored.payload, &log->record, why);
        if (rc < 0) {
            return rc;
        }
        if (rc == 0 && NW_HAS(record, log->record, pipeline) && NW_HAS(pipeline, log->record->pipeline, jseq)) {
            log->there = true;
            log->oseq = stored.seq;
            log->jseq = (uint64_t)log->record->pipeline->jseq;
            log->sub = (uint64_t)log->record->pipeline->sub;
            return 0;
        }
        log->lost++;
    }
    return 0;
}
