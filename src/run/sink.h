/*
 * Where an ordered stage's records go: the output log, which is the single source of truth, and from it the live stream
 * and the past. Records of a lane come in the order of (jseq, sub); what is not above the lane's mark is in the log
 * already, so a lease that comes twice doubles nothing.
 */
#ifndef RUN_SINK_H
#define RUN_SINK_H

#include "link/frame.h"
#include "run/publish.h"

#include <newswire/record.h>

struct nw_sink;

struct nw_sink_options {
    const char *folder; /* the output log's: DATA/output */
    struct nw_publish_options publish;
    uint64_t keep_bytes; /* the oldest segments go while closed ones are larger together; 0 keeps all */
    int64_t keep_ms;     /* segments go when their last record is so old; 0 keeps all */
};

/* Opens the log, cuts what is torn at its end, takes up the mark, binds both sockets; looks after the log from then on,
 * in a thread of its own. 0 or a negative fault with a line
 * in the log. */
int nw_sink_open(const struct nw_sink_options *options, struct nw_sink **sink);
void nw_sink_close(struct nw_sink **sink); /* accepts NULL, nulls the pointer */

/* The newest record in the log, durable or not. */
struct nw_mark nw_sink_mark(const struct nw_sink *sink);

/* Which journal the jseqs to come count in. Another one than before makes the mark void: its numbers begin anew.
 * *changed tells whether it was another; then HELLO has to be said again. Durable when it returns. 0 or a negative
 * fault. */
int nw_sink_adopt(struct nw_sink *sink, uint64_t journal, bool *changed);

/* What it says beside the log in `folder`, for readers of the log: the journal that its newest entries came of, and the
 * first oseq of those. Both 0 where nothing was ever adopted. 0, -EILSEQ for a damaged file, or a negative fault. */
int nw_sink_adopted(const char *folder, uint64_t *journal, uint64_t *from);

/* Whether the log is past this place of its lane: what came of it is in the log, or it was refused or dropped. */
bool nw_sink_has(const struct nw_sink *sink, const struct nw_entry *entry);

/* Notes that this place gives nothing but the sentence, durably: else a crash after later records are in the log would
 * make it count as done. 0 or a negative fault. */
int nw_sink_refuse(struct nw_sink *sink, const struct nw_entry *entry, const char *why);

/* 0: it was refused, with this sentence, which lives until the next call; 1: it was not; or a negative fault. */
int nw_sink_refused(struct nw_sink *sink, const struct nw_entry *entry, struct nw_str *why);

/* Whether a kill in the log means this record (run/kills.h), so that it must not be put out; *oseq: the kill's. */
bool nw_sink_killed(const struct nw_sink *sink, const struct nw_record *record, uint64_t *oseq);

/* Appends a record under the next oseq, which is set in its pipeline, with jseq, sub, lane and schema. What it kills is
 * not given out from now on, live or from the past. 0; -EMSGSIZE, -E2BIG for a kill where NW_KILLS_MAX are known; or
 * another negative fault. */
int nw_sink_append(struct nw_sink *sink, struct nw_arena *arena, const struct nw_entry *entry,
                   struct nw_record *record);

/* Starts making durable what was appended; returns at once. After a fault the sink is of no use: exit, and let the next
 * one recover. */
int nw_sink_commit(struct nw_sink *sink);

/* The last oseq that is durable. */
uint64_t nw_sink_durable(const struct nw_sink *sink);

/* Publishes what has become durable; subscriptions, questions for the past, heartbeats: handles what has come, never
 * waits. Call it when one of the descriptors is readable, after each commit, and when timeout (ms) is over. */
int nw_sink_serve(struct nw_sink *sink);
enum { NW_SINK_FDS = NW_PUBLISHER_FDS + 1 };
void nw_sink_fds(const struct nw_sink *sink, int fds[NW_SINK_FDS]);
int64_t nw_sink_timeout(const struct nw_sink *sink);

/* The log itself, for the stage's memory (learn.h): its folder and id; what it holds, durable or not, last = first - 1
 * where that is nothing; an entry, killed or not, as nw_store_read; the entry appended last. */
const char *nw_sink_folder(const struct nw_sink *sink);
uint64_t nw_sink_log(const struct nw_sink *sink);
void nw_sink_range(const struct nw_sink *sink, uint64_t *first, uint64_t *last);
int nw_sink_read(struct nw_sink *sink, uint64_t oseq, struct nw_str *entry);
struct nw_str nw_sink_newest(const struct nw_sink *sink, uint64_t *oseq);

/* Appends members to an open JSON object: "oseq", "subscribers", "published", … each led by a comma. */
int nw_sink_metrics(const struct nw_sink *sink, struct nw_buf *out);

#endif
