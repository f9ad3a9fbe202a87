/* A child's line on its way to the log: logfmt as it is, anything else wrapped with the child's name and pid. */
#ifndef SUPER_FORWARD_H
#define SUPER_FORWARD_H

#include <newswire/buf.h>
#include <newswire/log.h>

/* Appends the line, with its end, to out; nothing where it is less serious than `most`. A line that says no level is
 * taken for a warning: only what goes wrong writes such. */
void forward_line(struct nw_str line, bool cut, const char *name, long pid, enum nw_log_level most, struct nw_buf *out);

#endif
