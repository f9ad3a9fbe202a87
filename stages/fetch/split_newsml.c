/*
 * NewsML-G2 newsMessage: one item for each child of its <itemSet> (newsItem, packageItem, …). Each is given as a
 * newsMessage of its own: all that stands before the first child (declaration, namespaces, header), the child, the two
 * closing tags. So prefixes resolve, the header's dates and priority come along, and whoever reads a newsMessage reads
 * this. Single newsItem documents are left whole, and so is what has no <itemSet> near its beginning.
 */
#include "find.h"
#include "split.h"
#include "xml.h"

enum { CONTEXT_MAX = SPLIT_SLACK / 2 };

/* Reads up to the opening of <itemSet>; *context: the bytes up to its end. */
static enum split_fit context_find(struct view view, size_t *context, struct nw_str names[2])
{
    struct nw_str s = nw_str(view.bytes.p, view.bytes.n < CONTEXT_MAX ? view.bytes.n : CONTEXT_MAX);
    struct nw_str text = nw_str_trim(split_unmarked(s));
    size_t at = 0;
    struct xml_tag tag;

    if (text.n && text.p[0] != '<')
        return SPLIT_NO;
    names[0] = names[1] = nw_str("", 0);
    while (xml_next(s, &at, &tag)) {
        struct nw_str local = xml_local(tag.name);
        if (names[0].n == 0) {
            if (tag.kind != XML_OPEN || !nw_str_eq(local, NW_S("newsMessage")))
                return SPLIT_NO;
            names[0] = tag.name;
        } else if (tag.kind == XML_OPEN && nw_str_eq(local, NW_S("itemSet"))) {
            names[1] = tag.name;
            *context = tag.to;
            return SPLIT_YES;
        }
    }
    return view.last || s.n == CONTEXT_MAX ? SPLIT_NO : SPLIT_PERHAPS;
}

static enum split_fit newsml_fits(struct view head, struct nw_str name)
{
    struct nw_str names[2];
    size_t context;

    (void)name;
    return context_find(head, &context, names);
}

/* Keeps what goes before each item, and where in it the names stand that close what it opens. split->inside says that
 * it was there; *at is then behind it. */
static enum split_step newsml_begin(struct split *split, struct view view, size_t *at)
{
    struct nw_str names[2];
    size_t context;

    switch (context_find(view, &context, names)) {
    case SPLIT_YES:
        break;
    case SPLIT_PERHAPS:
        return split_more(split, 0, 0);
    case SPLIT_NO:
        split->over = true;
        return split_bad(split, view.bytes.n, "its <itemSet> can't be found; left out");
    }
    for (int i = 0; i < 2; i++) {
        split->name[i].at = (size_t)(names[i].p - view.bytes.p);
        split->name[i].n = names[i].n;
    }
    if (nw_buf_add(&split->work, view.bytes.p, context))
        return split_bad(split, view.bytes.n, "no memory for its first %zu bytes; left out", context);
    split->inside = true;
    split->context = *at = context;
    return SPLIT_ITEM;
}

/* What stands before the first child, the child, the closing tags of <itemSet> and <newsMessage>. */
static enum split_step newsml_item(struct split *split, size_t taken, struct nw_str child, uint64_t at,
                                   struct item *item)
{
    size_t tail = split->name[0].n + split->name[1].n + 6;

    split->depth = 0;
    if (split->skipping || split->context + child.n + tail > ITEM_MAX) {
        uint64_t begin = split->skipping ? split->skip : at;
        split->skipping = false;
        return split_large(split, taken, begin, at + child.n - begin);
    }
    split->work.n = split->context;
    if (nw_buf_reserve(&split->work, child.n + tail))
        return split_bad(split, taken, "item %llu at byte %llu: no memory for its %zu bytes; left out",
                         (unsigned long long)split->count++, (unsigned long long)at, child.n);
    nw_buf_str(&split->work, child);
    for (int i = 1; i >= 0; i--) {
        nw_buf_add(&split->work, "</", 2);
        nw_buf_add(&split->work, split->work.p + split->name[i].at, split->name[i].n);
        nw_buf_char(&split->work, '>');
    }
    *item = (struct item){.bytes = nw_buf_view(&split->work), .format = NW_S("newsml-g2"), .at = at};
    return split_item(split, taken, item);
}

/* The window ends before the next tag or the child does; `at`: where to go on, `start`: where the child begins. */
static enum split_step newsml_more(struct split *split, struct view view, size_t start, size_t at)
{
    uint64_t begin = split->skipping ? split->skip : view.at + start;

    if (view.last && split->depth == 0)
        return split_end(split, view.bytes.n);
    if (view.last) {
        split->depth = 0;
        return split_bad(split, view.bytes.n,
                         "item %llu at byte %llu: cut off after %llu bytes, before its end; left out",
                         (unsigned long long)split->count++, (unsigned long long)begin,
                         (unsigned long long)(view.at + view.bytes.n - begin));
    }
    if (at == 0 && view.bytes.n >= SPLIT_WINDOW) {
        split->over = true;
        return split_bad(split, view.bytes.n,
                         "a comment or CDATA section at byte %llu is past 16 MiB; left out, with the rest",
                         (unsigned long long)view.at);
    }
    if (split->depth == 0)
        return split_more(split, at, 0);
    if (!split->skipping && view.bytes.n - start > ITEM_MAX) {
        split->skipping = true;
        split->skip = begin;
    }
    return split->skipping ? split_more(split, at, 0) : split_more(split, start, at - start);
}

/* Behind the last item: nothing of interest. */
static enum split_step newsml_rest(struct split *split, struct view view)
{
    return view.last ? split_end(split, view.bytes.n) : split_more(split, view.bytes.n, 0);
}

static enum split_step newsml_next(struct split *split, struct view view, struct item *item)
{
    size_t start = 0, at = split->scanned;
    struct xml_tag tag;

    if (split->over)
        return newsml_rest(split, view);
    if (!split->inside) {
        enum split_step step = newsml_begin(split, view, &at);
        if (!split->inside)
            return step;
        start = at;
    }
    while (xml_next(view.bytes, &at, &tag)) {
        if (split->depth == 0 && tag.kind == XML_CLOSE) {
            split->over = true; /* an empty message is an item: clean says so */
            return split->count ? newsml_rest(split, view)
                                : newsml_item(split, tag.to, nw_str("", 0), view.at + tag.from, item);
        }
        if (split->depth == 0)
            start = tag.from;
        split->depth += tag.kind == XML_OPEN;
        split->depth -= tag.kind == XML_CLOSE;
        if (split->depth == 0)
            return newsml_item(split, tag.to, nw_str(view.bytes.p + start, tag.to - start), view.at + start, item);
    }
    return newsml_more(split, view, start, at);
}

const struct splitter split_newsml = {.name = "NewsML-G2 message", .fits = newsml_fits, .next = newsml_next};
