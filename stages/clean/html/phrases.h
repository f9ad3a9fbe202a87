/* Lines that stand around and inside articles and are none of them, known by their words in the languages of news. */
#ifndef CLEAN_HTML_PHRASES_H
#define CLEAN_HTML_PHRASES_H

#include <newswire/str.h>

/* "Read more: …", "Advertisement", "© …": promotion, labels, small print. */
bool phrase_promotes(struct nw_str line);

/* A heading of other articles or of comments: "Related stories". */
bool phrase_heads_others(struct nw_str heading);

/* Such a heading that is one of comments: they end an article, while a box of others may stand in its middle. */
bool phrase_heads_comments(struct nw_str heading);

#endif
