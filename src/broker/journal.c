/* The journal over src/store, the feeders' places, and their checkpoint: see journal.h. */
#include "broker/journal.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "store/checkpoint.h"
#include "store/log.h"
#include "store/upkeep.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum {
    BUCKETS = 4096,
    GATHER_US = 2000, /* between commits: what they cost, and the messages that follow, is shared by more records */
    CHECKPOINT_MS =
        10000, /* two syncs, for which the loop waits; the ordered stage's mark makes up for what it says late */
    CHECKPOINT_MAX = 16 << 20,
    PATH_BYTES = 4096,
};

/* New submissions wait below this much room on the disk, so that what is accepted can still pass the output log. */
static const uint64_t room_reserve = UINT64_C(256) << 20;

struct journal {
    struct nw_store *store;
    struct nw_upkeep *upkeep; /* deletes segments that are done: on some disks that takes longer than a commit may */
    char checkpoint[PATH_BYTES];
    struct feeder *buckets[BUCKETS];
    size_t feeders;
    int64_t checkpointed; /* monotonic ms */
    uint64_t checkpointed_low, checkpointed_oldest;
    bool changed; /* feeders' places, since the checkpoint */
    bool low_on_room;
    uint64_t keep; /* entries below the low-water mark that stay */
    bool squeezed; /* they were let go, for want of room */
};

/* ---- feeders */

static struct feeder **bucket_of(struct journal *journal, struct nw_str name)
{
    return &journal->buckets[nw_hash64(name, 0) % BUCKETS];
}

/* Makes room by forgetting the one that was longest unused: its records, sent again after so long, would count as new.
 */
static void forget_oldest(struct journal *journal)
{
    struct feeder **oldest = NULL, *gone;

    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct feeder **at = &journal->buckets[i]; *at; at = &(*at)->next) {
            if ((*at)->newer.fseq == 0 && (*at)->held == 0 && (!oldest || (*at)->used < (*oldest)->used))
                oldest = at;
        }
    }
    if (!oldest)
        return;
    gone = *oldest;
    *oldest = gone->next;
    nw_free(gone);
    journal->feeders--;
}

struct feeder *journal_feeder(struct journal *journal, struct nw_str name, int64_t now)
{
    struct feeder **bucket = bucket_of(journal, name), *feeder;

    for (feeder = *bucket; feeder; feeder = feeder->next) {
        if (nw_str_eq(nw_str_z(feeder->name), name)) {
            feeder->used = now;
            return feeder;
        }
    }
    if (journal->feeders >= JOURNAL_FEEDERS)
        forget_oldest(journal);
    feeder = nw_calloc(1, sizeof *feeder);
    if (!feeder)
        return NULL;
    snprintf(feeder->name, sizeof feeder->name, "%.*s", NW_FMT(name));
    feeder->expected = 1;
    feeder->used = now;
    feeder->next = *bucket;
    *bucket = feeder;
    journal->feeders++;
    return feeder;
}

/* ---- entries */

int journal_append(struct journal *journal, struct feeder *feeder, struct nw_str bytes, bool urgent)
{
    unsigned char head[NW_JOURNAL_HEAD];
    size_t n = nw_journal_head_write(nw_str_z(feeder->name), feeder->expected, urgent, head);
    struct nw_str parts[2] = {nw_str((char *)head, n), bytes};
    uint64_t jseq;
    int r = nw_store_append_parts(journal->store, parts, 2, &jseq);

    switch (r) {
    case 0:
        feeder->newer = (struct feeder_mark){jseq, feeder->expected++};
        journal->changed = true;
        return 0;
    case NW_STORE_FULL:
        return JOURNAL_FULL;
    case NW_STORE_NO_ROOM:
        return JOURNAL_NO_ROOM;
    default:
        if (r < 0)
            nw_error("the journal cannot be written: %s", nw_store_why(journal->store));
        return nw_fault(r < 0 ? r : -EPROTO);
    }
}

void journal_skip(struct journal *journal, struct feeder *feeder, uint64_t fseq)
{
    /* Durable with whatever was appended last. */
    feeder->newer = (struct feeder_mark){nw_store_last(journal->store), fseq - 1};
    feeder->expected = fseq;
    journal->changed = true;
}

void journal_refuse(struct journal *journal, struct feeder *feeder)
{
    journal_skip(journal, feeder, feeder->expected + 1);
}

void journal_settle(struct journal *journal, struct feeder *feeder)
{
    uint64_t durable = nw_store_durable(journal->store);

    if (feeder->newer.fseq > feeder->durable && feeder->newer.jseq <= durable) {
        feeder->durable = feeder->newer.fseq;
        feeder->older = feeder->newer = (struct feeder_mark){0, 0};
    } else if (feeder->older.fseq > feeder->durable && feeder->older.jseq <= durable) {
        feeder->durable = feeder->older.fseq;
        feeder->older = (struct feeder_mark){0, 0};
    }
    if (feeder->older.fseq == 0)
        feeder->older = feeder->newer;
}

int journal_wait(struct journal *journal)
{
    int r = nw_store_wait(journal->store);

    return r < 0 ? nw_fault(r) : 0;
}

int journal_load(struct journal *journal, uint64_t jseq, struct journal_record *record)
{
    struct nw_journal_entry entry;
    struct nw_str payload;
    int r = nw_store_read(journal->store, jseq, &payload);

    if (r == 0 && nw_journal_entry_read(payload, &entry)) {
        *record = (struct journal_record){entry.feeder, entry.fseq, entry.urgent, entry.record};
        return 0;
    }
    if (r < 0)
        return nw_fault(r);
    nw_error("jseq %llu of the journal is lost to damage; its article will not come out: restore it from its source",
             (unsigned long long)jseq);
    return JOURNAL_GONE;
}

/* ---- time */

int journal_turn(struct journal *journal, uint64_t *durable)
{
    int r = nw_store_poll(journal->store, durable);

    if (r < 0) {
        nw_error("the journal has failed: %s; going, to recover by reading it", nw_store_why(journal->store));
        return nw_fault(r);
    }
    /* While one commit is under way the next one gathers, so each is as large as the disk is slow; and a little
     * longer, where the disk is fast. */
    r = nw_store_commit(journal->store);
    if (r == 0)
        r = nw_upkeep_error(journal->upkeep);
    return r < 0 ? nw_fault(r) : 0;
}

int journal_event(const struct journal *journal)
{
    return nw_store_event(journal->store);
}

bool journal_is_low_on_room(struct journal *journal)
{
    uint64_t room;

    if (nw_store_room(journal->store, &room) < 0)
        return false;
    if (room < room_reserve && !journal->low_on_room)
        nw_error("the disk of the journal is nearly full: %llu MiB left; nothing new is accepted until there is room",
                 (unsigned long long)(room >> 20));
    else if (room >= room_reserve && journal->low_on_room)
        nw_info("the journal has room again: accepting");
    journal->low_on_room = room < room_reserve;
    return journal->low_on_room;
}

uint64_t journal_last(const struct journal *journal)
{
    return nw_store_last(journal->store);
}

uint64_t journal_durable(const struct journal *journal)
{
    return nw_store_durable(journal->store);
}

uint64_t journal_id(const struct journal *journal)
{
    return nw_store_id(journal->store);
}

/* ---- the checkpoint: see journal_entry.h */

static int checkpoint_write(struct journal *journal, const struct journal_progress *progress)
{
    struct nw_buf out;
    int r;

    /* The feeders' places count what is appended. They may only be kept together with it: else a record that a crash
     * takes would be taken for known when it comes again, or one that is there would be taken twice. */
    r = nw_store_sync(journal->store);
    if (r < 0)
        return nw_fault(r);
    nw_buf_init(&out, CHECKPOINT_MAX);
    nw_pack_array(&out, 5);
    nw_pack_uint(&out, nw_store_id(journal->store));
    nw_pack_uint(&out, progress->low);
    nw_pack_uint(&out, nw_store_last(journal->store));
    nw_pack_map(&out, journal->feeders);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct feeder *feeder = journal->buckets[i]; feeder; feeder = feeder->next) {
            nw_pack_str(&out, nw_str_z(feeder->name));
            nw_pack_uint(&out, feeder->expected);
        }
    }
    nw_pack_array(&out, progress->urgents);
    for (size_t i = 0; i < progress->urgents; i++)
        nw_pack_uint(&out, progress->urgent[i]);
    r = out.error ? out.error : nw_checkpoint_write(journal->checkpoint, nw_buf_view(&out));
    nw_buf_free(&out);
    return r < 0 && r != -ENOSPC && r != -EDQUOT ? nw_fault(r) : r;
}

void journal_keep(struct journal *journal, uint64_t entries)
{
    journal->keep = entries;
}

/* Lets go of what the checkpoint on the disk calls done, but for what is kept. */
static int let_go(struct journal *journal)
{
    uint64_t oldest = journal->checkpointed_oldest;

    journal->squeezed = journal->low_on_room;
    if (journal->squeezed)
        return nw_store_drop_before(journal->store, oldest);
    return oldest > journal->keep ? nw_store_drop_before(journal->store, oldest - journal->keep) : 0;
}

int journal_done(struct journal *journal, const struct journal_progress *progress, int64_t now)
{
    int r = 0;

    if (journal->low_on_room && !journal->squeezed)
        r = let_go(journal); /* at once: what it gives back may be what is wanted */
    if (r < 0)
        return r;
    if (now - journal->checkpointed < CHECKPOINT_MS ||
        (progress->low == journal->checkpointed_low && !journal->changed))
        return 0;
    r = checkpoint_write(journal, progress);
    journal->checkpointed = now;
    if (r == -ENOSPC || r == -EDQUOT) {
        /* The older one stands; a start would only read more of the journal. */
        nw_warn("no room for %s: make some on the disk; the journal keeps what it could let go of",
                journal->checkpoint);
        return 0;
    }
    if (r < 0)
        return r;
    journal->checkpointed_low = progress->low;
    journal->checkpointed_oldest = progress->oldest;
    journal->changed = false;
    r = let_go(journal);
    return r < 0 ? r : 0;
}

static int read_feeders(struct journal *journal, struct nw_unpack *in)
{
    struct nw_str name;
    uint64_t expected;
    size_t n;

    if (!nw_unpack_map(in, &n))
        return 0;
    while (n-- > 0 && nw_unpack_str(in, &name) && nw_unpack_uint(in, &expected)) {
        struct feeder *feeder = journal_feeder(journal, name, 0);
        if (!feeder)
            return nw_fault(-ENOMEM);
        feeder->expected = expected;
        feeder->durable = expected - 1;
    }
    return 0;
}

static int add_urgent(struct nw_buf *urgent, uint64_t jseq)
{
    return nw_buf_add(urgent, &jseq, sizeof jseq) < 0 ? nw_fault(urgent->error) : 0;
}

static int read_urgent(struct nw_unpack *in, struct nw_buf *urgent)
{
    uint64_t jseq;
    size_t n = 0;
    int r = 0;

    if (in->at == in->end || !nw_unpack_array(in, &n)) /* of a version without lanes */
        return 0;
    while (r == 0 && n-- > 0 && nw_unpack_uint(in, &jseq))
        r = add_urgent(urgent, jseq);
    return r;
}

/* Takes up what the checkpoint says; *scanned: entries up to this one are in it. */
static int checkpoint_read(struct journal *journal, uint64_t *low, uint64_t *scanned, struct nw_buf *urgent)
{
    struct nw_buf text;
    struct nw_unpack in;
    struct nw_journal_checkpoint head;
    int r;

    nw_buf_init(&text, CHECKPOINT_MAX);
    r = nw_checkpoint_read(journal->checkpoint, &text);
    if (r == 0) {
        in = nw_unpack(nw_buf_view(&text));
        if (nw_journal_checkpoint_read(&in, &head) && head.journal == nw_store_id(journal->store)) {
            *low = journal->checkpointed_low = head.low;
            *scanned = head.scanned;
            r = read_feeders(journal, &in);
            if (r == 0)
                r = read_urgent(&in, urgent);
        } else {
            nw_warn("the journal's checkpoint is of another journal; reading all of the journal instead");
        }
    }
    nw_buf_free(&text);
    return r < 0 ? r : 0;
}

static int recover(struct journal *journal, uint64_t *low, struct nw_buf *urgent)
{
    uint64_t first = nw_store_first(journal->store), last = nw_store_last(journal->store), scanned = 0;
    struct journal_record record;
    int r;

    *low = first;
    r = checkpoint_read(journal, low, &scanned, urgent);
    if (*low < first)
        *low = first;
    for (uint64_t jseq = scanned + 1 > first ? scanned + 1 : first; jseq <= last && r >= 0; jseq++) {
        struct feeder *feeder;
        r = journal_load(journal, jseq, &record);
        if (r != 0)
            continue;
        feeder = journal_feeder(journal, record.feeder, 0);
        if (!feeder)
            return nw_fault(-ENOMEM);
        if (record.fseq >= feeder->expected) {
            feeder->expected = record.fseq + 1;
            feeder->durable = record.fseq;
        }
        if (record.urgent)
            r = add_urgent(urgent, jseq);
    }
    return r < 0 ? r : 0;
}

int journal_open(const char *data, struct journal **result, uint64_t *low, struct nw_buf *urgent)
{
    char folder[PATH_BYTES];
    struct nw_store_options options = {.folder = folder, .reserve_bytes = room_reserve / 2, .gather_us = GATHER_US};
    struct journal *journal = nw_calloc(1, sizeof *journal);
    int r;

    if (!journal)
        return nw_fault(-ENOMEM);
    snprintf(folder, sizeof folder, "%s/journal", data);
    snprintf(journal->checkpoint, sizeof journal->checkpoint, "%s/journal.checkpoint", data);
    r = nw_store_open(&options, &journal->store);
    if (r == NW_STORE_TAKEN)
        r = -EBUSY;
    if (r == 0)
        r = recover(journal, low, urgent);
    if (r == 0)
        r = nw_upkeep_start(journal->store, &journal->upkeep);
    if (r == 0 && nw_store_last(journal->store) >= *low)
        nw_info("recovered: %llu records of the journal are to be done",
                (unsigned long long)(nw_store_last(journal->store) - *low + 1));
    if (r < 0) {
        nw_error("cannot open the journal in %s: see above", folder);
        nw_upkeep_stop(&journal->upkeep);
        nw_store_close(&journal->store);
        nw_free(journal);
        return r;
    }
    *result = journal;
    return 0;
}

void journal_close(struct journal **pointer, const struct journal_progress *progress)
{
    struct journal *journal = *pointer;

    if (!journal)
        return;
    checkpoint_write(journal, progress);
    nw_upkeep_stop(&journal->upkeep);
    nw_store_close(&journal->store);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct feeder *feeder = journal->buckets[i], *next; feeder; feeder = next) {
            next = feeder->next;
            nw_free(feeder);
        }
    }
    nw_free(journal);
    *pointer = NULL;
}
