/* The ring: an article and its story go when the ring comes round to it. */
#include "archive.h"

#include <newswire/alloc.h>

#include <errno.h>

enum { RUNS = 24, TERMS = 20 };

int archive_init(struct archive *archive, size_t most)
{
    archive->most = most;
    archive->ring = nw_calloc(most, sizeof *archive->ring);
    archive->texts = postings_new(most, 1);
    archive->stories = postings_new(most, 1);
    archive->uris = postings_new(most, 1);
    archive->titles = postings_new(most, 1);
    archive->runs = postings_new(most, RUNS);
    archive->terms = postings_new(most, TERMS);
    return archive->ring && archive->texts && archive->stories && archive->uris && archive->titles && archive->runs &&
                   archive->terms
               ? 0
               : -ENOMEM;
}

static void forget(struct article *article)
{
    if (article && article->story && --article->story->live == 0)
        nw_free(article->story);
    nw_free(article);
}

void archive_free(struct archive *archive)
{
    for (size_t i = 0; archive->ring && i < archive->most; i++)
        forget(archive->ring[i]);
    nw_free(archive->ring);
    postings_free(archive->texts);
    postings_free(archive->stories);
    postings_free(archive->uris);
    postings_free(archive->titles);
    postings_free(archive->runs);
    postings_free(archive->terms);
    *archive = (struct archive){0};
}

struct article *archive_at(const struct archive *archive, uint64_t number)
{
    return number < archive->end && archive->end - number <= archive->most ? archive->ring[number % archive->most]
                                                                           : NULL;
}

struct article *archive_add(struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                            const struct vector *vector, struct nw_str uri, struct story *story)
{
    size_t terms = vector->n * sizeof(struct term), runs = sketch->n * sizeof(uint32_t);
    size_t figures = digest->figure_count * sizeof(uint32_t);
    struct article *article = nw_malloc(sizeof *article + terms + runs + figures + uri.n + 1);
    uint32_t key = (uint32_t)digest->text.low, uri_key = (uint32_t)nw_hash64(uri, 3), heavy[TERMS], n = 0;
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
    /* The heaviest words and the heaviest names. */
    for (size_t i = 0; i < vector->n && n < TERMS; i++) {
        if (i < 14 || i >= vector->n - (vector->n < VECTOR_NAMES ? vector->n : VECTOR_NAMES))
            heavy[n++] = vector->v[i].hash;
    }
    postings_add(archive->texts, archive->end, &key, digest->n ? 1 : 0);
    postings_add(archive->stories, archive->end, &story_key, 1);
    postings_add(archive->uris, archive->end, &uri_key, uri.n ? 1 : 0);
    postings_add(archive->titles, archive->end, &article->title, article->title ? 1 : 0);
    postings_add(archive->runs, archive->end, sketch->v, sketch->n);
    postings_add(archive->terms, archive->end, heavy, n);
    archive->end++;
    return article;
}

struct story *archive_story(const struct archive *archive, struct nw_str id)
{
    uint64_t found[4];
    size_t n = postings_find(archive->stories, (uint32_t)nw_hash64(id, 4), found, 4);

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
