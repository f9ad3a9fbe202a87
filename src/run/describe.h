/* What a stage says of itself for `--describe`: stages/PROTOCOL.md has the form. */
#ifndef RUN_DESCRIBE_H
#define RUN_DESCRIBE_H

#include <newswire/buf.h>
#include <newswire/stage.h>

/* Appends one JSON object. 0 or out->error. */
int nw_stage_describe(const struct nw_stage *stage, struct nw_buf *out);

#endif
