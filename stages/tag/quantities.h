/* Amounts: numbers with what they count, sums of money (ISO 4217), percentages, measures. Dates are none. */
#ifndef TAG_QUANTITIES_H
#define TAG_QUANTITIES_H

#include "timex.h"

struct quantity {
    uint32_t first, last; /* tokens */
    double value;
    const char *code;         /* "percent", a currency's code; NULL: the unit is in the text */
    uint32_t unit, unit_last; /* tokens of the unit where code is NULL */
    const char *by;           /* a literal: the rule */
};

struct quantities {
    struct quantity *v;
    size_t n, cap;
};

/* Fills the list, in order; what lies in a time expression is left out. 0 or -ENOMEM. */
int quantities_find(const struct document *document, const struct timexes *timexes, struct quantities *quantities);
void quantities_free(struct quantities *quantities);

#endif
