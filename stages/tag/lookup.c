/* Names by lists and simple rules: see lookup.h. */
#include "lookup.h"

#include "inflect.h"

#include <errno.h>

const struct gazetteer_slot *lookup_phrase(const struct document *d, const struct gazetteer *g, size_t first,
                                           size_t last)
{
    uint64_t cased = GAZETTEER_SEED;
    uint64_t titled = GAZETTEER_SEED;
    for (size_t i = first; i <= last; i++) {
        cased = gazetteer_hash(cased, document_type(d, i)->hash);
        titled = gazetteer_hash(titled, document_type(d, i)->title);
    }
    const struct gazetteer_slot *slot = gazetteer_find(g, cased);
    return slot && slot->lists ? slot : cased != titled ? gazetteer_find(g, titled) : slot;
}

/* The longest phrase in one gazetteer; `starts` are the slots of its first token. */
static bool longest_in(const struct document *d, const struct gazetteer *g, const struct gazetteer_slot *cased,
                       const struct gazetteer_slot *titled, size_t i, unsigned lists, struct lookup *found)
{
    bool any = false;
    unsigned longest = cased ? cased->longest : 0;
    longest = titled && titled->longest > longest ? titled->longest : longest;
    if (cased && cased->lists & lists) {
        *found = (struct lookup){i, cased, g};
        any = true;
    } else if (titled && titled->lists & lists) {
        *found = (struct lookup){i, titled, g};
        any = true;
    }
    uint64_t hash = gazetteer_hash(GAZETTEER_SEED, document_type(d, i)->hash);
    uint64_t title = gazetteer_hash(GAZETTEER_SEED, document_type(d, i)->title);
    for (size_t k = i; k + 1 < i + longest && document_goes_on(d, k); k++) {
        const struct word_type *w = document_type(d, k + 1);
        hash = gazetteer_hash(hash, w->hash);
        title = gazetteer_hash(title, w->title);
        const struct gazetteer_slot *slot = gazetteer_find(g, hash);
        const struct gazetteer_slot *slot2 = title != hash ? gazetteer_find(g, title) : NULL;
        if (k == i) {
            longest = slot ? slot->longest : 0;
            longest = slot2 && slot2->longest > longest ? slot2->longest : longest;
        }
        slot = slot && slot->lists & lists ? slot : slot2;
        if (slot && slot->lists & lists) {
            *found = (struct lookup){k + 1, slot, g};
            any = true;
        }
    }
    return any;
}

bool lookup_longest(const struct document *d, size_t i, unsigned lists, struct lookup *found)
{
    const struct word_type *w = document_type(d, i);
    struct lookup own;
    bool any = (w->slot || w->slot2) && longest_in(d, d->types->gazetteer, w->slot, w->slot2, i, lists, found);
    if ((w->own || w->own2) && longest_in(d, d->types->own, w->own, w->own2, i, lists, &own)) {
        if (!any || own.last >= found->last) {
            *found = own;
            any = true;
        }
    }
    return any;
}

static enum name_type type_of_list(unsigned lists)
{
    if (lists & (GAZETTEER_COUNTRY | GAZETTEER_STATE | GAZETTEER_CITY | GAZETTEER_TOWN | GAZETTEER_REGION)) {
        return NAME_LOC;
    }
    if (lists & GAZETTEER_DEMONYM) {
        return NAME_MISC;
    }
    if (lists & GAZETTEER_PERSON) {
        return NAME_PER;
    }
    return lists & GAZETTEER_MISC ? NAME_MISC : NAME_ORG;
}

static bool is_capital(const struct word_type *w)
{
    return (w->flags & TYPE_CAPITAL) && !(w->flags & TYPE_MARK);
}

static unsigned lists_of(const struct word_type *w)
{
    return (w->slot ? w->slot->lists : 0U) | (w->slot2 ? w->slot2->lists : 0U);
}

/* A capitalised run that begins at i: its last token. */
static size_t run_end(const struct document *d, size_t i)
{
    size_t last = i;
    while (document_goes_on(d, last) && is_capital(document_type(d, last + 1)) && last - i < 6) {
        last++;
    }
    return last;
}

/* A person: behind a title, or a first name with a surname. Sets the first and last token of the name. */
static bool person_at(const struct document *d, size_t i, size_t *first, size_t *last)
{
    const struct word_type *w = document_type(d, i);
    if (w->classes & WORD(TITLE) && is_capital(w) && document_goes_on(d, i)) {
        const struct word_type *next = document_type(d, i + 1);
        if (is_capital(next) && !(next->classes & (WORD(TITLE) | WORD(STOP) | WORD(ORGEND)))) {
            size_t end = run_end(d, i + 1);
            *first = i + 1;
            *last = end > i + 3 ? i + 3 : end;
            return true;
        }
        return false;
    }
    if (!is_capital(w) || !(lists_of(w) & GAZETTEER_FIRST || w->flags & TYPE_INITIAL) || w->classes & WORD(STOP)) {
        return false;
    }
    size_t end = run_end(d, i);
    if (end == i || end > i + 3) {
        return false;
    }
    const struct word_type *surname = document_type(d, end);
    if (surname->classes & (WORD(ORGEND) | WORD(TITLE) | WORD(PLACEWORD)) || lists_of(surname) & GAZETTEER_COUNTRY) {
        return false;
    }
    *first = i;
    *last = end;
    return true;
}

/* What stands at a token, and how it is known. */
struct standing {
    size_t first, last;
    enum name_type type;
    float confidence;
    const char *by;
    const struct gazetteer_thing *thing; /* of an inflected form, which linking would not find */
};

static bool inflected_at(const struct document *d, size_t i, struct standing *x)
{
    x->thing = inflected_place(d, i);
    x->type = NAME_LOC;
    x->by = "rule:inflection";
    x->confidence = 0.5F;
    return x->thing != NULL;
}

/* A town's name before a capitalised word of no list is a first name: Vladimir, in Cyrillic and Greek. */
static bool is_first_name(const struct document *d, size_t i, unsigned lists)
{
    return (unsigned char)document_token(d, i).p[0] >= 0x80 && !(lists & (GAZETTEER_COUNTRY | GAZETTEER_REGION)) &&
           document_goes_on(d, i) && is_capital(document_type(d, i + 1)) && lists_of(document_type(d, i + 1)) == 0 &&
           inflected_place(d, i + 1) == NULL;
}

static bool name_at(const struct document *d, size_t i, struct standing *x)
{
    const unsigned lists = GAZETTEER_COUNTRY | GAZETTEER_STATE | GAZETTEER_CITY | GAZETTEER_REGION | GAZETTEER_DEMONYM |
                           GAZETTEER_ORG | GAZETTEER_COMPANY | GAZETTEER_UNIVERSITY | GAZETTEER_MISC | GAZETTEER_PERSON;
    const struct word_type *w = document_type(d, i);
    struct lookup found;
    *x = (struct standing){i, i, NAME_PER, 0.7F, "rule:person", NULL};
    if (!is_capital(w)) {
        return inflected_elided(document_token(d, i)) && inflected_at(d, i, x); /* d'Italie */
    }
    bool listed = lookup_longest(d, i, lists, &found);
    if (person_at(d, i, &x->first, &x->last) && !(listed && found.last > x->last)) {
        return true;
    }
    x->first = x->last = i;
    if (listed && !(found.last == i && w->classes & (WORD(STOP) | WORD(MONTH) | WORD(WEEKDAY)))) {
        bool own = found.of == d->types->own;
        if (!own && found.last == i && is_first_name(d, i, found.slot->lists)) {
            x->last = i + 1;
            x->confidence = 0.5F;
            return true;
        }
        x->last = found.last;
        x->type = type_of_list(found.slot->lists);
        x->by = own ? "list:own" : "list:gazetteer";
        x->confidence = 0.6F;
        return true;
    }
    size_t end = run_end(d, i);
    if (end > i && document_type(d, end)->classes & WORD(ORGEND)) {
        x->last = end;
        x->type = NAME_ORG;
        x->by = "rule:organisation";
        return true;
    }
    return inflected_at(d, i, x);
}

int lookup_names(struct document *d)
{
    d->names.n = 0;
    for (size_t i = 0; i < d->tokens.n; i++) {
        struct standing x;
        if (!name_at(d, i, &x)) {
            continue;
        }
        struct name *name = names_add(&d->names);
        if (name == NULL) {
            return -ENOMEM;
        }
        name->first = (uint32_t)x.first;
        name->last = (uint32_t)x.last;
        name->type = x.type;
        name->by = x.by;
        name->confidence = x.confidence;
        name->thing = x.thing;
        i = x.last;
    }
    return 0;
}
