/*
 * fetch: the source of the pipeline. Acquires bytes from the sources of its config, splits containers into single
 * items, and emits one record an item; it interprets no article. What can't be read is told by one sentence that names
 * it, and the rest goes on. Memory has a bound whatever the input: one item (16 MiB) and small buffers.
 *
 * Sources take turns, a document each: source.h. A document is unpacked and split by reader.h. README.md is the map.
 */
#include "fetch.h"
#include "ledger.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    STEPS = 4096,    /* of one pull: so that signals are heard while much is passed over and nothing emitted */
    IDLE_MS = 60000, /* how long to rest at most where descriptors tell */
};

static int fetch_init(struct nw_stage_context *context, void *state)
{
    struct fetch *fetch = state;
    const struct nw_conf *conf = nw_stage_conf(context);
    size_t count = nw_conf_count(conf, "sources");
    int result = 0;

    fetch->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (fetch->epoll < 0)
        return nw_fault(-errno);
    fetch->open = true;
    feed_clock_open(&fetch->clock);
    fetch->lanes = nw_calloc(count + 1, sizeof *fetch->lanes);
    if (!fetch->lanes)
        return nw_fault(-ENOMEM);
    fetch->commons.before = nw_stage_before(context);
    fetch->commons.data_dir = nw_conf_str(conf, "data_dir");
    for (; fetch->count < count && result == 0; fetch->count++)
        result = lane_open(&fetch->lanes[fetch->count], nw_conf_at(conf, "sources", fetch->count), fetch,
                           (uint64_t)nw_conf_int(conf, "max_expanded"), fetch->count);
    nw_stage_needs(context, fetch->commons.connects, fetch->commons.ledger != NULL);
    return result;
}

/* All lanes rest: until when? */
static int rest(struct nw_stage_context *context, const struct fetch *fetch)
{
    int64_t ms = IDLE_MS;
    bool ended = true;

    for (size_t i = 0; i < fetch->count; i++) {
        const struct lane *lane = &fetch->lanes[i];
        ended = ended && lane->ended;
        if (!lane->ended && !lane->reading && !lane->paused && lane->source->idle_ms < ms)
            ms = lane->source->idle_ms;
    }
    nw_stage_wait(context, fetch->epoll, ms);
    return ended ? NW_ENDED : NW_IDLE;
}

/* One that is paused takes nothing new; what it has planned is read first, for its records have their numbers. */
static bool lane_rests(const struct lane *lane)
{
    return lane->paused && !lane->source->whole_turn;
}

static int fetch_step(struct nw_stage_context *context, struct fetch *fetch, struct lane *lane)
{
    if (lane->reading)
        return lane_read(context, fetch, lane);
    if (!fetch->replay.over) {
        int result = replay_next(fetch);
        if (result < 0 || !fetch->replay.lane)
            return result < 0 ? result : STEP_ON;
        return lane_next(context, fetch->replay.lane); /* also of one that is paused: it is planned */
    }
    return fetch->count == 0 || lane->ended || lane_rests(lane) ? STEP_REST : lane_next(context, lane);
}

static int fetch_pull(struct nw_stage_context *context, void *state, size_t room)
{
    struct fetch *fetch = state;

    for (size_t steps = 0; steps < STEPS; steps++) {
        struct lane *lane = &fetch->lanes[fetch->turn];
        int step = fetch_step(context, fetch, lane);
        if (step < 0)
            return step;
        if (step == STEP_EMITTED && --room == 0) {
            fetch->resting = 0;
            return NW_PULLED;
        }
        if (step != STEP_REST) {
            fetch->resting = 0;
            continue;
        }
        if (fetch->count)
            fetch->turn = (fetch->turn + 1) % fetch->count;
        if (++fetch->resting >= fetch->count) {
            fetch->resting = 0;
            return rest(context, fetch);
        }
    }
    return NW_PULLED;
}

static int fetch_accepted(struct nw_stage_context *context, void *state, uint64_t accepted)
{
    struct fetch *fetch = state;

    (void)context;
    for (size_t i = 0; i < fetch->count; i++) {
        struct source *source = fetch->lanes[i].source;
        int result = source->kind->accepted ? source->kind->accepted(source, accepted) : 0;
        if (result < 0)
            return result;
    }
    return 0;
}

static int fetch_alarms(void *state, nw_tell_alarm *tell, void *user)
{
    struct fetch *fetch = state;
    int result = 0;

    for (size_t i = 0; i < fetch->count && result == 0; i++) {
        struct lane *lane = &fetch->lanes[i];
        char sentence[RHYTHM_SENTENCE];
        if (lane->source->kind->alarms)
            lane->source->kind->alarms(lane->source, tell, user);
        result = lane_obey(fetch, lane);
        if (result == 0)
            result = lane_look(fetch, lane, false);
        if (lane->rhythm.quiet) {
            rhythm_sentence(lane->rhythm.pace.last_item_ms, lane->rhythm.pace.gap_ms, sentence);
            tell(user, lane->source->key, sentence);
        }
    }
    return result;
}

static void fetch_free(void *state)
{
    struct fetch *fetch = state;

    for (size_t i = 0; i < fetch->count; i++) {
        if (fetch->lanes[i].source)
            lane_look(fetch, &fetch->lanes[i], true);
        lane_free(&fetch->lanes[i]);
    }
    nw_free(fetch->lanes);
    ledger_close(&fetch->commons.ledger);
    if (fetch->open)
        close(fetch->epoll);
}

const struct nw_stage nw_stage_fetch = {
    .name = "fetch",
    .version = "1",
    .doc = "Acquires articles from files, folders and streams, and splits what holds several.",
    .sets = NW_F(raw) | NW_F(source) | NW_F(urgency),
    .conf = fetch_conf,
    .state_size = sizeof(struct fetch),
    .init = fetch_init,
    .pull = fetch_pull,
    .accepted = fetch_accepted,
    .alarms = fetch_alarms,
    .free = fetch_free,
};
