/* The feeds that an OPML file lists: the xmlUrl of its outlines. */
#ifndef FETCH_OPML_H
#define FETCH_OPML_H

#include <newswire/record.h>

enum { OPML_BYTES = 64 << 20 };

/* Calls `add` with each address, entities resolved, in the order of the file; `follow`, and what the outline's
 * attribute follow says instead ("page" or anything else), tells whether its items' pages are fetched. 0; 1 with a
 * sentence where the file can't be read or is no OPML; or what `add` returned other than 0. */
int opml_read(const char *path, bool follow, int (*add)(void *user, struct nw_str url, bool follow), void *user,
              char why[NW_WHY]);

#endif
