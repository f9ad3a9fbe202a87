/*
 * What a desk says about its own copy: notes to editors, versions and priorities. See wire.h; embargo.c and kills.c
 * have the rest of it.
 *
 * All are told by how they are written (in capitals, in brackets, with a colon, at the front), because the same words
 * make news: "Kill switch sought for phones" and "Update on the talks" are headlines.
 */
#include "chars.h"
#include "wire.h"

enum { NOTE_MOST = 1200 }; /* bytes of a note */

bool wire_note(struct nw_str s)
{
    static const char *const remarks[] = {
        "(adds ",          "(add ",           "(recasts",       "(updates",      "(update ",      "(corrects",
        "(corrected ",     "(correcting",     "(repeats",       "(refiles",      "(refiling",     "(rewrites",
        "(writes through", "(writethru",      "(releads",       "(changes ",     "(clarifies",    "(fixes ",
        "(removes ",       "(deletes ",       "(inserts ",      "(incorporates", "(embargoed",    "(eds:",
        "(eds.",           "(editors:",       "(editor's note", "(note to",      "(for use ",     "(not for ",
        "(this story ",    "(this story has", "(berichtigung",  "(korrigiert",   "(wiederholung", "(zusammenfassung",
        "(neu:",           "(mit ",           "(attn ",         "(attn:",        "(corrige",      "(corrección",
        "(correction",     "(actualiza",      "(actualise",     "(amplía",       "(añade",        "(repite",
        "(répétition",     "(rectificatif",   "(retransmis",    "(corregge",     "(aggiorna",     "(atualiza",
        "(acrescenta",     "(добавл",         "(исправл",       "(уточн",        "(повтор",       NULL};
    static const char *const labels[] = {"eds:",
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
    bool bracket = s.n > 0 && s.p[0] == '(';
    if (!(bracket ? starts_any(s, "(", remarks) : starts_any(s, "ena", labels)))
        return false;
    if (bracket && s.p[s.n - 1] != ')' && memchr(s.p, ')', s.n))
        return false; /* the remark ends within the paragraph */
    return s.n < NOTE_MOST;
}

/* ---- versions and priorities */

static const struct priority {
    struct nw_str word;
    int64_t urgency; /* 1 is the highest; 0: the word says none */
} PRIORITIES[] = {
    {NW_STR("FLASH"), 1},         {NW_STR("SNAP"), 1},
    {NW_STR("BLITZ"), 1},         {NW_STR("BULLETIN"), 2},
    {NW_STR("ALERT"), 2},         {NW_STR("EIL"), 2},
    {NW_STR("EILT"), 2},          {NW_STR("EILMELDUNG"), 2},
    {NW_STR("BREAKING"), 2},      {NW_STR("BREAKING NEWS"), 2},
    {NW_STR("URGENT"), 3},        {NW_STR("URGENTE"), 3},
    {NW_STR("HAST"), 3},          {NW_STR("СРОЧНО"), 3},
    {NW_STR("عاجل"), 3},          {NW_STR("LEAD"), 0},
    {NW_STR("NIGHTLEAD"), 0},     {NW_STR("WRITETHRU"), 0},
    {NW_STR("LD-WRITETHRU"), 0},  {NW_STR("REFILE"), 0},
    {NW_STR("EXTRA"), 0},         {NW_STR("ROUNDUP"), 0},
    {NW_STR("WRAPUP"), 0},        {NW_STR("CORRECTION"), 0},
    {NW_STR("CORRECTED"), 0},     {NW_STR("CORRECTIVE"), 0},
    {NW_STR("CORR"), 0},          {NW_STR("RECTIFICATIF"), 0},
    {NW_STR("BERICHTIGUNG"), 0},  {NW_STR("KORREKTUR"), 0},
    {NW_STR("KORR"), 0},          {NW_STR("KORRIGERING"), 0},
    {NW_STR("RETTELSE"), 0},      {NW_STR("CORRECCIÓN"), 0},
    {NW_STR("CORREZIONE"), 0},    {NW_STR("RETTIFICA"), 0},
    {NW_STR("CORREÇÃO"), 0},      {NW_STR("RECTIFICACIÓN"), 0},
    {NW_STR("WIEDERHOLUNG"), 0},  {NW_STR("REPEAT"), 0},
    {NW_STR("RPT"), 0},           {NW_STR("UPDATE"), 0},
    {NW_STR("UPDATES"), 0},       {NW_STR("SUB"), 0},
    {NW_STR("ADD"), 0},           {NW_STR("LD"), 0},
    {NW_STR("NET"), 0},           {NW_STR("PREVIEW"), 0},
    {NW_STR("FEATURE"), 0},       {NW_STR("ANALYSIS"), 0},
    {NW_STR("PROFILE"), 0},       {NW_STR("NEWS FEATURE"), 0},
    {NW_STR("PRESS RELEASE"), 0}, {NW_STR("NEWS RELEASE"), 0},
    {NW_STR("MEDIA RELEASE"), 0}, {NW_STR("UNDATED"), 0},
    {NW_STR("ИСПРАВЛЕНИЕ"), 0},   {NW_STR("ПОВТОР"), 0},
    {NW_STR("訂正"), 0},          {NW_STR("更正"), 0},
    {NW_STR("ACTUALIZACIÓN"), 0}, {NW_STR("AMPLIACIÓN"), 0},
    {NW_STR("AVANCE"), 0},        {NW_STR("FOR IMMEDIATE RELEASE"), 0},
};

static const struct priority *priority_of(struct nw_str word)
{
    for (size_t i = 0; i < sizeof PRIORITIES / sizeof *PRIORITIES; i++)
        if (nw_str_eq(word, PRIORITIES[i].word))
            return &PRIORITIES[i];
    return NULL;
}

/* "2ND", "1ST", "3." in front, "2", "2-" behind: numbers that count versions. */
static struct nw_str without_counts(struct nw_str s)
{
    size_t at = 0, end = s.n;
    while (at < s.n && at < 2 && is_digit(s.p[at]))
        at++;
    if (at > 0) {
        static const char *const ordinals[] = {"ST ", "ND ", "RD ", "TH ", "st ", "nd ", "rd ", "th ", ". ", NULL};
        size_t digits = at;
        for (size_t i = 0; ordinals[i] && at == digits; i++)
            if (nw_str_starts(nw_str_from(s, at), nw_str_z(ordinals[i])))
                at += strlen(ordinals[i]);
        s = at > digits ? nw_str_from(s, at) : s;
        end = s.n;
    }
    while (end > 0 && s.n - end < 3 && is_digit(s.p[end - 1]))
        end--;
    return end < s.n && end > 0 && s.p[end - 1] == ' ' ? nw_str(s.p, end - 1) : s;
}

static void version_set(struct draft *draft, struct nw_str mark, const struct priority *priority)
{
    draft_note(draft, mark);
    if (priority->urgency)
        draft_urgency(draft, priority->urgency);
}

bool wire_version_line(struct draft *draft, struct nw_str line)
{
    struct nw_str core = trim_set(line, "+*() []:-");
    if (core.n < 2 || line.n > 40 || is_lower(core.p[core.n - 1]))
        return false;
    const struct priority *priority = priority_of(without_counts(core));
    if (!priority)
        return false;
    version_set(draft, line, priority);
    return true;
}

/* "UPDATE 2-", "(2nd LEAD) ", "CORRECTED-(OFFICIAL)-", "RECTIFICATIF: " before a headline. The headline stays as the
 * desk wrote it. */
static void version_of_headline(struct draft *draft, struct nw_str headline)
{
    enum { MARK_MOST = 32 };
    size_t end = 0;
    bool bracket = byte_at(headline, 0) == '(';
    for (size_t i = bracket; i < headline.n && i < MARK_MOST && !end; i++)
        if (bracket ? headline.p[i] == ')' : headline.p[i] == '-' || headline.p[i] == ':')
            end = i;
    struct nw_str mark = nw_str_trim(nw_str(headline.p + bracket, end > bracket ? end - bracket : 0));
    const struct priority *priority = priority_of(without_counts(mark));
    if (mark.n > 1 && priority) {
        version_set(draft, mark, priority);
    } else if (nw_str_eq(mark, NW_S("Correction")) || nw_str_eq(mark, NW_S("Rectificatif")) ||
               nw_str_eq(mark, NW_S("Berichtigung")) || nw_str_eq(mark, NW_S("Korrektur")) ||
               nw_str_eq(mark, NW_S("Corrección")) || nw_str_eq(mark, NW_S("Correzione")) ||
               nw_str_eq(mark, NW_S("Correção")) || nw_str_eq(mark, NW_S("Rettelse"))) {
        draft_note(draft, mark);
    } else if (nw_str_eq(mark, NW_S("Eilmeldung")) || nw_str_eq(mark, NW_S("Urgent"))) {
        draft_note(draft, mark);
        draft_urgency(draft, 3);
    }
}

void wire_notices(struct draft *draft)
{
    struct nw_str headline = nw_record_headline(draft->record);
    if (headline.n > 0)
        version_of_headline(draft, headline);
    wire_kills(draft);
}
