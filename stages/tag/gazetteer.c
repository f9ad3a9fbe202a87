/* The gazetteer: see gazetteer.h. Open addressing with linear probing over 12-byte slots. */
#include "gazetteer.h"

#include <stdio.h>

static int adopt(struct gazetteer *g, char why[IMAGE_WHY])
{
    struct nw_str slots = image_section(&g->image, GAZETTEER_SLOTS, sizeof(struct gazetteer_slot));
    struct nw_str things = image_section(&g->image, "things", sizeof(struct gazetteer_thing));
    struct nw_str refs = image_section(&g->image, "refs", sizeof(uint32_t));
    struct nw_str pool = image_section(&g->image, "pool", 1);
    struct nw_str filter = image_section(&g->image, "filter", sizeof(uint64_t));
    size_t count = slots.n / sizeof(struct gazetteer_slot);
    if (count < 2 || count > UINT32_MAX || pool.n == 0 || pool.n > UINT32_MAX || pool.p[pool.n - 1] != 0) {
        snprintf(why, IMAGE_WHY, "it has no slots or its names do not end in 0; build it anew with scripts/train");
        return IMAGE_BAD;
    }
    g->slots = (const void *)slots.p;
    g->slot_count = (uint32_t)count;
    g->things = (const void *)things.p;
    g->thing_count = (uint32_t)(things.n / sizeof(struct gazetteer_thing));
    g->refs = (const void *)refs.p;
    g->ref_count = (uint32_t)(refs.n / sizeof(uint32_t));
    g->pool = pool.p;
    g->filter_count = filter.n / sizeof(uint64_t) < UINT32_MAX ? (uint32_t)(filter.n / sizeof(uint64_t)) : 0;
    g->filter = g->filter_count ? (const void *)filter.p : NULL;
    g->pool_size = (uint32_t)pool.n;
    return 0;
}

int gazetteer_over(struct gazetteer *g, struct nw_str bytes, char why[IMAGE_WHY])
{
    *g = (struct gazetteer){0};
    int rc = image_over(&g->image, bytes, "GAZT", why);
    return rc ? rc : adopt(g, why);
}

int gazetteer_open(struct gazetteer *g, const char *path, char why[IMAGE_WHY])
{
    *g = (struct gazetteer){0};
    int rc = image_open(&g->image, path, "GAZT", why);
    if (rc == 0 && (rc = adopt(g, why)) != 0) {
        gazetteer_close(g);
    }
    return rc;
}

void gazetteer_close(struct gazetteer *g)
{
    image_close(&g->image);
    *g = (struct gazetteer){0};
}

const struct gazetteer_slot *gazetteer_find(const struct gazetteer *g, uint64_t hash)
{
    if (g->slots == NULL) {
        return NULL;
    }
    if (g->filter) {
        uint64_t bits = gazetteer_filter_bits(hash);
        if ((g->filter[gazetteer_filter_word(hash, g->filter_count)] & bits) != bits) {
            return NULL;
        }
    }
    uint32_t print = gazetteer_print(hash);
    uint32_t at = gazetteer_home(hash, g->slot_count);
    /* A full table would never end the probe; the bound holds whatever the file says. */
    for (uint32_t probes = 0; probes < g->slot_count; probes++) {
        const struct gazetteer_slot *slot = &g->slots[at];
        if (slot->print == print) {
            return slot;
        }
        if (slot->print == 0) {
            return NULL;
        }
        at = at + 1 < g->slot_count ? at + 1 : 0;
    }
    return NULL;
}

const struct gazetteer_thing *gazetteer_thing(const struct gazetteer *g, const struct gazetteer_slot *slot, unsigned i)
{
    uint64_t ref = (uint64_t)slot->first + i;
    if (i >= slot->count || ref >= g->ref_count || g->refs[ref] >= g->thing_count) {
        return NULL;
    }
    return &g->things[g->refs[ref]];
}

struct nw_str gazetteer_text(const struct gazetteer *g, uint32_t offset)
{
    return offset < g->pool_size ? nw_str_z(g->pool + offset) : NW_S("");
}

const char *gazetteer_list_name(unsigned list)
{
#define NAME(name, text) text,
    static const char *const names[] = {GAZETTEER_LISTS(NAME)};
#undef NAME
    return list < GAZETTEER_LIST_COUNT ? names[list] : "?";
}
