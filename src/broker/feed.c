/* Feeders: HELLO, SUBMIT, ACCEPT. What is appended is accepted when it is durable; what was accepted before is not
 * appended again. */
#include "broker/broker.h"

#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>

#include <stdio.h>

#define FSEQ_MAX (UINT64_MAX / 2)

enum {
    ACCEPT_MS = 1000, /* ACCEPT is repeated after so long: the feeder's sign that its window still stands */
    BEHIND_PART = 16, /* of the window, when much is under way */
};

/* What is far from being done need not come faster: it would be read back from the disk, and take the processors from
 * what is to be done before it. So little at a time is accepted then, but never nothing. */
static uint64_t window_of(const struct broker *broker)
{
    uint64_t window = broker->limits.feeder_window, least = broker->limits.batch_records;

    if (broker->low_on_room)
        return 0;
    if (!broker->behind || window <= least)
        return window;
    return window / BEHIND_PART > least ? window / BEHIND_PART : least;
}

/* Begins at two windows under way, ends at one. */
static void look_behind(struct broker *broker)
{
    uint64_t under_way = journal_last(broker->journal) + 1 - broker->lanes[NW_LANE_NORMAL].low;

    if (under_way < broker->limits.feeder_window)
        broker->behind = false;
    else if (under_way > 2 * broker->limits.feeder_window)
        broker->behind = true;
}

static bool name_is_good(struct nw_str name)
{
    if (name.n < 1 || name.n > 64)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
              c == '.'))
            return false;
    }
    return true;
}

/* A name has one life at a time: what an earlier one still has under way must not take the numbers of the new one. */
static int supersede(struct broker *broker, const struct peer *peer)
{
    for (struct peer *other = broker->feeding, *next; other; other = next) {
        next = other->feeding;
        if (other == peer || other->feeder != peer->feeder)
            continue;
        struct peer_id id = other->id;
        int r = broker_refuse(broker, &id, "another process has come that feeds under this name; give each its own");
        if (r < 0)
            return r;
    }
    return 0;
}

/* The journal forgets no name that somebody feeds under. */
static void hold(struct peer *peer, struct feeder *feeder)
{
    if (feeder)
        feeder->held++;
    if (peer->feeder)
        peer->feeder->held--;
    peer->feeder = feeder;
}

int feed_hello(struct broker *broker, struct peer *peer, const struct nw_hello_header *hello)
{
    struct nw_header welcome = {.type = NW_WELCOME};

    if (!name_is_good(hello->stage))
        return broker_refuse(broker, &peer->id, "a feeder's name has 1 to 64 letters, digits, '-', '_' and '.'");
    if (peer->role != PEER_FEEDER) {
        peer->role = PEER_FEEDER;
        peer->feeding = broker->feeding;
        broker->feeding = peer;
    }
    struct feeder *feeder = journal_feeder(broker->journal, hello->stage, broker->now);
    if (!feeder)
        return nw_fault(-ENOMEM);
    hold(peer, feeder);
    int r = supersede(broker, peer);
    if (r < 0)
        return r;
    snprintf(peer->name, sizeof peer->name, "%s", peer->feeder->name);
    peer->told = 0;
    peer->fresh = true;
    peer->refused = false;
    peer->reject_count = 0;
    if (broker->has_source && nw_str_eq(hello->stage, broker->source.name))
        welcome.welcome.config = broker->source.config;
    welcome.welcome.window = window_of(broker);
    welcome.welcome.heartbeat_ms = (uint64_t)broker->limits.heartbeat_ms;
    welcome.welcome.batch_records = broker->limits.batch_records;
    welcome.welcome.batch_bytes = broker->limits.batch_bytes;
    /* Only what is durable counts as taken: what is still on its way to the disk may come again, and is known then. */
    welcome.welcome.fseq = peer->feeder->durable + 1;
    return broker_send(broker, &peer->id, &welcome, nw_str(NULL, 0));
}

void feed_part(struct broker *broker, struct peer *peer)
{
    for (struct peer **at = &broker->feeding; *at; at = &(*at)->feeding) {
        if (*at == peer) {
            *at = peer->feeding;
            break;
        }
    }
    hold(peer, NULL);
}

/* 0, JOURNAL_NO_ROOM or JOURNAL_FULL when the rest of the message is not taken. */
static int submit_one(struct broker *broker, struct peer *peer, uint64_t fseq, struct nw_str bytes, bool urgent,
                      struct chunk *chunk)
{
    struct lane *lane = &broker->lanes[NW_LANE_URGENT];
    bool known = fseq < peer->feeder->expected;
    int r;

    if (bytes.n == 0 || bytes.n > NW_RECORD_MAX) {
        /* Each refusal is told: what has no place in the next ACCEPT comes again after it. One that comes again is told
         * again, since the first time may have been lost. */
        if (peer->reject_count == BROKER_REJECTS)
            return JOURNAL_FULL;
        peer->rejects[peer->reject_count++] = fseq;
        if (!known)
            journal_refuse(broker->journal, peer->feeder);
        return 0;
    }
    broker->duplicates += known;
    if (known)
        return 0;
    urgent = urgent && lane_has_room(lane);
    r = journal_append(broker->journal, peer->feeder, bytes, urgent);
    if (r == JOURNAL_FULL) {
        r = journal_wait(broker->journal);
        if (r == 0)
            r = journal_append(broker->journal, peer->feeder, bytes, urgent);
    }
    if (r != 0)
        return r;
    fresh_add(&broker->fresh, &(struct fresh_record){.jseq = journal_last(broker->journal),
                                                     .chunk = chunk,
                                                     .at = (size_t)(bytes.p - chunk_bytes(chunk)),
                                                     .size = (uint32_t)bytes.n});
    return urgent ? lane_add(lane, journal_last(broker->journal)) : 0;
}

static int submit_all(struct broker *broker, struct peer *peer, const struct nw_submit_header *submit)
{
    const struct nw_numbers *urgent = &submit->urgent;
    struct chunk *chunk = socket_keep(broker->socket);
    size_t at = 0, next_urgent = 0;
    int r = 0;

    if (!chunk)
        return nw_fault(-ENOMEM);
    for (size_t i = 0; i < submit->sizes.n && r == 0; i++) {
        struct nw_str bytes = nw_str(chunk_bytes(chunk) + at, submit->sizes.v[i]);
        bool is_urgent = next_urgent < urgent->n && urgent->v[next_urgent] == i;
        at += submit->sizes.v[i];
        next_urgent += is_urgent;
        r = submit_one(broker, peer, submit->fseq + i, bytes, is_urgent, chunk);
    }
    chunk_drop(chunk);
    if (r == JOURNAL_NO_ROOM)
        broker->low_on_room = true;
    if (r > 0)
        peer->refused = true;
    return r < 0 ? r : 0;
}

int feed_submit(struct broker *broker, struct peer *peer, const struct nw_submit_header *submit)
{
    struct feeder *feeder = peer->feeder;

    feeder->used = broker->now;
    /* What a feeder sends first after WELCOME is the oldest that it has: all before was accepted once, or refused, by a
     * journal that has forgotten it. Without this it would be sent back to numbers that it no longer has, for ever. */
    if (peer->fresh && submit->fseq > feeder->expected && submit->fseq <= FSEQ_MAX)
        journal_skip(broker->journal, feeder, submit->fseq);
    peer->fresh = false;
    if (submit->fseq > feeder->expected) {
        /* Something between was not taken, or was lost with a broker: the feeder begins again where the journal ends.
         */
        peer->refused = true;
        return 0;
    }
    return submit_all(broker, peer, submit);
}

static int accept_one(struct broker *broker, struct peer *peer)
{
    const struct nw_str why = NW_STR("the record is empty or larger than 16 MiB; split it");
    struct nw_header accept = {.type = NW_ACCEPT};
    struct nw_reject rejects[BROKER_REJECTS];
    size_t due = 0;

    for (; due < peer->reject_count && peer->rejects[due] <= peer->feeder->durable; due++)
        rejects[due] = (struct nw_reject){peer->rejects[due], why};
    peer->reject_count -= due;
    memmove(peer->rejects, peer->rejects + due, peer->reject_count * sizeof *peer->rejects);
    peer->told = peer->feeder->durable;
    peer->told_window = window_of(broker);
    peer->told_at = broker->now;
    accept.accept.feeder = nw_str_z(peer->name);
    accept.accept.fseq = peer->feeder->durable;
    accept.accept.window = peer->told_window;
    accept.accept.rejects.v = rejects;
    accept.accept.rejects.n = due;
    return broker_send(broker, &peer->id, &accept, nw_str(NULL, 0));
}

int feed_accept(struct broker *broker)
{
    int r = 0;

    look_behind(broker);
    for (struct peer *peer = broker->feeding, *next; peer && r == 0; peer = next) {
        next = peer->feeding;
        journal_settle(broker->journal, peer->feeder);
        if (peer->feeder->durable > peer->told || window_of(broker) != peer->told_window ||
            broker->now - peer->told_at >= ACCEPT_MS)
            r = accept_one(broker, peer);
        if (r == SOCKET_GONE) {
            broker_forget(broker, peer);
            r = 0;
            continue;
        }
        if (r == 0 && peer->refused && !broker->low_on_room && peer->reject_count == 0) {
            struct nw_header reset = {.type = NW_RESET};
            reset.reset.why = NW_S("something before it is missing: say HELLO and go on from WELCOME's fseq");
            peer->refused = false;
            r = broker_send(broker, &peer->id, &reset, nw_str(NULL, 0));
        }
        if (r > 0)
            r = 0; /* it will be told in a second, or is found to be gone then */
    }
    return r;
}
