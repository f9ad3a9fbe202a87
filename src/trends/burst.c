/* A likelihood ratio with a floor under the baseline; see burst.h. */
#include "trends/burst.h"

#include <math.h>

struct burst burst_of(uint64_t count, uint64_t articles, uint64_t before, uint64_t articles_before)
{
    double c = (double)count, b = (double)before, now = (double)articles, past = (double)articles_before;
    struct burst burst = {0, 0};
    double share;

    if (articles == 0 || articles_before == 0)
        return burst;
    burst.expected = b * now / past;
    b = fmax(b, past / now);
    if (c * past <= b * now)
        return burst;
    share = now / (now + past);
    burst.score = c * log(c / ((c + b) * share)) + b * log(b / ((c + b) * (1 - share)));
    return burst;
}
