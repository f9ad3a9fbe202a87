/* The feeds that an OPML file lists: the xmlUrl of its outlines. */
#ifndef FETCH_OPML_H
#define FETCH_OPML_H

#include <newswire/record.h>

enum { OPML_BYTES = 64 << 20 };

/* Takes an address; `follow` tells whether its items' pages are fetched. 0 to go on. */
typedef int opml_add(void *user, struct nw_str url, bool follow);

/* Calls `add` with each address, entities resolved, in the order of the file; `follow` is what holds where the
 * outline's attribute follow says nothing else ("page" or anything else). 0; 1 with a sentence where the file can't be
 * read or is no OPML; or what `add` returned other than 0. */
int opml_read(const char *path, bool follow, opml_add *add, void *user, char why[NW_WHY]);

/* The same of at most OPML_BYTES in memory; 1 where they are no OPML or damaged at *line. */
int opml_scan(struct nw_str bytes, bool follow, opml_add *add, void *user, int *line);

#endif
