/*
 * RESOLVE: what a person lets become of dead letters. Marks are durable before anything follows of them; a retried
 * record is submitted to the journal as any other is, and the answer comes when it is durable there. This waits for the
 * disk, some ms: it is a person's doing, and rare.
 */
#include "broker/broker.h"

#include <newswire/error.h>
#include <newswire/log.h>

#include <newswire/clock.h>

#include <errno.h>

enum { DUE_MS = 250, AHEAD_MS = 60000 };

/* The watcher is told how to speak to us, and forgotten: nothing is kept of those who only ask. */
int resolve_hello(struct broker *broker, struct peer *peer)
{
    struct nw_header welcome = {.type = NW_WELCOME};
    struct peer_id id = peer->id;

    welcome.welcome.heartbeat_ms = (uint64_t)broker->limits.heartbeat_ms;
    broker_forget(broker, peer);
    return broker_send(broker, &id, &welcome, nw_str(NULL, 0));
}

/* Submits one retry. 0, JOURNAL_NO_ROOM, or a negative fault. */
static int submit(struct broker *broker, struct feeder *feeder, uint64_t letter)
{
    struct nw_str origin;
    int r = dead_origin(broker->dead_log, letter, &origin);

    if (r == DEAD_CLOSED) {
        nw_error("dead letter %llu is lost to damage and cannot be retried: restore its article from its source",
                 (unsigned long long)letter);
        journal_refuse(broker->journal, feeder);
        return 0;
    }
    if (r < 0)
        return r;
    r = journal_append(broker->journal, feeder, origin, false);
    if (r == JOURNAL_FULL) {
        r = journal_wait(broker->journal);
        if (r == 0)
            r = journal_append(broker->journal, feeder, origin, false);
    }
    return r;
}

/* Submits what waits, while there is room. The jseq of retry `from` + i goes to jseqs[i], for i below n. */
static int submit_waiting(struct broker *broker, uint64_t from, uint64_t *jseqs, size_t n)
{
    struct feeder *feeder = journal_feeder(broker->journal, DEAD_FEEDER, broker->now);
    uint64_t retry, letter;
    int r = 0;

    if (!feeder)
        return nw_fault(-ENOMEM);
    while (r == 0 && dead_waiting(broker->dead_log, &retry, &letter)) {
        if (retry < feeder->expected) { /* an earlier life got as far as the journal */
            dead_submitted(broker->dead_log);
            continue;
        }
        r = submit(broker, feeder, letter);
        if (r != 0)
            break;
        if (retry >= from && retry - from < n)
            jseqs[retry - from] = journal_last(broker->journal);
        dead_submitted(broker->dead_log);
    }
    if (r == JOURNAL_NO_ROOM) {
        broker->low_on_room = true;
        r = 0;
    }
    if (r == 0)
        r = journal_wait(broker->journal);
    if (r == 0)
        journal_settle(broker->journal, feeder);
    return r;
}

/* What an embargo held back begins anew when it is over. A wall clock that jumps ahead of the other one is not
 * believed: nothing may come out early. */
static int retry_due(struct broker *broker)
{
    int64_t wall = nw_clock_wall(), most = broker->began_wall + (broker->now - broker->began) + AHEAD_MS;
    uint64_t retry, letter;
    bool some = false;
    int r = 0;

    if (broker->now - broker->asked_due < DUE_MS || broker->low_on_room)
        return 0;
    broker->asked_due = broker->now;
    while (r == 0 && dead_due(broker->dead_log, wall < most ? wall : most, &letter)) {
        r = dead_mark(broker->dead_log, NW_RESOLVE_RETRY, &letter, 1, &retry);
        some = some || r == 0;
    }
    if (r == DEAD_NO_ROOM)
        r = 0; /* tried again until there is room */
    return r == 0 && some ? dead_sync(broker->dead_log) : r;
}

int resolve_turn(struct broker *broker)
{
    uint64_t retry, letter;
    int r = retry_due(broker);

    if (r < 0)
        return r;
    if (broker->low_on_room || !dead_waiting(broker->dead_log, &retry, &letter))
        return 0;
    return submit_waiting(broker, 0, NULL, 0);
}

/* One entry's letters, which stand together from `at` on, under one mark; *taken: how many of the list. */
static int mark_group(struct broker *broker, const struct nw_resolve_header *resolve, size_t at,
                      struct nw_numbers *marked, uint64_t *retry, size_t *taken)
{
    enum nw_resolution action = (enum nw_resolution)resolve->action;
    const struct nw_numbers *letters = &resolve->letters;
    size_t start = marked->n, end = at;
    uint64_t journal = 0, jseq = 0;
    int r;

    for (; end < letters->n; end++) {
        struct nw_dead_letter letter;
        if (end > at && letters->v[end] <= letters->v[end - 1])
            break;
        r = dead_read(broker->dead_log, letters->v[end], &letter);
        if (r < 0)
            return r;
        if (r == DEAD_CLOSED || (action == NW_RESOLVE_RETRY && letter.origin.n == 0))
            break;
        if (end > at && (letter.journal != journal || letter.jseq != jseq))
            break;
        journal = letter.journal;
        jseq = letter.jseq;
        marked->v[marked->n++] = letters->v[end];
    }
    *taken = end > at ? end - at : 1;
    if (end == at)
        return 0;
    r = dead_mark(broker->dead_log, action, marked->v + start, marked->n - start, retry);
    if (r != 0)
        marked->n = start;
    return r;
}

/* Marks what can be marked. retries[i]: which retry marked->v[i] belongs to. */
static int mark_all(struct broker *broker, const struct nw_resolve_header *resolve, struct nw_numbers *marked,
                    uint64_t *retries)
{
    int r = 0;

    for (size_t at = 0, taken = 1; at < resolve->letters.n && r == 0; at += taken) {
        uint64_t retry = 0;
        size_t before = marked->n;
        r = mark_group(broker, resolve, at, marked, &retry, &taken);
        for (size_t i = before; i < marked->n; i++)
            retries[i] = retry;
    }
    if (r == DEAD_NO_ROOM)
        r = 0;
    return r < 0 || marked->n == 0 ? r : dead_sync(broker->dead_log);
}

int resolve_take(struct broker *broker, const struct peer_id *id, const struct nw_resolve_header *resolve)
{
    struct nw_header answer = {.type = NW_RESOLVED};
    struct nw_numbers *marked = &answer.resolved.letters, *jseqs = &answer.resolved.jseqs;
    uint64_t *retries = NW_ARENA_NEW(&broker->arena, uint64_t, resolve->letters.n);
    uint64_t *by_retry = NW_ARENA_NEW(&broker->arena, uint64_t, resolve->letters.n), retry, letter;
    bool retrying = resolve->action == NW_RESOLVE_RETRY;
    int r = 0;

    if (!retrying && resolve->action != NW_RESOLVE_DROP)
        return broker_refuse(broker, id, "the action in RESOLVE must be 1 (retry) or 2 (drop)");
    if (resolve->log != dead_id(broker->dead_log))
        return broker_refuse(broker, id, "these dead letters are of another data folder than this broker's");
    marked->v = NW_ARENA_NEW(&broker->arena, uint64_t, resolve->letters.n);
    jseqs->v = NW_ARENA_NEW(&broker->arena, uint64_t, resolve->letters.n);
    if (!retries || !by_retry || !marked->v || !jseqs->v)
        return nw_fault(-ENOMEM);
    /* While earlier retries wait for room, no more are taken. */
    if (!retrying || !dead_waiting(broker->dead_log, &retry, &letter))
        r = mark_all(broker, resolve, marked, retries);
    if (r == 0 && retrying && marked->n > 0)
        r = submit_waiting(broker, retries[0], by_retry, resolve->letters.n);
    if (r < 0)
        return r;
    for (jseqs->n = 0; jseqs->n < marked->n; jseqs->n++)
        jseqs->v[jseqs->n] = retrying ? by_retry[retries[jseqs->n] - retries[0]] : 0;
    if (marked->n > 0)
        nw_info("%zu dead letters are %s", marked->n, retrying ? "retried" : "dropped");
    return broker_send(broker, id, &answer, nw_str(NULL, 0));
}
