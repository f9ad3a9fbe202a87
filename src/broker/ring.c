/*
 * The lanes' entries, from the journal to their end. Loading reads them from the journal while there is room under way;
 * the turn lets what came of them into the ordered stage, in the order of each lane, and moves the low-water marks.
 *
 * Stages without memory need not wait for the disk: what a crash of the broker takes with it was not accepted and comes
 * again, and what they made of it is refused with the old epoch. What outlives the broker does wait until the entry is
 * durable: the ordered stage's log, the dead letters and the low-water mark would else name a jseq that another record
 * may get.
 */
#include "broker/broker.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum { LOAD_RECORDS = 64, DIG_MS = 500, GATHER_US = 2000 };

void ring_close(struct broker *broker)
{
    for (size_t i = 0; i < NW_LANES; i++)
        lane_close(&broker->lanes[i]);
    while (broker->graves) {
        struct grave *grave = broker->graves;
        broker->graves = grave->next;
        item_free(grave->item);
        nw_free(grave);
    }
}

struct journal_progress ring_progress(const struct broker *broker)
{
    const struct lane *urgent = &broker->lanes[NW_LANE_URGENT];
    struct journal_progress progress = {.low = broker->lanes[NW_LANE_NORMAL].low};
    size_t done = (size_t)(urgent->low - urgent->base);

    progress.urgent = lane_jseqs(urgent, &progress.urgents);
    progress.oldest = progress.low;
    if (done < progress.urgents && progress.urgent[done] < progress.low)
        progress.oldest = progress.urgent[done];
    return progress;
}

/* Counts what became of the entry. */
static void finish(struct broker *broker, struct entry *entry)
{
    entry->there = false;
    spread_add(&broker->spread, broker->now_us - entry->accepted, broker->now);
    if (entry->outcome == ENTRY_PUBLISHED)
        broker->published++;
    else if (entry->outcome == ENTRY_DEAD)
        broker->dead++;
    else
        broker->dropped++;
}

void ring_leave(struct broker *broker, struct item *item, bool was_ordered)
{
    struct entry *entry = item->entry;

    if (!was_ordered)
        entry->before--;
    entry->open--;
    broker->loaded_bytes -= item->size;
    item_free(item);
    if (entry->open == 0)
        finish(broker, entry);
}

/* Whether an earlier life of the broker has buried it here: then it is not done again, or what came of it could be
 * there twice once somebody has retried it. */
static bool is_buried(const struct broker *broker, const struct item *item, size_t stage)
{
    return dead_has(broker->dead_log, item->entry->jseq, broker->stages[stage].name, item->path);
}

/* The end of an item that is among the dead letters. Before the ordered stages its place in the order stays. */
static void entomb(struct broker *broker, struct item *item, size_t stage)
{
    struct entry *entry = item->entry;

    broker->stages[stage].dead++;
    entry->outcome = ENTRY_DEAD;
    if (stage >= broker->order || broker->order == broker->stage_count) {
        ring_leave(broker, item, stage >= broker->order);
        return;
    }
    item->path <<= PATH_BITS * (broker->order - stage);
    item->buried = true;
    item->next = entry->arrived;
    entry->arrived = item;
    entry->before--;
}

void ring_enter(struct broker *broker, struct item *item, size_t stage)
{
    struct entry *entry = item->entry;

    entry->open++;
    item->lost = 0;
    item->alone = false;
    item->queued = broker->now_us;
    if (stage >= broker->order) {
        for (; stage < broker->stage_count; stage++)
            broker->stages[stage].in++;
        item->next = entry->arrived;
        entry->arrived = item;
        return;
    }
    broker->stages[stage].in++;
    entry->before++;
    if (is_buried(broker, item, stage))
        entomb(broker, item, stage);
    else
        item_queue_push(&broker->stages[stage].queues[entry->lane], item);
}

/* ---- dead letters */

static bool is_durable(const struct broker *broker, const struct entry *entry)
{
    return entry->jseq <= journal_durable(broker->journal);
}

/* 0, DEAD_NO_ROOM, or a negative fault. */
static int bury(struct broker *broker, struct item *item, size_t stage, unsigned attempts, const char *why)
{
    struct nw_dead_letter letter = {
        .jseq = item->entry->jseq,
        .path = item->path,
        .stage = broker->stages[stage].name,
        .why = nw_str_z(why),
        .attempts = attempts,
        .origin = item_bytes(item),
    };
    struct journal_record record;
    int r = 0;

    /* With what was accepted beside it a retry can begin anew, even when the journal has let go of it. */
    if (stage > 0) {
        letter.bytes = letter.origin;
        r = journal_load(broker->journal, letter.jseq, &record);
        letter.origin = r == 0 ? record.bytes : nw_str(NULL, 0);
    }
    if (r >= 0)
        r = dead_append(broker->dead_log, &letter);
    if (r == DEAD_NO_ROOM)
        broker->no_graves = broker->now;
    if (r != 0)
        return r;
    nw_warn("jseq %llu goes to the dead letters: %.*s: %s; newswire dead show %llu", (unsigned long long)letter.jseq,
            NW_FMT(letter.stage), why, (unsigned long long)letter.jseq);
    entomb(broker, item, stage);
    return 0;
}

int ring_bury(struct broker *broker, struct item *item, size_t stage, unsigned attempts, const char *why)
{
    struct grave *grave;

    if (is_durable(broker, item->entry)) {
        int r = bury(broker, item, stage, attempts, why);
        if (r != DEAD_NO_ROOM)
            return r;
    }
    grave = nw_calloc(1, sizeof *grave);
    if (!grave)
        return nw_fault(-ENOMEM);
    grave->item = item;
    grave->stage = stage;
    grave->attempts = attempts;
    snprintf(grave->why, sizeof grave->why, "%s", why);
    *broker->graves_end = grave;
    broker->graves_end = &grave->next;
    broker->stages[stage].unburied++;
    return 0;
}

/* Buries those whose entries have become durable, and, not too often, those that found no room. */
static int dig(struct broker *broker)
{
    struct grave **at = &broker->graves;

    if (broker->no_graves && broker->now - broker->no_graves < DIG_MS)
        return 0;
    broker->no_graves = 0;
    while (*at) {
        struct grave *grave = *at;
        if (!is_durable(broker, grave->item->entry)) {
            at = &grave->next;
            continue;
        }
        int r = bury(broker, grave->item, grave->stage, grave->attempts, grave->why);
        if (r != 0)
            return r == DEAD_NO_ROOM ? 0 : r;
        broker->stages[grave->stage].unburied--;
        *at = grave->next;
        if (!*at)
            broker->graves_end = at;
        nw_free(grave);
    }
    return 0;
}

/* ---- loading */

static int load_item(struct broker *broker, struct entry *entry, struct chunk *chunk, size_t at, uint32_t size)
{
    struct item *item = item_new(entry, chunk, at, size);

    if (!item)
        return nw_fault(-ENOMEM);
    broker->loaded_bytes += item->size;
    ring_enter(broker, item, 0);
    return 0;
}

static struct entry *entry_next(const struct broker *broker, struct lane *lane, uint64_t jseq, bool there)
{
    struct entry *entry = lane_entry(lane, lane->next++);

    *entry = (struct entry){.jseq = jseq, .lane = lane->which, .there = there, .accepted = broker->now_us};
    return entry;
}

/* The jseq to be loaded next; the normal lane passes over what is in the urgent one. */
static uint64_t next_jseq(struct broker *broker, struct lane *lane, uint64_t last)
{
    uint64_t jseq;

    while ((jseq = lane_next(lane, last)) > 0 && lane->which == NW_LANE_NORMAL &&
           lane_holds(&broker->lanes[NW_LANE_URGENT], jseq))
        entry_next(broker, lane, jseq, false);
    return jseq;
}

/* Loads what is still in memory as it was submitted. */
static int load_fresh(struct broker *broker, struct lane *lane, uint64_t last, size_t most)
{
    const struct fresh_record *fresh;
    uint64_t jseq;
    int r = 0;

    while (r == 0 && broker->loaded_bytes < most && (jseq = next_jseq(broker, lane, last)) > 0 &&
           (fresh = fresh_find(&broker->fresh, jseq)) != NULL) {
        r = load_item(broker, entry_next(broker, lane, jseq, true), fresh->chunk, fresh->at, fresh->size);
        fresh_drop(&broker->fresh, jseq);
    }
    return r;
}

/* What was read of the journal together: a batch that goes to a worker as it stands. */
struct load {
    struct chunk *chunk;
    size_t n, bytes;
    struct entry *entries[LOAD_RECORDS];
    uint32_t sizes[LOAD_RECORDS];
};

/* Reads a lane's entries into the broker's buffer until a batch is full. Those that are lost to damage end here. */
static int read_batch(struct broker *broker, struct lane *lane, struct load *load, uint64_t last)
{
    size_t records = broker->limits.batch_records < LOAD_RECORDS ? broker->limits.batch_records : LOAD_RECORDS;
    uint64_t jseq;

    nw_buf_clear(&broker->body);
    while (load->n < records && (jseq = next_jseq(broker, lane, last)) > 0 && !fresh_find(&broker->fresh, jseq)) {
        struct journal_record record;
        int r = journal_load(broker->journal, jseq, &record);
        struct entry *entry;
        if (r < 0)
            return r;
        if (r == 0 && load->n > 0 && broker->body.n + record.bytes.n > broker->limits.batch_bytes)
            break;
        entry = entry_next(broker, lane, jseq, true);
        if (r == JOURNAL_GONE) {
            entry->outcome = ENTRY_DEAD;
            finish(broker, entry);
        } else {
            load->entries[load->n] = entry;
            load->sizes[load->n++] = (uint32_t)record.bytes.n;
            if (nw_buf_str(&broker->body, record.bytes) < 0)
                return nw_fault(broker->body.error);
        }
    }
    return 0;
}

static int load_batch(struct broker *broker, struct lane *lane, uint64_t last)
{
    struct load load = {.n = 0};
    size_t at = 0;
    int r = read_batch(broker, lane, &load, last);

    if (r < 0 || load.n == 0)
        return r;
    load.chunk = chunk_new(broker->body.n);
    if (!load.chunk)
        return nw_fault(-ENOMEM);
    memcpy(chunk_bytes(load.chunk), broker->body.p, broker->body.n);
    for (size_t i = 0; i < load.n && r == 0; i++) {
        r = load_item(broker, load.entries[i], load.chunk, at, load.sizes[i]);
        at += load.sizes[i];
    }
    chunk_drop(load.chunk);
    return r;
}

static int load_lane(struct broker *broker, struct lane *lane, size_t most)
{
    uint64_t last = journal_last(broker->journal);
    int r = 0;

    while (r == 0 && broker->loaded_bytes < most && next_jseq(broker, lane, last) > 0) {
        r = load_fresh(broker, lane, last, most);
        if (r == 0)
            r = load_batch(broker, lane, last);
    }
    return r;
}

void ring_count_from_here(struct broker *broker)
{
    const struct lane *urgent = &broker->lanes[NW_LANE_URGENT];

    broker->first = broker->lanes[NW_LANE_NORMAL].low;
    broker->carried = (int64_t)lane_below(urgent, broker->first) - (int64_t)(urgent->low - urgent->base);
}

/* The least of what the marks of all ordered stages say of a lane. */
static uint64_t least_mark(const struct broker *broker, enum nw_lane lane)
{
    uint64_t least = UINT64_MAX;

    for (size_t i = broker->order; i < broker->stage_count; i++) {
        uint64_t jseq = broker->stages[i].mark.lanes[lane].jseq;
        least = jseq < least ? jseq : least;
    }
    return least;
}

void ring_mark(struct broker *broker, struct broker_stage *stage, const struct nw_mark *mark)
{
    if (!broker->unmarked)
        return;
    stage->marked = true;
    stage->mark = mark->set && mark->journal == journal_id(broker->journal) ? *mark : (struct nw_mark){.set = false};
    for (size_t i = broker->order; i < broker->stage_count; i++) {
        if (!broker->stages[i].marked)
            return;
    }
    broker->unmarked = false;
    /* Records come to an ordered stage in the order of their lane, so all below the newest in its log are in it, or
     * were dropped or buried. The newest itself may have more articles than the log has. */
    lane_begin(&broker->lanes[NW_LANE_NORMAL], least_mark(broker, NW_LANE_NORMAL));
    lane_begin(&broker->lanes[NW_LANE_URGENT], least_mark(broker, NW_LANE_URGENT));
    ring_count_from_here(broker);
}

/* What comes one by one, while there is enough to do, is loaded together: messages cost more than what is in them. */
static int load_normal(struct broker *broker)
{
    struct lane *lane = &broker->lanes[NW_LANE_NORMAL];
    uint64_t waiting = journal_last(broker->journal) + 1 - lane->next;

    broker->gathering = waiting > 0 && waiting < broker->limits.batch_records && lane->low < lane->next &&
                        broker->now_us - broker->loaded < GATHER_US;
    if (waiting == 0 || broker->gathering)
        return 0;
    broker->loaded = broker->now_us;
    return load_lane(broker, lane, broker->limits.in_flight_bytes);
}

int ring_load(struct broker *broker)
{
    size_t most = broker->limits.in_flight_bytes;
    int r;

    if (broker->unmarked)
        return 0;
    /* What is urgent finds room when the normal lane has taken all of its own. */
    r = load_lane(broker, &broker->lanes[NW_LANE_URGENT], most + most / 4);
    return r == 0 ? load_normal(broker) : r;
}

/* ---- the turn */

/* One more item over the same bytes, in the same place. */
static struct item *item_again(struct broker *broker, const struct item *item)
{
    struct item *again = item_new(item->entry, item->chunk, item->at, item->size);

    if (again) {
        again->path = item->path;
        again->queued = item->queued;
        item->entry->open++;
        broker->loaded_bytes += item->size;
    }
    return again;
}

/* Into each of the ordered stages. */
static int let_in_item(struct broker *broker, struct item *item, enum nw_lane lane)
{
    for (size_t i = broker->order; i < broker->stage_count; i++) {
        struct item *one = i + 1 < broker->stage_count ? item_again(broker, item) : item;
        if (!one)
            return nw_fault(-ENOMEM);
        if (is_buried(broker, one, i))
            entomb(broker, one, i);
        else
            item_queue_push(&broker->stages[i].queues[lane], one);
    }
    return 0;
}

/* Into the ordered stages, in the lane's order, with nothing of an earlier entry still on its way, once it is durable.
 */
static int let_in(struct broker *broker, struct lane *lane)
{
    int r = 0;

    while (lane->turn < lane->next && r == 0) {
        struct entry *entry = lane_entry(lane, lane->turn);
        uint64_t sub = 0;
        if ((entry->there && entry->before > 0) || !is_durable(broker, entry))
            break;
        for (struct item *item = item_sort(entry->arrived), *next; item && r == 0; item = next) {
            next = item->next;
            item->path = sub++;
            if (item->buried)
                ring_leave(broker, item, true);
            else
                r = let_in_item(broker, item, lane->which);
        }
        entry->arrived = NULL;
        lane->turn++;
    }
    return r;
}

/* Moves the low-water mark over what is done. */
static void pass_done(const struct broker *broker, struct lane *lane)
{
    while (lane->low < lane->next) {
        const struct entry *entry = lane_entry(lane, lane->low);
        if (entry->there || !is_durable(broker, entry))
            break;
        lane->low++;
    }
}

int ring_turn(struct broker *broker)
{
    struct journal_progress progress;
    int r = dig(broker);

    if (r < 0)
        return r;
    for (size_t i = 0; i < NW_LANES && r == 0; i++) {
        struct lane *lane = &broker->lanes[i];
        r = let_in(broker, lane);
        pass_done(broker, lane);
    }
    if (r < 0)
        return r;
    lane_forget(&broker->lanes[NW_LANE_URGENT], broker->lanes[NW_LANE_NORMAL].low);
    progress = ring_progress(broker);
    return journal_done(broker->journal, &progress, broker->now);
}
