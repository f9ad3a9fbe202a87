/*
 * Choice of a title: see title.h. An h1 that the page's other titles repeat is the best; then JSON-LD's headline, then
 * og:title and <title> without the site's name.
 */
#include "html/title.h"

#include "chars.h"

enum { WORDS_MOST = 48 };

/* Hashes of the words of s, small letters for capitals. */
static size_t words_of(struct nw_str s, uint32_t words[WORDS_MOST])
{
    size_t n = 0;
    uint32_t hash = 0;
    for (size_t i = 0; i <= s.n;) {
        size_t before = i;
        uint32_t c = i < s.n ? nw_utf8_next(s, &i) : 0;
        if (before == s.n)
            i++;
        if (c && (is_letter(c) || is_digit((int)c))) {
            hash = (hash ^ lower_letter(c)) * 16777619u + 1;
        } else if (c != '\'' && c != 0x2019 && hash) {
            if (n < WORDS_MOST)
                words[n++] = hash;
            hash = 0;
        }
    }
    return n;
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

/* Bytes of a separator at s[i] between a title and a site's name. */
static size_t separator_at(struct nw_str s, size_t i)
{
    static const char *const marks[] = {" | ", " - ", " – ", " — ", " :: ", " » ", " · ",
                                        " • ", " / ", " < ", "｜",  " : ",  "|",   ": "};
    for (size_t k = 0; k < sizeof marks / sizeof *marks - 1; k++)
        if (nw_str_starts(nw_str_from(s, i), nw_str_z(marks[k])))
            return strlen(marks[k]);
    return 0;
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
        bool bar = memchr(s.p + last, '|', last_n) != NULL;
        if (site.n && (covered(tail, site) >= 60 || covered(site, tail) >= 60))
            s = nw_str_trim(head);
        else if (site.n && covered(front, site) >= 80 && rest.n > front.n)
            s = nw_str_trim(rest);
        else if ((bar || tail.n <= 30) && head.n > 2 * tail.n && tail.n <= 40)
            s = nw_str_trim(head);
        else
            return s;
    }
    return s;
}

/* "Drought in the south - Farmers sell cattle": an h1 may hold the line above the headline; the other titles don't. */
static struct nw_str without_kicker(struct nw_str h1, struct nw_str other)
{
    for (size_t i = 1; i + 3 < h1.n; i++) {
        size_t n = separator_at(h1, i);
        struct nw_str kicker = nw_str(h1.p, i), rest = nw_str_from(h1, i + n);
        if (n > 1 && rest.n > kicker.n && covered(rest, other) >= 90 && covered(kicker, other) <= 30)
            return nw_str_trim(rest);
    }
    return h1;
}

struct nw_str title_choose(struct draft *draft, const struct titles *t)
{
    /* The h1 that the others say too. */
    size_t best = 0;
    unsigned best_score = 0;
    for (size_t i = 0; i < t->h1s; i++) {
        struct nw_str h1 = t->h1[i];
        uint32_t words[WORDS_MOST];
        size_t n = words_of(h1, words);
        unsigned score = covered(h1, t->element),
                 other[3] = {covered(h1, t->og), covered(h1, t->ld), t->others ? covered(h1, t->other[0]) : 0};
        for (size_t k = 0; k < 3; k++)
            score = other[k] > score ? other[k] : score;
        if (t->site.n && covered(h1, t->site) >= 90)
            score /= 4;
        score = score * (unsigned)(n > 8 ? 8 : n) / 8 + (score >= 80 && n >= 3 ? 50 : 0);
        if (score > best_score) {
            best_score = score;
            best = i;
        }
    }
    if (best_score >= 50)
        return without_kicker(t->h1[best], t->og.n ? t->og : t->element);
    struct nw_str ld = t->ld.n ? without_site(t->ld, t->site) : t->ld,
                  og = t->og.n ? without_site(t->og, t->site) : t->og;
    if (t->h1s > 0 && best_score >= 20 && covered(t->h1[best], ld.n ? ld : og) >= 60)
        return t->h1[best];
    if (ld.n)
        return ld;
    if (og.n)
        return og;
    for (size_t i = 0; i < t->others; i++)
        if (t->other[i].n)
            return without_site(t->other[i], t->site);
    if (t->h1s == 1 && t->element.n == 0)
        return t->h1[0];
    struct nw_str element = without_site(t->element, t->site);
    (void)draft;
    return element.n ? element : t->h1s ? t->h1[0] : nw_str(NULL, 0);
}
