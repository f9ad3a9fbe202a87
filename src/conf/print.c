/*
 * The effective configuration as YAML: every key with its value, docs as comments. What is printed reads back as the
 * same configuration.
 */
#include "value.h"

#include <newswire/utf8.h>

#include <stdio.h>

struct printer {
    struct nw_buf *out;
    int indent;
};

static void print_mapping(struct printer *p, const struct nw_conf *conf, bool docs, bool first_in_place);

static void indent(struct printer *p)
{
    nw_buf_printf(p->out, "%*s", p->indent, "");
}

/* A word that YAML reads as the same text without quotes, and that means no "nothing". */
static bool bare(struct nw_str text)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";

    if (text.n == 0 || nw_str_eq_nocase(text, NW_S("null")))
        return false;
    if (!strchr(safe, text.p[0]) || text.p[0] == '-')
        return false;
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] == ':' && i + 1 < text.n && text.p[i + 1] == '/')
            continue;
        if (text.p[i] == ':' && i + 1 < text.n && text.p[i + 1] >= '0' && text.p[i + 1] <= '9')
            continue;
        if (!strchr(safe, text.p[i]))
            return false;
    }
    return true;
}

/* Characters that YAML wants escaped (YAML 1.1, 5.1), beside the quote and the backslash. */
static bool printable(uint32_t c)
{
    return (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029) ||
           (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || c >= 0x10000;
}

static void print_text(struct printer *p, struct nw_str text)
{
    if (bare(text)) {
        nw_buf_str(p->out, text);
        return;
    }
    nw_buf_char(p->out, '"');
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = nw_utf8_next(text, &at);
        if (c == '"' || c == '\\')
            nw_buf_printf(p->out, "\\%c", (char)c);
        else if (!printable(c))
            nw_buf_printf(p->out, "\\u%04x", (unsigned)c);
        else
            nw_buf_add(p->out, text.p + from, at - from);
    }
    nw_buf_char(p->out, '"');
}

static void print_scalar(struct printer *p, const struct nw_conf_row *row, const struct conf_value *value)
{
    if (row->kind == NW_CONF_INT)
        nw_buf_printf(p->out, "%lld", (long long)value->integer);
    else if (row->kind == NW_CONF_NUM)
        nw_buf_printf(p->out, "%.17g", value->number);
    else if (row->kind == NW_CONF_BOOL)
        nw_buf_printf(p->out, "%s", value->truth ? "true" : "false");
    else
        print_text(p, value->text);
}

static void print_list(struct printer *p, const struct nw_conf_row *row, const struct conf_value *value)
{
    if (value->count == 0) {
        nw_buf_printf(p->out, " []\n");
        return;
    }
    nw_buf_char(p->out, '\n');
    p->indent += 2;
    for (size_t i = 0; i < value->count; i++) {
        indent(p);
        nw_buf_printf(p->out, "- ");
        if (row->kind == NW_CONF_STRS) {
            print_text(p, value->texts[i]);
            nw_buf_char(p->out, '\n');
        } else {
            p->indent += 2;
            print_mapping(p, value->confs[i], false, true);
            p->indent -= 2;
        }
    }
    p->indent -= 2;
}

static void print_doc(struct printer *p, const struct nw_conf_row *row)
{
    char allowed[CONF_ALLOWED];

    conf_allowed(row, allowed);
    indent(p);
    nw_buf_printf(p->out, "# %s (%s)\n", row->doc ? row->doc : "", allowed);
}

/* The first key of a mapping in a list stands behind its dash, so it is not indented. */
static void print_mapping(struct printer *p, const struct nw_conf *conf, bool docs, bool first_in_place)
{
    if (first_in_place && conf_rows_count(conf->rows) == 0)
        nw_buf_printf(p->out, "{}\n");
    for (size_t i = 0; conf->rows && conf->rows[i].key; i++) {
        const struct nw_conf_row *row = &conf->rows[i];
        if (docs)
            print_doc(p, row);
        if (!first_in_place || i > 0)
            indent(p);
        nw_buf_printf(p->out, "%s:", row->key);
        if (row->kind == NW_CONF_STRS || row->kind == NW_CONF_LIST) {
            print_list(p, row, &conf->values[i]);
            continue;
        }
        nw_buf_char(p->out, ' ');
        print_scalar(p, row, &conf->values[i]);
        nw_buf_char(p->out, '\n');
    }
    for (size_t i = 0; conf->sections && conf->sections[i].key; i++) {
        const struct nw_conf_section *section = &conf->sections[i];
        nw_buf_char(p->out, '\n');
        if (docs && section->doc) {
            indent(p);
            nw_buf_printf(p->out, "# %s\n", section->doc);
        }
        indent(p);
        nw_buf_printf(p->out, "%s:\n", section->key);
        p->indent += 2;
        print_mapping(p, conf->below[i], docs, false);
        p->indent -= 2;
    }
}

int nw_conf_print(const struct nw_conf *conf, struct nw_buf *out)
{
    struct printer p = {.out = out};

    print_mapping(&p, conf, true, false);
    return out->error;
}
