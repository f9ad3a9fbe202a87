/* News agencies by the names that stand in bylines, datelines and credits. */
#include "chars.h"
#include "wire.h"

#define AGENCY(name) NW_STR(name),
#define LETTER(letter)
static const struct nw_str AGENCIES[] = {
#include "agencies.inc"
};
#undef AGENCY
#undef LETTER

/* The list again, as numbers: where each letter begins in it. */
#define JOIN_(a, b)    a##b
#define JOIN(a, b)     JOIN_(a, b)
#define AGENCY(name)   JOIN(AGENCY_OF_LINE_, __LINE__),
#define LETTER(letter) FIRST_##letter, BEFORE_##letter = FIRST_##letter - 1,
enum {
#include "agencies.inc"
    COUNT
};

static const unsigned short FIRSTS[] = {FIRST_a, FIRST_b, FIRST_c, FIRST_d, FIRST_e, FIRST_f,      FIRST_g,
                                        FIRST_h, FIRST_i, FIRST_j, FIRST_k, FIRST_l, FIRST_m,      FIRST_n,
                                        FIRST_o, FIRST_p, FIRST_q, FIRST_r, FIRST_s, FIRST_t,      FIRST_u,
                                        FIRST_v, FIRST_w, FIRST_x, FIRST_y, FIRST_z, FIRST_beyond, COUNT};

enum { LONGEST = 24, BEYOND = 26 /* letters of other alphabets */ };

bool wire_is_agency(struct nw_str name)
{
    if (nw_str_starts_nocase(name, NW_S("the ")))
        name = nw_str_from(name, 4);
    if (name.n < 2 || name.n > LONGEST || (is_lower(name.p[0]) && name.n > 7))
        return false;
    unsigned char first = (unsigned char)name.p[0];
    if (!is_alpha(first) && first < 0x80)
        return false;
    size_t letter = is_alpha(first) ? (size_t)(first | 0x20) - 'a' : BEYOND;
    for (size_t i = FIRSTS[letter]; i < FIRSTS[letter + 1]; i++)
        if (name.n == AGENCIES[i].n &&
            (name.n > 4 ? nw_str_eq_nocase(name, AGENCIES[i]) : nw_str_eq(name, AGENCIES[i])))
            return true;
    return false;
}
