/* Notes, embargoes, kills, sign-offs and tails: see wire.h. Bylines are in byline.c, datelines in dateline.c. */
#include "wire.h"

#include "chars.h"
#include "unicode.h"

enum {
    BULLETS = 8, /* paragraphs that may stand above a byline */
    FRONT = 6,   /* paragraphs looked at from the front */
    BACK = 8,    /* and from the back */
};

static bool starts_any(struct nw_str s, const char *const *words)
{
    char first = s.n > 0 ? to_lower(s.p[0]) : '\0';
    for (; *words; words++)
        if ((*words)[0] == first && nw_str_starts_nocase(s, nw_str_z(*words)))
            return true;
    return false;
}

bool wire_note(struct nw_str s)
{
    static const char *const notes[] = {"(adds ",
                                        "(add ",
                                        "(recasts",
                                        "(updates",
                                        "(update ",
                                        "(corrects",
                                        "(corrected ",
                                        "(correcting",
                                        "(repeats",
                                        "(refiles",
                                        "(refiling",
                                        "(rewrites",
                                        "(writes through",
                                        "(writethru",
                                        "(releads",
                                        "(changes ",
                                        "(clarifies",
                                        "(fixes ",
                                        "(removes ",
                                        "(deletes ",
                                        "(inserts ",
                                        "(incorporates",
                                        "(embargoed",
                                        "(eds:",
                                        "(eds.",
                                        "(editors:",
                                        "(editor's note",
                                        "(note to",
                                        "(for use ",
                                        "(not for ",
                                        "(this story ",
                                        "(this story has",
                                        "(berichtigung",
                                        "(wiederholung",
                                        "(neu:",
                                        "(mit ",
                                        "(attn ",
                                        "eds:",
                                        "eds.:",
                                        "eds note",
                                        "ed note",
                                        "editors:",
                                        "editors' note",
                                        "editor's note",
                                        "editors note",
                                        "note to editors",
                                        "attention editors",
                                        "attn editors",
                                        "attention eds",
                                        "attention news editors",
                                        NULL};
    if (!starts_any(s, notes))
        return false;
    if (s.p[0] == '(' && s.p[s.n - 1] != ')' && memchr(s.p, ')', s.n))
        return false; /* the remark ends within the paragraph */
    return s.n < 1200;
}

/* "00.01 Thursday January 15 2026": the time put behind the day, where a name of a month tells that it is one. */
static struct nw_str time_last(struct draft *draft, struct nw_str when)
{
    size_t hour = 0, month = 0;
    while (is_digit(byte_at(when, hour)))
        hour++;
    if (hour < 1 || hour > 2 || byte_at(when, hour) != '.' || !is_digit(byte_at(when, hour + 1)) ||
        !is_digit(byte_at(when, hour + 2)) || byte_at(when, hour + 3) != ' ')
        return when;
    for (size_t i = hour + 3; i < when.n && !month; i++) {
        size_t end = i;
        while (is_alpha(byte_at(when, end)))
            end++;
        month = end > i + 2 && month_of(nw_str(when.p + i, end - i)) ? i : 0;
        i = end;
    }
    if (!month)
        return when;
    return draft_printf(draft, "%.*s %.*s:%.2s", NW_FMT(nw_str_from(when, hour + 4)), (int)hour, when.p,
                        when.p + hour + 1);
}

/* "EMBARGOED until 0001 GMT Thursday, January 13, 2022": sets embargoed_until where a day can be read. */
static bool embargo_line(struct draft *draft, struct nw_str line)
{
    static const char *const words[] = {"embargo",
                                        "(embargo",
                                        "*embargo",
                                        "**embargo",
                                        "under embargo",
                                        "strictly embargo",
                                        "sperrfrist",
                                        "achtung sperrfrist",
                                        "not for publication before",
                                        "not for release before",
                                        "not to be published before",
                                        "hold for release",
                                        "for release at",
                                        "for release on",
                                        "not for use before",
                                        "sous embargo",
                                        "embargado",
                                        "in embargo",
                                        "onder embargo",
                                        "sperrvermerk",
                                        "Эмбарго",
                                        "ЭМБАРГО",
                                        NULL};
    if (line.n > 240 || !starts_any(trim_set(line, "*!-+# "), words))
        return false;
    size_t from = 0;
    static const char *const marks[] = {"until", "till", "before", "hasta", "fino", "jusqu", " tot ",
                                        " до ",  "to ",  "bis",    ":",     "at ",  "on ",   "for release"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks && from == 0; i++) {
        size_t at = find_nocase(line, nw_str_z(marks[i]));
        if (at != SIZE_MAX)
            from = at + strlen(marks[i]);
    }
    struct nw_str when = time_last(draft, trim_set(nw_str_from(line, from), " *!:-+"));
    struct date date;
    if (date_read(when, &date) && date.precision >= PRECISION_DAY) {
        draft_moment(draft, MOMENT_EMBARGO, &date);
    } else { /* "0001 GMT Thursday, January 13": the time stands before the day, and dates.c wants the day first */
        struct nw_str rest = when;
        while (rest.n > 0 && !month_of(trim_set(nw_str(rest.p, rest.n < 3 ? rest.n : 3), ".")))
            rest = nw_str_from(rest, 1);
        if (rest.n > 0 &&
            date_read(draft_printf(draft, "%.*s %.*s", NW_FMT(rest), (int)(when.n - rest.n), when.p), &date))
            draft_moment(draft, MOMENT_EMBARGO, &date);
    }
    if (draft->record)
        draft_status(draft, "withheld");
    draft_note(draft, line);
    return true;
}

/* KILL, WITHDRAWAL and their like, as a line or the beginning of a headline. */
static bool kill_line(struct nw_str line)
{
    static const char *const words[] = {"kill ",
                                        "mandatory kill",
                                        "bulletin kill",
                                        "(kill",
                                        "kill:",
                                        "kill-",
                                        "story kill",
                                        "withdrawal",
                                        "(withdrawal",
                                        "story withdrawn",
                                        "withdrawn:",
                                        "(withdrawn",
                                        "story removed",
                                        "advisory: story withdrawn",
                                        "withdraws ",
                                        "reuters withdraws",
                                        "rückzug",
                                        "zurückziehung",
                                        "annulation",
                                        "annule et",
                                        NULL};
    if (line.n > 160)
        return false;
    if (nw_str_eq_nocase(line, NW_S("kill")) || nw_str_eq_nocase(line, NW_S("withdrawn")))
        return true;
    if (!starts_any(line, words))
        return false;
    /* "Kill switch sought for phones" is a headline: the convention writes its word in capitals, or with a mark behind
     * it. */
    size_t end = 0;
    while (end < line.n &&
           (is_alpha((unsigned char)line.p[end]) || line.p[end] == '(' || (unsigned char)line.p[end] >= 0x80))
        end++;
    for (size_t i = 0; i < end; i++)
        if (is_lower(line.p[i]))
            return byte_at(line, end) == ':' || nw_str_starts_nocase(line, NW_S("story ")) ||
                   nw_str_starts_nocase(line, NW_S("reuters withdraws"));
    return byte_at(line, end) != ' ' || nw_str_starts_nocase(line, NW_S("mandatory")) ||
           nw_str_starts_nocase(line, NW_S("bulletin")) || !is_lower(byte_at(line, end + 1));
}

/* "• ", "* ", "- ", "· " before a line. */
static struct nw_str without_bullet(struct nw_str line)
{
    static const char *const bullets[] = {"•", "·", "*", "–", "-", "▪", "►", "○", "‣"};
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        if (line.n == 0 || bullets[i][0] != line.p[0])
            continue;
        struct nw_str bullet = nw_str_z(bullets[i]);
        if (nw_str_starts(line, bullet) && (byte_at(line, bullet.n) == ' ' || byte_at(line, bullet.n) == '\t'))
            return nw_str_trim(nw_str_from(line, bullet.n));
    }
    return line;
}

/* "Slug: …", "Keywords: …" and other labelled lines. */
static bool labelled_line(struct draft *draft, struct nw_str line)
{
    static const char *const labels[] = {
        "slug:",   "slugline:", "keywords:", "keyword:",  "date:",  "published:", "source:",
        "credit:", "author:",   "byline:",   "location:", "place:", NULL};
    char first = to_lower(line.p[0]); /* the caller's line is not empty */
    for (size_t i = 0; labels[i]; i++) {
        if (labels[i][0] != first)
            continue;
        struct nw_str label = nw_str_z(labels[i]);
        if (!nw_str_starts_nocase(line, label))
            continue;
        struct nw_str value = nw_str_trim(nw_str_from(line, label.n));
        if (value.n == 0 || value.n > 120)
            return false;
        struct date date;
        switch (i) {
        case 0:
        case 1:
        case 2:
        case 3:
            draft_slugline(draft, value);
            return true;
        case 4:
        case 5:
            if (!date_read(value, &date))
                return false;
            draft_moment(draft, MOMENT_CONTENT, &date);
            return true;
        case 6:
        case 7:
            draft_source(draft, value, NULL);
            return true;
        case 8:
        case 9:
            wire_by(draft, value);
            return true;
        default:
            draft_located(draft, value);
            return true;
        }
    }
    return false;
}

bool wire_preface_line(struct draft *draft, struct nw_str line)
{
    struct nw_str bare = without_bullet(nw_str_trim(line));
    if (bare.n < 3 || bare.n > 400)
        return false;
    struct date date;
    if (is_digit(bare.p[0]) || bare.n <= 60) {
        if (date_line(bare, &date)) {
            draft_moment(draft, MOMENT_CONTENT, &date);
            return true;
        }
    }
    if (wire_note(bare)) {
        draft_note(draft, bare);
        return true;
    }
    return embargo_line(draft, bare) || labelled_line(draft, bare);
}

bool wire_header_line(struct draft *draft, struct nw_str line)
{
    return wire_preface_line(draft, line) || wire_byline(draft, without_bullet(nw_str_trim(line)));
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

bool wire_end_mark(struct nw_str line, bool *sign_off)
{
    *sign_off = false;
    struct nw_str s = nw_str_trim(line);
    if (s.n == 0 || s.n > 40)
        return false;
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
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].n == s.n && marks[i].p[0] == s.p[0] && nw_str_eq(s, marks[i]))
            return true;
    struct nw_str core = trim_set(s, " /=-_()[]+*.");
    if (wire_is_agency(core)) {
        *sign_off = true;
        return true;
    }
    /* "AAP RTV ar", "Reuters hh/kl": an agency and initials */
    size_t blank = 0;
    while (blank < core.n && core.p[blank] != ' ')
        blank++;
    bool agency = blank < core.n && wire_is_agency(nw_str(core.p, blank));
    if (agency && core.n <= 20 && core.n - blank <= 12) {
        *sign_off = true;
        size_t small = 0;
        for (size_t i = blank; i < core.n; i++)
            small += is_lower(core.p[i]) || is_upper(core.p[i]);
        return small <= 8 && !memchr(core.p, '.', core.n);
    }
    *sign_off = initials(s);
    return *sign_off;
}

/* "(Reporting by Ada Lovelace; Editing by …)": the names go to by, the paragraph out. */
static bool reporting_line(struct draft *draft, struct nw_str s)
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
                                        "writing and reporting by",
                                        "report by",
                                        "reported by",
                                        "reporting",
                                        "redaktion:",
                                        "bericht:",
                                        NULL};
    struct nw_str bare = trim_set(s, " ()[]*");
    if (bare.n < 14 || bare.n > 500 || !starts_any(bare, leads))
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

static bool copyright_line(struct nw_str s)
{
    if (s.n > 400)
        return false;
    bool mark = nw_str_starts(s, NW_S("©")) || nw_str_starts_nocase(s, NW_S("copyright ")) ||
                nw_str_starts_nocase(s, NW_S("(c) ")) || nw_str_starts_nocase(s, NW_S("copyright©"));
    bool words =
        (nw_str_find(s, NW_S("eserved")) != SIZE_MAX && find_nocase(s, NW_S("all rights reserved")) != SIZE_MAX) ||
        (nw_str_find(s, NW_S("may not be ")) != SIZE_MAX &&
         (nw_str_find(s, NW_S("published, broadcast")) != SIZE_MAX || nw_str_find(s, NW_S("reproduced")) != SIZE_MAX));
    size_t digits = 0;
    for (size_t i = 0; mark && i < s.n; i++)
        digits += is_digit(s.p[i]);
    return (mark && (digits >= 4 || words)) || (words && s.n < 300);
}

static void take_paragraphs(struct draft *draft, size_t at, size_t n)
{
    memmove(draft->paragraphs + at, draft->paragraphs + at + n, (draft->count - at - n) * sizeof *draft->paragraphs);
    draft->count -= n;
}

static void apply_front(struct draft *draft, bool strip)
{
    size_t at = 0;
    for (size_t seen = 0; seen < FRONT && at < draft->count; seen++) {
        struct nw_str s = draft->paragraphs[at];
        if (s.n > 1200)
            break;
        bool convention = wire_note(s) || embargo_line(draft, s);
        if (convention && wire_note(s))
            draft_note(draft, s);
        if (!convention && strip && s.n <= 120 && wire_byline(draft, s))
            convention = draft->count - at > 1 || nw_str_starts_nocase(s, NW_S("by "));
        if (!convention && s.n <= 160 && kill_line(s)) {
            draft_status(draft, "canceled");
            draft_note(draft, s);
            break;
        }
        if (!convention)
            break;
        if (strip)
            take_paragraphs(draft, at, 1);
        else
            at++;
    }
    /* A byline below bullets or a teaser. */
    for (size_t i = at; strip && i < draft->count && i < at + BULLETS; i++)
        if (draft->paragraphs[i].n <= 80 && nw_str_starts(draft->paragraphs[i], NW_S("By ")) &&
            wire_byline(draft, draft->paragraphs[i])) {
            take_paragraphs(draft, i, 1);
            break;
        }
    /* The dateline opens the first paragraph, or the second behind a teaser. */
    for (size_t i = at; i < draft->count && i < at + 2; i++) {
        size_t n = wire_dateline(draft, draft->paragraphs[i]);
        if (n == 0)
            continue;
        if (strip) {
            struct nw_str rest = nw_str_trim(nw_str_from(draft->paragraphs[i], n));
            if (rest.n > 0)
                draft->paragraphs[i] = rest;
            else if (draft->count > 1)
                take_paragraphs(draft, i, 1);
        }
        break;
    }
}

/* "(BusinessDesk)": the name of the item's own source, alone. */
static bool own_name(const struct draft *draft, struct nw_str s)
{
    struct nw_str core = trim_set(s, " ()[]/-=");
    const struct nw_record *r = draft->record;
    for (size_t i = 0; s.n <= 60 && draft->count > 1 && NW_HAS(record, r, info_sources) && i < r->info_sources.n; i++)
        if (nw_str_eq_nocase(core, r->info_sources.v[i].name))
            return true;
    return false;
}

static void apply_back(struct draft *draft)
{
    wire_desk_block(draft);
    for (size_t seen = 0; seen < BACK && draft->count > 0; seen++) {
        struct nw_str s = draft->paragraphs[draft->count - 1];
        bool sign_off;
        if (s.n > 600) {
            draft->paragraphs[draft->count - 1] = wire_without_end(draft, s);
            return;
        }
        if ((wire_end_mark(s, &sign_off) && (!sign_off || draft->count > 1)) || reporting_line(draft, s) ||
            own_name(draft, s)) {
            draft->count--;
        } else if (copyright_line(s)) {
            if (!NW_HAS(record, draft->record, copyright_notice))
                NW_SET(record, draft->record, copyright_notice, text_line(draft->arena, s));
            draft->count--;
        } else if (wire_note(s)) {
            draft_note(draft, s);
            draft->count--;
        } else if (draft->count > 1 && wire_tail(draft, s)) {
            draft->count--;
        } else {
            draft->paragraphs[draft->count - 1] = wire_without_end(draft, s);
            return;
        }
    }
}

void wire_apply(struct draft *draft, enum conventions conventions)
{
    if (!draft->record)
        return;
    if (draft->count > 0)
        apply_front(draft, conventions == CONVENTIONS_STRIP);
    if (conventions == CONVENTIONS_STRIP)
        apply_back(draft);
    struct nw_str headline = nw_record_headline(draft->record);
    if (headline.n > 0 && kill_line(headline))
        draft_status(draft, "canceled");
}
