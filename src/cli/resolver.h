/* Asks the broker to retry or drop dead letters: a watcher of the protocol (stages/PROTOCOL.md). */
#ifndef CLI_RESOLVER_H
#define CLI_RESOLVER_H

#include "link/frame.h"
#include "link/link.h"

struct resolver {
    struct nw_link *link;
    uint64_t epoch; /* 0: the broker has not said WELCOME */
    uint64_t log;   /* id of the dead-letter log */
    struct nw_arena arena;
    struct nw_buf out;
    char why[NW_WHY]; /* what the broker refuses us for */
};

/* 0 or a negative errno. resolver_close is due in either case. */
int resolver_open(struct resolver *resolver, const char *endpoint, uint64_t log);
void resolver_close(struct resolver *resolver);

/* Asks for one batch of at most NW_BATCH_RECORDS letters, those of one jseq together in rising order, and waits for the
 * answer, whose lists live until the next call. 0; -EHOSTUNREACH when nobody answers; -ECONNREFUSED (`why` says why);
 * -EINTR; or another negative errno. */
int resolver_ask(struct resolver *resolver, enum nw_resolution action, const struct nw_numbers *letters,
                 struct nw_resolved_header *answer);

#endif
