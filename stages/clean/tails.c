/* What agencies of many countries put behind a story, beside end marks and sign-offs of one form (wire.c): see wire.h.
 */
#include "chars.h"
#include "wire.h"

enum {
    TAIL_MOST = 300, /* bytes of a paragraph that is a tail */
    SIGNS_MOST = 56, /* of what stands behind "(Schluss)" */
    END_MOST = 40,   /* of what stands behind the last sentence */
};

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

/* "(foto) (vídeo)": what else the agency offers. */
static bool offers(struct nw_str s)
{
    static const char kinds[] =
        " foto fotos photo photos video vídeo vídeos videos audio pix gráfico infografía grafik ";
    if (s.n > 60 || s.p[0] != '(' || s.p[s.n - 1] != ')')
        return false;
    size_t words = 0;
    for (size_t i = 0; i < s.n;) {
        while (i < s.n && strchr(" ()/,", s.p[i]))
            i++;
        size_t start = i;
        while (i < s.n && !strchr(" ()/,", s.p[i]))
            i++;
        if (i > start && !in_words(nw_str(kinds, sizeof kinds - 1), nw_str(s.p + start, i - start)))
            return false;
        words += i > start;
    }
    return words > 0;
}

/* "(AFP / 03 mars 2026 14h05)", "APTV-03-03-26 1402GMT", "WAM/Ada Example/Bo Sample", "(NAN) (www.nannews.ng)" */
static bool agency_trailer(struct nw_str s)
{
    struct nw_str bare = trim_set(s, "( )/");
    size_t end = 0;
    while (end < bare.n && (is_upper(bare.p[end]) || (end > 0 && is_lower(bare.p[end]))))
        end++;
    if (s.n > 80 || end < 2 || end == bare.n)
        return false;
    struct date date;
    struct nw_str rest = nw_str_from(bare, end);
    bool agency = wire_is_agency(nw_str(bare.p, end)), prose = bare.p[bare.n - 1] == '.';
    if (agency && s.p[0] == '(' && s.p[s.n - 1] == ')')
        return date_line(trim_set(rest, " /,:"), &date) || nw_str_find(rest, NW_S("www.")) != SIZE_MAX;
    if (agency && rest.p[0] == '/' && !prose)
        return nw_str_find(rest, NW_S(". ")) == SIZE_MAX;
    return rest.n >= 10 && rest.p[0] == '-' && is_digit(rest.p[1]) && is_digit(rest.p[2]) && rest.p[3] == '-' &&
           is_digit(rest.p[4]) &&
           (nw_str_ends(rest, NW_S("GMT")) || nw_str_ends(rest, NW_S("EST")) || nw_str_ends(rest, NW_S("EDT")) ||
            number_of(nw_str_from(rest, rest.n - 4)) >= 0);
}

/* "((ada@example.com; +31 20 555 0101;))": how the desk is reached. */
static bool desk_contact(struct nw_str s)
{
    return s.n > 4 && nw_str_starts(s, NW_S("((")) && (nw_str_ends(s, NW_S("))")) || nw_str_ends(s, NW_S(")))")));
}

/* What agencies say of themselves and of others at the end. */
static bool house_line(struct draft *draft, struct nw_str s)
{
    static const struct nw_str lines[] = {
        NW_STR("our standards: the thomson reuters"),
        NW_STR("keywords: "),
        NW_STR("with files from"),
        NW_STR("follow ap"),
        NW_STR("more ap "),
        NW_STR("for more ap "),
        NW_STR("online:"),
        NW_STR("associated press writer"),
        NW_STR("associated press journalist"),
        NW_STR("this story was first published"),
        NW_STR("this version corrects"),
        NW_STR("this story corrects"),
        NW_STR("this story has been corrected"),
    };
    struct nw_str bare = trim_set(s, " -*_");
    if (nw_str_starts(bare, NW_S("— ")) || nw_str_starts(bare, NW_S("– ")))
        bare = nw_str_from(bare, 4);
    char first = bare.n > 0 ? to_lower(bare.p[0]) : '\0';
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].p[0] != first || !nw_str_starts_nocase(bare, lines[i]))
            continue;
        struct nw_str rest = nw_str_trim(nw_str_from(bare, lines[i].n));
        if (i == 1)
            draft_slugline(draft, trim_set(rest, "/ "));
        if (i == 2)
            draft_source(draft, trim_set(rest, " ."), NULL);
        if (i >= 10)
            draft_note(draft, s);
        return i < 3 || i >= 7 || nw_str_find(s, NW_S("http")) != SIZE_MAX || nw_str_find(s, NW_S("@")) != SIZE_MAX;
    }
    return false;
}

static bool contributed(struct nw_str s)
{
    enum { WITHIN = 60 }; /* bytes of the end */
    struct nw_str end = nw_str_from(s, s.n > WITHIN ? s.n - WITHIN : 0);
    size_t at = nw_str_find(end, NW_S("contributed to th"));
    return at != SIZE_MAX && (is_upper_letter((unsigned char)s.p[0]) || s.p[0] == '(') &&
           nw_str_find(nw_str(s.p, s.n - end.n + at), NW_S(". ")) == SIZE_MAX;
}

/* "… the harbour master said.": it begins and ends as sentences do. */
static bool is_sentence(struct nw_str s)
{
    enum { SHORT = 40 };
    return s.n > SHORT && is_alpha(s.p[0]) && s.p[s.n - 1] == '.' && is_lower(s.p[s.n - 2]);
}

bool wire_tail(struct draft *draft, struct nw_str s)
{
    static const struct nw_str starts[] = {NW_STR("(schluss)"), NW_STR("(schluß)"), NW_STR("(forts.)"),
                                           NW_STR("lusa/fim"),  NW_STR("fim"),      NW_STR("(fim)"),
                                           NW_STR("(fine)"),    NW_STR("(fin)")};
    struct date date;
    if (s.n == 0 || s.n > TAIL_MOST)
        return false;
    if (nw_str_starts(s, NW_S("This report by The Canadian Press was first published"))) {
        draft_source(draft, NW_S("The Canadian Press"), NULL);
        return true;
    }
    if (is_sentence(s))
        return contributed(s) || house_line(draft, s);
    if (contributed(s) || desk_contact(s) || offers(s) || agency_trailer(s) || house_line(draft, s) ||
        wire_byline_after(draft, s))
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (nw_str_starts_nocase(s, starts[i]) && s.n <= starts[i].n + SIGNS_MOST &&
            (s.n == starts[i].n || byte_at(s, starts[i].n) == ' '))
            return true;
    return agency_number(s) || is_address(s) || date_line(s, &date) ||
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

/* Whether a sentence ends at the end of s. */
static bool sentence_end(struct nw_str s)
{
    static const char *const ends[] = {".", "\"", "!", "?", ")", "”", "»", "“", "''", "。", "」", "…"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (nw_str_ends(s, nw_str_z(ends[i])))
            return true;
    return false;
}

/* "（共同）", "（完）": brackets of the East at the end; where they begin, else s.n. */
static size_t wide_bracket(struct nw_str s)
{
    static const char *const ends[] = {"完", "了", "终", "終"};
    if (!nw_str_ends(s, NW_S("）")))
        return s.n;
    struct nw_str before = nw_str(s.p, s.n - 3);
    size_t from = before.n;
    while (from >= 3 && before.n - from <= END_MOST && !nw_str_ends(nw_str(s.p, from), NW_S("（")))
        from--;
    if (from < 3 || before.n - from > END_MOST)
        return s.n;
    struct nw_str inside = nw_str_from(before, from);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (nw_str_eq(inside, nw_str_z(ends[i])))
            return from - 3;
    return wire_is_agency(inside) ? from - 3 : s.n;
}

/* "PTI MDB JV": an agency and initials in capitals; where it begins, behind the last sentence, else s.n. */
static size_t agency_initials(struct nw_str s)
{
    size_t from = s.n, start = s.n;
    while (from > 0) {
        size_t end = from;
        while (from > 0 && s.p[from - 1] != ' ')
            from--;
        struct nw_str word = nw_str(s.p + from, end - from);
        if (s.n - from > END_MOST || word.n > 5)
            break;
        if (wire_is_agency(word) && end < s.n)
            start = from;
        for (size_t i = 0; i < word.n; i++)
            if (!is_upper(word.p[i]))
                return start;
        from -= from > 0;
    }
    return start;
}

/* "… morning. (ANI)", "… mattina. (ANSA).", "… Enditem", "…。（完）": what follows the last sentence. */
struct nw_str wire_without_end(struct draft *draft, struct nw_str s)
{
    static const struct nw_str east[] = {NW_STR("(完)"), NW_STR("(끝)")};
    if (is_sentence(s))
        return s;
    for (size_t i = 0; i < sizeof east / sizeof *east; i++)
        if (s.n > east[i].n && nw_str_ends(s, east[i]))
            return nw_str_trim(nw_str(s.p, s.n - east[i].n));
    size_t wide = wide_bracket(s);
    if (wide < s.n)
        return nw_str_trim(nw_str(s.p, wide));
    size_t from = agency_initials(s);
    if (from == s.n)
        while (from > 0 && s.n - from <= END_MOST && s.p[from - 1] != ' ')
            from--;
    if (from < 2 || s.n - from > END_MOST)
        return s;
    struct nw_str word = nw_str_from(s, from), before = nw_str_trim(nw_str(s.p, from));
    if (!sentence_end(before))
        return s;
    if (agency_initials(s) < s.n)
        return before;
    struct nw_str core = trim_set(word, "()/.[]-=");
    bool marked = word.p[0] == '(' || word.p[0] == '/' || word.p[0] == '[' || word.p[0] == '-';
    if (nw_str_eq(core, NW_S("Enditem")) || nw_str_eq(core, NW_S("Endit")))
        return before;
    if (!wire_is_agency(core) || !(marked || is_own(draft, core)))
        return s;
    draft_source(draft, core, NULL);
    return before;
}
