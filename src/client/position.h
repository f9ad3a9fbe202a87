/*
 * A subscriber's named position: asked for and set at the publisher, on a socket of its own, so that its answers come
 * between no pages. Belongs to one thread.
 */
#ifndef CLIENT_POSITION_H
#define CLIENT_POSITION_H

#include "wire.h"

struct position {
    struct wire wire;
    char name[65];
    char why[NW_WHY]; /* what the publisher refuses it for */
};

/* `endpoint` is the reader's. 0 or a negative errno; position_close may follow in either case. */
int position_open(struct position *position, void *context, const char *endpoint, const struct nw_curve_client *keys,
                  const char *name);
void position_close(struct position *position);

/* What is kept under the name: *oseq 0 where nothing is. 0, -ETIMEDOUT, -EHOSTUNREACH, -EINTR, -ECONNREFUSED (`why`
 * says why) or another negative errno. */
int position_get(struct position *position, uint64_t *oseq, int64_t until);

/* Keeps oseq of this log: durable when it returns 0. As position_get, and -ESTALE when the publisher's log is another.
 */
int position_set(struct position *position, uint64_t log, uint64_t oseq, int64_t until);

#endif
