/* A source at work: documents are asked for, read to their end, and become records; how its items come is noted. */
#include "fetch.h"
#include "ledger.h"

#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>

/* ---- opening, and what people want */

/* Whether a source before the one that is being opened has this key. */
static bool is_taken(const struct fetch *fetch, struct nw_str key)
{
    for (size_t i = 0; i < fetch->count; i++) {
        if (nw_str_eq(fetch->lanes[i].source->key, key))
            return true;
    }
    return false;
}

/* Has epoll tell when a descriptor has something, or not any more. */
static int heed(const struct fetch *fetch, int fd, bool on)
{
    struct epoll_event event = {.events = EPOLLIN};

    return epoll_ctl(fetch->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &event) < 0 ? nw_fault(-errno) : 0;
}

/* The same of the stream that is being read. */
static int heed_stream(struct fetch *fetch, struct lane *lane, bool on)
{
    struct epoll_event event = {.events = EPOLLIN};

    if (lane->watched == on)
        return 0;
    if (epoll_ctl(fetch->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, lane->document.fd, &event) < 0 && on &&
        errno != EEXIST)
        return nw_fault(-errno);
    lane->watched = on;
    return 0;
}

int lane_obey(struct fetch *fetch, struct lane *lane)
{
    bool was = lane->paused, wanted;
    int result = rhythm_wishes(&lane->rhythm, &lane->paused, &wanted);

    lane->source->wanted |= wanted;
    if (result < 0 || lane->paused == was)
        return result;
    nw_info("source %.*s %s", NW_FMT(lane->source->key), lane->paused ? "pauses" : "goes on");
    if (lane->paused && lane->watched)
        result = heed_stream(fetch, lane, false);
    if (result == 0 && lane->source->fd)
        result = heed(fetch, lane->source->fd, !lane->paused);
    return result;
}

int lane_open(struct lane *lane, const struct nw_conf *row, struct fetch *fetch, uint64_t most, size_t number)
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
    if (!nw_str_eq(format, NW_S("auto")))
        lane->source->format = format;
    if (lane->source->key.n && fetch->commons.ledger && !kind->alarms)
        result = rhythm_open(&lane->rhythm, fetch->commons.ledger, lane->source->key, kind->name);
    if (result == 0 && lane->source->fd)
        result = heed(fetch, lane->source->fd, true);
    return result == 0 ? lane_obey(fetch, lane) : result;
}

void lane_free(struct lane *lane)
{
    reader_free(&lane->reader);
    if (lane->source)
        lane->source->kind->free(lane->source);
}

/* ---- how it does */

/* Items that have come since this was called last. */
static void note_items(struct fetch *fetch, struct lane *lane)
{
    uint64_t items = lane->outcome.items - lane->skipped;

    rhythm_items(&lane->rhythm, items - lane->noted, feed_clock_now(&fetch->clock));
    lane->noted = items;
}

/* How far one is that comes to an end. */
static void note_place(struct lane *lane)
{
    char place[RHYTHM_PLACE] = "";
    struct nw_str path = lane->document.path;

    /* The end of a path says more than its beginning. */
    if (path.n > RHYTHM_PLACE / 2)
        path = nw_str(path.p + path.n - RHYTHM_PLACE / 2, RHYTHM_PLACE / 2);
    if (lane->ended)
        snprintf(place, sizeof place, "all is read");
    else if (lane->reading && lane->document.size > 0)
        snprintf(place, sizeof place, "%.*s: %.1f %% read", NW_FMT(path),
                 100 * (double)reader_gave(&lane->reader) / (double)lane->document.size);
    else if (lane->reading)
        snprintf(place, sizeof place, "%.*s: %llu items", NW_FMT(path), (unsigned long long)lane->outcome.items);
    rhythm_place(&lane->rhythm, place, lane->ended);
}

int lane_look(struct fetch *fetch, struct lane *lane, bool at_once)
{
    if (lane->reading)
        note_items(fetch, lane);
    if (lane->source->kind->once)
        note_place(lane);
    rhythm_state(&lane->rhythm, lane->source->errors, lane->source->next_ms);
    return rhythm_look(&lane->rhythm, feed_clock_now(&fetch->clock), lane->paused || lane->ended, at_once);
}

/* ---- reading */

static int lane_done(struct fetch *fetch, struct lane *lane)
{
    if (lane->watched && lane->document.fd == 0) { /* others leave as they are closed */
        int result = heed_stream(fetch, lane, false);
        if (result < 0)
            return result;
    }
    note_items(fetch, lane);
    lane->reading = lane->watched = false;
    if (lane->source->next_ms == 0) /* one that asks others counts their answers */
        lane->source->errors = lane->outcome.complaints ? lane->source->errors + 1 : 0;
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

int lane_read(struct nw_stage_context *context, struct fetch *fetch, struct lane *lane)
{
    struct item item;
    int result;

    /* What is planned is read to its end: its records have their numbers. */
    if (lane->paused && !lane->document.planned)
        return STEP_REST;
    result = reader_next(&lane->reader, &item);
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
        result = heed_stream(fetch, lane, true);
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

int lane_next(struct nw_stage_context *context, struct lane *lane)
{
    struct source *source = lane->source;
    int result;

    lane->document.planned = false;
    result = source->kind->next(source, &lane->document);
    switch (result) {
    case SOURCE_DOCUMENT:
        lane->outcome = (struct outcome){.read = true};
        lane->index = lane->counted = lane->skipped = lane->noted = 0;
        result = reader_open(&lane->reader, lane->document.fd, lane->document.size, lane->document.path,
                             lane->document.container.n ? lane->document.container : source->format);
        lane->reading = result == 0;
        return result < 0 ? result : STEP_ON;
    case SOURCE_COMPLAINT:
        if (source->next_ms == 0)
            source->errors++;
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
