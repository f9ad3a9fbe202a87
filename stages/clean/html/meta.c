/* Reading of a page's metadata: see meta.h. Titles are chosen in title.c, dates in when.c; JSON-LD is read in ld.c. */
#include "html/meta.h"

#include "address.h"
#include "chars.h"
#include "html/author.h"
#include "html/classes.h"
#include "html/figure.h"
#include "html/ld.h"
#include "html/near.h"
#include "html/title.h"
#include "html/when.h"
#include "lines.h"
#include "markup.h"
#include "unicode.h"
#include "wire.h"

/* What a meta element's value is for; lower is trusted more within one use. */
enum use {
    USE_NONE,
    USE_OG_TITLE,
    USE_TITLE,
    USE_SITE,
    USE_PUBLISHED,
    USE_MODIFIED,
    USE_AUTHOR,
    USE_DESCRIPTION,
    USE_IMAGE,
    USE_IMAGE_ALT,
    USE_IMAGE_WIDTH,
    USE_IMAGE_HEIGHT,
    USE_SECTION,
    USE_LICENCE,
    USE_RIGHTS,
    USE_LANGUAGE,
    USE_URL
};

static const struct key {
    struct nw_str name;
    enum use use;
    int rank;
} KEYS[] = {
    {NW_STR("og:title"), USE_OG_TITLE, 1},
    {NW_STR("twitter:title"), USE_TITLE, 2},
    {NW_STR("title"), USE_TITLE, 3},
    {NW_STR("headline"), USE_TITLE, 1},
    {NW_STR("citation_title"), USE_TITLE, 1},
    {NW_STR("dc.title"), USE_TITLE, 2},
    {NW_STR("parsely-title"), USE_TITLE, 1},
    {NW_STR("sailthru.title"), USE_TITLE, 1},
    {NW_STR("og:site_name"), USE_SITE, 1},
    {NW_STR("application-name"), USE_SITE, 2},
    {NW_STR("article:published_time"), USE_PUBLISHED, 1},
    {NW_STR("og:article:published_time"), USE_PUBLISHED, 1},
    {NW_STR("datepublished"), USE_PUBLISHED, 2},
    {NW_STR("parsely-pub-date"), USE_PUBLISHED, 3},
    {NW_STR("sailthru.date"), USE_PUBLISHED, 3},
    {NW_STR("cxenseparse:recs:publishtime"), USE_PUBLISHED, 3},
    {NW_STR("article:published"), USE_PUBLISHED, 3},
    {NW_STR("article.published"), USE_PUBLISHED, 3},
    {NW_STR("published_time"), USE_PUBLISHED, 3},
    {NW_STR("published"), USE_PUBLISHED, 4},
    {NW_STR("publish_time"), USE_PUBLISHED, 4},
    {NW_STR("article:published_date"), USE_PUBLISHED, 3},
    {NW_STR("dc.created"), USE_PUBLISHED, 5},
    {NW_STR("release_date"), USE_PUBLISHED, 5},
    {NW_STR("published-date"), USE_PUBLISHED, 4},
    {NW_STR("publishdate"), USE_PUBLISHED, 4},
    {NW_STR("citation_publication_date"), USE_PUBLISHED, 4},
    {NW_STR("citation_online_date"), USE_PUBLISHED, 4},
    {NW_STR("citation_date"), USE_PUBLISHED, 5},
    {NW_STR("publisheddate"), USE_PUBLISHED, 4},
    {NW_STR("publish-date"), USE_PUBLISHED, 4},
    {NW_STR("publish_date"), USE_PUBLISHED, 4},
    {NW_STR("publication_date"), USE_PUBLISHED, 4},
    {NW_STR("publication-date"), USE_PUBLISHED, 4},
    {NW_STR("pubdate"), USE_PUBLISHED, 4},
    {NW_STR("pdate"), USE_PUBLISHED, 5},
    {NW_STR("ptime"), USE_PUBLISHED, 5},
    {NW_STR("originalpublicationdate"), USE_PUBLISHED, 4},
    {NW_STR("dc.date.issued"), USE_PUBLISHED, 4},
    {NW_STR("dcterms.created"), USE_PUBLISHED, 5},
    {NW_STR("dcterms.issued"), USE_PUBLISHED, 4},
    {NW_STR("dcterms.date"), USE_PUBLISHED, 5},
    {NW_STR("dc.date"), USE_PUBLISHED, 5},
    {NW_STR("dc.date.created"), USE_PUBLISHED, 5},
    {NW_STR("article_date_original"), USE_PUBLISHED, 4},
    {NW_STR("datecreated"), USE_PUBLISHED, 6},
    {NW_STR("article.created"), USE_PUBLISHED, 6},
    {NW_STR("date"), USE_PUBLISHED, 6},
    {NW_STR("timestamp"), USE_PUBLISHED, 7},
    {NW_STR("article:modified_time"), USE_MODIFIED, 1},
    {NW_STR("og:updated_time"), USE_MODIFIED, 2},
    {NW_STR("datemodified"), USE_MODIFIED, 2},
    {NW_STR("article.updated"), USE_MODIFIED, 3},
    {NW_STR("last-modified"), USE_MODIFIED, 4},
    {NW_STR("lastmod"), USE_MODIFIED, 4},
    {NW_STR("parsely-author"), USE_AUTHOR, 1},
    {NW_STR("sailthru.author"), USE_AUTHOR, 2},
    {NW_STR("cxenseparse:author"), USE_AUTHOR, 2},
    {NW_STR("author"), USE_AUTHOR, 3},
    {NW_STR("byl"), USE_AUTHOR, 1},
    {NW_STR("citation_author"), USE_AUTHOR, 3},
    {NW_STR("dc.creator"), USE_AUTHOR, 3},
    {NW_STR("dcterms.creator"), USE_AUTHOR, 3},
    {NW_STR("article:author_name"), USE_AUTHOR, 3},
    {NW_STR("article:author"), USE_AUTHOR, 4},
    {NW_STR("og:article:author"), USE_AUTHOR, 4},
    {NW_STR("article.author"), USE_AUTHOR, 4},
    {NW_STR("og:description"), USE_DESCRIPTION, 1},
    {NW_STR("description"), USE_DESCRIPTION, 2},
    {NW_STR("twitter:description"), USE_DESCRIPTION, 3},
    {NW_STR("og:image"), USE_IMAGE, 1},
    {NW_STR("og:image:secure_url"), USE_IMAGE, 2},
    {NW_STR("twitter:image"), USE_IMAGE, 3},
    {NW_STR("og:image:alt"), USE_IMAGE_ALT, 1},
    {NW_STR("twitter:image:alt"), USE_IMAGE_ALT, 2},
    {NW_STR("og:image:width"), USE_IMAGE_WIDTH, 1},
    {NW_STR("og:image:height"), USE_IMAGE_HEIGHT, 1},
    {NW_STR("article:section"), USE_SECTION, 1},
    {NW_STR("parsely-section"), USE_SECTION, 2},
    {NW_STR("section"), USE_SECTION, 3},
    {NW_STR("dcterms.license"), USE_LICENCE, 2},
    {NW_STR("dc.rights.license"), USE_LICENCE, 2},
    {NW_STR("dc.rights"), USE_RIGHTS, 2},
    {NW_STR("dcterms.rights"), USE_RIGHTS, 2},
    {NW_STR("copyright"), USE_RIGHTS, 3},
    {NW_STR("og:locale"), USE_LANGUAGE, 3},
    {NW_STR("language"), USE_LANGUAGE, 4},
    {NW_STR("content-language"), USE_LANGUAGE, 2},
    {NW_STR("dc.language"), USE_LANGUAGE, 3},
    {NW_STR("og:url"), USE_URL, 2},
};

enum {
    USES = USE_URL + 1,
    RANK_NONE = 100,
    BYLINE_GAP = 40,
    SECTIONS_MOST = 8,
    SECTION_MOST = 60,
    SHOWN_ENOUGH = 1500
};

struct gathered {
    struct draft *draft;
    const struct tree *tree;
    struct meta *meta;
    struct ld ld;
    struct titles titles;
    struct nw_str value[USES];
    int rank[USES];
    struct when when;
    struct nw_str byline[META_AUTHORS]; /* names that the page shows */
    size_t bylines;
    int byline_rank;
    uint32_t byline_node; /* where the last shown author stands */
};

/* Whether an address can be that of one page: some sites call their front page the canonical one of all. */
static bool names_page(struct nw_str address)
{
    size_t host = nw_str_find(address, NW_S("://")), end, dots = 0;
    if (host == SIZE_MAX)
        return address.n > 1;
    for (end = host += 3; end < address.n && !strchr("/?#", address.p[end]); end++) {
        if (!is_alnum((unsigned char)address.p[end]) && !strchr("-.:", address.p[end]) &&
            (unsigned char)address.p[end] < 0x80)
            return false;
        dots += address.p[end] == '.';
    }
    return dots > 0 && address.n > end + 1;
}

static void take(struct gathered *g, enum use use, int rank, struct nw_str value)
{
    if (value.n == 0 || (use == USE_URL && !names_page(value)))
        return;
    if (use == USE_PUBLISHED || use == USE_MODIFIED) {
        when_said(&g->when, use == USE_PUBLISHED ? WHEN_PUBLISHED : WHEN_MODIFIED, rank, value);
        return;
    }
    if (use == USE_AUTHOR && (nw_str_starts(value, NW_S("http")) || nw_str_starts(value, NW_S("www.")) ||
                              nw_str_starts(value, NW_S("/")) || value.n > 200))
        return;
    if (use == USE_OG_TITLE)
        g->titles.og = g->titles.og.n ? g->titles.og : value;
    if (use == USE_TITLE && g->titles.others < TITLE_OTHERS)
        g->titles.other[g->titles.others++] = value;
    if (rank < g->rank[use]) {
        g->rank[use] = rank;
        g->value[use] = value;
    }
}

/* Frameworks that make their head from a list of names write a script so: <meta name="script:ld+json" content="{…}">.
 */
static bool holds_ld(struct nw_str name)
{
    return nw_str_ends(name, NW_S("ld+json"));
}

static void meta_element(struct gathered *g, const struct node *node)
{
    struct nw_str name = {0}, content = {0};
    struct nw_str names[3] = {tree_attr(g->tree, node, ATTR_PROPERTY), tree_attr(g->tree, node, ATTR_NAME),
                              tree_attr(g->tree, node, ATTR_ITEMPROP)};
    for (size_t k = 0; k < 4; k++) {
        name = nw_str_trim(k < 3 ? names[k] : tree_attr(g->tree, node, ATTR_HTTP_EQUIV));
        if (name.n < 3)
            continue;
        if (holds_ld(name)) {
            ld_read(g->draft->arena, tree_value(g->tree, node, ATTR_CONTENT), &g->ld);
            return;
        }
        for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
            if (KEYS[i].name.n == name.n && nw_str_eq_nocase(KEYS[i].name, name)) {
                if (content.n == 0)
                    content = tree_value(g->tree, node, ATTR_CONTENT);
                take(g, KEYS[i].use, KEYS[i].rank, content);
                return;
            }
    }
}

static void link_element(struct gathered *g, const struct node *node)
{
    struct nw_str rel = tree_attr(g->tree, node, ATTR_REL);
    if (nw_str_eq_nocase(rel, NW_S("canonical")))
        take(g, USE_URL, 1, tree_value(g->tree, node, ATTR_HREF));
    else if (nw_str_eq_nocase(rel, NW_S("license")))
        take(g, USE_LICENCE, 1, tree_value(g->tree, node, ATTR_HREF));
}

static void shown_author(struct gathered *g, struct nw_str text, int rank, uint32_t node)
{
    struct nw_str name = author_name(g->draft, text);
    if (name.n < 3 || name.n > 80 || rank > g->byline_rank || !author_may_be(name))
        return;
    size_t blanks = 0;
    for (size_t i = 0; i < name.n; i++) {
        blanks += name.p[i] == ' ';
        if (is_digit((unsigned char)name.p[i]))
            return;
    }
    if (blanks > 9 || nw_str_eq_nocase(name, NW_S("author")) || nw_str_eq_nocase(name, NW_S("share")) ||
        nw_str_starts(name, NW_S("http")))
        return;
    if (rank < g->byline_rank)
        g->bylines = 0;
    else if (g->bylines > 0 && node > g->byline_node + BYLINE_GAP)
        return; /* of another article */
    g->byline_rank = rank;
    g->byline_node = node;
    for (size_t i = 0; i < g->bylines; i++)
        if (nw_str_eq_nocase(g->byline[i], name))
            return;
    if (g->bylines < META_AUTHORS)
        g->byline[g->bylines++] = name;
}

/* An element of the page that may show the author. */
static void shown_author_element(struct gathered *g, uint32_t i)
{
    const struct node *node = &g->tree->nodes[i];
    uint32_t size = node->end - i;
    struct nw_str item = tree_attr(g->tree, node, ATTR_ITEMPROP);
    if (size > 40)
        return;
    if (has_word(item, NW_S("author")))
        shown_author(g,
                     tree_attr(g->tree, node, ATTR_CONTENT).n ? tree_value(g->tree, node, ATTR_CONTENT)
                                                              : tree_line(g->tree, i),
                     2, i);
    struct nw_str rel = tree_attr(g->tree, node, ATTR_REL);
    if (rel.n && has_word(rel, NW_S("author")))
        shown_author(g, tree_line(g->tree, i), 1, i);
    struct nw_str class = tree_attr(g->tree, node, ATTR_CLASS);
    if (class.n == 0 || size > 24)
        return;
    if (find_nocase(class, NW_S("author")) != SIZE_MAX || find_nocase(class, NW_S("byline")) != SIZE_MAX ||
        find_nocase(class, NW_S("autor")) != SIZE_MAX) {
        bool name = find_nocase(class, NW_S("name")) != SIZE_MAX;
        bool other = find_nocase(class, NW_S("bio")) != SIZE_MAX || find_nocase(class, NW_S("image")) != SIZE_MAX ||
                     find_nocase(class, NW_S("avatar")) != SIZE_MAX || find_nocase(class, NW_S("date")) != SIZE_MAX ||
                     find_nocase(class, NW_S("comment")) != SIZE_MAX || find_nocase(class, NW_S("title")) != SIZE_MAX ||
                     find_nocase(class, NW_S("social")) != SIZE_MAX;
        if (!other) {
            struct nw_str line = tree_line(g->tree, i);
            if (line.n <= 120)
                shown_author(g, line, name ? 3 : 4, i);
        }
    }
}

static void add_author(struct gathered *g, struct nw_str s)
{
    struct meta *m = g->meta;
    struct nw_str name = author_name(g->draft, s);
    if (name.n < 2 || name.n > 120 || m->author_count == META_AUTHORS || nw_str_starts(name, NW_S("http")) ||
        !author_may_be(name))
        return;
    for (size_t i = 0; i < m->author_count; i++)
        if (nw_str_eq_nocase(m->authors[i], name))
            return;
    m->authors[m->author_count++] = name;
}

/* Whether a name is the site's own. */
static bool is_site(const struct gathered *g, struct nw_str name)
{
    return nw_str_eq_nocase(name, g->value[USE_SITE]) || nw_str_eq_nocase(name, g->ld.publisher);
}

static void choose_authors(struct gathered *g, const struct near *near)
{
    const struct ld *ld = &g->ld;
    struct meta *m = g->meta;
    for (size_t i = 0; i < ld->persons; i++)
        if (!is_site(g, ld->authors[i]))
            add_author(g, ld->authors[i]);
    if (m->author_count == 0 && g->rank[USE_AUTHOR] <= 3 && !is_site(g, g->value[USE_AUTHOR]))
        add_author(g, g->value[USE_AUTHOR]);
    bool shown = m->author_count == 0;
    for (size_t k = 0; g->byline_rank <= 3 && k < g->bylines && k < 6 && shown; k++)
        add_author(g, g->byline[k]);
    if (m->author_count == 0)
        for (size_t k = 0; k < near->author_count; k++)
            add_author(g, near->authors[k]);
    if (m->author_count == 0)
        for (size_t k = 0; k < g->bylines && k < 6; k++)
            add_author(g, g->byline[k]);
    if (m->author_count == 0)
        add_author(g, g->value[USE_AUTHOR]);
    for (size_t i = 0; m->author_count == 0 && i < ld->author_count; i++)
        add_author(g, ld->authors[i]);
}

/* The picture that the page offers to others, with what JSON-LD and the figure that shows it say about it. */
static void choose_picture(struct gathered *g)
{
    const struct ld *ld = &g->ld;
    struct picture *picture = &g->meta->picture;
    bool offered = g->value[USE_IMAGE].n > 0;
    *picture = (struct picture){.href = offered ? g->value[USE_IMAGE] : ld->image.address,
                                .caption = ld->image.caption,
                                .credit = ld->image.credit,
                                .notice = ld->image.notice,
                                .alt = offered ? g->value[USE_IMAGE_ALT] : nw_str(NULL, 0),
                                .width = offered ? number_of(g->value[USE_IMAGE_WIDTH]) : ld->image.width,
                                .height = offered ? number_of(g->value[USE_IMAGE_HEIGHT]) : ld->image.height};
    figure_read(g->draft, g->tree, g->titles.heading, picture);
}

void meta_read(struct draft *draft, const struct tree *tree, struct meta *meta)
{
    struct gathered g = {.draft = draft, .tree = tree, .meta = meta, .byline_rank = RANK_NONE};
    const struct ld *ld = &g.ld;
    *meta = (struct meta){0};
    for (size_t i = 0; i < USES; i++)
        g.rank[i] = RANK_NONE;
    when_begin(&g.when, draft, tree);
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        if (node->is_text)
            continue;
        switch (node->tag) {
        case TAG_META:
            meta_element(&g, node);
            break;
        case TAG_LINK:
            link_element(&g, node);
            break;
        case TAG_TITLE:
            if (g.titles.element.n == 0)
                g.titles.element = tree_line(tree, i);
            break;
        case TAG_H1:
            if (g.titles.h1s < TITLE_H1S && node->end - i < 60) {
                struct nw_str line = tree_line(tree, i);
                if (line.n > 0 && line.n < 600) {
                    g.titles.node[g.titles.h1s] = i;
                    g.titles.h1[g.titles.h1s++] = line;
                }
            }
            break;
        case TAG_SCRIPT:
            if (node->end > i + 1 && find_nocase(tree_attr(tree, node, ATTR_TYPE), NW_S("ld+json")) != SIZE_MAX)
                ld_read(draft->arena, tree->nodes[i + 1].text, &g.ld);
            break;
        case TAG_HTML:
            meta->language = tree_value(tree, node, ATTR_LANG);
            if (meta->language.n == 0)
                meta->language = tree_value(tree, node, ATTR_XML_LANG);
            when_language(&g.when, meta->language);
            break;
        default:
            if (node->attrs > 0 && node->tag != TAG_IMG) {
                when_element(&g.when, i);
                shown_author_element(&g, i);
            }
        }
    }
    meta->canonical = g.value[USE_URL];
    meta->site = g.value[USE_SITE].n ? g.value[USE_SITE] : ld->publisher;
    meta->description = g.value[USE_DESCRIPTION].n ? g.value[USE_DESCRIPTION] : ld->description;
    meta->section = g.value[USE_SECTION].n ? g.value[USE_SECTION] : ld->section;
    meta->licence = ld->licence.n ? ld->licence : g.value[USE_LICENCE];
    meta->rights = ld->rights.n ? ld->rights : g.value[USE_RIGHTS];
    meta->holder = ld->holder;
    meta->body = ld->body;
    if (meta->language.n == 0)
        meta->language = ld->language.n ? ld->language : g.value[USE_LANGUAGE];
    g.titles.ld = ld->headline;
    g.titles.site = meta->site;
    meta->headline = title_choose(draft, &g.titles);
    struct near near;
    near_read(draft, tree, g.titles.heading, g.when.day_first, &near);
    when_choose(&g.when, ld, &near, meta->canonical, g.titles.heading, &meta->published, &meta->modified);
    choose_authors(&g, &near);
    choose_picture(&g);
}

/* The sections, parted by commas, without what names none. */
static void put_sections(struct draft *draft, const struct meta *meta)
{
    static const char *const no_sections[] = {"article",       "articles",      "post",     "posts", "blog",
                                              "page",          "pages",         "content",  "other", "general",
                                              "uncategorized", "uncategorised", "homepage", "home",  "default"};
    struct nw_str rest = meta->section;
    for (size_t n = 0; n < SECTIONS_MOST && rest.n > 0; n++) {
        const char *comma = memchr(rest.p, ',', rest.n);
        size_t end = comma ? (size_t)(comma - rest.p) : rest.n;
        struct nw_str section = nw_str_trim(nw_str(rest.p, end));
        bool none = section.n > SECTION_MOST || nw_str_eq(meta->section, meta->headline);
        for (size_t i = 0; i < sizeof no_sections / sizeof *no_sections; i++)
            none = none || nw_str_eq_nocase(section, nw_str_z(no_sections[i]));
        if (!none)
            draft_subject(draft, section, nw_str(NULL, 0), nw_str(NULL, 0));
        rest = nw_str_from(rest, comma ? end + 1 : end);
    }
}

/* Licence, notice and holder; a licence is mostly an address. */
static void put_rights(struct draft *draft, const struct meta *meta)
{
    struct nw_record *r = draft->record;
    struct nw_str licence = draft_line(draft, meta->licence), rights = draft_line(draft, meta->rights),
                  holder = draft_line(draft, meta->holder);
    if (nw_str_starts(licence, NW_S("/")))
        licence = address_of(draft, NW_HAS(source, r->source, url) ? r->source->url : nw_str(NULL, 0), licence);
    if (licence.n)
        NW_SET(record, r, usage_terms, licence);
    if (rights.n)
        NW_SET(record, r, copyright_notice, rights);
    if (holder.n)
        NW_SET(record, r, copyright_holder, holder);
}

/* Pages behind a wall show the beginning, and have the rest in JSON-LD for search engines. Elsewhere the page is the
 * better source: JSON-LD has no paragraphs, or a summary. */
static void put_hidden_body(struct draft *draft, const struct meta *meta)
{
    size_t shown = 0;
    for (size_t i = 0; i < draft->count; i++)
        shown += draft->paragraphs[i].n;
    if (meta->body.n <= 3 * shown || shown >= SHOWN_ENOUGH)
        return;
    draft->count = 0;
    if (!markup_is(meta->body) && nw_str_find(meta->body, NW_S("\n\n")) == SIZE_MAX)
        lines_read(draft, text_tidy(draft->arena, meta->body));
    else
        markup_body(draft, meta->body);
}

void meta_apply(struct draft *draft, const struct meta *meta)
{
    draft_headline(draft, meta->headline);
    draft_moment(draft, MOMENT_FIRST, &meta->published);
    draft_moment(draft, MOMENT_VERSION, &meta->modified);
    struct nw_str by = nw_str(NULL, 0);
    for (size_t i = 0; i < meta->author_count; i++)
        by = i ? draft_printf(draft, "%.*s, %.*s", NW_FMT(by), NW_FMT(meta->authors[i])) : meta->authors[i];
    draft_by(draft, by);
    draft_description(draft, meta->description, "main");
    draft_source(draft, meta->site, "publisher");
    put_sections(draft, meta);
    struct nw_record *r = draft->record;
    struct nw_str address =
        address_of(draft, NW_HAS(source, r->source, url) ? r->source->url : nw_str(NULL, 0), meta->canonical);
    if (address.n) {
        draft_uri(draft, "html", address);
        if (!NW_HAS(source, r->source, url))
            NW_SET(source, r->source, url, address);
    }
    put_rights(draft, meta);
    struct picture picture = meta->picture;
    picture.href = address_of(draft, NW_HAS(source, r->source, url) ? r->source->url : nw_str(NULL, 0), picture.href);
    draft_picture(draft, &picture);
    draft->hint = meta->language;
    put_hidden_body(draft, meta);
}
