/* What bytes say of their own urgency, at a glance: the broker lets urgent articles overtake the others. */
#ifndef FETCH_URGENCY_H
#define FETCH_URGENCY_H

#include <newswire/str.h>

/* ninjs urgency, 1 to 9, or 0 where none is seen. Looks at ninjs, NITF, NewsML and the headers of IPTC 7901 and ANPA
 * 1312, at most URGENCY_LOOK bytes of them. A glance, no parser: clean reads the article and says the last word. */
enum { URGENCY_LOOK = 64 << 10 };
int urgency_glance(struct nw_str bytes);

#endif
