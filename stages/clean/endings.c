/*
 * How wire copy ends: end marks, the sign-offs of desks, who reported and edited. See wire.h.
 *
 * A sign-off is told by its tokens: initials, names of agencies, numbers, dates and rules, and nothing that a sentence
 * could have.
 */
#include "chars.h"
#include "wire.h"

enum { SIGN_OFF_MOST = 80, SIGN_OFF_TOKENS = 14, TAKE_DIGITS = 3 };

/* "========", "* * *" */
static bool is_rule(struct nw_str s)
{
    return trim_set(s, "=_-*~ ").n == 0;
}

enum token { TOKEN_WORD, TOKEN_WEAK, TOKEN_STRONG };

/* "MDB-JV/GIL", "M.D.B/J.V", "yyzz", "S0A": groups of one to four letters of one case, parted by marks. Strong: with a
 * slash. */
static enum token initials_token(struct nw_str s)
{
    size_t group = 0, upper = 0, lower = 0, letters = 0;
    bool slash = false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_alnum(c)) {
            upper += is_upper(c);
            lower += is_lower(c);
            letters += is_alpha(c);
            if (++group > 4 || (upper && lower))
                return TOKEN_WORD;
            continue;
        }
        if (!strchr("/-.\\()", c))
            return TOKEN_WORD;
        slash = slash || c == '/' || c == '\\';
        group = 0;
    }
    return letters == 0 ? TOKEN_WORD : slash ? TOKEN_STRONG : TOKEN_WEAK;
}

static enum token token_of(struct nw_str token)
{
    struct nw_str core = trim_set(token, "()/.[]=-*:_,;\\|");
    size_t digits = 0, name = 0;
    if (core.n == 0)
        return TOKEN_WEAK;
    if (wire_is_agency(core))
        return TOKEN_STRONG;
    for (size_t i = 0; i < core.n; i++)
        digits += is_digit(core.p[i]) || strchr("/:.-", core.p[i]) != NULL;
    if (digits == core.n)
        return TOKEN_WEAK; /* a number, a date, a time */
    while (name < core.n && is_upper(core.p[name]))
        name++;
    if (name + digits == core.n && name >= 2 && digits >= 3 && wire_is_agency(nw_str(core.p, name)))
        return TOKEN_STRONG; /* APA0456 */
    size_t slashes = nw_str_find(core, NW_S("//"));
    if (slashes != SIZE_MAX && wire_is_agency(nw_str(core.p, slashes)) &&
        initials_token(nw_str_from(core, slashes + 2)) != TOKEN_WORD)
        return TOKEN_STRONG; /* Petra//MDB */
    if (digits >= 4 && name == 3 && nw_str_find(core, NW_S("-")) == SIZE_MAX)
        return TOKEN_WEAK;
    if (month_of(core) || nw_str_eq(core, NW_S("LOCAL")) || nw_str_eq(core, NW_S("TIME")) ||
        (digits >= 4 && nw_str_ends(core, NW_S("GMT"))))
        return TOKEN_WEAK;
    enum token token_kind = initials_token(core);
    return token_kind == TOKEN_WEAK && nw_str_find(token, NW_S("/")) != SIZE_MAX ? TOKEN_STRONG : token_kind;
}

/* "PTI MDB JV GIL 03032005", "dpa mdb yyzz a3 jv 031405 Mrz 26", "MDB (JV) // GIL", "--SPA 14:05 LOCAL TIME 11:05 GMT"
 */
static bool desk_tokens(struct nw_str s)
{
    size_t tokens = 0, strong = 0, at = 0;
    bool slashes = false;
    while (at < s.n) {
        while (at < s.n && s.p[at] == ' ')
            at++;
        size_t end = at;
        while (end < s.n && s.p[end] != ' ')
            end++;
        if (end == at)
            break;
        struct nw_str token = nw_str(s.p + at, end - at);
        enum token kind = token_of(token);
        if (kind == TOKEN_WORD || ++tokens > SIGN_OFF_TOKENS)
            return false;
        slashes = slashes || nw_str_eq(token, NW_S("//")) || nw_str_eq(token, NW_S("\\"));
        strong += kind == TOKEN_STRONG;
        at = end;
    }
    return tokens > 0 && (strong > 0 || slashes);
}

bool wire_take(struct nw_str s)
{
    static const char *const marks[] = {"mf",      "more",    "(more)",   "(more follows)", "more follows",
                                        "-more-",  "m/f",     "--more--", "(mehr)",         "(à suivre)",
                                        "(sigue)", "(segue)", "mfl"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (nw_str_eq_nocase(s, nw_str_z(marks[i])))
            return true;
    size_t groups = 0, digits = 0; /* "2-2-2" */
    for (size_t i = 0; i <= s.n; i++)
        if (i < s.n && is_digit(s.p[i])) {
            digits++;
        } else if ((i == s.n || s.p[i] == '-') && digits > 0 && digits < TAKE_DIGITS) {
            groups++;
            digits = 0;
        } else {
            return false;
        }
    return groups >= 3;
}

/* "hh/ph/ts/hd", "ch yy n1 jh", "pm-af": initials of the desk, two or three letters each, parted by marks. */
static bool initials(struct nw_str line)
{
    size_t groups = 0, length = 0, marks = 0, longest = 0;
    if (line.n < 2 || line.n > 24)
        return false;
    for (size_t i = 0; i <= line.n; i++) {
        unsigned char c = byte_at(line, i);
        if (is_lower(c) || (is_digit(c) && length > 0)) {
            length++;
            continue;
        }
        if (i < line.n && c != ' ' && c != '/' && c != '-' && c != ',')
            return false;
        if (length > 0 && (length < 2 || length > 4))
            return false;
        longest = length > longest ? length : longest;
        groups += length > 0;
        marks += c == '/' || c == '-';
        length = 0;
    }
    return (groups >= 2 && (longest <= 3 || marks > 0)) || (groups == 1 && line.n <= 4 && marks > 0);
}

/* Whether one of its words is long and in small letters: of a sentence, as nearly all lines are. */
static bool has_long_word(struct nw_str s)
{
    enum { LONG = 5 };
    size_t run = 0;
    for (size_t i = 0; i < s.n && run < LONG; i++)
        run = is_lower(s.p[i]) ? run + 1 : 0;
    return run == LONG;
}

/* "Reuters", "AAP RTV ar", "Reuters hh/kl": an agency, perhaps with initials. */
static bool agency_sign(struct nw_str s)
{
    enum { WITH_INITIALS = 20, INITIALS = 12, LETTERS = 8 };
    struct nw_str core = trim_set(s, " /=-_()[]+*.");
    if (wire_is_agency(core))
        return true;
    size_t blank = 0, letters = 0;
    while (blank < core.n && core.p[blank] != ' ')
        blank++;
    if (blank == core.n || core.n > WITH_INITIALS || core.n - blank > INITIALS ||
        !wire_is_agency(nw_str(core.p, blank)))
        return false;
    for (size_t i = blank; i < core.n; i++)
        letters += is_alpha((unsigned char)core.p[i]);
    return letters <= LETTERS && !memchr(core.p, '.', core.n);
}

bool wire_end_mark(struct nw_str line, bool *sign_off)
{
    enum { SHORT = 24 /* bytes, within which an agency's name is */, MARK_MOST = 10 };
    *sign_off = false;
    struct nw_str s = nw_str_trim(line);
    if (s.n == 0 || s.n > SIGN_OFF_MOST)
        return false;
    if (has_long_word(s)) {
        *sign_off = s.n <= SHORT && agency_sign(s);
        return *sign_off || nw_str_eq(s, NW_S("Enditem"));
    }
    static const struct nw_str marks[] = {
        NW_STR("-30-"),    NW_STR("- 30 -"), NW_STR("—30—"),     NW_STR("30"),        NW_STR("###"),
        NW_STR("# # #"),   NW_STR("#"),      NW_STR("##"),       NW_STR("####"),      NW_STR("***"),
        NW_STR("* * *"),   NW_STR("END"),    NW_STR("ENDS"),     NW_STR("Ends"),      NW_STR("ends"),
        NW_STR("(END)"),   NW_STR("(ENDS)"), NW_STR("(End)"),    NW_STR("(ends)"),    NW_STR("-END-"),
        NW_STR("-ENDS-"),  NW_STR("-ends-"), NW_STR("- ENDS -"), NW_STR("- END -"),   NW_STR("/ENDS/"),
        NW_STR("NNNN"),    NW_STR("-0-"),    NW_STR("--"),       NW_STR("__"),        NW_STR("___"),
        NW_STR("____"),    NW_STR("(More)"), NW_STR("(MORE)"),   NW_STR("MORE"),      NW_STR("-more-"),
        NW_STR("(more)"),  NW_STR("-MORE-"), NW_STR("more"),     NW_STR("--MORE--"),  NW_STR("ENDITEM"),
        NW_STR("Enditem"), NW_STR("endit"),  NW_STR("+++"),      NW_STR("(THE END)"), NW_STR("__________"),
        NW_STR("ENDIT"),   NW_STR("end"),    NW_STR("="),        NW_STR("-"),         NW_STR("--30--"),
        NW_STR("ENDS:"),   NW_STR("...")};
    for (size_t i = 0; s.n <= MARK_MOST && i < sizeof marks / sizeof *marks; i++)
        if (marks[i].n == s.n && marks[i].p[0] == s.p[0] && nw_str_eq(s, marks[i]))
            return true;
    *sign_off = agency_sign(s) || initials(s) || is_rule(s) || desk_tokens(s);
    return *sign_off;
}

/* "(Reporting by Ada Lovelace; Editing by …)": the names go to by, the paragraph out. */
bool wire_reporting(struct draft *draft, struct nw_str s)
{
    static const char *const leads[] = {"reporting by",
                                        "reporting and writing by",
                                        "reporting and editing by",
                                        "writing by",
                                        "additional reporting by",
                                        "editing by",
                                        "reporting from",
                                        "compiled by",
                                        "translated by",
                                        "written by",
                                        "edited by",
                                        "writing and reporting by",
                                        "report by",
                                        "reported by",
                                        "reporting",
                                        "reportagem de",
                                        "reportagem por",
                                        "reporte de",
                                        "reporte por",
                                        "reportaje de",
                                        "información de",
                                        "editado por",
                                        "edición de",
                                        "reportage de",
                                        "reportage par",
                                        "édité par",
                                        "rédigé par",
                                        "geschrieben von",
                                        "bericht von",
                                        "redigiert von",
                                        "a cura di",
                                        "إعداد",
                                        "تحرير",
                                        "редакция",
                                        "редактор",
                                        "сообщил",
                                        "redaktion:",
                                        "bericht:",
                                        NULL};
    struct nw_str bare = trim_set(s, " ()[]*");
    if (bare.n < 14 || bare.n > 500 || !starts_any(bare, "rwaectigb\xC3\xD8\xD1", leads))
        return false;
    bool bracket = s.p[0] == '(' || s.p[0] == '[';
    if (!bracket && find_nocase(bare, NW_S("editing by")) == SIZE_MAX && bare.p[bare.n - 1] == '.')
        return false;
    size_t by = find_nocase(bare, NW_S(" by "));
    if (by != SIZE_MAX && by < 40 && !nw_str_starts_nocase(bare, NW_S("editing")) &&
        !nw_str_starts_nocase(bare, NW_S("translated"))) {
        struct nw_str names = nw_str_from(bare, by + 4);
        size_t end = 0;
        while (end < names.n && names.p[end] != ';' && names.p[end] != ')' && names.p[end] != '.')
            end++;
        struct nw_str who = nw_str(names.p, end);
        static const char *const stops[] = {" in ", ", editing", ", writing", ", additional", " editing"};
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
            size_t at = find_nocase(who, nw_str_z(stops[i]));
            if (at != SIZE_MAX)
                who.n = at;
        }
        draft_by(draft, trim_set(who, " ,"));
    }
    return true;
}
