/* The list of formats, and how the bytes tell which one they are. */
#include "format.h"

#include "chars.h"
#include "unicode.h"

#include <newswire/error.h>

#include <errno.h>

static const struct format FORMATS[] = {
    {"text", "lines of text, or ZCZC in the first", text_format},
    {"html", "<!DOCTYPE html>, <html> or other tags of HTML", html_format},
    {"rss", "an rss, RDF or channel element", rss_format},
    {"atom", "a feed or entry element", atom_format},
    {"jsonfeed", "JSON with jsonfeed.org, or with items", jsonfeed_format},
    {"newsml-g2", "newsMessage, newsItem, packageItem, conceptItem, …", newsml_g2_format},
    {"newsml-1", "a NewsML element", newsml_1_format},
    {"nitf", "a nitf element", nitf_format},
    {"ninjs", "JSON with versionCreated, pubStatus, bodies, body_html, …", ninjs_format},
    {"iptc7901", "a header like \"eca062 4 i 211\" in the first line", iptc7901_format},
    {"anpa1312", "SYN SYN SOH", anpa1312_format},
    {"reuters-sgml", "<REUTERS …> or <!DOCTYPE lewis", reuters_sgml_format},
    {"warc", "WARC/1. in the first line", warc_format},
    {"mail", "headers such as From, Date, Subject", mail_format},
    {"ndjson", "a JSON object that is none of the others", ndjson_format},
    {"wxr", "an rss element with wp:wxr_version", wxr_format},
};

const struct format *format_named(struct nw_str name)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++)
        if (nw_str_eq(name, nw_str_z(FORMATS[i].name)))
            return &FORMATS[i];
    return NULL;
}

/* Share of bytes that no text holds decides whether it is noise. */
static bool is_noise(struct nw_str bytes)
{
    size_t n = bytes.n < 4096 ? bytes.n : 4096, bad = 0, high = 0;
    if (text_is_plain(nw_str(bytes.p, n)))
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        high += c >= 0x80;
        bad += c == 0 || (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B && c != 0x01 &&
                          c != 0x02 && c != 0x03 && c != 0x04 && c != 0x16 && c != 0x08 && c != 0x10 && c != 0x11 &&
                          c != 0x12 && c != 0x13 && c != 0x14 && c != 0x1E && c != 0x1F && c != 0x07);
    }
    /* many of them, or some among bytes that are no ASCII: copy with a few strays is copy */
    return bad * 10 > n || (bad * 50 > n && high * 10 > n);
}

static bool is_wide(struct nw_str s)
{
    if (nw_str_starts(s, NW_S("\xFF\xFE")) || nw_str_starts(s, NW_S("\xFE\xFF")))
        return true;
    if (!memchr(s.p ? s.p : "", '\0', s.n < 512 ? s.n : 512))
        return false;
    size_t n = s.n < 512 ? s.n : 512, zeros[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        zeros[i & 1] += s.p[i] == 0;
    return (zeros[0] == 0) != (zeros[1] == 0) && (zeros[0] + zeros[1]) * 8 > n;
}

/* Files of other kinds by their first bytes. */
static const char *foreign(struct nw_str s)
{
    static const struct magic {
        const char bytes[5];
        size_t n;
        const char *kind;
    } magics[] = {{"%PDF", 4, "a PDF file"},
                  {"\x89PNG", 4, "a PNG picture"},
                  {"\xFF\xD8\xFF", 3, "a JPEG picture"},
                  {"GIF8", 4, "a GIF picture"},
                  {"PK\3\4", 4, "a ZIP archive"},
                  {"\x7F"
                   "ELF",
                   4, "a program"},
                  {"\xD0\xCF\x11\xE0", 4, "an office document"},
                  {"\x1F\x8B", 2, "gzip data"},
                  {"BZh", 3, "bzip2 data"},
                  {"\xFD"
                   "7zX",
                   4, "xz data"},
                  {"\x28\xB5\x2F\xFD", 4, "zstd data"},
                  {"{\\rtf", 5, "an RTF document"}};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (magics[i].bytes[0] == s.p[0] && nw_str_starts(s, nw_str(magics[i].bytes, magics[i].n)))
            return magics[i].kind;
    return NULL;
}

static struct nw_str without_mark(struct nw_str s)
{
    while (nw_str_starts(s, NW_S("\xEF\xBB\xBF")))
        s = nw_str_from(s, 3);
    return s;
}

/* The name of the first element behind declarations, comments and instructions, without its prefix. */
static struct nw_str root_name(struct nw_str s)
{
    for (size_t at = 0; at < s.n;) {
        const char *open = memchr(s.p + at, '<', s.n - at);
        if (!open)
            break;
        at = (size_t)(open - s.p) + 1;
        struct nw_str rest = nw_str_from(s, at);
        if (nw_str_starts(rest, NW_S("!--"))) {
            size_t end = nw_str_find(rest, NW_S("-->"));
            at = end == SIZE_MAX ? s.n : at + end + 3;
            continue;
        }
        if (byte_at(rest, 0) == '?' || byte_at(rest, 0) == '!') {
            const char *end = memchr(rest.p, '>', rest.n), *subset = memchr(rest.p, '[', rest.n);
            if (subset && end && subset < end && byte_at(rest, 0) == '!') { /* an internal subset */
                size_t close = nw_str_find(rest, NW_S("]"));
                end = close == SIZE_MAX ? NULL : memchr(rest.p + close, '>', rest.n - close);
            }
            at = end ? (size_t)(end - s.p) + 1 : s.n;
            continue;
        }
        size_t n = 0, start = 0;
        while (n < rest.n && !is_space((unsigned char)rest.p[n]) && rest.p[n] != '>' && rest.p[n] != '/') {
            if (rest.p[n] == ':')
                start = n + 1;
            n++;
        }
        return nw_str(rest.p + start, n - start);
    }
    return nw_str(NULL, 0);
}

/* The format of what begins with "<"; NULL for none that we know. */
static const char *markup_format(struct nw_str s)
{
    static const struct {
        const char *root, *format;
    } roots[] = {{"rss", "rss"},
                 {"RDF", "rss"},
                 {"channel", "rss"},
                 {"feed", "atom"},
                 {"entry", "atom"},
                 {"newsMessage", "newsml-g2"},
                 {"newsItem", "newsml-g2"},
                 {"packageItem", "newsml-g2"},
                 {"conceptItem", "newsml-g2"},
                 {"knowledgeItem", "newsml-g2"},
                 {"planningItem", "newsml-g2"},
                 {"catalogItem", "newsml-g2"},
                 {"NewsML", "newsml-1"},
                 {"NewsItem", "newsml-1"},
                 {"nitf", "nitf"},
                 {"REUTERS", "reuters-sgml"},
                 {"html", "html"},
                 {"HTML", "html"}};
    if (nw_str_starts_nocase(s, NW_S("<!doctype lewis")))
        return "reuters-sgml";
    struct nw_str root = root_name(nw_str(s.p, s.n < 65536 ? s.n : 65536));
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (nw_str_eq(root, nw_str_z(roots[i].root))) {
            bool wordpress =
                i == 0 &&
                (nw_str_find(nw_str(s.p, s.n < 16384 ? s.n : 16384), NW_S("wxr_version")) != SIZE_MAX ||
                 nw_str_find(nw_str(s.p, s.n < 16384 ? s.n : 16384), NW_S("wordpress.org/export/")) != SIZE_MAX);
            return wordpress ? "wxr" : roots[i].format;
        }
    return NULL;
}

/* The format of what begins with "{" or "[". */
static const char *json_format(struct nw_str s)
{
    static const char *const ninjs[] = {"\"versioncreated\"", "\"versionCreated\"", "\"pubstatus\"",  "\"pubStatus\"",
                                        "\"body_html\"",      "\"body_text\"",      "\"body_xhtml\"", "\"bodies\"",
                                        "\"headlines\"",      "\"usageterms\""};
    if (nw_str_find(nw_str(s.p, s.n < 4096 ? s.n : 4096), NW_S("jsonfeed.org")) != SIZE_MAX)
        return "jsonfeed";
    for (size_t i = 0; i < sizeof ninjs / sizeof *ninjs; i++)
        if (nw_str_find(s, nw_str_z(ninjs[i])) != SIZE_MAX)
            return "ninjs";
    return nw_str_find(s, NW_S("\"items\"")) != SIZE_MAX ? "jsonfeed" : "ndjson";
}

static bool looks_like_html(struct nw_str s)
{
    enum { TAGS_SURE = 8 }; /* the first ones need no end tag behind them */
    static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body", "<title",   "<meta",   "<script",
                                       "<!--",           "<p>",   "<p ",   "<div",  "<article", "<h1",     "<table",
                                       "<section",       "<span", "<ul",   "<br",   "<b>",      "<strong", "<a "};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (s.n > 0 && s.p[0] == '<' && nw_str_starts_nocase(s, nw_str_z(tags[i])))
            return i < TAGS_SURE || nw_str_find(s, NW_S("</")) != SIZE_MAX; /* "<P>" may be a ticker */
    struct nw_str head = nw_str(s.p, s.n < 2048 ? s.n : 2048);
    for (const char *at = memchr(head.p, '<', head.n); at;
         at = memchr(at + 1, '<', head.n - (size_t)(at + 1 - head.p))) {
        struct nw_str rest = nw_str_from(head, (size_t)(at - head.p));
        if (nw_str_starts_nocase(rest, NW_S("<!doctype html")) || nw_str_starts_nocase(rest, NW_S("<html")))
            return true;
    }
    return false;
}

const struct format *format_of(struct nw_str bytes, const char **why)
{
    struct nw_str s = nw_str_trim(without_mark(bytes));
    *why = NULL;
    if (s.n == 0) {
        *why = "nothing but white space";
        return NULL;
    }
    if ((*why = foreign(s)) != NULL)
        return NULL;
    if (nw_str_starts(s, NW_S("WARC/")))
        return format_named(NW_S("warc"));
    if (anpa1312_is(bytes))
        return format_named(NW_S("anpa1312"));
    if (!is_wide(bytes)) {
        if (s.p[0] == 0x01 || s.p[0] == 0x7F)
            if (iptc7901_is(bytes))
                return format_named(NW_S("iptc7901"));
        if (is_noise(bytes)) {
            *why = "binary data";
            return NULL;
        }
    }
    if (s.p[0] == '<') {
        const char *markup = markup_format(s);
        if (markup)
            return format_named(nw_str_z(markup));
    }
    if (s.p[0] == '{' || s.p[0] == '[')
        return format_named(nw_str_z(json_format(s)));
    if (looks_like_html(s))
        return format_named(NW_S("html"));
    if (iptc7901_is(bytes))
        return format_named(NW_S("iptc7901"));
    if (mail_is(s))
        return format_named(NW_S("mail"));
    return format_named(NW_S("text"));
}

int format_read(const struct input *input)
{
    const char *why;
    if (input->depth > INPUT_DEPTH)
        return nw_reject(input->context, "formats within formats more than %d deep; give the inner one alone",
                         INPUT_DEPTH);
    const struct format *format = format_of(input->bytes, &why);
    if (!format)
        return nw_reject(input->context,
                         "expected an article, found %s; see newswire help formats for what can be read", why);
    return format->read(input);
}

bool input_begin(const struct input *input, const char *format, bool markup, struct draft *draft, struct nw_str *text)
{
    draft_begin(draft, input->context, input->clean, input->raw, format);
    draft->kept = input->kept;
    struct decoded d = decode(input->arena, input->bytes, input->declared, markup);
    *text = d.text;
    if (!d.text.p && input->bytes.n > 0)
        draft->failed = true;
    if (draft->record)
        NW_SET(source, draft->record->source, charset, nw_str_z(d.charset));
    if (!markup && !d.plain) {
        *text = text_unmojibake(input->arena, *text);
        *text = text_tidy(input->arena, *text);
        if (!text->p)
            draft->failed = true;
    }
    return !draft->failed;
}
