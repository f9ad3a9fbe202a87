/*
 * aggregate: the only stage with memory. It tells copies from news: an article whose headline and text were seen before
 * carries the uri of the first that had them. All that it knows it learns again from the output log (recall), so it can
 * be killed at any time.
 */
#include "seen.h"

#include <newswire/error.h>
#include <newswire/stage.h>

#include <errno.h>

struct aggregate {
    struct seen *seen;
};

static const struct nw_conf_row aggregate_conf[] = {
    {.key = "memory_articles",
     .kind = NW_CONF_INT,
     .least = 1,
     .most = 100000000,
     .preset = "1000000",
     .unit = "articles",
     .doc = "how far back duplicates are looked for; about 130 bytes of memory an article"},
    NW_CONF_END,
};

/* What makes two articles the same text: headline and body, byte for byte. {0, 0} for an article with neither. */
static struct nw_hash128 text_hash(const struct nw_record *record)
{
    struct nw_str headline = nw_record_headline(record), body = nw_record_body(record);
    struct nw_hash128 a = nw_hash128(headline), b = nw_hash128(body), pair[2] = {a, b};

    if (headline.n == 0 && body.n == 0)
        return (struct nw_hash128){0, 0};
    return nw_hash128(nw_str((const char *)pair, sizeof pair));
}

static int remember(struct aggregate *aggregate, const struct nw_record *record, struct nw_str *first)
{
    struct nw_hash128 hash = text_hash(record);
    int r = 0;

    *first = nw_str(NULL, 0);
    if ((hash.high == 0 && hash.low == 0) || !NW_HAS(record, record, uri))
        return 0;
    *first = seen_find(aggregate->seen, hash);
    if (first->n == 0)
        r = seen_add(aggregate->seen, hash, record->uri);
    return r < 0 ? nw_fault(r) : 0;
}

static int aggregate_init(struct nw_stage_context *context, void *state)
{
    struct aggregate *aggregate = state;

    aggregate->seen = seen_new((size_t)nw_conf_int(nw_stage_conf(context), "memory_articles"));
    return aggregate->seen ? 0 : nw_fault(-ENOMEM);
}

static int aggregate_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    struct nw_str first;
    int r = remember(state, record, &first);

    if (r < 0)
        return r;
    if (first.n > 0) {
        struct nw_story *story =
            NW_HAS(record, record, story) ? record->story : NW_ARENA_NEW(nw_stage_arena(context), struct nw_story, 1);
        if (!story)
            return nw_fault(-ENOMEM);
        NW_SET(record, record, story, story);
        NW_SET(story, story, duplicate_of, first);
        NW_SET(story, story, similarity, 1);
        nw_count(context, "duplicates_found", 1);
    }
    return nw_emit(context, record);
}

static int aggregate_recall(struct nw_stage_context *context, void *state, const struct nw_record *record)
{
    struct nw_str first;

    (void)context;
    return remember(state, record, &first);
}

static void aggregate_free(void *state)
{
    struct aggregate *aggregate = state;

    seen_free(aggregate->seen);
    aggregate->seen = NULL;
}

const struct nw_stage nw_stage_aggregate = {
    .name = "aggregate",
    .version = "1",
    .doc = "Tells copies from news, keeps the order, and is the one that writes the output log.",
    .needs = NW_F(source),
    .sets = NW_F(story),
    .ordered = true,
    .conf = aggregate_conf,
    .state_size = sizeof(struct aggregate),
    .init = aggregate_init,
    .process = aggregate_process,
    .recall = aggregate_recall,
    .free = aggregate_free,
};
