/* What a worker says of an article that has taken more CPU time than the broker allows. */
#ifndef RUN_OVERTIME_H
#define RUN_OVERTIME_H

#include "link/frame.h"
#include "link/link.h"

struct overtime {
    const struct nw_work_header *work; /* the lease at hand */
    size_t at;                         /* of its entries, the one that took too long */
    uint64_t epoch, limit_ms;
    bool ordered; /* the stage is: it gives nothing back */
};

/* Tells the log and, of a stage that is not ordered, the broker: that entry is refused with the reason, the others go
 * back, and BYE, so that nothing is counted against the leases that were only waiting. Of an ordered stage the broker
 * misses the process, and counts that. Whatever fails is logged: the process ends in any case. */
void overtime_say(const struct overtime *overtime, struct nw_link *link);

#endif
