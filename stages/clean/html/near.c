/* Texts near the headline: see near.h. */
#include "html/near.h"

#include "chars.h"
#include "html/author.h"

enum {
    BEFORE = 40, /* nodes before the headline */
    AFTER = 240, /* and behind it */
    DATE_MOST = 90,
    NAME_MOST = 60,
    LABEL_BACK = 6, /* nodes between "Updated" and its date */
};

static bool begins_with_one(struct nw_str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (nw_str_starts_nocase(s, nw_str_z(words[i])))
            return true;
    return false;
}

/* Words that call a date the one of publication, where they begin a text. */
static bool says_published(struct nw_str s)
{
    static const char *const words[] = {"posted",
                                        "published",
                                        "first published",
                                        "originally published",
                                        "publié",
                                        "publicado",
                                        "pubblicato",
                                        "veröffentlicht",
                                        "erschienen",
                                        "gepubliceerd",
                                        "publisert",
                                        "publicerad",
                                        "udgivet",
                                        "julkaistu",
                                        "opublikowano",
                                        "publikováno",
                                        "yayın",
                                        "Опубликовано",
                                        "Опубліковано",
                                        "Дата публикации",
                                        "発行",
                                        "発布",
                                        "发布",
                                        "公開"};
    return begins_with_one(s, words, sizeof words / sizeof *words);
}

/* "This article was originally published on 5 March 2024 and …": from such words on; "" where there are none. What a
 * sentence without "this" speaks of may be a book. */
static struct nw_str original_of(struct nw_str s)
{
    static const char *const words[] = {"originally published", "first published",         "zuerst erschienen",
                                        "erstmals erschienen",  "publicado originalmente", "initialement publié",
                                        "впервые опубликован"};
    static const char *const these[] = {"this ", "dies", "este ", "esta ", "cet ", "cette ", "Эт", "эт"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = find_nocase(s, nw_str_z(words[i]));
        for (size_t k = 0; at != SIZE_MAX && k < sizeof these / sizeof *these; k++)
            if (at == 0 || find_nocase(nw_str(s.p, at), nw_str_z(these[k])) != SIZE_MAX)
                return nw_str_from(s, at);
    }
    return nw_str(NULL, 0);
}

/* And of an update. */
static bool says_updated(struct nw_str s)
{
    static const char *const words[] = {
        "updated",           "update:",        "last updated",  "last update",   "last modified", "modified",
        "aktualisiert",      "zuletzt aktual", "mis à jour",    "mise à jour",   "dernière mise", "actualizado",
        "última actual",     "aggiornato",     "ultimo aggior", "atualizado",    "última atual",  "bijgewerkt",
        "laatst bijgewerkt", "oppdatert",      "sist oppdat",   "uppdaterad",    "senast uppd",   "opdateret",
        "päivitetty",        "zaktualizowano", "aktualizacja",  "aktualizováno", "güncelleme",    "son güncelleme",
        "Обновлено",         "Оновлено",       "更新",          "最終更新"};
    return begins_with_one(s, words, sizeof words / sizeof *words);
}

enum near_call near_called(struct nw_str s)
{
    return says_updated(s) ? CALLED_UPDATED : says_published(s) ? CALLED_PUBLISHED : CALLED_NOTHING;
}

enum near_call near_called_before(const struct tree *tree, uint32_t i)
{
    for (uint32_t back = 1; back <= LABEL_BACK && back < i; back++) {
        const struct node *node = &tree->nodes[i - back];
        struct nw_str text = nw_str_trim(node->text);
        if (!node->is_text || text.n < 2)
            continue;
        if (text.n > DATE_MOST)
            return CALLED_NOTHING;
        for (size_t k = 0; k < text.n; k++)
            if (is_digit((unsigned char)text.p[k]))
                return CALLED_NOTHING; /* a date of its own stands between, or belongs to the label */
        enum near_call call = near_called(text);
        if (call != CALLED_NOTHING)
            return call;
    }
    return CALLED_NOTHING;
}

/* A year in figures of the common era or of Buddha's, or what years of other scripts have in them. */
static bool has_year(struct nw_str s)
{
    static const char *const others[] = {"年", "٢٠", "۱۴", "۱۳", "२०", "২০", "๒๕"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (nw_str_find(s, nw_str_z(others[i])) != SIZE_MAX)
            return true;
    for (size_t i = 0; i + 4 <= s.n; i++)
        if (((s.p[i] == '2' && (s.p[i + 1] == '0' || s.p[i + 1] == '5')) || (s.p[i] == '1' && s.p[i + 1] == '9')) &&
            is_digit((unsigned char)s.p[i + 2]) && is_digit((unsigned char)s.p[i + 3]) &&
            (i == 0 || !is_digit((unsigned char)s.p[i - 1])) && !is_digit(byte_at(s, i + 4)))
            return true;
    return false;
}

/* "By", "Written by", "Author:" alone: the name stands in the next text. */
static bool is_lead(struct nw_str s)
{
    static const char *const leads[] = {
        "by",       "by:",     "written by",  "written by:", "author",     "author:",     "authors:", "posted by",
        "von",      "von:",    "par",         "par :",       "por",        "por:",        "autor:",   "autor",
        "text:",    "di",      "words by",    "story by",    "article by", "reported by", "door:",    "published by",
        "auteur :", "autore:", "escrito por", "Автор:",      "Автор"};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (nw_str_eq_nocase(s, nw_str_z(leads[i])))
            return true;
    return false;
}

static bool is_author_link(struct nw_str href)
{
    static const char *const marks[] = {"/author/",      "/authors/",  "/people/",     "/profile/", "/profiles/",
                                        "/autor/",       "/autoren/",  "/auteur/",     "/auteurs/", "/autore/",
                                        "/by/",          "/reporter/", "/journalist/", "/writers/", "/contributors/",
                                        "/contributor/", "/staff/",    "author="};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = find_nocase(href, nw_str_z(marks[i]));
        if (at != SIZE_MAX && at + strlen(marks[i]) < href.n)
            return true;
    }
    return false;
}

static void add(struct near *near, struct nw_str name)
{
    for (size_t i = 0; i < near->author_count; i++)
        if (nw_str_eq_nocase(near->authors[i], name))
            return;
    if (near->author_count < NEAR_AUTHORS)
        near->authors[near->author_count++] = name;
}

static bool put_first(const struct near *near, struct date *to, struct nw_str text)
{
    struct date date;
    if (to->precision != PRECISION_NONE || !date_read_as(text, near->day_first, &date) ||
        date.precision < PRECISION_DAY)
        return false;
    *to = date;
    return true;
}

/* Takes the first date of its kind: what a text calls it decides. Far from the headline (`close` is not set) what is
 * called nothing is none. */
static void put_date(struct near *near, const struct tree *tree, uint32_t i, struct nw_str text, bool close)
{
    struct date whole;
    if (text.n < 8 || !has_year(text))
        return;
    struct nw_str original = original_of(text);
    if (original.n) {
        put_first(near, &near->original, original);
        return;
    }
    if (text.n > DATE_MOST)
        return;
    enum near_call call = near_called(text);
    if (call == CALLED_NOTHING)
        call = near_called_before(tree, i);
    if (call == CALLED_UPDATED) {
        put_first(near, &near->updated, text);
        return;
    }
    if (call == CALLED_PUBLISHED)
        put_first(near, &near->published, text);
    if ((close || call == CALLED_PUBLISHED) && put_first(near, &near->date, text))
        near->date_alone = date_line(text, &whole);
}

void near_read(struct draft *draft, const struct tree *tree, uint32_t heading, bool day_first, struct near *near)
{
    uint32_t body = 1;
    while (body < tree->count && tree->nodes[body].tag != TAG_BODY)
        body++;
    if (body >= tree->count)
        body = 1;
    uint32_t from = heading > body + BEFORE ? heading - BEFORE : body,
             to = heading ? heading + AFTER : body + 2 * AFTER, found_at = 0;
    bool lead = false;
    *near = (struct near){.day_first = day_first};
    if (to > tree->count)
        to = (uint32_t)tree->count;
    for (uint32_t i = from; i < to; i++) {
        const struct node *node = &tree->nodes[i];
        if (!node->is_text) {
            if (node_kinds(node) & UNSEEN) {
                i = node->end - 1;
            } else if (node->tag == TAG_A && i > heading && is_author_link(tree_attr(tree, node, ATTR_HREF)) &&
                       (near->author_count == 0 || i < found_at + 24)) {
                struct nw_str name = tree_line(tree, i);
                if (name.n > 3 && name.n <= NAME_MOST) {
                    add(near, name);
                    found_at = i;
                    lead = false;
                }
            }
            continue;
        }
        struct nw_str text = node->text;
        if (nw_str_trim(text).n < 2 || text.n > 4 * DATE_MOST)
            continue;
        text = draft_line(draft, tree_unescape(draft->arena, text, (enum html_text)node->text_kind));
        if (lead && text.n > 3 && text.n <= NAME_MOST && near->author_count == 0) {
            add(near, text);
            found_at = i;
        }
        lead = is_lead(text);
        struct nw_str inside = author_inside(text);
        if (near->author_count == 0 && i > heading && (inside.n || author_line(text))) {
            add(near, inside.n ? inside : text);
            found_at = i;
        }
        put_date(near, tree, i, text, true);
    }
    /* farther on, only what calls itself a date of publication or of an update */
    for (uint32_t i = to; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        if (!node->is_text) {
            if (node_kinds(node) & UNSEEN)
                i = node->end - 1;
        } else if (node->text.n <= 4 * DATE_MOST) {
            put_date(near, tree, i, nw_str_trim(node->text), false);
        }
    }
}
