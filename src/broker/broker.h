/*
 * The broker: journals what feeders submit, leases it in batches to workers stage by stage, and takes their results,
 * until each accepted record is done. It never looks into a record.
 *
 * The way of a record: feed.c appends it to the journal and accepts it once it is durable; ring.c loads it meanwhile,
 * as an entry with one item, while there is room under way; work.c leases the items of each stage's queue and takes the
 * results to the next; ring.c lets the items of durable entries into the ordered stage in the order of jseq, and moves
 * the low-water mark when entries are done.
 *
 * One thread. Time is monotonic (clock.h). Functions return 0 or a negative fault; after a fault the broker exits and
 * recovers from the journal.
 */
#ifndef BROKER_BROKER_H
#define BROKER_BROKER_H

#include "broker/dead.h"
#include "broker/fresh.h"
#include "broker/item.h"
#include "broker/journal.h"
#include "broker/lane.h"
#include "broker/socket.h"
#include "broker/spread.h"
#include "link/frame.h"

#include <newswire/buf.h>

enum { BROKER_STAGES = 6, BROKER_PEERS = 4096, BROKER_WINDOW = 64, BROKER_BUCKETS = 1024, BROKER_REJECTS = 8 };

struct broker_limits {
    size_t in_flight_records, in_flight_bytes; /* loaded and not done */
    size_t batch_records, batch_bytes;
    size_t window;        /* batches that a worker may hold */
    size_t window_bytes;  /* and bytes, but one batch is always allowed */
    size_t feeder_window; /* records that a feeder may have under way */
    int64_t lease_ms, heartbeat_ms;
    int64_t article_ms;        /* CPU time that a worker may spend on a record; 0: any */
    int lost_alone, lost_dead; /* lost leases after which a record goes alone, goes to the dead letters */
};

struct broker_stage {
    struct nw_str name;
    struct nw_str config; /* JSON text for WELCOME */
    bool ordered;
    bool marked;         /* ordered: it has said in this life of the broker what its log has: */
    struct nw_mark mark; /* how far that is; its jseqs are 0 where it has nothing of this journal */
    struct item_queue queues[NW_LANES];
    uint64_t in, out, made, dropped, dead; /* records: in = out + dropped + dead + in flight + queued */
    size_t in_flight;
    size_t unburied;      /* its graves */
    struct peer *workers; /* by sibling */
    size_t worker_count;
    struct spread spread; /* µs from queue to result */
};

struct lease {
    uint64_t id; /* 0: this place is free */
    struct item *items;
    size_t n, bytes;
    int64_t since; /* monotonic ms */
};

enum peer_role { PEER_NEW, PEER_WORKER, PEER_FEEDER };

struct peer {
    struct peer *next; /* in its bucket */
    struct peer_id id;
    enum peer_role role;
    bool doubted; /* silent or past a lease: gets nothing until it is heard */
    int64_t heard, pinged;
    char name[65];

    /* workers */
    struct broker_stage *stage;
    struct peer *sibling; /* the next worker of the stage */
    uint64_t window;      /* CREDIT's */
    struct lease leases[BROKER_WINDOW];
    size_t held, held_bytes; /* leases in use, their bytes */
    bool exclusive;          /* holds a suspect: nothing else */
    double service;          /* smoothed µs a record */

    /* feeders */
    struct feeder *feeder;
    struct peer *feeding; /* the next feeder that is connected */
    uint64_t told;        /* the fseq that the last ACCEPT named */
    uint64_t told_window;
    int64_t told_at;
    bool fresh;   /* nothing was submitted since its HELLO */
    bool refused; /* something could not be taken for want of room: RESET when there is */
    uint64_t rejects[BROKER_REJECTS];
    size_t reject_count;
};

/* A record that goes to the dead letters when its entry is durable and their disk has room. */
struct grave {
    struct grave *next;
    struct item *item;
    size_t stage;
    unsigned attempts;
    char why[NW_WHY];
};

struct broker {
    struct broker_limits limits;
    uint64_t epoch;
    struct broker_socket *socket;
    struct journal *journal;
    struct dead_log *dead_log;

    struct broker_stage stages[BROKER_STAGES];
    size_t stage_count;
    size_t order;               /* how many stand before the ordered ones, which each get all that passes those */
    struct broker_stage source; /* fetch: config only */
    bool has_source;

    struct peer *peers[BROKER_BUCKETS];
    size_t peer_count;
    struct peer *feeding; /* feeders, by `feeding` */
    uint64_t next_lease;
    int64_t now;    /* of this turn, monotonic ms */
    int64_t now_us; /* of this message or turn, monotonic us: one look at the clock for all of its records */
    int64_t watched, asked_room;
    bool low_on_room;
    bool behind;    /* much is under way: see feed.c */
    bool held_off;  /* a batch waits to become fuller */
    bool gathering; /* records wait for others to be loaded with */
    int64_t loaded; /* when some were loaded last, monotonic us */

    struct lane lanes[NW_LANES];
    struct fresh fresh;
    struct grave *graves, **graves_end;
    int64_t no_graves;         /* when their disk had no room last; 0: it has */
    int64_t asked_due;         /* when embargoes were looked at last */
    int64_t began, began_wall; /* this life: monotonic and wall ms */
    uint64_t first;            /* jseq from which this life's ledger counts */
    int64_t carried;           /* and urgent entries below it that were open, less those above it that were done */
    size_t loaded_bytes;
    bool unmarked; /* an ordered stage has not yet said what its log has: nothing is loaded before */

    struct spread spread; /* µs from loading to done, of whole entries */
    uint64_t published, dropped, dead, duplicates, lost_leases, stale;

    struct nw_buf header, body;
    struct nw_arena arena;
};

/* broker.c: the lanes begin at jseq `low`, with the urgent entries that journal_open found. */
int broker_open(struct broker *broker, uint64_t low, struct nw_buf *urgent);
void broker_close(struct broker *broker); /* after the journal */
/* Handles one message, if one is there; *some tells whether there was. */
int broker_receive(struct broker *broker, bool *some);
/* What is due: durable submissions, loading, dispatch, leases, pings. */
int broker_turn(struct broker *broker);
int broker_send(struct broker *broker, const struct peer_id *peer, const struct nw_header *header, struct nw_str body);
struct peer *broker_peer(struct broker *broker, const struct peer_id *id);
void broker_forget(struct broker *broker, struct peer *peer);
int broker_refuse(struct broker *broker, const struct peer_id *id, const char *why);

/* feed.c */
int feed_hello(struct broker *broker, struct peer *peer, const struct nw_hello_header *hello);
/* Takes the body off the socket. */
int feed_submit(struct broker *broker, struct peer *peer, const struct nw_submit_header *submit);
int feed_accept(struct broker *broker);
void feed_part(struct broker *broker, struct peer *peer);

/* work.c */
int work_hello(struct broker *broker, struct peer *peer, const struct nw_hello_header *hello);
int work_credit(struct broker *broker, struct peer *peer, const struct nw_credit_header *credit);
int work_done(struct broker *broker, struct peer *peer, const struct nw_done_header *done, struct nw_str body);
void work_part(struct peer *peer);
int work_dispatch(struct broker *broker);
/* Pings, silence, leases that are too old; every tenth of a second. */
int work_watch(struct broker *broker);
/* All of a worker's leases go back to the front of the queue, in their order. `to_blame`: it may have been the oldest
 * one that cost us the worker. */
int work_lose(struct broker *broker, struct peer *peer, const char *why, bool to_blame);

/* ring.c */
void ring_close(struct broker *broker);
int ring_load(struct broker *broker);
/* The ledger of this life begins with what is open now. */
void ring_count_from_here(struct broker *broker);
/* An ordered stage has said its mark. When all have, what is below the marks of all is done. */
void ring_mark(struct broker *broker, struct broker_stage *stage, const struct nw_mark *mark);
/* An item comes to a stage. */
void ring_enter(struct broker *broker, struct item *item, size_t stage);
/* An item ends (its outputs, if any, have entered). */
void ring_leave(struct broker *broker, struct item *item, bool was_ordered);
int ring_turn(struct broker *broker);
/* How far all is, for the journal. Its list lives until the next turn. */
struct journal_progress ring_progress(const struct broker *broker);
/* Ends an item in the dead letters, after so many attempts, at once or when they have room. */
int ring_bury(struct broker *broker, struct item *item, size_t stage, unsigned attempts, const char *why);

/* resolve.c */
int resolve_hello(struct broker *broker, struct peer *peer);
int resolve_take(struct broker *broker, const struct peer_id *id, const struct nw_resolve_header *resolve);
/* Submits the retries that had to wait for room, or were left by an earlier life. */
int resolve_turn(struct broker *broker);

/* stats.c */
int stats_print(const struct broker *broker, struct nw_buf *out);

#endif
