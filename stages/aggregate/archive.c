/* The ring: an article and its story go when the ring comes round to it. */
#include "archive.h"

#include <newswire/alloc.h>
#include <newswire/name.h>

#include <errno.h>

enum { RUNS = 24 };

int archive_init(struct archive *archive, size_t most)
{
    archive->most = most;
    archive->ring = large_new(&archive->memory[0], most, sizeof *archive->ring);
    archive->stories = large_new(&archive->memory[1], most, sizeof *archive->stories);
    archive->texts = postings_new(most, 1);
    archive->ids = postings_new(most, 1);
    archive->uris = postings_new(most, 1);
    archive->names = postings_new(most, 1);
    archive->items = postings_new(most, 1);
    archive->runs = buckets_new(most, RUNS);
    archive->terms = buckets_new(most, ARCHIVE_TERMS + ARCHIVE_NAMES);
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

static void leave_story(const struct article *article)
{
    if (article && --article->story->live == 0)
        story_free(article->story);
}

void archive_free(struct archive *archive)
{
    for (size_t i = 0; archive->ring && i < archive->most; i++)
        leave_story(archive->ring[i]);
    shelf_free(&archive->shelf);
    large_free(&archive->memory[0]);
    large_free(&archive->memory[1]);
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

void archive_expect(const struct archive *archive, uint64_t number)
{
    __builtin_prefetch(&archive->ring[number % archive->most]);
}

void archive_expect_story(const struct archive *archive, uint64_t number)
{
    __builtin_prefetch(&archive->stories[number % archive->most]);
}

void archive_expect_label(const struct archive *archive, const struct label *label)
{
    postings_expect(archive->uris, (uint32_t)nw_hash64(label->uri, 3));
    postings_expect(archive->names, (uint32_t)label->name);
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

struct term_keys archive_keys(const struct vector *vector)
{
    struct term_keys keys = {.n = 0};

    for (size_t i = 0; i < vector->heavy_n; i++) {
        size_t most = i < vector->heavy_words ? ARCHIVE_TERMS : ARCHIVE_NAMES;
        if ((i < vector->heavy_words ? i : i - vector->heavy_words) < most)
            keys.v[keys.n++] = vector->heavy[i].hash;
    }
    return keys;
}

/* Leads to the newest article, which is of this story, from what others are compared with. */
static void add_content(struct archive *archive, const struct article *article, const struct term_keys *terms)
{
    uint32_t key = (uint32_t)article->text.low;
    bool words = article->text.low || article->text.high;

    for (size_t i = 0; i < terms->n; i++)
        add_term(archive, terms->v[i], article->story);
    for (size_t i = 0; i < article->sketch_n && i < RUNS; i++)
        buckets_add(archive->runs, article->sketch[i], archive->end);
    postings_add(archive->texts, archive->end, &key, words ? 1 : 0);
}

/* Leads to the newest article from what it is called. */
static void add_label(struct archive *archive, const struct article *article)
{
    const struct story *story = article->story;
    uint32_t uri = (uint32_t)nw_hash64(nw_str(article->uri, article->uri_n), 3);
    uint32_t id = (uint32_t)nw_hash64(nw_str(story->id, story->id_n), 4);
    uint32_t name = (uint32_t)article->name, item = (uint32_t)article->item;

    postings_add(archive->ids, archive->end, &id, 1);
    postings_add(archive->uris, archive->end, &uri, article->uri_n ? 1 : 0);
    postings_add(archive->names, archive->end, &name, article->name && !article->kill ? 1 : 0);
    postings_add(archive->items, archive->end, &item, article->kill ? 0 : 1);
}

void archive_expect_put(const struct archive *archive, const struct article *article, const struct term_keys *terms)
{
    for (size_t i = 0; i < terms->n; i++)
        buckets_expect(archive->terms, terms->v[i]);
    for (size_t i = 0; i < article->sketch_n && i < RUNS; i++)
        buckets_expect(archive->runs, article->sketch[i]);
}

size_t article_size(const struct article *article)
{
    return sizeof *article + article->term_n * sizeof(struct term) +
           (article->sketch_n + article->figure_n) * sizeof(uint32_t) + article->uri_n + article->headline_n;
}

void article_lay_out(struct article *article)
{
    article->terms = (struct term *)(article + 1);
    article->sketch = (uint32_t *)(article->terms + article->term_n);
    article->figures = article->sketch + article->sketch_n;
    article->uri = (char *)(article->figures + article->figure_n);
    article->headline = article->uri + article->uri_n;
}

static struct article *article_new(struct shelf *shelf, const struct digest *digest, const struct sketch *sketch,
                                   const struct vector *vector, const struct label *label)
{
    struct nw_str uri = label->uri, headline = label->headline;
    struct article known = {.text = digest->text,
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
    struct article *article = shelf_take(shelf, article_size(&known));

    if (!article)
        return NULL;
    *article = known;
    article_lay_out(article);
    memcpy(article->terms, vector->v, vector->n * sizeof(struct term));
    memcpy(article->sketch, sketch->v, sketch->n * sizeof(uint32_t));
    memcpy(article->figures, digest->figures, digest->figure_count * sizeof(uint32_t));
    if (uri.n)
        memcpy(article->uri, uri.p, uri.n);
    if (headline.n)
        memcpy(article->headline, headline.p, headline.n);
    return article;
}

/* The next articles to be dropped are not in the processor's cache any more: it fetches one of them, and the story of
 * the one that it fetched before. */
static void expect_drops(const struct archive *archive, size_t place)
{
    const struct article *next = archive->ring[(place + 1) % archive->most];
    const struct article *later = archive->ring[(place + 2) % archive->most];

    if (next)
        __builtin_prefetch(&next->story->live);
    if (later)
        __builtin_prefetch(&later->story);
}

void archive_put(struct archive *archive, struct article *article, const struct term_keys *terms, struct story *story)
{
    size_t place = archive->end % archive->most;

    archive->before = story->live ? story->newest : UINT64_MAX;
    article->story = story;
    story->live++;
    story->newest = archive->end;
    if (archive->ring[place]) {
        leave_story(archive->ring[place]);
        shelf_drop_oldest(&archive->shelf);
    }
    archive->ring[place] = article;
    archive->stories[place] = article->kill ? NULL : story;
    if (!article->kill)
        add_content(archive, article, terms);
    add_label(archive, article);
    expect_drops(archive, place);
    archive->end++;
}

struct article *archive_add(struct archive *archive, const struct digest *digest, const struct sketch *sketch,
                            const struct vector *vector, const struct label *label, uint64_t item, struct story *story)
{
    struct article *article = article_new(&archive->shelf, digest, sketch, vector, label);
    struct term_keys keys = archive_keys(vector);

    if (!article)
        return NULL;
    article->item = item;
    archive_put(archive, article, &keys, story);
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
