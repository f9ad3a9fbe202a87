/* Blocks: see blocks.h. One walk over a range of nodes; each block boundary ends a run of text. */
#include "html/blocks.h"

#include "chars.h"
#include "unicode.h"

struct walk {
    struct draft *draft;
    const struct tree *tree;
    struct blocks *blocks;
    char *p; /* the run being made */
    size_t n, room;
    size_t links;
    uint32_t node, first;
    bool in_row, pre;
};

static void put(struct walk *w, const char *p, size_t n)
{
    if (w->n + n > w->room) {
        size_t room = (w->n + n) * 2 + 256;
        char *grown = nw_arena_grow(w->draft->arena, w->p, w->room, room);
        if (!grown) {
            w->draft->failed = true;
            return;
        }
        w->p = grown;
        w->room = room;
    }
    memcpy(w->p + w->n, p, n);
    w->n += n;
}

/* The element that says what kind of block the text of `node` is: itself, or the heading, item, cell around a div or p.
 */
static uint16_t kind_of(const struct tree *tree, uint32_t node)
{
    for (uint32_t i = node; i != 0; i = tree->nodes[i].parent) {
        uint16_t tag = tree->nodes[i].tag;
        if ((tag >= TAG_H1 && tag <= TAG_H6) || tag == TAG_LI || tag == TAG_PRE || tag == TAG_DT || tag == TAG_DD ||
            tag == TAG_TD || tag == TAG_TH || tag == TAG_BLOCKQUOTE || tag == TAG_FIGCAPTION)
            return tag;
        if (tag == TAG_P || tag == TAG_ARTICLE || tag == TAG_SECTION || tag == TAG_BODY || tag == TAG_UL ||
            tag == TAG_OL || tag == TAG_TABLE)
            return i == node ? tag : tree->nodes[node].tag;
    }
    return tree->nodes[node].tag;
}

/* Without what is no text at its ends: blanks, bars between empty cells, joiners that join nothing (editors fill empty
 * paragraphs with them). */
static struct nw_str trim_block(struct nw_str s)
{
    for (size_t before = SIZE_MAX; s.n != before;) {
        before = s.n;
        s = trim_set(s, " \n\t\r|");
        if (nw_str_starts(s, NW_S("\u200D")) || nw_str_starts(s, NW_S("\u200C")))
            s = nw_str_from(s, 3);
        if (nw_str_ends(s, NW_S("\u200D")) || nw_str_ends(s, NW_S("\u200C")))
            s.n -= 3;
    }
    return s;
}

static void end_run(struct walk *w)
{
    if (w->n == 0)
        return;
    struct nw_str text = nw_str(w->p, w->n);
    w->n = 0;
    if (memchr(text.p, 0xC3, text.n))
        text = text_unmojibake(w->draft->arena, text);
    struct nw_str tidy = w->pre ? text_tidy(w->draft->arena, text) : text_lines(w->draft->arena, text, 2);
    tidy = trim_block(tidy);
    if (tidy.n == 0) {
        w->links = 0;
        w->first = 0;
        return;
    }
    if (tidy.p >= w->p && tidy.p < w->p + w->room) { /* still in the run's memory, which the next one uses */
        tidy = nw_arena_dup(w->draft->arena, tidy);
        if (!tidy.p)
            w->draft->failed = true;
    }
    if (w->blocks->n == w->blocks->room) {
        size_t room = w->blocks->room ? w->blocks->room * 2 : 64;
        struct block *grown =
            nw_arena_grow(w->draft->arena, w->blocks->v, w->blocks->room * sizeof *grown, room * sizeof *grown);
        if (!grown) {
            w->draft->failed = true;
            return;
        }
        w->blocks->v = grown;
        w->blocks->room = room;
    }
    struct block *block = &w->blocks->v[w->blocks->n++];
    *block = (struct block){.text = tidy,
                            .node = w->node,
                            .first = w->first,
                            .tag = kind_of(w->tree, w->node),
                            .links = (uint32_t)w->links,
                            .row = w->in_row};
    w->links = 0;
    w->first = 0;
}

static void add_text(struct walk *w, uint32_t i, bool link)
{
    const struct node *node = &w->tree->nodes[i];
    size_t before = w->n;
    if (w->n == 0) {
        w->first = i;
    }
    if (html_is_plain(node->text, node->text_kind)) {
        put(w, node->text.p, node->text.n);
    } else {
        size_t most = HTML_UNESCAPED_MOST(node->text.n);
        if (w->n + most > w->room) {
            size_t room = (w->n + most) * 2;
            char *grown = nw_arena_grow(w->draft->arena, w->p, w->room, room);
            if (!grown) {
                w->draft->failed = true;
                return;
            }
            w->p = grown;
            w->room = room;
        }
        w->n += html_unescape(w->p + w->n, node->text, node->text_kind);
    }
    if (!w->pre) /* a line feed in the source is a blank; line feeds that count come from br */
        for (size_t k = before; k < w->n; k++)
            if (w->p[k] == '\n' || w->p[k] == '\r')
                w->p[k] = ' ';
    if (link)
        w->links += w->n - before;
}

static bool is_block(const struct node *node)
{
    return (node_kinds(node) & BLOCK) != 0;
}

void blocks_read(struct draft *draft, const struct tree *tree, uint32_t root, const unsigned char *skip,
                 struct blocks *blocks)
{
    struct walk w = {.draft = draft, .tree = tree, .blocks = blocks, .node = root};
    uint32_t end = tree->nodes[root].end, link_end = 0, pre_end = 0, row_end = 0,
             i = root + (root == 0 || !tree->nodes[root].is_text);
    /* `block` is the innermost block element that is open, found again by parents when one ends */
    uint32_t block = root, block_end = end;
    while (i < end && !draft->failed) {
        if (w.in_row && i >= row_end) {
            end_run(&w);
            w.in_row = false;
        }
        while (i >= block_end && block != root) { /* it has ended */
            if (!w.in_row)
                end_run(&w);
            uint32_t parent = tree->nodes[block].parent;
            while (parent > root && !is_block(&tree->nodes[parent]))
                parent = tree->nodes[parent].parent;
            block = parent < root ? root : parent;
            block_end = tree->nodes[block].end;
            if (!w.in_row)
                w.node = block;
        }
        if (w.pre && i >= pre_end)
            w.pre = false;
        const struct node *node = &tree->nodes[i];
        if (node->is_text) {
            add_text(&w, i, i < link_end);
            i++;
            continue;
        }
        if ((node_kinds(node) & UNSEEN) || (skip && skip[i])) {
            if (is_block(node) && !w.in_row)
                end_run(&w);
            i = node->end;
            continue;
        }
        switch (node->tag) {
        case TAG_BR:
            put(&w, w.in_row ? " " : "\n", 1);
            break;
        case TAG_A:
            if (node->end > link_end)
                link_end = node->end;
            break;
        default:
            break;
        }
        if (is_block(node)) {
            if (node->tag == TAG_TR && !w.in_row) {
                /* a row of short cells is one line; one that holds paragraphs is layout */
                bool simple = true;
                for (uint32_t k = i + 1; k < node->end && simple; k++)
                    simple = tree->nodes[k].is_text || !is_block(&tree->nodes[k]) || tree->nodes[k].tag == TAG_TD ||
                             tree->nodes[k].tag == TAG_TH ||
                             (tree->nodes[k].tag == TAG_P && tree->nodes[k].end - k < 6) ||
                             (tree->nodes[k].tag == TAG_DIV && tree->nodes[k].end - k < 4);
                if (simple) {
                    end_run(&w);
                    w.in_row = true;
                    row_end = node->end;
                    w.node = i;
                }
            }
            if (w.in_row) {
                if ((node->tag == TAG_TD || node->tag == TAG_TH) && w.n > 0)
                    put(&w, " | ", 3);
                else if (w.n > 0)
                    put(&w, " ", 1);
            } else {
                end_run(&w);
                w.node = i;
                if (node->tag == TAG_PRE) {
                    w.pre = true;
                    pre_end = node->end;
                }
            }
            if (node->end > i + 1) {
                block = i;
                block_end = node->end;
                if (!w.in_row)
                    w.node = i;
            }
        }
        i++;
    }
    end_run(&w);
}
