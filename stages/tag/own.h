/*
 * The user's own names: TSV files of NAME, TYPE, URI (PER, ORG, LOC or MISC; the uri may be missing), one a line, #
 * begins a comment. In a name of several words, a word # stands for any figure and ^ for any capitalised word, but the
 * first word is a word. They stand above the model and the gazetteer. The files are read again when they have changed.
 */
#ifndef TAG_OWN_H
#define TAG_OWN_H

#include "document.h"
#include "gazetteer_build.h"

#include <newswire/conf.h>

enum { OWN_FILES = 64, OWN_WHY = 512, OWN_BYTES = 64 << 20 /* of one file */ };

struct own {
    struct gazetteer_build build;
    struct gazetteer gazetteer;
    size_t files;
    const char *paths[OWN_FILES]; /* as the configuration has them */
    int64_t stamps[OWN_FILES];    /* time of change, nanoseconds; -1: not there */
};

/* What own_read returns beside 0 and a negative errno: a file is no good; why names it, the line and what was expected.
 */
enum { OWN_BAD = 1 };

/* Reads the files at paths. On OWN_BAD what was read before stays. */
int own_read(struct own *own, char why[OWN_WHY]);

/* Has one of the files changed since? */
bool own_changed(const struct own *own);

/* Puts the own names of the document above those that were found. 0 or -ENOMEM. */
int own_names(const struct own *own, struct document *document);

void own_free(struct own *own);

#endif
