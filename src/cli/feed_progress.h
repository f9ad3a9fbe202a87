/* The line that says how far `newswire feed` is: on a terminal only. */
#ifndef CLI_FEED_PROGRESS_H
#define CLI_FEED_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

enum {
    FEED_PROGRESS_MS = 200, /* between two lines */
    FEED_PROGRESS_TEXT = 160,
};

struct feed_progress {
    uint64_t total; /* bytes of all input; 0: not known */
    /* As the last line was shown: */
    int64_t shown; /* monotonic ms */
    uint64_t items;
    double per_second; /* of the last seconds */
    /* As the first article went: */
    int64_t began;
    uint64_t began_at; /* bytes that were read by then, by an earlier run for the most part */
};

/* Where a run is. */
struct feed_state {
    uint64_t items, accepted, rejected;
    uint64_t read; /* bytes of input */
};

/* The line for this moment (monotonic ms). */
void feed_progress_text(struct feed_progress *progress, const struct feed_state *state, int64_t now,
                        char text[FEED_PROGRESS_TEXT]);

#endif
