/*
 * The head of plain wire copy: the headline, and the lines that desks put around it (slugs, versions, priorities,
 * dates, credits, second headlines). See lines.h.
 *
 * The lines before the first empty one, before an indented line, a dateline or a line too long for a headline are
 * looked at one by one; what is no convention is the headline. Where it runs over several lines of print they are
 * joined, else the first is the headline and the others stand below it.
 */
#include "chars.h"
#include "lines.h"
#include "wire.h"

enum {
    HEADLINE_MOST = 240, /* bytes */
    LINE_MOST = 100,     /* of one line of several: what is longer is a paragraph */
    HEADLINE_LINES = 4,
    SEPARATE_MOST = 2, /* of these, where each says something of its own: a headline and a second one */
    HEADER_LINES = 12,
    SLUG_MOST = 40,
    TOKEN_MOST = 70, /* bytes of a slug that is one word */
    WIDTH_OF = 4096, /* bytes of text by which its width is measured */
};

struct heading {
    struct nw_str lines[HEADLINE_LINES];
    size_t n;
    struct nw_str rest; /* behind it */
    bool closed;        /* by an empty line or what begins the text */
};

static bool ends_sentence(struct nw_str s)
{
    static const char *const ends[] = {".", ";", ",", "。", "।", ".”", ".\"", ".’", ":"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (nw_str_ends(s, nw_str_z(ends[i])))
            return !nw_str_ends(s, NW_S("..."));
    return false;
}

static void skip_blank(struct nw_str *text)
{
    struct nw_str rest = *text, line;
    while (lines_next(&rest, &line) && line.n == 0)
        *text = rest;
}

/* The next line that is not empty. */
static bool peek(struct nw_str text, struct nw_str *line, struct nw_str *rest)
{
    *line = nw_str(NULL, 0);
    while (lines_next(&text, line))
        if (line->n > 0) {
            *rest = text;
            return true;
        }
    return false;
}

static bool no_small(struct nw_str s)
{
    size_t capitals = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = nw_utf8_next(s, &i);
        if (!is_letter(c))
            continue;
        if (!is_upper_letter(c))
            return false;
        capitals++;
    }
    return capitals > 1;
}

/* A line that begins as sentences do: none of the desk's. */
static bool is_sentence_line(struct nw_str line)
{
    enum { LABEL_MOST = 32 };
    unsigned char first = byte_at(line, 0), second = byte_at(line, 1);
    if (!is_alpha(first) || !(is_lower(second) || second == ' ' || second == '\''))
        return false;
    return !memchr(line.p, ':', line.n < LABEL_MOST ? line.n : LABEL_MOST) && memchr(line.p, ' ', line.n);
}

/* "BC-EU--Netherlands-Dike, 1st Ld-Writethru,0456": slug, version, words. */
static bool agency_slug(struct draft *draft, struct nw_str line)
{
    static const char *const leads[] = {"BC-", "AM-", "PM-", "AP-", "US-", "EU-", "SP-"};
    bool led = false;
    for (size_t i = 0; i < sizeof leads / sizeof *leads && !led; i++)
        led = nw_str_starts(line, nw_str_z(leads[i])) && is_alnum(byte_at(line, 3));
    if (!led || line.n > LINE_MOST || ends_sentence(line))
        return false;
    size_t comma = line.n;
    while (comma > 0 && line.p[comma - 1] != ',')
        comma--;
    if (comma > 1 && number_of(nw_str_trim(nw_str_from(line, comma))) >= 0)
        line.n = comma - 1;
    draft_slugline(draft, line);
    const char *first = memchr(line.p, ',', line.n);
    struct nw_str version = first ? nw_str_trim(nw_str_from(line, (size_t)(first - line.p) + 1)) : nw_str(NULL, 0);
    if (version.n > 0)
        draft_note(draft, version);
    if (wire_kill(version))
        draft_status(draft, "canceled");
    return true;
}

/* "netherlands-flood-storm,lead", "Hochwasser/Niederlande/", "USA-WEATHER/ (UPDATE 1, PIX)": one word with marks
 * inside. */
static bool token_slug(struct draft *draft, struct nw_str line)
{
    size_t token = 0, marks = 0, letters = 0;
    while (token < line.n && line.p[token] != ' ') {
        unsigned char c = (unsigned char)line.p[token++];
        marks += c == '-' || c == '/' || c == ',';
        letters += is_alpha(c) || c >= 0x80;
        if (!is_alnum(c) && c < 0x80 && !strchr("-/,_+&", c))
            return false;
    }
    bool slash = token > 0 && line.p[token - 1] == '/';
    if (token < 5 || token > TOKEN_MOST || marks == 0 || letters * 2 < token ||
        (token < line.n && !(slash && byte_at(line, token + 1) == '(')))
        return false;
    if (marks == 1 && !slash && !memchr(line.p, '/', token) && !no_small(nw_str(line.p, token)))
        return false; /* a name: "Baden-Baden" */
    draft_slugline(draft, trim_set(line, "/ "));
    return true;
}

/* "000_9XC2KL", "AP Photo AMS101, AMS102": numbers of pictures. */
static bool picture_line(struct draft *draft, struct nw_str line)
{
    static const char *const leads[] = {"AP Photo",        "AP Graphic", "AP Video", "With AP Photo",
                                        "WITH AP Photo",   "With Photo", "(PIX)",    "(Pix)",
                                        "With AP Graphic", "(foto",      "(Foto",    "(FOTO"};
    bool found = line.n > 6 && line.n <= 16 && number_of(nw_str(line.p, 3)) >= 0 && line.p[3] == '_' && no_small(line);
    for (size_t i = 0; i < sizeof leads / sizeof *leads && !found; i++)
        found = line.n <= 60 && nw_str_starts(line, nw_str_z(leads[i]));
    if (found)
        draft_note(draft, line);
    return found;
}

/* A line of the desk's, above the headline, among its lines or below it. */
static bool desk_line(struct draft *draft, struct nw_str line)
{
    struct nw_str bare = nw_str_trim(line);
    struct date date;
    if (is_sentence_line(bare) && !nw_str_starts(bare, NW_S("With "))) /* few of the desk's lines look like sentences */
        return (wire_note(bare) || wire_embargo(draft, bare) || date_line(bare, &date)) &&
               wire_preface_line(draft, bare);
    return bare.n > 1 && bare.n <= LINE_MOST * 4 &&
           (wire_preface_line(draft, bare) || agency_slug(draft, bare) || token_slug(draft, bare) ||
            picture_line(draft, bare));
}

static bool below_line(struct draft *draft, struct nw_str line)
{
    return desk_line(draft, line) || wire_credit_line(draft, line);
}

static void take_lines(struct draft *draft, struct nw_str *text, bool (*takes)(struct draft *, struct nw_str))
{
    struct nw_str line, rest;
    for (size_t i = 0; i < HEADER_LINES && peek(*text, &line, &rest); i++) {
        if (nw_str_trim(rest).n == 0 || !takes(draft, line))
            return; /* what stands last is the text, whatever it looks like */
        *text = rest;
    }
}

/* A dateline; not the colon of "HAST: …" or "KYIV: …", which headlines have too. */
static bool opens_text(struct draft *draft, struct nw_str line)
{
    const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
    if (colon && nw_str_find(nw_str(line.p, (size_t)(colon - line.p)), NW_S(")")) == SIZE_MAX &&
        nw_str_find(nw_str(line.p, (size_t)(colon - line.p)), NW_S("/")) == SIZE_MAX)
        return false;
    return wire_dateline(draft, line) > 0;
}

static bool by_line(struct draft *draft, struct nw_str line)
{
    return (nw_str_starts_nocase(line, NW_S("by ")) || line.p[0] == '*') && wire_byline(draft, line);
}

static struct heading heading_of(struct draft *draft, struct nw_str text)
{
    struct heading heading = {.rest = text};
    struct nw_str rest = text, line;
    bool indented = false;
    while (lines_next(&rest, &line)) {
        bool inner = lines_indent(line) >= 2;
        struct nw_str bare = nw_str_trim(line);
        if (bare.n == 0) {
            heading.closed = true;
        } else if (heading.n > 0) {
            bool long_first = heading.lines[0].n > LINE_MOST;
            if ((inner && !indented) || line.n >= LINE_MOST || opens_text(draft, bare)) {
                heading.closed = true; /* the text begins */
                return heading;
            }
            if (desk_line(draft, bare) || by_line(draft, bare)) {
                heading.rest = rest;
                continue;
            }
            if (long_first || heading.n == HEADLINE_LINES)
                return heading;
        }
        heading.rest = rest;
        if (heading.closed)
            return heading;
        if (heading.n == 0)
            indented = inner;
        heading.lines[heading.n++] = bare;
    }
    return heading;
}

/* Whether the text begins with a paragraph over some lines of print: copy without a headline, most of it. */
static bool is_paragraph(struct draft *draft, struct nw_str text)
{
    struct nw_str rest = text, line, last = {0};
    size_t lines = 0;
    while (lines <= HEADLINE_LINES && lines_next(&rest, &line) && line.n > 0) {
        if (lines > 0 && lines_indent(line) >= 2)
            break;
        line = nw_str_trim(line);
        if (!is_sentence_line(line) || line.n > LINE_MOST)
            return false;
        if (lines++ == 0 && (nw_str_starts_nocase(line, NW_S("by ")) || wire_note(line) || wire_embargo(draft, line)))
            return false;
        last = line;
    }
    return lines > 1 && (lines > HEADLINE_LINES || ends_sentence(last));
}

/* Whether the first line ends where print would break it, not where the desk ended it. */
static bool is_wrapped(const struct heading *heading)
{
    struct nw_str second = heading->lines[1], rest = heading->rest, line;
    size_t at = 0, word = 0, width = 0, seen = 0;
    uint32_t c = nw_utf8_next(second, &at);
    if (is_letter(c) && lower_letter(c) == c && c < 0x590)
        return true;
    for (size_t i = 0; i < heading->n; i++)
        width = heading->lines[i].n > width ? heading->lines[i].n : width;
    while (seen < WIDTH_OF && lines_next(&rest, &line)) {
        width = line.n > width ? line.n : width;
        seen += line.n + 1;
    }
    while (word < second.n && second.p[word] != ' ')
        word++;
    return width <= LINE_MOST && (heading->lines[0].n + 1 + word) * 4 > width * 3;
}

/* "FLOOD NETHERLANDS": a few words in capitals above a headline that is not. */
static bool capital_slug(struct nw_str line, struct nw_str next)
{
    size_t words = 1;
    for (size_t i = 0; i < line.n; i++)
        words += line.p[i] == ' ';
    return line.n <= SLUG_MOST && words <= 4 && no_small(line) && next.n > line.n && !no_small(next);
}

/* "1 Flood Breach": the page of a story, and its slug. */
static bool page_slug(struct nw_str line, struct nw_str next)
{
    size_t digits = 0, words = 0;
    while (is_digit(byte_at(line, digits)))
        digits++;
    for (size_t i = digits; i + 1 < line.n; i++)
        if (line.p[i] == ' ') {
            if (!is_upper(line.p[i + 1]))
                return false;
            words++;
        }
    return digits > 0 && digits <= 2 && words >= 1 && words <= 3 && line.n <= 32 && next.n > 12 &&
           next.n <= HEADLINE_MOST && !ends_sentence(next);
}

/* Whether `line` may be a headline that stands alone between empty lines. */
static bool stands_alone(struct nw_str line, struct nw_str rest)
{
    struct nw_str next;
    return line.n <= 160 && !ends_sentence(line) && lines_next(&rest, &next) && next.n == 0 && nw_str_trim(rest).n > 0;
}

/* A second headline: a line alone above the byline or the dateline. */
static void second_headline(struct draft *draft, struct nw_str *text)
{
    struct nw_str line, rest, next, behind;
    if (!peek(*text, &line, &rest) || !stands_alone(line, rest) || lines_is_bullet(line) || line.p[0] == '(' ||
        !peek(rest, &next, &behind))
        return;
    size_t at = 0;
    if (!is_upper_letter(nw_utf8_next(line, &at)) || wire_place_line(line))
        return;
    if (!by_line(draft, next) && !(next.n >= LINE_MOST / 2 && opens_text(draft, next)))
        return;
    draft_headline_role(draft, line, "sub");
    *text = rest;
}

/* A place alone between the byline and the text: "ANKARA". Without a byline it may as well be a heading. */
static void place_above(struct draft *draft, struct nw_str *text)
{
    struct nw_str line, rest, next, behind;
    if (NW_HAS(record, draft->record, by) && peek(*text, &line, &rest) && wire_place_line(line) &&
        peek(rest, &next, &behind) && next.n >= LINE_MOST / 2 && wire_dateline(draft, next) == 0) {
        draft_located(draft, wire_place_case(draft, line));
        *text = rest;
    }
}

void lines_headline(struct draft *draft, struct nw_str *text)
{
    if (is_paragraph(draft, *text))
        return;
    take_lines(draft, text, desk_line);
    skip_blank(text);
    struct heading heading = heading_of(draft, *text);
    struct nw_str next = {0}, behind = {0};
    if (heading.n == 0 || !heading.closed)
        return;
    if (heading.n == 1 && peek(heading.rest, &next, &behind) && stands_alone(next, behind) &&
        !opens_text(draft, nw_str_trim(next)) && !nw_str_starts_nocase(next, NW_S("by "))) {
        if (capital_slug(heading.lines[0], next) || page_slug(heading.lines[0], next)) {
            draft_slugline(draft, heading.lines[0]);
            heading = heading_of(draft, *text = heading.rest);
        }
    }
    size_t first = heading.n > 1 && capital_slug(heading.lines[0], heading.lines[1]);
    bool joined = first == 0 && heading.n > 1 && is_wrapped(&heading);
    struct nw_str headline = heading.lines[first];
    if (!joined && heading.n - first > SEPARATE_MOST)
        return; /* lines of a table, or a list */
    if (ends_sentence(joined ? heading.lines[heading.n - 1] : headline))
        return;
    for (size_t i = 1; joined && i < heading.n; i++)
        headline = draft_printf(draft, "%.*s %.*s", NW_FMT(headline), NW_FMT(heading.lines[i]));
    if (headline.n > HEADLINE_MOST || (joined && heading.n == HEADLINE_LINES) || nw_str_trim(heading.rest).n == 0 ||
        lines_is_bullet(headline) || lines_is_row(headline))
        return;
    if (nw_str_starts_nocase(headline, NW_S("by ")) && wire_byline(draft, headline)) {
        *text = heading.rest; /* copy without a headline */
        take_lines(draft, text, below_line);
        return;
    }
    if (opens_text(draft, headline))
        return; /* a first paragraph: what it told is told again when it is stripped */
    if (first)
        draft_slugline(draft, heading.lines[0]);
    draft_headline(draft, headline);
    for (size_t i = first + 1; !joined && i < heading.n; i++)
        draft_headline_role(draft, heading.lines[i], "sub");
    *text = heading.rest;
    take_lines(draft, text, below_line);
    second_headline(draft, text);
    take_lines(draft, text, below_line);
    place_above(draft, text);
}
