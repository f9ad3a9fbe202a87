/* Kills and withdrawals: which item one means, and that none of its versions is compared with anything again. */
#ifndef KILL_H
#define KILL_H

#include "archive.h"

enum {
    KILL_VERSIONS = 256, /* newest versions of one item that a kill reaches */
    KILL_SPAN = 86400000 /* ms between items of one slug and headline: the next day's may be a new one of its kind */
};

/*
 * The newest article that a kill means: of its uri; else of its slug and headline not a day away, where the wire gives
 * each transmission an id of its own. UINT64_MAX for none.
 */
uint64_t kill_target(const struct archive *archive, const struct digest *digest, struct nw_str uri);

/* Marks the target as canceled, with all of its uri; of its slug and headline too when the kill named it by them, which
 * is when `uri`, the kill's own, is another. */
void kill_versions(struct archive *archive, uint64_t target, struct nw_str uri);

#endif
