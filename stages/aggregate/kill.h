/* Kills and withdrawals: which item one means, and what becomes of that item's versions. */
#ifndef KILL_H
#define KILL_H

#include "kin.h"

enum {
    KILL_VERSIONS = 256, /* newest versions of one item that a kill reaches */
    KILL_PLACES = 64,    /* of those it says where they stand */
};

/*
 * The newest article that a kill means: of its uri; else of its name (newswire/name.h), where the wire gives each
 * transmission an id of its own; else what its text nearly repeats, unless another agency filed that. UINT64_MAX for
 * none: it came before its item, or that is forgotten.
 */
uint64_t kill_find(const struct archive *archive, const struct label *label, int64_t time, const struct kin *kin);

/*
 * Writes down in the kill's story what it takes back: the uris of all versions of the target; with no target, its own
 * uri, which an item may have that is still to come or that is forgotten. 0 or -ENOMEM.
 */
int kill_name(const struct archive *archive, uint64_t target, struct nw_str own, struct nw_arena *arena,
              struct nw_story *story);

/* Does what is written down: those items leave their stories, and nothing is compared with them again. */
void kill_take(struct archive *archive, const struct nw_killed_list *kills);

/*
 * Writes into the kill where the newest versions stand in the output log that it takes back, so that whoever was given
 * one of them is given the kill. 0 or -ENOMEM.
 */
int kill_point(const struct archive *archive, const struct article *killed, struct nw_arena *arena,
               struct nw_record *record);

/*
 * Takes off a kill what it must not spread: the text, where it repeats the one that it kills or one that is or was
 * under embargo; there also what was found in it. Uri, slug, headline and notes stay, by which it names its item.
 */
void kill_hush(struct nw_record *record, bool repeats);

#endif
