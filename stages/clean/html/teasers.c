/* Teasers and their like: see teasers.h. */
#include "html/teasers.h"

#include "chars.h"

static bool is_heading_tag(uint16_t tag)
{
    return tag >= TAG_H1 && tag <= TAG_H6;
}

static bool ends_like_sentence(struct nw_str s)
{
    static const char *const ends[] = {".",  "!",  "?", "…", "”", "\"", "»", "。", "！",
                                       "？", "」", "।", ":", "’", "“",  ")", ";"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (nw_str_ends(s, nw_str_z(ends[i])))
            return true;
    return false;
}

/* Lines that begin like this are promotion, in lower case; whole lines only where `whole`. */
static const struct promo {
    const char *text;
    bool whole;
} PROMOS[] = {
    {"advertisement", true},
    {"advertising", true},
    {"ad", true},
    {"read more", false},
    {"read also", false},
    {"also read", false},
    {"see also:", false},
    {"related:", false},
    {"related articles", false},
    {"related stories", false},
    {"related topics", false},
    {"read next", false},
    {"recommended", true},
    {"more on this", false},
    {"more from", false},
    {"sign up for", false},
    {"sign up to", false},
    {"sign up now", false},
    {"subscribe to", false},
    {"subscribe now", false},
    {"follow us on", false},
    {"follow @", false},
    {"like us on facebook", false},
    {"share this", false},
    {"share", true},
    {"tweet", true},
    {"print", true},
    {"email", true},
    {"click here to", false},
    {"continue reading", true},
    {"continue reading below", false},
    {"story continues below", false},
    {"article continues below", false},
    {"article continues after", false},
    {"story continues after", false},
    {"loading...", true},
    {"loading", true},
    {"comments", true},
    {"leave a comment", false},
    {"watch:", false},
    {"listen:", false},
    {"photo:", false},
    {"photos:", false},
    {"image:", false},
    {"image credit", false},
    {"photo by", false},
    {"photograph:", false},
    {"getty images", true},
    {"file photo", false},
    {"lesen sie auch", false},
    {"lesen sie mehr", false},
    {"mehr zum thema", false},
    {"anzeige", true},
    {"werbung", true},
    {"zum thema", true},
    {"lire aussi", false},
    {"à lire aussi", false},
    {"publicité", true},
    {"lea también", false},
    {"lee también", false},
    {"publicidad", true},
    {"leia também", false},
    {"leia mais", false},
    {"leggi anche", false},
    {"lees ook", false},
    {"les også", false},
    {"læs også", false},
    {"läs också", false},
    {"läs mer", false},
    {"čtěte také", false},
    {"читайте также", false},
    {"читайте також", false},
    {"関連記事", false},
    {"続きを読む", false},
    {"【関連記事】", false},
    {"reklama", true},
    {"annonse", true},
    {"annons", true},
    {"annonce", true},
    {"copyright ©", false},
    {"© ", false},
    {"all rights reserved", false},
    {"skip to", false},
    {"back to top", true},
    {"view comments", false},
    {"show comments", false},
    {"most read", true},
    {"trending now", false},
    {"top stories", true},
    {"get the latest", false},
    {"download our app", false},
    {"enable javascript", false},
    {"please enable", false},
    {"tags:", false},
    {"filed under", false},
    {"posted in", false},
    {"topics:", true},
    {"share on", false},
    {"share via", false},
    {"copy link", true},
    {"link copied", true},
    {"newsletter", true},
    {"citation:", false},
    {"this document is subject to copyright", false},
    {"top rated comments", true},
};

static bool is_promo(struct nw_str s)
{
    for (size_t i = 0; i < sizeof PROMOS / sizeof *PROMOS; i++) {
        struct nw_str text = nw_str_z(PROMOS[i].text);
        if (PROMOS[i].whole ? nw_str_eq_nocase(s, text) : nw_str_starts_nocase(s, text))
            return true;
    }
    return false;
}

/* Equal but for case, blanks and marks. */
static bool same_words(struct nw_str a, struct nw_str b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.n && !is_alnum((unsigned char)a.p[i]) && (unsigned char)a.p[i] < 0x80)
            i++;
        while (k < b.n && !is_alnum((unsigned char)b.p[k]) && (unsigned char)b.p[k] < 0x80)
            k++;
        if (i >= a.n || k >= b.n)
            return i >= a.n && k >= b.n;
        if (to_lower(a.p[i++]) != to_lower(b.p[k++]))
            return false;
    }
}

/* Headings of what follows an article: comments, other articles. */
static bool heads_others(struct nw_str s)
{
    static const char *const words[] = {"comments",
                                        "top rated comments",
                                        "leave a reply",
                                        "leave a comment",
                                        "post a comment",
                                        "add a comment",
                                        "related",
                                        "related articles",
                                        "related stories",
                                        "related posts",
                                        "related news",
                                        "related content",
                                        "related topics",
                                        "related reading",
                                        "more stories",
                                        "more news",
                                        "more on this story",
                                        "more articles",
                                        "you may also like",
                                        "you might also like",
                                        "you may also be interested in",
                                        "recommended",
                                        "recommended for you",
                                        "recommended reading",
                                        "recommended articles",
                                        "read next",
                                        "up next",
                                        "latest news",
                                        "latest stories",
                                        "latest articles",
                                        "latest posts",
                                        "recent posts",
                                        "recent articles",
                                        "popular posts",
                                        "popular articles",
                                        "popular stories",
                                        "most popular",
                                        "most read",
                                        "trending",
                                        "trending now",
                                        "trending stories",
                                        "top stories",
                                        "top news",
                                        "don't miss",
                                        "editor's picks",
                                        "editors' picks",
                                        "about the author",
                                        "about the authors",
                                        "share this article",
                                        "share this post",
                                        "share this story",
                                        "join the conversation",
                                        "join the discussion",
                                        "discussion",
                                        "newsletter",
                                        "sign up for our newsletter",
                                        "subscribe to our newsletter",
                                        "keep reading",
                                        "continue reading",
                                        "see also",
                                        "more from this author",
                                        "further reading",
                                        "mehr zum thema",
                                        "das könnte sie auch interessieren",
                                        "auch interessant",
                                        "meistgelesen",
                                        "kommentare",
                                        "sur le même sujet",
                                        "lire aussi",
                                        "à lire également",
                                        "commentaires",
                                        "artículos relacionados",
                                        "noticias relacionadas",
                                        "comentarios",
                                        "te puede interesar",
                                        "notícias relacionadas",
                                        "leia também",
                                        "veja também",
                                        "comentários",
                                        "articoli correlati",
                                        "potrebbe interessarti",
                                        "leggi anche",
                                        "lees ook",
                                        "lees meer",
                                        "reacties",
                                        "читайте также",
                                        "комментарии",
                                        "похожие статьи",
                                        "関連記事",
                                        "おすすめ記事",
                                        "人気記事"};
    s = trim_set(s, " :.…!");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nw_str_eq_nocase(s, nw_str_z(words[i])))
            return true;
    return nw_str_starts_nocase(s, NW_S("more from ")) && s.n < 40;
}

/* Comments end an article; a box of other articles may stand in its middle. */
static bool heads_comments(struct nw_str s)
{
    static const char *const words[] = {"comment",     "reply",    "kommentar",   "commentaires", "comentarios",
                                        "comentários", "reacties", "комментарии", "discussion",   "conversation"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (find_nocase(s, nw_str_z(words[i])) != SIZE_MAX)
            return true;
    return false;
}

/* A paragraph of running text, as the article has them and boxes of teasers hardly. */
static bool is_running_text(const struct block *b)
{
    return b->tag == TAG_P && b->text.n >= 160 && b->links * 10 < b->text.n && ends_like_sentence(b->text);
}

/* From such a heading on, blocks go: to the next heading of its rank in the first half, to the end in the second; but
 * where running text goes on behind a box of other articles, only up to there. */
static void drop_sections(struct blocks *blocks)
{
    size_t total = 0, before = 0;
    for (size_t i = 0; i < blocks->n; i++)
        total += blocks->v[i].text.n;
    for (size_t i = 0; i < blocks->n; i++) {
        struct block *b = &blocks->v[i];
        size_t length = b->text.n;
        bool heading = is_heading_tag(b->tag);
        if (length > 0 && length < 60 && (heading || b->tag != TAG_LI) && heads_others(b->text)) {
            bool late = before * 2 > total, comments = heads_comments(b->text);
            size_t end = i + 1, cut = 0;
            for (; end < blocks->n; end++) {
                const struct block *next = &blocks->v[end];
                if (!late && is_heading_tag(next->tag) && next->tag <= (heading ? b->tag : TAG_H6))
                    break;
                if (!comments && is_running_text(next) && end + 1 < blocks->n && is_running_text(&blocks->v[end + 1]))
                    break;
            }
            for (size_t k = i; k < end; k++)
                cut += blocks->v[k].text.n;
            if (late || cut * 4 < total || heading)
                for (size_t k = i; k < end; k++)
                    blocks->v[k].text.n = 0;
        }
        before += length;
    }
}

void teasers_drop(struct blocks *blocks, const struct tree *tree, struct nw_str headline)
{
    (void)tree;
    drop_sections(blocks);
    for (size_t i = 0; i < blocks->n; i++) {
        struct block *b = &blocks->v[i];
        bool dense = b->links * 10 > b->text.n * 6;
        bool away = false;
        if (b->tag == TAG_H1 || (headline.n > 0 && b->text.n < 400 && same_words(b->text, headline)))
            away = true;
        else if (b->text.n < 200 && is_promo(b->text))
            away = true;
        else if (b->row || b->tag == TAG_PRE || b->tag == TAG_DD || b->tag == TAG_DT)
            away = false;
        else if (is_heading_tag(b->tag))
            away = dense;
        else if (b->tag == TAG_LI || b->tag == TAG_BLOCKQUOTE)
            away = dense && b->text.n < 200 && !ends_like_sentence(b->text);
        else if (dense)
            away = b->text.n < 240;
        else if (b->tag != TAG_P && b->text.n < 60)
            away = !ends_like_sentence(b->text);
        if (away)
            b->text.n = 0;
    }
    /* A heading with nothing behind it heads nothing. */
    bool last = true;
    for (size_t i = blocks->n; i-- > 0;) {
        struct block *b = &blocks->v[i];
        if (b->text.n == 0)
            continue;
        if (is_heading_tag(b->tag) && last)
            b->text.n = 0;
        else
            last = false;
    }
}
