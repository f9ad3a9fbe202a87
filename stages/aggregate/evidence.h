/*
 * What speaks for an article belonging to a story, in numbers, and how much each of them says: a weighted sum that is
 * above 0 where they belong together. The weights are learned (scripts/train/stories.py), one set for all streams.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "archive.h"

/* X(name, weight, what it is) */
#define EVIDENCE(X)                                                                                                    \
    X(one, -2.99, "1: what must be overcome")                                                                          \
    X(words, 3.64, "square root of the cosine of words with the story's centroid")                                     \
    X(names, 2.09, "cosine of names with the centroid")                                                                \
    X(headline, 5.37, "cosine of headlines with the centroid")                                                         \
    X(members, 1.8, "mean cosine of words with the story's recent members")                                            \
    X(margin, 9.08, "cosine of words with the centroid, less that of the best of the other stories")                   \
    X(relative, 2.5, "ln of that cosine over the mean cosine of the story's articles with each other")                 \
    X(shared, 0.276, "ln of what the nearest member and the article say in common, not brought to length 1")           \
    X(overlap, 13.7, "share of runs of four words in common with the nearest member")                                  \
    X(nameless, 0.981, "1 where the article or the story has no names")                                                \
    X(subject, -0.451, "1 where the article and the nearest member begin with the same word")                          \
    X(other_table, -6.68, "1 where either is a table of figures and they begin with different words")                  \
    X(days, -6.84, "days since the story's last article, in thirties, at most 1")                                      \
    X(pause, -0.588, "ln of 1 and the days since")                                                                     \
    X(faded, -2.71, "that times the cosine of words")                                                                  \
    X(rhythm, -0.227, "ln of those days over the mean days between the story's articles, of three or more")

#define EVIDENCE_NAME(name, weight, doc) EVIDENCE_##name,
enum { EVIDENCE(EVIDENCE_NAME) EVIDENCES };

struct evidence {
    double v[EVIDENCES];
    double similarity; /* with the nearest member, 0 to 1 */
    double cosine;     /* with the centroid, words and names together */
    double days;       /* since the story's last article */
};

/* The learned weights. */
extern const double evidence_weights[EVIDENCES];

/* What the story as a whole says; the margin is the cosine itself, until all stories have been looked at. */
void evidence_of_story(struct evidence *evidence, const struct story *story, const struct digest *digest,
                       const struct vector *vector, const struct spread *spread);

/* What its recent members say. */
void evidence_of_members(struct evidence *evidence, const struct archive *archive, const struct story *story,
                         const struct digest *digest, const struct sketch *sketch, const struct vector *vector,
                         const struct spread *spread);

double evidence_score(const struct evidence *evidence, const double weights[EVIDENCES]);

#endif
