/*
 * The conventions of wire copy together, in the order in which they stand: see wire.h. Each is told in a file of its
 * own: notices.c, embargo.c, kills.c, byline.c, dateline.c, endings.c, tails.c, release.c.
 */
#include "wire.h"

#include "chars.h"
#include "lines.h"
#include "unicode.h"

enum {
    BULLETS = 8,     /* paragraphs that may stand above a byline */
    FRONT = 6,       /* paragraphs looked at from the front */
    BACK = 12,       /* and from the back */
    KILL_ALONE = 40, /* bytes of a paragraph that is a kill and tells no more */
    TAKE_MOST = 16,  /* bytes of a line between two takes of a story */
};

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

/* "Xinhua   2026-03-03 22:05:17", "Xinhua | 2026-03-03": a name, perhaps with a date behind it. */
static void labelled_source(struct draft *draft, struct nw_str value)
{
    struct date date;
    size_t end = 0;
    while (end < value.n && !is_digit(value.p[end]))
        end++;
    if (end > 0 && end < value.n && date_line(nw_str_from(value, end), &date))
        draft_moment(draft, MOMENT_CONTENT, &date);
    else
        end = value.n;
    draft_source(draft, trim_set(nw_str(value.p, end), " |,;:-"), NULL);
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
            labelled_source(draft, value);
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
    return wire_embargo(draft, bare) || wire_version_line(draft, bare) || labelled_line(draft, bare);
}

bool wire_credit_line(struct draft *draft, struct nw_str line)
{
    return wire_byline(draft, without_bullet(nw_str_trim(line)));
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
        bool note = wire_note(s), convention = note || wire_embargo(draft, s) || (strip && wire_version_line(draft, s));
        if (note)
            draft_note(draft, s);
        bool by = !convention && strip && s.n <= 120 && wire_byline(draft, s);
        convention = convention || (by && (draft->count - at > 1 || nw_str_starts_nocase(s, NW_S("by "))));
        if (!convention && s.n <= 160 && wire_kill(s)) {
            draft_status(draft, "canceled");
            draft_note(draft, s);
            convention = s.n <= KILL_ALONE;
        }
        if (!convention)
            break;
        if (strip && (by || draft->count > 1)) /* a note alone is the text */
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
    /* The dateline opens the first paragraph, or the second behind a teaser, below bullets. */
    for (size_t bullets = 0; bullets < BULLETS && at < draft->count && lines_is_bullet(draft->paragraphs[at]);
         bullets++)
        at++;
    for (size_t i = at; i < draft->count && i < at + 2; i++) {
        struct nw_str s = draft->paragraphs[i];
        size_t by = strip ? wire_byline_before(draft, s) : 0, n = wire_dateline(draft, nw_str_from(s, by));
        if (n == 0)
            continue;
        if (strip) {
            struct nw_str rest = nw_str_trim(nw_str_from(s, by + n));
            if (rest.n > 0)
                draft->paragraphs[i] = rest;
            else if (draft->count > 1)
                take_paragraphs(draft, i, 1);
        }
        break;
    }
}

/* "mf", "(more)", "2-2-2": lines between the takes of a story. */
static void apply_takes(struct draft *draft)
{
    for (size_t i = 1; i + 1 < draft->count;)
        if (draft->paragraphs[i].n <= TAKE_MOST && wire_take(draft->paragraphs[i]))
            take_paragraphs(draft, i, 1);
        else
            i++;
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

static bool is_ending(struct draft *draft, struct nw_str s)
{
    bool sign_off;
    if (s.n > 600)
        return false;
    if ((wire_end_mark(s, &sign_off) && (!sign_off || draft->count > 1)) || wire_reporting(draft, s) ||
        own_name(draft, s))
        return true;
    if (copyright_line(trim_set(s, "()"))) {
        if (!NW_HAS(record, draft->record, copyright_notice))
            NW_SET(record, draft->record, copyright_notice, text_line(draft->arena, trim_set(s, "()")));
        return true;
    }
    if (draft->count > 1 && wire_note(s)) {
        draft_note(draft, s);
        return true;
    }
    return draft->count > 1 && wire_tail(draft, s);
}

static void apply_back(struct draft *draft)
{
    wire_desk_block(draft);
    wire_release(draft);
    for (size_t seen = 0; seen < BACK && draft->count > 0; seen++) {
        struct nw_str *last = &draft->paragraphs[draft->count - 1];
        if (is_ending(draft, *last)) {
            draft->count--;
            continue;
        }
        struct nw_str bare = wire_without_end(draft, *last);
        if (bare.n == last->n)
            return;
        *last = bare;
    }
}

void wire_apply(struct draft *draft, enum conventions conventions)
{
    bool strip = conventions == CONVENTIONS_STRIP;
    if (!draft->record)
        return;
    if (draft->count > 0)
        apply_front(draft, strip);
    wire_notices(draft);
    if (strip) {
        apply_takes(draft);
        apply_back(draft);
    }
}
