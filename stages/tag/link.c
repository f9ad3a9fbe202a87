/* What names stand for: see link.h. */
#include "link.h"

#include "letters.h"
#include "lookup.h"

#include <errno.h>

static const char *const type_words[NAME_TYPES] = {"per", "loc", "org", "misc"};

/* urn:newswire:name:TYPE:words-of-the-name */
static struct nw_str urn_of(struct nw_arena *arena, enum name_type type, struct nw_str label)
{
    char slug[512];
    char lower[640];
    size_t n = 0;
    struct nw_str s = nw_str(lower, letters_lower(nw_str(label.p, label.n > 480 ? 480 : label.n), lower, sizeof lower));
    for (size_t i = 0; i < s.n && n + 4 < sizeof slug;) {
        unsigned bytes;
        uint32_t c = letter_at(s, i, &bytes);
        enum letter_class k = letter_class_of(c);
        if (k == LETTER_SPACE || k == LETTER_MARK) {
            if (n && slug[n - 1] != '-') {
                slug[n++] = '-';
            }
        } else {
            memcpy(slug + n, s.p + i, bytes);
            n += bytes;
        }
        i += bytes;
    }
    while (n && slug[n - 1] == '-') {
        n--;
    }
    return nw_arena_printf(arena, "urn:newswire:name:%s:%.*s", type_words[type], (int)n, slug);
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

static const struct gazetteer_thing *first_fitting(const struct gazetteer *g, const struct gazetteer_slot *slot,
                                                   enum name_type type)
{
    for (unsigned i = 0; slot && i < slot->count; i++) {
        const struct gazetteer_thing *thing = gazetteer_thing(g, slot, i);
        if (thing && fits(type, thing)) {
            return thing;
        }
    }
    return NULL;
}

int names_link(struct document *d, struct nw_arena *arena)
{
    for (size_t i = 0; i < d->names.n; i++) {
        struct name *name = &d->names.v[i];
        const struct gazetteer *g = d->types->gazetteer;
        name->thing = first_fitting(g, lookup_phrase(d, g, name->first, name->last), name->type);
        name->of = g;
        name->label = name->thing ? gazetteer_text(g, name->thing->name) : document_span(d, name->first, name->last);
        name->uri = name->thing && name->type == NAME_LOC && name->thing->id
                        ? nw_arena_printf(arena, "https://sws.geonames.org/%u/", name->thing->id)
                        : urn_of(arena, name->type, name->label);
        if (name->uri.p == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}
