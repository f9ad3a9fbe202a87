/* See feed_clock.h. */
#include "feed_clock.h"

#include <newswire/clock.h>
#include <newswire/log.h>

#include <stdlib.h>

static const int64_t scale_most = 1000000;

void feed_clock_open(struct feed_clock *clock)
{
    const char *given = getenv("NEWSWIRE_TEST_CLOCK");
    char *end = NULL;
    int64_t scale = given ? strtoll(given, &end, 10) : 0;

    *clock = (struct feed_clock){.scale = 0};
    if (scale < 1 || scale > scale_most || *end != '@')
        return;
    *clock = (struct feed_clock){.scale = scale, .start = strtoll(end + 1, NULL, 10)};
    nw_warn("NEWSWIRE_TEST_CLOCK: time runs %lld times as fast for feeds; this is a test", (long long)scale);
}

int64_t feed_clock_now(const struct feed_clock *clock)
{
    int64_t now = nw_clock_wall();

    return clock->scale ? clock->start + (now - clock->start) * clock->scale : now;
}

int64_t feed_clock_wait(const struct feed_clock *clock, int64_t ms)
{
    ms = clock->scale ? ms / clock->scale : ms;
    return ms < 1 ? 1 : ms;
}
