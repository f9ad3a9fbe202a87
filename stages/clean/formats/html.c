/*
 * A web page: one article, its text and what the page says about it.
 *
 * Quirks: pages declare charsets they are not in; the title stands in five places and differs in each; dates of teasers
 * look like the article's; the body may be split over several elements, or stand in JSON-LD alone. What is chosen from
 * what is in html/extract.c and html/meta.c.
 */
#include "format.h"
#include "html/extract.h"
#include "html/meta.h"
#include "html/state.h"

#include <newswire/error.h>

#include <errno.h>

int html_format(const struct input *input)
{
    struct draft draft;
    struct nw_str text;
    struct tree tree;
    if (!input_begin(input, "html", true, &draft, &text))
        return nw_fault(-ENOMEM);
    tree_parse_html(&tree, input->arena, text);
    if (!draft_tree(&draft, &tree))
        return nw_fault(-ENOMEM);
    struct meta meta;
    meta_read(&draft, &tree, &meta);
    extract_article(&draft, &tree, meta.headline);
    state_fill(&draft, &tree, &meta);
    meta_apply(&draft, &meta);
    return draft_emit(&draft, CONVENTIONS_READ);
}
