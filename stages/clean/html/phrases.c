/* What lines around an article say, by their first words: see phrases.h. Packed by hand; each list in the order of its
 * languages. */
#include "html/phrases.h"

#include "chars.h"

enum {
    PROMO_MOST = 200,       /* bytes of a line that promotes something */
    SMALL_PRINT_MOST = 600, /* and of a paragraph about the page itself */
    MORE_FROM_MOST = 40,
};

/* clang-format off */
static const char *const PROMOTIONS[] = { /* how they begin */
    "read more", "read also", "also read", "see also:", "related:", "related articles", "related stories",
    "related topics", "read next", "more on this", "more from", "sign up for", "sign up to", "sign up now",
    "subscribe to", "subscribe now", "follow us on", "follow @", "like us on facebook", "share this",
    "click here to", "continue reading below", "story continues below", "article continues below",
    "article continues after", "story continues after", "leave a comment", "watch:", "listen:", "photo:", "photos:",
    "image:", "image credit", "photo by", "photograph:", "file photo", "lesen sie auch", "lesen sie mehr",
    "mehr zum thema", "lire aussi", "à lire aussi", "lea también", "lee también", "leia também", "leia mais",
    "leggi anche", "lees ook", "les også", "læs også", "läs också", "läs mer", "čtěte také", "Читайте также",
    "Смотрите также", "Читайте також", "baca juga", "đọc thêm", "Đọc thêm", "xem thêm", "czytaj też",
    "czytaj także", "czytaj również", "zobacz także", "zobacz też", "přečtěte si", "čítajte aj", "Čtěte také",
    "lue myös", "loe ka", "olvassa el", "citeşte şi", "citește și", "διαβάστε επίσης", "Διαβάστε επίσης",
    "ilgili haber", "اقرأ أيضا", "اقرأ ايضا", "קראו גם", "यह भी पढ़ें", "ये भी पढ़ें", "আরও পড়ুন", "関連ニュース",
    "相关新闻", "相关阅读", "延伸阅读", "延伸閱讀", "推荐阅读", "관련기사", "관련 기사", "関連記事", "続きを読む", "【関連記事】", "skip to", "view comments",
    "show comments", "trending now", "get the latest", "download our app", "enable javascript", "please enable",
    "tags:", "filed under", "posted in", "share on", "share via", "advertisement -", "advertisement –",
    "you have read your last", "you have reached your", "you've reached your", "you have used all your",
    "subscribe to read", "subscribe to continue", "subscribe for full access", "to continue reading", "to read the full story",
    "to read this article", "already a subscriber", "this article is for subscribers",
    "this article is reserved for", "this content is for subscribers", "this story is for subscribers", "read on with",
    "log in to read", "sign in to read", "register to read", "jetzt weiterlesen", "weiterlesen mit", "lesen sie weiter mit",
    "lesen sie diesen artikel mit", "sie haben bereits ein abo", "sie sind bereits abonnent", "dieser artikel ist exklusiv",
    "cet article est réservé", "la suite est réservée", "déjà abonné", "il vous reste", "este contenido es exclusivo",
    "contenido exclusivo para", "suscríbete para", "ya eres suscriptor", "conteúdo exclusivo para",
    "questo articolo è riservato", "contenuto riservato agli abbonati", "dit artikel is alleen voor", "denne saken er for",
    "Только для подписчиков", "Материал доступен", "この記事は有料", "この記事は会員", "この続きは", "有料会員", "会員限定",
};

static const char *const LABELS[] = { /* whole lines */
    "advertisement", "advertising", "ad", "recommended", "share", "tweet", "print", "email", "continue reading",
    "loading...", "loading", "comments", "getty images", "anzeige", "werbung", "zum thema", "publicité",
    "publicidad", "reklama", "annonse", "annons", "annonce", "back to top", "most read", "top stories", "topics:",
    "copy link", "link copied", "newsletter", "top rated comments",
};

static const char *const SMALL_PRINT[] = { /* how paragraphs begin that are about the page */
    "©", "copyright ©", "all rights reserved", "citation:", "this document is subject to copyright",
    "we may earn a commission", "we may earn commission", "we may receive a commission",
    "when you buy through links", "when you purchase through links", "this article contains affiliate links",
    "this post contains affiliate links", "this post may contain affiliate links", "this article was produced with",
    "follow us on", "hat ihnen dieser artikel gefallen", "alle rechte vorbehalten", "tous droits réservés",
    "todos los derechos reservados", "todos os direitos reservados", "tutti i diritti riservati",
    "alle rechten voorbehouden", "Все права защищены", "tüm hakları saklıdır", "無断転載", "版权所有",
};

static const char *const HEADINGS[] = { /* of other articles and of comments; whole, without numbers */
    "comments", "comment", "reader comments", "user comments", "kommentar", "commentaire", "comentario", "reactie",
    "Комментариев", "комментариев", "комментарий", "комментария", "Отзывы", "评论", "留言", "コメント", "댓글", "تعليقات",
    "التعليقات", "תגובות", "top rated comments", "leave a reply", "leave a comment", "post a comment", "add a comment",
    "related", "related articles", "related stories", "related posts", "related news", "related content",
    "related topics", "related reading", "more stories", "more news", "more on this story", "more articles",
    "you may also like", "you might also like", "you may also be interested in", "recommended",
    "recommended for you", "recommended reading", "recommended articles", "read next", "up next", "latest news",
    "latest stories", "latest articles", "latest posts", "recent posts", "recent articles", "popular posts",
    "popular articles", "popular stories", "most popular", "most read", "trending", "trending now",
    "trending stories", "top stories", "top news", "don't miss", "editor's picks", "editors' picks",
    "about the author", "about the authors", "share this article", "share this post", "share this story",
    "join the conversation", "join the discussion", "discussion", "newsletter", "sign up for our newsletter",
    "subscribe to our newsletter", "keep reading", "continue reading", "see also", "more from this author",
    "further reading", "mehr zum thema", "das könnte sie auch interessieren", "auch interessant", "meistgelesen",
    "kommentare", "sur le même sujet", "lire aussi", "à lire également", "commentaires", "artículos relacionados",
    "noticias relacionadas", "comentarios", "te puede interesar", "notícias relacionadas", "leia também",
    "veja também", "comentários", "articoli correlati", "potrebbe interessarti", "leggi anche", "lees ook",
    "lees meer", "reacties", "Читайте также", "Читайте ещё", "Комментарии", "Похожие статьи", "Материалы по теме",
    "Новости по теме", "Читайте також", "Коментарі", "czytaj także", "zobacz także", "powiązane artykuły",
    "komentarze", "související články", "komentáře", "ilgili haberler", "yorumlar", "berita terkait", "baca juga",
    "tin liên quan", "Tin liên quan", "bình luận", "les også", "läs också", "læs også", "relaterade artiklar",
    "lue myös", "مقالات ذات صلة", "اقرأ أيضا", "مواضيع ذات صلة", "כתבות נוספות", "相关新闻", "相关阅读", "延伸阅读", "推荐阅读",
    "관련기사", "관련 기사", "あわせて読みたい", "関連ニュース", "関連記事", "おすすめ記事", "人気記事",
};

static const char *const COMMENTS[] = { /* words of headings of comments; without a first letter that has case but in ASCII */
    "comment", "reply", "kommentar", "commentaires", "comentarios", "comentários", "reacties", "омментари",
    "оментар", "Отзывы", "评论", "留言", "コメント", "댓글", "عليقات", "תגובות", "reactie", "comentario", "yorum", "komentar", "bình luận", "discussion", "conversation",
};
/* clang-format on */

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool begins_with(struct nw_str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (nw_str_starts_nocase(s, nw_str_z(list[i])))
            return true;
    return false;
}

static bool is_one_of(struct nw_str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (nw_str_eq_nocase(s, nw_str_z(list[i])))
            return true;
    return false;
}

/* "Page 2 of 3", with nothing beside it. */
static bool counts_pages(struct nw_str s)
{
    static const char *const words[] = {"page", "seite", "página",   "pagina",  "strona",
                                        "sida", "side",  "Страница", "страница"};
    size_t lead = 0, numbers = 0, rest = 0;
    for (size_t i = 0; i < COUNT(words) && !lead; i++)
        if (nw_str_starts_nocase(s, nw_str_z(words[i])) && byte_at(s, strlen(words[i])) == ' ')
            lead = strlen(words[i]);
    for (size_t i = lead; lead && i < s.n; i++) {
        bool digit = is_digit((unsigned char)s.p[i]);
        numbers += digit && !is_digit((unsigned char)s.p[i - 1]);
        rest += !digit;
    }
    return numbers == 2 && rest < 8;
}

bool phrase_promotes(struct nw_str s)
{
    if (counts_pages(s))
        return true;
    if (s.n < SMALL_PRINT_MOST && begins_with(s, SMALL_PRINT, COUNT(SMALL_PRINT)))
        return true;
    return s.n < PROMO_MOST && (begins_with(s, PROMOTIONS, COUNT(PROMOTIONS)) || is_one_of(s, LABELS, COUNT(LABELS)));
}

/* "3 Comments", "Comments (3)": without the number. */
static struct nw_str without_count(struct nw_str s)
{
    for (size_t before = SIZE_MAX; s.n != before;) {
        before = s.n;
        s = trim_set(s, " :.…!()");
        while (s.n > 0 && is_digit((unsigned char)s.p[0]))
            s = nw_str_from(s, 1);
        while (s.n > 0 && is_digit((unsigned char)s.p[s.n - 1]))
            s.n--;
    }
    return s;
}

bool phrase_heads_others(struct nw_str s)
{
    s = without_count(s);
    return is_one_of(s, HEADINGS, COUNT(HEADINGS)) ||
           (s.n < MORE_FROM_MOST && nw_str_starts_nocase(s, NW_S("more from ")));
}

bool phrase_heads_comments(struct nw_str s)
{
    for (size_t i = 0; i < COUNT(COMMENTS); i++)
        if (find_nocase(s, nw_str_z(COMMENTS[i])) != SIZE_MAX)
            return true;
    return false;
}
