/*
 * The gazetteer: names of places, organisations, people and the things that they may stand for, in one mapped file
 * (image.h) built by scripts/train. A phrase is looked up by its tokens' hashes, which the tagger has at hand; nothing
 * is copied. Lookup is exact: case counts. Wrong hits by collision: fewer than one in 10^12 lookups.
 */
#ifndef TAG_GAZETTEER_H
#define TAG_GAZETTEER_H

#include "image.h"

/* The lists that a name may stand on: bits of gazetteer_slot.lists, and feature classes of the names model. */
#define GAZETTEER_LISTS(X)                                                                                             \
    X(COUNTRY, "country")                                                                                              \
    X(STATE, "state")                                                                                                  \
    X(CITY, "city")                                                                                                    \
    X(TOWN, "town")                                                                                                    \
    X(REGION, "region")                                                                                                \
    X(DEMONYM, "demonym")                                                                                              \
    X(FIRST, "first")                                                                                                  \
    X(LAST, "last")                                                                                                    \
    X(ORG, "organisation")                                                                                             \
    X(COMPANY, "company")                                                                                              \
    X(CLUB, "club")                                                                                                    \
    X(UNIVERSITY, "university")                                                                                        \
    X(MISC, "misc")                                                                                                    \
    X(PERSON, "person")

#define GAZETTEER_NUMBER(name, text) GAZETTEER_##name##_LIST,
enum { GAZETTEER_LISTS(GAZETTEER_NUMBER) GAZETTEER_LIST_COUNT };
#define GAZETTEER_MASK(name, text) GAZETTEER_##name = 1 << GAZETTEER_##name##_LIST,
enum { GAZETTEER_LISTS(GAZETTEER_MASK) };

enum { GAZETTEER_PLACES = GAZETTEER_COUNTRY | GAZETTEER_STATE | GAZETTEER_CITY | GAZETTEER_TOWN | GAZETTEER_REGION };

enum { GAZETTEER_LONGEST = 8 }; /* tokens of a phrase */

/* The section of slots; another name than earlier layouts had, whose files this program cannot use. */
#define GAZETTEER_SLOTS "slots/2"

struct gazetteer_slot {
    uint32_t print;  /* high half of the phrase's hash; 0 in an empty slot */
    uint32_t first;  /* first of its things in refs */
    uint16_t lists;  /* 0: no name, only the beginning of longer ones */
    uint8_t count;   /* things */
    uint8_t longest; /* tokens of the longest name that begins with this token, or these two; 0 for phrases of more */
};

struct gazetteer_thing {
    uint32_t name;    /* canonical name: offset into pool */
    uint32_t id;      /* GeoNames id, 0 if it has none; companies: offset of the ticker in pool */
    float lon, lat;   /* degrees; both 0: no point */
    uint16_t country; /* ISO 3166-1 alpha-2, first letter in the high byte; 0: none */
    uint16_t state;   /* number of its first-order division within the country's list; 0: none */
    uint8_t list;     /* GAZETTEER_…_LIST */
    uint8_t weight;   /* places: 8 log2(people + 1), at most 255; others 0 */
    uint16_t flags;   /* GAZETTEER_CAPITAL */
};

enum { GAZETTEER_CAPITAL = 1, GAZETTEER_OWN = 2 /* a row of the user's: id is the uri's offset in pool */ };

struct gazetteer {
    struct image image;
    const struct gazetteer_slot *slots;
    const struct gazetteer_thing *things;
    const uint32_t *refs;
    const char *pool;
    const uint64_t *filter; /* NULL: there is none */
    uint32_t slot_count, thing_count, ref_count, pool_size, filter_count;
};

/* 0; IMAGE_BAD with why; or a negative errno (-ENOENT: no such file). */
int gazetteer_open(struct gazetteer *gazetteer, const char *path, char why[IMAGE_WHY]);
int gazetteer_over(struct gazetteer *gazetteer, struct nw_str bytes, char why[IMAGE_WHY]);
void gazetteer_close(struct gazetteer *gazetteer);

/* Hash of a phrase out of its tokens' hashes: start with GAZETTEER_SEED, add each token. */
#define GAZETTEER_SEED UINT64_C(0x9E3779B97F4A7C15)
static inline uint64_t gazetteer_hash(uint64_t so_far, uint64_t token)
{
    uint64_t h = (so_far ^ token) * UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

/* Where a phrase's probing begins among `count` slots; what its slot carries of the hash. */
static inline uint32_t gazetteer_home(uint64_t hash, uint32_t count)
{
    return (uint32_t)(((hash & 0xFFFFFFFF) * count) >> 32);
}

static inline uint32_t gazetteer_print(uint64_t hash)
{
    return (uint32_t)(hash >> 32) | 1;
}

/* A filter in front of the slots (of B. Bloom's kind, two bits of one word a phrase, a byte a phrase): most phrases
 * that are asked for are no names, and the filter is small enough to stay in the processor's cache. */
static inline uint32_t gazetteer_filter_word(uint64_t hash, uint32_t count)
{
    return (uint32_t)(((uint64_t)gazetteer_print(hash) * count) >> 32);
}

static inline uint64_t gazetteer_filter_bits(uint64_t hash)
{
    uint32_t print = gazetteer_print(hash);
    return UINT64_C(1) << (print >> 1 & 63) | UINT64_C(1) << (print >> 7 & 63);
}

/* Asks for the memory that gazetteer_find will read. */
static inline void gazetteer_prepare(const struct gazetteer *g, uint64_t hash)
{
    if (g->filter) {
        __builtin_prefetch(&g->filter[gazetteer_filter_word(hash, g->filter_count)]);
    }
}

/* The slot of a phrase's hash; NULL when it is none (also on an unopened gazetteer). */
const struct gazetteer_slot *gazetteer_find(const struct gazetteer *gazetteer, uint64_t hash);

/* Thing `i` < slot->count of a slot; NULL when the file lies about it. */
const struct gazetteer_thing *gazetteer_thing(const struct gazetteer *gazetteer, const struct gazetteer_slot *slot,
                                              unsigned i);

/* Text in the pool; "" when the offset is out of it. */
struct nw_str gazetteer_text(const struct gazetteer *gazetteer, uint32_t offset);

/* Name of a list, as explain prints it. */
const char *gazetteer_list_name(unsigned list);

#endif
