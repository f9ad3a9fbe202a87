/* The journal as a source for the chain: its records again, in order, each with its jseq in pipeline.jseq. */
#ifndef CLI_JOURNAL_SOURCE_H
#define CLI_JOURNAL_SOURCE_H

#include <newswire/conf.h>
#include <newswire/stage.h>

/* Pulls the entries `from` to `to` of the log in `folder`: the keys of its configuration. It only reads. Entries that
 * are lost, or hold no record, are complained about by their jseq. */
extern const struct nw_stage nw_stage_journal;

/* Its configuration. 0 or a negative errno. */
int journal_source_configure(const char *folder, uint64_t from, uint64_t to, struct nw_conf **conf);

#endif
