/* Choice of the article: see extract.h. */
#include "html/extract.h"

#include "chars.h"
#include "html/blocks.h"
#include "html/classes.h"
#include "html/shapes.h"
#include "html/teasers.h"
#include "unicode.h"

enum {
    GOOD_P = 25,       /* characters of a paragraph's own text that make it good */
    GOOD_OTHER = 80,   /* of another block's */
    BODY_LEAST = 250,  /* good text that an element needs to be taken at its word */
    GUARD = 30,        /* percent of the good text: what holds more is not taken away */
    TABLE_LEAST = 200, /* characters of a table that counts as text */
    WEAK_TEXT = 160,   /* characters of a box whose class says little */
    MOST = 60,         /* percent of the good text: what holds more is not one column of several */
    TEASERS_LEAST = 3, /* headings with links, of a column of teasers */
    CORE_SHARE = 90,   /* percent that one child must hold to be walked into */
};

struct mark {
    uint32_t text, link;    /* characters below the node; those in links */
    uint32_t own, own_link; /* characters whose innermost block this node is */
    uint32_t good;          /* of the good text below it */
    unsigned short says;    /* class_says of an element */
};

struct page {
    struct draft *draft;
    const struct tree *tree;
    struct mark *marks;
    unsigned char *skip;
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

enum { SAYS_STRONG_PRUNE = 0x100, SAYS_ITEM_BODY = 0x200, SAYS_GONE = 0x400 };

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

/* Forwards: what elements say, and each text's length to its block. Backwards: sums. */
static void measure(struct page *page)
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

static bool is_good(const struct node *node, const struct mark *mark)
{
    if (node->is_text || mark->own == 0 || mark->own_link * 10 >= mark->own * 4)
        return false;
    return mark->own >= (node->tag == TAG_P ? GOOD_P : GOOD_OTHER);
}

/* Sums of good, text and link over what is not skipped. Backwards, so children come before their parents. */
static void sum(struct page *page)
{
    const struct tree *tree = page->tree;
    for (uint32_t i = 0; i < tree->count; i++) {
        struct mark *mark = &page->marks[i];
        if (!tree->nodes[i].is_text)
            mark->text = mark->link = 0;
        mark->good = is_good(&tree->nodes[i], mark) ? mark->own : 0;
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
        struct mark *parent = &page->marks[tree->nodes[i].parent];
        parent->text += page->marks[i].text;
        parent->link += page->marks[i].link;
        parent->good += page->marks[i].good;
    }
}

static bool inside(const struct tree *tree, uint32_t i, uint32_t of)
{
    return i >= of && i < tree->nodes[of].end;
}

/* A body may come in pieces, elements of the same class: what holds them all, where it holds little else. */
static uint32_t with_pieces(const struct page *page, uint32_t best)
{
    const struct tree *tree = page->tree;
    struct nw_str class = tree_attr(tree, &tree->nodes[best], ATTR_CLASS);
    uint32_t good = 0, first = 0, last = 0;
    for (uint32_t i = 1; class.n > 0 && i < tree->count;) {
        const struct node *node = &tree->nodes[i];
        if (page->skip[i] || (!node->is_text && node->tag == tree->nodes[best].tag &&
                              nw_str_eq(tree_attr(tree, node, ATTR_CLASS), class))) {
            if (!page->skip[i] && page->marks[i].good > 0) {
                good += page->marks[i].good;
                first = first ? first : i;
                last = i;
            }
            i = node->end;
        } else {
            i++;
        }
    }
    if (first == last)
        return best;
    uint32_t around = first;
    while (around != 0 && !inside(tree, last, around))
        around = tree->nodes[around].parent;
    bool little_else = (uint64_t)page->marks[around].good * 10 <= (uint64_t)good * 13;
    return around != 0 && little_else ? around : best;
}

/* The element that calls itself the article's body; 0 for none. Several pieces of one body give what holds them all. */
static uint32_t named_body(const struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t total = page->marks[0].good, best = 0, best_rank = 0;
    for (uint32_t i = 1; i < tree->count;) {
        const struct node *node = &tree->nodes[i];
        if (page->skip[i]) {
            i = node->end;
            continue;
        }
        const struct mark *mark = &page->marks[i];
        unsigned says = mark->says;
        uint32_t rank = 0;
        if (!node->is_text && (node_kinds(node) & BLOCK) && node->tag != TAG_P && node->tag != TAG_BODY &&
            mark->good >= BODY_LEAST && (uint64_t)mark->good * 4 >= total) {
            if (says & SAYS_ITEM_BODY)
                rank = 4;
            else if (says & CLASS_WHOLE)
                rank = 3;
            else if ((says & CLASS_SUBJECT) && (says & CLASS_PART) && !(says & (CLASS_WEAK | CLASS_PRUNE)))
                rank = 2;
            else if (node->tag == TAG_ARTICLE)
                rank = 1;
        }
        if (rank > best_rank ||
            (rank == best_rank && rank > 0 && mark->good > page->marks[best].good && !inside(tree, i, best))) {
            best = i;
            best_rank = rank;
        }
        i++;
    }
    if (!best)
        return 0;
    return with_pieces(page, best);
}

static bool is_structure(enum html_tag tag)
{
    return tag == TAG_HTML || tag == TAG_BODY || tag == TAG_MAIN || tag == TAG_ARTICLE;
}

/* Whether an element is a column of teasers: half of its paragraphs at least stand below a heading that is a link. */
static bool holds_teasers(const struct page *page, uint32_t box)
{
    const struct tree *tree = page->tree;
    size_t headings = 0, paragraphs = 0;
    for (uint32_t i = box + 1; i < tree->nodes[box].end; i++) {
        const struct node *node = &tree->nodes[i];
        const struct mark *mark = &page->marks[i];
        if (node->is_text || page->skip[i])
            continue;
        paragraphs += node->tag == TAG_P && mark->text >= GOOD_P;
        headings += node->tag >= TAG_H2 && node->tag <= TAG_H6 && mark->text > 0 && mark->link == mark->text;
    }
    return headings >= TEASERS_LEAST && headings * 2 >= paragraphs;
}

/* Takes away what calls itself something else than the article, unless it holds GUARD percent of the good text. */
static void prune(struct page *page, bool relaxed)
{
    const struct tree *tree = page->tree;
    uint32_t total = page->marks[0].good, named = named_body(page);
    for (uint32_t i = 1; i < tree->count;) {
        const struct node *node = &tree->nodes[i];
        const struct mark *mark = &page->marks[i];
        if (page->skip[i]) {
            i = node->end;
            continue;
        }
        if (node->is_text || is_structure(node->tag)) {
            i++;
            continue;
        }
        bool heavy = (uint64_t)mark->good * 100 >= (uint64_t)total * GUARD && mark->good > 0;
        if (named && !inside(tree, i, named) && !inside(tree, named, i)) /* the article stands elsewhere */
            heavy = false;
        unsigned says = mark->says;
        bool body = (says & (SAYS_ITEM_BODY | CLASS_WHOLE)) || ((says & CLASS_SUBJECT) && (says & CLASS_PART));
        bool dense = mark->link * 2 > mark->text && mark->text > 0;
        body = body || (node->tag == TAG_FIGURE && shape_holds_text(tree, i));
        bool away = (says & SAYS_GONE) != 0 || ((says & SAYS_STRONG_PRUNE) && !body);
        if (!relaxed) {
            away = away || ((says & CLASS_PRUNE) && !body) || (says & CLASS_HIDDEN);
            away = away || ((says & CLASS_WEAK) && !body && (node_kinds(node) & BLOCK) &&
                            (dense || (mark->good < 40 && mark->text < WEAK_TEXT && !shape_is_heading_box(tree, i))) &&
                            !shape_holds_items(node->tag));
        }
        /* blocks of links: lists and boxes of teasers */
        if (!away && mark->text > 0 && mark->link * 10 > mark->text * 7 && (node_kinds(node) & BLOCK) &&
            node->tag != TAG_P && node->tag != TAG_TD && !(node->tag >= TAG_H1 && node->tag <= TAG_H6) &&
            mark->good == 0 && node->end - i > 3) {
            if (shape_is_announced(tree, i)) {
                i = node->end;
                continue;
            }
            away = true;
        }
        if (heavy && (uint64_t)mark->good * 100 < (uint64_t)total * MOST && away && holds_teasers(page, i))
            heavy = false;
        if (away && !heavy) {
            page->skip[i] = 1;
            i = node->end;
            continue;
        }
        i++;
    }
}

/* Walks down from `from` while one child holds nearly all of the good text. */
static uint32_t descend(const struct page *page, uint32_t from)
{
    const struct tree *tree = page->tree;
    for (uint32_t at = from;;) {
        uint32_t next = 0;
        for (uint32_t i = at + 1; i < tree->nodes[at].end; i = tree->nodes[i].end)
            if (!page->skip[i] && (uint64_t)page->marks[i].good * 100 >= (uint64_t)page->marks[at].good * CORE_SHARE &&
                page->marks[i].good > 0 && !is_good(&tree->nodes[i], &page->marks[i]))
                next = i;
        if (!next)
            return at;
        at = next;
    }
}

/* Paragraphs of the core, without what is no text of the article. */
static void put_blocks(struct page *page, uint32_t core, struct nw_str headline)
{
    struct blocks blocks = {0};
    blocks_read(page->draft, page->tree, core, page->skip, &blocks);
    teasers_drop(&blocks, page->tree, headline);
    for (size_t i = 0; i < blocks.n; i++)
        if (blocks.v[i].text.n > 0)
            draft_text(page->draft, blocks.v[i].text, true);
}

static size_t put_length(const struct draft *draft)
{
    size_t n = 0;
    for (size_t i = 0; i < draft->count; i++)
        n += draft->paragraphs[i].n;
    return n;
}

void extract_article(struct draft *draft, const struct tree *tree, struct nw_str headline)
{
    struct page page = {.draft = draft, .tree = tree};
    page.marks = NW_ARENA_NEW(draft->arena, struct mark, tree->count);
    page.skip = nw_arena_zalloc(draft->arena, tree->count);
    if (!page.marks || !page.skip) {
        draft->failed = true;
        return;
    }
    measure(&page);
    sum(&page);
    for (int relaxed = 0; relaxed < 2; relaxed++) {
        prune(&page, relaxed);
        sum(&page);
        uint32_t core = named_body(&page);
        core = core ? core : descend(&page, 0);
        put_blocks(&page, core, headline);
        if (put_length(draft) >= BODY_LEAST || relaxed || draft->failed)
            break;
        /* too little: once more, trusting nobody's classes */
        draft->count = 0;
        memset(page.skip, 0, tree->count);
        for (uint32_t i = 1; i < tree->count; i++)
            page.skip[i] = !tree->nodes[i].is_text && (node_kinds(&tree->nodes[i]) & UNSEEN);
        sum(&page);
    }
}

void extract_all(struct draft *draft, const struct tree *tree, uint32_t root, bool lines)
{
    struct blocks blocks = {0};
    unsigned char *skip = nw_arena_zalloc(draft->arena, tree->count);
    if (!skip) {
        draft->failed = true;
        return;
    }
    for (uint32_t i = root; i < tree->nodes[root].end; i++)
        skip[i] = !tree->nodes[i].is_text && (tree->nodes[i].tag == TAG_FIGCAPTION || tree->nodes[i].tag == TAG_FIGURE);
    blocks_read(draft, tree, root, skip, &blocks);
    for (size_t i = 0; i < blocks.n; i++)
        draft_text(draft, blocks.v[i].text, lines);
}
