/* The ring: an article and its story go when the ring comes round to it. */
#include "archive.h"

#include <newswire/alloc.h>

#include <errno.h>

enum { RUNS = 24, WORDS = 14, NAMES = 6 };

int archive_init(struct archive *archive, size_t most)
{
    archive->most = most;
    archive->ring = nw_calloc(most, sizeof *archive->ring);
    archive->stories = nw_calloc(most, sizeof *archive->stories);
    archive->texts = postings_new(most, 1);
    archive->ids = postings_new(most, 1);
    archive->uris = postings_new(most, 1);
    archive->titles = postings_new(most, 1);
    archive->runs = buckets_new(most, RUNS);
    archive->terms = buckets_new(most, WORDS + NAMES);
    return archive->ring && archive->stories && archive->texts && archive->ids && archive->uris && archive->titles &&
                   archive->runs && archive->terms
               ? 0
               : -ENOMEM;
}

void story_free(struct story *story)
{
    nw_free(story->centroid);
    nw_free(story);
}

static void forget(struct article *article)
{
    if (article && article->story && --article->story->live == 0)
        story_free(article->story);
    nw_free(article);
}

void archive_free(struct archive *archive)
{
    for (size_t i = 0; archive->ring && i < archive->most; i++)
        forget(archive->ring[i]);
    nw_free(archive->ring);
    nw_free(archive->stories);
    postings_free(archive->texts);
    postings_free(archive->ids);
    postings_free(archive->uris);
    postings_free(archive->titles);
    buckets_free(archive->runs);
    buckets_free(archive->terms);
    *archive = (struct archive){0};
}

struct article *archive_at(const struct archive *archive, uint64_t number)
{
    return number < archive->end && archive->end - number <= archive->most ? archive->ring[number % archive->most]
                                                                           : NULL;
}

struct story *archive_story_at(const struct archive *archive, uint64_t number)
{
    return number < archive->end && archive->end - number <= archive->most ? archive->stories[number % archive->most]
                                                                           : NULL;
}

void archive_cancel(struct archive *archive, uint64_t number)
{
    struct article *article = archive_at(archive, number);

    if (!article)
        return;
    article->canceled = true;
    archive->stories[number % archive->most] = NULL;
}

/* Where the term leads to an article of the same story, the new one takes its place: so a large story does not hide the
 * others. */
static void add_term(struct archive *archive, uint32_t term, const struct story *story)
{
    uint64_t found[BUCKETS_MOST];
    size_t n = buckets_find(archive->terms, term, archive->end, found);

    for (size_t i = 0; i < n; i++) {
        if (archive_story_at(archive, found[i]) == story) {
            buckets_replace(archive->terms, term, found[i], archive->end);
            return;
        }
    }
    buckets_add(archive->terms, term, archive->end);
}

struct article *archive_add(struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                            const struct vector *vector, struct nw_str uri, struct story *story)
{
    size_t terms = vector->n * sizeof(struct term), runs = sketch->n * sizeof(uint32_t);
    size_t figures = digest->figure_count * sizeof(uint32_t);
    struct article *article = nw_malloc(sizeof *article + terms + runs + figures + uri.n + 1);
    uint32_t key = (uint32_t)digest->text.low, uri_key = (uint32_t)nw_hash64(uri, 3), names = 0;
    uint32_t story_key = (uint32_t)nw_hash64(nw_str(story->id, story->id_n), 4);

    if (!article)
        return NULL;
    *article = (struct article){.text = digest->text,
                                .time = digest->time,
                                .day = digest->day,
                                .mark = digest->mark,
                                .subject = digest->subject,
                                .slug = digest->slug,
                                .title = digest_title(digest),
                                .words = (uint32_t)(digest->n - digest->headline),
                                .limit = sketch->limit,
                                .sketch_n = sketch->n,
                                .figure_n = (uint32_t)digest->figure_count,
                                .term_n = (uint32_t)vector->n,
                                .uri_n = (uint32_t)uri.n,
                                .table = digest_is_table(digest),
                                .story = story};
    article->terms = (struct term *)(article + 1);
    article->sketch = (uint32_t *)(article->terms + vector->n);
    article->figures = article->sketch + sketch->n;
    article->uri = (char *)(article->figures + digest->figure_count);
    memcpy(article->terms, vector->v, terms);
    memcpy(article->sketch, sketch->v, runs);
    memcpy(article->figures, digest->figures, figures);
    if (uri.n)
        memcpy(article->uri, uri.p, uri.n);
    story->live++;
    forget(archive->ring[archive->end % archive->most]);
    archive->ring[archive->end % archive->most] = article;
    archive->stories[archive->end % archive->most] = story;
    for (size_t i = 0; i < vector->heavy_n; i++) {
        if (i < vector->heavy_words ? i < WORDS : names++ < NAMES)
            add_term(archive, vector->heavy[i].hash, story);
    }
    for (size_t i = 0; i < sketch->n && i < RUNS; i++)
        buckets_add(archive->runs, sketch->v[i], archive->end);
    postings_add(archive->texts, archive->end, &key, digest->n ? 1 : 0);
    postings_add(archive->ids, archive->end, &story_key, 1);
    postings_add(archive->uris, archive->end, &uri_key, uri.n ? 1 : 0);
    postings_add(archive->titles, archive->end, &article->title, article->title ? 1 : 0);
    archive->end++;
    return article;
}

struct story *archive_story(const struct archive *archive, struct nw_str id)
{
    uint64_t found[4];
    size_t n = postings_find(archive->ids, (uint32_t)nw_hash64(id, 4), found, 4);

    for (size_t i = 0; i < n; i++) {
        const struct article *article = archive_at(archive, found[i]);
        if (article && nw_str_eq(nw_str(article->story->id, article->story->id_n), id))
            return article->story;
    }
    return NULL;
}

size_t archive_versions(const struct archive *archive, struct nw_str uri, uint64_t *found, size_t most)
{
    size_t n = uri.n ? postings_find(archive->uris, (uint32_t)nw_hash64(uri, 3), found, most) : 0, kept = 0;

    for (size_t i = 0; i < n; i++) {
        const struct article *article = archive_at(archive, found[i]);
        if (article && nw_str_eq(nw_str(article->uri, article->uri_n), uri))
            found[kept++] = found[i];
    }
    return kept;
}

uint64_t archive_find(const struct archive *archive, struct nw_str uri)
{
    uint64_t found[8];

    return archive_versions(archive, uri, found, 8) > 0 ? found[0] : UINT64_MAX;
}
