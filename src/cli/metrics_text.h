/*
 * The state of the daemon as metrics: the text format of Prometheus (version 0.0.4), which everything that gathers
 * metrics reads. One table, in metrics_text.c, says which they are; the documentation prints it.
 */
#ifndef CLI_METRICS_TEXT_H
#define CLI_METRICS_TEXT_H

#include <newswire/buf.h>

#include <jansson.h>

enum { METRICS_BAD = 1, METRICS_MAX = 64 << 20, METRICS_WHY = 256 };

/* Appends all metrics of the supervisor's answer to `status`; of `sources` (objects with source, kind, url, items,
 * last_item and due in ms since 1970, errors, quiet, paused), and of `folders` (name, bytes), which are arrays. 0;
 * METRICS_BAD with a sentence where the answer is none; -ENOMEM, -EMSGSIZE. */
int metrics_text(struct nw_str status, const json_t *sources, const json_t *folders, struct nw_buf *out,
                 char why[METRICS_WHY]);

#endif
