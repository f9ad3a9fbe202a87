/* Channels in a hash table, their queries in an index: see channels.h. */
#include "run/channels.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/name.h>

#include <errno.h>
#include <stdio.h>

enum { BUCKETS = 16384, PLACES = 64 /* of what a kill takes back that are looked at */ };

struct node {
    struct nw_channel channel;    /* first: what is given out */
    uint64_t matched;             /* count of the record that it was given last */
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

    struct nw_channels_log log;
    uint64_t records;                     /* matched so far */
    struct nw_buf kill;                   /* a copy of the one at hand */
    uint64_t places[PLACES], place_count; /* of what it takes back */
};

int nw_channels_new(const struct nw_channels_log *log, struct nw_channels **result)
{
    struct nw_channels *channels = nw_calloc(1, sizeof *channels);
    int r = channels ? nw_query_index_new(&channels->index) : nw_fault(-ENOMEM);

    if (r == 0) {
        channels->log = *log;
        nw_buf_init(&channels->kill, NW_RECORD_MAX);
        r = nw_query_article_new(&channels->article);
    }
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
    nw_buf_free(&channels->kill);
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

/* What the record takes back, where it is a kill. */
static void find_places(struct nw_channels *channels, const struct nw_record *record)
{
    const struct nw_pipeline *pipeline = NW_HAS(record, record, pipeline) ? record->pipeline : NULL;

    channels->place_count = 0;
    if (!pipeline || !NW_HAS(pipeline, pipeline, kills) || !nw_record_is_kill(record))
        return;
    for (size_t i = 0; i < pipeline->kills.n && channels->place_count < PLACES; i++)
        channels->places[channels->place_count++] = (uint64_t)pipeline->kills.v[i].oseq;
}

/* 0; 1 where it is no record; or -ENOMEM. */
static int read_article(struct nw_channels *channels, struct nw_str bytes, bool killed)
{
    struct nw_record *record;
    char why[NW_WHY];
    int r;

    nw_arena_reset(&channels->arena);
    r = nw_record_decode(&channels->arena, bytes, &record, why);
    if (r == 0 && !killed)
        find_places(channels, record);
    return r == 0 ? nw_query_article_read(channels->article, record) : r == NW_BAD_RECORD ? 1 : nw_fault(r);
}

/* Takes up the record; a kill that takes something back is copied, for the log is to be read. As read_article. */
static int take_up(struct nw_channels *channels, struct nw_str *record)
{
    int r;

    channels->place_count = 0;
    r = read_article(channels, *record, false);
    if (r != 0 || channels->place_count == 0)
        return r;
    nw_buf_clear(&channels->kill);
    if (nw_buf_str(&channels->kill, *record) < 0)
        return nw_fault(channels->kill.error);
    *record = nw_buf_view(&channels->kill);
    return 0;
}

/* Takes up instead what the kill at hand takes back, by its place. 0; 1: that is not there any more; or a negative
 * fault. */
static int take_up_killed(struct nw_channels *channels, size_t i)
{
    struct nw_str bytes;
    int r = channels->log.read(channels->log.user, channels->places[i], &bytes);

    return r == 0 ? read_article(channels, bytes, true) : r < 0 ? r : 1;
}

struct match {
    struct nw_channels *channels;
    struct nw_str record;
    int (*match)(void *user, struct nw_channel *channel, struct nw_str record);
    void *user;
};

static int matched(void *user, void *entry)
{
    const struct match *match = user;
    struct node *node = entry;

    if (node->matched == match->channels->records)
        return 0;
    node->matched = match->channels->records;
    return match->match(match->user, &node->channel, match->record);
}

int nw_channels_match(struct nw_channels *channels, struct nw_str record,
                      int (*match)(void *user, struct nw_channel *channel, struct nw_str record), void *user)
{
    struct match each = {channels, record, match, user};
    int r = channels->all ? match(user, &channels->all->channel, record) : 0;

    if (r != 0 || channels->indexed == 0)
        return r;
    channels->records++;
    r = take_up(channels, &each.record);
    if (r == 0)
        r = nw_query_index_match(channels->index, channels->article, matched, &each);
    else if (r > 0)
        return 0;
    for (size_t i = 0; i < channels->place_count && r == 0; i++) {
        r = take_up_killed(channels, i);
        if (r == 0)
            r = nw_query_index_match(channels->index, channels->article, matched, &each);
        else if (r > 0)
            r = 0;
    }
    return r;
}

int nw_channels_wants(struct nw_channels *channels, const struct nw_query *query, struct nw_str *record)
{
    int r = take_up(channels, record);
    bool wants = r == 0 && nw_query_matches(query, channels->article);

    for (size_t i = 0; i < channels->place_count && !wants && r >= 0; i++) {
        r = take_up_killed(channels, i);
        wants = r == 0 && nw_query_matches(query, channels->article);
    }
    return r < 0 ? r : wants;
}
