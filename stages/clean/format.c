/* The list of formats, and how the bytes tell which one they are. */
#include "format.h"

#include "chars.h"
#include "unicode.h"

#include <newswire/error.h>

#include <errno.h>

static const struct format FORMATS[] = {
    {"text", "lines of text", text_format},
    {"html", "<!DOCTYPE html>, <html> or other tags of HTML", html_format},
    {"reuters-sgml", "<REUTERS …> or <!DOCTYPE lewis", reuters_sgml_format},
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
    size_t n = bytes.n < 4096 ? bytes.n : 4096, bad = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        bad += c == 0 || (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1B && c != 0x01 &&
                          c != 0x02 && c != 0x03 && c != 0x04 && c != 0x16 && c != 0x08 && c != 0x10 && c != 0x11 &&
                          c != 0x12 && c != 0x13 && c != 0x14 && c != 0x1E && c != 0x1F && c != 0x07);
    }
    return bad * 50 > n;
}

static bool is_wide(struct nw_str s)
{
    if (nw_str_starts(s, NW_S("\xFF\xFE")) || nw_str_starts(s, NW_S("\xFE\xFF")))
        return true;
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
        if (nw_str_starts(s, nw_str(magics[i].bytes, magics[i].n)))
            return magics[i].kind;
    return NULL;
}

static struct nw_str without_mark(struct nw_str s)
{
    while (nw_str_starts(s, NW_S("\xEF\xBB\xBF")))
        s = nw_str_from(s, 3);
    return s;
}

static bool looks_like_html(struct nw_str s)
{
    static const char *const tags[] = {
        "<!doctype html", "<html",    "<head", "<body",   "<title", "<meta", "<p>", "<p ",
        "<div",           "<article", "<h1",   "<script", "<table", "<!--"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (nw_str_starts_nocase(s, nw_str_z(tags[i])))
            return true;
    struct nw_str head = nw_str(s.p, s.n < 2048 ? s.n : 2048);
    return find_nocase(head, NW_S("<!doctype html")) != SIZE_MAX || find_nocase(head, NW_S("<html")) != SIZE_MAX;
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
    if (nw_str_starts_nocase(s, NW_S("<!doctype lewis")) || nw_str_starts(s, NW_S("<REUTERS ")))
        return format_named(NW_S("reuters-sgml"));
    if (!is_wide(bytes) && is_noise(bytes)) {
        *why = "binary data";
        return NULL;
    }
    if (looks_like_html(s))
        return format_named(NW_S("html"));
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
    struct decoded d = decode(input->arena, input->bytes, input->declared, markup);
    *text = d.text;
    if (!d.text.p && input->bytes.n > 0)
        draft->failed = true;
    if (draft->record)
        NW_SET(source, draft->record->source, charset, nw_str_z(d.charset));
    if (!markup && !text_is_plain(*text)) {
        *text = text_unmojibake(input->arena, *text);
        *text = text_tidy(input->arena, *text);
        if (!text->p)
            draft->failed = true;
    }
    return !draft->failed;
}
