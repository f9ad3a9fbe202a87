/*
 * Kills: items that take back others, and which. See wire.h. The words of a kill make news too ("Kill switch sought for
 * phones"): what counts is how they are written, and that the item says what it takes back.
 */
#include "chars.h"
#include "wire.h"

enum {
    KILL_MOST = 160,       /* bytes of a line that is a kill */
    RECALL_MOST = 600,     /* of a paragraph that takes back an earlier item */
    RECALL_PARAGRAPHS = 5, /* paragraphs of an item that takes back another, at the most */
    RECALL_FRONT = 3,      /* of these the first say so */
    TITLE_LEAST = 12,      /* of a title in quotation marks */
    TITLE_MOST = 200,
};

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

void wire_kills(struct draft *draft)
{
    struct nw_record *r = draft->record;
    struct nw_str headline = nw_record_headline(r);
    bool killed = headline.n > 0 && wire_kill(headline);
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
