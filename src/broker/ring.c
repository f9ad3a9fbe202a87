/*
 * The ring of entries under way, from the low-water mark to the last that was loaded. It is the bound of what the
 * broker holds in memory: what was accepted beyond it waits in the journal, on disk.
 */
#include "broker/broker.h"

#include <newswire/alloc.h>
#include <newswire/clock.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>

enum { LOAD_RECORDS = 64 };

int ring_open(struct broker *broker)
{
    broker->ring_size = broker->limits.in_flight_records;
    broker->ring = nw_calloc(broker->ring_size, sizeof *broker->ring);
    return broker->ring ? 0 : nw_fault(-ENOMEM);
}

static struct entry *entry_at(struct broker *broker, uint64_t jseq)
{
    return &broker->ring[jseq % broker->ring_size];
}

void ring_close(struct broker *broker)
{
    for (uint64_t jseq = broker->low; broker->ring && jseq < broker->next; jseq++) {
        for (struct item *item = entry_at(broker, jseq)->arrived, *next; item; item = next) {
            next = item->next;
            item_free(item);
        }
    }
    nw_free(broker->ring);
    broker->ring = NULL;
}

static bool is_last(const struct broker *broker, size_t stage)
{
    return stage + 1 == broker->stage_count && broker->stages[stage].ordered;
}

/* Counts what became of the entry. */
static void finish(struct broker *broker, struct entry *entry)
{
    entry->there = false;
    spread_add(&broker->spread, nw_clock_mono_micro() - entry->accepted, broker->now);
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

/* The end of an item that is among the dead letters. */
static void entomb(struct broker *broker, struct item *item, size_t stage)
{
    broker->stages[stage].dead++;
    item->entry->outcome = ENTRY_DEAD;
    ring_leave(broker, item, is_last(broker, stage));
}

void ring_enter(struct broker *broker, struct item *item, size_t stage)
{
    struct broker_stage *to = &broker->stages[stage];
    struct entry *entry = item->entry;

    entry->open++;
    to->in++;
    item->lost = 0;
    item->alone = false;
    item->queued = nw_clock_mono_micro();
    if (is_last(broker, stage)) {
        item->next = entry->arrived;
        entry->arrived = item;
        return;
    }
    entry->before++;
    if (is_buried(broker, item, stage))
        entomb(broker, item, stage);
    else
        item_queue_push(&to->queue, item);
}

int ring_bury(struct broker *broker, struct item *item, size_t stage, unsigned attempts, const char *why)
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
    if (r < 0)
        return r;
    nw_warn("jseq %llu goes to the dead letters: %.*s: %s; newswire dead show %llu", (unsigned long long)letter.jseq,
            NW_FMT(letter.stage), why, (unsigned long long)letter.jseq);
    entomb(broker, item, stage);
    return 0;
}

/* What was loaded of the journal together: a batch that goes to a worker as it stands. */
struct load {
    struct chunk *chunk;
    size_t n, bytes;
    uint64_t jseqs[LOAD_RECORDS];
    uint32_t sizes[LOAD_RECORDS];
};

/* Reads entries into the broker's buffer until a batch is full; those that are lost to damage end here. */
static int read_batch(struct broker *broker, struct load *load, uint64_t durable)
{
    size_t records = broker->limits.batch_records < LOAD_RECORDS ? broker->limits.batch_records : LOAD_RECORDS;

    nw_buf_clear(&broker->body);
    while (load->n < records && broker->next <= durable && broker->next - broker->low < broker->ring_size) {
        struct entry *entry = entry_at(broker, broker->next);
        struct journal_record record;
        int r = journal_load(broker->journal, broker->next, &record);
        if (r < 0)
            return r;
        if (r == 0 && load->n > 0 && broker->body.n + record.bytes.n > broker->limits.batch_bytes)
            break;
        *entry = (struct entry){.jseq = broker->next++, .there = true, .accepted = nw_clock_mono_micro()};
        if (r == JOURNAL_GONE) {
            entry->outcome = ENTRY_DEAD;
            finish(broker, entry);
            continue;
        }
        load->jseqs[load->n] = entry->jseq;
        load->sizes[load->n++] = (uint32_t)record.bytes.n;
        if (nw_buf_str(&broker->body, record.bytes) < 0)
            return nw_fault(broker->body.error);
    }
    return 0;
}

static int load_batch(struct broker *broker, uint64_t durable)
{
    struct load load = {.n = 0};
    size_t at = 0;
    int r = read_batch(broker, &load, durable);

    if (r < 0 || load.n == 0)
        return r;
    load.chunk = chunk_new(broker->body.n);
    if (!load.chunk)
        return nw_fault(-ENOMEM);
    memcpy(chunk_bytes(load.chunk), broker->body.p, broker->body.n);
    for (size_t i = 0; i < load.n && r == 0; i++) {
        struct item *item = item_new(entry_at(broker, load.jseqs[i]), load.chunk, at, load.sizes[i]);
        at += load.sizes[i];
        if (!item) {
            r = nw_fault(-ENOMEM);
            break;
        }
        broker->loaded_bytes += item->size;
        ring_enter(broker, item, 0);
    }
    chunk_drop(load.chunk);
    return r;
}

void ring_mark(struct broker *broker, const struct nw_mark *mark)
{
    if (!broker->unmarked)
        return;
    broker->unmarked = false;
    /* Records come to the ordered stage in order, so all below the newest in its log are in it, or were dropped or
     * buried. The newest itself may have more articles than the log has. */
    if (mark->set && mark->journal == journal_id(broker->journal) && mark->jseq > broker->low)
        broker->first = broker->low = broker->next = broker->turn = mark->jseq;
}

int ring_load(struct broker *broker)
{
    uint64_t durable = journal_durable(broker->journal);
    int r = 0;

    while (r == 0 && !broker->unmarked && broker->next <= durable && broker->next - broker->low < broker->ring_size &&
           broker->loaded_bytes < broker->limits.in_flight_bytes)
        r = load_batch(broker, durable);
    return r;
}

int ring_turn(struct broker *broker)
{
    struct broker_stage *last = &broker->stages[broker->stage_count - 1];

    /* Into the ordered stage, in order of jseq, with nothing of a smaller one still on its way. */
    while (last->ordered && broker->turn < broker->next) {
        struct entry *entry = entry_at(broker, broker->turn);
        uint64_t sub = 0;
        if (entry->there && entry->before > 0)
            break;
        for (struct item *item = item_sort(entry->arrived), *next; item; item = next) {
            next = item->next;
            item->path = sub++;
            if (is_buried(broker, item, broker->stage_count - 1))
                entomb(broker, item, broker->stage_count - 1);
            else
                item_queue_push(&last->queue, item);
        }
        entry->arrived = NULL;
        broker->turn++;
    }
    while (broker->low < broker->next && !entry_at(broker, broker->low)->there)
        broker->low++;
    return journal_done(broker->journal, broker->low, broker->now);
}
