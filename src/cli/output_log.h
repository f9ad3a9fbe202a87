/*
 * The output log, read beside the daemon or without it, by one cursor a lane: each lane stands in the order of (jseq,
 * sub) in the log, but how they meet is a matter of time.
 */
#ifndef CLI_OUTPUT_LOG_H
#define CLI_OUTPUT_LOG_H

#include "run/origin.h"

#include <newswire/record.h>

struct nw_store_reader;

/* At an entry of one lane. */
struct output_cursor {
    struct nw_store_reader *reader;
    struct nw_arena arena;
    bool there; /* there is an entry at hand: */
    uint64_t oseq;
    struct nw_origin origin;
    struct nw_record *record; /* lives until the next one */
};

struct output_log {
    struct output_cursor cursors[NW_LANES];
    uint64_t adopted; /* entries below this oseq came of another journal */
    uint64_t lost;    /* entries that are damaged or no records, passed over */
};

enum { OUTPUT_LOG_OTHER = 1 };

/* Opens the log in `folder` and goes to the first entry of each lane. 0, OUTPUT_LOG_OTHER when its newest entries are
 * not of this journal, -ENOENT when there is none, or another negative errno. output_log_close is due in either case.
 */
int output_log_open(const char *folder, uint64_t journal, struct output_log *log);
void output_log_close(struct output_log *log);

/* The cursor whose entry is the next of the log; NULL at the end. */
struct output_cursor *output_log_first(struct output_log *log);

/* Goes to a cursor's next entry. 0 or a negative errno. */
int output_log_next(struct output_log *log, struct output_cursor *cursor);

/* Whether the entry at hand came of this journal. */
static inline bool output_log_is_ours(const struct output_log *log, const struct output_cursor *cursor)
{
    return cursor->oseq >= log->adopted;
}

#endif
