/*
 * The channels of the live stream. A channel is what somebody has subscribed to, and its name is its query
 * (query/query.h). Each has a counter of its own, so that its subscribers see a gap. One is no query: `trends` gets
 * reports, and no article.
 */
#ifndef RUN_CHANNELS_H
#define RUN_CHANNELS_H

#include "query/query.h"

#include <stdint.h>

enum { NW_CHANNELS = 131072 };
#define NW_CHANNEL_TRENDS NW_S("trends")

struct nw_channels;

struct nw_channel {
    struct nw_str name;           /* with its NUL, as on the wire */
    const struct nw_query *query; /* NULL: it is `trends` */
    uint64_t seq;                 /* frames put */
};

/* The output log, of which channels read what a kill takes back: entry `oseq`, or other than 0 where it is not there.
 */
struct nw_channels_log {
    void *user;
    int (*read)(void *user, uint64_t oseq, struct nw_str *record);
};

/* What add returns beside 0 and -ENOMEM. */
enum { NW_CHANNEL_BAD = 1 /* no query: why says it */, NW_CHANNELS_FULL };

int nw_channels_new(const struct nw_channels_log *log, struct nw_channels **channels);
void nw_channels_free(struct nw_channels **channels);

/* name: without its NUL. */
int nw_channels_add(struct nw_channels *channels, struct nw_str name, struct nw_channel **channel, char why[NW_WHY]);
void nw_channels_remove(struct nw_channels *channels, struct nw_str name);
struct nw_channel *nw_channels_find(const struct nw_channels *channels, struct nw_str name); /* NULL: none */
size_t nw_channels_count(const struct nw_channels *channels);

/* Calls `match` for each channel that wants the record, until it returns other than 0, which is returned. A record that
 * cannot be read is wanted by `all` alone. A kill is wanted too by who wants what it takes back, as far as the log has
 * that. `record` is given as it stands by then: the log's views do not outlive the next one. */
int nw_channels_match(struct nw_channels *channels, struct nw_str record,
                      int (*match)(void *user, struct nw_channel *channel, struct nw_str record), void *user);

/* The next n channels in turn, round and round: for heartbeats. */
struct nw_channel *nw_channels_next(struct nw_channels *channels);

/* Whether a record is one of a query's, as above; *record stands until the next call. 0: no; 1: yes; or a negative
 * fault. */
int nw_channels_wants(struct nw_channels *channels, const struct nw_query *query, struct nw_str *record);

#endif
