/*
 * aggregate: the only stage with memory. It tells copies and new versions from news (kin.h) and puts articles into
 * stories (cluster.h). All that it knows it learns again from the output log, whose records say which story each
 * belongs to, so it can be killed at any time.
 */
#include "cluster.h"
#include "kill.h"
#include "kin.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/stage.h>

#include <errno.h>

/* Buffers are here, not on the stack: a digest holds 64 KB. */
struct aggregate {
    struct archive archive;
    struct wordlist *wordlist;
    struct frequencies *frequencies;
    struct digest *digest;
    struct sketch sketch;
    struct vector vector;
};

static const struct nw_conf_row aggregate_conf[] = {
    {.key = "memory_articles",
     .kind = NW_CONF_INT,
     .least = 1,
     .most = 50000000,
     .preset = "200000",
     .unit = "articles",
     .doc =
         "how many of the newest articles are remembered, for duplicates and stories; 640 bytes of memory an article, "
         "and 1 to 2.5 KB for each that comes"},
    NW_CONF_END,
};

static int aggregate_init(struct nw_stage_context *context, void *state)
{
    struct aggregate *aggregate = state;
    int r = archive_init(&aggregate->archive, (size_t)nw_conf_int(nw_stage_conf(context), "memory_articles"));

    aggregate->wordlist = wordlist_new();
    aggregate->frequencies = frequencies_new();
    aggregate->digest = nw_calloc(1, sizeof *aggregate->digest);
    if (r < 0 || !aggregate->wordlist || !aggregate->frequencies || !aggregate->digest)
        return nw_fault(-ENOMEM);
    return 0;
}

static bool is_canceled(const struct nw_record *record)
{
    return NW_HAS(record, record, pub_status) && nw_str_eq(record->pub_status, NW_S("canceled"));
}

/* What is known of a record once it has been taken into memory. */
struct verdict {
    struct kin kin;
    struct article *article, *early; /* early: NULL where kin is none */
    double similarity;
};

/* Takes a record in, finding out what it is. */
static int take_in(struct aggregate *aggregate, const struct nw_record *record, struct verdict *verdict)
{
    struct archive *archive = &aggregate->archive;
    struct nw_str uri = NW_HAS(record, record, uri) ? record->uri : nw_str(NULL, 0);
    struct choice choice = {NULL, NULL, 0};
    struct story *story;

    digest_make(aggregate->digest, aggregate->wordlist, record);
    sketch_make(&aggregate->sketch, aggregate->digest);
    vector_make(&aggregate->vector, aggregate->frequencies, aggregate->digest);
    verdict->kin = kin_find(archive, aggregate->digest, &aggregate->sketch, uri);
    if (is_canceled(record)) {
        uint64_t target = kill_target(archive, aggregate->digest, uri);
        if (target != UINT64_MAX)
            verdict->kin =
                (struct kin){.class = KIN_REVISION, .article = target, .similarity = verdict->kin.similarity};
    }
    verdict->early = verdict->kin.class == KIN_NONE ? NULL : archive_at(archive, verdict->kin.article);
    verdict->similarity = verdict->kin.similarity;
    if (verdict->early) {
        story = verdict->early->story;
    } else {
        choice = cluster_choose(archive, aggregate->digest, &aggregate->vector);
        verdict->similarity = choice.similarity > verdict->similarity ? choice.similarity : verdict->similarity;
        story =
            choice.story ? choice.story : story_new(aggregate->digest, uri, nw_record_headline(record), choice.thread);
    }
    if (!story)
        return nw_fault(-ENOMEM);
    if (story_take(story, aggregate->digest, &aggregate->vector, archive->end) < 0) {
        if (story->live == 0)
            story_free(story);
        return nw_fault(-ENOMEM);
    }
    verdict->article = archive_add(archive, aggregate->digest, &aggregate->sketch, &aggregate->vector, uri, story);
    if (!verdict->article) {
        if (story->live == 0)
            story_free(story);
        return nw_fault(-ENOMEM);
    }
    /* The kill and what it kills leave the comparison; the archive may just have dropped the earlier one. */
    if (is_canceled(record))
        archive_cancel(archive, archive->end - 1);
    verdict->early = verdict->early ? archive_at(archive, verdict->kin.article) : NULL;
    if (verdict->article->canceled && verdict->early)
        kill_versions(archive, verdict->kin.article, uri);
    return 0;
}

/* Takes a record of the log into the story that it says. */
static int take_back(struct aggregate *aggregate, const struct nw_record *record, const struct nw_story *known)
{
    struct archive *archive = &aggregate->archive;
    struct nw_str uri = NW_HAS(record, record, uri) ? record->uri : nw_str(NULL, 0);
    struct story *story = archive_story(archive, known->id);

    digest_make(aggregate->digest, aggregate->wordlist, record);
    sketch_make(&aggregate->sketch, aggregate->digest);
    vector_make(&aggregate->vector, aggregate->frequencies, aggregate->digest);
    if (!story) {
        struct nw_str headline = NW_HAS(story, known, headline) ? known->headline : nw_str(NULL, 0);
        story = story_new(aggregate->digest, uri, headline, NULL);
        if (!story)
            return nw_fault(-ENOMEM);
        story->id_n = known->id.n;
        memcpy(story->id, known->id.p, known->id.n);
        story->thread_n = known->thread.n;
        memcpy(story->thread, known->thread.p, known->thread.n);
    }
    if (story_take(story, aggregate->digest, &aggregate->vector, archive->end) < 0) {
        if (story->live == 0)
            story_free(story);
        return nw_fault(-ENOMEM);
    }
    /* Its earlier articles may be gone from the log. */
    if (NW_HAS(story, known, size) && known->size > 0 && (uint64_t)known->size > story->size)
        story->size = (uint64_t)known->size;
    if (NW_HAS(story, known, first) && known->first < story->first)
        story->first = known->first;
    if (archive_add(archive, aggregate->digest, &aggregate->sketch, &aggregate->vector, uri, story))
        return 0;
    if (story->live == 0)
        story_free(story);
    return nw_fault(-ENOMEM);
}

static int say(struct nw_stage_context *context, struct nw_record *record, const struct verdict *verdict, bool first)
{
    const struct story *known = verdict->article->story;
    struct nw_story *story = NW_ARENA_NEW(nw_stage_arena(context), struct nw_story, 1);

    if (!story)
        return nw_fault(-ENOMEM);
    NW_SET(record, record, story, story);
    NW_SET(story, story, id, nw_str(known->id, known->id_n));
    NW_SET(story, story, thread, nw_str(known->thread, known->thread_n));
    NW_SET(story, story, seq, (int64_t)known->size - 1);
    NW_SET(story, story, size, (int64_t)known->size);
    NW_SET(story, story, first, known->first);
    if (known->headline_n)
        NW_SET(story, story, headline, nw_str(known->headline, known->headline_n));
    if (!first)
        NW_SET(story, story, similarity, verdict->similarity);
    if (!verdict->early || verdict->early->uri_n == 0)
        return 0;
    struct nw_str uri = nw_str(verdict->early->uri, verdict->early->uri_n);
    switch (verdict->kin.class) {
    case KIN_DUPLICATE:
        NW_SET(story, story, duplicate_of, uri);
        nw_count(context, "duplicates_found", 1);
        break;
    case KIN_NEAR:
        NW_SET(story, story, near_duplicate_of, uri);
        nw_count(context, "near_duplicates_found", 1);
        break;
    case KIN_REVISION:
        NW_SET(story, story, revision_of, uri);
        nw_count(context, "revisions_found", 1);
        break;
    case KIN_NONE:
        break;
    }
    return 0;
}

static int aggregate_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    struct aggregate *aggregate = state;
    struct verdict verdict;
    bool first = aggregate->archive.end == 0;
    int r = take_in(aggregate, record, &verdict);

    if (r == 0)
        r = say(context, record, &verdict, first);
    return r < 0 ? r : nw_emit(context, record);
}

static int aggregate_recall(struct nw_stage_context *context, void *state, const struct nw_record *record)
{
    const struct nw_story *known = NW_HAS(record, record, story) ? record->story : NULL;
    struct verdict verdict;

    (void)context;
    /* What a kill did is found out again; of others the record says where it belongs, which costs no search. */
    if (!known || is_canceled(record) || !NW_HAS(story, known, id) || known->id.n > STORY_ID ||
        !NW_HAS(story, known, thread) || known->thread.n > STORY_ID)
        return take_in(state, record, &verdict);
    return take_back(state, record, known);
}

static void aggregate_free(void *state)
{
    struct aggregate *aggregate = state;

    archive_free(&aggregate->archive);
    wordlist_free(aggregate->wordlist);
    frequencies_free(aggregate->frequencies);
    nw_free(aggregate->digest);
    *aggregate = (struct aggregate){0};
}

const struct nw_stage nw_stage_aggregate = {
    .name = "aggregate",
    .version = "3",
    .doc = "Tells copies and new versions from news, puts articles into stories, and writes the output log.",
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
