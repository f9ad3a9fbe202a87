/*
 * The time that an article gives itself, glanced at without reading the article: `newswire feed --speed` needs it
 * before anybody has read anything. The first mark found of a table decides; zones that are not told count as UTC.
 */
#ifndef CLI_ITEM_TIME_H
#define CLI_ITEM_TIME_H

#include <newswire/str.h>

#include <stdint.h>

enum { ITEM_TIME_LOOK = 64 << 10 /* bytes looked at */ };

/* Of the bytes of one item: ms since 1970, or PACER_NO_TIME. */
int64_t item_time(struct nw_str bytes);

/* Of an encoded record that holds them in `raw`. */
int64_t item_time_of_record(struct nw_str record);

#endif
