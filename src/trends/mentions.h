/* What an article mentions that can be a trend, whether it counts, and what it is called. */
#ifndef TRENDS_MENTIONS_H
#define TRENDS_MENTIONS_H

#include "trends/trends.h"

#include <newswire/record.h>

enum { MENTIONS = 256 /* most of one article; more are left out */ };

struct mention {
    uint64_t key; /* of kind and uri; of kind and name where there is no uri */
    enum nw_trend_kind kind;
    struct nw_str name, uri; /* alias the record; name may be empty */
};

/* Each thing once. Returns how many. */
size_t mentions_of(const struct nw_record *record, struct mention mentions[MENTIONS]);

/* Whether it is news: what is canceled or withheld is not, nor is an exact copy of an earlier article. */
bool mentions_count(const struct nw_record *record);

/* The headline, else the first line of the body, at most 200 bytes of it. */
struct nw_str nw_article_title(const struct nw_record *record);

#endif
