/*
 * IPTC 7901, as dpa, ATS and others send it.
 *
 * SOH, service and number, priority 1 to 9, category, words, agency and number; keywords with slashes; STX; genre or
 * version lines, headline, byline, the last closed by " ="; text; ETX, DDHHMM [GMT] Mon YY.
 *
 * Quirks: control bytes may be lost altogether; months in German or English; "(Eil)", "1ST LEAD", "REFILE" above the
 * headline; bells in a flash; a headline over several lines; behind "# Notebook" or "# Notizblock" stands what is for
 * editors only; Latin-1 then, UTF-8 now.
 */
#include "chars.h"
#include "format.h"
#include "lines.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

/* "eca062 4 i 211 ccccb   dpa 061": service and number, priority, category, words. */
static bool header_line(struct nw_str line, struct nw_str tokens[8], size_t *n)
{
    *n = 0;
    line = nw_str_trim(line);
    for (size_t i = 0; i < line.n && *n < 8;) {
        while (i < line.n && line.p[i] == ' ')
            i++;
        size_t start = i;
        while (i < line.n && line.p[i] != ' ')
            i++;
        if (i > start)
            tokens[(*n)++] = nw_str(line.p + start, i - start);
        if (*n == 2 && tokens[1].n != 1) /* most lines are done here */
            return false;
    }
    if (*n < 4 || !is_digit((unsigned char)tokens[1].p[0]) || tokens[0].n < 4 || tokens[0].n > 10 ||
        !is_digit((unsigned char)tokens[0].p[tokens[0].n - 1]))
        return false;
    return is_alpha((unsigned char)tokens[0].p[0]) && tokens[2].n <= 4 && is_alpha((unsigned char)tokens[2].p[0]) &&
           number_of(tokens[3]) >= 0;
}

bool iptc7901_is(struct nw_str s)
{
    struct nw_str rest = trim_set(nw_str(s.p, s.n < 400 ? s.n : 400), "\x01\x7F\r\n "), line, tokens[8];
    size_t n;
    return nw_str_line(&rest, &line) && header_line(line, tokens, &n);
}

/* A line above the headline that says what kind of item or version it is. */
static bool version_line(struct nw_str line)
{
    if (line.p[0] == '(' && line.p[line.n - 1] == ')')
        return true;
    static const char *const words[] = {"1ST LEAD", "2ND LEAD", "3RD LEAD",   "LEAD",        "REFILE", "EXTRA",
                                        "URGENT",   "ROUNDUP",  "CORRECTION", "BULLETIN",    "FLASH",  "PREVIEW",
                                        "FEATURE",  "ANALYSIS", "PROFILE",    "NEWS FEATURE"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (nw_str_eq(line, nw_str_z(words[i])))
            return true;
    bool digit = is_digit((unsigned char)line.p[0]);
    for (size_t i = 0; i < line.n; i++)
        if (is_lower(line.p[i]))
            return false;
    return digit && line.n <= 20; /* 3RD NET, 2ND ROUNDUP */
}

static void heading(struct draft *draft, struct nw_str head)
{
    struct nw_str headline = nw_str(NULL, 0), line;
    while (nw_str_line(&head, &line)) {
        line = trim_set(nw_str_trim(line), " =");
        line = draft_line(draft, line);
        if (line.n == 0)
            continue;
        if (version_line(line)) {
            draft_note(draft, line);
            continue;
        }
        if (headline.n > 0 && wire_byline(draft, line))
            continue;
        headline = headline.n ? draft_printf(draft, "%.*s %.*s", NW_FMT(headline), NW_FMT(line)) : line;
    }
    draft_headline(draft, headline);
}

/* "131137 GMT Nov 13" */
static void trailer(struct draft *draft, struct nw_str s)
{
    s = nw_str_trim(s);
    if (s.n < 10 || number_of(nw_str(s.p, 6)) < 0)
        return;
    struct nw_str rest = nw_str_trim(nw_str_from(s, 6)), line;
    if (!nw_str_line(&rest, &line))
        return;
    bool gmt = nw_str_starts(line, NW_S("GMT"));
    line = nw_str_trim(gmt ? nw_str_from(line, 3) : line);
    size_t n = 0;
    while (n < line.n && line.p[n] != ' ')
        n++;
    struct nw_str month = nw_str(line.p, n), year = nw_str_trim(nw_str_from(line, n));
    if (number_of(year) < 0)
        return;
    draft_moment_of(draft, MOMENT_VERSION,
                    draft_printf(draft, "%.2s %.*s %s%.*s %.2s:%.2s%s", s.p, NW_FMT(month), year.n == 2 ? "20" : "",
                                 NW_FMT(year), s.p + 2, s.p + 4, gmt ? " GMT" : ""));
}

/* Offset of the first line that begins with `word`, or SIZE_MAX. */
static size_t line_with(struct nw_str s, struct nw_str word)
{
    for (size_t at = 0; at < s.n;) {
        if (nw_str_starts(nw_str_from(s, at), word))
            return at;
        const char *end = memchr(s.p + at, '\n', s.n - at);
        if (!end)
            return SIZE_MAX;
        at = (size_t)(end - s.p) + 1;
    }
    return SIZE_MAX;
}

static struct nw_str before(struct nw_str s, char mark, struct nw_str *behind)
{
    const char *at = s.n ? memchr(s.p, mark, s.n) : NULL;
    *behind = at ? nw_str_from(s, (size_t)(at - s.p) + 1) : nw_str(NULL, 0);
    return at ? nw_str(s.p, (size_t)(at - s.p)) : s;
}

int iptc7901_format(const struct input *input)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "iptc7901");
    struct decoded d = decode(input->arena, input->bytes, input->declared, false);
    if (!draft.record || (!d.text.p && input->bytes.n > 0))
        return nw_fault(-ENOMEM);
    NW_SET(source, draft.record->source, charset, nw_str_z(d.charset));
    struct nw_str s = trim_set(d.text, "\x7F\r\n "), behind, line, tokens[8];
    size_t n, start = s.n ? nw_str_find(s, NW_S("\x01")) : SIZE_MAX;
    if (start != SIZE_MAX && start < 64)
        s = nw_str_from(s, start + 1);
    if (!nw_str_line(&s, &line) || !header_line(line, tokens, &n))
        return nw_reject(input->context, "read as iptc7901, expected a header like \"eca062 4 i 211\" in the first "
                                         "line, found none; the input may be cut off");
    draft_urgency(&draft, tokens[1].p[0] - '0');
    draft_alt_id(&draft, tokens[0], "service");
    for (size_t i = n; i-- > 4;)
        if (wire_is_agency(tokens[i]))
            draft_source(&draft, tokens[i], NULL);
    struct nw_str text = before(s, '\x03', &behind);
    if (behind.n > 0)
        trailer(&draft, behind);
    struct nw_str keywords = before(text, '\x02', &behind);
    bool marked = behind.p != NULL;
    if (!marked) { /* the control bytes are lost: the first line that is not empty */
        behind = nw_str_trim(text);
        keywords = nw_str(NULL, 0);
        nw_str_line(&behind, &keywords);
    }
    draft_slugline(&draft, trim_set(nw_str_trim(keywords), "/ "));
    text = behind;
    /* The heading ends with the line that ends in " =", within the first lines. */
    size_t head = SIZE_MAX, at = 0;
    for (int i = 0; i < 10 && at < text.n; i++) {
        const char *end = memchr(text.p + at, '\n', text.n - at);
        size_t stop = end ? (size_t)(end - text.p) : text.n;
        struct nw_str one = nw_str_trim(nw_str(text.p + at, stop - at));
        if (one.n > 1 && one.p[one.n - 1] == '=') {
            head = stop;
            break;
        }
        at = stop + 1;
    }
    text = text_tidy(input->arena, text);
    if (head != SIZE_MAX) { /* tidied line ends are shorter: look for the mark again */
        size_t mark = nw_str_find(text, NW_S("=\n"));
        size_t spaced = nw_str_find(text, NW_S("= \n"));
        head = mark < spaced ? mark : spaced;
        if (head != SIZE_MAX) {
            heading(&draft, nw_str(text.p, head));
            text = nw_str_from(text, head + 1);
        }
    }
    size_t notes = line_with(text, NW_S("# ")), stars = line_with(text, NW_S("* * * *"));
    size_t cut = notes < stars ? notes : stars;
    if (cut != SIZE_MAX) {
        draft_note(&draft, nw_str_from(text, cut));
        text.n = cut;
    }
    if (head == SIZE_MAX)
        lines_headline(&draft, &text);
    lines_read(&draft, text);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}
