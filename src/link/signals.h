/* SIGTERM and SIGINT as a descriptor, for loops. Threads made afterwards inherit the mask, so only the loop sees them.
 */
#ifndef LINK_SIGNALS_H
#define LINK_SIGNALS_H

#include <stdbool.h>

/* Blocks both signals (and SIGPIPE) and gives a descriptor that is readable when one has come; or a negative fault. */
int nw_signals_open(void);

/* Whether one has come since the last call. */
bool nw_signals_came(int fd);

#endif
