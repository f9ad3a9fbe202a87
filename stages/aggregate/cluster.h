/* Which story an article belongs to: one pass, decided as it arrives, never changed. */
#ifndef CLUSTER_H
#define CLUSTER_H

#include "archive.h"

struct choice {
    struct story *story;  /* NULL: a new one */
    struct story *thread; /* for a new one: the story whose affair it goes on with; NULL for none */
    double similarity;    /* of the article that is closest */
};

struct choice cluster_choose(const struct archive *archive, const struct digest *digest, const struct vector *vector);

/* A new story of which the article is the first; NULL when there is no memory. */
struct story *story_new(const struct digest *digest, struct nw_str uri, struct nw_str headline,
                        const struct story *thread);

/* Takes the article, which is `number` in the archive, into the story's memory; 0 or -ENOMEM. */
int story_take(struct story *story, const struct digest *digest, const struct vector *vector, uint64_t number);

/* Takes out of its story an article that was killed: of size and centroid, and of the headline, in whose place comes
 * that of the oldest recent member, if there is one. */
void story_leave(const struct archive *archive, const struct article *killed);

#endif
