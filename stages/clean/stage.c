/*
 * The clean stage: bytes of any format into articles. Takes `raw` off, sets everything of the article; what it can't
 * read it refuses with a sentence. It keeps nothing from one record to the next.
 */
#include "format.h"

#include <newswire/error.h>

#include <errno.h>

static int read_record(struct nw_stage_context *context, struct clean *clean, const struct nw_record *record)
{
    const struct nw_source *source = record->source;
    struct input input = {
        .context = context,
        .clean = clean,
        .arena = nw_stage_arena(context),
        .raw = record,
        .bytes = record->raw,
        .declared = NW_HAS(source, source, declared) ? source->declared : nw_str(NULL, 0),
    };
    if (!NW_HAS(record, record, raw))
        return nw_reject(context, "expected a record with raw bytes, found none; submit articles with raw set");
    if (NW_HAS(source, source, format) && source->format.n > 0) {
        const struct format *format = format_named(source->format);
        if (!format)
            return nw_reject(context, "format \"%.*s\" is not known; see newswire help formats for those that are",
                             NW_FMT(source->format));
        return format->read(&input);
    }
    return format_read(&input);
}

static int clean_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    struct clean *clean = state;
    clean->reached = 0;
    int verdict = read_record(context, clean, record);
    bounds_tell(context, clean, record->source);
    return verdict;
}

static const char *const FIELD_WORDS[] = {
    "headline", "body",     "by",      "published", "updated", "id",   "link",      "source",  "language", "summary",
    "subjects", "slugline", "located", "urgency",   "embargo", "note", "copyright", "version", NULL};

static const struct nw_conf_row FIELD_ROWS[] = {
    {.key = "field", .kind = NW_CONF_STR, .words = FIELD_WORDS, .doc = "field of the article"},
    {.key = "key",
     .kind = NW_CONF_STR,
     .least = 1,
     .most = 200,
     .doc = "key of the JSON object that holds it; a path such as meta.title"},
    NW_CONF_END,
};

static const struct nw_conf_row CLEAN_CONF[] = {
    {.key = "fields",
     .kind = NW_CONF_LIST,
     .rows = FIELD_ROWS,
     .doc = "which keys of plain JSON objects (NDJSON) are which field; the usual names need none"},
    NW_CONF_END,
};

const struct nw_stage nw_stage_clean = {
    .name = "clean",
    .version = "1",
    .doc = "Turns bytes of any wire format or web page into one clean article, or several.",
    .needs = NW_F(raw) | NW_F(source),
    .sets = NW_F(uri) | NW_F(type) | NW_F(version) | NW_F(first_created) | NW_F(version_created) |
            NW_F(content_created) | NW_F(embargoed_until) | NW_F(pub_status) | NW_F(urgency) | NW_F(copyright_holder) |
            NW_F(copyright_notice) | NW_F(usage_terms) | NW_F(ed_note) | NW_F(language) | NW_F(title) |
            NW_F(headlines) | NW_F(by) | NW_F(slugline) | NW_F(located) | NW_F(descriptions) | NW_F(bodies) |
            NW_F(people) | NW_F(organisations) | NW_F(places) | NW_F(subjects) | NW_F(info_sources) | NW_F(genres) |
            NW_F(alt_ids) | NW_F(associations) | NW_F(standard) | NW_F(source),
    .conf = CLEAN_CONF,
    .state_size = sizeof(struct clean),
    .process = clean_process,
};
