/* The output log and what is served from it: see sink.h. An entry of the log is one record; its oseq is the entry's
 * number. */
#include "run/sink.h"

#include "record/pack.h"
#include "record/unpack.h"
#include "run/kills.h"
#include "run/refusals.h"
#include "store/checkpoint.h"
#include "store/log.h"
#include "store/upkeep.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/log.h>

#include <errno.h>
#include <stdio.h>

enum {
    PATH_BYTES = 4096,
    ADOPTED_MAX = 64,
    GATHER_US = 2000,     /* between commits, as the journal's */
    KILLS_EVERY = 1 << 15 /* entries that are read again for kills at most */
};

struct nw_sink {
    struct nw_store *store;
    struct nw_publisher *publisher;
    struct nw_kills *kills;
    struct refusals *refusals;
    struct nw_upkeep *upkeep;
    struct nw_mark mark;
    char adopted[PATH_BYTES]; /* file that says which journal the mark belongs to */
    uint64_t adopted_from;    /* oseqs below this were written under another journal */
    uint64_t durable, put;    /* put: published through this oseq */
    struct nw_buf encoded;
    char folder[PATH_BYTES], schema[17];
};

/* What the log gives out: 0, or as nw_store_read's where there is nothing, also NW_STORE_MISSING for what was killed.
 */
static int read_visible(struct nw_sink *sink, uint64_t oseq, struct nw_str *record)
{
    int r = nw_store_read(sink->store, oseq, record);

    return r == 0 && nw_kills_hides(sink->kills, oseq, *record) ? NW_STORE_MISSING : r;
}

static int past_read(void *user, uint64_t oseq, struct nw_str *record)
{
    struct nw_sink *sink = user;

    return read_visible(sink, oseq, record);
}

static void past_range(void *user, uint64_t *first, uint64_t *head)
{
    struct nw_sink *sink = user;

    *first = nw_store_first(sink->store);
    *head = sink->put;
}

/* The whole log. Of what is not durable yet: who reads no further than that is never done under load, and a crash that
 * loses it loses what was made of it too. */
static int whole_read(void *user, uint64_t oseq, struct nw_str *record)
{
    return nw_sink_read(user, oseq, record);
}

static void whole_range(void *user, uint64_t *first, uint64_t *last)
{
    nw_sink_range(user, first, last);
}

static void adopted_path(const char *folder, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s.journal", folder);
}

/* The file beside the log: msgpack [journal id, first oseq under it]. */
int nw_sink_adopted(const char *folder, uint64_t *journal, uint64_t *from)
{
    char path[PATH_BYTES];
    struct nw_buf text;
    struct nw_unpack in;
    size_t n;
    int r;

    *journal = *from = 0;
    adopted_path(folder, path);
    nw_buf_init(&text, ADOPTED_MAX);
    r = nw_checkpoint_read(path, &text);
    in = nw_unpack(nw_buf_view(&text));
    if (r == 0 && !(nw_unpack_array(&in, &n) && n == 2 && nw_unpack_uint(&in, journal) && nw_unpack_uint(&in, from)))
        r = NW_CHECKPOINT_BAD;
    nw_buf_free(&text);
    if (r == NW_CHECKPOINT_BAD) {
        nw_error("%s is damaged: it says which journal the output log goes with; put it back from a copy", path);
        return -EILSEQ;
    }
    return r < 0 ? nw_fault(r) : 0;
}

int nw_sink_adopt(struct nw_sink *sink, uint64_t journal, bool *changed)
{
    struct nw_buf text;
    int r;

    *changed = journal != sink->mark.journal;
    if (!*changed)
        return 0;
    if (sink->mark.journal)
        nw_warn("the output log goes on with another journal: its numbers begin anew behind oseq %llu",
                (unsigned long long)nw_store_last(sink->store));
    sink->mark = (struct nw_mark){.journal = journal};
    sink->adopted_from = nw_store_last(sink->store) + 1;
    nw_buf_init(&text, ADOPTED_MAX);
    nw_pack_array(&text, 2);
    nw_pack_uint(&text, journal);
    nw_pack_uint(&text, sink->adopted_from);
    r = text.error ? text.error : nw_checkpoint_write(sink->adopted, nw_buf_view(&text));
    nw_buf_free(&text);
    return r < 0 ? nw_fault(r) : 0;
}

static struct nw_lane_mark place_of(bool there, int64_t jseq, int64_t sub)
{
    return there && jseq > 0 && sub >= 0 ? (struct nw_lane_mark){(uint64_t)jseq, (uint64_t)sub}
                                         : (struct nw_lane_mark){0, 0};
}

/* The mark is what the last record says of itself, and of the newest one of the other lane before it. */
static bool mark_from(const struct nw_pipeline *pipeline, struct nw_mark *mark)
{
    bool urgent = NW_HAS(pipeline, pipeline, lane) && pipeline->lane == NW_LANE_URGENT;
    enum nw_lane own = urgent ? NW_LANE_URGENT : NW_LANE_NORMAL, other = urgent ? NW_LANE_NORMAL : NW_LANE_URGENT;

    mark->lanes[own] = place_of(NW_HAS(pipeline, pipeline, jseq), pipeline->jseq, pipeline->sub);
    mark->lanes[other] = place_of(NW_HAS(pipeline, pipeline, beside_jseq), pipeline->beside_jseq, pipeline->beside_sub);
    return mark->lanes[own].jseq > 0;
}

static int take_mark(struct nw_sink *sink, const char *folder)
{
    uint64_t last = nw_store_last(sink->store);
    struct nw_arena arena = {0};
    struct nw_record *record;
    struct nw_str bytes;
    char why[NW_WHY];
    int r;

    sink->durable = sink->put = last;
    r = nw_sink_adopted(folder, &sink->mark.journal, &sink->adopted_from);
    if (r < 0 || last < nw_store_first(sink->store) || last < sink->adopted_from)
        return r;
    r = nw_store_read(sink->store, last, &bytes);
    if (r == 0)
        r = nw_record_decode(&arena, bytes, &record, why);
    if (r == 0 && NW_HAS(record, record, pipeline) && mark_from(record->pipeline, &sink->mark)) {
        sink->mark.set = true;
        sink->mark.oseq = last;
    } else {
        nw_error(
            "the last entry of the output log cannot be read as a record; move the log away and replay the journal");
        r = -EILSEQ;
    }
    nw_arena_free(&arena);
    return r;
}

/* Writes down through where kills are known, once that is far behind. */
static int save_kills(struct nw_sink *sink, uint64_t every)
{
    if (sink->durable < nw_kills_through(sink->kills) + every)
        return 0;
    return nw_kills_save(sink->kills, sink->folder, nw_store_id(sink->store), nw_store_first(sink->store),
                         sink->durable);
}

/* All kills of the log: those of its file, and those behind. */
static int take_kills(struct nw_sink *sink)
{
    uint64_t oseq = nw_store_first(sink->store), last = nw_store_last(sink->store);
    struct nw_str bytes;
    int r = nw_kills_new(&sink->kills);

    if (r == 0)
        r = nw_kills_load(sink->kills, sink->folder, nw_store_id(sink->store));
    if (r == 0 && oseq <= nw_kills_through(sink->kills))
        oseq = nw_kills_through(sink->kills) + 1;
    for (; oseq <= last && r >= 0; oseq++) {
        r = nw_store_read(sink->store, oseq, &bytes);
        if (r == 0)
            r = nw_kills_learn(sink->kills, oseq, bytes);
    }
    return r < 0 ? r : save_kills(sink, KILLS_EVERY);
}

int nw_sink_open(const struct nw_sink_options *options, struct nw_sink **result)
{
    struct nw_store_options store = {.folder = options->folder,
                                     .compress = true,
                                     .keep_bytes = options->keep_bytes,
                                     .keep_ms = options->keep_ms,
                                     .gather_us = GATHER_US};
    struct nw_sink *sink = nw_calloc(1, sizeof *sink);
    int r;

    if (!sink)
        return nw_fault(-ENOMEM);
    nw_buf_init(&sink->encoded, NW_RECORD_MAX);
    snprintf(sink->schema, sizeof sink->schema, "%016llx", (unsigned long long)nw_record_schema());
    adopted_path(options->folder, sink->adopted);
    snprintf(sink->folder, sizeof sink->folder, "%s", options->folder);
    r = nw_store_open(&store, &sink->store);
    if (r != 0)
        nw_error("cannot open the output log in %s: see above", options->folder);
    if (r == 0)
        r = take_mark(sink, options->folder);
    if (r == 0)
        r = take_kills(sink);
    if (r == 0)
        r = refusals_open(options->folder, &sink->refusals);
    if (r == 0) {
        struct nw_past past = {sink, past_read, past_range, {sink, whole_read, whole_range}};
        r = nw_publisher_open(&options->publish, nw_store_id(sink->store), &past, &sink->publisher);
    }
    if (r == 0)
        r = nw_upkeep_start(sink->store, &sink->upkeep);
    if (r != 0)
        nw_sink_close(&sink);
    *result = sink;
    return r > 0 ? -EBUSY : r;
}

void nw_sink_close(struct nw_sink **pointer)
{
    struct nw_sink *sink = *pointer;

    if (!sink)
        return;
    nw_publisher_close(&sink->publisher);
    if (sink->kills && sink->store)
        save_kills(sink, 1);
    nw_kills_free(&sink->kills);
    refusals_close(&sink->refusals);
    nw_upkeep_stop(&sink->upkeep);
    nw_store_close(&sink->store);
    nw_buf_free(&sink->encoded);
    nw_free(sink);
    *pointer = NULL;
}

struct nw_mark nw_sink_mark(const struct nw_sink *sink)
{
    return sink->mark;
}

bool nw_sink_has(const struct nw_sink *sink, const struct nw_entry *entry)
{
    const struct nw_lane_mark *place = &sink->mark.lanes[entry->lane];

    return entry->jseq < place->jseq || (entry->jseq == place->jseq && entry->sub <= place->sub);
}

int nw_sink_refuse(struct nw_sink *sink, const struct nw_entry *entry, const char *why)
{
    return refusals_add(sink->refusals, &(struct refusal){sink->mark.journal, entry->jseq, entry->sub, nw_str_z(why)});
}

int nw_sink_refused(struct nw_sink *sink, const struct nw_entry *entry, struct nw_str *why)
{
    return refusals_find(sink->refusals, sink->mark.journal, entry->jseq, entry->sub, why);
}

bool nw_sink_killed(const struct nw_sink *sink, const struct nw_record *record, uint64_t *oseq)
{
    return nw_kills_covers(sink->kills, record, oseq);
}

/* The record's place; that of the other lane's newest record too, once there is one, so that the last record of the log
 * tells both marks. */
static void set_place(struct nw_pipeline *pipeline, const struct nw_entry *entry, const struct nw_mark *mark)
{
    const struct nw_lane_mark *beside = &mark->lanes[entry->lane == NW_LANE_URGENT ? NW_LANE_NORMAL : NW_LANE_URGENT];

    NW_SET(pipeline, pipeline, jseq, (int64_t)entry->jseq);
    NW_SET(pipeline, pipeline, sub, (int64_t)entry->sub);
    if (entry->lane != NW_LANE_NORMAL)
        NW_SET(pipeline, pipeline, lane, entry->lane);
    if (beside->jseq > 0) {
        NW_SET(pipeline, pipeline, beside_jseq, (int64_t)beside->jseq);
        NW_SET(pipeline, pipeline, beside_sub, (int64_t)beside->sub);
    }
}

int nw_sink_append(struct nw_sink *sink, struct nw_arena *arena, const struct nw_entry *entry, struct nw_record *record)
{
    struct nw_pipeline *pipeline =
        NW_HAS(record, record, pipeline) ? record->pipeline : NW_ARENA_NEW(arena, struct nw_pipeline, 1);
    uint64_t oseq = nw_store_last(sink->store) + 1, given;
    int r;

    if (!pipeline)
        return nw_fault(-ENOMEM);
    NW_SET(record, record, pipeline, pipeline);
    set_place(pipeline, entry, &sink->mark);
    NW_SET(pipeline, pipeline, oseq, (int64_t)oseq);
    NW_SET(pipeline, pipeline, schema, nw_str_z(sink->schema));
    nw_buf_clear(&sink->encoded);
    r = nw_record_encode(record, &sink->encoded);
    if (r < 0)
        return r == -EMSGSIZE ? r : nw_fault(r);
    r = nw_kills_note(sink->kills, oseq, record); /* from now on what it kills is not given out */
    if (r < 0)
        return r;
    r = nw_store_append_waiting(sink->store, nw_buf_view(&sink->encoded), &given);
    if (r != 0) {
        nw_error("the output log cannot be written: %s", r == NW_STORE_NO_ROOM ? "the disk has no room: make some"
                                                         : r < 0               ? nw_store_why(sink->store)
                                                                               : "the record is too large");
        return r == NW_STORE_NO_ROOM ? -ENOSPC : nw_fault(r < 0 ? r : -EPROTO);
    }
    sink->mark.set = true;
    sink->mark.lanes[entry->lane] = (struct nw_lane_mark){entry->jseq, entry->sub};
    sink->mark.oseq = given;
    return nw_publisher_note(sink->publisher, given, record);
}

int nw_sink_commit(struct nw_sink *sink)
{
    int r = nw_store_commit(sink->store);

    return r < 0 ? nw_fault(r) : 0;
}

uint64_t nw_sink_durable(const struct nw_sink *sink)
{
    return sink->durable;
}

static int publish(struct nw_sink *sink)
{
    bool heard = nw_publisher_is_heard(sink->publisher);
    struct nw_str record = {NULL, 0};
    int r = 0;

    while (sink->put < sink->durable && r == 0) {
        if (heard)
            r = read_visible(sink, sink->put + 1, &record);
        if (r == 0)
            r = nw_publisher_put(sink->publisher, sink->put + 1, record);
        r = r == NW_STORE_MISSING ? 0 : r; /* killed, when it was not out yet */
        sink->put++;
    }
    return r;
}

int nw_sink_serve(struct nw_sink *sink)
{
    int r = nw_store_poll(sink->store, &sink->durable);

    if (r < 0) {
        nw_error("the output log has failed: %s; going, to recover by reading it", nw_store_why(sink->store));
        return nw_fault(r);
    }
    r = nw_upkeep_error(sink->upkeep);
    if (r == 0)
        r = save_kills(sink, KILLS_EVERY);
    if (r == 0)
        r = publish(sink);
    if (r == 0)
        r = nw_publisher_serve(sink->publisher);
    return r < 0 ? r : 0;
}

void nw_sink_fds(const struct nw_sink *sink, int fds[NW_SINK_FDS])
{
    nw_publisher_fds(sink->publisher, fds);
    fds[NW_PUBLISHER_FDS] = nw_store_event(sink->store);
}

int64_t nw_sink_timeout(const struct nw_sink *sink)
{
    return nw_publisher_timeout(sink->publisher);
}

const char *nw_sink_folder(const struct nw_sink *sink)
{
    return sink->folder;
}

uint64_t nw_sink_log(const struct nw_sink *sink)
{
    return nw_store_id(sink->store);
}

void nw_sink_range(const struct nw_sink *sink, uint64_t *first, uint64_t *last)
{
    *first = nw_store_first(sink->store);
    *last = nw_store_last(sink->store);
}

int nw_sink_read(struct nw_sink *sink, uint64_t oseq, struct nw_str *entry)
{
    return nw_store_read(sink->store, oseq, entry);
}

struct nw_str nw_sink_newest(const struct nw_sink *sink, uint64_t *oseq)
{
    *oseq = nw_store_last(sink->store);
    return nw_buf_view(&sink->encoded);
}

int nw_sink_metrics(const struct nw_sink *sink, struct nw_buf *out)
{
    struct nw_publisher_counts counts;

    nw_publisher_counts(sink->publisher, &counts);
    return nw_buf_printf(
        out, ",\"oseq\":%llu,\"durable\":%llu,\"published\":%llu,\"channels\":%zu,\"pages\":%llu,\"commits\":%llu",
        (unsigned long long)sink->mark.oseq, (unsigned long long)sink->durable, (unsigned long long)counts.published,
        counts.channels, (unsigned long long)counts.pages, (unsigned long long)counts.commits);
}
