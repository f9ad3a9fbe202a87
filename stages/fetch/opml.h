/* The feeds that an OPML file lists: the xmlUrl of its outlines. */
#ifndef FETCH_OPML_H
#define FETCH_OPML_H

#include <newswire/record.h>

enum { OPML_BYTES = 64 << 20 };

/* Calls `add` with each address, entities resolved, in the order of the file. 0; 1 with a sentence where the file can't
 * be read or is no OPML; or what `add` returned other than 0. */
int opml_read(const char *path, int (*add)(void *user, struct nw_str url), void *user, char why[NW_WHY]);

#endif
