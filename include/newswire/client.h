/*
 * libnewswire: feed a running daemon and subscribe to its output. One thread uses a handle at a time. Functions return
 * 0 or a negative errno value unless they say otherwise; -ETIMEDOUT when `timeout_ms` (-1: for ever) has passed,
 * -EHOSTUNREACH when it has passed and nobody has been heard for 5 s, -ECONNREFUSED when the daemon refuses us, -EPROTO
 * when it speaks another protocol, -EINTR when a signal came. After -ETIMEDOUT, -EHOSTUNREACH and -EINTR the handle is
 * good and the call can be made again: connections come back by themselves.
 */
#ifndef NEWSWIRE_CLIENT_H
#define NEWSWIRE_CLIENT_H

#include <newswire/record.h>

/* ---- feeding */

struct nw_feeder;

struct nw_feeder_options {
    const char *endpoint; /* the broker's: ipc://…/broker.sock, tcp://host:port */
    const char *name; /* names the feeder; with the sequence number it makes a submission idempotent. NULL: a new one at
                         random */
    uint64_t first;   /* number of the first record, from 1; 0: the next one that the daemon expects of this name */
    /* Files, for a tcp endpoint that asks for keys: the broker's public key and one's own secret key, as `newswire
     * keygen` writes them. Both or neither (NULL). */
    const char *broker_key, *key;
    int64_t timeout_ms; /* for the first answer; 0: 5000 */
    char *why; /* NW_WHY bytes, or NULL: gets a sentence when opening fails for a reason beyond the error's number */
};

struct nw_feeder_stats {
    uint64_t submitted, accepted, rejected;
    uint64_t first; /* number of this handle's first record, as the daemon counts those of this name */
};

/* Connects and waits for the daemon's answer. */
int nw_feeder_open(const struct nw_feeder_options *options, struct nw_feeder **feeder);

/* Queues one encoded record (it is copied); one of urgency 1 or 2 overtakes what waits at the daemon. Sends when a
 * batch is full; waits while the broker withholds. NW_BAD_RECORD when it is past NW_RECORD_MAX. Whose input rests calls
 * nw_feeder_flush with timeout 0, so that the last batch goes.
 */
int nw_feeder_submit(struct nw_feeder *feeder, struct nw_str record, int64_t timeout_ms);

/* Sends what is queued and waits until all is accepted or rejected: durable at the broker. */
int nw_feeder_flush(struct nw_feeder *feeder, int64_t timeout_ms);

/* Handles what the broker has sent, without waiting. For callers with a loop of their own: see nw_feeder_fd. */
int nw_feeder_poll(struct nw_feeder *feeder);

/* A descriptor that becomes readable when there may be something to handle (edge-triggered: call nw_feeder_poll after
 * each wake-up and after each submit). -1 if there is none. */
int nw_feeder_fd(const struct nw_feeder *feeder);

/* The stage's section of the daemon's configuration, as JSON text, for a feeder that has a stage's name; else "". */
struct nw_str nw_feeder_config(const struct nw_feeder *feeder);

void nw_feeder_stats(const struct nw_feeder *feeder, struct nw_feeder_stats *stats);

/* The last rejection's sentence; "" if there was none. */
const char *nw_feeder_why(const struct nw_feeder *feeder);

void nw_feeder_close(struct nw_feeder **feeder); /* accepts NULL, nulls the pointer; what is not flushed may be lost */

/* ---- subscribing */

struct nw_subscriber;

enum { NW_FROM_START = 1 };
#define NW_FROM_NOW UINT64_MAX

struct nw_subscriber_options {
    const char *publisher; /* the live stream's endpoint: ipc://…/publish.sock */
    const char *reader;    /* the past's endpoint: ipc://…/read.sock */
    /* Which articles: `newswire help check-query`; NULL: "all". "trends": reports of what rises instead, one a minute
     * (stages/PROTOCOL.md). */
    const char *query;
    uint64_t from; /* first oseq wanted: NW_FROM_START, a number, or NW_FROM_NOW */
    /* Names a durable position that the daemon keeps: it goes on behind what was last committed under it, and `from`
     * counts only where nothing was. 1 to 64 letters, digits, '-', '_' and '.'; NULL: none. One subscriber a name. */
    const char *name;
    const char *broker_key, *key; /* as a feeder's */
    int64_t timeout_ms;           /* for the first answer; 0: 5000 */
    char *why;                    /* as a feeder's */
};

struct nw_delivery {
    uint64_t oseq;        /* place in the output log */
    struct nw_str record; /* msgpack; lives until the next call */
};

/* What nw_subscriber_next returns beside 0 and a negative error. */
enum {
    NW_SUBSCRIBER_TRUNCATED =
        1, /* the log no longer holds what was asked for: delivery->oseq is the first that it holds; it goes on there */
    NW_SUBSCRIBER_END = 2, /* see nw_subscriber_end_at */
};

/* Connects, subscribes, and joins the past to the live stream without a gap. A name that is new is committed where it
 * begins, so that what comes while its subscriber is away is not missed. */
int nw_subscriber_open(const struct nw_subscriber_options *options, struct nw_subscriber **subscriber);

/* The next record, in order of oseq, none twice, none missed (lost live frames are read from the log). */
int nw_subscriber_next(struct nw_subscriber *subscriber, struct nw_delivery *delivery, int64_t timeout_ms);

/* From now on nw_subscriber_next returns NW_SUBSCRIBER_END once all through `oseq` is delivered, or not wanted by the
 * query. */
void nw_subscriber_end_at(struct nw_subscriber *subscriber, uint64_t oseq);

/* All through `oseq`, which was delivered, need not come again under this subscriber's name; durable at the daemon when
 * it returns 0. -EINVAL without a name, and for what was not delivered; -ESTALE when the daemon's log is another one by
 * now (the next delivery tells). Waits; the stream goes on meanwhile, but a second or so between two is wise. */
int nw_subscriber_commit(struct nw_subscriber *subscriber, uint64_t oseq, int64_t timeout_ms);

/* What was last committed under this subscriber's name; 0: nothing yet. */
uint64_t nw_subscriber_committed(const struct nw_subscriber *subscriber);

/* The sentence of the daemon's refusal, after -ECONNREFUSED; else "". */
const char *nw_subscriber_why(const struct nw_subscriber *subscriber);

/* The newest oseq that the daemon has told of; 0 before any. */
uint64_t nw_subscriber_head(const struct nw_subscriber *subscriber);

void nw_subscriber_close(struct nw_subscriber **subscriber); /* accepts NULL, nulls the pointer */

#endif
