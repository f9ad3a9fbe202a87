/*
 * Going on after a crash: the files that the ledger has as planned are read again, in their order and before anything
 * else, and of their records those are skipped that the receiver has (it counts them: commons.before). The others get
 * the numbers that they had, so that even a crash during this is no different. See ledger.h.
 */
#include "fetch.h"
#include "ledger.h"

#include <newswire/error.h>
#include <newswire/log.h>

/* Numbers of records that were never accepted mean nothing to this life: they are given anew. */
static int renumber(struct fetch *fetch)
{
    struct ledger *ledger = fetch->commons.ledger;
    struct ledger_row row;
    bool head = true;
    int64_t id = 0;
    int result = ledger_begin(ledger);

    if (result < 0)
        return result;
    while ((result = ledger_next(ledger, id, &row)) == 0) {
        id = row.id;
        if (row.state != LEDGER_PLANNED)
            continue;
        if (row.first > fetch->commons.before || (head && row.first == 0))
            result = ledger_first(ledger, id, head ? fetch->commons.before + 1 : 0);
        if (result < 0)
            return result;
        head = false;
    }
    return result < 0 ? result : ledger_commit(ledger);
}

static struct lane *lane_of(struct fetch *fetch, struct nw_str key)
{
    for (size_t i = 0; i < fetch->count; i++) {
        struct source *source = fetch->lanes[i].source;
        if (source->key.n && nw_str_eq(source->key, key)) {
            fetch->turn = i;
            return &fetch->lanes[i];
        }
    }
    return NULL;
}

/* The document of the last row is read: where the next one's numbers begin. One that could not be read again has an
 * unknown number of them. */
static void advance(struct replay *replay)
{
    struct lane *lane = replay->lane;

    if (!lane)
        return;
    replay->known = replay->known && lane->outcome.read;
    replay->position += lane->outcome.items;
    replay->lane = NULL;
}

int replay_next(struct fetch *fetch)
{
    struct replay *replay = &fetch->replay;
    uint64_t before = fetch->commons.before, skip;
    struct ledger_row row;
    int result = 0;

    if (!fetch->commons.ledger) {
        replay->over = true;
        return 0;
    }
    if (!replay->begun)
        result = renumber(fetch);
    replay->begun = true;
    advance(replay);
    if (result == 0)
        result = ledger_next(fetch->commons.ledger, replay->id, &row);
    if (result == LEDGER_NONE) {
        replay->over = true;
        return 0;
    }
    if (result < 0)
        return result;
    replay->id = row.id;
    replay->lane = lane_of(fetch, row.source);
    if (!replay->lane) {
        nw_warn("%.*s: was being taken by source %.*s, which is not in the config any more", NW_FMT(row.path),
                NW_FMT(row.source));
        replay->known = false;
        return ledger_delete(fetch->commons.ledger, row.id);
    }
    replay->lane->outcome = (struct outcome){0};
    if (row.state == LEDGER_ACCEPTED) {
        result = replay->lane->source->kind->resume(replay->lane->source, &row, 0);
        replay->lane = NULL;
        return result;
    }
    if (row.first)
        replay->position = row.first;
    else if (!replay->known)
        replay->position = before + fetch->commons.emitted + 1;
    /* Written before it counts: the row before it, from which it follows, may be gone at the next start. */
    if (row.first != replay->position)
        result = ledger_first(fetch->commons.ledger, row.id, replay->position);
    replay->known = true;
    skip = before >= replay->position ? before - replay->position + 1 : 0;
    return result < 0 ? result : replay->lane->source->kind->resume(replay->lane->source, &row, skip);
}
