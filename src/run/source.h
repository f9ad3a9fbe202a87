/* A source stage as a process: pulls, and submits to the broker under the stage's name. */
#ifndef RUN_SOURCE_H
#define RUN_SOURCE_H

#include "link/lifeline.h"

#include <newswire/stage.h>

struct nw_source_options {
    const struct nw_stage *stage;
    const char *endpoint;         /* of the broker */
    const char *broker_key, *key; /* files of keys, or NULL (newswire/client.h) */
    struct nw_lifeline *lifeline;
    int signals;
};

/* Runs until a signal, the end of the lifeline, or the end of the source. 0, or a negative fault. */
int nw_source_run(const struct nw_source_options *options);

#endif
