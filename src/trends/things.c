/* A hash table whose elements are in a list by age, too; see things.h. */
#include "trends/things.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/utf8.h>

#include <errno.h>

enum { BUCKETS = 65536 };

struct things {
    struct thing *buckets[BUCKETS];
    struct thing *newest, *oldest;
    size_t n;
};

int things_new(struct things **things)
{
    *things = nw_calloc(1, sizeof **things);
    return *things ? 0 : nw_fault(-ENOMEM);
}

void things_free(struct things **things)
{
    if (*things) {
        for (struct thing *thing = (*things)->newest, *older; thing; thing = older) {
            older = thing->older;
            nw_free(thing);
        }
    }
    nw_free(*things);
    *things = NULL;
}

static struct thing *find(const struct things *things, uint64_t key)
{
    struct thing *thing = things->buckets[key % BUCKETS];

    while (thing && thing->key != key)
        thing = thing->next;
    return thing;
}

const struct thing *things_find(const struct things *things, uint64_t key)
{
    return find(things, key);
}

static void unlink_thing(struct things *things, struct thing *thing)
{
    *(thing->newer ? &thing->newer->older : &things->newest) = thing->older;
    *(thing->older ? &thing->older->newer : &things->oldest) = thing->newer;
}

static void link_newest(struct things *things, struct thing *thing)
{
    thing->newer = NULL;
    thing->older = things->newest;
    *(things->newest ? &things->newest->newer : &things->oldest) = thing;
    things->newest = thing;
}

/* The longest unmentioned one, taken out. */
static struct thing *let_go(struct things *things)
{
    struct thing *thing = things->oldest, **at = &things->buckets[thing->key % BUCKETS];

    while (*at != thing)
        at = &(*at)->next;
    *at = thing->next;
    unlink_thing(things, thing);
    things->n--;
    return thing;
}

static void copy(char *out, size_t size, struct nw_str text)
{
    if (text.n >= size)
        text.n = nw_utf8_floor(text, size - 1);
    if (text.n > 0)
        memcpy(out, text.p, text.n);
    out[text.n] = '\0';
}

int things_see(struct things *things, const struct mention *mention, uint64_t oseq, struct nw_str headline)
{
    struct thing *thing = find(things, mention->key);
    struct nw_str name = mention->name;

    if (thing) {
        unlink_thing(things, thing);
    } else {
        thing = things->n == THINGS ? let_go(things) : nw_malloc(sizeof *thing);
        if (!thing)
            return nw_fault(-ENOMEM);
        thing->key = mention->key;
        thing->kind = mention->kind;
        thing->killed = 0;
        thing->next = things->buckets[mention->key % BUCKETS];
        things->buckets[mention->key % BUCKETS] = thing;
        things->n++;
    }
    link_newest(things, thing);
    thing->example = oseq;
    if (thing->killed && nw_hash64(name, 0) == thing->killed)
        name = headline;
    copy(thing->name, sizeof thing->name, name.n > 0 ? name : mention->uri);
    copy(thing->uri, sizeof thing->uri, mention->uri.n < THING_URI ? mention->uri : nw_str(NULL, 0));
    copy(thing->headline, sizeof thing->headline, headline);
    return 0;
}

void things_forget(struct things *things, const struct mention *mention, uint64_t oseq, struct nw_str headline)
{
    struct thing *thing = find(things, mention->key);

    if (!thing)
        return;
    if (thing->example == oseq) {
        thing->example = 0;
        thing->headline[0] = '\0';
    }
    if (thing->kind != NW_TREND_STORY)
        return;
    thing->killed = nw_hash64(headline, 0);
    if (nw_str_starts(headline, nw_str_z(thing->name)))
        thing->name[0] = '\0'; /* the next article gives it another */
}
