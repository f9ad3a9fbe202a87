/* The tokenizer: see tokenizer.h. Names of states in comments are the standard's. */
#include "html/tokenizer.h"

#include "chars.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

void html_tokenizer_init(struct html_tokenizer *t, struct nw_str input)
{
    t->input = input;
    t->at = 0;
    t->state = STATE_DATA;
    t->cdata = false;
    t->last_tag = nw_str(NULL, 0);
    t->full = false;
}

/* White space of the standard, with CR, which its preprocessing would have made LF. */
static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static size_t find_byte(struct nw_str s, size_t from, char c)
{
    if (from >= s.n)
        return s.n;
    const char *p = memchr(s.p + from, c, s.n - from);
    return p ? (size_t)(p - s.p) : s.n;
}

/* Offset of the first "</" or "<!" at or behind `from`; s.n if there is none. Sixteen bytes a step. */
static size_t find_mark(struct nw_str s, size_t from)
{
    size_t i = from;
#if defined(__SSE2__)
    const __m128i open = _mm_set1_epi8('<'), slash = _mm_set1_epi8('/'), bang = _mm_set1_epi8('!');
    for (; i + 17 <= s.n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i + 1));
        __m128i hit =
            _mm_and_si128(_mm_cmpeq_epi8(a, open), _mm_or_si128(_mm_cmpeq_epi8(b, slash), _mm_cmpeq_epi8(b, bang)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);
        if (mask)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    for (; i + 1 < s.n; i++)
        if (s.p[i] == '<' && (s.p[i + 1] == '/' || s.p[i + 1] == '!'))
            return i;
    return s.n;
}

/* Whether `name` stands at s[at] with white space, '/' or '>' behind it. */
static bool tag_at(struct nw_str s, size_t at, struct nw_str name)
{
    if (name.n == 0 || at + name.n >= s.n || !nw_str_starts_nocase(nw_str_from(s, at), name))
        return false;
    unsigned char next = byte_at(s, at + name.n);
    return is_blank(next) || next == '/' || next == '>';
}

/* End of RCDATA and RAWTEXT: where the appropriate end tag begins. */
static size_t raw_end(const struct html_tokenizer *t, size_t from)
{
    size_t i = from;
    while ((i = find_mark(t->input, i)) < t->input.n) {
        if (t->input.p[i + 1] == '/' && tag_at(t->input, i + 2, t->last_tag))
            return i;
        i += 2;
    }
    return t->input.n;
}

/* "Script data escaped" and "double escaped" states: from behind "<!--" to where plain script data goes on, or to the
 * end tag, which *ended tells. */
static size_t escaped_end(const struct html_tokenizer *t, size_t from, bool *ended)
{
    struct nw_str s = t->input;
    bool twice = false;
    *ended = false;
    for (size_t i = from; i < s.n;) {
        if (s.p[i] == '-' && byte_at(s, i + 1) == '-' && i + 1 < s.n) {
            size_t k = i + 2;
            while (byte_at(s, k) == '-' && k < s.n)
                k++;
            if (byte_at(s, k) == '>')
                return k + 1;
            i = k;
        } else if (s.p[i] == '<') {
            if (byte_at(s, i + 1) == '/') {
                if (!twice && tag_at(s, i + 2, t->last_tag)) {
                    *ended = true;
                    return i;
                }
                if (twice && tag_at(s, i + 2, NW_S("script")))
                    twice = false;
                i += 2;
            } else {
                if (!twice && tag_at(s, i + 1, NW_S("script")))
                    twice = true;
                i++;
            }
        } else {
            size_t dash = find_byte(s, i + 1, '-'), open = find_byte(nw_str(s.p, dash), i + 1, '<');
            i = open < dash ? open : dash;
        }
    }
    return s.n;
}

static size_t script_end(const struct html_tokenizer *t, size_t from)
{
    struct nw_str s = t->input;
    size_t i = from;
    while ((i = find_mark(s, i)) < s.n) {
        if (s.p[i + 1] == '/') {
            if (tag_at(s, i + 2, t->last_tag))
                return i;
            i += 2;
        } else if (byte_at(s, i + 2) == '-' && byte_at(s, i + 3) == '-') {
            bool ended;
            i = escaped_end(t, i + 2, &ended); /* "<!-->" ends at once: its dashes count */
            if (ended)
                return i;
        } else {
            i += 2;
        }
    }
    return s.n;
}

static bool name_seen(const struct html_tokenizer *t, size_t n, struct nw_str name)
{
    for (size_t i = 0; i < n; i++)
        if (nw_str_eq_nocase(t->attrs[i].name, name))
            return true;
    return false;
}

/* Bytes that end a tag's name, or an attribute's. */
static const unsigned char NAME_END[256] = {
    ['\t'] = 1, ['\n'] = 1, ['\f'] = 1, ['\r'] = 1, [' '] = 1, ['/'] = 1, ['>'] = 1, ['='] = 2};

/* From behind a tag's name to behind its ">": attributes. False at the end of the input: then there is no token. */
static bool read_attrs(struct html_tokenizer *t, struct html_token *token)
{
    const char *p = t->input.p;
    size_t i = t->at, n = t->input.n;
    token->attrs = 0;
    token->self_closing = false;
    for (;;) {
        while (i < n && is_blank((unsigned char)p[i])) /* before attribute name */
            i++;
        if (i >= n)
            return false;
        if (p[i] == '>') {
            t->at = i + 1;
            return true;
        }
        if (p[i] == '/') { /* self-closing start tag */
            if (i + 1 < n && p[i + 1] == '>') {
                token->self_closing = true;
                t->at = i + 2;
                return true;
            }
            i++;
            continue;
        }
        size_t start = i;
        if (p[i] == '=')
            i++;
        while (i < n && !NAME_END[(unsigned char)p[i]])
            i++;
        struct nw_str name = nw_str(p + start, i - start), value = nw_str(p + i, 0);
        size_t after = i;
        while (i < n && is_blank((unsigned char)p[i])) /* after attribute name */
            i++;
        if (i < n && p[i] == '=') {
            i++;
            while (i < n && is_blank((unsigned char)p[i])) /* before attribute value */
                i++;
            if (i >= n)
                return false;
            if (p[i] == '"' || p[i] == '\'') {
                size_t end = find_byte(t->input, i + 1, p[i]);
                if (end >= n)
                    return false;
                value = nw_str(p + i + 1, end - i - 1);
                i = end + 1;
            } else if (p[i] != '>') {
                start = i;
                while (i < n && !is_blank((unsigned char)p[i]) && p[i] != '>')
                    i++;
                value = nw_str(p + start, i - start);
            }
        } else {
            i = after;
        }
        if (i >= n)
            return false;
        if (token->attrs == ATTRS_MOST)
            t->full = true;
        else if (!name_seen(t, token->attrs, name))
            t->attrs[token->attrs++] = (struct html_attr){name, value};
    }
}

static bool read_tag(struct html_tokenizer *t, struct html_token *token, enum html_token_kind kind)
{
    size_t start = t->at + (kind == TOKEN_END ? 2 : 1), i = start;
    while (i < t->input.n && NAME_END[(unsigned char)t->input.p[i]] != 1)
        i++;
    token->kind = kind;
    token->name = nw_str(t->input.p + start, i - start);
    t->at = i;
    if (!read_attrs(t, token)) {
        t->at = t->input.n;
        return false;
    }
    if (kind == TOKEN_START)
        t->last_tag = token->name;
    return true;
}

/* Comment states, from behind "<!--". */
static void read_comment(struct html_tokenizer *t, struct html_token *token, size_t from)
{
    struct nw_str s = t->input;
    token->kind = TOKEN_COMMENT;
    if (byte_at(s, from) == '>' || (byte_at(s, from) == '-' && byte_at(s, from + 1) == '>')) { /* abrupt closing */
        token->text = nw_str(s.p + from, 0);
        t->at = from + (s.p[from] == '>' ? 1 : 2);
        return;
    }
    for (size_t i = from;;) {
        i = find_byte(s, i, '-');
        if (i >= s.n)
            break;
        if (byte_at(s, i + 1) != '-') {
            i++;
            continue;
        }
        size_t end = i + 2; /* the dashes of "--->" before the last two are text */
        while (byte_at(s, end) == '-')
            end++;
        if (byte_at(s, end) == '>' || (byte_at(s, end) == '!' && byte_at(s, end + 1) == '>')) {
            token->text = nw_str(s.p + from, end - 2 - from);
            t->at = end + (s.p[end] == '>' ? 1 : 2);
            return;
        }
        i = end;
    }
    /* End of file: what may have been the start of the end is dropped. */
    size_t end = s.n;
    if (end >= from + 3 && s.p[end - 1] == '!' && s.p[end - 2] == '-' && s.p[end - 3] == '-')
        end -= 3;
    else if (end >= from + 2 && s.p[end - 1] == '-' && s.p[end - 2] == '-')
        end -= 2;
    else if (end >= from + 1 && s.p[end - 1] == '-')
        end -= 1;
    token->text = nw_str(s.p + from, end - from);
    t->at = s.n;
}

static void read_bogus_comment(struct html_tokenizer *t, struct html_token *token, size_t from)
{
    size_t end = find_byte(t->input, from, '>');
    token->kind = TOKEN_COMMENT;
    token->text = nw_str(t->input.p + from, end - from);
    t->at = end < t->input.n ? end + 1 : end;
}

/* The quoted identifier at *i; false when it is cut off by ">" or the end. */
static bool read_identifier(struct nw_str s, size_t *i, struct nw_str *id)
{
    char quote = s.p[*i];
    size_t end = find_byte(s, *i + 1, quote), stop = find_byte(s, *i + 1, '>');
    bool whole = end < stop;
    *id = nw_str(s.p + *i + 1, (whole ? end : stop) - *i - 1);
    *i = whole ? end + 1 : stop;
    return whole;
}

/* DOCTYPE states, from behind "<!DOCTYPE". */
static void read_doctype(struct html_tokenizer *t, struct html_token *token, size_t from)
{
    struct nw_str s = t->input;
    size_t i = from;
    *token = (struct html_token){.kind = TOKEN_DOCTYPE};
    while (i < s.n && is_blank((unsigned char)s.p[i]))
        i++;
    size_t start = i;
    while (i < s.n && !is_blank((unsigned char)s.p[i]) && s.p[i] != '>')
        i++;
    token->name = nw_str(s.p + start, i - start);
    token->has_name = i > start;
    token->force_quirks = !token->has_name || i >= s.n;
    while (i < s.n && is_blank((unsigned char)s.p[i]))
        i++;
    if (i >= s.n)
        token->force_quirks = true;
    bool public = nw_str_starts_nocase(nw_str_from(s, i), NW_S("public")),
         system = nw_str_starts_nocase(nw_str_from(s, i), NW_S("system"));
    if (token->has_name && (public || system)) {
        i += 6;
        for (int part = system; part < 2; part++) {
            while (i < s.n && is_blank((unsigned char)s.p[i]))
                i++;
            if (i < s.n && (s.p[i] == '"' || s.p[i] == '\'')) {
                bool whole = read_identifier(s, &i, part ? &token->system_id : &token->public_id);
                *(part ? &token->has_system : &token->has_public) = true;
                if (!whole) {
                    token->force_quirks = true;
                    break;
                }
                if (part) { /* after the system identifier anything is dropped, without quirks */
                    while (i < s.n && is_blank((unsigned char)s.p[i]))
                        i++;
                    token->force_quirks = token->force_quirks || i >= s.n;
                }
            } else {
                /* no identifier where one must stand: quirks; but after a public one ">" may follow */
                if (i >= s.n || s.p[i] != '>' || !part || system)
                    token->force_quirks = true;
                break;
            }
        }
    } else if (token->has_name && i < s.n && s.p[i] != '>') {
        token->force_quirks = true;
    }
    size_t end = find_byte(s, i, '>');
    t->at = end < s.n ? end + 1 : end;
}

/* "Markup declaration open" and its kin: at "<!", "<?" or "</" with no letter behind it. */
static void read_declaration(struct html_tokenizer *t, struct html_token *token)
{
    struct nw_str rest = nw_str_from(t->input, t->at);
    if (nw_str_starts(rest, NW_S("<!--")))
        read_comment(t, token, t->at + 4);
    else if (nw_str_starts_nocase(rest, NW_S("<!doctype")))
        read_doctype(t, token, t->at + 9);
    else
        read_bogus_comment(t, token, t->at + (byte_at(rest, 1) == '?' ? 1 : 2));
}

static bool text_token(struct html_tokenizer *t, struct html_token *token, size_t end, enum html_text kind)
{
    token->kind = TOKEN_TEXT;
    token->text_kind = kind;
    token->text = nw_str(t->input.p + t->at, end - t->at);
    t->at = end;
    return true;
}

/* Text up to the end tag that ends the state; then the state is data again. */
static bool raw_token(struct html_tokenizer *t, struct html_token *token)
{
    size_t end = t->state == STATE_SCRIPT ? script_end(t, t->at) : raw_end(t, t->at);
    enum html_text kind = t->state == STATE_RCDATA ? HTML_RCDATA : HTML_RAW;
    t->state = STATE_DATA;
    if (end > t->at)
        return text_token(t, token, end, kind);
    return read_tag(t, token, TOKEN_END);
}

bool html_next(struct html_tokenizer *t, struct html_token *token)
{
    struct nw_str s = t->input;
    for (;;) {
        if (t->at >= s.n)
            return false;
        if (t->state == STATE_PLAINTEXT)
            return text_token(t, token, s.n, HTML_RAW);
        if (t->state == STATE_CDATA) {
            size_t end = nw_str_find(nw_str_from(s, t->at), NW_S("]]>"));
            size_t start = t->at;
            t->state = STATE_DATA;
            text_token(t, token, end == SIZE_MAX ? s.n : start + end, HTML_CDATA);
            t->at = end == SIZE_MAX ? s.n : start + end + 3;
            if (token->text.n > 0)
                return true;
            continue;
        }
        if (t->state != STATE_DATA)
            return raw_token(t, token);
        size_t i = t->at;
        for (;; i++) {
            i = find_byte(s, i, '<');
            if (i + 1 >= s.n) {
                i = s.n;
                break;
            }
            unsigned char next = (unsigned char)s.p[i + 1];
            if (is_alpha(next) || next == '!' || next == '?' || (next == '/' && i + 2 < s.n))
                break;
        }
        if (i > t->at)
            return text_token(t, token, i, HTML_DATA);
        unsigned char next = (unsigned char)s.p[i + 1];
        if (is_alpha(next))
            return read_tag(t, token, TOKEN_START);
        if (next == '/' && is_alpha(byte_at(s, i + 2)))
            return read_tag(t, token, TOKEN_END);
        if (next == '/' && s.p[i + 2] == '>') { /* "</>" is nothing */
            t->at = i + 3;
            continue;
        }
        if (t->cdata && nw_str_starts(nw_str_from(s, i), NW_S("<![CDATA["))) {
            t->at = i + 9;
            t->state = STATE_CDATA;
            continue;
        }
        read_declaration(t, token);
        return true;
    }
}
