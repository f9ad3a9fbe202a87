/*
 * A cursor over the output log, read beside the daemon or without it. It goes in the order of (jseq, sub): each lane
 * stands in that order in the log, and the cursor merges them. What came of an earlier journal comes before, as it
 * stands.
 */
#ifndef CLI_OUTPUT_LOG_H
#define CLI_OUTPUT_LOG_H

#include "link/frame.h"

#include <newswire/record.h>

struct nw_store_reader;

/* At an entry of one lane. */
struct output_cursor {
    struct nw_store_reader *reader;
    struct nw_arena arena;
    bool there;
    uint64_t oseq, jseq, sub;
    struct nw_record *record;
};

struct output_log {
    struct output_cursor cursors[NW_LANES];
    uint64_t adopted; /* entries below this oseq came of another journal */
    uint64_t lost;    /* entries that are damaged or no records, passed over */

    struct output_cursor *at;
    bool there; /* there is an entry at hand: */
    uint64_t oseq, jseq, sub;
    struct nw_record *record; /* lives until the next one */
};

enum { OUTPUT_LOG_OTHER = 1 };

/* Opens the log in `folder` and goes to its first entry. 0, OUTPUT_LOG_OTHER when its newest entries are not of this
 * journal, -ENOENT when there is none, or another negative errno. output_log_close is due in either case. */
int output_log_open(const char *folder, uint64_t journal, struct output_log *log);
void output_log_close(struct output_log *log);

/* Goes to the next entry; at the end log->there is false. 0 or a negative errno. */
int output_log_next(struct output_log *log);

/* Whether the entry at hand came of this journal. */
static inline bool output_log_is_ours(const struct output_log *log)
{
    return log->oseq >= log->adopted;
}

#endif
