/* The report of trends.h: what rises, made of counts and names. */
#ifndef TRENDS_REPORT_H
#define TRENDS_REPORT_H

#include "trends/counts.h"
#include "trends/recent.h"
#include "trends/things.h"

/* Appends it. 0, -ENOMEM, or out->error. */
int report_write(const struct counts *counts, const struct things *things, uint64_t through, struct nw_buf *out);

#endif
