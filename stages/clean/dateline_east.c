/*
 * Datelines of Chinese, Japanese and Korean copy: "新华社北京1月14日电（记者王明）", "【東京共同】", "(서울=연합뉴스)
 * 김철수 기자 = ". See wire.h.
 */
#include "chars.h"
#include "wire.h"

enum { PLACE_MOST = 36, NAME_MOST = 48 }; /* bytes */

/* The agency that s begins or ends with; {NULL, 0} for none. */
static struct nw_str agency_at(struct nw_str s, bool end)
{
    static const struct nw_str names[] = {NW_STR("新华社"), NW_STR("新華社"),  NW_STR("中新社"), NW_STR("中央社"),
                                          NW_STR("中新网"), NW_STR("法新社"),  NW_STR("路透社"), NW_STR("共同"),
                                          NW_STR("時事"),   NW_STR("ロイター")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (end ? nw_str_ends(s, names[i]) : nw_str_starts(s, names[i]))
            return names[i];
    return nw_str(NULL, 0);
}

/* "1月14日电", "14日電" at s[i]: its end, or i. */
static size_t sent_end(struct nw_str s, size_t i)
{
    size_t from = i;
    for (int part = 0; part < 2; part++) {
        size_t digits = i;
        while (is_digit(byte_at(s, i)) && i < digits + 2)
            i++;
        if (i == digits)
            return from;
        struct nw_str rest = nw_str_from(s, i);
        if (part == 0 && nw_str_starts(rest, NW_S("月"))) {
            i += 3;
            continue;
        }
        if (!nw_str_starts(rest, NW_S("日")))
            return from;
        rest = nw_str_from(rest, 3);
        if (nw_str_starts(rest, NW_S("专")) || nw_str_starts(rest, NW_S("專")))
            rest = nw_str_from(rest, 3);
        return nw_str_starts(rest, NW_S("电")) || nw_str_starts(rest, NW_S("電")) ? s.n - rest.n + 3 : from;
    }
    return from;
}

static size_t chinese(struct draft *draft, struct nw_str s)
{
    struct nw_str agency = agency_at(s, false);
    size_t i = agency.n;
    while (agency.n > 0 && i < s.n && i <= agency.n + PLACE_MOST && !is_digit(s.p[i]))
        i++;
    size_t end = agency.n > 0 ? sent_end(s, i) : i;
    if (agency.n == 0 || end == i)
        return 0;
    draft_source(draft, agency, NULL);
    draft_located(draft, nw_str(s.p + agency.n, i - agency.n));
    struct nw_str rest = nw_str_from(s, end);
    bool wide = nw_str_starts(rest, NW_S("（记者")) || nw_str_starts(rest, NW_S("（記者"));
    size_t close = wide ? nw_str_find(rest, NW_S("）")) : SIZE_MAX;
    if (close != SIZE_MAX && close > 9 && close <= NAME_MOST) {
        draft_by(draft, nw_str(rest.p + 9, close - 9));
        end += close + 3;
    }
    return end;
}

static size_t japanese(struct draft *draft, struct nw_str s)
{
    size_t close = nw_str_starts(s, NW_S("【")) ? nw_str_find(s, NW_S("】")) : SIZE_MAX;
    if (close == SIZE_MAX || close > 3 + PLACE_MOST)
        return 0;
    struct nw_str inside = nw_str(s.p + 3, close - 3), agency = agency_at(inside, true);
    if (agency.n == 0)
        return 0;
    draft_source(draft, agency, NULL);
    draft_located(draft, nw_str(inside.p, inside.n - agency.n));
    return close + 3;
}

static size_t korean(struct draft *draft, struct nw_str s)
{
    size_t close = nw_str_starts(s, NW_S("(")) ? nw_str_find(s, NW_S(")")) : SIZE_MAX;
    if (close == SIZE_MAX || close > PLACE_MOST + 24)
        return 0;
    struct nw_str inside = nw_str(s.p + 1, close - 1);
    size_t equals = nw_str_find(inside, NW_S("="));
    if (equals == SIZE_MAX || !wire_is_agency(nw_str_from(inside, equals + 1)))
        return 0;
    draft_located(draft, nw_str(inside.p, equals));
    draft_source(draft, nw_str_from(inside, equals + 1), NULL);
    struct nw_str rest = nw_str_from(s, close + 1);
    size_t sign = nw_str_find(nw_str(rest.p, rest.n < NAME_MOST ? rest.n : NAME_MOST), NW_S("= "));
    if (sign == SIZE_MAX)
        return close + 1;
    struct nw_str name = nw_str_trim(nw_str(rest.p, sign));
    size_t title = nw_str_find(name, NW_S(" 기자"));
    draft_by(draft, title == SIZE_MAX ? name : nw_str(name.p, title));
    return close + 1 + sign + 2;
}

size_t wire_dateline_east(struct draft *draft, struct nw_str paragraph)
{
    if (paragraph.n == 0 || (paragraph.p[0] != '(' && (unsigned char)paragraph.p[0] < 0xE3))
        return 0;
    size_t end = chinese(draft, paragraph);
    if (!end)
        end = japanese(draft, paragraph);
    return end ? end : korean(draft, paragraph);
}
