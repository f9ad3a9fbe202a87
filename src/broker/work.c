/*
 * Workers: HELLO, CREDIT, WORK, DONE, and what happens to the leases of those that are lost.
 *
 * Blame: a worker takes its leases one after the other, so only the oldest one can have taken it down; the others were
 * only waiting. A record that was in the oldest lease twice goes alone, to a worker that holds nothing else; a record
 * that takes down five workers goes to the dead letters.
 */
#include "broker/broker.h"

#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum { WATCH_MS = 100, PING_MS = 200, AWAY_MS = 1000, SILENT_BEATS = 5, HOLD_OFF_US = 2000, ORDERED_WINDOWS = 16 };

static size_t stage_index(const struct broker *broker, const struct broker_stage *stage)
{
    return (size_t)(stage - broker->stages);
}

/* Whether nothing goes on from it: it is ordered, or the last. */
static bool is_end(const struct broker *broker, size_t stage)
{
    return stage >= broker->order || stage + 1 == broker->stage_count;
}

/* ---- workers come and go */

static uint64_t newest(const struct nw_mark *mark)
{
    uint64_t normal = mark->lanes[NW_LANE_NORMAL].jseq, urgent = mark->lanes[NW_LANE_URGENT].jseq;

    return normal > urgent ? normal : urgent;
}

int work_hello(struct broker *broker, struct peer *peer, const struct nw_hello_header *hello)
{
    struct nw_header welcome = {.type = NW_WELCOME};
    struct broker_stage *stage = NULL;
    char why[NW_WHY];
    int r;

    for (size_t i = 0; i < broker->stage_count; i++) {
        if (nw_str_eq(broker->stages[i].name, hello->stage))
            stage = &broker->stages[i];
    }
    if (!stage) {
        snprintf(why, sizeof why, "stage %.*s is not in the pipeline of this broker", NW_FMT(hello->stage));
        return broker_refuse(broker, &peer->id, why);
    }
    if (stage->ordered && stage->workers && stage->workers != peer)
        return broker_refuse(broker, &peer->id, "an ordered stage has one process, and one is connected already");
    if (stage->ordered && hello->mark.set && hello->mark.journal == journal_id(broker->journal) &&
        newest(&hello->mark) > journal_last(broker->journal)) {
        /* New records would get numbers that the log has, and be taken for known. */
        snprintf(why, sizeof why,
                 "the output log has jseq %llu of this journal, which ends at %llu: the journal is an older copy; put "
                 "back the right one, or move it away to begin a new one",
                 (unsigned long long)newest(&hello->mark), (unsigned long long)journal_last(broker->journal));
        return broker_refuse(broker, &peer->id, why);
    }
    if (peer->role == PEER_WORKER) {
        r = work_lose(broker, peer, "it said HELLO again", false);
        if (r < 0)
            return r;
    } else {
        peer->role = PEER_WORKER;
        peer->stage = stage;
        peer->sibling = stage->workers;
        stage->workers = peer;
        stage->worker_count++;
    }
    snprintf(peer->name, sizeof peer->name, "%.*s", NW_FMT(hello->stage));
    peer->doubted = false;
    peer->window = 0;
    if (stage->ordered)
        ring_mark(broker, stage, &hello->mark);
    welcome.welcome.config = stage->config;
    welcome.welcome.journal = journal_id(broker->journal);
    welcome.welcome.window = broker->limits.window;
    welcome.welcome.lease_ms = (uint64_t)broker->limits.lease_ms;
    welcome.welcome.heartbeat_ms = (uint64_t)broker->limits.heartbeat_ms;
    welcome.welcome.article_ms = (uint64_t)broker->limits.article_ms;
    welcome.welcome.batch_records = broker->limits.batch_records;
    welcome.welcome.batch_bytes = broker->limits.batch_bytes;
    const char *sender = socket_sender(broker->socket);
    nw_info("a worker for %s has come: pid %llu on %.*s%s%s", peer->name, (unsigned long long)hello->pid,
            NW_FMT(hello->host), sender[0] ? ", with the key " : "", sender);
    return broker_send(broker, &peer->id, &welcome, nw_str(NULL, 0));
}

void work_part(struct peer *peer)
{
    for (struct peer **at = &peer->stage->workers; *at; at = &(*at)->sibling) {
        if (*at == peer) {
            *at = peer->sibling;
            peer->stage->worker_count--;
            return;
        }
    }
}

int work_credit(struct broker *broker, struct peer *peer, const struct nw_credit_header *credit)
{
    peer->window = credit->window;
    if (peer->window > 0 || peer->held > 0)
        return 0;
    /* It drains, and nothing is leased to it any more: it may go. */
    struct nw_header bye = {.type = NW_BYE};
    bye.bye.why = NW_S("drained");
    struct peer_id id = peer->id;
    broker_forget(broker, peer);
    int r = broker_send(broker, &id, &bye, nw_str(NULL, 0));
    return r > 0 ? 0 : r;
}

/* ---- leases */

static struct lease *lease_oldest(struct peer *peer)
{
    struct lease *oldest = NULL;

    for (size_t i = 0; i < BROKER_WINDOW; i++) {
        if (peer->leases[i].id && (!oldest || peer->leases[i].id < oldest->id))
            oldest = &peer->leases[i];
    }
    return oldest;
}

static void lease_end(struct peer *peer, struct lease *lease)
{
    peer->held--;
    peer->held_bytes -= lease->bytes;
    peer->exclusive = false;
    peer->stage->in_flight -= lease->n;
    *lease = (struct lease){0};
}

/* Puts items back before the queue in their order: they come newest lease first, so each list goes before the last. */
static void requeue(struct broker_stage *stage, struct item *items)
{
    struct item *reversed = NULL;

    for (struct item *item = items, *next; item; item = next) {
        next = item->next;
        item->next = reversed;
        reversed = item;
    }
    for (struct item *item = reversed, *next; item; item = next) {
        next = item->next;
        item_queue_push_front(&stage->queues[item->entry->lane], item);
    }
}

/* Counts a loss against the items of the lease that was being worked on; those past the limit are buried, the rest is
 * returned. */
static int blame(struct broker *broker, struct broker_stage *stage, struct item **items)
{
    int r = 0;

    for (struct item **at = items; *at && r == 0;) {
        struct item *item = *at;
        item->lost++;
        item->alone = item->lost >= broker->limits.lost_alone;
        if (item->lost >= broker->limits.lost_dead) {
            char why[NW_WHY];
            *at = item->next;
            snprintf(why, sizeof why, "%d workers were lost while they had it", item->lost);
            r = ring_bury(broker, item, stage_index(broker, stage), item->lost, why);
        } else {
            at = &item->next;
        }
    }
    return r;
}

static struct lease *lease_newest(struct peer *peer)
{
    struct lease *newest = NULL;

    for (size_t i = 0; i < BROKER_WINDOW; i++) {
        if (peer->leases[i].id && (!newest || peer->leases[i].id > newest->id))
            newest = &peer->leases[i];
    }
    return newest;
}

int work_lose(struct broker *broker, struct peer *peer, const char *why, bool to_blame)
{
    struct lease *oldest = lease_oldest(peer), *lease;
    int r = 0;

    peer->doubted = true;
    if (!oldest)
        return 0;
    nw_warn("a worker for %s is lost: %s; %zu leases go to others", peer->name, why, peer->held);
    while ((lease = lease_newest(peer)) && r == 0) {
        struct item *items = lease->items;
        if (lease == oldest && to_blame)
            r = blame(broker, peer->stage, &items);
        broker->lost_leases++;
        requeue(peer->stage, items);
        lease_end(peer, lease);
    }
    return r;
}

/* ---- dispatch */

static bool has_room(const struct broker *broker, const struct peer *peer)
{
    /* An ordered stage waits for its disk, not for its processor: enough must be under way to fill a commit. */
    size_t bytes = broker->limits.window_bytes * (peer->stage->ordered ? ORDERED_WINDOWS : 1);

    return !peer->doubted && !peer->exclusive && peer->held < peer->window && peer->held < broker->limits.window &&
           (peer->held == 0 || peer->held_bytes < bytes);
}

/* The worker that will be done with one more batch first; for a record that goes alone, of those that hold nothing. */
static struct peer *choose(struct broker *broker, struct broker_stage *stage, bool alone)
{
    struct peer *best = NULL;
    double best_cost = 0;

    for (struct peer *peer = stage->workers; peer; peer = peer->sibling) {
        double cost;
        if (!has_room(broker, peer) || (alone && peer->held > 0))
            continue;
        cost = (double)(peer->held + 1) * (peer->service > 0 ? peer->service : 1);
        if (!best || cost < best_cost) {
            best = peer;
            best_cost = cost;
        }
    }
    return best;
}

static struct lease *lease_free(struct peer *peer)
{
    for (size_t i = 0; i < BROKER_WINDOW; i++) {
        if (!peer->leases[i].id)
            return &peer->leases[i];
    }
    return NULL;
}

/* Cuts a batch off the queue's front. */
static struct item *cut(struct broker *broker, struct item_queue *queue, size_t *n, size_t *bytes)
{
    struct item *first = NULL, **last = &first;

    *n = *bytes = 0;
    while (queue->first && *n < broker->limits.batch_records) {
        struct item *item = queue->first;
        if (*n > 0 && (item->alone || *bytes + item->size > broker->limits.batch_bytes))
            break;
        *last = item_queue_pop(queue);
        last = &item->next;
        ++*n;
        *bytes += item->size;
        if (item->alone)
            break;
    }
    return first;
}

/* The chunk that the items make up from its first byte to its last, as they came; NULL if they do not. */
static struct chunk *whole_chunk(const struct item *items)
{
    size_t at = 0;

    for (const struct item *item = items; item; item = item->next) {
        if (item->chunk != items->chunk || item->at != at)
            return NULL;
        at += item->size;
    }
    return at == chunk_size(items->chunk) ? items->chunk : NULL;
}

static int send_work(struct broker *broker, struct peer *peer, const struct lease *lease)
{
    struct nw_header work = {.type = NW_WORK, .epoch = broker->epoch};
    struct chunk *whole = whole_chunk(lease->items);
    size_t i = 0;

    nw_arena_reset(&broker->arena);
    work.work.lease = lease->id;
    work.work.attempt = (uint64_t)lease->items->lost + 1;
    work.work.entries.n = lease->n;
    work.work.entries.v = NW_ARENA_NEW(&broker->arena, struct nw_entry, lease->n);
    if (!work.work.entries.v)
        return nw_fault(-ENOMEM);
    for (const struct item *item = lease->items; item; item = item->next, i++)
        work.work.entries.v[i] = (struct nw_entry){item->entry->jseq, item->path, item->size,
                                                   peer->stage->ordered ? item->entry->lane : NW_LANE_NORMAL};
    if (!whole) {
        nw_buf_clear(&broker->body);
        for (const struct item *item = lease->items; item; item = item->next)
            nw_buf_str(&broker->body, item_bytes(item));
        return broker->body.error ? nw_fault(broker->body.error)
                                  : broker_send(broker, &peer->id, &work, nw_buf_view(&broker->body));
    }
    nw_buf_clear(&broker->header);
    if (nw_header_encode(&work, &broker->header) < 0)
        return nw_fault(broker->header.error);
    return socket_send_chunk(broker->socket, &peer->id, nw_buf_view(&broker->header), whole);
}

/* Leases one batch. 0, or a negative fault; *some tells whether something was leased. */
static int dispatch_one(struct broker *broker, struct broker_stage *stage, struct item_queue *queue, bool *some)
{
    struct item *head = queue->first;
    struct peer *peer = choose(broker, stage, head->alone);
    struct lease *lease;
    int r;

    *some = false;
    if (!peer)
        return 0;
    /* A worker that has something to do can wait a moment for a fuller batch; what is urgent does not. */
    if (peer->held > 0 && head->entry->lane == NW_LANE_NORMAL && queue->n < broker->limits.batch_records &&
        broker->now_us - head->queued < HOLD_OFF_US) {
        broker->held_off = true;
        return 0;
    }
    lease = lease_free(peer);
    if (!lease)
        return 0;
    lease->items = cut(broker, queue, &lease->n, &lease->bytes);
    lease->id = ++broker->next_lease;
    lease->since = broker->now;
    peer->held++;
    peer->held_bytes += lease->bytes;
    peer->exclusive = head->alone;
    stage->in_flight += lease->n;
    r = send_work(broker, peer, lease);
    if (r == SOCKET_GONE || r == SOCKET_FULL) {
        /* Nothing was sent, so nobody is to blame. */
        requeue(stage, lease->items);
        lease_end(peer, lease);
        peer->doubted = true;
        if (r == SOCKET_GONE) {
            r = work_lose(broker, peer, "it is not connected any more", true);
            broker_forget(broker, peer);
            *some = true; /* there may be another one */
            return r;
        }
        return 0;
    }
    *some = true;
    return r;
}

int work_dispatch(struct broker *broker)
{
    int r = 0;

    broker->held_off = false;
    /* The last stage first: what is nearly done makes room for what comes. */
    for (size_t i = broker->stage_count; i-- > 0 && r == 0;) {
        struct broker_stage *stage = &broker->stages[i];
        bool some = true;
        while (some && r == 0) {
            struct item_queue *queue =
                &stage->queues[stage->queues[NW_LANE_URGENT].n > 0 ? NW_LANE_URGENT : NW_LANE_NORMAL];
            some = false;
            if (queue->n > 0)
                r = dispatch_one(broker, stage, queue, &some);
        }
    }
    return r;
}

/* ---- results */

static int take_outputs(struct broker *broker, struct item *item, size_t stage, const struct nw_sizes *sizes,
                        struct chunk *chunk, size_t *at)
{
    for (size_t i = 0; i < sizes->n; i++) {
        struct item *output = item_new(item->entry, chunk, *at, sizes->v[i]);
        if (!output)
            return nw_fault(-ENOMEM);
        *at += sizes->v[i];
        output->path = item->path << PATH_BITS | i;
        broker->loaded_bytes += output->size;
        ring_enter(broker, output, stage + 1);
    }
    return 0;
}

static int take_result(struct broker *broker, struct peer *peer, struct item *item, const struct nw_result *result,
                       struct chunk *chunk, size_t *at)
{
    struct broker_stage *stage = peer->stage;
    size_t index = stage_index(broker, stage);
    bool last = is_end(broker, index);
    char why[NW_WHY];
    int r = 0;

    spread_add(&stage->spread, broker->now_us - item->queued, broker->now);
    switch (result->outcome) {
    case NW_OUTPUTS:
        if (last)
            item->entry->outcome = item->entry->outcome == ENTRY_DEAD ? ENTRY_DEAD : ENTRY_PUBLISHED;
        else
            r = take_outputs(broker, item, index, &result->outputs, chunk, at);
        stage->out++;
        stage->made += result->outputs.n;
        break;
    case NW_LEFT_OUT:
        stage->dropped++;
        break;
    case NW_FAILED:
        snprintf(why, sizeof why, "%.*s", NW_FMT(result->reason));
        return ring_bury(broker, item, index, item->lost + 1u, why);
    case NW_AGAIN:
        item->lost++;
        item->alone = true;
        if (item->lost >= broker->limits.lost_dead)
            return ring_bury(broker, item, index, item->lost, "the stage gave it back each time");
        item_queue_push_front(&stage->queues[item->entry->lane], item);
        return 0;
    }
    if (r == 0)
        ring_leave(broker, item, stage->ordered);
    return r;
}

static bool makes_sense(const struct peer *peer, const struct lease *lease, const struct nw_done_header *done,
                        bool last)
{
    if (done->results.n != lease->n)
        return false;
    for (size_t i = 0; i < done->results.n; i++) {
        const struct nw_result *result = &done->results.v[i];
        /* In an ordered stage a record cannot come back: later ones are past it. */
        if (result->outcome == NW_AGAIN && peer->stage->ordered)
            return false;
        if (result->outcome == NW_OUTPUTS &&
            (last ? result->outputs.n > 0 : result->outputs.n < 1 || result->outputs.n > 4095))
            return false;
        for (size_t j = 0; result->outcome == NW_OUTPUTS && j < result->outputs.n; j++) {
            if (result->outputs.v[j] == 0 || result->outputs.v[j] > NW_RECORD_MAX)
                return false;
        }
    }
    return true;
}

int work_done(struct broker *broker, struct peer *peer, const struct nw_done_header *done, struct nw_str body)
{
    struct lease *lease = NULL;
    struct item *items;
    struct chunk *chunk = NULL;
    size_t at = 0, i = 0, n;
    int r = 0;

    for (size_t place = 0; place < BROKER_WINDOW; place++) {
        if (peer->leases[place].id == done->lease && done->lease)
            lease = &peer->leases[place];
    }
    if (!lease) {
        broker->stale++;
        return 0;
    }
    if (!makes_sense(peer, lease, done, is_end(broker, stage_index(broker, peer->stage)))) {
        return broker_refuse(broker, &peer->id,
                             "DONE must have one result an entry, and outputs of 1 byte to 16 MiB, as "
                             "stages/PROTOCOL.md says");
    }
    if (body.n > 0) {
        chunk = socket_keep(broker->socket);
        if (!chunk)
            return nw_fault(-ENOMEM);
    }
    items = lease->items;
    n = lease->n;
    lease_end(peer, lease);
    if (n > 0) {
        double service = (double)done->busy_us / (double)n;
        peer->service = peer->service > 0 ? peer->service * 0.8 + service * 0.2 : service;
    }
    for (struct item *item = items, *next; item && r == 0; item = next, i++) {
        next = item->next;
        r = take_result(broker, peer, item, &done->results.v[i], chunk, &at);
    }
    chunk_drop(chunk);
    if (r == 0 && peer->window == 0 && peer->held == 0)
        r = work_credit(broker, peer, &(struct nw_credit_header){.window = 0});
    return r;
}

/* ---- time */

static int watch_worker(struct broker *broker, struct peer *peer, int64_t lease_ms)
{
    struct nw_header ping = {.type = NW_PING};
    struct lease *oldest = lease_oldest(peer);
    int r;

    if (broker->now - peer->pinged >= PING_MS) {
        peer->pinged = broker->now;
        r = broker_send(broker, &peer->id, &ping, nw_str(NULL, 0));
        if (r == SOCKET_GONE) {
            r = work_lose(broker, peer, "it is not connected any more", true);
            broker_forget(broker, peer);
            return r;
        }
        if (r < 0)
            return r;
    }
    if (broker->now - peer->heard >= SILENT_BEATS * broker->limits.heartbeat_ms)
        /* Without leases too: else what it gets next would be blamed for its silence. */
        return work_lose(broker, peer, "it is silent", true);
    /* An ordered stage answers when its disk does, and says CREDIT meanwhile: there silence tells. */
    if (oldest && broker->now - oldest->since >= lease_ms && !peer->stage->ordered)
        return work_lose(broker, peer, "its oldest lease is past its time", true);
    return 0;
}

int work_watch(struct broker *broker)
{
    int64_t away = broker->now - broker->watched;
    int r = 0;

    if (away < WATCH_MS)
        return 0;
    broker->watched = broker->now;
    /* We were stopped ourselves: what the workers said meanwhile comes first. */
    if (away >= AWAY_MS)
        return 0;
    for (size_t i = 0; i < broker->stage_count && r == 0; i++) {
        struct broker_stage *stage = &broker->stages[i];
        /* A stage that is slow today gets time: ten times what nearly all records take, queueing included. */
        int64_t patience = (int64_t)(spread_at(&stage->spread, 0.99) / 100);
        int64_t lease_ms = patience > broker->limits.lease_ms ? patience : broker->limits.lease_ms;
        for (struct peer *peer = stage->workers, *next; peer && r == 0; peer = next) {
            next = peer->sibling;
            r = watch_worker(broker, peer, lease_ms);
        }
    }
    return r;
}
