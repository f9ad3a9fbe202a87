/*
 * The two sockets on which people read: an XPUB with the live stream, a ROUTER for the past (stages/PROTOCOL.md, "A
 * subscriber in any language"). Neither ever blocks: a subscriber that is slow loses live frames, sees the gap in its
 * channel's count, and reads.
 */
#ifndef RUN_PUBLISH_H
#define RUN_PUBLISH_H

#include "link/curve.h"
#include "link/frame.h"
#include "trends/when.h"

struct nw_publisher;

/* The past, for READ: entry `oseq`, or outcomes as nw_store_read's. Views live until the next call. */
struct nw_past {
    void *user;
    int (*read)(void *user, uint64_t oseq, struct nw_str *record);
    void (*range)(void *user, uint64_t *first, uint64_t *head);
    struct nw_when_log whole; /* with what was killed, and what is not durable yet: for the trends alone */
};

struct nw_publish_options {
    const char *live, *reader; /* endpoints to bind on this machine: ipc://RUN/publish.sock, ipc://RUN/read.sock */
    const char *far_live, *far_reader; /* on tcp, for other machines; NULL: none */
    const struct nw_curve_pair *keys;  /* of those on tcp; NULL: they are open to everybody */
    const char *positions;             /* file of the subscribers' named positions; NULL: none are kept */
    const char *authorized;            /* with keys: the folder of the public keys that may connect (link/zap.h) */
};

/* `log` identifies the output log. Options are borrowed while opening. */
int nw_publisher_open(const struct nw_publish_options *options, uint64_t log, const struct nw_past *past,
                      struct nw_publisher **publisher);
void nw_publisher_close(struct nw_publisher **publisher); /* accepts NULL, nulls the pointer */

/* A record that goes into the log, as entry `oseq`: it counts for the trends. 0 or a negative fault. */
int nw_publisher_note(struct nw_publisher *publisher, uint64_t oseq, const struct nw_record *record);

/* Whether anybody subscribes: if not, put needs no record. */
bool nw_publisher_is_heard(const struct nw_publisher *publisher);

/* Puts a record on the channels that want it. */
int nw_publisher_put(struct nw_publisher *publisher, uint64_t oseq, struct nw_str record);

/* Subscriptions, READs, COMMITs, and the heartbeat of each channel, each second. Never waits. */
int nw_publisher_serve(struct nw_publisher *publisher);

/* Descriptors that become readable when there may be something to serve (edge-triggered: serve, then wait); -1 for one
 * that is not there. */
enum { NW_PUBLISHER_FDS = 4 };
void nw_publisher_fds(const struct nw_publisher *publisher, int fds[NW_PUBLISHER_FDS]);
int64_t nw_publisher_timeout(const struct nw_publisher *publisher);

struct nw_publisher_counts {
    uint64_t published, pages, commits;
    size_t channels;
};
void nw_publisher_counts(const struct nw_publisher *publisher, struct nw_publisher_counts *counts);

#endif
