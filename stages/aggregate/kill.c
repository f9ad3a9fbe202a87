/*
 * What a kill does is written into it (kill_name), and then done as it is written (kill_take): so it is the same again
 * when the output log is learned.
 */
#include "kill.h"

#include "story.h"

#include <newswire/error.h>

#include <errno.h>

/* The newest article of a uri, killed before or not. */
static uint64_t find_uri(const struct archive *archive, struct nw_str uri)
{
    uint64_t found[KILL_VERSIONS];
    size_t n = archive_versions(archive, uri, found, KILL_VERSIONS);

    for (size_t i = 0; i < n; i++) {
        if (!archive_at(archive, found[i])->kill)
            return found[i];
    }
    return UINT64_MAX;
}

uint64_t kill_find(const struct archive *archive, const struct label *label, int64_t time, const struct kin *kin)
{
    uint64_t found = find_uri(archive, label->uri);
    const struct article *article;

    if (found == UINT64_MAX)
        found = archive_named(archive, label, time);
    if (found != UINT64_MAX || kin->class == KIN_NONE)
        return found;
    article = archive_at(archive, kin->article);
    return article && agency_fits(article->agency, label->agency) ? kin->article : UINT64_MAX;
}

static int add_uri(struct nw_arena *arena, struct nw_story *story, struct nw_str uri)
{
    struct nw_killed *killed;

    for (size_t i = 0; NW_HAS(story, story, kills) && i < story->kills.n; i++) {
        if (nw_str_eq(story->kills.v[i].uri, uri))
            return 0;
    }
    killed = NW_APPEND(arena, story, story, kills, killed);
    if (!killed)
        return nw_fault(-ENOMEM);
    NW_SET(killed, killed, uri, nw_arena_dup(arena, uri));
    return killed->uri.p ? 0 : nw_fault(-ENOMEM);
}

int kill_name(const struct archive *archive, uint64_t target, struct nw_str own, struct nw_arena *arena,
              struct nw_story *story)
{
    const struct article *killed = archive_at(archive, target);
    uint64_t found[KILL_VERSIONS];
    size_t n = killed ? postings_find(archive->items, (uint32_t)killed->item, found, KILL_VERSIONS) : 0;
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++) {
        const struct article *article = archive_at(archive, found[i]);
        if (article && article->item == killed->item && article->uri_n > 0)
            r = add_uri(arena, story, nw_str(article->uri, article->uri_n));
    }
    if (r == 0 && !NW_HAS(story, story, kills) && own.n > 0)
        r = add_uri(arena, story, own);
    return r;
}

void kill_take(struct archive *archive, const struct nw_killed_list *kills)
{
    uint64_t found[KILL_VERSIONS];

    for (size_t i = 0; i < kills->n; i++) {
        size_t n = archive_versions(archive, kills->v[i].uri, found, KILL_VERSIONS);
        for (size_t k = 0; k < n; k++) {
            const struct article *article = archive_at(archive, found[k]);
            if (article->canceled)
                continue;
            archive_cancel(archive, found[k]);
            story_leave(archive, article);
        }
    }
}

int kill_point(const struct archive *archive, const struct article *killed, struct nw_arena *arena,
               struct nw_record *record)
{
    struct nw_pipeline *pipeline =
        NW_HAS(record, record, pipeline) ? record->pipeline : NW_ARENA_NEW(arena, struct nw_pipeline, 1);
    uint64_t found[KILL_PLACES];
    size_t n = killed ? postings_find(archive->items, (uint32_t)killed->item, found, KILL_PLACES) : 0;

    if (!pipeline)
        return nw_fault(-ENOMEM);
    NW_CLEAR(pipeline, pipeline, kills);
    for (size_t i = 0; i < n; i++) {
        const struct article *article = archive_at(archive, found[i]);
        struct nw_log_place *place;
        if (!article || article->item != killed->item || article->oseq == 0)
            continue;
        place = NW_APPEND(arena, pipeline, pipeline, kills, log_place);
        if (!place)
            return nw_fault(-ENOMEM);
        NW_SET(log_place, place, oseq, (int64_t)article->oseq);
        NW_SET(record, record, pipeline, pipeline);
    }
    return 0;
}

void kill_hush(struct nw_record *record, bool repeats)
{
    bool embargoed = NW_HAS(record, record, embargoed_until);

    if (!repeats && !embargoed)
        return;
    NW_CLEAR(record, record, bodies);
    NW_CLEAR(record, record, descriptions);
    NW_CLEAR(record, record, annotations);
    NW_CLEAR(record, record, associations);
    if (!embargoed)
        return;
    NW_CLEAR(record, record, people);
    NW_CLEAR(record, record, organisations);
    NW_CLEAR(record, record, places);
    NW_CLEAR(record, record, subjects);
}
