/* What an ordered stage may put out, and when: the last word on embargoes and kills before the output log. */
#ifndef RUN_GATE_H
#define RUN_GATE_H

#include <newswire/stage.h>

struct nw_sink;

/* NW_OK; NW_DROPPED, reason "killed", where a kill in the log means this record; NW_REJECTED where it is embargoed,
 * with the time until which. Kills go out at once. */
int gate_check(struct nw_stage_context *context, const struct nw_sink *sink, const struct nw_record *record);

#endif
