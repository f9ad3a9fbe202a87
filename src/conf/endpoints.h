/* Whether the endpoints of a daemon are ones, and what goes to other machines has its keys. */
#ifndef CONF_ENDPOINTS_H
#define CONF_ENDPOINTS_H

#include "daemon.h"
#include "problem.h"

/* broker.listen, publish, join. Tells each problem. */
void endpoints_check(struct conf_problems *problems, const struct nw_daemon *daemon);

#endif
