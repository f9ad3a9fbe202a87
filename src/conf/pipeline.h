/* Whether a pipeline holds together: told before anything starts, not found at run time. */
#ifndef CONF_PIPELINE_H
#define CONF_PIPELINE_H

#include "daemon.h"
#include "describe.h"
#include "tree.h"

/* Names of stages: their letters, their number, none twice. Tells each problem; false if there was one. */
bool pipeline_names_good(struct conf_problems *problems, const struct conf_node *list);

/* What each stage needs against what stands before it; the order; endpoints. `descriptions` are of daemon->stages. */
void pipeline_check(struct conf_problems *problems, const struct nw_daemon *daemon,
                    const struct conf_description *descriptions);

#endif
