/*
 * Mentions of one person or organisation: surnames go to the full name that stands before them (else behind), acronyms
 * to the organisation whose initials they are, first words of organisations to their full names.
 */
#include "linking.h"

#include <errno.h>

enum { PROBES = 64 }; /* most names compared with one mention */

struct table {
    uint64_t *keys;
    uint32_t *values; /* group + 1 */
    size_t mask;
};

static int table_make(struct nw_arena *arena, struct table *t, size_t n)
{
    size_t size = 16;
    while (size < n * 2) {
        size *= 2;
    }
    t->keys = NW_ARENA_NEW(arena, uint64_t, size);
    t->values = NW_ARENA_NEW(arena, uint32_t, size);
    t->mask = size - 1;
    return t->keys && t->values ? 0 : -ENOMEM;
}

static uint32_t *table_at(struct table *t, uint64_t key)
{
    size_t at = key >> 11 & t->mask;
    while (t->keys[at] && t->keys[at] != key) {
        at = (at + 1) & t->mask;
    }
    t->keys[at] = key;
    return &t->values[at];
}

/* The token that is the surname: the last one, but Jr., Sr., II or III. */
static size_t surname_of(const struct document *d, const struct name *name)
{
    struct nw_str s = document_token(d, name->last);
    bool junior = nw_str_eq(s, NW_S("Jr.")) || nw_str_eq(s, NW_S("Jr")) || nw_str_eq(s, NW_S("Sr.")) ||
                  nw_str_eq(s, NW_S("II")) || nw_str_eq(s, NW_S("III"));
    size_t last = name->last - (junior && name->last > name->first ? 1 : 0);
    const struct word_type *w = document_type(d, last);
    return last > name->first && (w->flags & TYPE_MARK) ? last - 1 : last;
}

static uint64_t word_key(const struct document *d, size_t token, uint64_t salt)
{
    return gazetteer_hash(salt, document_type(d, token)->lower) | 1;
}

/* A first letter, lower-cased by its type's flags: for initials. */
static char first_letter(const struct document *d, size_t token)
{
    char c = document_token(d, token).p[0];
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_initial(const struct document *d, size_t token)
{
    const struct word_type *w = document_type(d, token);
    return (w->flags & TYPE_INITIAL) || w->letters == 1;
}

/* Full names: those of one first and last word are one person; so are J. Smith and John Smith. */
static int join_full_names(const struct document *d, struct nw_arena *arena, struct groups *groups)
{
    struct table full;
    struct table initials;
    int rc = table_make(arena, &full, groups->n);
    rc = rc ? rc : table_make(arena, &initials, groups->n);
    for (uint32_t k = 0; rc == 0 && k < groups->n; k++) {
        struct group *g = &groups->v[k];
        const struct name *name = &d->names.v[g->first];
        size_t last = surname_of(d, name);
        if (g->type != NAME_PER || last == name->first) {
            continue;
        }
        uint64_t surname = word_key(d, last, 1);
        uint32_t *by_initial =
            table_at(&initials, gazetteer_hash(surname, (uint64_t)(unsigned char)first_letter(d, name->first)) | 1);
        uint32_t *same = table_at(&full, gazetteer_hash(surname, document_type(d, name->first)->lower) | 1);
        if (*same) {
            g->head = groups->v[*same - 1].head;
        } else if (*by_initial &&
                   (is_initial(d, name->first) || is_initial(d, d->names.v[groups->v[*by_initial - 1].first].first))) {
            g->head = groups->v[*by_initial - 1].head;
            *same = *by_initial;
        } else {
            *same = k + 1;
        }
        *by_initial = *by_initial ? *by_initial : k + 1;
    }
    return rc;
}

/* Single words: the full name with that surname that was named last, else the first to come. */
static int join_surnames(const struct document *d, struct nw_arena *arena, struct groups *groups)
{
    struct table recent;
    struct table first;
    int rc = table_make(arena, &recent, d->names.n * 2);
    rc = rc ? rc : table_make(arena, &first, d->names.n * 2);
    if (rc != 0) {
        return rc;
    }
    for (uint32_t i = 0; i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        size_t last = surname_of(d, name);
        if (name->type == NAME_PER && last > name->first) {
            for (int given = 0; given < 2; given++) {
                uint32_t *at = table_at(&first, word_key(d, given ? name->first : last, given ? 2 : 1));
                *at = *at ? *at : groups->v[groups->of_name[i]].head + 1;
            }
        }
    }
    for (uint32_t i = 0; i < d->names.n; i++) {
        const struct name *name = &d->names.v[i];
        if (name->type != NAME_PER) {
            continue;
        }
        size_t last = surname_of(d, name);
        if (last > name->first) {
            *table_at(&recent, word_key(d, last, 1)) = groups->v[groups->of_name[i]].head + 1;
            continue;
        }
        uint32_t full = *table_at(&recent, word_key(d, last, 1));
        full = full ? full : *table_at(&first, word_key(d, last, 1));
        full = full ? full : *table_at(&first, word_key(d, last, 2));
        if (full) {
            groups->of_name[i] = full - 1;
        }
    }
    return 0;
}

/* Initials of an organisation's capitalised words against an acronym: Federal Bureau of Investigation, FBI. */
static bool is_acronym_of(const struct document *d, const struct name *full, struct nw_str acronym)
{
    size_t at = 0;
    for (size_t i = full->first; i <= full->last; i++) {
        const struct word_type *w = document_type(d, i);
        if (!(w->flags & TYPE_CAPITAL)) {
            continue;
        }
        while (at < acronym.n && acronym.p[at] == '.') {
            at++;
        }
        if (at == acronym.n || acronym.p[at] != document_token(d, i).p[0]) {
            return false;
        }
        at++;
    }
    while (at < acronym.n && acronym.p[at] == '.') {
        at++;
    }
    return at == acronym.n;
}

static void join_organisation(const struct document *d, struct groups *groups, uint32_t k, const uint32_t *full,
                              size_t n)
{
    struct group *g = &groups->v[k];
    const struct name *name = &d->names.v[g->first];
    const struct word_type *w = document_type(d, name->first);
    struct nw_str text = document_token(d, name->first);
    bool single = name->first == name->last;
    bool acronym = single && (w->flags & TYPE_CAPITALS) && w->letters >= 2 && w->letters <= 8;
    for (size_t f = 0; f < n && f < PROBES; f++) {
        const struct group *other = &groups->v[full[f]];
        const struct name *long_name = &d->names.v[other->first];
        bool same = false;
        if (other->head != full[f] || full[f] == k || long_name->last - long_name->first <= name->last - name->first) {
            continue;
        }
        if (acronym && g->thing == NULL) {
            same = is_acronym_of(d, long_name, text);
        } else if (g->thing == NULL || other->thing == NULL) {
            /* The first words of a longer name; a place's name is not enough. */
            same = !(w->slot && w->slot->lists & GAZETTEER_PLACES);
            for (size_t i = 0; same && i <= name->last - name->first; i++) {
                same = document_type(d, name->first + i)->lower == document_type(d, long_name->first + i)->lower;
            }
        }
        if (same) {
            g->head = full[f];
            return;
        }
    }
}

int groups_join(struct document *d, struct nw_arena *arena, struct groups *groups)
{
    int rc = join_full_names(d, arena, groups);
    rc = rc ? rc : join_surnames(d, arena, groups);
    if (rc != 0) {
        return rc;
    }
    uint32_t *full = NW_ARENA_NEW(arena, uint32_t, groups->n + 1);
    if (full == NULL) {
        return -ENOMEM;
    }
    size_t n = 0;
    for (uint32_t k = 0; k < groups->n; k++) {
        const struct name *name = &d->names.v[groups->v[k].first];
        if (groups->v[k].type == NAME_ORG && name->last > name->first) {
            full[n++] = k;
        }
    }
    for (uint32_t k = 0; k < groups->n; k++) {
        if (groups->v[k].type == NAME_ORG) {
            join_organisation(d, groups, k, full, n);
        }
    }
    return 0;
}
