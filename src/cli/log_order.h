/*
 * The order in which the output log has what came of a journal's entries: in each lane that of the journal, but the
 * lanes met as it happened. It reads the log entry by entry, beside the daemon or without it, and holds one record at a
 * time.
 */
#ifndef CLI_LOG_ORDER_H
#define CLI_LOG_ORDER_H

#include "run/origin.h"

#include <newswire/arena.h>

struct nw_store_reader;

struct log_order {
    struct nw_store_reader *reader; /* NULL: there is no log, and no order but the journal's */
    uint64_t adopted;               /* entries below this oseq came of another journal */
    struct nw_arena arena;

    bool there;              /* there is an article at hand: */
    struct nw_origin origin; /* its own */
};

/* Opens the log in `folder`, and goes to its first article of the newest journal. 0 or a negative errno;
 * log_order_close is due in either case. */
int log_order_open(const char *folder, struct log_order *order);
void log_order_close(struct log_order *order);

/* Goes to the next article; at the end `there` is false. What is damaged is passed over. 0 or a negative errno. */
int log_order_next(struct log_order *order);

#endif
