/* The nearest member is that of the story's recent ones whose words and names are closest. */
#include "evidence.h"

#include <math.h>

#define EVIDENCE_WEIGHT(name, weight, doc) [EVIDENCE_##name] = (weight),
const double evidence_weights[EVIDENCES] = {EVIDENCE(EVIDENCE_WEIGHT)};

static const double DAY = 86400000, NAMES = 0.25, /* in a cosine of words and names together */
    BROAD = 0.15, /* what a cohesion is held against: a broad story must not draw in all that it touches */
    ALIKE = 0.1;  /* texts whose words are less alike have no runs of four of them in common that matter */

static double together(struct cosines cosines)
{
    return (1 - NAMES) * cosines.of[PART_WORDS] + NAMES * cosines.of[PART_NAMES];
}

/* Looks at the recent members; the nearest, or NULL where none is there any more. */
static const struct article *nearest_member(struct evidence *evidence, const struct archive *archive,
                                            const struct story *story, const struct spread *spread)
{
    const struct article *nearest = NULL;
    double sum = 0;

    for (size_t i = 0; i < story->recent_n; i++) {
        const struct article *article = archive_at(archive, story->recent[i]);
        if (!article || article->canceled)
            continue;
        struct cosines cosines = spread_dot(spread, article->terms, article->term_n);
        sum += cosines.of[PART_WORDS];
        if (!nearest || together(cosines) > evidence->similarity) {
            nearest = article;
            evidence->similarity = together(cosines);
            evidence->v[EVIDENCE_shared] = cosines.of[PART_WORDS];
        }
    }
    evidence->v[EVIDENCE_members] = story->recent_n > 0 ? sum / (double)story->recent_n : 0;
    return nearest;
}

/* Mean cosine of the words of a story's articles with each other: its centroid is as long as they agree. */
static double cohesion(const struct story *story)
{
    double n = (double)story->size, square = story->length[PART_WORDS] * story->length[PART_WORDS];

    return n > 1 && square > n ? (square - n) / (n * (n - 1)) : 0;
}

static void collect_times(struct evidence *evidence, const struct story *story, const struct digest *digest)
{
    double days = fabs((double)(digest->time - story->last)) / DAY, n = (double)story->size;
    double span = (double)(story->last - story->first) / DAY;

    evidence->days = days;
    evidence->v[EVIDENCE_days] = days < 30 ? days / 30 : 1;
    evidence->v[EVIDENCE_pause] = log(1 + days);
    evidence->v[EVIDENCE_rhythm] = n > 2 ? log((days + 0.1) / (span / (n - 1) + 0.1)) : 0;
}

void evidence_of_story(struct evidence *evidence, const struct story *story, const struct digest *digest,
                       const struct vector *vector, const struct spread *spread)
{
    struct cosines centroid = spread_dot(spread, story->centroid, story->terms);
    double *v = evidence->v, words;

    *evidence = (struct evidence){.days = 0};
    for (size_t i = 0; i < PARTS; i++)
        centroid.of[i] = story->length[i] > 0 ? centroid.of[i] / story->length[i] : 0;
    words = centroid.of[PART_WORDS];
    evidence->cosine = together(centroid);
    v[EVIDENCE_one] = 1;
    v[EVIDENCE_words] = sqrt(words);
    v[EVIDENCE_names] = centroid.of[PART_NAMES];
    v[EVIDENCE_headline] = centroid.of[PART_HEADLINE];
    v[EVIDENCE_relative] = story->size > 1 ? log((words + BROAD) / (cohesion(story) + BROAD)) : 0;
    v[EVIDENCE_nameless] = !vector->named || !(story->length[PART_NAMES] > 0);
    collect_times(evidence, story, digest);
    v[EVIDENCE_faded] = words * v[EVIDENCE_pause];
    v[EVIDENCE_margin] = words;
}

void evidence_of_members(struct evidence *evidence, const struct archive *archive, const struct story *story,
                         const struct digest *digest, const struct sketch *sketch, const struct vector *vector,
                         const struct spread *spread)
{
    const struct article *member = nearest_member(evidence, archive, story, spread);
    double *v = evidence->v;

    if (!member)
        return;
    if (v[EVIDENCE_shared] > ALIKE)
        v[EVIDENCE_overlap] =
            sketch_compare(sketch->v, sketch->n, sketch->limit, member->sketch, member->sketch_n, member->limit)
                .containment;
    v[EVIDENCE_shared] = log(1 + v[EVIDENCE_shared] * vector->mass * (double)member->mass / 100);
    v[EVIDENCE_subject] = member->subject == digest->subject;
    v[EVIDENCE_other_table] = (vector->table || member->table) && member->subject != digest->subject;
}

double evidence_score(const struct evidence *evidence, const double weights[EVIDENCES])
{
    double score = 0;

    for (size_t i = 0; i < EVIDENCES; i++)
        score += weights[i] * evidence->v[i];
    return score;
}
