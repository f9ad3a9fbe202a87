/* The centroid is the sum of the articles' vectors, cut to its heaviest terms. */
#include "story.h"

#include "order.h"

#include <newswire/alloc.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>

static const float NOTHING = 1e-6f; /* weight that is left of rounding */

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

/* How long each part of the centroid is. */
static void measure(struct story *story)
{
    double square[PARTS] = {0};

    for (size_t i = 0; i < story->terms; i++)
        square[term_part(story->centroid[i])] += (double)story->centroid[i].weight * (double)story->centroid[i].weight;
    for (size_t i = 0; i < PARTS; i++)
        story->length[i] = sqrt(square[i]);
}

/* Adds the vector to the centroid and keeps its heaviest terms. */
static int add_to_centroid(struct story *story, const struct vector *vector)
{
    struct term all[STORY_TERMS + VECTOR_MOST];
    size_t n = 0, i = 0, k = 0;

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
    if (n > 0)
        memcpy(story->centroid, all, n * sizeof *all);
    measure(story);
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

    for (size_t i = 0; i < story->terms; i++) {
        struct term term = story->centroid[i];
        while (k < article->term_n && article->terms[k].hash < term.hash)
            k++;
        if (k < article->term_n && article->terms[k].hash == term.hash)
            term.weight -= article->terms[k].weight;
        if (term.weight <= NOTHING)
            continue;
        story->centroid[kept++] = term;
    }
    story->terms = kept;
    measure(story);
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
