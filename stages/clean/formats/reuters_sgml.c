/*
 * Reuters-21578 SGML: <REUTERS …> documents, one or many in the input.
 *
 * Quirks: no root element; control characters as numeric references (&#2; &#3; &#5; &#22; &#30; &#31;); "&lt;IBM>" is a
 * ticker with a bare
 * ">"; one raw byte of line noise in 21,578 documents. UNKNOWN holds an ANPA header: service and number, then priority,
 * category letter and keyword, which is the slugline. DATE is New York time without a zone, at times with noise behind
 * it or a digit too many in the hour. TEXT is of type NORM, BRIEF (a headline and no body; "******" before flashes) or
 * UNPROC (plain text, a TITLE perhaps inside, tables). The BODY's lines of print are joined; " Reuter" at its end is a
 * sign-off; DATELINE stands outside the BODY and has no year: it is that of DATE.
 */
#include "chars.h"
#include "format.h"
#include "lines.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

/* What stands between <NAME …> and </NAME>; "" for none. `rest` is moved behind it where given. */
static struct nw_str element(struct nw_str s, const char *name)
{
    char open[20], close[20];
    size_t n = strlen(name);
    if (n + 3 > sizeof open)
        return nw_str(NULL, 0);
    open[0] = '<';
    memcpy(open + 1, name, n);
    close[0] = '<';
    close[1] = '/';
    memcpy(close + 2, name, n);
    close[n + 2] = '>';
    size_t at = nw_str_find(s, nw_str(open, n + 1));
    if (at == SIZE_MAX)
        return nw_str(NULL, 0);
    struct nw_str rest = nw_str_from(s, at + n + 1);
    const char *end = memchr(rest.p, '>', rest.n);
    if (!end)
        return nw_str(NULL, 0);
    rest = nw_str_from(rest, (size_t)(end - rest.p) + 1);
    size_t stop = nw_str_find(rest, nw_str(close, n + 3));
    return nw_str(rest.p, stop == SIZE_MAX ? rest.n : stop);
}

/* The value of NAME="…" in a tag; "" for none. */
static struct nw_str attribute(struct nw_str tag, const char *name)
{
    size_t at = nw_str_find(tag, nw_str_z(name));
    if (at == SIZE_MAX)
        return nw_str(NULL, 0);
    struct nw_str rest = nw_str_from(tag, at + strlen(name));
    if (byte_at(rest, 0) != '=' || byte_at(rest, 1) != '"')
        return nw_str(NULL, 0);
    rest = nw_str_from(rest, 2);
    const char *end = memchr(rest.p, '"', rest.n);
    return nw_str(rest.p, end ? (size_t)(end - rest.p) : 0);
}

/* References resolved, control characters and noise out; line ends and blanks stay. */
static struct nw_str plain(struct draft *draft, struct nw_str s)
{
    if (text_is_plain(s) && !memchr(s.p ? s.p : "", '&', s.n))
        return s;
    char *out = draft_alloc(draft, s.n + 1);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        struct nw_str rest = nw_str_from(s, i);
        if (c == '&') {
            if (nw_str_starts(rest, NW_S("&lt;"))) {
                out[n++] = '<';
                i += 4;
                continue;
            }
            if (nw_str_starts(rest, NW_S("&gt;"))) {
                out[n++] = '>';
                i += 4;
                continue;
            }
            if (nw_str_starts(rest, NW_S("&amp;"))) {
                out[n++] = '&';
                i += 5;
                continue;
            }
            size_t end = i + 2;
            while (byte_at(s, i + 1) == '#' && is_digit(byte_at(s, end)))
                end++;
            if (end > i + 2 && byte_at(s, end) == ';') { /* all of them are control characters */
                i = end + 1;
                continue;
            }
        }
        i++;
        if (c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7F))
            out[n++] = (char)c;
    }
    nw_arena_trim(draft->arena, out, s.n + 1, n);
    return nw_str(out, n);
}

/* Priority letters of ANPA headers as the wires ranked them: flash, bulletin, urgent, rush, daily … */
static int64_t urgency_of(char letter)
{
    switch (letter) {
    case 'f':
        return 1;
    case 'b':
        return 2;
    case 'u':
        return 3;
    case 'r':
        return 4;
    case 'd':
        return 5;
    default:
        return 6;
    }
}

/* "u f BC-BAHIA-COCOA-REVIEW   02-26 0105": the last line of UNKNOWN. */
static void anpa_header(struct draft *draft, struct nw_str unknown)
{
    struct nw_str rest = plain(draft, unknown), line, header = {0};
    while (nw_str_line(&rest, &line)) {
        line = nw_str_trim(line);
        if (line.n > 4 && is_lower(line.p[0]) && line.p[1] == ' ' && line.p[3] == ' ')
            header = line;
    }
    if (header.n == 0)
        return;
    draft_urgency(draft, urgency_of(header.p[0]));
    struct nw_str key = nw_str_from(header, 4);
    size_t end = nw_str_find(key, NW_S("  "));
    for (size_t i = 0; end == SIZE_MAX && i + 6 <= key.n; i++)
        if (key.p[i] == ' ' && is_digit(key.p[i + 1]) && is_digit(key.p[i + 2]) && key.p[i + 3] == '-')
            end = i;
    draft_slugline(draft, nw_str(key.p, end == SIZE_MAX ? key.n : end));
}

static void codes(struct draft *draft, struct nw_str section, void (*add)(struct draft *, struct nw_str))
{
    for (;;) {
        size_t at = nw_str_find(section, NW_S("<D>"));
        if (at == SIZE_MAX)
            return;
        section = nw_str_from(section, at + 3);
        size_t end = nw_str_find(section, NW_S("</D>"));
        if (end == SIZE_MAX)
            return;
        add(draft, plain(draft, nw_str(section.p, end)));
        section = nw_str_from(section, end);
    }
}

static void add_topic(struct draft *draft, struct nw_str code)
{
    draft_subject(draft, code, code, nw_str(NULL, 0));
}

static void add_place(struct draft *draft, struct nw_str code)
{
    draft_place(draft, nw_str(NULL, 0), code);
}

static void add_person(struct draft *draft, struct nw_str code)
{
    draft_person(draft, code, nw_str(NULL, 0), "about");
}

static void add_organisation(struct draft *draft, struct nw_str code)
{
    draft_organisation(draft, code, nw_str(NULL, 0), nw_str(NULL, 0), nw_str(NULL, 0));
}

/* "    by Janie Gabbett, Reuters" */
static void author(struct draft *draft, struct nw_str s)
{
    struct nw_str line = draft_line(draft, plain(draft, s));
    if (line.n > 0)
        wire_by(draft, line);
}

static void dateline(struct draft *draft, struct nw_str s)
{
    struct nw_str line = draft_line(draft, plain(draft, s));
    if (line.n == 0)
        return;
    size_t n = line.n;
    while (n > 0 && (line.p[n - 1] == '-' || line.p[n - 1] == ' '))
        n--;
    if (!wire_dateline(draft, draft_printf(draft, "%.*s - X", (int)n, line.p))) {
        size_t comma = 0;
        while (comma < n && line.p[comma] != ',')
            comma++;
        draft_located(draft, wire_place_case(draft, nw_str(line.p, comma)));
    }
}

static void moment(struct draft *draft, struct nw_str s)
{
    struct nw_str text = nw_str_trim(plain(draft, s));
    if (text.n > 24)
        text.n = 24; /* noise behind it */
    struct date date;
    if (!date_read(text, &date)) {
        text.n = text.n > 11 ? 11 : text.n;
        if (!date_read(text, &date))
            return;
    }
    draft_moment(draft, MOMENT_FIRST, &date);
    draft_moment(draft, MOMENT_VERSION, &date);
}

/* Stars of a flash, and blanks, before a title. */
static struct nw_str title_of(struct draft *draft, struct nw_str s)
{
    struct nw_str line = draft_line(draft, plain(draft, s));
    return trim_set(line, "* ");
}

static int document(const struct input *input, struct nw_str tag, struct nw_str s)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "reuters-sgml");
    if (draft.record)
        NW_SET(source, draft.record->source, charset, NW_S("windows-1252"));
    draft_language(&draft, NW_S("en")); /* all of the collection is, also its tables */
    draft_uri(&draft, "reuters-sgml", plain(&draft, attribute(tag, "NEWID")));
    size_t text_at = nw_str_find(s, NW_S("<TEXT"));
    struct nw_str head = nw_str(s.p, text_at == SIZE_MAX ? s.n : text_at),
                  text = text_at == SIZE_MAX ? nw_str(NULL, 0) : nw_str_from(s, text_at);
    moment(&draft, element(head, "DATE"));
    codes(&draft, element(head, "TOPICS"), add_topic);
    codes(&draft, element(head, "PLACES"), add_place);
    codes(&draft, element(head, "PEOPLE"), add_person);
    codes(&draft, element(head, "ORGS"), add_organisation);
    anpa_header(&draft, element(head, "UNKNOWN"));
    draft_source(&draft, NW_S("Reuters"), NULL);
    draft_headline(&draft, title_of(&draft, element(text, "TITLE")));
    author(&draft, element(text, "AUTHOR"));
    dateline(&draft, element(text, "DATELINE"));
    size_t body_at = nw_str_find(text, NW_S("<BODY>"));
    if (body_at != SIZE_MAX) {
        struct nw_str body = plain(&draft, element(nw_str_from(text, body_at), "BODY"));
        lines_read(&draft, body);
    } else {
        const char *end = memchr(text.p ? text.p : "", '>', text.n);
        struct nw_str kind = nw_str(text.p, end ? (size_t)(end - text.p) : 0);
        if (nw_str_eq(attribute(kind, "TYPE"), NW_S("UNPROC"))) {
            struct nw_str all = element(text, "TEXT");
            size_t title = nw_str_find(all, NW_S("</TITLE>")), tagged = nw_str_find(all, NW_S("<TITLE>"));
            if (title != SIZE_MAX && tagged != SIZE_MAX) { /* what stands before the title belongs to the text too */
                lines_read(&draft, plain(&draft, nw_str(all.p, tagged)));
                all = nw_str_from(all, title + 8);
            }
            struct nw_str body = plain(&draft, all);
            if (nw_record_headline(draft.record ? draft.record : input->raw).n == 0)
                lines_headline(&draft, &body);
            lines_read(&draft, body);
        }
    }
    return draft_emit(&draft, CONVENTIONS_STRIP);
}

int reuters_sgml_format(const struct input *input)
{
    struct nw_str rest = input->bytes;
    size_t emitted = 0, found = 0;
    for (;;) {
        size_t at = nw_str_find(rest, NW_S("<REUTERS"));
        if (at == SIZE_MAX)
            break;
        rest = nw_str_from(rest, at);
        const char *open = memchr(rest.p, '>', rest.n);
        if (!open)
            break;
        struct nw_str tag = nw_str(rest.p, (size_t)(open - rest.p));
        rest = nw_str_from(rest, tag.n + 1);
        size_t end = nw_str_find(rest, NW_S("</REUTERS>"));
        struct nw_str inside = nw_str(rest.p, end == SIZE_MAX ? rest.n : end);
        found++;
        if (input_full(input, emitted))
            break;
        int verdict = document(input, tag, inside);
        if (verdict < 0)
            return verdict;
        emitted += verdict == NW_OK;
        rest = end == SIZE_MAX ? nw_str(NULL, 0) : nw_str_from(rest, end + 10);
    }
    if (emitted > 0)
        return NW_OK;
    if (found > 0)
        return nw_reject(input->context, "read as reuters-sgml, expected a TITLE or a BODY in a <REUTERS> document, "
                                         "found neither; the input may be cut off");
    return nw_reject(input->context,
                     "read as reuters-sgml, expected a <REUTERS …> document, found none; check the input's format");
}
