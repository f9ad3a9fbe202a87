/* --since: a time, or how long before the newest article. */
#ifndef CLI_SINCE_H
#define CLI_SINCE_H

#include <stdbool.h>
#include <stdint.h>

struct since {
    bool back; /* ms is a span to go back, else ms since 1970 */
    int64_t ms;
};

/* Reads start, 90m, 6h, 3d, 2026-03-01 or 2026-03-01T12:00:00Z. */
bool since_parse(const char *text, struct since *since);

#endif
