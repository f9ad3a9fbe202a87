/*
 * Candidates share heavy terms with an article that is remembered. Score: CENTROID of the cosine with the story's
 * centroid and the rest of that with its nearest recent member, times exp(-days / DECAY). The constants were chosen on
 * development streams by mean BCubed F1, one set for all.
 */
#include "cluster.h"

#include "order.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>

enum { CANDIDATES = 12, SUMS = 1024 };

static const double CENTROID = 0.7, DECAY_DAYS = 9, JOIN = 0.165, THREAD = 0.10, THREAD_DAYS = 30;
static const float NOTHING = 1e-6f; /* weight that is left of rounding */

struct sum {
    struct story *story;
    double weight;
};

/* Where a story stands in the table depends on its address; what comes of it does not. */
static void add_sum(struct sum *sums, size_t *used, struct story *story, double weight)
{
    size_t at = (size_t)((uintptr_t)story / sizeof(void *) * UINT64_C(0x9E3779B97F4A7C15) >> 40) % SUMS;

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
    uint64_t found[BUCKETS_MOST];
    size_t used = 0, n = 0;

    for (size_t i = 0; i < vector->heavy_n; i++)
        buckets_expect(archive->terms, vector->heavy[i].hash);
    for (size_t i = 0; i < vector->heavy_n; i++) {
        size_t count = buckets_find(archive->terms, vector->heavy[i].hash, archive->end, found);
        for (size_t k = 0; k < count; k++) {
            struct story *story = archive_story_at(archive, found[k]);
            if (story)
                add_sum(sums, &used, story, (double)vector->heavy[i].weight);
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

static void set_headline(struct story *story, struct nw_str headline)
{
    story->headline_n = headline.n <= STORY_HEADLINE ? headline.n : 0;
    if (story->headline_n)
        memcpy(story->headline, headline.p, headline.n);
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
    set_headline(story, headline);
    story->first = story->last = digest->time;
    return story;
}

/* Keeps the heaviest `most` of n terms, in order of hash. */
static size_t keep_heaviest(struct term *terms, size_t n, size_t most)
{
    uint64_t order[STORY_TERMS + VECTOR_MOST];
    size_t kept = 0;

    if (n <= most)
        return n;
    for (size_t i = 0; i < n; i++)
        order[i] = (uint64_t)order_heaviest(terms[i].weight) << 32 | terms[i].hash;
    order_u64(order, n);
    for (size_t i = 0; i < n; i++) {
        if (((uint64_t)order_heaviest(terms[i].weight) << 32 | terms[i].hash) <= order[most - 1])
            terms[kept++] = terms[i];
    }
    return kept;
}

/* Adds the vector to the centroid and keeps its heaviest terms. */
static int add_to_centroid(struct story *story, const struct vector *vector)
{
    struct term all[STORY_TERMS + VECTOR_MOST];
    size_t n = 0, i = 0, k = 0;
    double square = 0;

    while (i < story->terms || k < vector->n) {
        if (k == vector->n || (i < story->terms && story->centroid[i].hash < vector->v[k].hash)) {
            all[n++] = story->centroid[i++];
        } else if (i == story->terms || vector->v[k].hash < story->centroid[i].hash) {
            all[n++] = vector->v[k++];
        } else {
            all[n] = story->centroid[i++];
            all[n++].weight += vector->v[k++].weight;
        }
    }
    n = keep_heaviest(all, n, STORY_TERMS);
    if (n > story->room) {
        struct term *grown = nw_realloc(story->centroid, n * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        story->centroid = grown;
        story->room = n;
    }
    story->terms = n;
    for (i = 0; i < n; i++) {
        story->centroid[i] = all[i];
        square += (double)all[i].weight * (double)all[i].weight;
    }
    story->length = sqrt(square);
    return 0;
}

int story_take(struct story *story, const struct digest *digest, const struct vector *vector, uint64_t number)
{
    int r = add_to_centroid(story, vector);

    if (r < 0)
        return r;
    story->recent[story->recent_at] = number;
    story->recent_at = (story->recent_at + 1) % STORY_RECENT;
    if (story->recent_n < STORY_RECENT)
        story->recent_n++;
    if (digest->time > story->last)
        story->last = digest->time;
    if (digest->time < story->first)
        story->first = digest->time;
    story->size++;
    story->taken++;
    return 0;
}

/* Takes an article's terms off the centroid again. Those that it had lost by then are not brought back. */
static void take_off_centroid(struct story *story, const struct article *article)
{
    size_t kept = 0, k = 0;
    double square = 0;

    for (size_t i = 0; i < story->terms; i++) {
        struct term term = story->centroid[i];
        while (k < article->term_n && article->terms[k].hash < term.hash)
            k++;
        if (k < article->term_n && article->terms[k].hash == term.hash)
            term.weight -= article->terms[k].weight;
        if (term.weight <= NOTHING)
            continue;
        story->centroid[kept++] = term;
        square += (double)term.weight * (double)term.weight;
    }
    story->terms = kept;
    story->length = sqrt(square);
}

/* The oldest recent member that stays. */
static struct nw_str next_headline(const struct archive *archive, const struct story *story)
{
    for (size_t i = 0; i < story->recent_n; i++) {
        size_t at = (story->recent_at + STORY_RECENT - story->recent_n + i) % STORY_RECENT;
        const struct article *article = archive_at(archive, story->recent[at]);
        if (article && !article->canceled)
            return nw_str(article->headline, article->headline_n);
    }
    return nw_str(NULL, 0);
}

void story_leave(const struct archive *archive, const struct article *killed)
{
    struct story *story = killed->story;

    story->size -= story->size > 0;
    take_off_centroid(story, killed);
    if (nw_str_eq(nw_str(story->headline, story->headline_n), nw_str(killed->headline, killed->headline_n)))
        set_headline(story, next_headline(archive, story));
}
