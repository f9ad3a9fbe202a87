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

/* What a step of a lane came to, beside a negative fault. */
enum step { STEP_ON, STEP_EMITTED, STEP_REST };

/* Whether a source before the one that is being opened has this key. */
static bool is_taken(const struct fetch *fetch, struct nw_str key)
{
    for (size_t i = 0; i < fetch->count; i++) {
        if (nw_str_eq(fetch->lanes[i].source->key, key))
            return true;
    }
    return false;
}

/* Has epoll tell when the source has something to do, or not any more. */
static int lane_heed(const struct fetch *fetch, const struct lane *lane, bool on)
{
    struct epoll_event event = {.events = EPOLLIN};

    if (lane->source->fd == 0)
        return 0;
    return epoll_ctl(fetch->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, lane->source->fd, &event) < 0 ? nw_fault(-errno)
                                                                                                     : 0;
}

/* What a person wants of a source that is no feed: `newswire sources` writes it. */
static int lane_obey(const struct fetch *fetch, struct lane *lane)
{
    bool was = lane->paused, wanted;
    int result = rhythm_wishes(&lane->rhythm, &lane->paused, &wanted);

    lane->source->wanted |= wanted;
    if (result < 0 || lane->paused == was)
        return result;
    nw_info("source %.*s %s", NW_FMT(lane->source->key), lane->paused ? "pauses" : "goes on");
    return lane_heed(fetch, lane, !lane->paused);
}

static int lane_open(struct lane *lane, const struct nw_conf *row, struct fetch *fetch, uint64_t most, size_t number)
{
    struct nw_str format = nw_conf_str(row, "format");
    const struct source_kind *kind = source_kind(nw_conf_str(row, "kind"));
    char why[NW_WHY] = "";
    int result;

    reader_init(&lane->reader, most);
    result = kind ? kind->open(row, &fetch->commons, &lane->source, why) : SOURCE_COMPLAINT;
    if (result > 0) {
        nw_error("sources[%zu]: %s", number, why);
        return -EINVAL;
    }
    if (result < 0)
        return result;
    if (lane->source->key.n && is_taken(fetch, lane->source->key)) {
        nw_error(
            "sources[%zu]: remembers what it took under %.*s, as one before it does; give each a `name` of its own",
            number, NW_FMT(lane->source->key));
        return -EINVAL;
    }
    lane->source->name = nw_conf_str(row, "name");
    if (lane->source->key.n && fetch->commons.ledger && !kind->alarms)
        result = rhythm_open(&lane->rhythm, fetch->commons.ledger, lane->source->key, kind->name);
    if (result == 0)
        result = lane_heed(fetch, lane, true);
    if (result == 0)
        result = lane_obey(fetch, lane);
    if (!nw_str_eq(format, NW_S("auto")))
        lane->source->format = format;
    return result;
}

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

/* Has epoll tell when the lane's stream can be read. */
static int watch(struct fetch *fetch, struct lane *lane)
{
    struct epoll_event event = {.events = EPOLLIN};

    if (lane->watched)
        return 0;
    if (epoll_ctl(fetch->epoll, EPOLL_CTL_ADD, lane->document.fd, &event) < 0 && errno != EEXIST)
        return nw_fault(-errno);
    lane->watched = true;
    return 0;
}

static int lane_done(struct fetch *fetch, struct lane *lane)
{
    if (lane->watched && lane->document.fd == 0)
        epoll_ctl(fetch->epoll, EPOLL_CTL_DEL, 0, NULL); /* others leave as they are closed */
    lane->reading = lane->watched = false;
    rhythm_items(&lane->rhythm, lane->outcome.items - lane->skipped, feed_clock_now(&fetch->clock));
    return lane->source->kind->done(lane->source, &lane->outcome);
}

static int lane_emit(struct nw_stage_context *context, struct fetch *fetch, struct lane *lane, const struct item *item)
{
    int result;

    lane->outcome.items++;
    if (lane->document.skip) {
        lane->document.skip--;
        lane->skipped++;
        lane->index++;
        return STEP_ON;
    }
    result = fetch_emit(context, lane, item);
    if (result < 0)
        return result;
    lane->index++;
    lane->outcome.last = ++fetch->commons.emitted;
    nw_count(context, "items", 1);
    return STEP_EMITTED;
}

static void count_bytes(struct nw_stage_context *context, struct lane *lane, uint64_t gave)
{
    if (gave > lane->counted) {
        nw_count(context, "bytes", gave - lane->counted);
        lane->counted = gave;
    }
}

/* Goes on reading the lane's document. */
static int lane_read(struct nw_stage_context *context, struct fetch *fetch, struct lane *lane)
{
    struct item item;
    int result = reader_next(&lane->reader, &item);

    count_bytes(context, lane, reader_gave(&lane->reader));
    switch (result) {
    case READ_ITEM:
        return lane_emit(context, fetch, lane, &item);
    case READ_COMPLAINT:
        lane->outcome.complaints++;
        nw_complain(context, lane->document.path, "%s", lane->reader.why);
        return STEP_ON;
    case READ_PASSED:
        return STEP_ON;
    case READ_WAIT:
        result = watch(fetch, lane);
        return result < 0 ? result : STEP_REST;
    case READ_END:
        nw_count(context, "documents", 1);
        count_bytes(context, lane, lane->document.size);
        result = lane_done(fetch, lane);
        if (!lane->source->whole_turn)
            fetch->turn = (fetch->turn + 1) % fetch->count;
        return result < 0 ? result : STEP_ON;
    default:
        return result;
    }
}

/* Asks the lane's source for its next document. */
static int lane_next(struct nw_stage_context *context, struct lane *lane)
{
    struct source *source = lane->source;
    int result = source->kind->next(source, &lane->document);

    switch (result) {
    case SOURCE_DOCUMENT:
        lane->outcome = (struct outcome){.read = true};
        lane->index = lane->counted = lane->skipped = 0;
        result = reader_open(&lane->reader, lane->document.fd, lane->document.size, lane->document.path,
                             lane->document.container.n ? lane->document.container : source->format);
        lane->reading = result == 0;
        return result < 0 ? result : STEP_ON;
    case SOURCE_COMPLAINT:
        nw_complain(context, source->path, "%s", source->why);
        return STEP_ON;
    case SOURCE_BUSY:
        return STEP_ON;
    case SOURCE_IDLE:
        return STEP_REST;
    case SOURCE_ENDED:
        lane->ended = true;
        return STEP_REST;
    default:
        return result;
    }
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

static int fetch_step(struct nw_stage_context *context, struct fetch *fetch, struct lane *lane)
{
    if (lane->reading)
        return lane_read(context, fetch, lane);
    if (!fetch->replay.over) {
        int result = replay_next(fetch);
        if (result < 0 || !fetch->replay.lane)
            return result < 0 ? result : STEP_ON;
        lane = fetch->replay.lane;
    }
    return fetch->count == 0 || lane->ended || lane->paused ? STEP_REST : lane_next(context, lane);
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
    int64_t now = feed_clock_now(&fetch->clock);
    int result = 0;

    for (size_t i = 0; i < fetch->count && result == 0; i++) {
        struct lane *lane = &fetch->lanes[i];
        char sentence[RHYTHM_SENTENCE];
        if (lane->source->kind->alarms)
            lane->source->kind->alarms(lane->source, tell, user);
        rhythm_state(&lane->rhythm, lane->source->errors, lane->source->next_ms);
        result = lane_obey(fetch, lane);
        if (result == 0 && !lane->paused) /* one that is paused is silent rightly */
            result = rhythm_look(&lane->rhythm, now, false);
        if (lane->rhythm.quiet && !lane->paused) {
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
        struct lane *lane = &fetch->lanes[i];
        reader_free(&lane->reader);
        rhythm_look(&lane->rhythm, feed_clock_now(&fetch->clock), true);
        if (lane->source)
            lane->source->kind->free(lane->source);
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
