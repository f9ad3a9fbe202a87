/*
 * RSS 0.9x, 1.0 (RDF) and 2.0, and WordPress exports (WXR), which are RSS with elements of their own.
 *
 * Quirks: items inside the channel or beside it; RSS elements in a namespace of their own; text, escaped HTML and CDATA
 * alike, at times XHTML as elements; content in content:encoded, body, or the description alone; dates in pubDate or
 * dc:date; authors in author ("address (Name)"), dc:creator, itunes:author; a guid that is no address, unless
 * isPermaLink; link as text, as atom:link, or only as the guid. WXR: posts, pages and attachments are items alike;
 * post_date_gmt is the time, draft and trash are left out; content may be text with bare line ends.
 */
#include "chars.h"
#include "feed.h"
#include "unicode.h"
#include "wire.h"

/* The first child of that name in one of two namespaces; SPACE_RSS matches elements without one too. */
static uint32_t child_in(const struct tree *tree, uint32_t item, const char *name, enum xml_space space)
{
    for (uint32_t i = xml_child(tree, item, name); i; i = xml_sibling(tree, i, name)) {
        enum xml_space is = xml_space_of(tree, i);
        if (is == space || (space == SPACE_RSS && (is == SPACE_NONE || is == SPACE_OTHER || is == SPACE_RSS)))
            return i;
    }
    return 0;
}

static struct nw_str text_in(const struct tree *tree, uint32_t item, const char *name, enum xml_space space)
{
    return xml_text(tree, child_in(tree, item, name, space));
}

static struct nw_str first_of(struct nw_str a, struct nw_str b)
{
    return nw_str_trim(a).n > 0 ? a : b;
}

/* "ada@example.org (Ada Lovelace)", "Ada Lovelace <ada@…>", or a name. */
static struct nw_str person(struct nw_str s)
{
    s = nw_str_trim(s);
    const char *open = s.n ? memchr(s.p, '(', s.n) : NULL,
               *close = open ? memchr(open, ')', s.n - (size_t)(open - s.p)) : NULL,
               *at = s.n ? memchr(s.p, '@', s.n) : NULL;
    if (open && close && at && at < open)
        return nw_str_trim(nw_str(open + 1, (size_t)(close - open) - 1));
    const char *angle = s.n ? memchr(s.p, '<', s.n) : NULL;
    if (angle && angle > s.p)
        return trim_set(nw_str(s.p, (size_t)(angle - s.p)), " \"");
    return s;
}

static void authors(struct draft *draft, const struct tree *tree, uint32_t item)
{
    static const struct {
        const char *name;
        enum xml_space space;
    } places[] = {{"author", SPACE_RSS},    {"creator", SPACE_DC},  {"author", SPACE_DC},
                  {"author", SPACE_ITUNES}, {"creator", SPACE_RSS}, {"author", SPACE_ATOM}};
    struct nw_str by = nw_str(NULL, 0);
    for (size_t k = 0; k < sizeof places / sizeof *places && by.n == 0; k++)
        for (uint32_t i = xml_child(tree, item, places[k].name); i; i = xml_sibling(tree, i, places[k].name)) {
            enum xml_space is = xml_space_of(tree, i);
            if (is != places[k].space && !(places[k].space == SPACE_RSS && (is == SPACE_NONE || is == SPACE_OTHER)))
                continue;
            uint32_t name = xml_child(tree, i, "name");
            struct nw_str one = draft_line(draft, person(markup_line(draft, xml_text(tree, name ? name : i))));
            if (one.n > 0 && one.n < 200)
                by = draft_join(draft, by, one);
        }
    draft_by(draft, by);
}

static struct nw_str link_of(struct draft *draft, const struct tree *tree, uint32_t item, struct nw_str guid,
                             bool permalink)
{
    struct nw_str link = draft_line(draft, text_in(tree, item, "link", SPACE_RSS));
    if (link.n == 0) {
        for (uint32_t i = xml_child(tree, item, "link"); i && link.n == 0; i = xml_sibling(tree, i, "link")) {
            struct nw_str rel = xml_attr(tree, i, "rel");
            if (rel.n == 0 || nw_str_eq(rel, NW_S("alternate")))
                link = draft_line(draft, xml_attr(tree, i, "href"));
        }
    }
    if (link.n == 0 && permalink && nw_str_starts(guid, NW_S("http")))
        link = guid;
    if (link.n == 0)
        link = xml_attr(tree, item, "about");
    return markup_address(draft, tree, item, link);
}

static void wxr_fields(struct draft *draft, const struct tree *tree, uint32_t item)
{
    struct nw_str gmt = text_in(tree, item, "post_date_gmt", SPACE_WP);
    struct date date;
    if (date_read(gmt, &date)) {
        date.zone = true;
        draft_moment(draft, MOMENT_VERSION, &date);
        draft_moment(draft, MOMENT_FIRST, &date);
    }
    draft_alt_id(draft, text_in(tree, item, "post_id", SPACE_WP), "wordpress");
}

static bool wxr_left_out(const struct tree *tree, uint32_t item)
{
    struct nw_str status = nw_str_trim(text_in(tree, item, "status", SPACE_WP));
    return nw_str_eq(status, NW_S("draft")) || nw_str_eq(status, NW_S("trash")) ||
           nw_str_eq(status, NW_S("auto-draft")) || nw_str_eq(status, NW_S("private")) ||
           nw_str_eq(status, NW_S("pending"));
}

/* WordPress keeps what its users typed: text with bare line ends, where an empty line parts paragraphs, unless there
 * are elements that do. */
static struct nw_str typed_text(struct draft *draft, struct nw_str s)
{
    static const struct nw_str blocks[] = {NW_STR("<p"), NW_STR("<div"), NW_STR("<br"), NW_STR("<table"),
                                           NW_STR("<ul")},
                               mark = NW_STR("\n<p>");
    size_t breaks = 0, n = 0;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (find_nocase(s, blocks[i]) != SIZE_MAX)
            return s;
    for (size_t i = 0; i + 1 < s.n; i++)
        breaks += s.p[i] == '\n';
    char *out = breaks ? draft_alloc(draft, s.n + breaks * mark.n) : NULL;
    if (!out)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\r')
            continue;
        if (s.p[i] == '\n' && n > 0 && out[n - 1] == '\n') {
            memcpy(out + n, mark.p, mark.n);
            n += mark.n;
        } else {
            out[n++] = s.p[i];
        }
    }
    return nw_str(out, n);
}

/* media:keywords: "flood, dike, storm" */
static void keywords(struct draft *draft, struct nw_str list)
{
    for (size_t n = 0; list.n > 0 && n < KEYWORDS_MOST; n++) {
        const char *comma = memchr(list.p, ',', list.n);
        size_t end = comma ? (size_t)(comma - list.p) : list.n;
        draft_subject(draft, markup_line(draft, nw_str(list.p, end)), nw_str(NULL, 0), nw_str(NULL, 0));
        list = nw_str_from(list, end + (comma != NULL));
    }
    if (list.n > 0)
        bound_reach(draft->clean, BOUND_KEYWORDS);
}

static int item(struct feed *feed, const struct tree *tree, uint32_t node, bool wxr)
{
    struct draft draft;
    feed_entry(feed, &draft);
    if (wxr && wxr_left_out(tree, node))
        return 0;
    struct nw_str title = text_in(tree, node, "title", SPACE_RSS);
    for (int k = 0; k < 3 && nw_str_trim(title).n == 0; k++)
        title = text_in(tree, node, "title", (const enum xml_space[]){SPACE_DC, SPACE_ATOM, SPACE_MEDIA}[k]);
    draft_headline(&draft, markup_line(&draft, title));
    uint32_t guid_node = child_in(tree, node, "guid", SPACE_RSS);
    struct nw_str guid = draft_line(&draft, xml_text(tree, guid_node));
    if (guid.n == 0)
        guid = draft_line(&draft, text_in(tree, node, "identifier", SPACE_DC));
    if (guid.n == 0)
        guid = draft_line(&draft, text_in(tree, node, "id", SPACE_ATOM));
    struct nw_str link =
        link_of(&draft, tree, node, guid, !nw_str_eq_nocase(xml_attr(tree, guid_node, "isPermaLink"), NW_S("false")));
    draft_uri(&draft, feed->format, guid);
    if (wxr)
        wxr_fields(&draft, tree, node);
    struct nw_str dates[] = {text_in(tree, node, "pubDate", SPACE_RSS),    text_in(tree, node, "date", SPACE_DC),
                             text_in(tree, node, "published", SPACE_ATOM), text_in(tree, node, "issued", SPACE_DC),
                             text_in(tree, node, "created", SPACE_DC),     text_in(tree, node, "pubdate", SPACE_RSS),
                             text_in(tree, node, "date", SPACE_RSS),       text_in(tree, node, "updated", SPACE_ATOM)};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        draft_moment_of(&draft, MOMENT_FIRST, dates[i]);
    draft_moment_of(&draft, MOMENT_VERSION, text_in(tree, node, "modified", SPACE_DC));
    draft_moment_of(&draft, MOMENT_VERSION, text_in(tree, node, "updated", SPACE_ATOM));
    authors(&draft, tree, node);
    for (uint32_t i = xml_child(tree, node, "category"); i; i = xml_sibling(tree, i, "category"))
        feed_category(&draft, markup_line(&draft, xml_text(tree, i)), nw_str(NULL, 0), xml_attr(tree, i, "domain"));
    keywords(&draft, text_in(tree, node, "keywords", SPACE_MEDIA));
    for (uint32_t i = xml_child(tree, node, "subject"); i; i = xml_sibling(tree, i, "subject"))
        draft_subject(&draft, markup_line(&draft, xml_text(tree, i)), nw_str(NULL, 0), nw_str(NULL, 0));
    draft_copyright(&draft, nw_str(NULL, 0), first_of(text_in(tree, node, "rights", SPACE_DC), feed->rights),
                    nw_str(NULL, 0));
    uint32_t source = child_in(tree, node, "source", SPACE_RSS);
    draft_source(&draft, markup_line(&draft, xml_text(tree, source)), NULL);
    struct nw_str summary =
        first_of(text_in(tree, node, "description", SPACE_RSS), text_in(tree, node, "description", SPACE_DC));
    summary = first_of(summary, text_in(tree, node, "summary", SPACE_ITUNES));
    summary = first_of(summary, text_in(tree, node, "summary", SPACE_ATOM));
    if (wxr)
        summary = first_of(text_in(tree, node, "encoded", SPACE_EXCERPT), summary);
    struct nw_str content =
        first_of(text_in(tree, node, "encoded", SPACE_CONTENT), text_in(tree, node, "content", SPACE_ATOM));
    content = first_of(content, text_in(tree, node, "content", SPACE_RSS));
    if (wxr)
        content = typed_text(&draft, content);
    uint32_t body = xml_child(tree, node, "body");
    if (nw_str_trim(content).n == 0 && body)
        markup_element(&draft, tree, body);
    if (nw_str_trim(summary).n == 0 && draft.count == 0 && nw_str_trim(content).n == 0)
        summary = text_in(tree, node, "description", SPACE_MEDIA);
    if (draft.count > 0) {
        if (nw_str_trim(summary).n > 0)
            draft_description(&draft, markup_line(&draft, summary), "summary");
        summary = content = nw_str(NULL, 0);
    }
    return feed_emit(feed, &draft, summary, content, link);
}

static int read_rss(const struct input *input, const char *format)
{
    struct tree tree;
    struct feed feed;
    int verdict;
    if (!feed_document(input, format, &tree, &feed, &verdict))
        return verdict;
    uint32_t channel = xml_find(&tree, 0, "channel");
    struct draft probe;
    draft_begin(&probe, input->context, input->clean, input->raw, format);
    feed.title = markup_line(&probe, text_in(&tree, channel, "title", SPACE_RSS));
    feed.rights = draft_line(
        &probe, first_of(text_in(&tree, channel, "copyright", SPACE_RSS), text_in(&tree, channel, "rights", SPACE_DC)));
    feed.language = draft_line(&probe, first_of(text_in(&tree, channel, "language", SPACE_RSS),
                                                text_in(&tree, channel, "language", SPACE_DC)));
    bool wxr = strcmp(format, "wxr") == 0;
    for (uint32_t i = xml_find(&tree, 0, "item"); i; i = xml_each(&tree, 0, tree.nodes[i].end - 1, "item")) {
        if (input_full(input, feed.emitted))
            break;
        int error = item(&feed, &tree, i, wxr);
        if (error < 0)
            return error;
    }
    return feed_end(&feed);
}

int rss_format(const struct input *input)
{
    return read_rss(input, "rss");
}

int wxr_format(const struct input *input)
{
    return read_rss(input, "wxr");
}
