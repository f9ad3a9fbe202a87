/* Pulls the journal's records; see journal_source.h. Each lane keeps its order; the log says which lane is next. */
#include "journal_source.h"

#include "broker/journal_entry.h"
#include "conf/conf.h"
#include "log_order.h"
#include "store/reader.h"

#include <newswire/error.h>
#include <newswire/json.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { QUEUE_BYTES = 8 << 20 }; /* a million entries; beyond, the order is the journal's */

/* Numbers of urgent entries, rising; the first is the next to leave. */
struct jseqs {
    struct nw_buf all;
    size_t gone; /* bytes of those that left */
};

struct journal_source {
    struct nw_store_reader *reader; /* goes through the journal */
    struct nw_store_reader *urgent; /* jumps to the urgent entries that come before or after their place in it */
    struct log_order order;
    struct jseqs ahead; /* put out, and the reader is not there yet */
    struct jseqs late;  /* the reader is past them, and the log is not */
    uint64_t overtook;  /* the newest urgent entry that was put out */
    uint64_t from, to;
};

static const struct nw_conf_row journal_conf[] = {
    {.key = "folder", .kind = NW_CONF_STR, .most = 4096, .preset = "", .doc = "the journal's"},
    {.key = "log", .kind = NW_CONF_STR, .most = 4096, .preset = "", .doc = "the output log's; empty: there is none"},
    {.key = "from", .kind = NW_CONF_INT, .least = 1, .most = INT64_MAX, .preset = "1", .doc = "the first jseq"},
    {.key = "to", .kind = NW_CONF_INT, .least = 0, .most = INT64_MAX, .preset = "1", .doc = "the last jseq"},
    NW_CONF_END,
};

int journal_source_configure(const struct journal_range *range, struct nw_conf **conf)
{
    char why[NW_CONF_WHY];
    struct nw_buf json;
    int rc;

    nw_buf_init(&json, 64 << 10);
    nw_buf_printf(&json, "{\"folder\":");
    nw_json_text(&json, nw_str_z(range->folder));
    nw_buf_printf(&json, ",\"log\":");
    nw_json_text(&json, nw_str_z(range->log));
    nw_buf_printf(&json, ",\"from\":%" PRIu64 ",\"to\":%" PRIu64 "}", range->from, range->to);
    rc = json.error ? json.error : nw_conf_from_json(nw_buf_view(&json), journal_conf, conf, why);
    nw_buf_free(&json);
    return rc == NW_CONF_BAD ? nw_fault(-EINVAL) : rc;
}

static int journal_init(struct nw_stage_context *context, void *state)
{
    const struct nw_conf *conf = nw_stage_conf(context);
    struct journal_source *source = state;
    const char *folder = nw_conf_str(conf, "folder").p, *log = nw_conf_str(conf, "log").p;
    int rc;

    source->from = (uint64_t)nw_conf_int(conf, "from");
    source->to = (uint64_t)nw_conf_int(conf, "to");
    nw_buf_init(&source->ahead.all, QUEUE_BYTES);
    nw_buf_init(&source->late.all, QUEUE_BYTES);
    rc = nw_store_reader_open(folder, source->from, &source->reader);
    rc = rc ? rc : nw_store_reader_open(folder, source->from, &source->urgent);
    return rc || !log[0] ? rc : log_order_open(log, &source->order);
}

static void journal_free(void *state)
{
    struct journal_source *source = state;

    nw_store_reader_close(&source->reader);
    nw_store_reader_close(&source->urgent);
    log_order_close(&source->order);
    nw_buf_free(&source->ahead.all);
    nw_buf_free(&source->late.all);
}

/* ---- numbers */

/* 0 when there is none. */
static uint64_t jseqs_first(const struct jseqs *jseqs)
{
    uint64_t jseq = 0;

    if (jseqs->gone < jseqs->all.n) {
        memcpy(&jseq, jseqs->all.p + jseqs->gone, sizeof jseq);
    }
    return jseq;
}

static void jseqs_drop_first(struct jseqs *jseqs)
{
    jseqs->gone += sizeof(uint64_t);
    if (jseqs->gone == jseqs->all.n) {
        nw_buf_clear(&jseqs->all);
        jseqs->gone = 0;
    }
}

static bool jseqs_have_room(const struct jseqs *jseqs)
{
    return jseqs->all.n + sizeof(uint64_t) <= QUEUE_BYTES;
}

static int jseqs_add(struct jseqs *jseqs, uint64_t jseq)
{
    return nw_buf_add(&jseqs->all, &jseq, sizeof jseq);
}

/* ---- entries */

static int complain(struct nw_stage_context *context, uint64_t jseq, const char *why)
{
    nw_complain(context, NW_S("journal"), "jseq %" PRIu64 ": %s", jseq, why);
    return NW_PULLED;
}

/* Puts one entry out, where it holds a record. */
static int emit(struct nw_stage_context *context, uint64_t jseq, const struct nw_journal_entry *entry)
{
    struct nw_arena *arena = nw_stage_arena(context);
    struct nw_pipeline *pipeline = NW_ARENA_NEW(arena, struct nw_pipeline, 1);
    struct nw_record *record;
    char why[NW_WHY];
    int rc = nw_record_decode(arena, entry->record, &record, why);

    if (rc == NW_BAD_RECORD) {
        return complain(context, jseq, why);
    }
    if (rc < 0 || !pipeline) {
        return nw_fault(rc < 0 ? rc : -ENOMEM);
    }
    if (NW_HAS(record, record, pipeline)) {
        pipeline = record->pipeline;
    }
    NW_SET(record, record, pipeline, pipeline);
    NW_SET(pipeline, pipeline, jseq, (int64_t)jseq);
    if (entry->urgent) {
        NW_SET(pipeline, pipeline, lane, NW_LANE_URGENT);
    }
    return nw_emit(context, record);
}

/* Puts out an urgent entry that is not where the reader is. One that is not there any more is told by the reader. */
static int emit_urgent(struct nw_stage_context *context, struct journal_source *source, uint64_t jseq)
{
    struct nw_store_entry stored;
    struct nw_journal_entry entry;
    int rc;

    source->overtook = jseq;
    nw_store_reader_seek(source->urgent, jseq);
    rc = nw_store_reader_next(source->urgent, &stored);
    if (rc < 0) {
        return rc;
    }
    return rc == 0 && nw_journal_entry_read(stored.payload, &entry) ? emit(context, jseq, &entry) : NW_PULLED;
}

/* Passes over articles of the log whose entries were put out, or are not wanted. */
static int order_follow(struct journal_source *source)
{
    struct log_order *order = &source->order;
    uint64_t position = nw_store_reader_position(source->reader);
    int rc = 0;

    while (rc == 0 && order->there) {
        uint64_t jseq = order->origin.jseq;
        bool done = order->origin.lane == NW_LANE_URGENT ? jseq <= source->overtook : jseq < position;
        if (!done && jseq >= source->from && jseq <= source->to) {
            break;
        }
        rc = log_order_next(order);
    }
    return rc;
}

/* The urgent entry whose turn it is; 0: it is the reader's. */
static uint64_t urgent_turn(const struct journal_source *source)
{
    const struct log_order *order = &source->order;
    uint64_t late = jseqs_first(&source->late);

    if (!order->there) {
        return late;
    }
    if (order->origin.lane != NW_LANE_URGENT) {
        return 0;
    }
    /* One that the log does not have, for it is past it: in its lane it comes before. */
    if (late && late < order->origin.jseq) {
        return late;
    }
    return jseqs_have_room(&source->ahead) ? order->origin.jseq : 0;
}

static int take_urgent(struct nw_stage_context *context, struct journal_source *source, uint64_t jseq)
{
    int rc = 0;

    if (jseq == jseqs_first(&source->late)) {
        jseqs_drop_first(&source->late);
    } else {
        rc = jseqs_add(&source->ahead, jseq);
    }
    return rc ? rc : emit_urgent(context, source, jseq);
}

/* Puts out the entry that the reader is at, unless it was put out, or its turn comes later. */
static int take(struct nw_stage_context *context, struct journal_source *source, const struct nw_store_entry *stored)
{
    struct nw_journal_entry entry;

    while (jseqs_first(&source->ahead) && jseqs_first(&source->ahead) < stored->seq) {
        jseqs_drop_first(&source->ahead);
    }
    if (jseqs_first(&source->ahead) == stored->seq) {
        return NW_PULLED;
    }
    if (!nw_journal_entry_read(stored->payload, &entry)) {
        return complain(context, stored->seq, "it is no entry of a journal of this version");
    }
    if (entry.urgent && source->order.there && stored->seq > source->overtook && jseqs_have_room(&source->late)) {
        return jseqs_add(&source->late, stored->seq);
    }
    return emit(context, stored->seq, &entry);
}

static int journal_pull(struct nw_stage_context *context, void *state, size_t room)
{
    struct journal_source *source = state;
    struct nw_store_entry stored;
    uint64_t urgent;
    int rc = order_follow(source);

    (void)room;
    if (rc < 0) {
        return rc;
    }
    urgent = urgent_turn(source);
    if (urgent) {
        return take_urgent(context, source, urgent);
    }
    if (nw_store_reader_position(source->reader) > source->to) {
        return NW_ENDED;
    }
    rc = nw_store_reader_next(source->reader, &stored);
    if (rc == NW_STORE_MISSING || rc == NW_STORE_DROPPED) {
        nw_complain(context, NW_S("journal"), "jseq %" PRIu64 " to %" PRIu64 " are %s", stored.seq, stored.last,
                    rc == NW_STORE_MISSING ? "lost to damage" : "not there any more: the broker has let go of them");
        return NW_PULLED;
    }
    if (rc == NW_STORE_END) {
        source->to = nw_store_reader_position(source->reader) - 1;
        return NW_PULLED;
    }
    return rc < 0 ? rc : take(context, source, &stored);
}

const struct nw_stage nw_stage_journal = {
    .name = "journal",
    .version = "1",
    .doc = "Pulls what was accepted before out of the journal.",
    .sets = NW_F(raw) | NW_F(source),
    .conf = journal_conf,
    .state_size = sizeof(struct journal_source),
    .init = journal_init,
    .pull = journal_pull,
    .free = journal_free,
};
