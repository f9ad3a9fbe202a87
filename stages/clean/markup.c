/* Markup inside other formats: see markup.h. */
#include "markup.h"

#include "chars.h"
#include "html/blocks.h"
#include "html/extract.h"
#include "lines.h"
#include "unicode.h"

bool markup_is(struct nw_str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] == '<' && (is_alpha((unsigned char)s.p[i + 1]) || s.p[i + 1] == '/' || s.p[i + 1] == '!'))
            return true;
        if (s.p[i] == '&' && (is_alpha((unsigned char)s.p[i + 1]) || s.p[i + 1] == '#')) {
            char out[8];
            size_t used;
            html_reference(nw_str_from(s, i), false, out, &used);
            if (used)
                return true;
        }
    }
    return false;
}

void markup_body(struct draft *draft, struct nw_str html)
{
    if (!markup_is(html)) {
        draft_text(draft, html, true);
        return;
    }
    struct tree tree;
    tree_parse_html(&tree, draft->arena, html);
    if (!draft_tree(draft, &tree))
        return;
    extract_all(draft, &tree, 0, true);
}

struct nw_str markup_line(struct draft *draft, struct nw_str html)
{
    if (!markup_is(html))
        return draft_line(draft, html);
    struct tree tree;
    tree_parse_html(&tree, draft->arena, html);
    if (!draft_tree(draft, &tree))
        return nw_str(NULL, 0);
    return tree_line(&tree, 0);
}

/* Lines above the text that agencies' HTML has in elements of their own: section, source, byline. */
static bool is_vignette(const struct tree *tree, const struct node *node)
{
    struct nw_str class = tree_attr(tree, node, ATTR_CLASS);
    return class.n > 0 &&
           (has_word(class, NW_S("vignette")) || has_word(class, NW_S("dat")) || has_word(class, NW_S("byline")));
}

/* One paragraph of many lines, the first of each paragraph indented: copy as it stood on the wire. */
static bool preformatted(struct nw_str s)
{
    size_t feeds = 0, indented = 0;
    for (size_t i = 0; i + 2 < s.n; i++)
        if (s.p[i] == '\n') {
            feeds++;
            indented += s.p[i + 1] == ' ' && s.p[i + 2] == ' ';
        }
    return feeds >= 3 && indented >= 2;
}

void markup_element(struct draft *draft, const struct tree *tree, uint32_t node)
{
    if (!node)
        return;
    struct blocks blocks = {0};
    unsigned char *skip = nw_arena_zalloc(draft->arena, tree->count);
    if (!skip) {
        draft->failed = true;
        return;
    }
    uint32_t only = 0;
    size_t texts = 0;
    for (uint32_t i = node; i < tree->nodes[node].end; i++) {
        const struct node *n = &tree->nodes[i];
        if (n->is_text) {
            if (nw_str_trim(n->text).n > 0) {
                texts++;
                only = i;
            }
            continue;
        }
        skip[i] = n->tag == TAG_FIGCAPTION || n->tag == TAG_FIGURE || n->tag == TAG_HEADER || n->tag == TAG_H1 ||
                  n->tag == TAG_ASIDE || n->tag == TAG_FOOTER || is_vignette(tree, n);
    }
    if (texts == 1 && preformatted(tree->nodes[only].text)) {
        lines_read(draft, text_tidy(draft->arena, tree->nodes[only].text));
        return;
    }
    blocks_read(draft, tree, node, skip, &blocks);
    for (size_t i = 0; i < blocks.n; i++)
        draft_text(draft, blocks.v[i].text, blocks.v[i].tag == TAG_PRE || blocks.v[i].row);
}

static bool same(struct nw_str a, struct nw_str b)
{
    return nw_str_eq_nocase(nw_str_trim(a), nw_str_trim(b));
}

void markup_drop_headlines(struct draft *draft)
{
    struct nw_record *r = draft->record;
    for (int round = 0; r && round < 3 && draft->count > 1; round++) {
        bool drop = false;
        for (size_t i = 0; NW_HAS(record, r, headlines) && i < r->headlines.n && !drop; i++)
            drop = same(draft->paragraphs[0], r->headlines.v[i].value) && !nw_str_ends(draft->paragraphs[0], NW_S("."));
        if (!drop)
            return;
        memmove(draft->paragraphs, draft->paragraphs + 1, (draft->count - 1) * sizeof *draft->paragraphs);
        draft->count--;
    }
}

/* Length of "scheme:", 0 for none. */
static size_t scheme_of(struct nw_str s)
{
    size_t i = 0;
    while (i < s.n && (is_alnum((unsigned char)s.p[i]) || s.p[i] == '+' || s.p[i] == '-' || s.p[i] == '.'))
        i++;
    return i > 0 && byte_at(s, i) == ':' && is_alpha((unsigned char)s.p[0]) ? i + 1 : 0;
}

struct nw_str address_join(struct draft *draft, struct nw_str base, struct nw_str ref)
{
    base = draft_line(draft, base);
    ref = draft_line(draft, ref);
    size_t scheme = scheme_of(base);
    if (ref.n == 0)
        return base;
    if (scheme_of(ref) || base.n == 0)
        return ref;
    if (nw_str_starts(ref, NW_S("//")))
        return scheme ? draft_printf(draft, "%.*s%.*s", (int)scheme, base.p, NW_FMT(ref)) : ref;
    size_t host = scheme, path;
    if (nw_str_starts(nw_str_from(base, scheme), NW_S("//"))) {
        host = scheme + 2;
        while (host < base.n && base.p[host] != '/' && base.p[host] != '?' && base.p[host] != '#')
            host++;
    }
    if (ref.p[0] == '/')
        return draft_printf(draft, "%.*s%.*s", (int)host, base.p, NW_FMT(ref));
    for (path = host; path < base.n && base.p[path] != '?' && base.p[path] != '#'; path++)
        ;
    if (ref.p[0] == '#' || ref.p[0] == '?')
        return draft_printf(draft, "%.*s%.*s", (int)path, base.p, NW_FMT(ref));
    while (path > host && base.p[path - 1] != '/')
        path--;
    return draft_printf(draft, "%.*s%s%.*s", (int)path, base.p, path == host ? "/" : "", NW_FMT(ref));
}

struct nw_str markup_address(struct draft *draft, const struct tree *tree, uint32_t node, struct nw_str ref)
{
    enum { BASES = 8 };
    ref = draft_line(draft, ref);
    for (int i = 0; node != 0 && i < BASES && !scheme_of(ref); i++) {
        while (node != 0 && xml_attr(tree, node, "base").n == 0)
            node = tree->nodes[node].parent;
        if (node == 0)
            break;
        ref = address_join(draft, xml_attr(tree, node, "base"), ref);
        node = tree->nodes[node].parent;
    }
    return ref;
}
