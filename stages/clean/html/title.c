/*
 * Choice of a title: see title.h. An h1 that the page's other titles repeat, or the only one, is the best; then
 * JSON-LD's headline, then og:title and <title> without the site's name.
 */
#include "html/title.h"

#include "chars.h"
#include "html/tree.h"

enum {
    WORDS_MOST = 48,
    SHOUTED_LEAST = 12, /* capitals of a title that is in nothing else */
    SAME = 80,          /* percent of the words of either of two titles that are in the other: they say the same */
    SENTENCE = 5,       /* words that a headline has, and the name of a page hardly */
};

/* Hashes of the first words of s, small letters for capitals. Kana and Han are a word each: nothing parts theirs. */
static size_t words_of(struct nw_str s, uint32_t words[WORDS_MOST])
{
    size_t n = 0;
    uint32_t hash = 0;
    for (size_t i = 0; i <= s.n && n < WORDS_MOST;) {
        size_t before = i;
        uint32_t c = i < s.n ? nw_utf8_next(s, &i) : 0;
        if (before == s.n)
            i++;
        bool ideograph = c >= 0x3040 && c < 0xA000;
        if (!ideograph && c && (is_letter(c) || is_digit((int)c))) {
            hash = (hash ^ lower_letter(c)) * 16777619u + 1;
            continue;
        }
        if (c == '\'' || c == 0x2019)
            continue;
        if (hash)
            words[n++] = hash;
        hash = 0;
        if (ideograph && n < WORDS_MOST)
            words[n++] = c;
    }
    return n;
}

static size_t word_count(struct nw_str s)
{
    uint32_t words[WORDS_MOST];
    return words_of(s, words);
}

/* Percent of a's words that are in b. */
static unsigned covered(struct nw_str a, struct nw_str b)
{
    uint32_t x[WORDS_MOST], y[WORDS_MOST];
    size_t n = words_of(a, x), m = words_of(b, y), hits = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (x[i] == y[k]) {
                hits++;
                break;
            }
    return n ? (unsigned)(hits * 100 / n) : 0;
}

/* Bytes of a separator at s[i] between a title and a site's name. Chinese and Japanese put no blanks around it. */
static size_t separator_at(struct nw_str s, size_t i)
{
    static const char *const marks[] = {" | ", " - ", " – ", " — ", " :: ", " » ", " · ",
                                        " • ", " / ", " < ", "｜",  " : ",  "|"};
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (nw_str_starts(nw_str_from(s, i), nw_str_z(marks[k])))
            return strlen(marks[k]);
    if ((s.p[i] != '-' && s.p[i] != '_') || i == 0 || (unsigned char)s.p[i - 1] < 0x80)
        return 0;
    size_t n = byte_at(s, i + 1) == '-' ? 2 : 1;
    return byte_at(s, i + n) >= 0xE3 && byte_at(s, i + n) < 0xEE ? n : 0;
}

/* Whether what stands behind the last mark of a title looks like the name of a site: it is short beside the rest. */
static bool is_site_like(struct nw_str head, struct nw_str mark, struct nw_str tail)
{
    size_t words = word_count(tail);
    if (mark.p[0] != ' ' && mark.p[0] != '|') /* of a script without blanks */
        return head.n > tail.n;
    if (words > 0 && words <= SENTENCE / 2 && word_count(head) > SENTENCE / 2)
        return true;
    return head.n > 2 * tail.n && tail.n <= (memchr(mark.p, '|', mark.n) ? 40 : 30);
}

/* A title without the site's name (and section) at its end or beginning. */
static struct nw_str without_site(struct nw_str s, struct nw_str site)
{
    for (int round = 0; round < 3; round++) {
        size_t last = 0, last_n = 0, first = 0, first_n = 0;
        for (size_t i = 1; i < s.n;) {
            size_t n = separator_at(s, i);
            if (n) {
                if (!first)
                    first = i, first_n = n;
                last = i;
                last_n = n;
                i += n;
            } else {
                i++;
            }
        }
        if (!last)
            return s;
        struct nw_str head = nw_str(s.p, last), tail = nw_str_from(s, last + last_n);
        struct nw_str front = nw_str(s.p, first), rest = nw_str_from(s, first + first_n);
        if ((site.n && (covered(tail, site) >= 60 || covered(site, tail) >= 60)) ||
            is_site_like(head, nw_str(s.p + last, last_n), tail))
            s = nw_str_trim(head);
        else if (site.n && covered(front, site) >= 80 && rest.n > front.n)
            s = nw_str_trim(rest);
        else
            return s;
    }
    return s;
}

/* "Let the ferries sail | Editorial": a bar in a headline parts it from the name of a column or of its writer. */
static struct nw_str without_column(struct nw_str h1)
{
    size_t bar = nw_str_find(h1, NW_S(" | "));
    return bar != SIZE_MAX && bar > 2 * (h1.n - bar - 3) ? nw_str(h1.p, bar) : h1;
}

/* "Drought in the south - Farmers sell cattle", "5 March 2024 Farmers sell cattle", "Title:Farmers sell cattle": an h1
 * may hold the line above the headline, its date or what it is; the other titles don't. */
static struct nw_str without_kicker(struct nw_str h1, struct nw_str other)
{
    struct date date;
    for (size_t i = 1; i + 3 < h1.n; i++) {
        size_t n = separator_at(h1, i);
        struct nw_str kicker = nw_str(h1.p, i), rest = nw_str_from(h1, i + n);
        if (n > 1 && rest.n > kicker.n && covered(rest, other) >= 90 && covered(kicker, other) <= 30)
            return nw_str_trim(rest);
    }
    if (other.n && h1.n > other.n && nw_str_ends(h1, other)) {
        struct nw_str front = nw_str(h1.p, h1.n - other.n);
        if (nw_str_ends(front, NW_S(":")) || date_line(nw_str_trim(front), &date))
            return other;
    }
    return h1;
}

/* Whether it is in capitals from end to end. */
static bool is_shouted(struct nw_str s)
{
    size_t capitals = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = nw_utf8_next(s, &i);
        if (is_letter(c) && !is_upper_letter(c))
            return false;
        capitals += is_upper_letter(c);
    }
    return capitals >= SHOUTED_LEAST;
}

/* An h1 in capitals, in the case of another title that has its words. */
static struct nw_str without_shouting(struct nw_str h1, const struct titles *t)
{
    struct nw_str others[] = {without_site(t->og, t->site), t->ld, without_site(t->element, t->site)};
    for (size_t i = 0; i < sizeof others / sizeof *others && is_shouted(h1); i++)
        if (covered(h1, others[i]) >= SAME && covered(others[i], h1) >= SAME && !is_shouted(others[i]))
            return others[i];
    return h1;
}

/* As shown: some pages escape their references twice. */
static struct nw_str as_shown(struct draft *draft, struct nw_str title)
{
    if (title.n == 0 || html_is_plain(title, HTML_DATA))
        return title;
    return draft_line(draft, tree_unescape(draft->arena, title, HTML_DATA));
}

/* How much an h1 is what the page's other titles say, 0 to 150; `alike` gets the same in percent. */
static unsigned score_of(struct nw_str h1, const struct titles *t, unsigned *alike)
{
    uint32_t words[WORDS_MOST];
    size_t n = words_of(h1, words);
    unsigned best = covered(h1, without_site(t->element, t->site)),
             others[3] = {covered(h1, t->og), covered(h1, t->ld), t->others ? covered(h1, t->other[0]) : 0};
    for (size_t k = 0; k < 3; k++)
        best = others[k] > best ? others[k] : best;
    if (t->site.n && covered(h1, t->site) >= 90)
        best /= 4;
    *alike = n >= SENTENCE ? best : 0;
    return best * (unsigned)(n > 8 ? 8 : n) / 8 + (best >= 80 && n >= 3 ? 50 : 0);
}

/* The h1 that is the headline; "" where none is sure to be. */
static struct nw_str headline_of(struct titles *t)
{
    size_t best = 0;
    unsigned best_score = 0, best_alike = 0;
    bool alone = t->h1s > 0;
    for (size_t i = 0; i < t->h1s; i++) {
        unsigned alike, score = score_of(t->h1[i], t, &alike);
        if (score > best_score) {
            best_score = score;
            best_alike = alike;
            best = i;
        }
        alone = alone && nw_str_eq(t->h1[i], t->h1[0]);
    }
    /* What machines are told may be another wording; a page's only h1 is what its readers see. */
    if (best_score >= 50 || (alone && best_alike >= 30)) {
        t->heading = t->node[best];
        return t->h1[best];
    }
    return nw_str(NULL, 0);
}

static struct nw_str choose(struct draft *draft, struct titles *t)
{
    struct nw_str h1 = headline_of(t);
    if (h1.n) {
        struct nw_str other = t->og.n ? t->og : t->element;
        h1 = without_kicker(without_shouting(h1, t), without_site(other, t->site));
        return without_column(as_shown(draft, h1));
    }
    if (t->ld.n)
        return without_site(t->ld, t->site);
    if (t->og.n)
        return without_site(t->og, t->site);
    for (size_t i = 0; i < t->others; i++)
        if (t->other[i].n)
            return without_site(t->other[i], t->site);
    if (t->h1s == 1 && t->element.n == 0)
        return t->h1[0];
    struct nw_str element = without_site(t->element, t->site);
    return element.n ? element : t->h1s ? t->h1[0] : nw_str(NULL, 0);
}

struct nw_str title_choose(struct draft *draft, struct titles *titles)
{
    titles->heading = titles->h1s ? titles->node[0] : 0;
    return as_shown(draft, choose(draft, titles));
}
