/* What both kinds of feed have in common, and one pass over the tags of XML: see feed_scan.h. */
#include "feed_scan.h"
#include "find.h"
#include "xml.h"

#include <newswire/alloc.h>
#include <newswire/error.h>
#include <newswire/hash.h>
#include <newswire/utf8.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t minute_ms = 60000, most_pause_ms = INT64_C(7) * 86400000;

void feed_scan_init(struct feed_scan *scan)
{
    *scan = (struct feed_scan){.kind = FEED_NONE};
    nw_buf_init(&scan->items, FEED_ITEMS * sizeof(struct feed_item));
}

void feed_scan_free(struct feed_scan *scan)
{
    nw_buf_free(&scan->items);
}

size_t feed_count(const struct feed_scan *scan)
{
    return scan->items.n / sizeof(struct feed_item);
}

const struct feed_item *feed_item(const struct feed_scan *scan, size_t i)
{
    const void *first = scan->items.p; /* a heap block, so aligned for its elements */

    return (const struct feed_item *)first + i;
}

static struct nw_str field_of(struct nw_str s)
{
    s = nw_str_trim(s);
    return s.n <= FEED_FIELD ? s : nw_str(s.p, FEED_FIELD);
}

/* A hash of what a JSON string says; of XML, of the bytes as they stand. 0 or -ENOMEM. */
static int hash_field(struct nw_str s, uint64_t seed, bool json, uint64_t *hash)
{
    struct nw_buf text;
    int r = 0;

    *hash = s.n ? nw_hash64(s, seed) : 0;
    if (!json || find_byte(s, 0, '\\') == SIZE_MAX)
        return 0;
    nw_buf_init(&text, s.n + 1);
    if (feed_text_json(s, &text) < 0)
        r = nw_fault(text.error);
    *hash = nw_hash64(nw_buf_view(&text), seed);
    nw_buf_free(&text);
    return r;
}

int feed_add(struct feed_scan *scan, struct nw_str feed, const struct feed_item *found, struct nw_str id)
{
    struct feed_item item = *found;
    bool json = feed.p[item.from] == '{';
    int r;

    if (feed_count(scan) >= FEED_ITEMS) {
        scan->cut = true;
        return 0;
    }
    item.link = field_of(item.link);
    r = hash_field(field_of(id), 1, json, &item.known_by[KNOWN_BY_ID]);
    if (r == 0)
        r = hash_field(item.link, 2, json, &item.known_by[KNOWN_BY_LINK]);
    item.known_by[KNOWN_BY_BYTES] = nw_hash64(nw_str(feed.p + item.from, item.to - item.from), 3);
    if (r == 0 && nw_buf_add(&scan->items, &item, sizeof item) < 0)
        r = nw_fault(scan->items.error);
    return r;
}

/* ---- what tells items apart */

struct known {
    uint64_t by, bytes;
    size_t item;
};

static int by_hash(const void *a, const void *b)
{
    const struct known *x = a, *y = b;

    return x->by < y->by ? -1 : x->by > y->by ? 1 : x->bytes < y->bytes ? -1 : x->bytes > y->bytes;
}

/* Some feeds give all their items one guid, or one link: such a one is no identity. */
static int find_shared(struct feed_scan *scan)
{
    size_t count = feed_count(scan);
    void *first = scan->items.p;
    struct feed_item *items = first;
    struct known *known;

    if (count < 2)
        return 0;
    known = nw_calloc(count, sizeof *known);
    if (!known)
        return nw_fault(-ENOMEM);
    for (size_t way = 0; way < KNOWN_BY_BYTES; way++) {
        for (size_t i = 0; i < count; i++)
            known[i] = (struct known){items[i].known_by[way], items[i].known_by[KNOWN_BY_BYTES], i};
        qsort(known, count, sizeof *known, by_hash);
        for (size_t i = 0, end; i < count; i = end) {
            for (end = i + 1; end < count && known[end].by == known[i].by; end++)
                ;
            for (size_t k = i; known[i].by != 0 && known[i].bytes != known[end - 1].bytes && k < end; k++)
                items[known[k].item].shared[way] = true;
        }
    }
    nw_free(known);
    return 0;
}

/* ---- XML */

/* Where the walk is within an item. */
struct at_item {
    size_t from;        /* of its tag */
    struct nw_str name; /* of its element */
    size_t depth;       /* elements open in it */
    struct nw_str id, link;
    bool id_is_link;    /* the id is a guid that does not say that it is no address */
    struct nw_str open; /* of the child that is open */
    size_t text;        /* where that child's text begins */
};

/* The text between two tags, without CDATA's marks. */
static struct nw_str text_of(struct nw_str feed, size_t from, size_t to)
{
    struct nw_str s = nw_str_trim(nw_str(feed.p + from, to - from));
    const struct nw_str begin = NW_STR("<![CDATA["), end = NW_STR("]]>");

    if (nw_str_starts(s, begin) && nw_str_ends(s, end))
        s = nw_str_trim(nw_str(s.p + begin.n, s.n - begin.n - end.n));
    return s;
}

/* The value of an attribute, by its local name; n 0 where there is none. */
static struct nw_str attribute(struct nw_str feed, const struct xml_tag *tag, struct nw_str name)
{
    struct nw_str s = nw_str(feed.p, tag->to);

    for (size_t at = find_bytes(s, tag->from, name); at != SIZE_MAX; at = find_bytes(s, at + 1, name)) {
        size_t value = at + name.n, end;
        char before = s.p[at - 1]; /* the tag's name stands before it */
        if (before != ':' && (unsigned char)before > ' ')
            continue;
        while (value < s.n && (unsigned char)s.p[value] <= ' ')
            value++;
        if (value >= s.n || s.p[value++] != '=')
            continue;
        while (value < s.n && (unsigned char)s.p[value] <= ' ')
            value++;
        if (value >= s.n || (s.p[value] != '"' && s.p[value] != '\''))
            continue;
        end = find_byte(s, value + 1, s.p[value]);
        return end == SIZE_MAX ? nw_str("", 0) : nw_str(s.p + value + 1, end - value - 1);
    }
    return nw_str("", 0);
}

static bool is_any(struct nw_str name, const struct nw_str *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (nw_str_eq(name, names[i]))
            return true;
    }
    return false;
}

/* What the channel says of its rhythm. */
struct rhythm {
    double ttl, period, frequency;
};

static void hear_rhythm(struct rhythm *rhythm, struct nw_str name, struct nw_str text)
{
    static const struct {
        struct nw_str word;
        double minutes;
    } periods[] = {{NW_STR("hourly"), 60},
                   {NW_STR("daily"), 1440},
                   {NW_STR("weekly"), 10080},
                   {NW_STR("monthly"), 43200},
                   {NW_STR("yearly"), 525600}};
    char number[32];

    snprintf(number, sizeof number, "%.*s", NW_FMT(text));
    if (nw_str_eq(name, NW_S("ttl")))
        rhythm->ttl = strtod(number, NULL);
    else if (nw_str_eq(name, NW_S("updateFrequency")))
        rhythm->frequency = strtod(number, NULL);
    for (size_t i = 0; nw_str_eq(name, NW_S("updatePeriod")) && i < sizeof periods / sizeof *periods; i++) {
        if (nw_str_eq_nocase(text, periods[i].word))
            rhythm->period = periods[i].minutes;
    }
}

static int64_t pause_of(const struct rhythm *rhythm)
{
    double minutes = rhythm->period / (rhythm->frequency >= 1 ? rhythm->frequency : 1), most;

    minutes = rhythm->ttl > minutes ? rhythm->ttl : minutes;
    most = (double)(most_pause_ms / minute_ms);
    return minutes > 0 ? (int64_t)((minutes < most ? minutes : most) * (double)minute_ms) : 0;
}

/* A child of an item opens, or stands there empty. */
static void child(struct nw_str feed, struct at_item *item, const struct xml_tag *tag)
{
    struct nw_str name = xml_local(tag->name);

    item->open = tag->kind == XML_OPEN ? name : nw_str("", 0);
    item->text = tag->to;
    if (nw_str_eq(name, NW_S("guid")) && item->id.n == 0)
        item->id_is_link = !nw_str_eq_nocase(attribute(feed, tag, NW_S("isPermaLink")), NW_S("false"));
    if (nw_str_eq(name, NW_S("link")) && item->link.n == 0) {
        struct nw_str rel = attribute(feed, tag, NW_S("rel"));
        if (rel.n == 0 || nw_str_eq(rel, NW_S("alternate")))
            item->link = attribute(feed, tag, NW_S("href"));
    }
}

static void child_closed(struct nw_str feed, struct at_item *item, const struct xml_tag *tag)
{
    struct nw_str text = text_of(feed, item->text, tag->from);

    if (item->id.n == 0 && (nw_str_eq(item->open, NW_S("guid")) || nw_str_eq(item->open, NW_S("id"))))
        item->id = text;
    else if (item->link.n == 0 && nw_str_eq(item->open, NW_S("link")))
        item->link = text;
    item->open = nw_str("", 0);
}

/* The item ends at `to`. */
static int item_closed(struct feed_scan *scan, struct nw_str feed, const struct at_item *item, size_t to)
{
    struct feed_item found = {.from = item->from, .to = to, .link = item->link};

    if (item->link.n == 0 && item->id_is_link && nw_str_starts(item->id, NW_S("http")))
        found.link = item->id;
    return feed_add(scan, feed, &found, item->id);
}

static int scan_xml(struct feed_scan *scan, struct nw_str feed)
{
    static const struct nw_str roots[] = {NW_STR("rss"), NW_STR("RDF"), NW_STR("feed")},
                               items[] = {NW_STR("item"), NW_STR("entry")};
    struct rhythm rhythm = {0};
    struct at_item item = {.name = {NULL, 0}};
    struct xml_tag tag;
    size_t at = 0, channel = 0;
    bool root = true;
    int r = 0;

    while (r == 0 && xml_next(feed, &at, &tag)) {
        struct nw_str name = xml_local(tag.name);
        if (root && !is_any(name, roots, sizeof roots / sizeof *roots))
            return 0;
        if (root)
            scan->root = tag.name;
        root = false;
        scan->kind = FEED_XML;
        scan->whole = tag.kind == XML_CLOSE && nw_str_eq(tag.name, scan->root);
        if (item.name.n == 0 && tag.kind != XML_CLOSE && is_any(name, items, sizeof items / sizeof *items)) {
            item = (struct at_item){.from = tag.from, .name = tag.name, .id = attribute(feed, &tag, NW_S("about"))};
            if (tag.kind == XML_EMPTY)
                item.name.n = 0;
        } else if (item.name.n == 0) {
            if (tag.kind == XML_CLOSE)
                hear_rhythm(&rhythm, name, text_of(feed, channel, tag.from));
            channel = tag.to;
        } else if (tag.kind != XML_CLOSE) {
            if (item.depth == 0)
                child(feed, &item, &tag);
            item.depth += tag.kind == XML_OPEN;
        } else if (item.depth > 0) {
            if (--item.depth == 0)
                child_closed(feed, &item, &tag);
        } else {
            r = item_closed(scan, feed, &item, tag.to);
            item.name.n = 0;
            channel = tag.to;
        }
    }
    scan->pause_ms = pause_of(&rhythm);
    return r;
}

/* The references of XML that addresses have; others stay as they are. */
static int add_unreferenced(struct nw_str s, struct nw_buf *out)
{
    static const struct {
        struct nw_str name;
        char is;
    } names[] = {{NW_STR("&amp;"), '&'},
                 {NW_STR("&lt;"), '<'},
                 {NW_STR("&gt;"), '>'},
                 {NW_STR("&quot;"), '"'},
                 {NW_STR("&apos;"), '\''}};
    size_t at = 0;

    while (at < s.n) {
        struct nw_str rest = nw_str_from(s, at);
        char number[16], *end = number, utf8[4];
        unsigned long code = 0;
        size_t i = 0;

        if (rest.p[0] != '&') {
            nw_buf_char(out, rest.p[0]);
            at++;
            continue;
        }
        if (nw_str_starts(rest, NW_S("&#"))) {
            bool hex = rest.n > 2 && (rest.p[2] | 32) == 'x';
            snprintf(number, sizeof number, "%.*s", NW_FMT(nw_str_from(rest, hex ? 3 : 2)));
            code = strtoul(number, &end, hex ? 16 : 10);
            if (end > number && *end == ';') {
                nw_buf_add(out, utf8, nw_utf8_put(utf8, code <= 0x10ffff ? (uint32_t)code : 0xfffd));
                at += (size_t)(end - number) + (hex ? 4 : 3);
                continue;
            }
        }
        while (i < sizeof names / sizeof *names && !nw_str_starts(rest, names[i].name))
            i++;
        nw_buf_char(out, i < sizeof names / sizeof *names ? names[i].is : '&');
        at += i < sizeof names / sizeof *names ? names[i].name.n : 1;
    }
    return out->error;
}

/* ---- either */

int feed_scan(struct feed_scan *scan, struct nw_str feed)
{
    struct nw_str s = nw_str_starts(feed, NW_S("\xef\xbb\xbf")) ? nw_str_from(feed, 3) : feed;
    int r = 0;

    s = nw_str_trim(s);
    if (s.n > 0 && s.p[0] == '{')
        r = feed_scan_json(scan, feed);
    else if (s.n > 0 && s.p[0] == '<')
        r = scan_xml(scan, feed);
    return r == 0 ? find_shared(scan) : r;
}

int feed_link(const struct feed_scan *scan, const struct feed_item *item, struct nw_buf *out)
{
    return scan->kind == FEED_JSON ? feed_text_json(item->link, out) : add_unreferenced(item->link, out);
}

int feed_copy(const struct feed_scan *scan, struct nw_str feed, const bool *keep, struct nw_buf *out)
{
    size_t at = 0;

    if (scan->kind == FEED_JSON)
        return feed_copy_json(scan, feed, keep, out);
    for (size_t i = 0; i < feed_count(scan); i++) {
        const struct feed_item *item = feed_item(scan, i);
        if (keep[i])
            continue;
        nw_buf_add(out, feed.p + at, item->from - at);
        at = item->to;
    }
    if (scan->whole && !scan->cut) {
        nw_buf_add(out, feed.p + at, feed.n - at);
    } else {
        size_t count = feed_count(scan), end = count ? feed_item(scan, count - 1)->to : at;
        nw_buf_add(out, feed.p + at, end - at);
        nw_buf_printf(out, "%s</%.*s>", nw_str_eq(scan->root, NW_S("rss")) ? "</channel>" : "", NW_FMT(scan->root));
    }
    return out->error;
}
