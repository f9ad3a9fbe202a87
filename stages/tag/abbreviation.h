/* Abbreviations that keep their full stop: Mr, Nov, Calif, Inc. */
#ifndef TAG_ABBREVIATION_H
#define TAG_ABBREVIATION_H

#include <stdbool.h>

#include <newswire/str.h>

/* Is the word (without its full stop) one that news copy writes with a full stop? */
bool abbreviation_is(struct nw_str word);

/* Is it one that a name or a number follows, so that no sentence ends with it: Mr, Gen, No, Jan? */
bool abbreviation_leads(struct nw_str word);

#endif
