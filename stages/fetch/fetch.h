/* The stage's state, and its rows of the config. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "feed_clock.h"
#include "reader.h"
#include "rhythm.h"
#include "source.h"

#include <newswire/stage.h>

/* A source with the reader of its document. Only readers of streams that have nothing for now are open beside the one
 * that reads, so that memory has a bound whatever the number of sources. */
struct lane {
    struct source *source;
    struct reader reader;
    struct document document;
    struct outcome outcome;
    uint64_t index;   /* of the next record */
    uint64_t skipped; /* items of the document that an earlier life has delivered */
    uint64_t counted; /* bytes of the document that were counted */
    uint64_t noted;   /* items of the document that the rhythm knows of */
    bool reading, watched, ended;
    bool paused; /* a person wants nothing of it */
    struct rhythm rhythm;
};

/* Going on after a crash: replay.c. */
struct replay {
    bool over;
    bool begun;
    bool known;        /* the position */
    uint64_t position; /* number of the next record of the rows, as they were numbered in the life that planned them */
    int64_t id;        /* of the row at hand */
    struct lane *lane; /* that reads it; NULL for none */
};

struct fetch {
    struct commons commons;
    int epoll; /* of the sources' descriptors, but for those that pause */
    struct replay replay;
    struct lane *lanes;
    size_t count, turn;
    struct feed_clock clock; /* of rhythms */
    size_t resting;          /* lanes that had nothing to do, one after the other */
    bool open;
};

extern const struct nw_conf_row fetch_conf[];

/* What a step of a lane came to, beside a negative fault. */
enum lane_step { STEP_ON, STEP_EMITTED, STEP_REST };

/* lane.c. Opens the source of a row of the config, the number-th. 0, -EINVAL (told), or a negative fault. */
int lane_open(struct lane *lane, const struct nw_conf *row, struct fetch *fetch, uint64_t most, size_t number);
void lane_free(struct lane *lane); /* accepts a zeroed one */

/* Takes over what a person wants of it. 0 or a negative fault. */
int lane_obey(struct fetch *fetch, struct lane *lane);

/* Each second: how it does, for `newswire sources`; at_once: written down now. 0 or a negative fault. */
int lane_look(struct fetch *fetch, struct lane *lane, bool at_once);

/* Asks its source for the next document; goes on reading it. A lane_step or a negative fault. */
int lane_next(struct nw_stage_context *context, struct lane *lane);
int lane_read(struct nw_stage_context *context, struct fetch *fetch, struct lane *lane);

/* Makes the record of an item and emits it. 0 or a negative fault. */
int fetch_emit(struct nw_stage_context *context, struct lane *lane, const struct item *item);

/* Rows that an earlier life left open: one a step, before anything else is emitted. Sets the turn to the lane that
 * reads its document; replay.over at the end. 0 or a negative fault. */
int replay_next(struct fetch *fetch);

#endif
