/* A story's memory: its centroid, its recent members, its times. */
#ifndef STORY_H
#define STORY_H

#include "archive.h"

/* A new story of which the article is the first; it goes on with the thread of another one, NULL for none. NULL when
 * there is no memory. */
struct story *story_new(const struct digest *digest, struct nw_str uri, struct nw_str headline,
                        const struct story *thread);

/* Takes the article, which is `number` in the archive, into the story's memory; 0 or -ENOMEM. */
int story_take(struct story *story, const struct digest *digest, const struct vector *vector, uint64_t number);

/* Takes out of its story an article that was killed: of size and centroid, and of the headline, in whose place comes
 * that of the oldest recent member, if there is one. */
void story_leave(const struct archive *archive, const struct article *killed);

#endif
