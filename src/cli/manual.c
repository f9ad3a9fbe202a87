/* Manual pages in roff (man(7) macros), out of the command tables. */
#include "help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What roff must be given so that it prints a character as it stands; NULL where the character does. */
static const char *escape(char c)
{
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

/* Appends text so that no character of it is a request or changes on the page. */
static void put_str(struct nw_buf *out, struct nw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        const char *escaped = escape(text.p[i]);

        if (text.p[i] == '.' && (out->n == 0 || out->p[out->n - 1] == '\n')) {
            nw_buf_printf(out, "\\&");
        }
        if (escaped) {
            nw_buf_printf(out, "%s", escaped);
        } else {
            nw_buf_char(out, text.p[i]);
        }
    }
}

static void put(struct nw_buf *out, const char *text)
{
    put_str(out, nw_str_z(text));
}

/* Paragraphs: an empty line becomes .PP, a line end .br. */
static void put_text(struct nw_buf *out, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");

        put_str(out, nw_str(text, n));
        nw_buf_char(out, '\n');
        text += n;
        if (text[0] == '\n' && text[1] == '\n') {
            nw_buf_printf(out, ".PP\n");
            text++;
        } else if (text[0] == '\n') {
            nw_buf_printf(out, ".br\n");
        }
        text += *text ? 1 : 0;
    }
}

static void put_title(struct nw_buf *out, const char *name, const char *doc)
{
    nw_buf_printf(out, ".TH ");
    for (const char *p = name; *p; p++) {
        nw_buf_char(out, *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p);
    }
    nw_buf_printf(out, " 1 \"\" \"newswired %s\" \"newswired manual\"\n.SH NAME\n", NW_VERSION);
    put(out, name);
    nw_buf_printf(out, " \\- ");
    put(out, doc);
    nw_buf_printf(out, "\n.SH SYNOPSIS\n");
}

static void put_option(struct nw_buf *out, const struct command_option *option)
{
    nw_buf_printf(out, ".TP\n");
    if (option->letter) {
        nw_buf_printf(out, "\\fB\\-%c\\fR, ", option->letter);
    }
    nw_buf_printf(out, "\\fB\\-\\-");
    put(out, option->name);
    nw_buf_printf(out, "\\fR");
    if (option->argument) {
        nw_buf_printf(out, " \\fI");
        put(out, option->argument);
        nw_buf_printf(out, "\\fR");
    }
    nw_buf_char(out, '\n');
    put(out, option->doc);
    if (option->preset || option->fallback) {
        struct nw_buf preset;
        nw_buf_init(&preset, HELP_MAX);
        help_default(option, &preset);
        nw_buf_char(&preset, '\0');
        put(out, preset.error ? "" : preset.p);
        nw_buf_free(&preset);
    }
    nw_buf_char(out, '\n');
}

static void put_status(struct nw_buf *out, int status, const char *doc)
{
    nw_buf_printf(out, ".TP\n\\fB%d\\fR\n", status);
    put(out, doc);
    nw_buf_char(out, '\n');
}

/* `different`: see struct command. */
static void put_statuses(struct nw_buf *out, const char *different)
{
    nw_buf_printf(out, ".SH EXIT STATUS\n");
    for (int i = 0; exit_status_docs[i]; i++) {
        put_status(out, i, exit_status_docs[i]);
    }
    if (different) {
        put_status(out, EXIT_DIFFERENT, different);
    }
}

int manual_command(const struct command *command, struct nw_buf *out)
{
    char name[64];

    snprintf(name, sizeof name, "newswire-%s", command->name);
    put_title(out, name, command->doc);
    nw_buf_printf(out, "\\fBnewswire %s\\fR%s ", command->name, command->options ? " [\\fIOPTION\\fR…]" : "");
    put(out, command->operands);
    nw_buf_printf(out, "\n.SH DESCRIPTION\n");
    put_text(out, command->text);
    nw_buf_printf(out, ".SH OPTIONS\n");
    for (const struct command_option *o = command->options; o && o->name; o++) {
        put_option(out, o);
    }
    put_option(out, &(struct command_option){.name = "help", .letter = 'h', .doc = "show a short help"});
    nw_buf_printf(out, ".SH EXAMPLES\n");
    for (const struct command_example *e = command->examples; e && e->line; e++) {
        nw_buf_printf(out, ".TP\n\\fB");
        put(out, e->line);
        nw_buf_printf(out, "\\fR\n");
        put(out, e->doc);
        nw_buf_char(out, '\n');
    }
    put_statuses(out, command->different);
    nw_buf_printf(out, ".SH SEE ALSO\n\\fBnewswire\\fR(1)\n");
    return out->error;
}

int manual_overview(struct nw_buf *out)
{
    put_title(out, "newswire", help_phrase);
    nw_buf_printf(out, "\\fBnewswire\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR…] [\\fIARGUMENT\\fR…]\n.SH DESCRIPTION\n");
    put_text(out, help_text);
    nw_buf_printf(out, ".SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++) {
        nw_buf_printf(out, ".TP\n\\fBnewswire\\-%s\\fR(1)\n", commands[i]->name);
        put(out, commands[i]->doc);
        nw_buf_char(out, '\n');
    }
    put_statuses(out, NULL);
    return out->error;
}

static int page_write(const char *folder, const char *name, const struct nw_buf *page, char path[MANUAL_PATH])
{
    int n = snprintf(path, MANUAL_PATH, "%s/%s.1", folder, name);
    FILE *file = NULL;
    int rc = n > 0 && n < MANUAL_PATH ? 0 : -ENAMETOOLONG;

    rc = rc ? rc : page->error;
    if (rc == 0 && !(file = fopen(path, "w"))) {
        rc = -errno;
    }
    if (file && fwrite(page->p, 1, page->n, file) != page->n) {
        rc = -EIO;
    }
    if (file && fclose(file) != 0 && rc == 0) {
        rc = -errno;
    }
    return rc;
}

int manual_write(const char *folder, char path[MANUAL_PATH])
{
    struct nw_buf page;
    int rc;

    nw_buf_init(&page, HELP_MAX);
    manual_overview(&page);
    rc = page_write(folder, "newswire", &page, path);
    for (size_t i = 0; rc == 0 && commands[i]; i++) {
        char name[64];

        snprintf(name, sizeof name, "newswire-%s", commands[i]->name);
        nw_buf_clear(&page);
        manual_command(commands[i], &page);
        rc = page_write(folder, name, &page, path);
    }
    nw_buf_free(&page);
    return rc;
}
