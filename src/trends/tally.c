/* A hash table of counters that is cut down by the median when it is full; see tally.h. */
#include "trends/tally.h"

#include <newswire/alloc.h>
#include <newswire/error.h>

#include <errno.h>
#include <string.h>

enum { ROOM_LEAST = 64 };

void tally_init(struct tally *tally, size_t most)
{
    *tally = (struct tally){.most = most};
}

void tally_free(struct tally *tally)
{
    nw_free(tally->slots);
    tally_init(tally, tally->most);
}

/* A key's own slot, else the free one for it. */
static struct tally_slot *place(struct tally_slot *slots, size_t room, uint64_t key)
{
    size_t at = (size_t)key & (room - 1);

    while (slots[at].key && slots[at].key != key)
        at = (at + 1) & (room - 1);
    return &slots[at];
}

/* Moves what is above `less` into a new table, less that. */
static int rebuild(struct tally *tally, size_t room, uint32_t less)
{
    struct tally_slot *slots = nw_calloc(room, sizeof *slots);

    if (!slots)
        return nw_fault(-ENOMEM);
    tally->n = 0;
    for (size_t i = 0; i < tally->room; i++) {
        const struct tally_slot *old = &tally->slots[i];
        if (old->key && old->count > less) {
            *place(slots, room, old->key) = (struct tally_slot){old->key, old->count - less};
            tally->n++;
        }
    }
    nw_free(tally->slots);
    tally->slots = slots;
    tally->room = room;
    tally->error += less;
    return 0;
}

static size_t count_upto(const struct tally *tally, uint32_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < tally->room; i++)
        n += tally->slots[i].key && tally->slots[i].count <= most;
    return n;
}

/* The least count that half of the counters or more do not pass; found by halving, since most counts are small. */
static uint32_t median(const struct tally *tally)
{
    uint32_t low = 0, high = 1;

    while (2 * count_upto(tally, high) < tally->n)
        high *= 2;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (2 * count_upto(tally, middle) < tally->n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int tally_add(struct tally *tally, uint64_t key, uint32_t count)
{
    struct tally_slot *slot;
    int r = 0;

    key = key ? key : 1;
    if (tally->room == 0)
        r = rebuild(tally, ROOM_LEAST, 0);
    if (r < 0)
        return r;
    slot = place(tally->slots, tally->room, key);
    if (!slot->key) {
        if (tally->n == tally->most)
            r = rebuild(tally, tally->room, median(tally)); /* half of the counters go, or more */
        else if ((tally->n + 1) * 4 > tally->room * 3)
            r = rebuild(tally, 2 * tally->room, 0);
        if (r < 0)
            return r;
        slot = place(tally->slots, tally->room, key);
        slot->key = key;
        tally->n++;
    }
    slot->count += count;
    tally->total += count;
    return 0;
}

void tally_take(struct tally *tally, uint64_t key)
{
    struct tally_slot *slot = tally->room > 0 ? place(tally->slots, tally->room, key ? key : 1) : NULL;

    if (slot && slot->count > 0)
        slot->count--;
}

int tally_merge(struct tally *into, const struct tally *from)
{
    uint64_t total = into->total + from->total;
    int r = 0;

    for (size_t i = 0; i < from->room && r == 0; i++) {
        if (from->slots[i].count > 0)
            r = tally_add(into, from->slots[i].key, from->slots[i].count);
    }
    into->error += from->error;
    into->total = total;
    return r;
}

uint32_t tally_count(const struct tally *tally, uint64_t key)
{
    return tally->room > 0 ? place(tally->slots, tally->room, key ? key : 1)->count : 0;
}
