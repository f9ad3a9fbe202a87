/* Measuring a page: see marks.h. Forwards: what elements say, and each text's length to its block. Backwards: sums. */
#include "html/marks.h"

#include "chars.h"
#include "html/classes.h"

enum {
    GOOD_P = 25,       /* characters of a paragraph's own text that make it good */
    GOOD_OTHER = 80,   /* of another block's */
    TABLE_LEAST = 200, /* characters of a table that counts as text */
};

/* Characters but white space; a wide one counts for two. */
static uint32_t length_of(struct nw_str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        n += c > ' ' && c < 0x80;
        n += c >= 0xC0;
        n += c >= 0xE3 && c < 0xEE;
    }
    return n;
}

static bool style_hides(struct nw_str style)
{
    size_t at = find_nocase(style, NW_S("display"));
    if (at != SIZE_MAX) {
        struct nw_str rest = nw_str_trim(nw_str_from(style, at + 7));
        if (rest.n > 0 && rest.p[0] == ':' && nw_str_starts_nocase(nw_str_trim(nw_str_from(rest, 1)), NW_S("none")))
            return true;
    }
    return find_nocase(style, NW_S("visibility:hidden")) != SIZE_MAX ||
           find_nocase(style, NW_S("visibility: hidden")) != SIZE_MAX;
}

static bool role_prunes(struct nw_str role)
{
    static const char *const roles[] = {"navigation", "complementary", "contentinfo", "banner", "search",
                                        "dialog",     "alert",         "alertdialog", "menu",   "menubar",
                                        "toolbar",    "tooltip",       "tablist"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (nw_str_eq_nocase(role, nw_str_z(roles[i])))
            return true;
    return false;
}

/* Posts of others, put in by their scripts. */
static bool is_embed(struct nw_str class)
{
    static const char *const embeds[] = {"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed",
                                         "reddit-card",   "bluesky-embed", "fb-post"};
    for (size_t i = 0; i < sizeof embeds / sizeof *embeds; i++)
        if (find_nocase(class, nw_str_z(embeds[i])) != SIZE_MAX)
            return true;
    return false;
}

/* What tag and attributes say of an element. */
static unsigned element_says(const struct tree *tree, const struct node *node)
{
    unsigned says = 0;
    switch (node->tag) {
    case TAG_NAV:
    case TAG_FOOTER:
    case TAG_ASIDE:
    case TAG_FIGURE:
    case TAG_FIGCAPTION:
    case TAG_BUTTON:
    case TAG_LABEL:
    case TAG_FIELDSET:
    case TAG_LEGEND:
    case TAG_MENU:
    case TAG_SEARCH:
    case TAG_OUTPUT:
    case TAG_ADDRESS:
        says |= SAYS_STRONG_PRUNE;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < node->attrs; i++) {
        const struct node_attr *attr = &tree->attrs[node->attr + i];
        switch (attr->known) {
        case ATTR_CLASS:
            if (node->tag == TAG_BLOCKQUOTE && is_embed(attr->value))
                says |= SAYS_GONE;
            says |= class_words(attr->value);
            break;
        case ATTR_ID:
            says |= class_words(attr->value);
            break;
        case ATTR_DATA_COMPONENT:
        case ATTR_DATA_TESTID:
        case ATTR_DATA_QA:
            says |= class_words(attr->value) & (unsigned)~CLASS_HIDDEN;
            break;
        case ATTR_ROLE:
            if (role_prunes(attr->value))
                says |= SAYS_STRONG_PRUNE;
            break;
        case ATTR_HIDDEN: /* React puts what it sends late into such, for a script to show */
            if (!nw_str_starts(tree_attr(tree, node, ATTR_ID), NW_S("S:")))
                says |= SAYS_GONE;
            break;
        case ATTR_ARIA_HIDDEN:
            if (nw_str_eq_nocase(attr->value, NW_S("true")))
                says |= SAYS_STRONG_PRUNE;
            break;
        case ATTR_STYLE:
            if (attr->value.n >= 12 && style_hides(attr->value))
                says |= SAYS_GONE;
            break;
        case ATTR_ITEMPROP:
            if (has_word(attr->value, NW_S("articleBody")) || nw_str_eq_nocase(attr->value, NW_S("reviewBody")))
                says |= SAYS_ITEM_BODY;
            break;
        default:
            break;
        }
    }
    return says;
}

void marks_measure(struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t n = (uint32_t)tree->count, link_end = 0;
    for (uint32_t i = 0; i < n;) {
        const struct node *node = &tree->nodes[i];
        if (!node->is_text) {
            if ((node_kinds(node) & UNSEEN) && i > 0) {
                page->skip[i] = 1;
                i = node->end;
                continue;
            }
            page->marks[i].says = (unsigned short)element_says(tree, node);
            if (node->tag == TAG_A && node->end > link_end)
                link_end = node->end;
            i++;
            continue;
        }
        uint32_t length = length_of(node->text);
        if (length > 0) {
            bool link = i < link_end;
            uint32_t block = node->parent;
            while (block != 0 && !(html_tag_kinds[tree->nodes[block].tag] & BLOCK))
                block = tree->nodes[block].parent;
            page->marks[i].text = length;
            page->marks[i].link = link ? length : 0;
            page->marks[block].own += length;
            page->marks[block].own_link += link ? length : 0;
        }
        i++;
    }
}

bool marks_is_good(const struct node *node, const struct mark *mark)
{
    if (node->is_text || mark->own == 0 || mark->own_link * 10 >= mark->own * 4)
        return false;
    return mark->own >= (node->tag == TAG_P ? GOOD_P : GOOD_OTHER);
}

void marks_sum(struct page *page)
{
    const struct tree *tree = page->tree;
    for (uint32_t i = 0; i < tree->count; i++) {
        struct mark *mark = &page->marks[i];
        if (!tree->nodes[i].is_text)
            mark->text = mark->link = 0;
        mark->titles = mark->paragraphs = 0;
        mark->good = marks_is_good(&tree->nodes[i], mark) ? mark->own : 0;
    }
    for (uint32_t i = (uint32_t)tree->count; i-- > 1;) {
        if (page->skip[i])
            continue;
        if (tree->nodes[i].tag == TAG_TABLE &&
            !tree->nodes[i].is_text) { /* cells are short; a table that is no layout is text */
            struct mark *mark = &page->marks[i];
            if (mark->text >= TABLE_LEAST && mark->link * 10 < mark->text * 3 && mark->good < mark->text / 2)
                mark->good = mark->text / 2;
        }
        if (!tree->nodes[i].is_text) {
            enum html_tag tag = tree->nodes[i].tag;
            struct mark *mark = &page->marks[i];
            mark->paragraphs += tag == TAG_P && mark->text >= GOOD_P;
            mark->titles += tag >= TAG_H2 && tag <= TAG_H6 && mark->text > 0 && mark->link == mark->text;
        }
        struct mark *parent = &page->marks[tree->nodes[i].parent];
        parent->text += page->marks[i].text;
        parent->link += page->marks[i].link;
        parent->good += page->marks[i].good;
        parent->titles += page->marks[i].titles;
        parent->paragraphs += page->marks[i].paragraphs;
    }
}
