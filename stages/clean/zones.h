/*
 * Time zones by the abbreviations of news copy. One that names its season (EST, CEST) means what it says; one that does
 * not (ET, "9 a.m. PT") means what clocks show there on the day. Where several share an abbreviation it is the one that
 * most of the world's copy means: BST is British, IST Indian, CST American.
 */
#ifndef CLEAN_ZONES_H
#define CLEAN_ZONES_H

#include <newswire/str.h>

#include <stdint.h>

struct zone;

/* The zone of that name, in either case; NULL for none. */
const struct zone *zone_of(struct nw_str name);

/* Minutes east of UTC when clocks there show `wall`, in milliseconds as if it were UTC. Of an hour that comes twice it
 * is the first. */
int zone_minutes(const struct zone *zone, int64_t wall);

#endif
