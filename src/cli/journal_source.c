/* Pulls the journal's records; see journal_source.h. */
#include "journal_source.h"

#include "broker/journal_entry.h"
#include "conf/conf.h"
#include "store/reader.h"

#include <newswire/error.h>
#include <newswire/json.h>

#include <errno.h>
#include <inttypes.h>

struct journal_source {
    struct nw_store_reader *reader;
    uint64_t to;
};

static const struct nw_conf_row journal_conf[] = {
    {.key = "folder", .kind = NW_CONF_STR, .most = 4096, .preset = "", .doc = "the journal's"},
    {.key = "from", .kind = NW_CONF_INT, .least = 1, .most = INT64_MAX, .preset = "1", .doc = "the first jseq"},
    {.key = "to", .kind = NW_CONF_INT, .least = 0, .most = INT64_MAX, .preset = "1", .doc = "the last jseq"},
    NW_CONF_END,
};

int journal_source_configure(const char *folder, uint64_t from, uint64_t to, struct nw_conf **conf)
{
    char why[NW_CONF_WHY];
    struct nw_buf json;
    int rc;

    nw_buf_init(&json, 64 << 10);
    nw_buf_printf(&json, "{\"folder\":");
    nw_json_text(&json, nw_str_z(folder));
    nw_buf_printf(&json, ",\"from\":%" PRIu64 ",\"to\":%" PRIu64 "}", from, to);
    rc = json.error ? json.error : nw_conf_from_json(nw_buf_view(&json), journal_conf, conf, why);
    nw_buf_free(&json);
    return rc == NW_CONF_BAD ? nw_fault(-EINVAL) : rc;
}

static int journal_init(struct nw_stage_context *context, void *state)
{
    const struct nw_conf *conf = nw_stage_conf(context);
    struct journal_source *source = state;

    source->to = (uint64_t)nw_conf_int(conf, "to");
    return nw_store_reader_open(nw_conf_str(conf, "folder").p, (uint64_t)nw_conf_int(conf, "from"), &source->reader);
}

/* Puts one entry out; what it holds is told where it is no record. */
static int emit(struct nw_stage_context *context, const struct nw_store_entry *stored)
{
    struct nw_arena *arena = nw_stage_arena(context);
    struct nw_pipeline *pipeline = NW_ARENA_NEW(arena, struct nw_pipeline, 1);
    struct nw_journal_entry entry;
    struct nw_record *record;
    char why[NW_WHY] = "it is no entry of a journal of this version";
    int rc = nw_journal_entry_read(stored->payload, &entry) ? nw_record_decode(arena, entry.record, &record, why)
                                                            : NW_BAD_RECORD;

    if (rc == NW_BAD_RECORD) {
        nw_complain(context, NW_S("journal"), "jseq %" PRIu64 ": %s", stored->seq, why);
        return 0;
    }
    if (rc < 0 || !pipeline) {
        return nw_fault(rc < 0 ? rc : -ENOMEM);
    }
    if (NW_HAS(record, record, pipeline)) {
        pipeline = record->pipeline;
    }
    NW_SET(record, record, pipeline, pipeline);
    NW_SET(pipeline, pipeline, jseq, (int64_t)stored->seq);
    return nw_emit(context, record);
}

static int journal_pull(struct nw_stage_context *context, void *state, size_t room)
{
    struct journal_source *source = state;
    struct nw_store_entry stored;
    int rc;

    (void)room;
    if (nw_store_reader_position(source->reader) > source->to) {
        return NW_ENDED;
    }
    rc = nw_store_reader_next(source->reader, &stored);
    if (rc == NW_STORE_END) {
        return NW_ENDED;
    }
    if (rc == NW_STORE_MISSING || rc == NW_STORE_DROPPED) {
        nw_complain(context, NW_S("journal"), "jseq %" PRIu64 " to %" PRIu64 " are %s", stored.seq, stored.last,
                    rc == NW_STORE_MISSING ? "lost to damage" : "not there any more: the broker has let go of them");
        return NW_PULLED;
    }
    if (rc == 0) {
        rc = stored.seq > source->to ? NW_ENDED : emit(context, &stored);
    }
    return rc;
}

static void journal_free(void *state)
{
    struct journal_source *source = state;

    nw_store_reader_close(&source->reader);
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
