/*
 * What kills have taken back, of one output log: kept so that it is not put out again (gate.c), and not given out of
 * the log (sink.c, and the command's readers of the log). Known are the uris that a kill names, its own, and its name
 * (newswire/name.h) where it came before its item.
 *
 * All of it stands in the log: a file beside it, LOG.kills, only spares reading the log from its beginning. So a crash
 * loses nothing, and a log without the file is read. A kill is known as long as the log holds it, in some 110
 * bytes a uri.
 */
#ifndef RUN_KILLS_H
#define RUN_KILLS_H

#include <newswire/record.h>

struct nw_kills;

enum { NW_KILLS_MAX = 1 << 20 /* uris and names */ };

int nw_kills_new(struct nw_kills **kills);
void nw_kills_free(struct nw_kills **kills); /* accepts NULL, nulls the pointer */

/* Takes up the file beside the log in `folder`, whose id is `log`. A file of another log, or a damaged one, is as none.
 * 0 or a negative fault. */
int nw_kills_load(struct nw_kills *kills, const char *folder, uint64_t log);

/* All kills of the log in `folder`, for a reader of it: of the file, and of the log behind. 0, -ENOENT where there is
 * no log, or another negative errno. */
int nw_kills_read(struct nw_kills *kills, const char *folder);

/* Writes the file: all through `durable` is known. Kills below the log's `first` entry are forgotten. Blocks for two
 * syncs. 0 or a negative fault. */
int nw_kills_save(struct nw_kills *kills, const char *folder, uint64_t log, uint64_t first, uint64_t durable);

/* The last oseq through which the file knew all kills; 0 without one. */
uint64_t nw_kills_through(const struct nw_kills *kills);

/* Notes what a record that stands at oseq takes back, where it is a kill. 0, -E2BIG where NW_KILLS_MAX are known, or
 * another negative fault. */
int nw_kills_note(struct nw_kills *kills, uint64_t oseq, const struct nw_record *record);

/* The same for an entry of the log, which is decoded only where it is a kill. What is no record is passed over. */
int nw_kills_learn(struct nw_kills *kills, uint64_t oseq, struct nw_str entry);

/* Whether an entry of the log is not to be given out: a kill behind it means it. */
bool nw_kills_hides(struct nw_kills *kills, uint64_t oseq, struct nw_str entry);

/* Whether a record that is not in the log is not to be put out: a kill means its item, and it is not a later version,
 * which says that its source has it again. *oseq: the kill's. */
bool nw_kills_covers(const struct nw_kills *kills, const struct nw_record *record, uint64_t *oseq);

#endif
