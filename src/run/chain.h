/*
 * Stages in one process, without sockets: what `newswire pipe` and `newswire feed` run, with the very code that the
 * daemon's processes run. A source is pulled on the calling thread; `jobs` threads run the stages, each with a state of
 * its own; an ordered stage and the output run on the calling thread, in the order of the input, whatever the number of
 * threads. A record that comes from the source with pipeline.jseq gives it to all that come of it, which are numbered
 * by pipeline.sub, as the broker does.
 */
#ifndef RUN_CHAIN_H
#define RUN_CHAIN_H

#include <newswire/stage.h>

enum { NW_CHAIN_STAGES = 6, NW_CHAIN_JOBS = 256 };

enum nw_chain_form {
    NW_CHAIN_JSON,    /* output is one line of JSON, without its line end */
    NW_CHAIN_MSGPACK, /* output is one encoded record */
};

struct nw_chain_options {
    const struct nw_stage *source;
    const struct nw_conf *source_conf;
    const struct nw_stage *const *stages; /* n of them, at most NW_CHAIN_STAGES; an ordered one may only be the last */
    const struct nw_conf *const *confs;   /* beside them */
    size_t n;
    unsigned jobs; /* 1: all on the calling thread; at most NW_CHAIN_JOBS */
    enum nw_chain_form form;

    void *user;
    /* What an ordered stage put out before: gives it to `recall`, oldest first, before the first record comes. May be
     * NULL; a value other than 0 ends the run. */
    int (*past)(void *user, int (*recall)(void *stage, const struct nw_record *record), void *stage);
    /* Whether the ordered stage is given a record: what is not, leaves no trace in its memory. May be NULL: each is. */
    bool (*admit)(void *user, const struct nw_record *record);
    /* One output, in input order. 0 to go on; another value ends the run, which returns it. */
    int (*output)(void *user, struct nw_str record);
    /* The source has nothing for now: a good time to write out what is buffered. May be NULL. */
    int (*idle)(void *user);
    /* Input that could not be read or understood: the path as given, and a sentence. */
    void (*complain)(void *user, struct nw_str path, const char *sentence);
};

struct nw_chain_stats {
    uint64_t pulled; /* raw records from the source */
    uint64_t read;   /* bytes that the source has read, where it counts them (under "bytes"); kept up while it runs */
    uint64_t outputs;
    uint64_t dropped;
    uint64_t rejected;   /* records that a stage refused: one complaint each */
    uint64_t complaints; /* the source's */
};

/* Runs until the source has ended. 0, what output returned, or a negative fault. */
int nw_chain_run(const struct nw_chain_options *options, struct nw_chain_stats *stats);

#endif
