/* The XML reader: see xml.h. */
#include "xml.h"

#include "chars.h"
#include "unicode.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

enum { XML_DEPTH = 256 };

struct builder {
    struct tree *tree;
    uint32_t stack[XML_DEPTH];
    size_t depth, overflow;
    char *text; /* of the text node being made */
    size_t n, room;
    xmlParserCtxtPtr context;
};

static void stop(struct builder *b)
{
    if (b->tree->failed || b->tree->count == TREE_NODES_MOST)
        xmlStopParser(b->context);
}

static void end_text(struct builder *b)
{
    if (b->n == 0)
        return;
    uint32_t node = tree_add(b->tree, b->stack[b->depth - 1]);
    if (node != UINT32_MAX) {
        b->tree->nodes[node].is_text = 1;
        b->tree->nodes[node].text_kind = HTML_CDATA;
        b->tree->nodes[node].text = nw_str(b->text, b->n);
    }
    b->text = NULL;
    b->n = b->room = 0;
    stop(b);
}

static void on_text(void *user, const xmlChar *p, int length)
{
    struct builder *b = user;
    size_t n = (size_t)length;
    if (b->tree->failed || length <= 0)
        return;
    if (b->n + n > b->room) {
        size_t room = b->room ? (b->n + n) * 2 : n;
        char *grown = nw_arena_grow(b->tree->arena, b->text, b->room, room);
        if (!grown) {
            b->tree->failed = true;
            stop(b);
            return;
        }
        b->text = grown;
        b->room = room;
    }
    memcpy(b->text + b->n, p, n);
    b->n += n;
}

static struct nw_str copy(struct builder *b, const xmlChar *p, size_t n)
{
    struct nw_str s = nw_arena_dup(b->tree->arena, nw_str((const char *)p, n));
    if (!s.p)
        b->tree->failed = true;
    return s;
}

static enum xml_space space_of(const char *uri, const char *prefix)
{
    static const struct {
        const char *uri;
        enum xml_space space;
    } uris[] = {{"w3.org/2005/Atom", SPACE_ATOM},
                {"purl.org/atom", SPACE_ATOM},
                {"purl.org/rss/1.0/modules/content", SPACE_CONTENT},
                {"purl.org/rss", SPACE_RSS},
                {"my.netscape.com/rdf", SPACE_RSS},
                {"backend.userland.com", SPACE_RSS},
                {"channel.netscape.com", SPACE_RSS},
                {"purl.org/dc/", SPACE_DC},
                {"search.yahoo.com/mrss", SPACE_MEDIA},
                {"itunes.com/dtds/podcast", SPACE_ITUNES},
                {"wordpress.org/export/1.2/excerpt", SPACE_EXCERPT},
                {"/excerpt", SPACE_EXCERPT},
                {"wordpress.org/export", SPACE_WP},
                {"w3.org/1999/xhtml", SPACE_XHTML},
                {"iptc.org/std/NITF", SPACE_NITF},
                {"w3.org/XML/1998", SPACE_XML}};
    static const struct {
        const char *prefix;
        enum xml_space space;
    } prefixes[] = {{"dc", SPACE_DC},       {"dcterms", SPACE_DC},    {"content", SPACE_CONTENT},
                    {"media", SPACE_MEDIA}, {"itunes", SPACE_ITUNES}, {"wp", SPACE_WP},
                    {"atom", SPACE_ATOM},   {"atom10", SPACE_ATOM},   {"excerpt", SPACE_EXCERPT},
                    {"xhtml", SPACE_XHTML}, {"xml", SPACE_XML}};
    if (!uri && !prefix)
        return SPACE_NONE;
    for (size_t i = 0; uri && i < sizeof uris / sizeof *uris; i++)
        if (strstr(uri, uris[i].uri))
            return uris[i].space;
    for (size_t i = 0; prefix && i < sizeof prefixes / sizeof *prefixes; i++)
        if (strcmp(prefix, prefixes[i].prefix) == 0)
            return prefixes[i].space;
    return SPACE_OTHER;
}

/* Elements of NITF that part paragraphs, as what HTML has for them; media hold captions, as figures do. */
static enum html_tag tag_of(struct nw_str name)
{
    static const struct {
        struct nw_str name;
        enum html_tag tag;
    } nitf[] = {{NW_STR("block"), TAG_DIV},       {NW_STR("hl1"), TAG_H1},           {NW_STR("hl2"), TAG_H2},
                {NW_STR("media"), TAG_FIGURE},    {NW_STR("body.content"), TAG_DIV}, {NW_STR("body.head"), TAG_HEADER},
                {NW_STR("body.end"), TAG_FOOTER}, {NW_STR("nitf-table"), TAG_TABLE}, {NW_STR("note"), TAG_ASIDE},
                {NW_STR("br"), TAG_BR},           {NW_STR("tagline"), TAG_P},        {NW_STR("byline"), TAG_DIV}};
    for (size_t i = 0; i < sizeof nitf / sizeof *nitf; i++)
        if (nw_str_eq(name, nitf[i].name))
            return nitf[i].tag;
    return html_tag_of(name);
}

static void on_start(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int spaces,
                     const xmlChar **declared, int count, int defaulted, const xmlChar **attrs)
{
    struct builder *b = user;
    (void)spaces;
    (void)declared;
    (void)defaulted;
    end_text(b);
    if (b->depth == XML_DEPTH) {
        tree_reach(b->tree, BOUND_DEPTH);
        b->overflow++;
        return;
    }
    uint32_t node = b->tree->failed ? UINT32_MAX : tree_add(b->tree, b->stack[b->depth - 1]);
    if (node == UINT32_MAX) {
        stop(b);
        b->overflow++;
        return;
    }
    const char *name = (const char *)local, *colon = strchr(name, ':');
    char own_prefix[16] = "";
    if (colon && !prefix && (size_t)(colon - name) < sizeof own_prefix) { /* a prefix that nobody declared */
        memcpy(own_prefix, name, (size_t)(colon - name));
        name = colon + 1;
    }
    b->tree->nodes[node].text = copy(b, (const xmlChar *)name, strlen(name));
    b->tree->nodes[node].tag = (uint16_t)tag_of(b->tree->nodes[node].text);
    b->tree->nodes[node].name_space =
        (unsigned char)space_of((const char *)uri, own_prefix[0] ? own_prefix : (const char *)prefix);
    for (int i = 0; i < count && !b->tree->failed; i++) {
        const xmlChar *const *a = attrs + i * 5; /* local name, prefix, URI, value, its end */
        struct node_attr *attr = tree_add_attr(b->tree, node);
        if (!attr)
            break;
        attr->name = copy(b, a[0], strlen((const char *)a[0]));
        attr->value = copy(b, a[3], (size_t)(a[4] - a[3]));
        attr->known = html_attr_of(attr->name);
    }
    b->stack[b->depth++] = node;
}

static void on_end(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct builder *b = user;
    (void)local;
    (void)prefix;
    (void)uri;
    end_text(b);
    if (b->overflow > 0) {
        b->overflow--;
        return;
    }
    if (b->depth > 1)
        b->tree->nodes[b->stack[--b->depth]].end = (uint32_t)b->tree->count;
}

static xmlEntityPtr on_entity(void *user, const xmlChar *name)
{
    (void)user;
    return xmlGetPredefinedEntity(name);
}

/* References that XML has not: HTML's names become characters, a bare "&" becomes "&amp;". Only where there is
 * something to mend. */
static struct nw_str mend(struct nw_arena *arena, struct nw_str s, bool *failed)
{
    char *out = NULL;
    size_t n = 0, from = 0, room = 0, reference = 0; /* the next "&", at i or behind it */
    for (size_t i = 0; i < s.n;) {
        if (reference < i || i == 0) {
            const char *found = memchr(s.p + i, '&', s.n - i);
            reference = found ? (size_t)(found - s.p) : s.n;
        }
        const char *next = reference < s.n ? s.p + reference : NULL,
                   *open = next ? memchr(s.p + i, '<', reference - i) : NULL;
        if (open) { /* CDATA and comments stay as they are */
            size_t at = (size_t)(open - s.p);
            struct nw_str rest = nw_str_from(s, at);
            const char *close = nw_str_starts(rest, NW_S("<![CDATA[")) ? "]]>"
                                : nw_str_starts(rest, NW_S("<!--"))    ? "-->"
                                                                       : NULL;
            if (close) {
                size_t end = nw_str_find(rest, nw_str_z(close));
                i = end == SIZE_MAX ? s.n : at + end + 3;
            } else {
                i = at + 1;
            }
            continue;
        }
        if (!next)
            break;
        size_t at = (size_t)(next - s.p), end = at + 1;
        while (end < s.n && end < at + 34 && (is_alnum((unsigned char)s.p[end]) || s.p[end] == '#'))
            end++;
        struct nw_str name = nw_str(s.p + at + 1, end - at - 1);
        bool closed = byte_at(s, end) == ';', number = byte_at(name, 0) == '#' && name.n > 1;
        char text[16];
        size_t used = 0, length = 0;
        bool good =
            closed && (number || nw_str_eq(name, NW_S("amp")) || nw_str_eq(name, NW_S("lt")) ||
                       nw_str_eq(name, NW_S("gt")) || nw_str_eq(name, NW_S("quot")) || nw_str_eq(name, NW_S("apos")));
        if (number && closed) { /* of characters that XML has not */
            length = html_reference(nw_str_from(s, at), false, text, &used);
            good = used && !(length == 1 && (unsigned char)text[0] < 0x20 && text[0] != '\n' && text[0] != '\t' &&
                             text[0] != '\r');
            if (!good)
                length = 0;
        } else if (!good) {
            length = closed ? html_reference(nw_str_from(s, at), false, text, &used) : 0;
            if (!used) {
                memcpy(text, "&amp;", 5);
                length = 5;
                used = 1;
            }
        }
        if (good) {
            i = end;
            continue;
        }
        if (!out) {
            room = s.n + s.n / 2 + 64;
            out = nw_arena_alloc(arena, room);
        }
        if (n + (at - from) + 64 + (s.n - at) > room && out) {
            size_t more = room * 2 + s.n;
            out = nw_arena_grow(arena, out, room, more);
            room = more;
        }
        if (!out) {
            *failed = true;
            return s;
        }
        memcpy(out + n, s.p + from, at - from);
        n += at - from;
        memcpy(out + n, text, length);
        n += length;
        i = from = at + (used ? used : end - at + closed);
    }
    if (!out)
        return s;
    memcpy(out + n, s.p + from, s.n - from);
    return nw_str(out, n + s.n - from);
}

/* Where the tag that begins at s[at] ends, behind its ">"; *keep is where its first ATTRS_MOST attributes end, 0
 * when it has no more than that. */
static size_t tag_end(struct nw_str s, size_t at, size_t *keep)
{
    size_t attrs = 0, last = 0;
    *keep = 0;
    for (size_t i = at; i < s.n; i++) {
        if (s.p[i] == '>') {
            *keep = attrs > ATTRS_MOST ? last : 0;
            return i + 1;
        }
        if (s.p[i] != '"' && s.p[i] != '\'')
            continue;
        const char *close = memchr(s.p + i + 1, s.p[i], s.n - i - 1);
        if (!close)
            break;
        i = (size_t)(close - s.p);
        if (++attrs == ATTRS_MOST)
            last = i + 1;
    }
    *keep = attrs > ATTRS_MOST ? last : 0;
    return s.n;
}

/* Without the attributes of a tag beyond ATTRS_MOST: libxml2 holds each against all before it. */
static struct nw_str thin(struct tree *tree, struct nw_str s, bool *failed)
{
    char *out = NULL;
    size_t n = 0, from = 0;
    for (size_t i = 0; i < s.n;) {
        const char *open = memchr(s.p + i, '<', s.n - i);
        if (!open)
            break;
        size_t at = (size_t)(open - s.p) + 1, keep;
        unsigned char first = byte_at(s, at);
        i = at;
        if (!is_alpha(first) && first != '_' && first != ':' && first < 0x80)
            continue;
        i = tag_end(s, at, &keep);
        if (keep == 0)
            continue;
        size_t close = i - (i > at && s.p[i - 1] == '>');
        close -= close > keep && s.p[close - 1] == '/';
        tree_reach(tree, BOUND_ATTRS);
        out = out ? out : nw_arena_alloc(tree->arena, s.n);
        if (!out) {
            *failed = true;
            return s;
        }
        memcpy(out + n, s.p + from, keep - from);
        n += keep - from;
        from = close;
    }
    if (!out)
        return s;
    memcpy(out + n, s.p + from, s.n - from);
    return nw_str(out, n + s.n - from);
}

bool xml_parse(struct tree *tree, struct nw_arena *arena, struct nw_str text)
{
    *tree = (struct tree){.arena = arena};
    text = nw_str_trim(text);
    const char *open = text.n ? memchr(text.p, '<', text.n) : NULL;
    if (!open)
        return false;
    text = nw_str_from(text, (size_t)(open - text.p));
    if (nw_str_starts(text, NW_S("<?xml")) &&
        !is_alnum(byte_at(text, 5))) { /* what it says of the charset no longer holds */
        size_t end = nw_str_find(text, NW_S("?>"));
        text = nw_str_trim(nw_str_from(text, end == SIZE_MAX ? text.n : end + 2));
    }
    bool failed = false;
    text = thin(tree, mend(arena, text, &failed), &failed);
    struct builder *b = nw_arena_zalloc(arena, sizeof *b);
    if (!b || failed || text.n > INT32_MAX / 2 || tree_add(tree, 0) == UINT32_MAX) {
        tree->failed = true;
        return false;
    }
    b->tree = tree;
    b->depth = 1;
    xmlParserCtxtPtr context = xmlCreateMemoryParserCtxt(text.p ? text.p : "", (int)text.n);
    if (!context) {
        tree->failed = text.n > 0;
        return false;
    }
    b->context = context;
    memset(context->sax, 0, sizeof *context->sax);
    context->sax->initialized = XML_SAX2_MAGIC;
    context->sax->startElementNs = on_start;
    context->sax->endElementNs = on_end;
    context->sax->characters = on_text;
    context->sax->ignorableWhitespace = on_text;
    context->sax->cdataBlock = on_text;
    context->sax->getEntity = on_entity;
    context->userData = b;
    /* NOENT: values come with their predefined references resolved; no other entity exists for this parser (on_entity).
     */
    xmlCtxtUseOptions(context,
                      XML_PARSE_RECOVER | XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlParseDocument(context);
    end_text(b);
    while (b->depth > 1)
        tree->nodes[b->stack[--b->depth]].end = (uint32_t)tree->count;
    tree->nodes[0].end = (uint32_t)tree->count;
    xmlFreeParserCtxt(context);
    return !tree->failed && xml_root(tree) != 0;
}

uint32_t xml_root(const struct tree *tree)
{
    return tree->count > 0 ? xml_child(tree, 0, "*") : 0;
}

bool xml_is(const struct tree *tree, uint32_t node, const char *name)
{
    const struct node *n = &tree->nodes[node];
    return node != 0 && !n->is_text && ((name[0] == '*' && name[1] == '\0') || nw_str_eq(n->text, nw_str_z(name)));
}

uint32_t xml_child(const struct tree *tree, uint32_t parent, const char *name)
{
    for (uint32_t i = parent + 1; i < tree->nodes[parent].end; i = tree->nodes[i].end)
        if (xml_is(tree, i, name))
            return i;
    return 0;
}

uint32_t xml_sibling(const struct tree *tree, uint32_t node, const char *name)
{
    if (node == 0)
        return 0;
    for (uint32_t i = tree->nodes[node].end, end = tree->nodes[tree->nodes[node].parent].end; i < end;
         i = tree->nodes[i].end)
        if (xml_is(tree, i, name))
            return i;
    return 0;
}

uint32_t xml_each(const struct tree *tree, uint32_t within, uint32_t after, const char *name)
{
    for (uint32_t i = after + 1; i < tree->nodes[within].end; i++)
        if (xml_is(tree, i, name))
            return i;
    return 0;
}

uint32_t xml_find(const struct tree *tree, uint32_t within, const char *name)
{
    return xml_each(tree, within, within, name);
}

uint32_t xml_path(const struct tree *tree, uint32_t from, const char *path)
{
    while (*path) {
        char name[64];
        size_t n = 0;
        while (path[n] && path[n] != '/' && n < sizeof name - 1) {
            name[n] = path[n];
            n++;
        }
        name[n] = '\0';
        from = xml_child(tree, from, name);
        if (!from)
            return 0;
        path += n + (path[n] == '/');
    }
    return from;
}

enum xml_space xml_space_of(const struct tree *tree, uint32_t node)
{
    return (enum xml_space)tree->nodes[node].name_space;
}

struct nw_str xml_attr(const struct tree *tree, uint32_t node, const char *name)
{
    const struct node *n = &tree->nodes[node];
    for (size_t i = 0; node != 0 && i < n->attrs; i++)
        if (nw_str_eq(tree->attrs[n->attr + i].name, nw_str_z(name)))
            return tree->attrs[n->attr + i].value;
    return nw_str(NULL, 0);
}

struct nw_str xml_text(const struct tree *tree, uint32_t node)
{
    if (node == 0)
        return nw_str(NULL, 0);
    size_t n = 0, texts = 0;
    struct nw_str only = {0};
    for (uint32_t i = node; i < tree->nodes[node].end; i++)
        if (tree->nodes[i].is_text) {
            only = tree->nodes[i].text;
            n += only.n;
            texts++;
        }
    if (texts <= 1)
        return only;
    char *out = nw_arena_alloc(tree->arena, n + 1);
    if (!out)
        return nw_str(NULL, 0);
    n = 0;
    for (uint32_t i = node; i < tree->nodes[node].end; i++)
        if (tree->nodes[i].is_text) {
            memcpy(out + n, tree->nodes[i].text.p, tree->nodes[i].text.n);
            n += tree->nodes[i].text.n;
        }
    return nw_str(out, n);
}

struct nw_str xml_line(const struct tree *tree, uint32_t node)
{
    return text_line(tree->arena, xml_text(tree, node));
}
