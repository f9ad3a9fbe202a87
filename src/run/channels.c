/* Channels in a hash table, their queries in an index: see channels.h. */
#include "run/channels.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>

#include <errno.h>
#include <stdio.h>

enum { BUCKETS = 16384 };

struct node {
    struct nw_channel channel;    /* first: what is given out */
    struct node *next;            /* in its bucket */
    struct node *before, *behind; /* in the round */
    struct nw_query *query;
    struct nw_query_entry *entry; /* NULL for `all` and `trends` */
    char name[];
};

struct nw_channels {
    struct node *buckets[BUCKETS];
    size_t count;
    struct node *round; /* the next one of nw_channels_next; a ring */
    struct node *all;
    size_t indexed; /* the others, but `trends` */
    struct nw_query_index *index;
    struct nw_query_article *article;
    struct nw_arena arena;
};

int nw_channels_new(struct nw_channels **result)
{
    struct nw_channels *channels = nw_calloc(1, sizeof *channels);
    int r = channels ? nw_query_index_new(&channels->index) : nw_fault(-ENOMEM);

    if (r == 0)
        r = nw_query_article_new(&channels->article);
    if (r < 0)
        nw_channels_free(&channels);
    *result = channels;
    return r;
}

static void node_free(struct nw_channels *channels, struct node *node)
{
    nw_query_index_remove(channels->index, &node->entry);
    nw_query_free(&node->query);
    nw_free(node);
}

void nw_channels_free(struct nw_channels **pointer)
{
    struct nw_channels *channels = *pointer;

    if (!channels)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct node *node = channels->buckets[i], *next; node; node = next) {
            next = node->next;
            node_free(channels, node);
        }
    }
    nw_query_index_free(&channels->index);
    nw_query_article_free(&channels->article);
    nw_arena_free(&channels->arena);
    nw_free(channels);
    *pointer = NULL;
}

static struct node **place(const struct nw_channels *channels, struct nw_str name)
{
    /* A const table of pointers to nodes that are not. */
    struct node *const *bucket = &channels->buckets[nw_hash64(name, 0) % BUCKETS];
    struct node **at;

    memcpy(&at, &bucket, sizeof at);
    while (*at && !nw_str_eq(nw_str((*at)->name, (*at)->channel.name.n - 1), name))
        at = &(*at)->next;
    return at;
}

struct nw_channel *nw_channels_find(const struct nw_channels *channels, struct nw_str name)
{
    struct node *node = *place(channels, name);

    return node ? &node->channel : NULL;
}

size_t nw_channels_count(const struct nw_channels *channels)
{
    return channels->count;
}

static void into_round(struct nw_channels *channels, struct node *node)
{
    struct node *round = channels->round;

    node->before = round ? round->before : node;
    node->behind = round ? round : node;
    node->before->behind = node;
    node->behind->before = node;
    channels->round = round ? round : node;
}

static void out_of_round(struct nw_channels *channels, struct node *node)
{
    node->before->behind = node->behind;
    node->behind->before = node->before;
    if (channels->round == node)
        channels->round = node->behind == node ? NULL : node->behind;
}

int nw_channels_add(struct nw_channels *channels, struct nw_str name, struct nw_channel **channel, char why[NW_WHY])
{
    struct node **at = place(channels, name), *node;
    bool all = nw_str_eq(name, NW_S("all")), trends = nw_str_eq(name, NW_CHANNEL_TRENDS);
    size_t column;
    int r = 0;

    if (*at) {
        *channel = &(*at)->channel;
        return 0;
    }
    if (channels->count == NW_CHANNELS) {
        snprintf(why, NW_WHY, "as many queries are subscribed to as there can be: %d", NW_CHANNELS);
        return NW_CHANNELS_FULL;
    }
    node = nw_calloc(1, sizeof *node + name.n + 1);
    if (!node)
        return nw_fault(-ENOMEM);
    memcpy(node->name, name.p, name.n);
    if (!trends)
        r = nw_query_compile(name, &node->query, &column, why);
    if (r == 0 && !all && !trends)
        r = nw_query_index_add(channels->index, node->query, node, &node->entry);
    if (r != 0) {
        node_free(channels, node);
        return r == NW_QUERY_BAD ? NW_CHANNEL_BAD : r;
    }
    node->channel.name = nw_str(node->name, name.n + 1);
    node->channel.query = node->query;
    *at = node;
    channels->count++;
    channels->indexed += node->entry != NULL;
    into_round(channels, node);
    if (all)
        channels->all = node;
    *channel = &node->channel;
    return 0;
}

void nw_channels_remove(struct nw_channels *channels, struct nw_str name)
{
    struct node **at = place(channels, name), *node = *at;

    if (!node)
        return;
    *at = node->next;
    out_of_round(channels, node);
    if (channels->all == node)
        channels->all = NULL;
    channels->count--;
    channels->indexed -= node->entry != NULL;
    node_free(channels, node);
}

struct nw_channel *nw_channels_next(struct nw_channels *channels)
{
    struct node *node = channels->round;

    if (!node)
        return NULL;
    channels->round = node->behind;
    return &node->channel;
}

/* ---- matching */

/* 0; 1 where it is no record; or -ENOMEM. */
static int read_article(struct nw_channels *channels, struct nw_str bytes)
{
    struct nw_record *record;
    char why[NW_WHY];
    int r;

    nw_arena_reset(&channels->arena);
    r = nw_record_decode(&channels->arena, bytes, &record, why);
    return r == 0 ? nw_query_article_read(channels->article, record) : r == NW_BAD_RECORD ? 1 : nw_fault(r);
}

struct match {
    int (*match)(void *user, struct nw_channel *channel);
    void *user;
};

static int matched(void *user, void *node)
{
    const struct match *match = user;

    return match->match(match->user, &((struct node *)node)->channel);
}

int nw_channels_match(struct nw_channels *channels, struct nw_str record,
                      int (*match)(void *user, struct nw_channel *channel), void *user)
{
    struct match each = {match, user};
    int r = channels->all ? match(user, &channels->all->channel) : 0;

    if (r != 0 || channels->indexed == 0)
        return r;
    r = read_article(channels, record);
    return r == 0 ? nw_query_index_match(channels->index, channels->article, matched, &each) : r < 0 ? r : 0;
}

int nw_channels_wants(struct nw_channels *channels, const struct nw_query *query, struct nw_str record)
{
    int r = read_article(channels, record);

    return r == 0 ? nw_query_matches(query, channels->article) : r < 0 ? r : 0;
}
