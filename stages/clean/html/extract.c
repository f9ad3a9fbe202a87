/* Choice of the article: see extract.h. */
#include "html/extract.h"

#include "chars.h"
#include "html/blocks.h"
#include "html/classes.h"
#include "html/marks.h"
#include "html/shapes.h"
#include "html/teasers.h"
#include "unicode.h"

enum {
    BODY_LEAST = 250,   /* good text that an element needs to be taken at its word */
    GUARD = 30,         /* percent of the good text: what holds more is not taken away */
    WEAK_TEXT = 160,    /* characters of a box whose class says little */
    MOST = 60,          /* percent of the good text: what holds more is not one column of several */
    TEASERS_LEAST = 3,  /* headings with links, of a column of teasers */
    TEASER_MOST = 200,  /* characters of one of them, with its heading */
    SIGN_UP_MOST = 300, /* characters of a box that asks for an address */
    SIGN_UP_BOXES = 4,  /* elements around its form that are the box, too */
    SIGN_UP_NODES = 100,
    CORE_SHARE = 90, /* percent that one child must hold to be walked into */
};

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

static bool holds_h1(const struct tree *tree, uint32_t box)
{
    for (uint32_t i = box + 1; i < tree->nodes[box].end; i++)
        if (!tree->nodes[i].is_text && tree->nodes[i].tag == TAG_H1)
            return true;
    return false;
}

static bool is_structure(enum html_tag tag)
{
    return tag == TAG_HTML || tag == TAG_BODY || tag == TAG_MAIN || tag == TAG_ARTICLE;
}

/* Whether an element is a column of teasers: half of its paragraphs at least stand below a heading that is a link. */
static bool holds_teasers(const struct mark *box)
{
    return box->titles >= TEASERS_LEAST && box->titles * 2 >= box->paragraphs;
}

/* The same, told without a class's help: what stands below such a heading is short. */
static bool holds_short_teasers(const struct mark *box)
{
    return holds_teasers(box) && box->text < box->titles * TEASER_MOST;
}

/* Columns of teasers that no class calls so; but where teasers are half of a page, they are what it is for. */
static void skip_teasers(struct page *page)
{
    const struct tree *tree = page->tree;
    uint64_t total = page->marks[0].good, good = 0;
    for (int round = 0; round < 2 && good * 2 <= total; round++)
        for (uint32_t i = 1; i < tree->count;) {
            const struct node *node = &tree->nodes[i];
            bool column = !node->is_text && !page->skip[i] && (node_kinds(node) & BLOCK) && !is_structure(node->tag) &&
                          holds_short_teasers(&page->marks[i]);
            if (column && round == 0)
                good += page->marks[i].good;
            else if (column)
                page->skip[i] = 1;
            i = column || page->skip[i] ? node->end : i + 1;
        }
}

/* The only article of a page; 0 where there is none, or several. */
static uint32_t only_article(const struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t only = 0;
    for (uint32_t i = 1; i < tree->count; i++)
        if (!tree->nodes[i].is_text && tree->nodes[i].tag == TAG_ARTICLE && page->marks[i].text > 0) {
            if (only)
                return 0;
            only = i;
        }
    return only;
}

/* Boxes that ask for an address: what is around a form with a field for one, as long as it is short. */
static void skip_sign_ups(struct page *page)
{
    const struct tree *tree = page->tree;
    uint32_t form = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        if (node->is_text)
            continue;
        if (node->tag == TAG_FORM)
            form = i;
        if (node->tag != TAG_INPUT || !form || !inside(tree, i, form) || page->skip[form] ||
            !nw_str_eq_nocase(tree_attr(tree, node, ATTR_TYPE), NW_S("email")) || page->marks[form].text > SIGN_UP_MOST)
            continue;
        uint32_t box = form;
        for (int up = 0; up < SIGN_UP_BOXES; up++) {
            uint32_t around = tree->nodes[box].parent;
            if (is_structure(tree->nodes[around].tag) || around == 0 || page->marks[around].text > SIGN_UP_MOST ||
                tree->nodes[around].end - around > SIGN_UP_NODES || holds_h1(tree, around))
                break;
            box = around;
        }
        page->skip[box] = 1;
        form = 0;
    }
}

/* Takes away what calls itself something else than the article, unless it holds GUARD percent of the good text. */
static void prune(struct page *page, bool relaxed)
{
    const struct tree *tree = page->tree;
    uint32_t total = page->marks[0].good, named = named_body(page);
    if (!named && total < BODY_LEAST)
        named = only_article(page);
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
        if (heavy && away && (uint64_t)mark->good * 100 < (uint64_t)total * MOST && holds_teasers(mark))
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
                page->marks[i].good > 0 && !marks_is_good(&tree->nodes[i], &page->marks[i]))
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
    marks_measure(&page);
    marks_sum(&page);
    skip_sign_ups(&page);
    skip_teasers(&page);
    for (int relaxed = 0; relaxed < 2; relaxed++) {
        prune(&page, relaxed);
        marks_sum(&page);
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
        marks_sum(&page);
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
