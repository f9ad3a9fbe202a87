/* Shapes of elements: see shapes.h. */
#include "html/shapes.h"

enum { ANNOUNCEMENT_LEAST = 25 }; /* bytes of a sentence that announces a list of links */

bool shape_holds_items(enum html_tag tag)
{
    switch (tag) {
    case TAG_P:
    case TAG_UL:
    case TAG_OL:
    case TAG_LI:
    case TAG_DL:
    case TAG_DT:
    case TAG_DD:
    case TAG_TABLE:
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TR:
    case TAG_TD:
    case TAG_TH:
    case TAG_PRE:
    case TAG_BLOCKQUOTE:
        return true;
    default:
        return tag >= TAG_H1 && tag <= TAG_H6;
    }
}

bool shape_holds_text(const struct tree *tree, uint32_t figure)
{
    for (uint32_t i = figure + 1; i < tree->nodes[figure].end; i++)
        if (!tree->nodes[i].is_text && (tree->nodes[i].tag == TAG_TABLE || tree->nodes[i].tag == TAG_PRE))
            return true;
    return false;
}

bool shape_is_announced(const struct tree *tree, uint32_t box)
{
    uint32_t list = box;
    while (list + 1 < tree->nodes[box].end && (tree->nodes[list].is_text || tree->nodes[list].tag == TAG_DIV))
        list++;
    if (tree->nodes[list].tag != TAG_UL && tree->nodes[list].tag != TAG_OL)
        return false;
    for (uint32_t i = box - 1; i > 0; i--) {
        struct nw_str text = nw_str_trim(tree->nodes[i].text);
        if (tree->nodes[i].is_text && text.n > 0)
            return text.n >= ANNOUNCEMENT_LEAST && nw_str_ends(text, NW_S(":")) &&
                   tree->nodes[tree->nodes[i].parent].tag == TAG_P;
    }
    return false;
}

bool shape_is_heading_box(const struct tree *tree, uint32_t box)
{
    uint32_t heading_end = 0;
    for (uint32_t i = box + 1; i < tree->nodes[box].end; i++) {
        const struct node *node = &tree->nodes[i];
        if (!node->is_text && node->tag >= TAG_H2 && node->tag <= TAG_H6)
            heading_end = node->end;
        else if (node->is_text ? i >= heading_end && nw_str_trim(node->text).n > 0 : node->tag == TAG_A)
            return false;
    }
    return heading_end > 0;
}
