/* What names stand for: see linking.h. */
#include "linking.h"

#include "letters.h"
#include "lookup.h"

#include <errno.h>
#include <newswire/hash.h>

enum { SLUG = 512 };

static const struct nw_str urn_heads[NAME_TYPES] = {NW_STR("urn:newswire:name:per:"), NW_STR("urn:newswire:name:loc:"),
                                                    NW_STR("urn:newswire:name:org:"),
                                                    NW_STR("urn:newswire:name:misc:")};

/* urn:newswire:name:TYPE:words-of-the-name */
static struct nw_str urn_of(struct nw_arena *arena, enum name_type type, struct nw_str label)
{
    char lower[SLUG + 8];
    struct nw_str cut = label.n > SLUG / 2 ? nw_str(label.p, SLUG / 2) : label;
    struct nw_str s = nw_str(lower, letters_lower(cut, lower, sizeof lower));
    struct nw_str head = urn_heads[type];
    size_t room = head.n + s.n + 1;
    char *out = nw_arena_alloc(arena, room);
    if (out == NULL) {
        return nw_str(NULL, 0);
    }
    memcpy(out, head.p, head.n);
    size_t n = head.n;
    for (size_t i = 0; i < s.n;) {
        unsigned bytes;
        enum letter_class k = letter_class_of(letter_at(s, i, &bytes));
        if (k == LETTER_SPACE || k == LETTER_MARK) {
            if (n > head.n && out[n - 1] != '-') {
                out[n++] = '-';
            }
        } else {
            for (unsigned b = 0; b < bytes; b++) {
                out[n++] = s.p[i + b];
            }
        }
        i += bytes;
    }
    while (n > head.n && out[n - 1] == '-') {
        n--;
    }
    out[n] = '\0';
    nw_arena_trim(arena, out, room, n + 1);
    return nw_str(out, n);
}

/* https://sws.geonames.org/NUMBER/ */
static struct nw_str place_uri(struct nw_arena *arena, uint32_t number)
{
    const struct nw_str head = NW_S("https://sws.geonames.org/");
    char digits[10];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    char *out = nw_arena_alloc(arena, head.n + n + 2);
    if (out == NULL) {
        return nw_str(NULL, 0);
    }
    memcpy(out, head.p, head.n);
    for (size_t i = 0; i < n; i++) {
        out[head.n + i] = digits[n - 1 - i];
    }
    out[head.n + n] = '/';
    out[head.n + n + 1] = '\0';
    return nw_str(out, head.n + n + 1);
}

static bool fits(enum name_type type, const struct gazetteer_thing *thing)
{
    unsigned list = 1U << thing->list;
    switch (type) {
    case NAME_LOC:
        return (list & GAZETTEER_PLACES) != 0;
    case NAME_ORG:
        return (list & (GAZETTEER_ORG | GAZETTEER_COMPANY | GAZETTEER_CLUB | GAZETTEER_UNIVERSITY)) != 0;
    case NAME_PER:
        return (list & GAZETTEER_PERSON) != 0;
    default:
        return (list & GAZETTEER_MISC) != 0;
    }
}

static const struct gazetteer_thing *thing_in(const struct document *d, const struct gazetteer *g,
                                              const struct name *name)
{
    const struct gazetteer_slot *slot = lookup_phrase(d, g, name->first, name->last);
    for (unsigned i = 0; slot && i < slot->count; i++) {
        const struct gazetteer_thing *thing = gazetteer_thing(g, slot, i);
        if (thing && fits(name->type, thing)) {
            return thing;
        }
    }
    return NULL;
}

/* General Motors Corp.: a listed company with its legal form behind, which the list has not. */
static const struct gazetteer_thing *company_in(const struct document *d, const struct gazetteer *g,
                                                const struct name *name)
{
    struct name bare = *name;
    if (name->type != NAME_ORG || name->first == name->last || !(document_type(d, name->last)->classes & WORD(LEGAL))) {
        return NULL;
    }
    bare.last--;
    const struct gazetteer_thing *thing = thing_in(d, g, &bare);
    return thing && 1U << thing->list == GAZETTEER_COMPANY ? thing : NULL;
}

static bool in_capitals(const struct document *d, const struct name *name)
{
    for (size_t i = name->first; i <= name->last; i++) {
        const struct word_type *w = document_type(d, i);
        if ((w->flags & TYPE_CAPITALS) && w->letters > 4) {
            return true;
        }
    }
    return false;
}

static int make_groups(const struct document *d, struct nw_arena *arena, struct groups *groups)
{
    size_t size = 16;
    while (size < d->names.n * 2) {
        size *= 2;
    }
    uint32_t *slots = NW_ARENA_NEW(arena, uint32_t, size);
    groups->v = NW_ARENA_NEW(arena, struct group, d->names.n + 1);
    groups->of_name = NW_ARENA_NEW(arena, uint32_t, d->names.n + 1);
    if (slots == NULL || groups->v == NULL || groups->of_name == NULL) {
        return -ENOMEM;
    }
    groups->n = 0;
    for (uint32_t i = 0; i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        uint64_t key = gazetteer_hash(GAZETTEER_SEED, (uint64_t)name->type + 1);
        for (size_t k = name->first; k <= name->last; k++) {
            key = gazetteer_hash(key, document_type(d, k)->lower);
        }
        size_t at = key >> 7 & (size - 1);
        while (slots[at] && groups->v[slots[at] - 1].key != key) {
            at = (at + 1) & (size - 1);
        }
        if (slots[at] == 0) {
            groups->v[groups->n] = (struct group){
                .key = key, .first = i, .best = i, .head = groups->n, .type = name->type, .of = d->types->gazetteer};
            slots[at] = ++groups->n;
        }
        struct group *g = &groups->v[slots[at] - 1];
        g->count++;
        if (in_capitals(d, &d->names.v[g->best]) && !in_capitals(d, name)) {
            g->best = i;
        }
        groups->of_name[i] = slots[at] - 1;
    }
    return 0;
}

/* The text of a name, words in capitals made Words where they are long enough to be no acronym. */
static struct nw_str text_of(const struct document *d, struct nw_arena *arena, const struct name *name)
{
    struct nw_str text = document_span(d, name->first, name->last);
    if (name->type != NAME_PER || !in_capitals(d, name)) {
        return text;
    }
    char *out = nw_arena_alloc(arena, text.n + 8);
    size_t n = 0;
    for (size_t i = name->first; out && i <= name->last; i++) {
        struct nw_str word = document_token(d, i);
        if (i > name->first && d->tokens.v[i].marks & TOKEN_SPACE) {
            out[n++] = ' ';
        }
        bool capitals = (document_type(d, i)->flags & TYPE_CAPITALS) && word.n > 2;
        if (capitals) {
            n += letters_title(word, out + n, text.n + 8 - n);
        } else {
            memcpy(out + n, word.p, word.n);
            n += word.n;
        }
    }
    return nw_str(out, n);
}

static int name_group(const struct document *d, struct nw_arena *arena, struct group *g)
{
    const struct gazetteer_thing *thing = g->thing;
    g->label = thing ? gazetteer_text(g->of, thing->name) : nw_str(NULL, 0);
    if (g->label.n == 0) {
        g->label = text_of(d, arena, &d->names.v[g->best]);
    }
    bool own = thing && thing->flags & GAZETTEER_OWN;
    if (own && gazetteer_text(g->of, thing->id).n) {
        g->uri = gazetteer_text(g->of, thing->id);
    } else if (thing && g->type == NAME_LOC && thing->id && !own) {
        g->uri = place_uri(arena, thing->id);
    } else {
        g->uri = urn_of(arena, g->type, g->label);
    }
    return g->uri.p == NULL || g->label.p == NULL ? -ENOMEM : 0;
}

/* First mention of each uri: what annotate lists, and what `canonical` says. */
static int first_mentions(struct document *d, struct nw_arena *arena)
{
    size_t size = 16;
    while (size < d->names.n * 2) {
        size *= 2;
    }
    uint32_t *slots = NW_ARENA_NEW(arena, uint32_t, size);
    if (slots == NULL) {
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < d->names.n; i++) {
        struct name *name = &d->names.v[i];
        size_t at = nw_hash64(name->uri, (uint64_t)name->type) & (size - 1);
        while (slots[at] &&
               !(nw_str_eq(d->names.v[slots[at] - 1].uri, name->uri) && d->names.v[slots[at] - 1].type == name->type)) {
            at = (at + 1) & (size - 1);
        }
        slots[at] = slots[at] ? slots[at] : i + 1;
        name->canonical = slots[at] - 1;
    }
    return 0;
}

int names_link(struct document *d, struct nw_arena *arena, struct nw_str located)
{
    struct groups groups;
    int rc = make_groups(d, arena, &groups);
    for (uint32_t k = 0; rc == 0 && k < groups.n; k++) {
        struct group *g = &groups.v[k];
        const struct name *name = &d->names.v[g->first];
        g->thing = name->thing; /* of the user's own, or of an inflected form */
        g->of = g->thing && g->thing->flags & GAZETTEER_OWN ? d->types->own : d->types->gazetteer;
        if (g->thing == NULL && g->type != NAME_LOC) {
            g->thing = thing_in(d, d->types->gazetteer, name);
            g->thing = g->thing ? g->thing : company_in(d, d->types->gazetteer, name);
        }
    }
    if (rc == 0) {
        rc = groups_place(d, arena, &groups, located);
    }
    if (rc == 0) {
        rc = groups_join(d, arena, &groups);
    }
    for (uint32_t k = 0; rc == 0 && k < groups.n; k++) {
        if (groups.v[k].head == k) {
            rc = name_group(d, arena, &groups.v[k]);
        }
    }
    for (uint32_t i = 0; rc == 0 && i < d->names.n; i++) {
        struct name *name = &d->names.v[i];
        const struct group *g = &groups.v[groups.v[groups.of_name[i]].head];
        name->thing = g->thing;
        name->of = g->of;
        name->label = g->label;
        name->uri = g->uri;
        if (name->alias.n) {
            name->label = name->alias;
            name->uri = urn_of(arena, name->type, name->alias);
            rc = name->uri.p == NULL ? -ENOMEM : 0;
        }
    }
    if (rc == 0) {
        names_near(d);
    }
    return rc ? rc : first_mentions(d, arena);
}
