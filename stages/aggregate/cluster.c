/*
 * Candidates share heavy terms with an article that is remembered; what speaks for each is weighed (evidence.h), and
 * the best is taken if it is above 0. A thread is asked for less: words and names in common, fading over a month.
 */
#include "cluster.h"

#include <math.h>

enum { SUMS = 1024 };

static const double THREAD = 0.10, THREAD_DAYS = 30, NEAR = 0.5;

/* The first EARLY articles of a language have not yet told which words are common: the fewer there are, the more have
 * two in common by chance. */
static const uint64_t EARLY = 32;
static const double EARLY_LEAST = 0.13, EARLY_CHANCE = 0.12;

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
    uint64_t found[VECTOR_HEAVY + VECTOR_NAMES][BUCKETS_MOST];
    size_t counts[VECTOR_HEAVY + VECTOR_NAMES], used = 0, n = 0;

    for (size_t i = 0; i < vector->heavy_n; i++) {
        counts[i] = buckets_find(archive->terms, vector->heavy[i].hash, archive->end, found[i]);
        for (size_t k = 0; k < counts[i]; k++)
            archive_expect_story(archive, found[i][k]);
    }
    for (size_t i = 0; i < vector->heavy_n; i++) {
        for (size_t k = 0; k < counts[i]; k++) {
            struct story *story = archive_story_at(archive, found[i][k]);
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
        if (at == CLUSTER_CANDIDATES)
            continue;
        n = n < CLUSTER_CANDIDATES ? n + 1 : n;
        memmove(best + at + 1, best + at, (n - at - 1) * sizeof *best);
        best[at] = sums[i];
    }
    return n;
}

void cluster_expect(const struct archive *archive, const struct vector *vector)
{
    for (size_t i = 0; i < vector->heavy_n; i++)
        buckets_expect(archive->terms, vector->heavy[i].hash);
}

static void expect_lines(const void *from, size_t lines)
{
    for (size_t line = 0; line < lines; line++)
        __builtin_prefetch((const char *)from + 64 * line);
}

/* What evidence_of_story reads, and where expect_members looks. */
static void expect_story(const struct archive *archive, const struct story *story)
{
    expect_lines(story->centroid, 4);
    for (size_t i = 0; i < story->recent_n; i++)
        archive_expect(archive, story->recent[i]);
}

static void expect_members(const struct archive *archive, const struct story *story)
{
    for (size_t i = 0; i < story->recent_n; i++) {
        const struct article *article = archive_at(archive, story->recent[i]);
        expect_lines(article, article ? 8 : 0);
    }
}

/* What a cosine is above the best of the other stories. */
static void set_margins(struct candidate *candidates, size_t n)
{
    double first = 0, second = 0;

    for (size_t i = 0; i < n; i++) {
        double words = candidates[i].evidence.v[EVIDENCE_margin];
        second = words > first ? first : words > second ? words : second;
        first = words > first ? words : first;
    }
    for (size_t i = 0; i < n; i++) {
        double *margin = &candidates[i].evidence.v[EVIDENCE_margin];
        *margin -= *margin < first ? first : second;
    }
}

/* Leaves out the stories that have NEAR less in common with the article than the best one, or less than `least`: their
 * members need not be fetched. */
static size_t keep_near(struct candidate *candidates, size_t n, double least)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        least = NEAR * candidates[i].evidence.cosine > least ? NEAR * candidates[i].evidence.cosine : least;
    for (size_t i = 0; i < n; i++) {
        if (candidates[i].evidence.cosine >= least)
            candidates[kept++] = candidates[i];
    }
    return kept;
}

static double least_of(const struct vector *vector)
{
    return vector->before < EARLY ? EARLY_LEAST + EARLY_CHANCE / (double)(vector->before + 1) : 0;
}

size_t cluster_candidates(struct candidate candidates[CLUSTER_CANDIDATES], const struct archive *archive,
                          const struct digest *digest, const struct sketch *sketch, const struct vector *vector)
{
    struct sum best[CLUSTER_CANDIDATES];
    struct spread spread;
    size_t n = gather(archive, vector, best);

    for (size_t i = 0; i < n; i++)
        expect_lines(best[i].story, 3);
    spread_make(&spread, vector);
    for (size_t i = 0; i < n; i++)
        expect_story(archive, best[i].story);
    for (size_t i = 0; i < n; i++) {
        candidates[i].story = best[i].story;
        evidence_of_story(&candidates[i].evidence, best[i].story, digest, vector, &spread);
    }
    set_margins(candidates, n);
    n = keep_near(candidates, n, least_of(vector));
    for (size_t i = 0; i < n; i++)
        expect_members(archive, candidates[i].story);
    for (size_t i = 0; i < n; i++)
        evidence_of_members(&candidates[i].evidence, archive, candidates[i].story, digest, sketch, vector, &spread);
    return n;
}

struct choice cluster_choose(const struct candidate *candidates, size_t n, const double weights[EVIDENCES])
{
    struct choice choice = {NULL, NULL, 0};
    double top = 0, top_thread = THREAD;

    for (size_t i = 0; i < n; i++) {
        const struct evidence *evidence = &candidates[i].evidence;
        double score = evidence_score(evidence, weights);
        double thread = evidence->cosine * exp(-evidence->days / THREAD_DAYS);
        if (evidence->similarity > choice.similarity)
            choice.similarity = evidence->similarity;
        if (score > top) {
            top = score;
            choice.story = candidates[i].story;
        }
        if (thread >= top_thread) {
            top_thread = thread;
            choice.thread = candidates[i].story;
        }
    }
    if (choice.similarity > 1)
        choice.similarity = 1;
    return choice;
}
