/* See feed_progress.h. The rate is a mean that forgets in about two seconds; what is left is guessed from all of the
 * run. */
#include "feed_progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const double forget_ms = 2000;

static void bytes_text(char text[24], uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    size_t unit = 0;

    for (; value >= 1000 && unit < 4; unit++) {
        value /= 1000;
    }
    snprintf(text, 24, value < 10 && unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static void left_text(char text[32], double seconds)
{
    uint64_t s = seconds < 1 ? 1 : seconds > 8640000 ? 8640000 : (uint64_t)(seconds + 0.5);

    if (s < 60) {
        snprintf(text, 32, "%" PRIu64 " s left", s);
    } else if (s < 3600) {
        snprintf(text, 32, "%" PRIu64 " min %" PRIu64 " s left", s / 60, s % 60);
    } else {
        snprintf(text, 32, "%" PRIu64 " h %" PRIu64 " min left", s / 3600, s / 60 % 60);
    }
}

void feed_progress_text(struct feed_progress *progress, const struct feed_state *state, int64_t now,
                        char text[FEED_PROGRESS_TEXT])
{
    double ms = (double)(now - progress->shown), part;
    char read[24], left[32];
    int n;

    if (progress->began == 0) {
        progress->began = now;
        progress->began_at = state->read;
    } else if (ms > 0) {
        double mean = (double)(state->items - progress->items) * 1000 / ms;
        progress->per_second =
            progress->per_second > 0 ? mean + (progress->per_second - mean) * exp(-ms / forget_ms) : mean;
    }
    progress->shown = now;
    progress->items = state->items;
    bytes_text(read, state->read);
    n = snprintf(text, FEED_PROGRESS_TEXT, "%" PRIu64 " articles, %" PRIu64 " accepted", state->items, state->accepted);
    if (state->rejected > 0) {
        n += snprintf(text + n, FEED_PROGRESS_TEXT - (size_t)n, ", %" PRIu64 " rejected", state->rejected);
    }
    n += snprintf(text + n, FEED_PROGRESS_TEXT - (size_t)n, ", %s, %.0f/s", read, progress->per_second);
    if (progress->total == 0) {
        return;
    }
    part = (double)state->read / (double)progress->total;
    n += snprintf(text + n, FEED_PROGRESS_TEXT - (size_t)n, ", %.0f %%", part >= 1 ? 100 : part * 100);
    if (state->read > progress->began_at && part < 1 && now > progress->began) {
        left_text(left, (double)(now - progress->began) / 1000 * (double)(progress->total - state->read) /
                            (double)(state->read - progress->began_at));
        snprintf(text + n, FEED_PROGRESS_TEXT - (size_t)n, ", %s", left);
    }
}
