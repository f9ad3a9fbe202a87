/*
 * What a desk says about its own copy: notes to editors, versions and priorities, embargoes, kills. See wire.h.
 *
 * All are told by how they are written (in capitals, in brackets, with a colon, at the front), because the same words
 * make news: "Kill switch sought for phones" and "Update on the talks" are headlines.
 */
#include "chars.h"
#include "wire.h"

enum {
    NOTE_MOST = 1200,      /* bytes of a note */
    EMBARGO_MOST = 240,    /* of a line that is an embargo */
    EMBARGO_DAYS = 90,     /* for which one without a year may run */
    KILL_MOST = 160,       /* of a line that is a kill */
    RECALL_MOST = 600,     /* of a paragraph that takes back an earlier item */
    RECALL_PARAGRAPHS = 5, /* paragraphs of an item that takes back another, at the most */
    RECALL_FRONT = 3,      /* of these the first say so */
    TITLE_LEAST = 12,      /* of a title in quotation marks */
    TITLE_MOST = 200,
};

static const int64_t DAY = 86400000; /* ms */

static bool has_any(struct nw_str s, const char *const *words)
{
    for (; *words; words++)
        if (find_nocase(s, nw_str_z(*words)) != SIZE_MAX)
            return true;
    return false;
}

/* Equal but for the case of letters, also of those beyond ASCII. */
static bool same_word(struct nw_str a, struct nw_str b)
{
    size_t i = 0, k = 0;
    if (a.n > 0 && b.n > 0 && is_alpha(a.p[0]) && (a.p[0] | 0x20) != (b.p[0] | 0x20))
        return false;
    while (i < a.n && k < b.n)
        if (lower_letter(nw_utf8_next(a, &i)) != lower_letter(nw_utf8_next(b, &k)))
            return false;
    return i == a.n && k == b.n;
}

static bool has_small(struct nw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_lower(s.p[i]))
            return true;
    return false;
}

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

/* ---- embargoes */

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

/* "10:00 a.m. local time (0800 GMT) on March 3": what the brackets say holds everywhere. */
static struct nw_str time_of_all(struct nw_str when)
{
    size_t local = find_nocase(when, NW_S("local"));
    struct nw_str rest = local == SIZE_MAX ? nw_str(NULL, 0) : nw_str_from(when, local);
    size_t open = nw_str_find(rest, NW_S("(")), close = nw_str_find(rest, NW_S(")"));
    if (open == SIZE_MAX || close == SIZE_MAX || close < open)
        return when;
    struct nw_str inside = nw_str(rest.p + open, close - open);
    return has_word(inside, NW_S("gmt")) || has_word(inside, NW_S("utc")) ? nw_str_from(rest, open + 1) : when;
}

/* The moment that `when` names. Where it has no year, the one by which it falls at or soon after the time that the item
 * or its source tells. */
static bool embargo_moment(struct draft *draft, struct nw_str when, struct date *date)
{
    const struct nw_record *r = draft->record;
    when = trim_set(time_last(draft, time_of_all(when)), " *!:-+");
    if (date_read(when, date) && date->precision >= PRECISION_DAY)
        return true;
    int64_t now = NW_HAS(record, r, version_created)    ? r->version_created
                  : NW_HAS(record, r, first_created)    ? r->first_created
                  : NW_HAS(source, r->source, received) ? r->source->received
                                                        : 0;
    int year, month, day, hour, minute, second;
    nw_time_to_civil(now, &year, &month, &day, &hour, &minute, &second);
    for (int later = 0; now && later < 2; later++) /* one of December may end in January */
        if (date_read(draft_printf(draft, "%.*s %d", NW_FMT(when), year + later), date) &&
            date->precision >= PRECISION_DAY && date->ms + DAY >= now && date->ms < now + EMBARGO_DAYS * DAY)
            return true;
    return false;
}

bool wire_embargo(struct draft *draft, struct nw_str line)
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
    static const char *const marks[] = {"until ", "till ", "before ", "hasta ", "fino al", "jusqu", " tot ",
                                        " до ",   "to ",   "bis ",    ": ",     "at ",     "on ",   "for release "};
    struct nw_str bare = line.n > 0 && is_alpha(line.p[0]) ? line : trim_set(line, "*!-+# ");
    if (line.n > EMBARGO_MOST || !starts_any(bare, "e(*usanhfoi\xD0", words))
        return false;
    size_t from = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && from == 0; i++) {
        size_t at = find_nocase(line, nw_str_z(marks[i]));
        if (at != SIZE_MAX)
            from = at + strlen(marks[i]);
    }
    while (from < line.n && from > 0 && !is_digit(line.p[from])) { /* "ALLE ORE ", "Thursday, " */
        if (!is_alpha((unsigned char)line.p[from]) && (unsigned char)line.p[from] < 0x80 && line.p[from] != ' ' &&
            line.p[from] != ',' && line.p[from] != '.')
            break;
        size_t end = from;
        while (end < line.n && line.p[end] != ' ')
            end++;
        if (month_of(trim_set(nw_str(line.p + from, end - from), ".,")))
            break;
        from = end + 1;
    }
    struct date date;
    if (embargo_moment(draft, nw_str_from(line, from < line.n ? from : 0), &date) || embargo_moment(draft, line, &date))
        draft_moment(draft, MOMENT_EMBARGO, &date);
    if (draft->record)
        draft_status(draft, "withheld");
    draft_note(draft, line);
    return true;
}

/* ---- kills */

bool wire_kill(struct nw_str line)
{
    static const char *const whole[] = {"kill",
                                        "withdrawn",
                                        "withdrawal",
                                        "annulation",
                                        "annullamento",
                                        "anulación",
                                        "anulada",
                                        "anulação",
                                        "rückzug",
                                        "zurückgezogen",
                                        "storno",
                                        "kill kill kill",
                                        "null",
                                        "elimination",
                                        "mandatory kill",
                                        "annullering",
                                        "tilbagekaldt",
                                        "отмена",
                                        "anulowanie",
                                        "mandatory withdrawal",
                                        "撤回",
                                        "撤稿",
                                        "記事を取り消します"};
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
    enum { WHOLE_MOST = 32 }; /* bytes of the longest of `whole` */
    if (line.n > KILL_MOST)
        return false;
    struct nw_str bare = trim_set(line, " ()*!:.");
    for (size_t i = 0; bare.n <= WHOLE_MOST && i < sizeof whole / sizeof *whole; i++)
        if (same_word(bare, nw_str_z(whole[i])))
            return true;
    if (!starts_any(line, "kmb(swarz", words))
        return false;
    /* "Kill switch sought for phones" is a headline: the convention writes its word in capitals, or with a mark behind
     * it. */
    size_t end = 0;
    while (end < line.n &&
           (is_alpha((unsigned char)line.p[end]) || line.p[end] == '(' || (unsigned char)line.p[end] >= 0x80))
        end++;
    if (has_small(nw_str(line.p, end)))
        return byte_at(line, end) == ':' || nw_str_starts_nocase(line, NW_S("story ")) ||
               nw_str_starts_nocase(line, NW_S("reuters withdraws"));
    return byte_at(line, end) != ' ' || nw_str_starts_nocase(line, NW_S("mandatory")) ||
           nw_str_starts_nocase(line, NW_S("bulletin")) || !is_lower(byte_at(line, end + 1));
}

/* Whether it begins as a recall does; nearly all paragraphs are done here. */
static bool begins_recall(struct nw_str s)
{
    static const char *const leads[] = {"please ",   "kindly ",   "editors",    "eds",      "attention", "kill ",
                                        "we are ",   "veuillez ", "prière ",    "merci ",   "rogamos ",  "por error",
                                        "si prega ", "bitte ",    "solicita",   "Просим ",  "Просьба ",  "advisory",
                                        "die ",      "la ",       "Сообщение ", "Новость ", NULL};
    if (nw_str_starts(s, NW_S("The ")) || nw_str_starts(s, NW_S("This ")))
        return nw_str_find(s, NW_S("withdrawn")) != SIZE_MAX || nw_str_find(s, NW_S("killed")) != SIZE_MAX;
    return starts_any(s, "pkeawvmrsbdl\xD0", leads);
}

/* "Please disregard the story headlined …": a paragraph that takes back what was sent. */
static bool is_recall(struct nw_str s)
{
    static const char *const asks[] = {"please disregard",
                                       "should disregard the",
                                       "kindly disregard",
                                       "please kill",
                                       "kindly kill",
                                       "please ignore",
                                       "kindly ignore",
                                       "please withhold",
                                       "null and void",
                                       "is withdrawn",
                                       "has been withdrawn",
                                       "are withdrawn",
                                       "is killed",
                                       "veuillez annuler",
                                       "prière d'annuler",
                                       "prière d’annuler",
                                       "merci d'annuler",
                                       "veuillez ne pas",
                                       "rogamos anulen",
                                       "rogamos anular",
                                       "queda anulada",
                                       "si prega di annullare",
                                       "è annullata",
                                       "bitte verwenden sie",
                                       "nicht verwenden",
                                       "wird zurückgezogen",
                                       "ist zurückgezogen",
                                       "solicita-se a anulação",
                                       "считать недействительн",
                                       "аннулируется",
                                       "просим не использовать",
                                       NULL};
    static const char *const items[] = {"story",   "item",    "alert",   "headline", "dispatch", "report",
                                        "release", "copy",    "slugged", "meldung",  "bericht",  "dépêche",
                                        "noticia", "notizia", "notícia", "despacho", "сообщени", "новост",
                                        "article", "photo",   "snap",    "lancio",   NULL};
    return s.n <= RECALL_MOST && begins_recall(s) && has_any(s, asks) && has_any(s, items);
}

/* What a recall names in quotation marks: the headline of the item that it takes back. */
static struct nw_str quoted_title(struct nw_str s)
{
    static const char *const marks[][2] = {{"\"", "\""}, {"“", "”"}, {"«", "»"}, {"„", "“"}, {"'", "'"}, {"‘", "’"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t open = nw_str_find(s, nw_str_z(marks[i][0]));
        if (open == SIZE_MAX)
            continue;
        struct nw_str rest = nw_str_from(s, open + strlen(marks[i][0]));
        size_t close = nw_str_find(rest, nw_str_z(marks[i][1]));
        if (close != SIZE_MAX && close >= TITLE_LEAST && close <= TITLE_MOST)
            return nw_str_trim(nw_str(rest.p, close));
    }
    return nw_str(NULL, 0);
}

/* A headline that is only the word of the kill says less than the title that the kill names: that one takes its place,
 * so that readers and programs find what was killed. */
static void kill_target(struct draft *draft)
{
    struct nw_record *r = draft->record;
    struct nw_str headline = nw_record_headline(r), title = {0};
    for (size_t i = 0; i < draft->count && i < RECALL_PARAGRAPHS && title.n == 0; i++)
        title = quoted_title(draft->paragraphs[i]);
    if (title.n == 0 && NW_HAS(record, r, ed_note))
        title = quoted_title(r->ed_note);
    if (title.n == 0 || (headline.n > 0 && !wire_kill(headline)))
        return;
    if (headline.n == 0) {
        draft_headline(draft, title);
        return;
    }
    draft_note(draft, headline);
    for (size_t i = 0; i < r->headlines.n; i++)
        if (nw_str_eq(r->headlines.v[i].value, headline))
            NW_SET(text, &r->headlines.v[i], value, draft_line(draft, title));
}

/* Whether the item may be about another item: what is looked into further. Most are done here. */
static bool may_recall(const struct draft *draft, struct nw_str headline)
{
    static const char *const words[] = {"advisory", "notice",    "null",    "bitte ", "please ",
                                        "kindly ",  "disregard", "editors", NULL};
    return draft->count <= RECALL_PARAGRAPHS && (headline.n == 0 || NW_HAS(record, draft->record, ed_note) ||
                                                 starts_any(trim_set(headline, "/( *"), "anbpkde", words));
}

void wire_notices(struct draft *draft)
{
    struct nw_record *r = draft->record;
    struct nw_str headline = nw_record_headline(r);
    bool killed = headline.n > 0 && wire_kill(headline);
    if (headline.n > 0)
        version_of_headline(draft, headline);
    if (!killed && may_recall(draft, headline)) {
        killed = is_recall(headline) || (NW_HAS(record, r, ed_note) && is_recall(r->ed_note));
        for (size_t i = 0; i < draft->count && i < RECALL_FRONT && !killed; i++)
            killed = is_recall(draft->paragraphs[i]);
    }
    if (killed)
        draft_status(draft, "canceled");
    if (NW_HAS(record, r, pub_status) && nw_str_eq(r->pub_status, NW_S("canceled")))
        kill_target(draft);
}
