/* The keys of the daemon's file that are the same whatever its stages are. */
#ifndef CONF_DAEMON_ROWS_H
#define CONF_DAEMON_ROWS_H

#include "conf.h"

extern const struct nw_conf_row conf_daemon_rows[];  /* the top of the file */
extern const struct nw_conf_row conf_broker_rows[];  /* broker: */
extern const struct nw_conf_row conf_publish_rows[]; /* publish: */
extern const struct nw_conf_row conf_output_rows[];  /* output: */
extern const struct nw_conf_row conf_restart_rows[]; /* restart: */
extern const struct nw_conf_row conf_stage_rows[];   /* stages.NAME:, before the stage's own */

#endif
