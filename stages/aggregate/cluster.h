/* Which story an article belongs to: one pass, decided as it arrives, never changed. */
#ifndef CLUSTER_H
#define CLUSTER_H

#include "evidence.h"

enum { CLUSTER_CANDIDATES = 8 /* stories that are weighed */ };

struct candidate {
    struct story *story;
    struct evidence evidence;
};

struct choice {
    struct story *story;  /* NULL: a new one */
    struct story *thread; /* for a new one: the story whose affair it goes on with; NULL for none */
    double similarity;    /* of the article that is closest */
};

/* Lets the processor fetch where cluster_candidates begins to look. */
void cluster_expect(const struct archive *archive, const struct vector *vector);

/* The stories that it may belong to, with what speaks for each; returns their number. */
size_t cluster_candidates(struct candidate candidates[CLUSTER_CANDIDATES], const struct archive *archive,
                          const struct digest *digest, const struct sketch *sketch, const struct vector *vector);

struct choice cluster_choose(const struct candidate *candidates, size_t n, const double weights[EVIDENCES]);

#endif
