/* What a running daemon's supervisor says of it: RUN/control.sock. */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H

#include "status_text.h"

enum { CONTROL_MAX = STATUS_MAX + (64 << 10) }; /* bytes that the answer's buffer should have room for */

/* Asks for the status at the socket of this path: one JSON object is appended to `answer`. 0, -ETIMEDOUT, -ECONNREFUSED
 * and the like when nobody is there, or another negative errno. */
int control_ask(const char *path, struct nw_buf *answer);

#endif
