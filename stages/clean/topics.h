/* IPTC codes in news items, as Media Topics. */
#ifndef CLEAN_TOPICS_H
#define CLEAN_TOPICS_H

#include "draft.h"

/*
 * Adds a subject by what the source calls it: "medtop:20000523", "subj:04008024" or "04008024" (a subject code,
 * mapped), an address, or a code of another vocabulary, which becomes the literal. Either may be empty.
 */
void topic_add(struct draft *draft, struct nw_str name, struct nw_str code);

#endif
