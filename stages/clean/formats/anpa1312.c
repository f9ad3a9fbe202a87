/*
 * ANPA 1312, as AP sends it.
 *
 * SYN SYN SOH, service and number, US, routing; priority letter, category letter, DC3 DC1 or DC4 DC2, keyword, date,
 * words; STX; lines led by "^" and closed by "<" or "=": slug and words, headline, photo numbers, notes, byline;
 * paragraphs that begin with a tab; ETX; the trailer AP-WF-MM-DD-YY HHMMGMT; FF, EOT.
 *
 * Quirks: quotation marks are `` and '', the dash is _; rows of tables begin with BS; an alert has no headline; a list
 * of headlines has no paragraphs; other agencies write the trailer's date as DD-MM-YY; bytes above 127 are Latin-1.
 */
#include "chars.h"
#include "format.h"
#include "unicode.h"
#include "wire.h"

#include <newswire/error.h>

#include <errno.h>

bool anpa1312_is(struct nw_str s)
{
    enum { START_MOST = 34, HEAD_MOST = 300 }; /* bytes, within which SYN SYN SOH and STX come */
    struct nw_str start = nw_str(s.p, s.n < START_MOST ? s.n : START_MOST);
    struct nw_str head = nw_str(s.p, s.n < HEAD_MOST ? s.n : HEAD_MOST);
    return nw_str_find(start, NW_S("\x16\x16\x01")) != SIZE_MAX && nw_str_find(head, NW_S("\x02")) != SIZE_MAX;
}

/* Wire typography as Unicode has it. */
static struct nw_str typography(struct draft *draft, struct nw_str s)
{
    char *out = draft_alloc(draft, s.n * 3 + 1);
    if (!out)
        return nw_str(NULL, 0);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if ((c == '`' && byte_at(s, i + 1) == '`') || (c == '\'' && byte_at(s, i + 1) == '\'')) {
            out[n++] = '"';
            i++;
        } else if (c == '_' && i > 0 && s.p[i - 1] == ' ' && byte_at(s, i + 1) == ' ') {
            memcpy(out + n, "\xE2\x80\x93", 3);
            n += 3;
        } else {
            out[n++] = c == 0x10 || c == 0x1E || c == 0x1F || c == 0x08 ? ' ' : c;
        }
    }
    nw_arena_trim(draft->arena, out, s.n * 3 + 1, n);
    return draft_line(draft, nw_str(out, n));
}

static int64_t urgency_of(unsigned char letter)
{
    static const char letters[] = "fburdp";
    const char *at = letter ? strchr(letters, letter) : NULL;
    return at ? at - letters + 1 : 6;
}

static void header(struct draft *draft, struct nw_str s)
{
    struct nw_str line, last = {0};
    while (nw_str_line(&s, &line))
        if (nw_str_trim(line).n > 4)
            last = nw_str_trim(line);
    if (last.n < 5 || last.p[1] != ' ')
        return;
    draft_urgency(draft, urgency_of((unsigned char)last.p[0]));
    if ((byte_at(last, 3) == 0x13 || byte_at(last, 3) == 0x14) && byte_at(last, 4) < 0x80 && last.n > 6) {
        struct nw_str key = nw_str_trim(nw_str_from(last, 5));
        size_t end = nw_str_find(key, NW_S("  "));
        draft_slugline(draft, nw_str(key.p, end == SIZE_MAX ? key.n : end));
    }
}

/* "AP-WF-02-20-16 0337GMT<" */
static void trailer(struct draft *draft, struct nw_str s)
{
    s = nw_str_trim(s);
    size_t at = nw_str_find(s, NW_S("-WF-"));
    if (at == SIZE_MAX || at > 8 || at + 4 + 13 > s.n)
        return;
    draft_source(draft, nw_str(s.p, at), NULL);
    struct nw_str d = nw_str_from(s, at + 4);
    long a = number_of(nw_str(d.p, 2)), b = number_of(nw_str(d.p + 3, 2)), y = number_of(nw_str(d.p + 6, 2)),
         time = number_of(nw_str(d.p + 9, 4));
    if (a < 1 || b < 1 || y < 0 || time < 0 || (a > 12 && b > 12))
        return;
    if (a > 12) {
        long day = a;
        a = b;
        b = day;
    }
    draft_moment_of(draft, MOMENT_VERSION,
                    draft_printf(draft, "%s%02ld-%02ld-%02ld %02ld:%02ld GMT", y < 70 ? "20" : "19", y, a, b,
                                 time / 100, time % 100));
}

static bool is_photo_line(struct nw_str line)
{
    return nw_str_starts(line, NW_S("AP Photo")) || nw_str_starts(line, NW_S("AP Graphic")) ||
           nw_str_starts(line, NW_S("AP Video"));
}

int anpa1312_format(const struct input *input)
{
    struct draft draft;
    draft_begin(&draft, input->context, input->clean, input->raw, "anpa1312");
    struct decoded d = decode(input->arena, input->bytes, NW_S("windows-1252"), false);
    if (!draft.record || (!d.text.p && input->bytes.n > 0))
        return nw_fault(-ENOMEM);
    NW_SET(source, draft.record->source, charset, nw_str_z(d.charset));
    struct nw_str s = d.text;
    size_t start = nw_str_find(s, NW_S("\x01")), text_at = nw_str_find(s, NW_S("\x02"));
    if (start == SIZE_MAX || text_at == SIZE_MAX || text_at < start)
        return nw_reject(
            input->context,
            "read as anpa1312, expected a header (SOH) and a text (STX), found none; the input may be cut off");
    struct nw_str head = nw_str(s.p + start + 1, text_at - start - 1), text = nw_str_from(s, text_at + 1);
    size_t end = nw_str_find(text, NW_S("\x03"));
    if (end != SIZE_MAX) {
        trailer(&draft, nw_str_from(text, end + 1));
        text.n = end;
    }
    struct nw_str line, open = {0}, extra[HEADER_LINES_MOST];
    size_t extras = 0, led = 0;
    bool by_before = false;
    for (bool more = true; more;) {
        more = nw_str_line(&text, &line);
        struct nw_str bare = more ? nw_str_trim(line) : nw_str("", 0);
        bool tab = more && line.n > 0 && (line.p[0] == '\t' || line.p[0] == 0x08);
        bool lead = bare.n > 0 && (bare.p[0] == '^' || nw_str_find(bare, NW_S("< ^")) != SIZE_MAX);
        if (open.n > 0 && (!more || tab || lead)) {
            struct nw_str paragraph = typography(&draft, open);
            if (paragraph.n > 0 && !(paragraph.p[0] == '_' && trim_set(paragraph, "_ ").n == 0))
                draft_paragraph(&draft, paragraph);
            open.n = 0;
        }
        if (!more || bare.n == 0)
            continue;
        if (lead && draft.count == 0) {
            for (size_t i = bare.n; i-- > 0;)
                if (bare.p[i] == '^') {
                    bare = nw_str_from(bare, i + 1);
                    break;
                }
            bool centred = bare.n > 0 && bare.p[bare.n - 1] == '=';
            bare = typography(&draft, trim_set(bare, " <=^"));
            if (bare.n == 0)
                continue;
            if (led++ == 0) { /* slug and words */
                size_t comma = bare.n;
                while (comma > 0 && bare.p[comma - 1] != ',')
                    comma--;
                draft_slugline(&draft, comma > 1 && number_of(nw_str_from(bare, comma)) >= 0 ? nw_str(bare.p, comma - 1)
                                                                                             : bare);
            } else if (is_photo_line(bare)) {
                continue;
            } else if (wire_note(bare)) {
                draft_note(&draft, bare);
            } else if (nw_str_starts_nocase(bare, NW_S("by ")) && wire_byline(&draft, bare)) {
                by_before = true;
            } else if (by_before && centred) {
                wire_byline(&draft, bare); /* Associated Press, AP Sports Writer */
            } else if (nw_record_headline(draft.record).n == 0) {
                draft_headline(&draft, bare);
            } else if (extras < HEADER_LINES_MOST) {
                extra[extras++] = bare;
            } else {
                bound_reach(draft.clean, BOUND_HEADER_LINES);
            }
        } else if (lead) { /* headings and notes between paragraphs */
            draft_paragraph(&draft, typography(&draft, trim_set(bare, " <=^")));
        } else if (open.n > 0) {
            open.n = (size_t)(line.p + line.n - open.p);
        } else {
            open = line;
        }
    }
    header(&draft, head);
    for (size_t i = 0; i < extras; i++)
        if (draft.count == 0 || i > 0 || extras > 2)
            continue;
        else
            draft_description(&draft, extra[i], "summary");
    if (draft.count == 0)
        for (size_t i = 0; i < extras; i++)
            draft_paragraph(&draft, extra[i]);
    return draft_emit(&draft, CONVENTIONS_STRIP);
}
