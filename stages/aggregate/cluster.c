/*
 * Candidates share heavy terms with an article that is remembered. Score: CENTROID of the cosine with the story's
 * centroid and the rest of that with its nearest recent member, times exp(-days / DECAY). The constants were chosen on
 * development streams by mean BCubed F1, one set for all.
 */
#include "cluster.h"

#include <newswire/alloc.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CANDIDATES = 12, A_TERM = 32, SUMS = 1024, QUERY_TERMS = 30 };

static const double CENTROID = 0.7, DECAY_DAYS = 9, JOIN = 0.165, THREAD = 0.10, THREAD_DAYS = 30;

struct sum {
    struct story *story;
    double weight;
};

static void add_sum(struct sum *sums, size_t *used, struct story *story, double weight)
{
    size_t at = (size_t)(nw_hash64(nw_str((const char *)&story->id, 48), 0) % SUMS);

    while (sums[at].story && sums[at].story != story)
        at = (at + 1) % SUMS;
    if (!sums[at].story) {
        if (*used >= SUMS / 2)
            return;
        sums[at].story = story;
        ++*used;
    }
    sums[at].weight += weight;
}

static int more(const struct sum *a, const struct sum *b)
{
    if (a->weight != b->weight)
        return a->weight > b->weight;
    return memcmp(a->story->id, b->story->id, sizeof a->story->id) < 0;
}

static size_t gather(const struct archive *archive, const struct vector *vector, struct sum *best)
{
    struct sum sums[SUMS] = {{0}};
    uint64_t found[A_TERM];
    size_t used = 0, n = 0;

    for (size_t i = 0; i < vector->n; i++) {
        if (i >= QUERY_TERMS && i + VECTOR_NAMES < vector->n)
            continue;
        size_t count = postings_find(archive->terms, vector->v[i].hash, found, A_TERM);
        for (size_t k = 0; k < count; k++) {
            struct article *article = archive_at(archive, found[k]);
            if (article && !article->canceled)
                add_sum(sums, &used, article->story, (double)vector->v[i].weight);
        }
    }
    for (size_t i = 0; used > 0 && i < SUMS; i++) {
        size_t at = n;
        if (!sums[i].story)
            continue;
        while (at > 0 && more(&sums[i], &best[at - 1]))
            at--;
        if (at == CANDIDATES)
            continue;
        n = n < CANDIDATES ? n + 1 : n;
        memmove(best + at + 1, best + at, (n - at - 1) * sizeof *best);
        best[at] = sums[i];
    }
    return n;
}

static double nearest_member(const struct archive *archive, const struct story *story, const struct spread *spread,
                             const struct article **nearest)
{
    double best = 0;

    *nearest = NULL;
    for (size_t i = 0; i < story->recent_n; i++) {
        const struct article *article = archive_at(archive, story->recent[i]);
        if (!article || article->canceled)
            continue;
        double cosine = spread_dot(spread, article->terms, article->term_n);
        if (!*nearest || cosine > best) {
            *nearest = article;
            best = cosine;
        }
    }
    return best;
}

struct choice cluster_choose(const struct archive *archive, const struct digest *digest, const struct vector *vector)
{
    struct choice choice = {NULL, NULL, 0};
    struct sum best[CANDIDATES];
    struct spread spread;
    size_t n = gather(archive, vector, best);
    double top = 0, top_thread = 0;
    bool table = digest_is_table(digest);

    spread_make(&spread, vector);
    for (size_t i = 0; i < n; i++) {
        struct story *story = best[i].story;
        const struct article *member;
        double near = nearest_member(archive, story, &spread, &member);
        double score =
            CENTROID * spread_dot(&spread, story->centroid, story->terms) / (story->length > 0 ? story->length : 1) +
            (1 - CENTROID) * near;
        double days = fabs((double)(digest->time - story->last)) / 86400000.0;
        if (near > choice.similarity)
            choice.similarity = near;
        if (member && (table || member->table) && member->subject != digest->subject)
            continue;
        if (score * exp(-days / DECAY_DAYS) > top) {
            top = score * exp(-days / DECAY_DAYS);
            choice.story = story;
        }
        if (score * exp(-days / THREAD_DAYS) > top_thread) {
            top_thread = score * exp(-days / THREAD_DAYS);
            choice.thread = story;
        }
    }
    if (top < JOIN)
        choice.story = NULL;
    if (top_thread < THREAD)
        choice.thread = NULL;
    if (choice.similarity > 1)
        choice.similarity = 1;
    return choice;
}

struct story *story_new(const struct digest *digest, struct nw_str uri, struct nw_str headline,
                        const struct story *thread)
{
    struct story *story = nw_calloc(1, sizeof *story);
    char hex[33];

    if (!story)
        return NULL;
    struct nw_hash128 parts[3] = {nw_hash128(uri), digest->text, {(uint64_t)digest->time, 0}};
    nw_hash128_hex(nw_hash128(nw_str((const char *)parts, sizeof parts)), hex);
    story->id_n = (size_t)snprintf(story->id, sizeof story->id, "urn:newswire:story:%.24s", hex);
    memcpy(story->thread, thread ? thread->thread : story->id, sizeof story->thread);
    story->thread_n = thread ? thread->thread_n : story->id_n;
    story->headline_n = headline.n <= STORY_HEADLINE ? headline.n : 0;
    if (story->headline_n)
        memcpy(story->headline, headline.p, headline.n);
    story->first = story->last = digest->time;
    return story;
}

static int by_hash(const void *a, const void *b)
{
    const struct term *x = a, *y = b;

    return (x->hash > y->hash) - (x->hash < y->hash);
}

static int by_weight(const void *a, const void *b)
{
    const struct term *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return by_hash(a, b);
}

/* Adds the vector to the centroid and keeps its heaviest terms. */
static void add_to_centroid(struct story *story, const struct vector *vector)
{
    struct term all[STORY_TERMS + VECTOR_MOST];
    size_t n = story->terms, kept = 0;
    double square = 0;

    memcpy(all, story->centroid, n * sizeof *all);
    memcpy(all + n, vector->v, vector->n * sizeof *all);
    n += vector->n;
    qsort(all, n, sizeof *all, by_hash);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && all[kept - 1].hash == all[i].hash)
            all[kept - 1].weight += all[i].weight;
        else
            all[kept++] = all[i];
    }
    qsort(all, kept, sizeof *all, by_weight);
    story->terms = kept < STORY_TERMS ? kept : STORY_TERMS;
    memcpy(story->centroid, all, story->terms * sizeof *all);
    for (size_t i = 0; i < story->terms; i++)
        square += (double)all[i].weight * (double)all[i].weight;
    story->length = sqrt(square);
}

void story_take(struct story *story, const struct digest *digest, const struct vector *vector, uint64_t number)
{
    story->recent[story->recent_at] = number;
    story->recent_at = (story->recent_at + 1) % STORY_RECENT;
    if (story->recent_n < STORY_RECENT)
        story->recent_n++;
    if (digest->time > story->last)
        story->last = digest->time;
    if (digest->time < story->first)
        story->first = digest->time;
    story->size++;
    add_to_centroid(story, vector);
}
