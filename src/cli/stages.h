/*
 * The stages that are linked into `newswire`, to run in this process what the daemon runs in several: fetch, and behind
 * it clean, tag, aggregate.
 */
#ifndef CLI_STAGES_H
#define CLI_STAGES_H

#include "arguments.h"
#include "run/chain.h"

#include <newswire/stage.h>

struct nw_conf;
struct nw_daemon;

enum { STAGES = 3 };

/* Behind fetch, in the order of the way. */
extern const struct nw_stage *const stages[STAGES];
extern const struct nw_stage nw_stage_fetch;

/* Their names, NULL-terminated: the words of --through. */
extern const char *const stage_names[];

/* The words of --format: what fetch's own table allows. */
const char *const *stages_formats(void);

struct stages_conf {
    struct nw_conf *fetch;
    struct nw_conf *confs[STAGES];
};

/* The configuration of fetch for the operands and --format of a command, and of the first n stages: by the file
 * `config`, or their presets where it is NULL. 0, or an exit status; what is wrong was told. `failed` counts operands
 * that can't be used and were told; they are left out. */
int stages_configure(const struct arguments *arguments, const char *config, size_t n, struct stages_conf *conf,
                     uint64_t *failed);
void stages_conf_free(struct stages_conf *conf);

/* As many threads as this machine has processors at work. */
unsigned stages_cores(void);

/* The pipeline of a daemon's configuration, of the stages that are linked in. */
struct stages_pipeline {
    const struct nw_stage *stages[NW_CHAIN_STAGES];
    struct nw_conf *confs[NW_CHAIN_STAGES]; /* beside them */
    size_t n;
    struct share *share; /* what the ordered one takes, where it is one of several; else NULL */
    char folder[64 + 1]; /* and the folder that it has in the data folder; "": the data folder itself */
};

/* By the file `config`, or the daemon's default where it is NULL; of several ordered stages the one of that name, or
 * the last where `ordered` is NULL. A stage that is a program of its own is refused. 0, or an exit status; what is
 * wrong was told. stages_pipeline_free is due in either case. */
int stages_pipeline(const char *config, const char *ordered, struct stages_pipeline *pipeline);
void stages_pipeline_free(struct stages_pipeline *pipeline);

#endif
