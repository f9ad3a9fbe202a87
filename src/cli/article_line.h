/* An article as one readable line: time, agency, place, headline, story, tags. */
#ifndef CLI_ARTICLE_LINE_H
#define CLI_ARTICLE_LINE_H

#include <newswire/record.h>

enum { ARTICLE_LINE_MAX = 64 << 10 };

/* The agency by its name, else the feed; "" where neither is told. */
struct nw_str article_agency(const struct nw_record *record);

/* Appends it, without a line end. Control characters of the article never reach the terminal. 0 or out->error. */
int article_line(const struct nw_record *record, bool colours, struct nw_buf *out);

#endif
