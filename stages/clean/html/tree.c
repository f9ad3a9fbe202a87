/* The node array: see tree.h. How HTML builds it is in build.c. */
#include "html/tree.h"

#include "unicode.h"

uint32_t tree_add(struct tree *tree, uint32_t parent)
{
    if (tree->count >= TREE_NODES_MOST) {
        tree_reach(tree, BOUND_NODES);
        return UINT32_MAX;
    }
    if (tree->count == tree->room) {
        size_t room = tree->room ? tree->room * 2 : 256;
        struct node *grown = nw_arena_grow(tree->arena, tree->nodes, tree->room * sizeof *grown, room * sizeof *grown);
        if (!grown) {
            tree->failed = true;
            return UINT32_MAX;
        }
        tree->nodes = grown;
        tree->room = room;
    }
    struct node *node = &tree->nodes[tree->count];
    *node = (struct node){.parent = parent, .end = (uint32_t)tree->count + 1, .attr = (uint32_t)tree->attr_count};
    return (uint32_t)tree->count++;
}

struct node_attr *tree_add_attr(struct tree *tree, uint32_t node)
{
    if (tree->attr_count == tree->attr_room) {
        size_t room = tree->attr_room ? tree->attr_room * 2 : 256;
        struct node_attr *grown =
            nw_arena_grow(tree->arena, tree->attrs, tree->attr_room * sizeof *grown, room * sizeof *grown);
        if (!grown) {
            tree->failed = true;
            return NULL;
        }
        tree->attrs = grown;
        tree->attr_room = room;
    }
    struct node_attr *attr = &tree->attrs[tree->attr_count++];
    *attr = (struct node_attr){0};
    tree->nodes[node].attrs++;
    return attr;
}

struct nw_str tree_unescape(struct nw_arena *arena, struct nw_str s, enum html_text kind)
{
    if (html_is_plain(s, kind))
        return s;
    size_t most = HTML_UNESCAPED_MOST(s.n);
    char *out = nw_arena_alloc(arena, most);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = html_unescape(out, s, kind);
    nw_arena_trim(arena, out, most, n);
    return nw_str(out, n);
}

struct nw_str tree_value(const struct tree *tree, const struct node *node, enum html_attr_name name)
{
    struct nw_str value = tree_attr(tree, node, name);
    return value.n ? text_line(tree->arena, tree_unescape(tree->arena, value, HTML_VALUE)) : value;
}

struct nw_str tree_line(const struct tree *tree, uint32_t at)
{
    size_t most = 8;
    for (uint32_t i = at; i < tree->nodes[at].end; i++)
        most += tree->nodes[i].is_text ? HTML_UNESCAPED_MOST(tree->nodes[i].text.n) : 1;
    char *out = nw_arena_alloc(tree->arena, most);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = 0;
    for (uint32_t i = at; i < tree->nodes[at].end;) {
        const struct node *node = &tree->nodes[i];
        if (node->is_text) {
            n += html_unescape(out + n, node->text, node->text_kind);
        } else if (i != at && (node_kinds(node) & UNSEEN)) {
            i = node->end;
            continue;
        } else if ((node_kinds(node) & BLOCK) || node->tag == TAG_BR) {
            out[n++] = ' ';
        }
        i++;
    }
    struct nw_str raw = nw_str(out, n);
    if (memchr(out, 0xC3, n))
        raw = text_unmojibake(tree->arena, raw);
    struct nw_str line = text_line(tree->arena, raw);
    if (line.p >= out && line.p <= out + n)
        nw_arena_trim(tree->arena, out, most, n);
    return line;
}
