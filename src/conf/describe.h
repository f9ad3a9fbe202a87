/* What a stage's program says of itself: COMMAND --describe (stages/PROTOCOL.md). */
#ifndef CONF_DESCRIBE_H
#define CONF_DESCRIBE_H

#include "conf.h"

#include <newswire/arena.h>

struct conf_description {
    const char *name, *version, *doc;
    bool ordered;
    const char **needs, **sets; /* keys of fields, NULL-terminated */
    const struct nw_conf_row *rows;
};

/* Runs the program (at most 10 s) and reads what it prints. 0, NW_CONF_BAD with a sentence in why, or a negative fault.
 */
int conf_describe(struct nw_arena *arena, const char *const *command, struct conf_description *description,
                  char why[NW_CONF_WHY]);

/* Reads a description: text from outside, bounded by its length; rows nest at most four deep. */
int conf_describe_read(struct nw_arena *arena, struct nw_str json, struct conf_description *description,
                       char why[NW_CONF_WHY]);

#endif
