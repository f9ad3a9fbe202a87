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
    bool reading, watched, ended;
    bool paused; /* a person wants nothing of it: its document at hand is read to the end, and no other */
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

/* Makes the record of an item and emits it. 0 or a negative fault. */
int fetch_emit(struct nw_stage_context *context, struct lane *lane, const struct item *item);

/* Rows that an earlier life left open: one a step, before anything else is emitted. Sets the turn to the lane that
 * reads its document; replay.over at the end. 0 or a negative fault. */
int replay_next(struct fetch *fetch);

#endif
