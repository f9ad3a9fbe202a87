/*
 * `newswire-train wire GAZETTEER SPORT FILE…`: bracketed wire copy ("[PER Ann Lee] said in [LOC Rome]") as IOB2 on
 * standard output, cut by the tagger's own tokeniser and sentences.
 *
 * An item begins with a line "@@ codes | date | agency"; then headline, empty line, paragraphs or rows one a line.
 * SPORT is the list of topic codes, parted by commas, that make an item one of sport.
 */
#include "corpus.h"
#include "sentence.h"
#include "train.h"

#include <newswire/buf.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE = 1 << 16, SPANS = 4096, ITEM_MOST = 1 << 20 };

struct item {
    struct nw_buf text;
    struct {
        uint32_t start, end;
        enum name_type type;
    } spans[SPANS];
    size_t n;
    bool sport;
};

static const char *const type_names[NAME_TYPES] = {"PER", "LOC", "ORG", "MISC"};

/* Appends a line, its brackets made spans. */
static bool add_line(struct item *item, struct nw_str line)
{
    bool open = false;
    for (size_t i = 0; i < line.n; i++) {
        bool begins = false;
        for (unsigned t = 0; line.p[i] == '[' && t < NAME_TYPES; t++) {
            struct nw_str name = nw_str_z(type_names[t]);
            if (nw_str_starts(nw_str_from(line, i + 1), name) && i + 1 + name.n < line.n &&
                line.p[i + 1 + name.n] == ' ') {
                if (open || item->n == SPANS) {
                    return false;
                }
                item->spans[item->n].start = (uint32_t)item->text.n;
                item->spans[item->n].type = (enum name_type)t;
                i += 1 + name.n;
                open = begins = true;
                break;
            }
        }
        if (begins) {
            continue;
        }
        if (open && line.p[i] == ']') {
            item->spans[item->n++].end = (uint32_t)item->text.n;
            open = false;
            continue;
        }
        nw_buf_char(&item->text, line.p[i]);
    }
    nw_buf_str(&item->text, NW_S("\n\n"));
    return !open;
}

static int put_item(struct corpora *corpora, struct item *item)
{
    struct document d = {.text = nw_buf_view(&item->text), .types = &corpora->types, .english = true};
    if (d.text.n == 0) {
        return 0;
    }
    if (tokens_read(&d.tokens, d.text) != 0 || types_of(d.types, d.text, &d.tokens) != 0) {
        return 1;
    }
    sentences_mark(&d);
    printf("-DOCSTART-\tO\t%s\n", item->sport ? "sport" : "other");
    size_t span = 0;
    bool inside = false;
    for (size_t i = 0; i < d.tokens.n; i++) {
        const struct token *token = &d.tokens.v[i];
        while (span < item->n && item->spans[span].end <= token->start) {
            span++;
            inside = false;
        }
        bool in = span < item->n && item->spans[span].start < token->end && token->start < item->spans[span].end;
        if (token->marks & TOKEN_SENTENCE) {
            printf("\n");
            inside = false;
        }
        struct nw_str text = document_token(&d, i);
        if (in) {
            printf("%.*s\t%c-%s\n", NW_FMT(text), inside ? 'I' : 'B', type_names[item->spans[span].type]);
        } else {
            printf("%.*s\tO\n", NW_FMT(text));
        }
        inside = in;
    }
    printf("\n");
    tokens_free(&d.tokens);
    nw_buf_clear(&item->text);
    item->n = 0;
    return 0;
}

static bool is_sport(struct nw_str head, struct nw_str codes)
{
    while (codes.n) {
        size_t comma = nw_str_find(codes, NW_S(","));
        size_t n = comma < codes.n ? comma : codes.n;
        if (n && nw_str_find(head, nw_str(codes.p, n)) != SIZE_MAX) {
            return true;
        }
        codes = nw_str_from(codes, n + 1);
    }
    return false;
}

int train_wire(int argc, char **argv)
{
    if (argc < 4) {
        return train_usage("wire GAZETTEER SPORT-CODES FILE…");
    }
    static struct item item;
    static char text[LINE];
    struct corpora corpora;
    if (corpora_init(&corpora, argv[1])) {
        return 1;
    }
    nw_buf_init(&item.text, ITEM_MOST);
    int rc = 0;
    for (int i = 3; i < argc && rc == 0; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (f == NULL) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 1;
        }
        for (size_t row = 1; fgets(text, sizeof text, f) && rc == 0; row++) {
            struct nw_str line = nw_str_trim(nw_str_z(text));
            if (nw_str_starts(line, NW_S("@@ "))) {
                rc = put_item(&corpora, &item);
                item.sport = is_sport(line, nw_str_z(argv[2]));
            } else if (line.n && !add_line(&item, line)) {
                fprintf(stderr, "%s:%zu: a bracket is not closed, or stands in another\n", argv[i], row);
                rc = 1;
            }
        }
        rc = rc ? rc : put_item(&corpora, &item);
        fclose(f);
    }
    nw_buf_free(&item.text);
    corpora_free(&corpora);
    return rc;
}
