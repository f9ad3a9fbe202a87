/* What the manual says of each key, made of the same rows that the file is checked by. */
#include "value.h"

#include <stdio.h>

enum { PATH = 256 };

struct manual {
    enum nw_conf_manual_form form;
    struct nw_buf *out;
};

/* Appends text with what the form takes for markup escaped. */
static void add_text(struct manual *m, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (m->form == NW_CONF_MARKDOWN && *c == '|')
            nw_buf_printf(m->out, "\\|");
        else if (m->form == NW_CONF_ROFF && *c == '\\')
            nw_buf_printf(m->out, "\\e");
        else if (m->form == NW_CONF_ROFF && *c == '-')
            nw_buf_printf(m->out, "\\-");
        else if (m->form == NW_CONF_ROFF && (*c == '.' || *c == '\'') && c == text)
            nw_buf_printf(m->out, "\\&%c", *c);
        else
            nw_buf_char(m->out, *c);
    }
}

/* "default 64", "required", "default empty" */
static void preset_of(const struct nw_conf_row *row, char out[PATH])
{
    bool list = row->kind == NW_CONF_STRS || row->kind == NW_CONF_LIST;

    if (row->preset && *row->preset)
        snprintf(out, PATH, "default %s", row->preset);
    else
        snprintf(out, PATH, row->preset || list ? "default empty" : "required");
}

static void add_row(struct manual *m, const char *path, const struct nw_conf_row *row)
{
    char allowed[CONF_ALLOWED], preset[PATH];

    conf_allowed(row, allowed);
    preset_of(row, preset);
    if (m->form == NW_CONF_MARKDOWN) {
        nw_buf_printf(m->out, "| `%s%s` | ", path, row->key);
        add_text(m, allowed);
        nw_buf_printf(m->out, " | ");
        add_text(m, preset);
        nw_buf_printf(m->out, " | ");
        add_text(m, row->doc ? row->doc : "");
        nw_buf_printf(m->out, " |\n");
        return;
    }
    nw_buf_printf(m->out, ".TP\n.B ");
    add_text(m, path);
    add_text(m, row->key);
    nw_buf_char(m->out, '\n');
    add_text(m, row->doc ? row->doc : "");
    nw_buf_printf(m->out, " (");
    add_text(m, allowed);
    nw_buf_printf(m->out, "; ");
    add_text(m, preset);
    nw_buf_printf(m->out, ")\n");
}

/* As deep as the tables. */
static void add_section(struct manual *m, const char *path, const struct nw_conf_row *rows,
                        const struct nw_conf_section *sections)
{
    char below[PATH];

    for (; rows && rows->key; rows++) {
        add_row(m, path, rows);
        if (rows->kind == NW_CONF_LIST && snprintf(below, sizeof below, "%s%s[].", path, rows->key) < PATH)
            add_section(m, below, rows->rows, NULL);
    }
    for (; sections && sections->key; sections++) {
        if (snprintf(below, sizeof below, "%s%s.", path, sections->key) < PATH)
            add_section(m, below, sections->rows, sections->sections);
    }
}

int nw_conf_manual(const struct nw_conf_section *root, enum nw_conf_manual_form form, struct nw_buf *out)
{
    struct manual m = {.form = form, .out = out};

    add_section(&m, "", root->rows, root->sections);
    return out->error;
}
