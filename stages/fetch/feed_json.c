/*
 * JSON Feed 1 and 1.1, by its brackets and quotes: where the elements of `items` stand, and of each its id and url.
 * What else is well-formed is not looked at; clean reads it.
 */
#include "feed_scan.h"
#include "find.h"

#include <newswire/utf8.h>

/* Behind the string whose opening quote is at `at`; SIZE_MAX where it has no end. */
static size_t string_end(struct nw_str s, size_t at)
{
    for (size_t from = at + 1;;) {
        size_t quote = find_byte(s, from, '"'), slashes = 0;
        if (quote == SIZE_MAX)
            return SIZE_MAX;
        while (s.p[quote - 1 - slashes] == '\\')
            slashes++;
        if (slashes % 2 == 0)
            return quote + 1;
        from = quote + 1;
    }
}

/* Behind the value that begins at `at`; SIZE_MAX where it has no end. */
static size_t value_end(struct nw_str s, size_t at)
{
    size_t depth = 0;

    if (at >= s.n)
        return SIZE_MAX;
    if (s.p[at] != '"' && s.p[at] != '{' && s.p[at] != '[') {
        while (at < s.n && !strchr(",]} \t\r\n", s.p[at]))
            at++;
        return at < s.n ? at : SIZE_MAX;
    }
    while (at < s.n) {
        switch (s.p[at]) {
        case '"':
            at = string_end(s, at);
            break;
        case '{':
        case '[':
            depth++;
            at++;
            break;
        case '}':
        case ']':
            depth--;
            at++;
            break;
        default:
            at++;
            continue;
        }
        if (depth == 0 || at == SIZE_MAX)
            return at;
    }
    return SIZE_MAX;
}

/* Behind white space, and one comma where commas may stand. */
static size_t skip(struct nw_str s, size_t at, bool comma)
{
    while (at < s.n &&
           (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n' || (comma && s.p[at] == ',')))
        at++;
    return at;
}

/* The next member of the object that *at is in: its key as it stands there, *at where its value begins. False at the
 * object's end, *at then at its brace, and where there is no member. */
static bool next_member(struct nw_str s, size_t *at, struct nw_str *key)
{
    size_t from = skip(s, *at, true), end;

    *at = from;
    if (from >= s.n || s.p[from] != '"')
        return false;
    end = string_end(s, from);
    if (end == SIZE_MAX)
        return false;
    *key = nw_str(s.p + from + 1, end - from - 2);
    *at = skip(s, end, false);
    if (*at >= s.n || s.p[*at] != ':')
        return false;
    *at = skip(s, *at + 1, false);
    return *at < s.n;
}

/* What a string, or a number, says; as it stands there. */
static struct nw_str scalar(struct nw_str s, size_t from, size_t to)
{
    if (s.p[from] == '"')
        return nw_str(s.p + from + 1, to - from - 2);
    return strchr("{[ntf", s.p[from]) ? nw_str("", 0) : nw_str(s.p + from, to - from);
}

static int add_object(struct feed_scan *scan, struct nw_str feed, size_t from, size_t to)
{
    struct nw_str object = nw_str(feed.p, to), key, id = nw_str("", 0);
    struct feed_item item = {.from = from, .to = to};

    for (size_t at = from + 1; next_member(object, &at, &key);) {
        size_t end = value_end(object, at);
        if (end == SIZE_MAX)
            break;
        if (nw_str_eq(key, NW_S("id")))
            id = scalar(object, at, end);
        else if (nw_str_eq(key, NW_S("url")))
            item.link = scalar(object, at, end);
        at = end;
    }
    return feed_add(scan, feed, &item, id);
}

/* The elements of the list that begins at *at; moves it behind the list, or to SIZE_MAX where that has no end. */
static int scan_items(struct feed_scan *scan, struct nw_str feed, size_t *at)
{
    int r = 0;

    scan->rest = ++*at;
    while (r == 0) {
        size_t from = skip(feed, *at, true), to;
        if (from < feed.n && feed.p[from] == ']') {
            scan->rest = from;
            *at = from + 1;
            return 0;
        }
        to = value_end(feed, from);
        if (to == SIZE_MAX || to == from) {
            *at = SIZE_MAX;
            return 0;
        }
        if (feed.p[from] == '{')
            r = add_object(scan, feed, from, to);
        *at = to;
    }
    return r;
}

int feed_scan_json(struct feed_scan *scan, struct nw_str feed)
{
    size_t at = find_byte(feed, 0, '{') + 1;
    bool version = false, items = false;
    struct nw_str key;
    int r = 0;

    while (r == 0 && at != SIZE_MAX && next_member(feed, &at, &key)) {
        size_t from = at;
        if (!items && nw_str_eq(key, NW_S("items")) && feed.p[at] == '[') {
            items = true;
            r = scan_items(scan, feed, &at);
            continue;
        }
        at = value_end(feed, from);
        if (at == SIZE_MAX || !nw_str_eq(key, NW_S("version")))
            continue;
        struct nw_buf text;
        nw_buf_init(&text, feed.n + 1);
        r = feed_text_json(scalar(feed, from, at), &text);
        version = nw_str_starts(nw_buf_view(&text), NW_S("https://jsonfeed.org/"));
        nw_buf_free(&text);
    }
    scan->whole = at < feed.n && feed.p[at] == '}';
    scan->kind = version && items ? FEED_JSON : FEED_NONE;
    return r;
}

int feed_copy_json(const struct feed_scan *scan, struct nw_str feed, const bool *keep, struct nw_buf *out)
{
    size_t count = feed_count(scan);
    bool first = true;

    nw_buf_add(out, feed.p, count ? feed_item(scan, 0)->from : scan->rest);
    for (size_t i = 0; i < count; i++) {
        const struct feed_item *item = feed_item(scan, i);
        if (!keep[i])
            continue;
        if (!first)
            nw_buf_char(out, ',');
        nw_buf_add(out, feed.p + item->from, item->to - item->from);
        first = false;
    }
    return scan->whole ? nw_buf_str(out, nw_str_from(feed, scan->rest)) : nw_buf_str(out, NW_S("]}"));
}

static uint32_t hex4(struct nw_str s, size_t at)
{
    uint32_t value = 0;

    if (s.n < 4 || at > s.n - 4)
        return 0xfffd;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            return 0xfffd;
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

int feed_text_json(struct nw_str string, struct nw_buf *out)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    size_t at = 0;

    while (at < string.n) {
        size_t slash = find_byte(string, at, '\\'), end = slash == SIZE_MAX ? string.n : slash;
        const char *escape = slash < string.n - 1 ? strchr(escapes, string.p[slash + 1]) : NULL;
        nw_buf_add(out, string.p + at, end - at);
        at = end + 2;
        if (slash < string.n - 1 && string.p[slash + 1] == 'u') {
            uint32_t c = hex4(string, slash + 2), low = c >> 10 == 0x36 ? hex4(string, slash + 8) : 0;
            char utf8[4];
            at = slash + 6;
            if (low >> 10 == 0x37 && string.p[slash + 6] == '\\' && string.p[slash + 7] == 'u') {
                c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
                at = slash + 12;
            }
            nw_buf_add(out, utf8, nw_utf8_put(utf8, c));
        } else if (escape && *escape) {
            nw_buf_char(out, meanings[escape - escapes]);
        }
    }
    return out->error;
}
