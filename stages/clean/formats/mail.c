/*
 * A mail message (RFC 5322, MIME): its text is the article, its subject the headline.
 *
 * Quirks: blanks before the headers; encoded words in headers, in any charset; multipart/alternative holds one text
 * twice: plain is taken; attachments are no text; what stands behind "-- " is a signature; boundaries that are missing
 * or never closed.
 */
#include "chars.h"
#include "encodings.h"
#include "format.h"
#include "lines.h"
#include "markup.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

struct part {
    struct nw_str head, body;
};

/* Parts head and body at the first empty line. */
static struct part split(struct nw_str s)
{
    struct part part = {nw_str(s.p, 0), s};
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\n')
            continue;
        size_t next = i + 1 + (byte_at(s, i + 1) == '\r');
        if (byte_at(s, next) == '\n' && next < s.n)
            return (struct part){nw_str(s.p, i + 1), nw_str_from(s, next + 1)};
    }
    part.head = s;
    part.body = nw_str(NULL, 0);
    return part;
}

/* The first header of that name, its folded lines with it; "" for none. */
static struct nw_str header(struct nw_str head, const char *name)
{
    struct nw_str key = nw_str_z(name), line;
    for (struct nw_str rest = head; nw_str_line(&rest, &line);) {
        if (line.n <= key.n || line.p[key.n] != ':' || !nw_str_starts_nocase(line, key))
            continue;
        const char *start = line.p + key.n + 1, *end = line.p + line.n;
        while (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t') && nw_str_line(&rest, &line))
            end = line.p + line.n;
        return nw_str_trim(nw_str(start, end > start ? (size_t)(end - start) : 0));
    }
    return nw_str(NULL, 0);
}

/* A parameter of a header ("charset", "boundary"); "" for none. */
static struct nw_str parameter(struct nw_str value, const char *name)
{
    struct nw_str key = nw_str_z(name);
    for (size_t i = 0; i + key.n < value.n; i++) {
        if (!nw_str_starts_nocase(nw_str_from(value, i), key) || (i > 0 && is_alnum((unsigned char)value.p[i - 1])))
            continue;
        struct nw_str rest = nw_str_trim(nw_str_from(value, i + key.n));
        if (rest.n < 2 || rest.p[0] != '=')
            continue;
        rest = nw_str_trim(nw_str_from(rest, 1));
        char quote = rest.n > 0 && rest.p[0] == '"' ? '"' : ';';
        rest = quote == '"' ? nw_str_from(rest, 1) : rest;
        size_t n = 0;
        while (n < rest.n && rest.p[n] != quote && (quote == '"' || !is_space((unsigned char)rest.p[n])))
            n++;
        return nw_str(rest.p, n);
    }
    return nw_str(NULL, 0);
}

/* Encoded words (RFC 2047) decoded; white space between two of them goes. */
static struct nw_str words(struct draft *draft, struct nw_str s)
{
    struct nw_str out = nw_str(NULL, 0);
    bool word_before = false;
    if (s.n > MAIL_HEADER_MOST) {
        bound_reach(draft->clean, BOUND_MAIL_HEADER);
        s.n = MAIL_HEADER_MOST;
    }
    while (s.n > 0) {
        size_t at = nw_str_find(s, NW_S("=?"));
        size_t q1 = at == SIZE_MAX ? SIZE_MAX : nw_str_find(nw_str_from(s, at + 2), NW_S("?"));
        size_t q2 = q1 == SIZE_MAX ? SIZE_MAX : nw_str_find(nw_str_from(s, at + 3 + q1), NW_S("?"));
        size_t end = q2 == SIZE_MAX ? SIZE_MAX : nw_str_find(nw_str_from(s, at + 4 + q1 + q2), NW_S("?="));
        if (end == SIZE_MAX || q2 != 1) {
            at = at == SIZE_MAX || q2 == SIZE_MAX || end == SIZE_MAX ? s.n : at + 2;
            struct nw_str plain = nw_str(s.p, at);
            out = out.n ? draft_printf(draft, "%.*s%.*s", NW_FMT(out), NW_FMT(plain)) : plain;
            s = nw_str_from(s, at);
            word_before = false;
            continue;
        }
        struct nw_str before = nw_str(s.p, at), label = nw_str(s.p + at + 2, q1),
                      coded = nw_str(s.p + at + 5 + q1, end);
        bool base64 = (s.p[at + 3 + q1] | 0x20) == 'b';
        struct nw_str bytes =
            base64 ? base64_decode(draft->arena, coded) : quoted_printable_decode(draft->arena, coded, true);
        struct nw_str text = decode(draft->arena, bytes, label, false).text;
        if (word_before && nw_str_trim(before).n == 0)
            before.n = 0;
        out = draft_printf(draft, "%.*s%.*s%.*s", NW_FMT(out), NW_FMT(before), NW_FMT(text));
        s = nw_str_from(s, at + 5 + q1 + end + 2);
        word_before = true;
    }
    return draft_line(draft, out);
}

/* The parts of a multipart body between its boundaries; more than MAIL_PARTS_MOST in all are left out. */
static void parts_of(struct nw_str body, struct nw_str boundary, struct part *parts, size_t *n)
{
    bool inside = false;
    if (body.n == 0)
        return;
    const char *start = body.p;
    struct nw_str rest = body, line;
    for (bool more = true; more && *n < MAIL_PARTS_MOST;) {
        const char *line_at = rest.p;
        more = nw_str_line(&rest, &line);
        bool mark = more && line.n >= boundary.n + 2 && line.p[0] == '-' && line.p[1] == '-' &&
                    nw_str_starts(nw_str_from(line, 2), boundary);
        if (!mark && more)
            continue;
        const char *end = more ? line_at : body.p + body.n;
        if (inside && end > start)
            parts[(*n)++] = split(nw_str(start, (size_t)(end - start)));
        inside = more && !nw_str_starts(nw_str_from(line, 2 + boundary.n), NW_S("--"));
        start = rest.n ? rest.p : body.p + body.n;
        if (more && !inside)
            return;
    }
}

/* A part's text as UTF-8. */
static struct nw_str text_of(struct draft *draft, struct part part)
{
    struct nw_str type = header(part.head, "Content-Type"), coding = header(part.head, "Content-Transfer-Encoding"),
                  bytes = part.body;
    if (nw_str_starts_nocase(coding, NW_S("base64")))
        bytes = base64_decode(draft->arena, bytes);
    else if (nw_str_starts_nocase(coding, NW_S("quoted-printable")))
        bytes = quoted_printable_decode(draft->arena, bytes, false);
    struct decoded d =
        decode(draft->arena, bytes, parameter(type, "charset"), nw_str_starts_nocase(type, NW_S("text/html")));
    if (!d.text.p && bytes.n > 0)
        draft->failed = true;
    if (draft->record)
        NW_SET(source, draft->record->source, charset, nw_str_z(d.charset));
    return d.text;
}

static bool is_type(struct part part, const char *type)
{
    struct nw_str value = header(part.head, "Content-Type");
    if (nw_str_starts_nocase(header(part.head, "Content-Disposition"), NW_S("attachment")))
        return false;
    return value.n ? nw_str_starts_nocase(value, nw_str_z(type)) : strcmp(type, "text/plain") == 0;
}

/* Without what stands behind the line "-- ". */
static struct nw_str without_signature(struct nw_str s)
{
    size_t at = nw_str_find(s, NW_S("\n-- \n"));
    if (at == SIZE_MAX)
        at = nw_str_find(s, NW_S("\n-- \r\n"));
    return at == SIZE_MAX ? s : nw_str(s.p, at);
}

static struct nw_str sender(struct draft *draft, struct nw_str from)
{
    from = words(draft, from);
    const char *angle = from.n ? memchr(from.p, '<', from.n) : NULL;
    struct nw_str name =
        angle && angle > from.p ? trim_set(nw_str(from.p, (size_t)(angle - from.p)), " \"'") : nw_str(NULL, 0);
    return name.n ? name : trim_set(from, " <>\"");
}

/* X-Priority (1 to 5), Importance, Priority (RFC 2156) as urgency; 0 where none says more than "normal". */
static int64_t importance(struct nw_str head)
{
    static const char *const names[] = {"X-Priority", "Importance", "Priority"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct nw_str value = header(head, names[i]);
        if (nw_str_starts(value, NW_S("1")) || nw_str_starts_nocase(value, NW_S("high")) ||
            nw_str_starts_nocase(value, NW_S("urgent")))
            return 2;
        if (nw_str_starts(value, NW_S("2")))
            return 3;
        if (nw_str_starts(value, NW_S("4")) || nw_str_starts(value, NW_S("5")) ||
            nw_str_starts_nocase(value, NW_S("low")) || nw_str_starts_nocase(value, NW_S("non-urgent")))
            return 8;
    }
    return 0;
}

bool mail_is(struct nw_str s)
{
    static const char *const names[] = {"From",         "Subject",      "Date",        "Message-ID",
                                        "MIME-Version", "Received",     "Return-Path", "Delivered-To",
                                        "To",           "Content-Type", "Reply-To"};
    s = nw_str_trim(nw_str(s.p, s.n < 16384 ? s.n : 16384));
    size_t hits = 0, colon = 0;
    while (colon < s.n && (is_alnum((unsigned char)s.p[colon]) || s.p[colon] == '-'))
        colon++;
    if (colon < 2 || byte_at(s, colon) != ':')
        return false;
    struct nw_str head = split(s).head;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        hits += header(head, names[i]).n > 0;
    bool sure = header(head, "From").n > 0 || header(head, "MIME-Version").n > 0 || header(head, "Received").n > 0 ||
                header(head, "Message-ID").n > 0;
    return sure && hits >= 3;
}

int mail_format(const struct input *input)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "mail");
    struct nw_str bytes = nw_str_trim(input->bytes);
    if (nw_str_starts(bytes, NW_S("From "))) { /* an mbox's line */
        struct nw_str line;
        nw_str_line(&bytes, &line);
    }
    if (!draft.record)
        return nw_fault(-ENOMEM);
    struct part whole = split(bytes), *parts = nw_arena_alloc(input->arena, MAIL_PARTS_MOST * sizeof *parts);
    if (!parts)
        return nw_fault(-ENOMEM);
    size_t n = 0, plain = SIZE_MAX, html = SIZE_MAX;
    parts[n++] = whole;
    for (size_t i = 0; i < n; i++) {
        struct nw_str type = header(parts[i].head, "Content-Type"), boundary = parameter(type, "boundary");
        if (nw_str_starts_nocase(type, NW_S("multipart/")) && boundary.n > 0)
            parts_of(parts[i].body, boundary, parts, &n);
        else if (plain == SIZE_MAX && is_type(parts[i], "text/plain") && nw_str_trim(parts[i].body).n > 0)
            plain = i;
        else if (html == SIZE_MAX && is_type(parts[i], "text/html") && nw_str_trim(parts[i].body).n > 0)
            html = i;
    }
    if (n == MAIL_PARTS_MOST)
        bound_reach(input->clean, BOUND_MAIL_PARTS);
    struct nw_str head =
        decode(input->arena, whole.head, nw_str(NULL, 0), false).text; /* raw bytes beyond ASCII occur */
    draft_headline(&draft, words(&draft, header(head, "Subject")));
    draft_by(&draft, sender(&draft, header(head, "From")));
    struct date date;
    if (date_read(header(head, "Date"), &date))
        draft_moment(&draft, MOMENT_VERSION, &date);
    draft_urgency(&draft, importance(head));
    draft_slugline(&draft, words(&draft, header(head, "Keywords")));
    struct nw_str id = trim_set(draft_line(&draft, header(head, "Message-ID")), "<> ");
    if (id.n > 0)
        draft_uri(&draft, "mail", draft_printf(&draft, "mid:%.*s", NW_FMT(id)));
    if (plain != SIZE_MAX) {
        struct nw_str text = text_of(&draft, parts[plain]);
        lines_read(&draft, text_tidy(input->arena, without_signature(text)));
    }
    if (html != SIZE_MAX && draft.count == 0)
        markup_body(&draft, text_of(&draft, parts[html]));
    return draft_emit(&draft, CONVENTIONS_STRIP);
}
