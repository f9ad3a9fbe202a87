/* Making a gazetteer: see gazetteer_build.h. */
#include "gazetteer_build.h"

#include <errno.h>
#include <newswire/alloc.h>
#include <newswire/hash.h>
#include <stdlib.h>

enum { THINGS_OF_A_NAME = 255 };

/* `old` with room for `need` elements; NULL without memory, and then `old` stays. */
static void *room(void *old, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap) {
        return old;
    }
    size_t more = *cap ? *cap * 2 : 1024;
    while (more < need) {
        more *= 2;
    }
    void *grown = nw_realloc(old, more * size);
    if (grown != NULL) {
        *cap = more;
    }
    return grown;
}

uint32_t gazetteer_build_text(struct gazetteer_build *b, struct nw_str text)
{
    if (b->pool_n + text.n + 2 > UINT32_MAX) {
        return UINT32_MAX;
    }
    char *pool = room(b->pool, &b->pool_cap, b->pool_n + text.n + 2, 1);
    if (pool == NULL) {
        return UINT32_MAX;
    }
    b->pool = pool;
    if (b->pool_n == 0) {
        b->pool[b->pool_n++] = 0;
    }
    if (text.n == 0) {
        return 0;
    }
    size_t at = b->pool_n;
    memcpy(b->pool + at, text.p, text.n);
    b->pool[at + text.n] = 0;
    b->pool_n += text.n + 1;
    return (uint32_t)at;
}

uint32_t gazetteer_build_thing(struct gazetteer_build *b, const struct gazetteer_thing *thing)
{
    struct gazetteer_thing *things = room(b->things, &b->thing_cap, b->thing_count + 1, sizeof *things);
    if (things == NULL || b->thing_count >= UINT32_MAX) {
        return UINT32_MAX;
    }
    b->things = things;
    b->things[b->thing_count] = *thing;
    return (uint32_t)b->thing_count++;
}

static int add(struct gazetteer_build *b, uint64_t hash, uint16_t lists, uint32_t thing, uint8_t longest)
{
    struct gazetteer_build_name *names = room(b->names, &b->name_cap, b->name_count + 1, sizeof *names);
    if (names == NULL) {
        return -ENOMEM;
    }
    b->names = names;
    b->names[b->name_count++] = (struct gazetteer_build_name){hash, thing, lists, longest};
    return 0;
}

int gazetteer_build_name(struct gazetteer_build *b, struct nw_str name, unsigned list, uint32_t thing)
{
    int rc = tokens_read(&b->tokens, name);
    if (rc != 0 || b->tokens.n == 0 || b->tokens.n > GAZETTEER_LONGEST) {
        return rc;
    }
    uint64_t hash = GAZETTEER_SEED;
    uint64_t starts[2] = {0}; /* of the first token; of the first two */
    for (size_t i = 0; i < b->tokens.n; i++) {
        hash = gazetteer_hash(hash, nw_hash64(token_text(name, &b->tokens.v[i]), 0));
        if (i < 2) {
            starts[i] = hash;
        }
    }
    rc = add(b, hash, (uint16_t)(1U << list), thing, b->tokens.n == 1 ? 1 : 0);
    for (size_t i = 0; i < 2 && rc == 0 && b->tokens.n > i + 1; i++) {
        rc = add(b, starts[i], 0, UINT32_MAX, (uint8_t)b->tokens.n);
    }
    return rc;
}

static int by_hash(const void *a, const void *b)
{
    const struct gazetteer_build_name *x = a;
    const struct gazetteer_build_name *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash ? 1 : x->thing < y->thing ? -1 : x->thing > y->thing;
}

/* One slot out of the names [from, to) of one hash. */
static void make_slot(struct gazetteer_build *b, size_t from, size_t to)
{
    struct gazetteer_slot slot = {.print = gazetteer_print(b->names[from].hash), .first = (uint32_t)b->ref_count};
    uint32_t *refs = b->refs + b->ref_count;
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        const struct gazetteer_build_name *n = &b->names[i];
        slot.lists |= n->lists;
        slot.longest = n->longest > slot.longest ? n->longest : slot.longest;
        bool again = i > from && b->names[i - 1].thing == n->thing;
        if (n->thing == UINT32_MAX || again || count == THINGS_OF_A_NAME) {
            continue;
        }
        /* Insertion by weight: names have few things. */
        size_t at = count++;
        while (at > 0 && b->things[refs[at - 1]].weight < b->things[n->thing].weight) {
            refs[at] = refs[at - 1];
            at--;
        }
        refs[at] = n->thing;
    }
    slot.count = (uint8_t)count;
    b->ref_count += count;
    uint32_t at = gazetteer_home(b->names[from].hash, b->slot_count);
    while (b->slots[at].print) {
        at = at + 1 < b->slot_count ? at + 1 : 0;
    }
    b->slots[at] = slot;
    uint64_t hash = b->names[from].hash;
    b->filter[gazetteer_filter_word(hash, b->filter_count)] |= gazetteer_filter_bits(hash);
}

int gazetteer_build_end(struct gazetteer_build *b)
{
    if (b->pool_n == 0 && gazetteer_build_text(b, NW_S("")) == UINT32_MAX) {
        return -ENOMEM;
    }
    if (b->name_count) {
        qsort(b->names, b->name_count, sizeof *b->names, by_hash);
    }
    size_t keys = 0;
    for (size_t i = 0; i < b->name_count; i++) {
        keys += i == 0 || b->names[i].hash != b->names[i - 1].hash;
    }
    b->slot_count = (uint32_t)(keys + keys / 4 + 2);
    b->slots = nw_calloc(b->slot_count, sizeof *b->slots);
    b->filter_count = (uint32_t)(keys / 8 + 1);
    b->filter = nw_calloc(b->filter_count, sizeof *b->filter);
    b->refs = nw_calloc(b->name_count + 1, sizeof *b->refs);
    if (b->slots == NULL || b->filter == NULL || b->refs == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < b->name_count;) {
        size_t to = i + 1;
        while (to < b->name_count && b->names[to].hash == b->names[i].hash) {
            to++;
        }
        make_slot(b, i, to);
        i = to;
    }
    return 0;
}

void gazetteer_build_view(const struct gazetteer_build *b, struct gazetteer *g)
{
    *g = (struct gazetteer){.slots = b->slots,
                            .things = b->things,
                            .refs = b->refs,
                            .pool = b->pool,
                            .filter = b->filter,
                            .filter_count = b->filter_count,
                            .slot_count = b->slot_count,
                            .thing_count = (uint32_t)b->thing_count,
                            .ref_count = (uint32_t)b->ref_count,
                            .pool_size = (uint32_t)b->pool_n};
}

void gazetteer_build_free(struct gazetteer_build *b)
{
    nw_free(b->things);
    nw_free(b->pool);
    nw_free(b->names);
    nw_free(b->slots);
    nw_free(b->filter);
    nw_free(b->refs);
    tokens_free(&b->tokens);
    *b = (struct gazetteer_build){0};
}
