/*
 * What an ordered stage takes of the stream where several share it: the articles that a query wants. What others are
 * given to it has no consequence here, but for kills: these concern whatever they take back, wherever it went.
 */
#ifndef RUN_SHARE_H
#define RUN_SHARE_H

#include <newswire/record.h>

struct share;

enum { SHARE_BAD = 1 };

/* 0; SHARE_BAD with a sentence where the query can't be read; or -ENOMEM. */
int share_new(struct nw_str query, struct share **share, char why[NW_WHY]);
void share_free(struct share **share); /* accepts NULL, nulls the pointer */

/* 1: it is ours; 0: it is another's; or -ENOMEM. */
int share_takes(struct share *share, const struct nw_record *record);

#endif
