/* The ring: an article and its story go when the ring comes round to it. */
#include "archive.h"

#include <newswire/alloc.h>
#include <newswire/name.h>

#include <errno.h>

enum { RUNS = 24, WORDS = 10, NAMES = 4 };

int archive_init(struct archive *archive, size_t most)
{
    archive->most = most;
    archive->ring = nw_calloc(most, sizeof *archive->ring);
    archive->stories = nw_calloc(most, sizeof *archive->stories);
    archive->texts = postings_new(most, 1);
    archive->ids = postings_new(most, 1);
    archive->uris = postings_new(most, 1);
    archive->names = postings_new(most, 1);
    archive->items = postings_new(most, 1);
    archive->runs = buckets_new(most, RUNS);
    archive->terms = buckets_new(most, WORDS + NAMES);
    return archive->ring && archive->stories && archive->texts && archive->ids && archive->uris && archive->names &&
                   archive->items && archive->runs && archive->terms
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
    postings_free(archive->names);
    postings_free(archive->items);
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

/* Leads to the newest article, which is of this story, from what others are compared with. */
static void add_content(struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                        const struct vector *vector, const struct story *story)
{
    uint32_t key = (uint32_t)digest->text.low, names = 0;

    for (size_t i = 0; i < vector->heavy_n; i++) {
        if (i < vector->heavy_words ? i < WORDS : names++ < NAMES)
            add_term(archive, vector->heavy[i].hash, story);
    }
    for (size_t i = 0; i < sketch->n && i < RUNS; i++)
        buckets_add(archive->runs, sketch->v[i], archive->end);
    postings_add(archive->texts, archive->end, &key, digest->n ? 1 : 0);
}

/* Leads to the newest article from what it is called. */
static void add_label(struct archive *archive, const struct label *label, const struct article *article)
{
    const struct story *story = article->story;
    uint32_t uri = (uint32_t)nw_hash64(label->uri, 3), id = (uint32_t)nw_hash64(nw_str(story->id, story->id_n), 4);
    uint32_t name = (uint32_t)label->name, item = (uint32_t)article->item;

    postings_add(archive->ids, archive->end, &id, 1);
    postings_add(archive->uris, archive->end, &uri, label->uri.n ? 1 : 0);
    postings_add(archive->names, archive->end, &name, label->name && !label->kill ? 1 : 0);
    postings_add(archive->items, archive->end, &item, label->kill ? 0 : 1);
}

static struct article *article_new(const struct digest *digest, const struct sketch *sketch,
                                   const struct vector *vector, const struct label *label)
{
    size_t terms = vector->n * sizeof(struct term), runs = sketch->n * sizeof(uint32_t);
    size_t figures = digest->figure_count * sizeof(uint32_t);
    struct nw_str uri = label->uri, headline = label->headline;
    struct article *article = nw_malloc(sizeof *article + terms + runs + figures + uri.n + headline.n + 1);

    if (!article)
        return NULL;
    *article = (struct article){.text = digest->text,
                                .time = digest->time,
                                .day = digest->day,
                                .name = label->name,
                                .agency = label->agency,
                                .mark = digest->mark,
                                .subject = digest->subject,
                                .slug = digest->slug,
                                .words = (uint32_t)(digest->n - digest->headline),
                                .limit = sketch->limit,
                                .sketch_n = sketch->n,
                                .figure_n = (uint32_t)digest->figure_count,
                                .term_n = (uint32_t)vector->n,
                                .uri_n = (uint32_t)uri.n,
                                .headline_n = (uint32_t)headline.n,
                                .mass = (float)vector->mass,
                                .table = vector->table,
                                .kill = label->kill,
                                .canceled = label->kill};
    article->terms = (struct term *)(article + 1);
    article->sketch = (uint32_t *)(article->terms + vector->n);
    article->figures = article->sketch + sketch->n;
    article->uri = (char *)(article->figures + digest->figure_count);
    article->headline = article->uri + uri.n;
    memcpy(article->terms, vector->v, terms);
    memcpy(article->sketch, sketch->v, runs);
    memcpy(article->figures, digest->figures, figures);
    if (uri.n)
        memcpy(article->uri, uri.p, uri.n);
    if (headline.n)
        memcpy(article->headline, headline.p, headline.n);
    return article;
}

struct article *archive_add(struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                            const struct vector *vector, const struct label *label, uint64_t item, struct story *story)
{
    struct article *article = article_new(digest, sketch, vector, label);

    if (!article)
        return NULL;
    article->item = item;
    article->story = story;
    story->live++;
    forget(archive->ring[archive->end % archive->most]);
    archive->ring[archive->end % archive->most] = article;
    archive->stories[archive->end % archive->most] = label->kill ? NULL : story;
    if (!label->kill)
        add_content(archive, digest, sketch, vector, story);
    add_label(archive, label, article);
    archive->end++;
    return article;
}

static bool near_in_time(int64_t a, int64_t b)
{
    return a == 0 || b == 0 || (a < b ? b - a : a - b) < NW_NAME_SPAN;
}

uint64_t archive_named(const struct archive *archive, const struct label *label, int64_t time)
{
    uint64_t found[8];
    size_t n = label->name ? postings_find(archive->names, (uint32_t)label->name, found, 8) : 0;

    for (size_t i = 0; i < n; i++) {
        const struct article *article = archive_at(archive, found[i]);
        if (article && !article->canceled && article->name == label->name &&
            agency_fits(article->agency, label->agency) && near_in_time(article->time, time))
            return found[i];
    }
    return UINT64_MAX;
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
    size_t n = archive_versions(archive, uri, found, 8);

    for (size_t i = 0; i < n; i++) {
        if (!archive_at(archive, found[i])->canceled)
            return found[i];
    }
    return UINT64_MAX;
}
