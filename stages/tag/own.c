/* The user's own names: see own.h. */
#include "own.h"

#include <errno.h>
#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/hash.h>
#include <newswire/utf8.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { WAYS = 16 }; /* partial matches followed at once */

static int64_t stamp_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return -1;
    }
    return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

bool own_changed(const struct own *own)
{
    for (size_t i = 0; i < own->files; i++) {
        if (stamp_of(own->paths[i]) != own->stamps[i]) {
            return true;
        }
    }
    return false;
}

static int list_of(struct nw_str type)
{
    static const struct {
        const char *name;
        int list;
    } types[] = {{"PER", GAZETTEER_PERSON_LIST},
                 {"ORG", GAZETTEER_ORG_LIST},
                 {"LOC", GAZETTEER_REGION_LIST},
                 {"MISC", GAZETTEER_MISC_LIST}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (nw_str_eq(type, nw_str_z(types[i].name))) {
            return types[i].list;
        }
    }
    return -1;
}

static int add_line(struct gazetteer_build *build, struct nw_str line)
{
    size_t tab = nw_str_find(line, NW_S("\t"));
    struct nw_str name = nw_str_trim(tab < line.n ? nw_str(line.p, tab) : line);
    struct nw_str rest = tab < line.n ? nw_str_from(line, tab + 1) : nw_str(NULL, 0);
    tab = nw_str_find(rest, NW_S("\t"));
    struct nw_str type = nw_str_trim(tab < rest.n ? nw_str(rest.p, tab) : rest);
    struct nw_str uri = nw_str_trim(tab < rest.n ? nw_str_from(rest, tab + 1) : nw_str(NULL, 0));
    int list = list_of(type);
    if (list < 0 || name.n == 0 || name.p[0] == '^') {
        return OWN_BAD;
    }
    bool pattern = nw_str_find(name, NW_S("#")) < name.n || nw_str_find(name, NW_S("^")) < name.n;
    struct gazetteer_thing thing = {.list = (uint8_t)list, .flags = GAZETTEER_OWN};
    thing.name = gazetteer_build_text(build, pattern ? NW_S("") : name);
    thing.id = gazetteer_build_text(build, uri);
    uint32_t number =
        thing.name == UINT32_MAX || thing.id == UINT32_MAX ? UINT32_MAX : gazetteer_build_thing(build, &thing);
    if (number == UINT32_MAX) {
        return -ENOMEM;
    }
    return gazetteer_build_name(build, name, (unsigned)list, number);
}

static int read_file(struct gazetteer_build *build, const char *path, char why[OWN_WHY])
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        snprintf(why, OWN_WHY, "%.300s: %s; check `gazetteers` in the tag section", path, strerror(errno));
        return OWN_BAD;
    }
    struct nw_buf text;
    nw_buf_init(&text, OWN_BYTES);
    char block[1 << 14];
    size_t n;
    int rc = 0;
    while (rc == 0 && (n = fread(block, 1, sizeof block, f)) > 0) {
        rc = nw_buf_add(&text, block, n);
    }
    struct nw_str rest = nw_buf_view(&text);
    struct nw_str line;
    if (rc == -EMSGSIZE || nw_utf8_valid(rest) != rest.n) {
        snprintf(why, OWN_WHY, "%.300s: expected UTF-8 text of at most %d MiB; part it or convert it", path,
                 OWN_BYTES >> 20);
        rc = OWN_BAD;
    }
    for (size_t number = 1; rc == 0 && nw_str_line(&rest, &line); number++) {
        if (nw_str_trim(line).n == 0 || line.p[0] == '#') {
            continue;
        }
        rc = add_line(build, line);
        if (rc == OWN_BAD) {
            snprintf(why, OWN_WHY, "%.300s:%zu: expected NAME, TAB, one of PER ORG LOC MISC, and perhaps TAB and a uri",
                     path, number);
        }
    }
    nw_buf_free(&text);
    fclose(f);
    return rc;
}

int own_read(struct own *own, char why[OWN_WHY])
{
    struct gazetteer_build build = {0};
    int rc = gazetteer_build_text(&build, NW_S("")) == UINT32_MAX ? -ENOMEM : 0;
    for (size_t i = 0; i < own->files && rc == 0; i++) {
        own->stamps[i] = stamp_of(own->paths[i]);
        rc = read_file(&build, own->paths[i], why);
    }
    rc = rc ? rc : gazetteer_build_end(&build);
    if (rc != 0) {
        gazetteer_build_free(&build);
        return rc;
    }
    gazetteer_build_free(&own->build);
    own->build = build;
    gazetteer_build_view(&own->build, &own->gazetteer);
    return 0;
}

void own_free(struct own *own)
{
    gazetteer_build_free(&own->build);
    own->gazetteer = (struct gazetteer){0};
}

/* The longest own name that begins at token i; its last token, or SIZE_MAX. */
static size_t match(const struct own *own, const struct document *d, size_t i, const struct gazetteer_slot **slot)
{
    const struct word_type *w = document_type(d, i);
    const struct gazetteer_slot *start = w->own ? w->own : w->own2;
    size_t last = SIZE_MAX;
    if (start == NULL) {
        return last;
    }
    if (start->lists) {
        *slot = start;
        last = i;
    }
    uint64_t figure = nw_hash64(NW_S("#"), 0);
    uint64_t capital = nw_hash64(NW_S("^"), 0);
    uint64_t ways[WAYS] = {gazetteer_hash(GAZETTEER_SEED, w->own ? w->hash : w->title)};
    size_t n = 1;
    for (size_t k = i; k + 1 < i + start->longest && document_goes_on(d, k) && n; k++) {
        const struct word_type *next = document_type(d, k + 1);
        uint64_t more[WAYS];
        size_t m = 0;
        for (size_t x = 0; x < n; x++) {
            const uint64_t words[] = {next->hash, next->flags & TYPE_DIGITS ? figure : 0,
                                      next->flags & TYPE_CAPITAL ? capital : 0};
            for (size_t y = 0; y < 3 && m < WAYS; y++) {
                if (y && words[y] == 0) {
                    continue;
                }
                more[m] = gazetteer_hash(ways[x], words[y]);
                const struct gazetteer_slot *found = gazetteer_find(&own->gazetteer, more[m]);
                if (found && found->lists && last != k + 1) {
                    *slot = found;
                    last = k + 1;
                }
                m++;
            }
        }
        memcpy(ways, more, m * sizeof *ways);
        n = m;
    }
    return last;
}

static enum name_type type_of(unsigned list)
{
    return list == GAZETTEER_PERSON_LIST ? NAME_PER
           : list == GAZETTEER_ORG_LIST  ? NAME_ORG
           : list == GAZETTEER_MISC_LIST ? NAME_MISC
                                         : NAME_LOC;
}

static int by_place(const void *a, const void *b)
{
    const struct name *x = a;
    const struct name *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

int own_names(const struct own *own, struct document *d)
{
    size_t found = d->names.n;
    if (own->files == 0) {
        return 0;
    }
    for (size_t i = 0; i < d->tokens.n; i++) {
        const struct gazetteer_slot *slot = NULL;
        size_t last = match(own, d, i, &slot);
        const struct gazetteer_thing *thing = slot ? gazetteer_thing(&own->gazetteer, slot, 0) : NULL;
        if (thing == NULL) {
            continue;
        }
        struct name *name = names_add(&d->names);
        if (name == NULL) {
            return -ENOMEM;
        }
        name->first = (uint32_t)i;
        name->last = (uint32_t)last;
        name->type = type_of(thing->list);
        name->confidence = 1;
        name->by = "list:own";
        name->thing = thing;
        i = last;
    }
    if (d->names.n == found) {
        return 0;
    }
    /* What overlaps an own name goes; both runs are in order, so one walk sees all pairs. */
    size_t kept = 0;
    size_t k = found;
    for (size_t i = 0; i < found; i++) {
        while (k < d->names.n && d->names.v[k].last < d->names.v[i].first) {
            k++;
        }
        if (k == d->names.n || d->names.v[k].first > d->names.v[i].last) {
            d->names.v[kept++] = d->names.v[i];
        }
    }
    memmove(d->names.v + kept, d->names.v + found, (d->names.n - found) * sizeof *d->names.v);
    d->names.n = kept + d->names.n - found;
    qsort(d->names.v, d->names.n, sizeof *d->names.v, by_place);
    for (uint32_t i = 0; i < d->names.n; i++) {
        d->names.v[i].canonical = i;
    }
    return 0;
}
