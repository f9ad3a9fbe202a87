/*
 * Making a gazetteer in memory: the trainer writes it to a file, the stage makes the user's own lists with it.
 */
#ifndef TAG_GAZETTEER_BUILD_H
#define TAG_GAZETTEER_BUILD_H

#include "gazetteer.h"
#include "token.h"

struct gazetteer_build {
    struct gazetteer_thing *things;
    size_t thing_count, thing_cap;
    char *pool;
    size_t pool_n, pool_cap;
    struct gazetteer_build_name {
        uint64_t hash;
        uint32_t thing; /* UINT32_MAX: none */
        uint16_t lists;
        uint8_t longest; /* set on the entry of a first token, and of the first two */
    } * names;
    size_t name_count, name_cap;
    struct tokens tokens;
    /* Made by gazetteer_build_end: */
    struct gazetteer_slot *slots;
    uint32_t slot_count;
    uint64_t *filter;
    uint32_t filter_count;
    uint32_t *refs;
    size_t ref_count;
};

/* Puts text into the pool; its offset, or UINT32_MAX without memory. The empty text is at 0. */
uint32_t gazetteer_build_text(struct gazetteer_build *build, struct nw_str text);

/* Adds a thing; its number, or UINT32_MAX without memory. */
uint32_t gazetteer_build_thing(struct gazetteer_build *build, const struct gazetteer_thing *thing);

/* Adds a name on list number `list`, for a thing or UINT32_MAX. Names of more than GAZETTEER_LONGEST tokens are left
 * out. 0 or -ENOMEM. */
int gazetteer_build_name(struct gazetteer_build *build, struct nw_str name, unsigned list, uint32_t thing);

/* Sorts all into slots and refs, each name's things by weight, heaviest first. 0 or -ENOMEM. */
int gazetteer_build_end(struct gazetteer_build *build);

/* A gazetteer over what was built, which must outlive it. */
void gazetteer_build_view(const struct gazetteer_build *build, struct gazetteer *gazetteer);

void gazetteer_build_free(struct gazetteer_build *build);

#endif
