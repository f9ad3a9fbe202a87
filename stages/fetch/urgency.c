/*
 * The urgency of an item, at a glance: see urgency.h. Markup and JSON name it:
 *
 *     "urgency": 1                          ninjs
 *     <urgency>1</urgency>                  NewsML-G2
 *     <urgency ed-urg="1"/>                 NITF
 *     <Urgency FormalName="1"/>             NewsML 1.x
 *
 * The old wires have it in their first line: IPTC 7901 as the second word of "eca062 1 i 211", ANPA 1312 as a letter
 * (f flash, b bulletin, u urgent) that stands alone at the head of a line behind SYN and SOH.
 */
#include "urgency.h"

#include "find.h"

enum { TAG_MAX = 200 /* bytes of a tag of which the digit is a part */ };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The digit that stands at `at` alone, behind spaces and a quotation mark; 0 if there is none. */
static int digit_at(struct nw_str s, size_t at)
{
    while (at < s.n && is_space(s.p[at]))
        at++;
    if (at < s.n && (s.p[at] == '"' || s.p[at] == '\''))
        at++;
    if (at >= s.n || s.p[at] < '1' || s.p[at] > '9')
        return 0;
    return at + 1 < s.n && s.p[at + 1] >= '0' && s.p[at + 1] <= '9' ? 0 : s.p[at] - '0';
}

/* Behind `"urgency"`: a colon and the digit. */
static int json_value(struct nw_str s, size_t at)
{
    while (at < s.n && is_space(s.p[at]))
        at++;
    return at < s.n && s.p[at] == ':' ? digit_at(s, at + 1) : 0;
}

/* Behind `<urgency`: the digit of an attribute, or of the content. */
static int element_value(struct nw_str s, size_t at)
{
    static const struct nw_str names[] = {NW_STR("ed-urg="), NW_STR("FormalName=")};
    size_t end = find_byte(s, at, '>');

    if (end == SIZE_MAX || end - at > TAG_MAX)
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t found = find_bytes(nw_str(s.p, end), at, names[i]);
        if (found != SIZE_MAX)
            return digit_at(s, found + names[i].n);
    }
    return digit_at(s, end + 1);
}

static int named(struct nw_str s)
{
    const struct nw_str name = NW_STR("rgency");

    for (size_t at = find_bytes(s, 0, name); at != SIZE_MAX; at = find_bytes(s, at + 1, name)) {
        char before = at >= 2 ? s.p[at - 2] : '\0', first = at >= 1 ? s.p[at - 1] : '\0';
        size_t behind = at + name.n;
        int value = 0;
        if (before == '"' && first == 'u' && behind < s.n && s.p[behind] == '"')
            value = json_value(s, behind + 1);
        else if (before == '<' && (first == 'u' || first == 'U'))
            value = element_value(s, behind);
        if (value > 0)
            return value;
    }
    return 0;
}

/* Behind SOH: "eca062 1 i 211", or, a line on, "u i". */
static int wire(struct nw_str s)
{
    static const char letters[] = "fbu";
    size_t soh = find_byte(nw_str(s.p, s.n < 64 ? s.n : 64), 0, '\x01'), at, space;

    if (soh == SIZE_MAX)
        return 0;
    at = soh + 1;
    space = find_byte(nw_str(s.p, s.n < at + 32 ? s.n : at + 32), at, ' ');
    if (space != SIZE_MAX && space + 2 < s.n && s.p[space + 2] == ' ' && digit_at(s, space + 1) > 0)
        return digit_at(s, space + 1);
    for (size_t line = 0; line < 3 && at < s.n; line++) {
        size_t end = find_byte(s, at, '\n');
        if (at + 3 < s.n && s.p[at + 1] == ' ' && !is_space(s.p[at + 2])) {
            for (int i = 0; letters[i]; i++) {
                if (letters[i] == s.p[at])
                    return i + 1;
            }
        }
        if (end == SIZE_MAX)
            break;
        at = end + 1;
    }
    return 0;
}

int urgency_glance(struct nw_str bytes)
{
    struct nw_str s = nw_str(bytes.p, bytes.n < URGENCY_LOOK ? bytes.n : URGENCY_LOOK);
    int urgency = wire(s);

    return urgency > 0 ? urgency : named(s);
}
