/* Texts that were seen: for each, the uri of the first article that had it. Bounded: the oldest are forgotten. */
#ifndef SEEN_H
#define SEEN_H

#include <newswire/hash.h>

struct seen;

/* Remembers at most `most` texts (at least 1); NULL when there is no memory. */
struct seen *seen_new(size_t most);
void seen_free(struct seen *seen); /* NULL is accepted */

/* The uri of the first article with this hash; {NULL, 0} if there is none. It lives until the next call of seen_add. */
struct nw_str seen_find(const struct seen *seen, struct nw_hash128 hash);

/* Remembers an article's hash, which is not there yet, under its uri. 0 or -ENOMEM. */
int seen_add(struct seen *seen, struct nw_hash128 hash, struct nw_str uri);

#endif
