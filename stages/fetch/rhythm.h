/*
 * The rhythm of a source as a whole: how its items come, so that one that falls silent is noticed. Kept in fetch.db,
 * from where `newswire sources` reads it, and where it writes what a person wants of the source. Feeds have a rhythm
 * each (feed_book.h), and their source has none.
 */
#ifndef FETCH_RHYTHM_H
#define FETCH_RHYTHM_H

#include "feed_pace.h"
#include "ledger.h"

enum { RHYTHM_SENTENCE = 160, RHYTHM_PLACE = 160 };

struct rhythm {
    struct ledger *ledger; /* NULL: the source remembers nothing, and has no rhythm */
    struct nw_str source;
    struct feed_pace pace;
    uint64_t errors; /* as rhythm_state told */
    int64_t next_ms;
    char place[RHYTHM_PLACE]; /* how far a source is that comes to an end */
    bool ended;
    bool quiet, changed;
    int64_t saved_ms; /* wall ms */
};

/* Takes up what an earlier life knew. 0 or a negative fault. */
int rhythm_open(struct rhythm *rhythm, struct ledger *ledger, struct nw_str source, const char *kind);

/* So many items have come at `now`: it is not quiet any more. */
void rhythm_items(struct rhythm *rhythm, uint64_t items, int64_t now);

/* How a source that asks others does: see struct source. */
void rhythm_state(struct rhythm *rhythm, uint64_t errors, int64_t next_ms);

/* How far it is, and whether it has come to its end. */
void rhythm_place(struct rhythm *rhythm, const char *place, bool ended);

/* What a person wants: that it pauses, and that it asks now, which is told once. Never within a transaction of the
 * ledger. 0 or a negative fault. */
int rhythm_wishes(struct rhythm *rhythm, bool *paused, bool *wanted);

/* Looks whether it is quiet, says so in the log when that changes, and saves what has changed, now and then or at once.
 * One that is `still`, paused or at its end, is silent rightly. Never within a transaction of the ledger. 0 or a
 * negative fault. */
int rhythm_look(struct rhythm *rhythm, int64_t now, bool still, bool at_once);

/* "nothing new since 2026-01-14T10:00:00Z; an item came every 12 min" */
void rhythm_sentence(int64_t last_item_ms, double gap_ms, char out[RHYTHM_SENTENCE]);

#endif
