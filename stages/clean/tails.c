/* What agencies of many countries put behind a story, beside end marks and sign-offs of one form (wire.c): see wire.h.
 */
#include "chars.h"
#include "wire.h"

enum { TAIL_MOST = 300 }; /* bytes of a paragraph that is a tail */

/* "# dpa-Notizblock": contacts, places and hints for the desk follow. */
static bool desk_block(struct nw_str s)
{
    static const struct nw_str heads[] = {NW_STR("notizblock"), NW_STR("dpa-notizblock"),
                                          NW_STR("redaktionelle hinweise"), NW_STR("nota a los editores"),
                                          NW_STR("notes to editors")};
    struct nw_str core = trim_set(s, "# *:");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (nw_str_eq_nocase(core, heads[i]))
            return true;
    return false;
}

void wire_desk_block(struct draft *draft)
{
    for (size_t i = 1; i < draft->count; i++)
        if (draft->paragraphs[i].n <= 40 && desk_block(draft->paragraphs[i])) {
            draft->count = i;
            return;
        }
}

/* "APA0123 2026-01-14/10:00", "(Schluss) abc/def" */
static bool agency_number(struct nw_str s)
{
    size_t n = 0;
    while (n < s.n && is_upper(s.p[n]))
        n++;
    return s.n <= 40 && n < s.n && is_digit(s.p[n]) && is_digit(byte_at(s, n + 3)) && wire_is_agency(nw_str(s.p, n));
}

static bool is_address(struct nw_str s)
{
    const char *at = s.n <= 80 ? memchr(s.p, '@', s.n) : NULL;
    return at && at > s.p && !memchr(s.p, ' ', s.n) && memchr(at, '.', s.n - (size_t)(at - s.p));
}

/* "ABC // DEF": desks in capitals. */
static bool desk_capitals(struct nw_str s)
{
    size_t letters = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_upper(s.p[i]) && s.p[i] != ' ' && s.p[i] != '/')
            return false;
        letters += is_upper(s.p[i]);
    }
    return s.n <= 24 && letters >= 4 && nw_str_find(s, NW_S("//")) != SIZE_MAX;
}

bool wire_tail(struct draft *draft, struct nw_str s)
{
    static const struct nw_str starts[] = {NW_STR("(schluss)"), NW_STR("(schluß)"), NW_STR("(forts.)"),
                                           NW_STR("lusa/fim"),  NW_STR("fim"),      NW_STR("(fim)"),
                                           NW_STR("(fine)"),    NW_STR("(fin)")};
    if (s.n == 0 || s.n > TAIL_MOST)
        return false;
    if (nw_str_starts(s, NW_S("This report by The Canadian Press was first published"))) {
        draft_source(draft, NW_S("The Canadian Press"), NULL);
        return true;
    }
    if (nw_str_ends(s, NW_S("contributed to this report.")) && is_upper_letter((unsigned char)s.p[0]))
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (nw_str_starts_nocase(s, starts[i]) && s.n <= starts[i].n + 16 &&
            (s.n == starts[i].n || byte_at(s, starts[i].n) == ' '))
            return true;
    return agency_number(s) || is_address(s) || desk_capitals(s) ||
           wire_is_agency(trim_set(s, " ()\xC2\xA9")); /* "(©NTB)" */
}

static bool is_own(const struct draft *draft, struct nw_str name)
{
    const struct nw_record *r = draft->record;
    for (size_t i = 0; NW_HAS(record, r, info_sources) && i < r->info_sources.n; i++)
        if (nw_str_eq_nocase(name, r->info_sources.v[i].name))
            return true;
    return false;
}

/* "… morning. (ANI)", "… mattina. (ANSA).", "… Enditem", "…。（完）": what follows the last sentence. */
struct nw_str wire_without_end(struct draft *draft, struct nw_str s)
{
    static const struct nw_str east[] = {NW_STR("（完）"), NW_STR("(完)"), NW_STR("(끝)"), NW_STR("（了）")};
    for (size_t i = 0; i < sizeof east / sizeof *east; i++)
        if (s.n > east[i].n && nw_str_ends(s, east[i]))
            return nw_str_trim(nw_str(s.p, s.n - east[i].n));
    size_t from = s.n;
    while (from > 0 && s.n - from <= 24 && s.p[from - 1] != ' ')
        from--;
    if (from < 2 || s.n - from > 24)
        return s;
    struct nw_str word = nw_str_from(s, from), before = nw_str_trim(nw_str(s.p, from));
    struct nw_str core = trim_set(word, "()/.[]");
    char end = before.p[before.n - 1];
    if (end != '.' && end != '"' && end != '!' && end != '?' && end != ')' && !nw_str_ends(before, NW_S("”")) &&
        !nw_str_ends(before, NW_S("»")))
        return s;
    bool marked = word.p[0] == '(' || word.p[0] == '/' || word.p[0] == '[';
    if (nw_str_eq(core, NW_S("Enditem")) || nw_str_eq(core, NW_S("Endit")))
        return before;
    if (!wire_is_agency(core) || !(marked || is_own(draft, core)))
        return s;
    draft_source(draft, core, NULL);
    return before;
}
