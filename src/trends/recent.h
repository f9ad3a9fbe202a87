/* Where the newest counted articles are in the log, by uri: so that a kill finds what it takes back. */
#ifndef TRENDS_RECENT_H
#define TRENDS_RECENT_H

#include <newswire/str.h>

#include <stdint.h>

enum {
    RECENT = 131072 /* articles remembered */
};

struct recent;

int recent_new(struct recent **recent); /* 0 or -ENOMEM */
void recent_free(struct recent **recent);

void recent_add(struct recent *recent, struct nw_str uri, uint64_t oseq);

/* At most `most` of this uri, newest first; they are forgotten. Returns how many. */
size_t recent_take(struct recent *recent, struct nw_str uri, uint64_t *oseqs, size_t most);

#endif
