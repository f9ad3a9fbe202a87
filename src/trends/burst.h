/* How surprising it is that a thing is mentioned as often as it is. */
#ifndef TRENDS_BURST_H
#define TRENDS_BURST_H

#include <stdint.h>

/* Of the articles of a window, `count` of `articles` mention the thing; before it, `before` of `articles_before`. */
struct burst {
    double expected; /* mentions in the window if its share of all articles were what it was before */
    double score;    /* 0: no burst */
};

/*
 * The score says how small the chance is, if its share had not changed, that so many of all its mentions fall into the
 * window: at most exp(-score) (Chernoff's bound of a binomial tail; the score is half of the log-likelihood ratio of T.
 * Dunning, "Accurate methods for the statistics of surprise and coincidence", 1993, of its upper side). Shares, not
 * rates: at night and in a replay ten times as fast nothing bursts but what really does.
 *
 * For sparse things and short pasts: a thing is taken to have been mentioned before at least so often that one mention
 * in the window is expected. So what is seen once never bursts, and what is new bursts by its second to fourth mention;
 * and where there is no past at all, nothing does.
 */
struct burst burst_of(uint64_t count, uint64_t articles, uint64_t before, uint64_t articles_before);

#endif
