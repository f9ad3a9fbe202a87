/* One pass over the tags, or one JSON document by jansson: see feed_scan.h. */
#include "feed_scan.h"
#include "find.h"
#include "xml.h"

#include <newswire/error.h>
#include <newswire/hash.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 4096 };

static const int64_t minute_ms = 60000, most_pause_ms = INT64_C(7) * 86400000;

void feed_scan_init(struct feed_scan *scan)
{
    *scan = (struct feed_scan){.kind = FEED_NONE};
    nw_buf_init(&scan->items, FEED_ITEMS * sizeof(struct feed_item));
}

void feed_scan_free(struct feed_scan *scan)
{
    nw_buf_free(&scan->items);
    json_decref(scan->json);
    scan->json = NULL;
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

static int add(struct feed_scan *scan, size_t from, size_t to, uint64_t identity)
{
    struct feed_item item = {from, to, identity};

    if (feed_count(scan) >= FEED_ITEMS) {
        scan->cut = true;
        return 0;
    }
    return nw_buf_add(&scan->items, &item, sizeof item) < 0 ? nw_fault(scan->items.error) : 0;
}

/* ---- XML */

/* Where the walk is within an item. */
struct at_item {
    size_t from;        /* of its tag */
    struct nw_str name; /* of its element */
    size_t depth;       /* elements open in it */
    struct nw_str id, link;
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
    return s.n <= TEXT_MAX ? s : nw_str(s.p, TEXT_MAX);
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

static uint64_t identity_of(const struct at_item *item, struct nw_str whole)
{
    return item->id.n ? nw_hash64(item->id, 1) : item->link.n ? nw_hash64(item->link, 2) : nw_hash64(whole, 3);
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
            r = add(scan, item.from, tag.to, identity_of(&item, nw_str(feed.p + item.from, tag.to - item.from)));
            item.name.n = 0;
            channel = tag.to;
        }
    }
    scan->pause_ms = pause_of(&rhythm);
    return r;
}

/* ---- JSON */

static struct nw_str member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) ? nw_str(json_string_value(value), json_string_length(value)) : nw_str("", 0);
}

static int scan_json(struct feed_scan *scan, struct nw_str feed)
{
    json_t *root = json_loadb(feed.p, feed.n, 0, NULL), *items = json_object_get(root, "items");
    int r = 0;

    if (!nw_str_starts(member(root, "version"), NW_S("https://jsonfeed.org/")) || !json_is_array(items)) {
        json_decref(root);
        return 0;
    }
    scan->kind = FEED_JSON;
    scan->whole = true;
    scan->json = root;
    for (size_t i = 0; i < json_array_size(items) && r == 0; i++) {
        const json_t *object = json_array_get(items, i);
        struct at_item item = {.id = member(object, "id"), .link = member(object, "url")};
        char *text =
            item.id.n || item.link.n ? NULL : json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
        r = add(scan, i, i, identity_of(&item, nw_str_z(text ? text : "")));
        free(text);
    }
    return r;
}

static int copy_json(const struct feed_scan *scan, const bool *keep, struct nw_buf *out)
{
    json_t *copy = json_copy(scan->json), *items = json_array();
    char *text = NULL;
    int r = -ENOMEM;

    for (size_t i = 0; items && i < feed_count(scan); i++) {
        if (keep[i])
            json_array_append(items, json_array_get(json_object_get(scan->json, "items"), feed_item(scan, i)->from));
    }
    if (copy && items && json_object_set(copy, "items", items) == 0)
        text = json_dumps(copy, JSON_COMPACT);
    if (text)
        r = nw_buf_str(out, nw_str_z(text));
    free(text);
    json_decref(items);
    json_decref(copy);
    return r;
}

/* ---- either */

int feed_scan(struct feed_scan *scan, struct nw_str feed)
{
    struct nw_str s = feed;

    if (nw_str_starts(s, NW_S("\xef\xbb\xbf")))
        s = nw_str_from(s, 3);
    s = nw_str_trim(s);
    if (s.n > 0 && s.p[0] == '{')
        return scan_json(scan, s);
    return s.n > 0 && s.p[0] == '<' ? scan_xml(scan, feed) : 0;
}

int feed_copy(const struct feed_scan *scan, struct nw_str feed, const bool *keep, struct nw_buf *out)
{
    size_t at = 0;

    if (scan->kind == FEED_JSON)
        return copy_json(scan, keep, out);
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
