/*
 * Ordered stages at the pipeline's end that share the stream. Each article goes to the first of them whose `only` wants
 * it, and to the last if none does, so that it comes out of one of them, once.
 */
#ifndef CONF_SHARES_H
#define CONF_SHARES_H

#include "daemon.h"
#include "problem.h"

/* Fills in `takes` and `apart` of the ordered stages. 0 or -ENOMEM. */
int shares_find(struct nw_daemon *daemon);

/* Tells each problem: an `only` that is missing, or where it is of no use; paths of sockets that are too long. */
void shares_check(struct conf_problems *problems, const struct nw_daemon *daemon);

#endif
