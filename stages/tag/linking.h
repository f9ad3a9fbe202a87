/*
 * What names stand for: one thing for all mentions of one name in the article, chosen among the gazetteer's by type,
 * the countries that the article is about, and how many people live there; surnames go to full names, acronyms to
 * names; and a stable uri for what no list knows.
 */
#ifndef TAG_LINKING_H
#define TAG_LINKING_H

#include "document.h"

#include <newswire/arena.h>

/* Mends what the model left: joint bodies ("NATO-Russia council"), the Alliance beside NATO. */
void names_mend(struct document *document);

/* A distinct name of the article: its mentions differ in case at most. */
struct group {
    uint64_t key;   /* of type and lower-cased tokens; 0: an empty slot of the table */
    uint32_t first; /* number of its first mention */
    uint32_t best;  /* of the mention whose text names it: the first that is not in capitals */
    uint32_t count;
    uint32_t head; /* number of the group that is its full form; its own number when it is that */
    enum name_type type;
    const struct gazetteer_thing *thing;
    const struct gazetteer *of;
    struct nw_str label, uri;
};

struct groups {
    struct group *v;
    uint32_t n;
    uint32_t *of_name; /* group of each name */
};

/* Fills canonical, thing, label and uri of each name. `located` is the dateline's place, may be empty. Texts are in the
 * arena. 0 or -ENOMEM. */
int names_link(struct document *document, struct nw_arena *arena, struct nw_str located);

/* Its parts: places.c sets thing of groups of places; people.c sets head of people and organisations, and for people
 * groups->of_name by mention. 0 or -ENOMEM. */
/* Gives places that no list has the town that is named nearest, as `near`. */
void names_near(struct document *document);

/* The thing that a dateline's place means; NULL when no list has it. */
const struct gazetteer_thing *located_thing(const struct document *document, struct nw_str located);

int groups_place(struct document *document, struct nw_arena *arena, struct groups *groups, struct nw_str located);
int groups_join(struct document *document, struct nw_arena *arena, struct groups *groups);

#endif
