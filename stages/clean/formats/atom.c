/*
 * Atom 1.0 and 0.3.
 *
 * Quirks: content as text, escaped HTML, XHTML in elements, or Base64 (mode="base64"); 0.3 says issued, created,
 * modified; links with rel; xml:base at every level; an author of the feed is the author of entries that name none.
 */
#include "chars.h"
#include "encodings.h"
#include "feed.h"
#include "unicode.h"

/* The text of a construct: type text, html, xhtml, or a media type. XHTML's elements are given as their text. */
static struct nw_str construct(struct draft *draft, const struct tree *tree, uint32_t node, bool line)
{
    if (!node)
        return nw_str(NULL, 0);
    struct nw_str type = xml_attr(tree, node, "type"), mode = xml_attr(tree, node, "mode"), text = xml_text(tree, node);
    if (nw_str_eq_nocase(mode, NW_S("base64")) ||
        (type.n > 0 && !nw_str_starts_nocase(type, NW_S("text")) && memchr(type.p, '/', type.n) &&
         xml_child(tree, node, "*") == 0 && base64_is(text))) {
        struct nw_str decoded = base64_decode(draft->arena, text);
        if (decoded.p)
            text = decode(draft->arena, decoded, nw_str(NULL, 0), false).text;
    }
    if (line && xml_child(tree, node, "*"))
        return tree_line(tree, node);
    return text;
}

static struct nw_str link_of(struct draft *draft, const struct tree *tree, uint32_t node)
{
    struct nw_str any = nw_str(NULL, 0);
    for (uint32_t i = xml_child(tree, node, "link"); i; i = xml_sibling(tree, i, "link")) {
        struct nw_str rel = xml_attr(tree, i, "rel"), href = xml_attr(tree, i, "href");
        if (href.n == 0)
            href = xml_line(tree, i);
        if (href.n == 0)
            continue;
        href = markup_address(draft, tree, i, href);
        if (rel.n == 0 || nw_str_eq(rel, NW_S("alternate")))
            return href;
        if (any.n == 0)
            any = href;
    }
    return any;
}

static struct nw_str authors(struct draft *draft, const struct tree *tree, uint32_t node)
{
    struct nw_str by = nw_str(NULL, 0);
    static const char *const names[] = {"author", "creator"};
    for (size_t k = 0; k < 2 && by.n == 0; k++)
        for (uint32_t i = xml_child(tree, node, names[k]); i; i = xml_sibling(tree, i, names[k])) {
            uint32_t name = xml_child(tree, i, "name");
            struct nw_str one = markup_line(draft, xml_text(tree, name ? name : xml_child(tree, i, "*") ? 0 : i));
            if (one.n > 0 && one.n < 200)
                by = draft_join(draft, by, one);
        }
    return by;
}

static int entry(struct feed *feed, const struct tree *tree, uint32_t node, uint32_t root)
{
    struct draft draft;
    feed_entry(feed, &draft);
    draft_headline(&draft, markup_line(&draft, construct(&draft, tree, xml_child(tree, node, "title"), true)));
    draft_uri(&draft, feed->format,
              markup_address(&draft, tree, xml_child(tree, node, "id"), xml_line(tree, xml_child(tree, node, "id"))));
    static const char *const published[] = {"published", "issued", "created", "date"}, *const updated[] = {"updated",
                                                                                                           "modified"};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        draft_moment_of(&draft, MOMENT_FIRST, xml_line(tree, xml_child(tree, node, published[i])));
    for (size_t i = 0; i < sizeof updated / sizeof *updated; i++)
        draft_moment_of(&draft, MOMENT_VERSION, xml_line(tree, xml_child(tree, node, updated[i])));
    struct nw_str by = authors(&draft, tree, node);
    draft_by(&draft, by.n ? by : authors(&draft, tree, root));
    for (uint32_t i = xml_child(tree, node, "category"); i; i = xml_sibling(tree, i, "category")) {
        struct nw_str label = xml_attr(tree, i, "label"), term = xml_attr(tree, i, "term");
        feed_category(&draft, label.n ? label : term.n ? term : xml_line(tree, i), term, xml_attr(tree, i, "scheme"));
    }
    struct nw_str rights = xml_line(tree, xml_child(tree, node, "rights"));
    draft_copyright(&draft, nw_str(NULL, 0), rights.n ? rights : feed->rights, nw_str(NULL, 0));
    struct nw_str language = xml_attr(tree, node, "lang");
    if (language.n)
        draft.hint = language;
    struct nw_str link = link_of(&draft, tree, node);
    uint32_t content = xml_child(tree, node, "content"), summary_node = xml_child(tree, node, "summary");
    struct nw_str summary = construct(&draft, tree, summary_node, true), text = nw_str(NULL, 0);
    if (nw_str_trim(summary).n == 0)
        summary = construct(&draft, tree, xml_child(tree, node, "subtitle"), true);
    if (nw_str_trim(summary).n == 0) { /* YouTube has it in a media:group */
        uint32_t group = xml_child(tree, node, "group");
        summary = xml_text(tree, xml_child(tree, group ? group : node, "description"));
    }
    if (content && xml_child(tree, content, "*")) {
        markup_element(&draft, tree, content);
        if (nw_str_trim(summary).n > 0 && draft.count > 0) {
            draft_description(&draft, markup_line(&draft, summary), "summary");
            summary = nw_str(NULL, 0);
        }
        if (draft.count > 0)
            summary = nw_str(NULL, 0);
    } else if (content) {
        text = construct(&draft, tree, content, false);
    }
    return feed_emit(feed, &draft, summary, text, link);
}

int atom_format(const struct input *input)
{
    struct tree tree;
    struct feed feed;
    int verdict;
    if (!feed_document(input, "atom", &tree, &feed, &verdict))
        return verdict;
    uint32_t root = xml_find(&tree, 0, "feed");
    struct draft probe;
    draft_begin(&probe, input->context, input->clean, input->raw, "atom");
    feed.title = markup_line(&probe, construct(&probe, &tree, xml_child(&tree, root, "title"), true));
    feed.language = xml_attr(&tree, root, "lang");
    feed.rights = xml_line(&tree, xml_child(&tree, root, "rights"));
    for (uint32_t i = xml_find(&tree, 0, "entry"); i; i = xml_each(&tree, 0, tree.nodes[i].end - 1, "entry")) {
        if (input_full(input, feed.emitted))
            break;
        int error = entry(&feed, &tree, i, root);
        if (error < 0)
            return error;
    }
    return feed_end(&feed);
}
