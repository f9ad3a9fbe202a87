/*
 * Which place a name means. Each candidate of the gazetteer is scored by how many people live there, by what stands
 * beside it ("Paris, Texas"), and by the countries and states that the article speaks of elsewhere; the first round's
 * choices are what the article speaks of for the second, and so on.
 */
#include "linking.h"

#include "lookup.h"

#include <errno.h>
#include <math.h>
#include <newswire/hash.h>

enum { CANDIDATES = 48, ROUNDS = 3, AREAS_LEAST = 16, AREAS_MOST = 512 };

/* How often areas (countries, and states of countries) are spoken of: a table by area, as large as the article needs.
 */
struct areas {
    struct area {
        uint32_t key; /* 0: an empty slot */
        float weight;
    } v[AREAS_MOST];
    uint32_t size; /* a power of two */
};

static uint32_t area_of(uint16_t country, uint16_t state)
{
    return (uint32_t)country << 16 | state;
}

static uint32_t area_home(const struct areas *areas, uint32_t key)
{
    return key * 2654435761U >> 23 & (areas->size - 1);
}

/* An empty table for so many areas and as many free slots. */
static void areas_begin(struct areas *areas, size_t most)
{
    areas->size = AREAS_LEAST;
    while (areas->size < 2 * most && areas->size < AREAS_MOST) {
        areas->size *= 2;
    }
    memset(areas->v, 0, areas->size * sizeof *areas->v);
}

static void areas_copy(struct areas *to, const struct areas *from)
{
    to->size = from->size;
    memcpy(to->v, from->v, from->size * sizeof *from->v);
}

static float *area_at(struct areas *areas, uint32_t key)
{
    uint32_t at = area_home(areas, key);
    for (unsigned probes = 0; probes < areas->size; probes++) {
        if (areas->v[at].key == key || areas->v[at].key == 0) {
            areas->v[at].key = key;
            return &areas->v[at].weight;
        }
        at = (at + 1) & (areas->size - 1);
    }
    return &areas->v[at].weight; /* more areas than an article has: the last one stands for the rest */
}

/* Its weight; asking makes no entry, for there are far more candidates than areas spoken of. */
static float area_weight(const struct areas *areas, uint32_t key)
{
    uint32_t at = area_home(areas, key);
    for (unsigned probes = 0; probes < areas->size && areas->v[at].key; probes++) {
        if (areas->v[at].key == key) {
            return areas->v[at].weight;
        }
        at = (at + 1) & (areas->size - 1);
    }
    return 0;
}

struct place {
    struct group *group;
    const struct gazetteer_slot *slot;
    const struct gazetteer_thing *chosen;
    uint32_t within; /* area that stands beside it ("Austin, Texas"); 0 none */
    bool contains;   /* it stands beside a place as what contains it */
};

struct work {
    struct document *d;
    struct areas areas;
    struct place *places;
    size_t n;
    unsigned countries; /* names of different countries */
    uint32_t located;
};

static bool is_place(const struct gazetteer_thing *t)
{
    return (1U << t->list & GAZETTEER_PLACES) != 0;
}

/* The slot of a name, also without "the" before or "city", "province" behind it. */
static const struct gazetteer_slot *slot_of(const struct document *d, const struct name *name)
{
    const struct gazetteer *g = d->types->gazetteer;
    size_t first = name->first;
    size_t last = name->last;
    const struct gazetteer_slot *slot = lookup_phrase(d, g, first, last);
    if (slot && slot->lists & GAZETTEER_PLACES) {
        return slot;
    }
    const struct word_type *w = document_type(d, first);
    if (first < last && (w->classes & (WORD(DETERMINER) | WORD(PLACEWORD)))) {
        slot = lookup_phrase(d, g, first + 1, last);
        if (slot && slot->lists & GAZETTEER_PLACES) {
            return slot;
        }
    }
    w = document_type(d, last);
    if (first < last && (w->classes & WORD(PLACEWORD))) {
        slot = lookup_phrase(d, g, first, last - 1);
        if (slot && slot->lists & GAZETTEER_PLACES) {
            return slot;
        }
    }
    return NULL;
}

/* Does a comma part names a and b, and nothing else? */
static bool beside(const struct document *d, const struct name *a, const struct name *b)
{
    if (b->first == a->last + 2) {
        const struct word_type *w = document_type(d, a->last + 1);
        return (w->flags & TYPE_MARK) && (w->mark == ',' || w->mark == '(') &&
               !(d->tokens.v[b->first].marks & TOKEN_SENTENCE);
    }
    return false;
}

static const struct gazetteer_thing *area_thing(const struct document *d, const struct gazetteer_slot *slot)
{
    for (unsigned i = 0; slot && i < slot->count; i++) {
        const struct gazetteer_thing *t = gazetteer_thing(d->types->gazetteer, slot, i);
        if (t && (1U << t->list & (GAZETTEER_COUNTRY | GAZETTEER_STATE))) {
            return t;
        }
    }
    return NULL;
}

static bool lies_in(const struct gazetteer_thing *t, uint32_t area)
{
    uint16_t state = (uint16_t)(area & 0xFFFF);
    return t->country == area >> 16 && (state == 0 || t->state == state);
}

/* Is there a candidate of the slot, no area itself, within the area? */
static bool holds_one(const struct document *d, const struct gazetteer_slot *slot, uint32_t area)
{
    for (unsigned i = 0; slot && i < slot->count; i++) {
        const struct gazetteer_thing *t = gazetteer_thing(d->types->gazetteer, slot, i);
        if (t && lies_in(t, area) && !(1U << t->list & GAZETTEER_COUNTRY)) {
            return true;
        }
    }
    return false;
}

/* Notes what stands beside what; `of` is the place of each name, or SIZE_MAX. */
static void pair_up(struct work *w, const size_t *of)
{
    const struct names *names = &w->d->names;
    for (size_t i = 0; i + 1 < names->n; i++) {
        if (of[i] == SIZE_MAX || of[i + 1] == SIZE_MAX || !beside(w->d, &names->v[i], &names->v[i + 1])) {
            continue;
        }
        struct place *inner = &w->places[of[i]];
        struct place *outer = &w->places[of[i + 1]];
        const struct gazetteer *g = w->d->types->gazetteer;
        for (unsigned k = 0; outer->slot && k < outer->slot->count; k++) {
            const struct gazetteer_thing *t = gazetteer_thing(g, outer->slot, k);
            if (t && (1U << t->list & (GAZETTEER_COUNTRY | GAZETTEER_STATE))) {
                uint32_t area = area_of(t->country, 1U << t->list == GAZETTEER_STATE ? t->state : 0);
                if (inner != outer && holds_one(w->d, inner->slot, area)) {
                    inner->within = area;
                    outer->contains = true;
                    *area_at(&w->areas, area_of(t->country, 0)) += 1;
                    break;
                }
            }
        }
    }
}

static float context_of(const struct work *w, const struct gazetteer_thing *t, const struct place *p, bool state)
{
    float weight = area_weight(&w->areas, area_of(t->country, state ? t->state : 0));
    /* What the name itself has added is no evidence for it. */
    if (p->chosen && p->chosen->country == t->country && (!state || p->chosen->state == t->state)) {
        weight -= (float)p->group->count;
    }
    return weight > 0 ? log2f(1 + weight) : 0;
}

static float score(const struct work *w, const struct place *p, const struct gazetteer_thing *t)
{
    unsigned list = 1U << t->list;
    float s = 0.1F * (float)t->weight; /* 0.8 a doubling of its people */
    if (list == GAZETTEER_COUNTRY) {
        s += w->countries > 2 ? 10.0F : 6.0F;
    } else if (list == GAZETTEER_REGION) {
        s += 6;
    } else if (list == GAZETTEER_STATE) {
        s += p->contains ? 12.0F : -3.0F;
    } else {
        s += t->flags & GAZETTEER_CAPITAL ? 2.0F : 0;
        s -= p->contains ? 8.0F : 0;
        s -= s < 14 ? 4.0F : 0;
    }
    if (t->country) {
        s += 3.0F * context_of(w, t, p, false);
        if (list != GAZETTEER_COUNTRY && t->state) {
            s += 3.0F * context_of(w, t, p, true);
        }
        if (w->located && w->located >> 16 == t->country) {
            s += 3;
            s += t->state && (w->located & 0xFFFF) == t->state ? 2.0F : 0;
        }
    }
    if (p->within && list != GAZETTEER_COUNTRY && lies_in(t, p->within)) {
        s += 25;
    }
    return s;
}

/* The country among the candidates; 0: none. */
static uint16_t country_in(const struct document *d, const struct gazetteer_slot *slot)
{
    for (unsigned i = 0; slot && i < slot->count && i < CANDIDATES; i++) {
        const struct gazetteer_thing *t = gazetteer_thing(d->types->gazetteer, slot, i);
        if (t && 1U << t->list == GAZETTEER_COUNTRY) {
            return t->country;
        }
    }
    return 0;
}

/* Chooses for a place; false: as before. */
static bool choose(struct work *w, struct place *p)
{
    const struct gazetteer *g = w->d->types->gazetteer;
    const struct gazetteer_thing *before = p->chosen;
    const struct gazetteer_thing *best = NULL;
    float most = 0;
    if (p->slot->count == 1) {
        best = gazetteer_thing(g, p->slot, 0);
        p->chosen = best && is_place(best) ? best : NULL;
        return p->chosen != before;
    }
    uint16_t whole = country_in(w->d, p->slot);
    for (unsigned i = 0; i < p->slot->count; i++) {
        const struct gazetteer_thing *t = gazetteer_thing(g, p->slot, i);
        if (t == NULL || !is_place(t) || (i >= CANDIDATES && !p->within)) {
            continue;
        }
        if (whole && t->country == whole && 1U << t->list != GAZETTEER_COUNTRY && !p->within) {
            continue; /* Mexico alone is the country, not its state or its capital */
        }
        float s = score(w, p, t);
        if (best == NULL || s > most) {
            best = t;
            most = s;
        }
    }
    p->chosen = best;
    return best != before;
}

static void count_areas(struct work *w, const struct areas *base)
{
    areas_copy(&w->areas, base);
    for (size_t i = 0; i < w->n; i++) {
        const struct gazetteer_thing *t = w->places[i].chosen;
        if (t && t->country) {
            float n = (float)w->places[i].group->count;
            *area_at(&w->areas, area_of(t->country, 0)) += n;
            if (t->state) {
                *area_at(&w->areas, area_of(t->country, t->state)) += n;
            }
        }
    }
}

/* Demonyms speak for their countries. */
static void count_demonyms(struct work *w, const struct groups *groups)
{
    for (uint32_t k = 0; k < groups->n; k++) {
        const struct group *g = &groups->v[k];
        if (g->type != NAME_MISC) {
            continue;
        }
        const struct name *name = &w->d->names.v[g->first];
        const struct gazetteer_slot *slot = lookup_phrase(w->d, w->d->types->gazetteer, name->first, name->last);
        if (slot && slot->lists & GAZETTEER_DEMONYM) {
            const struct gazetteer_thing *t = area_thing(w->d, slot);
            if (t) {
                *area_at(&w->areas, area_of(t->country, 0)) += (float)g->count;
            }
        }
    }
}

const struct gazetteer_thing *located_thing(const struct document *d, struct nw_str located)
{
    struct tokens tokens = {0};
    uint64_t hash = GAZETTEER_SEED;
    size_t comma = nw_str_find(located, NW_S(","));
    struct nw_str city = comma < located.n ? nw_str(located.p, comma) : located;
    if (city.n == 0 || tokens_read(&tokens, city) != 0) {
        tokens_free(&tokens);
        return NULL;
    }
    for (size_t i = 0; i < tokens.n; i++) {
        hash = gazetteer_hash(hash, nw_hash64(token_text(city, &tokens.v[i]), 0));
    }
    tokens_free(&tokens);
    const struct gazetteer_slot *slot = gazetteer_find(d->types->gazetteer, hash);
    const struct gazetteer_thing *best = NULL;
    for (unsigned i = 0; slot && i < slot->count; i++) {
        /* Datelines name towns: a province of the same name is none. */
        const struct gazetteer_thing *t = gazetteer_thing(d->types->gazetteer, slot, i);
        if (t && (1U << t->list & (GAZETTEER_CITY | GAZETTEER_TOWN))) {
            return t;
        }
        best = best == NULL && t && is_place(t) ? t : best;
    }
    return best;
}

int groups_place(struct document *d, struct nw_arena *arena, struct groups *groups, struct nw_str located)
{
    const struct gazetteer_thing *home = located_thing(d, located);
    struct work w;
    w.d = d;
    w.n = 0;
    w.countries = 0;
    w.located = home ? area_of(home->country, home->state) : 0;
    w.places = NW_ARENA_NEW(arena, struct place, groups->n + 1);
    size_t *of_group = NW_ARENA_NEW(arena, size_t, groups->n + 1);
    size_t *of_name = NW_ARENA_NEW(arena, size_t, d->names.n + 1);
    if (w.places == NULL || of_group == NULL || of_name == NULL) {
        return -ENOMEM;
    }
    for (uint32_t k = 0; k < groups->n; k++) {
        struct group *g = &groups->v[k];
        of_group[k] = SIZE_MAX;
        if (g->type == NAME_LOC && g->thing == NULL) {
            const struct gazetteer_slot *slot = slot_of(d, &d->names.v[g->first]);
            if (slot) {
                of_group[k] = w.n;
                w.places[w.n++] = (struct place){.group = g, .slot = slot};
                w.countries += (slot->lists & GAZETTEER_COUNTRY) != 0;
            }
        }
    }
    for (size_t i = 0; i < d->names.n; i++) {
        of_name[i] = of_group[groups->of_name[i]];
    }
    areas_begin(&w.areas, 3 * w.n + groups->n);
    count_demonyms(&w, groups);
    pair_up(&w, of_name);
    struct areas base;
    areas_copy(&base, &w.areas);
    bool changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
        changed = false;
        for (size_t i = 0; i < w.n; i++) {
            changed |= choose(&w, &w.places[i]);
        }
        if (changed) {
            count_areas(&w, &base);
        }
    }
    for (size_t i = 0; i < w.n; i++) {
        w.places[i].group->thing = w.places[i].chosen;
        w.places[i].group->of = d->types->gazetteer;
    }
    return 0;
}

void names_near(struct document *d)
{
    enum { REACH = 150 }; /* tokens */
    for (size_t i = 0; i < d->names.n; i++) {
        struct name *name = &d->names.v[i];
        if (name->type != NAME_LOC || name->thing) {
            continue;
        }
        size_t least = REACH;
        for (int side = 0; side < 2; side++) {
            for (size_t k = 1; k < 12; k++) {
                if (side == 0 ? i + k >= d->names.n : k > i) {
                    break;
                }
                const struct name *other = &d->names.v[side == 0 ? i + k : i - k];
                size_t away = side == 0 ? other->first - name->last : name->first - other->last;
                if (away >= least) {
                    break;
                }
                if (other->type == NAME_LOC && other->thing &&
                    1U << other->thing->list & (GAZETTEER_CITY | GAZETTEER_TOWN)) {
                    name->near = other->thing;
                    least = away;
                    break;
                }
            }
        }
    }
}
