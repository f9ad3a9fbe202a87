/*
 * How an ordered stage comes to its memory at a start: from the files beside its log (memory.h) as far as they go, from
 * the log for the rest; and how these files are kept from then on. A stage that saves nothing recalls its log.
 */
#ifndef RUN_LEARN_H
#define RUN_LEARN_H

#include "run/context.h"

struct nw_sink;
struct learner;

struct learner_options {
    struct nw_stage_context *context; /* open, and fresh; opened again where files turn out not to be believed */
    struct nw_sink *sink;
    struct nw_str config; /* the stage's: with another one, files are of no use */
    /* Called now and then, with the records learned so far; NULL for none. */
    void (*progress)(void *user, uint64_t records);
    void *user;
};

/* Learns. The log's newest records are learned, as many as the stage remembers, and a million at least where it has to
 * be read. 0 or a negative fault. */
int learner_open(const struct learner_options *options, struct learner **learner);
void learner_close(struct learner **learner); /* accepts NULL, nulls the pointer */

/* Keeps what the record that was just appended to the sink left in memory. 0 or a negative fault. */
int learner_keep(struct learner *learner);

/* Writes what was kept of records that are durable now. A full disk ends the keeping, and leaves the room to the log.
 */
void learner_write(struct learner *learner);

/* Records learned: from the files, and from the log. */
void learner_counts(const struct learner *learner, uint64_t *taken_back, uint64_t *recalled);

#endif
