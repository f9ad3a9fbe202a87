/*
 * aggregate: the only stage with memory. It tells copies and new versions from news (kin.h) and puts articles into
 * stories (cluster.h). All that it knows it learns again from the output log, whose records say which story each
 * belongs to, so it can be killed at any time; and sooner from what it saved of each (saved.h).
 */
#include "cluster.h"
#include "kill.h"
#include "kin.h"
#include "saved.h"
#include "story.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/name.h>
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
    struct nw_buf kills; /* what the kill at hand takes back, as it is saved */
};

static const struct nw_conf_row aggregate_conf[] = {
    {.key = "memory_articles",
     .kind = NW_CONF_INT,
     .least = 1,
     .most = 50000000,
     .preset = "200000",
     .unit = "articles",
     .doc =
         "how many of the newest articles are remembered, for duplicates and stories; 660 bytes of memory an article, "
         "and 1 to 2.5 KB for each that comes"},
    NW_CONF_END,
};

static int aggregate_init(struct nw_stage_context *context, void *state)
{
    struct aggregate *aggregate = state;
    int r = archive_init(&aggregate->archive, (size_t)nw_conf_int(nw_stage_conf(context), "memory_articles"));

    nw_buf_init(&aggregate->kills, NW_RECORD_MAX);
    aggregate->wordlist = wordlist_new();
    aggregate->frequencies = frequencies_new();
    aggregate->digest = nw_calloc(1, sizeof *aggregate->digest);
    if (r < 0 || !aggregate->wordlist || !aggregate->frequencies || !aggregate->digest)
        return nw_fault(-ENOMEM);
    return 0;
}

/* Similarity of texts from which on one repeats another. */
static const double REPEATS = 0.25;

/* What is known of a record once it has been taken into memory. */
struct verdict {
    struct kin kin;
    struct article *article, *early; /* early: NULL where kin is none */
    double similarity;
    bool repeats; /* its text is one that was there, or nearly */
};

static struct label label_of(const struct nw_record *record)
{
    struct nw_str headline = nw_record_headline(record);

    return (struct label){.uri = NW_HAS(record, record, uri) ? record->uri : nw_str(NULL, 0),
                          .headline = headline.n <= STORY_HEADLINE ? headline : nw_str(NULL, 0),
                          .name = nw_record_name(record).low,
                          .agency = nw_record_agency(record),
                          .kill = nw_record_is_kill(record)};
}

/* Nothing is learned of a kill's words: what it is put out with may be less than it came with. */
static void read_record(struct aggregate *aggregate, const struct nw_record *record, const struct label *label)
{
    archive_expect_label(&aggregate->archive, label);
    digest_make(aggregate->digest, aggregate->wordlist, record);
    sketch_make(&aggregate->sketch, aggregate->digest);
    kin_expect(&aggregate->archive, aggregate->digest, &aggregate->sketch);
    if (label->kill)
        aggregate->vector = (struct vector){0};
    else
        vector_make(&aggregate->vector, aggregate->frequencies, aggregate->digest);
    cluster_expect(&aggregate->archive, &aggregate->vector);
}

/* The first version of what the article at hand is a version of: by uri, by name, or as a text of the same agency. */
static uint64_t item_of(const struct archive *archive, const struct label *label, int64_t time, const struct kin *kin)
{
    uint64_t found = archive_find(archive, label->uri);
    const struct article *early;

    if (found == UINT64_MAX)
        found = archive_named(archive, label, time);
    if (found == UINT64_MAX && (kin->class == KIN_DUPLICATE || kin->class == KIN_REVISION)) {
        early = archive_at(archive, kin->article);
        found = label->agency && early->agency == label->agency ? kin->article : UINT64_MAX;
    }
    return found == UINT64_MAX ? archive->end : archive_at(archive, found)->item;
}

/* Puts the article at hand into a story. A kill is no member of one, so it goes without story_take. */
static int join(struct aggregate *aggregate, const struct label *label, uint64_t item, struct story *story,
                struct verdict *verdict)
{
    struct archive *archive = &aggregate->archive;

    verdict->article = NULL;
    if (!story)
        return nw_fault(-ENOMEM);
    if (label->kill || story_take(story, aggregate->digest, &aggregate->vector, archive->end) == 0)
        verdict->article =
            archive_add(archive, aggregate->digest, &aggregate->sketch, &aggregate->vector, label, item, story);
    if (verdict->article)
        return 0;
    if (story->live == 0)
        story_free(story);
    return nw_fault(-ENOMEM);
}

/* Takes a kill in: what it means, and that this leaves its story. */
static int take_kill(struct aggregate *aggregate, const struct label *label, struct nw_arena *arena,
                     struct nw_story *said, struct verdict *verdict)
{
    struct archive *archive = &aggregate->archive;
    uint64_t target = kill_find(archive, label, aggregate->digest->time, &verdict->kin);
    int r = kill_name(archive, target, label->uri, arena, said);

    verdict->kin.class = target == UINT64_MAX ? KIN_NONE : KIN_REVISION;
    verdict->kin.article = target;
    verdict->early = archive_at(archive, target);
    if (r < 0)
        return r;
    kill_take(archive, &said->kills);
    r = saved_set_kills(&aggregate->kills, &said->kills);
    if (r < 0)
        return r;
    return join(aggregate, label, archive->end,
                verdict->early ? verdict->early->story
                               : story_new(aggregate->digest, label->uri, nw_str(NULL, 0), NULL),
                verdict);
}

static int take_article(struct aggregate *aggregate, const struct label *label, const struct nw_record *record,
                        struct verdict *verdict)
{
    struct archive *archive = &aggregate->archive;
    uint64_t item = item_of(archive, label, aggregate->digest->time, &verdict->kin);
    struct candidate candidates[CLUSTER_CANDIDATES];
    struct choice choice;
    size_t n;

    verdict->early = verdict->kin.class == KIN_NONE ? NULL : archive_at(archive, verdict->kin.article);
    if (verdict->early)
        return join(aggregate, label, item, verdict->early->story, verdict);
    n = cluster_candidates(candidates, archive, aggregate->digest, &aggregate->sketch, &aggregate->vector);
    choice = cluster_choose(candidates, n, evidence_weights);
    verdict->similarity = choice.similarity > verdict->similarity ? choice.similarity : verdict->similarity;
    return join(aggregate, label, item,
                choice.story ? choice.story
                             : story_new(aggregate->digest, label->uri, nw_record_headline(record), choice.thread),
                verdict);
}

/* A later version that its wire declares by slug and headline replaces the newest one of these, however much of the
 * text is new. */
static void find_declared(const struct archive *archive, const struct label *label, const struct digest *digest,
                          const struct nw_record *record, struct kin *kin)
{
    uint64_t found;

    if (kin->class == KIN_DUPLICATE)
        return;
    found = archive_named(archive, label, digest->time);
    if (found != UINT64_MAX && nw_record_declares(record))
        *kin = (struct kin){.class = KIN_REVISION, .article = found, .similarity = kin->similarity};
}

/* Takes a record in, finding out what it is; what a kill takes back goes into `said`. */
static int take_in(struct aggregate *aggregate, const struct nw_record *record, struct nw_arena *arena,
                   struct nw_story *said, struct verdict *verdict)
{
    struct label label = label_of(record);
    int r;

    read_record(aggregate, record, &label);
    verdict->kin = kin_find(&aggregate->archive, aggregate->digest, &aggregate->sketch, label.uri);
    verdict->repeats = verdict->kin.class != KIN_NONE && verdict->kin.similarity >= REPEATS;
    if (!label.kill)
        find_declared(&aggregate->archive, &label, aggregate->digest, record, &verdict->kin);
    verdict->similarity = verdict->kin.similarity;
    r = label.kill ? take_kill(aggregate, &label, arena, said, verdict)
                   : take_article(aggregate, &label, record, verdict);
    /* The archive may just have dropped the earlier one. */
    if (verdict->early)
        verdict->early = archive_at(&aggregate->archive, verdict->kin.article);
    return r;
}

/* A story whose earlier articles are gone from the log. */
static struct story *story_known(const struct digest *digest, const struct label *label, const struct nw_story *known)
{
    struct nw_str headline = NW_HAS(story, known, headline) ? known->headline : nw_str(NULL, 0);
    struct story *story = story_new(digest, label->uri, headline, NULL);

    if (!story)
        return NULL;
    story->id_n = known->id.n;
    memcpy(story->id, known->id.p, known->id.n);
    story->thread_n = known->thread.n;
    memcpy(story->thread, known->thread.p, known->thread.n);
    return story;
}

/* What the log says that a record was: enough to know the item by. */
static struct kin kin_known(const struct archive *archive, const struct nw_story *known)
{
    bool copy = NW_HAS(story, known, duplicate_of), version = NW_HAS(story, known, revision_of);
    uint64_t early = copy      ? archive_find(archive, known->duplicate_of)
                     : version ? archive_find(archive, known->revision_of)
                               : UINT64_MAX;

    return (struct kin){.class = early == UINT64_MAX ? KIN_NONE
                                 : copy              ? KIN_DUPLICATE
                                                     : KIN_REVISION,
                        .article = early};
}

/* Takes a record of the log into the story that it says. */
static int take_known(struct aggregate *aggregate, const struct nw_record *record, const struct nw_story *known)
{
    struct archive *archive = &aggregate->archive;
    struct label label = label_of(record);
    struct story *story = archive_story(archive, known->id);
    struct kin kin = kin_known(archive, known);
    struct verdict verdict;
    int r;

    read_record(aggregate, record, &label);
    if (label.kill) {
        kill_take(archive, &known->kills);
        r = saved_set_kills(&aggregate->kills, &known->kills);
        if (r < 0)
            return r;
    }
    if (!story)
        story = story_known(aggregate->digest, &label, known);
    r = join(aggregate, &label, item_of(archive, &label, aggregate->digest->time, &kin), story, &verdict);
    if (r < 0)
        return r;
    if (NW_HAS(story, known, size) && known->size >= 0)
        story->size = (uint64_t)known->size;
    if (NW_HAS(story, known, seq) && known->seq >= 0)
        story->taken = (uint64_t)known->seq + 1;
    if (NW_HAS(story, known, first) && known->first < story->first)
        story->first = known->first;
    return 0;
}

static void say_kin(struct nw_stage_context *context, struct nw_story *said, const struct verdict *verdict)
{
    struct nw_str uri;

    if (!verdict->early || verdict->early->uri_n == 0)
        return;
    uri = nw_str(verdict->early->uri, verdict->early->uri_n);
    switch (verdict->kin.class) {
    case KIN_DUPLICATE:
        NW_SET(story, said, duplicate_of, uri);
        nw_count(context, "duplicates_found", 1);
        break;
    case KIN_NEAR:
        NW_SET(story, said, near_duplicate_of, uri);
        nw_count(context, "near_duplicates_found", 1);
        break;
    case KIN_REVISION:
        NW_SET(story, said, revision_of, uri);
        nw_count(context, "revisions_found", 1);
        break;
    case KIN_NONE:
        break;
    }
}

static void say(struct nw_stage_context *context, struct nw_story *said, const struct verdict *verdict)
{
    const struct story *known = verdict->article->story;

    NW_SET(story, said, id, nw_str(known->id, known->id_n));
    NW_SET(story, said, thread, nw_str(known->thread, known->thread_n));
    if (!verdict->article->kill)
        NW_SET(story, said, seq, (int64_t)known->taken - 1);
    NW_SET(story, said, size, (int64_t)known->size);
    NW_SET(story, said, first, known->first);
    if (known->headline_n)
        NW_SET(story, said, headline, nw_str(known->headline, known->headline_n));
    NW_SET(story, said, similarity, verdict->similarity);
    say_kin(context, said, verdict);
}

static int aggregate_process(struct nw_stage_context *context, void *state, struct nw_record *record)
{
    struct aggregate *aggregate = state;
    struct nw_story *said = NW_ARENA_NEW(nw_stage_arena(context), struct nw_story, 1);
    struct verdict verdict;
    int r;

    if (!said)
        return nw_fault(-ENOMEM);
    r = take_in(aggregate, record, nw_stage_arena(context), said, &verdict);
    if (r < 0)
        return r;
    say(context, said, &verdict);
    NW_SET(record, record, story, said);
    if (verdict.article->kill) {
        kill_hush(record, verdict.repeats);
        r = kill_point(&aggregate->archive, verdict.early, nw_stage_arena(context), record);
    }
    return r < 0 ? r : nw_emit(context, record);
}

/* Whether the log says all that a search would find out. */
static bool says_enough(const struct nw_record *record)
{
    const struct nw_story *known = NW_HAS(record, record, story) ? record->story : NULL;

    return known && NW_HAS(story, known, id) && known->id.n <= STORY_ID && NW_HAS(story, known, thread) &&
           known->thread.n <= STORY_ID && (!nw_record_is_kill(record) || NW_HAS(story, known, kills));
}

static int aggregate_recall(struct nw_stage_context *context, void *state, const struct nw_record *record)
{
    struct nw_arena arena = {0};
    struct nw_story said = {0};
    struct verdict verdict;
    int r;

    (void)context;
    if (says_enough(record))
        return take_known(state, record, record->story);
    r = take_in(state, record, &arena, &said, &verdict);
    nw_arena_free(&arena);
    return r;
}

static int aggregate_save(struct nw_stage_context *context, void *state, enum nw_saved what, struct nw_buf *out)
{
    struct aggregate *aggregate = state;

    if (what == NW_SAVED_RECORD)
        archive_at(&aggregate->archive, aggregate->archive.end - 1)->oseq = nw_stage_place(context);
    return what == NW_SAVED_REST
               ? saved_add_rest(out, &aggregate->archive, aggregate->frequencies)
               : saved_add_article(out, &aggregate->archive, &aggregate->vector, nw_buf_view(&aggregate->kills));
}

static int aggregate_take_back(struct nw_stage_context *context, void *state, enum nw_saved what, struct nw_str saved)
{
    struct aggregate *aggregate = state;

    (void)context;
    return what == NW_SAVED_REST ? saved_take_rest(saved, &aggregate->archive, aggregate->frequencies)
                                 : saved_take_article(saved, &aggregate->archive, aggregate->frequencies);
}

static uint64_t aggregate_remembers(const void *state)
{
    const struct aggregate *aggregate = state;

    return aggregate->archive.most;
}

static void aggregate_free(void *state)
{
    struct aggregate *aggregate = state;

    archive_free(&aggregate->archive);
    wordlist_free(aggregate->wordlist);
    frequencies_free(aggregate->frequencies);
    nw_free(aggregate->digest);
    nw_buf_free(&aggregate->kills);
    *aggregate = (struct aggregate){0};
}

const struct nw_stage nw_stage_aggregate = {
    .name = "aggregate",
    .version = "4",
    .doc = "Tells copies and new versions from news, puts articles into stories, and writes the output log.",
    .needs = NW_F(source),
    .sets = NW_F(story),
    .ordered = true,
    .conf = aggregate_conf,
    .state_size = sizeof(struct aggregate),
    .init = aggregate_init,
    .process = aggregate_process,
    .recall = aggregate_recall,
    .save = aggregate_save,
    .take_back = aggregate_take_back,
    .remembers = aggregate_remembers,
    .free = aggregate_free,
};
