/* News agencies by the names that stand in bylines, datelines and credits. */
#include "chars.h"
#include "wire.h"

#define AGENCY(name) NW_STR(name),
static const struct nw_str AGENCIES[] = {
#include "agencies.inc"
};

enum { LONGEST = 24, COUNT = sizeof AGENCIES / sizeof *AGENCIES };

/* Where the agencies begin whose first letter, in lower case, is `letter` or behind it. */
static size_t first_of(unsigned char letter)
{
    size_t low = 0, high = COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((unsigned char)to_lower(AGENCIES[middle].p[0]) < letter)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool wire_is_agency(struct nw_str name)
{
    if (nw_str_starts_nocase(name, NW_S("the ")))
        name = nw_str_from(name, 4);
    if (name.n < 2 || name.n > LONGEST || (is_lower(name.p[0]) && name.n > 7))
        return false;
    char letter = to_lower(name.p[0]);
    for (size_t i = first_of((unsigned char)letter); i < COUNT && to_lower(AGENCIES[i].p[0]) == letter; i++)
        if (name.n == AGENCIES[i].n &&
            (name.n > 4 ? nw_str_eq_nocase(name, AGENCIES[i]) : nw_str_eq(name, AGENCIES[i])))
            return true;
    return false;
}
