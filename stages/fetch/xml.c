/* One pass, no recursion, no memory. */
#include "xml.h"
#include "find.h"

/* Constructs that are passed over, the longer beginning first. */
static const struct {
    struct nw_str begin, end;
} others[] = {
    {NW_STR("<!--"), NW_STR("-->")},
    {NW_STR("<![CDATA["), NW_STR("]]>")},
    {NW_STR("<?"), NW_STR("?>")},
};

/* Behind the '>' of a declaration at the beginning of s, with what stands in its brackets; SIZE_MAX when it has no end.
 */
static size_t declaration_end(struct nw_str s)
{
    size_t depth = 0;
    char quote = 0;

    for (size_t i = 2; i < s.n; i++) {
        char c = s.p[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[')
            depth++;
        else if (c == ']')
            depth -= depth > 0;
        else if (c == '>' && depth == 0)
            return i + 1;
    }
    return SIZE_MAX;
}

/* Behind the '>' of a tag at the beginning of s; SIZE_MAX when it has no end. */
static size_t tag_end(struct nw_str s)
{
    char quote = 0;

    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return SIZE_MAX;
}

/* Bytes of the construct other than a tag that s begins with; 0 when it is a tag; SIZE_MAX when more bytes will tell.
 */
static size_t other_size(struct nw_str s)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (nw_str_starts(s, others[i].begin)) {
            size_t end = find_bytes(s, others[i].begin.n, others[i].end);
            return end == SIZE_MAX ? SIZE_MAX : end + others[i].end.n;
        }
        if (s.n < others[i].begin.n && nw_str_starts(others[i].begin, s))
            return SIZE_MAX;
    }
    return nw_str_starts(s, NW_S("<!")) ? declaration_end(s) : 0;
}

bool xml_next(struct nw_str text, size_t *at, struct xml_tag *tag)
{
    for (;;) {
        size_t from = find_byte(text, *at, '<'), end, name;
        struct nw_str s;

        *at = from == SIZE_MAX ? text.n : from;
        if (from == SIZE_MAX)
            return false;
        s = nw_str_from(text, from);
        end = other_size(s);
        if (end == SIZE_MAX)
            return false;
        if (end > 0) {
            *at += end;
            continue;
        }
        end = tag_end(s);
        if (end == SIZE_MAX)
            return false;
        *at += end;
        tag->kind = s.p[1] == '/' ? XML_CLOSE : s.p[end - 2] == '/' ? XML_EMPTY : XML_OPEN;
        tag->from = from;
        tag->to = from + end;
        s = nw_str_from(nw_str(s.p, end - 1), tag->kind == XML_CLOSE ? 2 : 1);
        for (name = 0; name < s.n && (unsigned char)s.p[name] > ' ' && s.p[name] != '/'; name++)
            ;
        tag->name = nw_str(s.p, name);
        return true;
    }
}

struct nw_str xml_local(struct nw_str name)
{
    size_t colon = find_byte(name, 0, ':');

    return colon == SIZE_MAX ? name : nw_str_from(name, colon + 1);
}
