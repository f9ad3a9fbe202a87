/* The daemon's state for people, out of the JSON object that the supervisor answers with. */
#ifndef CLI_STATUS_TEXT_H
#define CLI_STATUS_TEXT_H

#include <newswire/buf.h>

#include <stdbool.h>

enum {
    STATUS_MAX = 64 << 20, /* bytes of the answer: the supervisor's own bound */
    STATUS_WHY = 256,
    STATUS_BAD = 1, /* the answer is no state; `why` says what is wrong with it */
};

/* Appends: the daemon, its processes, its stages, the ledger. 0, STATUS_BAD, out->error or -ENOMEM. Numbers that the
 * answer does not have are shown as "-". */
int status_text(struct nw_str json, bool colours, struct nw_buf *out, char why[STATUS_WHY]);

/* The data folder that a state names: true with its path in `path`. */
bool status_data(struct nw_str json, char *path, size_t size);

#endif
