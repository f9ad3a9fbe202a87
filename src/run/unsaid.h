/*
 * What an ordered stage has to say to the broker once its log is durable: one DONE a lease, oldest first. It keeps the
 * headers, encoded; their number is bounded by the leases that the broker gives at once.
 */
#ifndef RUN_UNSAID_H
#define RUN_UNSAID_H

#include <newswire/str.h>

#include <stdint.h>

struct nw_link;
struct unsaid;

struct unsaid_queue {
    struct unsaid *first, **last;
};

void unsaid_init(struct unsaid_queue *queue);

/* Keeps a header until all through `oseq` is durable. 0 or -ENOMEM. */
int unsaid_add(struct unsaid_queue *queue, uint64_t oseq, struct nw_str header);

/* Says what waited for no more than `durable`. 0 or a negative fault. */
int unsaid_say(struct unsaid_queue *queue, struct nw_link *link, uint64_t durable);

void unsaid_forget(struct unsaid_queue *queue);

#endif
