/* Help for a terminal, out of the command tables. */
#include "help.h"

#include "stages.h"

#include <newswire/utf8.h>

#include <string.h>

enum { COLUMNS = 80, OPTION_COLUMN = 24 };

const char help_phrase[] = "take in news agency copy, clean it, tag it, group it into stories";
const char help_text[] =
    "newswired takes a stream of news agency copy (wire items, feeds, web pages), cleans it, tags it, groups it into "
    "stories, and serves the tagged stream to subscribers. newswire is its command: it runs the same stages over files "
    "without a daemon (pipe), feeds a running daemon (feed), shows what comes out of it (tail) and how it does "
    "(status).";

static const struct {
    const char *name, *doc;
} format_docs[] = {
    {"auto", "found out by content, file by file"},
    {"text", "plain text, an article a file: wire copy with headline, byline and dateline, or any text"},
    {"html", "a web page, an article a file"},
    {"rss", "RSS 0.9 to 2.0, an article an item"},
    {"atom", "Atom, an article an entry"},
    {"jsonfeed", "JSON Feed, an article an item"},
    {"newsml-g2", "IPTC NewsML-G2, single items and news messages"},
    {"newsml-1", "IPTC NewsML 1.x"},
    {"nitf", "IPTC NITF"},
    {"ninjs", "IPTC ninjs, one object"},
    {"iptc7901", "IPTC 7901 wire messages"},
    {"anpa1312", "ANPA 1312 wire messages"},
    {"zczc", "teletype messages between ZCZC and NNNN"},
    {"reuters-sgml", "the SGML of the Reuters-21578 collection, an article a REUTERS element"},
    {"warc", "web archives, an article a response"},
    {"mail", "mail, single messages and mailboxes"},
    {"ndjson", "JSON, one object (ninjs, or with a text of its own) a line"},
    {"wxr", "WordPress exports, an article an item"},
};

/* Appends text, broken at spaces so that lines end before COLUMNS; lines behind the first begin at `indent`, and the
 * first goes on at `column`. A newline in text begins a new line, two of them leave one empty. */
static void wrap(struct nw_buf *out, const char *text, size_t column, size_t indent)
{
    while (*text) {
        size_t n = strcspn(text, " \n"), width = nw_utf8_count(nw_str(text, n));

        if (column > indent && column + 1 + width >= COLUMNS) {
            nw_buf_char(out, '\n');
            column = 0;
        }
        if (n > 0 && column < indent) {
            nw_buf_printf(out, "%*s", (int)(indent - column), "");
            column = indent;
        } else if (n > 0 && column > indent) {
            nw_buf_char(out, ' ');
            column++;
        }
        nw_buf_add(out, text, n);
        column += width;
        text += n;
        if (*text == '\n') {
            nw_buf_char(out, '\n');
            column = 0;
        }
        text += *text ? 1 : 0;
    }
    nw_buf_char(out, '\n');
}

int help_default(const struct command_option *option, struct nw_buf *out)
{
    const char *preset = option->preset ? option->preset : option->fallback, *const *words = option_words(option);

    if (words || preset) {
        nw_buf_printf(out, " (");
    }
    for (size_t i = 0; words && words[i]; i++) {
        nw_buf_printf(out, "%s%s", i > 0 ? ", " : words[1] ? "one of " : "only ", words[i]);
    }
    if (preset) {
        nw_buf_printf(out, "%sdefault: %s", words ? "; " : "", preset);
    }
    return words || preset ? nw_buf_char(out, ')') : out->error;
}

static void put_option(struct nw_buf *out, const struct command_option *option)
{
    size_t start = out->n, width;
    struct nw_buf doc;

    nw_buf_init(&doc, HELP_MAX);
    nw_buf_str(&doc, nw_str_z(option->doc));
    help_default(option, &doc);
    nw_buf_char(&doc, '\0');

    nw_buf_printf(out, option->letter ? "  -%c, " : "      ", option->letter);
    nw_buf_printf(out, "--%s%s%s", option->name, option->argument ? " " : "", option->argument ? option->argument : "");
    width = nw_utf8_count(nw_str(out->p + start, out->n - start));
    if (width + 2 > OPTION_COLUMN) {
        nw_buf_char(out, '\n');
        width = 0;
    }
    nw_buf_printf(out, "%*s", (int)(OPTION_COLUMN - width), "");
    wrap(out, doc.error ? option->doc : doc.p, OPTION_COLUMN, OPTION_COLUMN);
    nw_buf_free(&doc);
}

int help_command(const struct command *command, struct nw_buf *out)
{
    nw_buf_printf(out, "newswire %s: %s\n\nUsage:\n  newswire %s%s%s%s\n\n", command->name, command->doc, command->name,
                  command->options ? " [OPTION…]" : "", command->operands[0] ? " " : "", command->operands);
    wrap(out, command->text, 0, 0);
    nw_buf_printf(out, "\nOptions:\n");
    for (const struct command_option *o = command->options; o && o->name; o++) {
        put_option(out, o);
    }
    put_option(out, &(struct command_option){.name = "help", .letter = 'h', .doc = "show this"});
    nw_buf_printf(out, "\nExamples:\n");
    for (const struct command_example *e = command->examples; e && e->line; e++) {
        nw_buf_printf(out, "  %s\n", e->line);
        wrap(out, e->doc, 0, 6);
    }
    nw_buf_printf(out, "\nExit status:\n");
    for (int i = 0; exit_status_docs[i]; i++) {
        nw_buf_printf(out, "  %d  ", i);
        wrap(out, exit_status_docs[i], 5, 5);
    }
    if (command->different) {
        nw_buf_printf(out, "  %d  ", EXIT_DIFFERENT);
        wrap(out, command->different, 5, 5);
    }
    return out->error;
}

int help_overview(struct nw_buf *out)
{
    nw_buf_printf(out, "newswire: %s\n\nUsage:\n  newswire COMMAND [OPTION…] [ARGUMENT…]\n\n", help_phrase);
    wrap(out, help_text, 0, 0);
    nw_buf_printf(out, "\nCommands:\n");
    for (size_t i = 0; commands[i]; i++) {
        nw_buf_printf(out, "  %-12s", commands[i]->name);
        wrap(out, commands[i]->doc, 14, 14);
    }
    nw_buf_printf(out, "\nnewswire COMMAND --help tells more of each, with examples.\n");
    return out->error;
}

static const struct {
    const char *language, *doc;
} language_docs[] = {
    {"English",
     "names by the model, linked to places with points, people, organisations; topics, quotations and reported "
     "speech with speakers, times, quantities, keywords"},
    {"Latin script",
     "places, organisations and people by lists and rules, with lower confidence (.5 to .7); run-in articles "
     "(d'Algérie) and genitives of countries; points and uris as in English; keywords are names"},
    {"Cyrillic", "the same; places also in the forms of the cases of Russian, Ukrainian, Bulgarian and Serbian"},
    {"Greek", "the same; places also in the accusative and genitive"},
    {"others", "sentences and words only"},
    {"unknown (und)", "treated as English"},
};

int help_languages(struct nw_buf *out)
{
    nw_buf_printf(out, "What newswire finds in an article, by its language:\n\n");
    for (size_t i = 0; i < sizeof language_docs / sizeof *language_docs; i++) {
        nw_buf_printf(out, "  %-14s", language_docs[i].language);
        wrap(out, language_docs[i].doc, 16, 16);
    }
    return out->error;
}

int help_formats(struct nw_buf *out)
{
    const char *const *words = stages_formats();

    nw_buf_printf(out, "What --format of newswire pipe and newswire feed may be:\n\n");
    for (size_t i = 0; words && words[i]; i++) {
        const char *doc = "";

        for (size_t j = 0; j < sizeof format_docs / sizeof *format_docs; j++) {
            doc = strcmp(format_docs[j].name, words[i]) == 0 ? format_docs[j].doc : doc;
        }
        nw_buf_printf(out, "  %-14s", words[i]);
        wrap(out, doc, 16, 16);
    }
    return out->error;
}
