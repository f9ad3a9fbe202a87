/*
 * The tagger: one record in, the same record with its annotations out. Everything it needs beside the record is in the
 * state: the shared files, the word types, arrays that are used again. The annotations are a function of the record and
 * the files alone.
 */
#ifndef TAG_TAGGER_H
#define TAG_TAGGER_H

#include "document.h"
#include "keywords.h"
#include "models.h"
#include "own.h"
#include "quantities.h"
#include "quotes.h"
#include "timex.h"

struct tagger {
    struct models models;
    struct own own;
    struct lexicon lexicon;
    struct types types;
    struct names_work names;
    struct timexes times;
    struct quotes quotes;
    struct quantities quantities;
    struct topics_features features;
    struct document document;
};

/* folder: see models_open. 0, IMAGE_BAD with a sentence, or a negative errno. */
int tagger_init(struct tagger *tagger, struct nw_str folder, char why[MODELS_WHY]);
void tagger_free(struct tagger *tagger);

/* Reads the user's own names at own.paths, at first or anew. 0, OWN_BAD with a sentence, or -ENOMEM. */
int tagger_read_own(struct tagger *tagger, char why[OWN_WHY]);

/* Tags the record. What it points to is in the arena. 0 or -ENOMEM. */
int tagger_run(struct tagger *tagger, struct nw_arena *arena, struct nw_record *record);

/* The same, and calls `done` after each step, for measuring. A step's name; NULL behind the last. */
int tagger_run_watched(struct tagger *tagger, struct nw_arena *arena, struct nw_record *record,
                       void (*done)(void *user, size_t step), void *user);
const char *tagger_step(size_t step);

#endif
