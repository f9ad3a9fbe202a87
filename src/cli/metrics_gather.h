/* What metrics tell beside the supervisor's answer, read from the data folder: its sources, and how large it is. */
#ifndef CLI_METRICS_GATHER_H
#define CLI_METRICS_GATHER_H

#include <jansson.h>

/* New arrays for metrics_text, NULL without memory; whoever calls frees them. What can't be read is left out: a daemon
 * without sources that remember has none to tell of. */
json_t *metrics_sources(const char *data);
json_t *metrics_folders(const char *data);

#endif
