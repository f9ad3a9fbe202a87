/*
 * What names stand for: one thing for all mentions of one name in the article, chosen among the gazetteer's by type,
 * the country that the article is about, and how many people live there; and a stable uri for what no list knows.
 */
#ifndef TAG_LINK_H
#define TAG_LINK_H

#include "document.h"

#include <newswire/arena.h>

/* Fills canonical, thing, label and uri of each name. Texts are in the arena. 0 or -ENOMEM. */
int names_link(struct document *document, struct nw_arena *arena);

#endif
