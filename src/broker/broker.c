/* The broker's door: who is who, which message goes where, and the order of things in a turn. */
#include "broker/broker.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum { ROOM_MS = 500, BODY_MAX = NW_FRAME_MAX };

/* ---- peers */

static struct peer **bucket_of(struct broker *broker, const struct peer_id *id)
{
    return &broker->peers[nw_hash64(nw_str((const char *)id->bytes, id->n), 0) % BROKER_BUCKETS];
}

static struct peer *peer_find(struct broker *broker, const struct peer_id *id)
{
    for (struct peer *peer = *bucket_of(broker, id); peer; peer = peer->next) {
        if (peer->id.n == id->n && memcmp(peer->id.bytes, id->bytes, id->n) == 0)
            return peer;
    }
    return NULL;
}

/* The peer, made new if it is unknown; NULL when there are too many, or no memory. */
struct peer *broker_peer(struct broker *broker, const struct peer_id *id)
{
    struct peer *peer = peer_find(broker, id), **bucket;

    if (peer || broker->peer_count >= BROKER_PEERS)
        return peer;
    peer = nw_calloc(1, sizeof *peer);
    if (!peer)
        return NULL;
    bucket = bucket_of(broker, id);
    peer->id = *id;
    peer->next = *bucket;
    *bucket = peer;
    broker->peer_count++;
    return peer;
}

/* A worker's leases must have been taken from it before. */
void broker_forget(struct broker *broker, struct peer *peer)
{
    struct peer **at = bucket_of(broker, &peer->id);

    if (peer->role == PEER_WORKER)
        work_part(peer);
    else if (peer->role == PEER_FEEDER)
        feed_part(broker, peer);
    while (*at != peer)
        at = &(*at)->next;
    *at = peer->next;
    broker->peer_count--;
    nw_free(peer);
}

int broker_send(struct broker *broker, const struct peer_id *peer, const struct nw_header *header, struct nw_str body)
{
    struct nw_header stamped = *header;
    int r;

    stamped.epoch = broker->epoch;
    nw_buf_clear(&broker->header);
    r = nw_header_encode(&stamped, &broker->header);
    return r < 0 ? nw_fault(r) : socket_send(broker->socket, peer, nw_buf_view(&broker->header), body);
}

/* Tells a peer to go, and forgets it; what is leased to it goes to others. */
int broker_refuse(struct broker *broker, const struct peer_id *id, const char *why)
{
    struct nw_header bye = {.type = NW_BYE};
    struct peer_id copy = *id; /* it may stand in the peer that goes */
    struct peer *peer = peer_find(broker, id);
    int r;

    nw_warn("refused a peer: %s", why);
    if (peer && peer->role == PEER_WORKER) {
        r = work_lose(broker, peer, why, true);
        if (r < 0)
            return r;
    }
    if (peer)
        broker_forget(broker, peer);
    bye.bye.why = nw_str_z(why);
    r = broker_send(broker, &copy, &bye, nw_str(NULL, 0));
    return r < 0 ? r : 0;
}

/* ---- messages */

/* Whether it understands the same record, as far as it says. */
static bool same_major(uint64_t schema)
{
    return schema == 0 || nw_schema_major(schema) == nw_schema_major(nw_record_schema());
}

static int take_hello(struct broker *broker, struct peer *peer, const struct nw_hello_header *hello)
{
    char why[NW_WHY];

    if (!same_major(hello->schema)) {
        snprintf(why, sizeof why,
                 "%.*s was built for version %u of the record, this broker for version %u: install the same release of "
                 "newswired on both machines",
                 NW_FMT(hello->stage), nw_schema_major(hello->schema), nw_schema_major(nw_record_schema()));
        return broker_refuse(broker, &peer->id, why);
    }
    /* Each role has lists of its own that the peer is in. */
    if ((peer->role == PEER_WORKER &&
         !(nw_str_eq(hello->role, NW_S("worker")) && nw_str_eq(hello->stage, peer->stage->name))) ||
        (peer->role == PEER_FEEDER && !nw_str_eq(hello->role, NW_S("feeder"))))
        return broker_refuse(broker, &peer->id, "a connection has one role, and a worker one stage: connect anew");
    if (nw_str_eq(hello->role, NW_S("worker")))
        return work_hello(broker, peer, hello);
    if (nw_str_eq(hello->role, NW_S("feeder")))
        return feed_hello(broker, peer, hello);
    if (nw_str_eq(hello->role, NW_S("watcher")))
        return resolve_hello(broker, peer);
    return broker_refuse(broker, &peer->id, "the role in HELLO must be worker, feeder or watcher");
}

static int take_bye(struct broker *broker, struct peer *peer)
{
    int r = peer->role == PEER_WORKER ? work_lose(broker, peer, "it said BYE", false) : 0;

    broker_forget(broker, peer);
    return r;
}

static int take_message(struct broker *broker, const struct peer_id *id, const struct nw_header *header,
                        struct nw_str body)
{
    struct peer *peer = header->type == NW_HELLO ? broker_peer(broker, id) : peer_find(broker, id);

    if (header->type == NW_HELLO && !peer)
        return broker_refuse(broker, id, "this broker has as many peers as it can have");
    if (header->type == NW_HELLO) {
        peer->heard = broker->now;
        return take_hello(broker, peer, &header->hello);
    }
    if (header->type == NW_RESOLVE && header->epoch == broker->epoch)
        return resolve_take(broker, id, &header->resolve);
    if (!peer || header->epoch != broker->epoch) {
        struct nw_header reset = {.type = NW_RESET};
        if (header->type == NW_BYE)
            return 0;
        reset.reset.why = NW_S("this broker does not know you: say HELLO");
        int r = broker_send(broker, id, &reset, nw_str(NULL, 0));
        return r < 0 ? r : 0;
    }
    peer->heard = broker->now;
    peer->doubted = false;
    if (header->type == NW_BYE)
        return take_bye(broker, peer);
    if (peer->role == PEER_WORKER && header->type == NW_CREDIT)
        return work_credit(broker, peer, &header->credit);
    if (peer->role == PEER_WORKER && header->type == NW_DONE)
        return work_done(broker, peer, &header->done, body);
    if (peer->role == PEER_FEEDER && header->type == NW_SUBMIT)
        return feed_submit(broker, peer, &header->submit);
    return 0; /* PING, and what later versions may say */
}

int broker_receive(struct broker *broker, bool *some)
{
    struct peer_id id;
    struct nw_str bytes, body;
    struct nw_header header;
    char why[NW_WHY];
    int r = socket_receive(broker->socket, &id, &bytes, &body);

    *some = r == 0;
    if (r != 0)
        return r < 0 ? r : 0;
    broker->now_us = nw_clock_mono_micro();
    nw_arena_reset(&broker->arena);
    r = nw_header_decode(&broker->arena, bytes, &header, why);
    if (r == 0 && !nw_header_fits(&header, body.n)) {
        snprintf(why, sizeof why, "%s: the sizes do not make up the body", nw_message_name(header.type));
        r = NW_BAD_HEADER;
    }
    if (r < 0)
        return nw_fault(r);
    if (r == 0) {
        r = take_message(broker, &id, &header, body);
    } else {
        r = broker_refuse(broker, &id, why);
    }
    return r == SOCKET_GONE || r == SOCKET_FULL ? 0 : r;
}

/* ---- time */

int broker_turn(struct broker *broker)
{
    uint64_t durable;
    int r;

    broker->now = nw_clock_mono();
    broker->now_us = nw_clock_mono_micro();
    r = journal_turn(broker->journal, &durable);
    if (r == 0 && broker->now - broker->asked_room >= ROOM_MS) {
        broker->asked_room = broker->now;
        broker->low_on_room = journal_is_low_on_room(broker->journal);
    }
    if (r == 0)
        r = resolve_turn(broker);
    if (r == 0)
        r = feed_accept(broker);
    if (r == 0)
        r = ring_load(broker);
    if (r == 0)
        r = ring_turn(broker);
    if (r == 0)
        r = work_watch(broker);
    if (r == 0)
        r = work_dispatch(broker);
    return r;
}

int broker_open(struct broker *broker, uint64_t low, struct nw_buf *urgent)
{
    size_t size = broker->limits.in_flight_records;
    int r;

    for (size_t i = 0; i < broker->stage_count; i++) {
        for (size_t lane = 0; lane < NW_LANES; lane++)
            item_queue_init(&broker->stages[i].queues[lane]);
    }
    nw_buf_init(&broker->header, NW_HEADER_MAX);
    nw_buf_init(&broker->body, BODY_MAX);
    broker->now = broker->began = nw_clock_mono();
    broker->now_us = nw_clock_mono_micro();
    broker->began_wall = nw_clock_wall();
    broker->graves_end = &broker->graves;
    for (broker->order = broker->stage_count; broker->order > 0 && broker->stages[broker->order - 1].ordered;)
        broker->order--;
    broker->unmarked = broker->order < broker->stage_count;
    r = lane_open(&broker->lanes[NW_LANE_NORMAL], NW_LANE_NORMAL, size, low, NULL);
    if (r == 0)
        r = lane_open(&broker->lanes[NW_LANE_URGENT], NW_LANE_URGENT, size, 1, urgent);
    if (r == 0)
        ring_count_from_here(broker);
    return r;
}

static void free_items(struct item *items)
{
    for (struct item *next; items; items = next) {
        next = items->next;
        item_free(items);
    }
}

void broker_close(struct broker *broker)
{
    for (size_t i = 0; i < BROKER_BUCKETS; i++) {
        while (broker->peers[i]) {
            struct peer *peer = broker->peers[i];
            peer->feeder = NULL; /* it went with the journal */
            for (size_t j = 0; j < BROKER_WINDOW; j++)
                free_items(peer->leases[j].items);
            broker_forget(broker, peer);
        }
    }
    for (size_t i = 0; i < broker->stage_count; i++) {
        for (size_t lane = 0; lane < NW_LANES; lane++)
            free_items(broker->stages[i].queues[lane].first);
    }
    ring_close(broker);
    fresh_clear(&broker->fresh);
    nw_buf_free(&broker->header);
    nw_buf_free(&broker->body);
    nw_arena_free(&broker->arena);
}
