/*
 * The journal as a source for the chain: its records again, each with its jseq and lane in pipeline. In the order in
 * which the output log has what came of them, for what a stage with memory makes of an article depends on those before
 * it: urgent entries come where they overtook. Without a log, and where it ends, the order is the journal's.
 */
#ifndef CLI_JOURNAL_SOURCE_H
#define CLI_JOURNAL_SOURCE_H

#include <newswire/conf.h>
#include <newswire/stage.h>

struct journal_range {
    const char *folder; /* of the journal */
    const char *log;    /* folder of the output log that belongs to it; "": there is none */
    uint64_t from, to;  /* the first and last entry */
};

/* Pulls the entries of a range. It only reads. Entries that are lost, or hold no record, are complained about by their
 * jseq. */
extern const struct nw_stage nw_stage_journal;

/* Its configuration. 0 or a negative errno. */
int journal_source_configure(const struct journal_range *range, struct nw_conf **conf);

#endif
