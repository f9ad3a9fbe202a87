/* Teasers and their like: see teasers.h. */
#include "html/teasers.h"

#include "chars.h"
#include "dates.h"
#include "html/author.h"
#include "html/classes.h"
#include "html/phrases.h"

#include <newswire/hash.h>

enum {
    ABOVE_MOST = 60,     /* bytes of a line above the text */
    ABOVE_BLOCKS = 8,    /* how many of them there may be */
    REPEATED_LEAST = 60, /* bytes of a paragraph of a copy */
    REPEATED_ROW = 6,    /* so many of them are a copy */
    REPEATED_SLOTS = 512,
};

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

/* A paragraph of running text, as the article has them and boxes of teasers hardly. */
static bool is_running_text(const struct block *b)
{
    return b->tag == TAG_P && b->text.n >= 160 && b->links * 10 < b->text.n * 3 && ends_like_sentence(b->text);
}

/* A list's item, or the paragraph in it. */
static bool is_item(const struct tree *tree, const struct block *b)
{
    return tree->nodes[b->node].tag == TAG_LI || tree->nodes[tree->nodes[b->node].parent].tag == TAG_LI;
}

/* "Many patches were sent for review:" */
static bool announces(const struct block *b)
{
    return b->tag == TAG_P && b->text.n >= 25 && nw_str_ends(b->text, NW_S(":")) && b->links == 0;
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
        if (length > 0 && length < 60 && (heading || b->tag != TAG_LI) && phrase_heads_others(b->text)) {
            bool late = before * 2 > total, comments = phrase_heads_comments(b->text);
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

/* Whether the link in element `at` leads to a place in the page itself, as headings link to themselves. */
static bool links_inside(const struct tree *tree, uint32_t at)
{
    for (uint32_t i = at; i < tree->nodes[at].end; i++)
        if (!tree->nodes[i].is_text && tree->nodes[i].tag == TAG_A)
            return nw_str_starts(tree_attr(tree, &tree->nodes[i], ATTR_HREF), NW_S("#"));
    return false;
}

/* A row of paragraphs that stood before in the same order goes: pages hold their article twice, for small and for large
 * screens. One alone may be said again, as the questions of interviews are, but not on the spot. */
static void drop_repeated(struct blocks *blocks)
{
    struct {
        uint64_t hash;
        size_t block; /* where it stood first; 0 for nothing yet */
    } seen[REPEATED_SLOTS] = {0};
    size_t row = 0, start = 0, after = 0, last = SIZE_MAX;
    for (size_t i = 0; i < blocks->n; i++) {
        struct block *b = &blocks->v[i];
        if (b->text.n == 0 || b->row || b->tag == TAG_PRE)
            continue;
        if (last != SIZE_MAX && nw_str_eq(b->text, blocks->v[last].text)) {
            b->text.n = 0;
            continue;
        }
        last = i;
        if (b->text.n < REPEATED_LEAST)
            continue;
        uint64_t hash = nw_hash64(b->text, 0);
        size_t slot = hash % REPEATED_SLOTS;
        if (seen[slot].hash != hash || seen[slot].block <= after) {
            row = after = 0;
            seen[slot].hash = hash;
            seen[slot].block = i + 1;
            continue;
        }
        after = seen[slot].block;
        start = row++ ? start : i;
        for (; row >= REPEATED_ROW && start <= i; start++)
            blocks->v[start].text.n = 0;
    }
}

/* Above the text, a line that is a date or a byline and nothing else, or whose class says so. */
static bool stands_above(const struct tree *tree, const struct block *b)
{
    struct date date;
    if (b->text.n > ABOVE_MOST || ends_like_sentence(b->text))
        return date_line(b->text, &date);
    unsigned says = class_words(tree_attr(tree, &tree->nodes[b->node], ATTR_CLASS));
    return (says & CLASS_WEAK) || date_line(b->text, &date) || author_line(b->text);
}

/* Nothing but an address, as printed pages end with. */
static bool is_address(struct nw_str s)
{
    return (nw_str_starts(s, NW_S("https://")) || nw_str_starts(s, NW_S("http://"))) &&
           nw_str_find(s, NW_S(" ")) == SIZE_MAX && nw_str_find(s, NW_S("\n")) == SIZE_MAX;
}

/* Nothing but the text of a time element: each post of a live blog has one. */
static bool is_time(const struct tree *tree, const struct block *b)
{
    uint32_t time = b->first;
    while (time > b->node && (tree->nodes[time].is_text || tree->nodes[time].tag != TAG_TIME))
        time = tree->nodes[time].parent;
    if (time <= b->node || b->text.n > ABOVE_MOST)
        return false;
    size_t n = 0;
    for (uint32_t i = time; i < tree->nodes[time].end; i++)
        if (tree->nodes[i].is_text)
            n += nw_str_trim(tree->nodes[i].text).n;
    return n >= b->text.n;
}

void teasers_drop(struct blocks *blocks, const struct tree *tree, struct nw_str headline)
{
    bool begun = false;   /* running text has been seen */
    bool listing = false; /* a list goes on that a sentence has announced */
    drop_sections(blocks);
    for (size_t i = 0; i < blocks->n; i++) {
        struct block *b = &blocks->v[i];
        bool dense = b->links * 10 > b->text.n * 6;
        bool away = false;
        listing = is_item(tree, b) && (listing || (i > 0 && announces(&blocks->v[i - 1])));
        if ((b->tag == TAG_H1 && !begun) || (headline.n > 0 && b->text.n < 400 && same_words(b->text, headline)))
            away = true;
        else if (phrase_promotes(b->text) || is_address(b->text) || is_time(tree, b) ||
                 (!begun && i < ABOVE_BLOCKS && stands_above(tree, b)))
            away = true;
        else if (b->row || b->tag == TAG_PRE || b->tag == TAG_DD || b->tag == TAG_DT || listing)
            away = false;
        else if (is_heading_tag(b->tag))
            away = dense && !links_inside(tree, b->node);
        else if (b->tag == TAG_LI || b->tag == TAG_BLOCKQUOTE)
            away = dense && b->text.n < 200 && !ends_like_sentence(b->text);
        else if (dense)
            away = b->text.n < 240;
        else if (b->tag != TAG_P && b->text.n < 60)
            away = !ends_like_sentence(b->text);
        if (away)
            b->text.n = 0;
        begun = begun || is_running_text(b);
    }
    drop_repeated(blocks);
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
