/* The article in a script's data: see state.h. */
#include "html/state.h"

#include "chars.h"
#include "html/author.h"
#include "html/when.h"
#include "markup.h"

enum {
    PROSE_LEAST = 40,   /* bytes of a text that may be sentences */
    WORD_MOST = 14,     /* bytes of their words, on average, with the blank */
    BODY_LEAST = 250,   /* bytes of sentences that are an article; a page that shows as many needs none of this */
    PIECE_MOST = 60,    /* percent of a list's text: what holds more is not one piece of several */
    RECORDS_MOST = 8,   /* objects around the text that may say whose it is */
    NAME_AT_MOST = 120, /* bytes before the sign of equality in an assignment */
};

/* "window.__STATE__ = {": from the value on; "" where it is none. */
static struct nw_str assigned(struct nw_str script)
{
    size_t i = 0;
    while (i < script.n && i < NAME_AT_MOST && script.p[i] != '=' && script.p[i] != '(' && script.p[i] != '{')
        i++;
    if (i >= script.n || script.p[i] != '=')
        return nw_str(NULL, 0);
    struct nw_str value = nw_str_trim(nw_str_from(script, i + 1));
    return value.n > 0 && (value.p[0] == '{' || value.p[0] == '[') ? value : nw_str(NULL, 0);
}

bool state_is(struct nw_str type, struct nw_str script)
{
    if (type.n > 0 && find_nocase(type, NW_S("javascript")) == SIZE_MAX)
        return nw_str_eq_nocase(nw_str_trim(type), NW_S("application/json"));
    script = nw_str_trim(nw_str(script.p, script.n < NAME_AT_MOST ? script.n : NAME_AT_MOST));
    return nw_str_starts(script, NW_S("window.__")) && assigned(script).n > 0;
}

/* Bytes of a text that reads like sentences, 0 for all else: it has blanks, or letters that need none. */
static size_t prose_of(const struct json *value)
{
    size_t blanks = 0, wide = 0;
    struct nw_str s = json_text(value);
    if (s.n < PROSE_LEAST || nw_str_starts(s, NW_S("http")))
        return 0;
    for (size_t i = 0; i < s.n; i++) {
        blanks += s.p[i] == ' ';
        wide += (unsigned char)s.p[i] >= 0xE0;
    }
    return blanks * WORD_MOST >= s.n || wide * 5 >= s.n ? s.n : 0;
}

/* Members that hold texts, but not the article's. */
static bool is_aside(struct nw_str key)
{
    static const char *const words[] = {"related", "recommend", "comment", "translation", "i18n",
                                        "footer",  "cookie",    "consent", "caption",     "bio"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (find_nocase(key, nw_str_z(words[i])) != SIZE_MAX)
            return true;
    return false;
}

/* A walk over a value and all below it, in order. */
struct walk {
    const struct json *root, *at;
    const struct json *open[JSON_DEPTH_MOST + 1];
    size_t depth;
};

/* The next value: below this one, where it is a container and `enter` is set, else behind it. NULL at the end. */
static const struct json *walk_next(struct walk *w, bool enter)
{
    const struct json *at = w->at;
    if (enter && (at->kind == JSON_ARRAY || at->kind == JSON_OBJECT) && at->child && w->depth <= JSON_DEPTH_MOST) {
        w->open[w->depth++] = at;
        return w->at = at->child;
    }
    while (at != w->root && !at->next)
        at = w->open[--w->depth];
    return w->at = at == w->root ? NULL : at->next;
}

/* Bytes of sentences in a value and below it. */
static size_t sum_of(const struct json *value)
{
    struct walk w = {.root = value, .at = value};
    size_t sum = 0;
    for (const struct json *at = value; at; at = walk_next(&w, !is_aside(at->key)))
        sum += is_aside(at->key) ? 0 : prose_of(at);
    return sum;
}

/* The object around the text, and those around it, the innermost last. */
struct records {
    const struct json *v[RECORDS_MOST];
    size_t n;
};

static void remember(struct records *records, const struct json *object)
{
    if (records->n == RECORDS_MOST)
        memmove(records->v, records->v + 1, --records->n * sizeof *records->v);
    records->v[records->n++] = object;
}

/* The text that is the article, or the list of its pieces; NULL for none. Members of an object are different things, so
 * the one with most text is taken; elements of a list may be pieces of one. Each level costs a walk over what is below,
 * and there are at most JSON_DEPTH_MOST. */
static const struct json *core_of(const struct json *at, struct records *records)
{
    for (;;) {
        if (at->kind == JSON_STRING)
            return at;
        const struct json *best = NULL;
        size_t total = 0, most = 0;
        for (const struct json *child = at->child; child; child = child->next) {
            size_t sum = sum_of(child);
            total += sum;
            if (sum > most) {
                most = sum;
                best = child;
            }
        }
        if (total < BODY_LEAST)
            return NULL;
        if (at->kind == JSON_ARRAY && (best->kind == JSON_STRING || most * 100 <= total * PIECE_MOST))
            return at;
        if (at->kind == JSON_OBJECT)
            remember(records, at);
        at = best;
    }
}

static bool is_text_key(struct nw_str key)
{
    static const char *const keys[] = {"text", "value", "content", "html", "body", "paragraph", "textContent"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (nw_str_eq(key, nw_str_z(keys[i])))
            return true;
    return false;
}

/* Text of one piece, at out + *n: a text, or the runs of an object; of several forms of one run the first. */
static void put_piece(const struct json *piece, char *out, size_t *n)
{
    struct walk w = {.root = piece, .at = piece};
    const struct json *taken = NULL; /* the object whose text is there */
    for (const struct json *at = piece; at; at = walk_next(&w, !is_aside(at->key))) {
        const struct json *around = w.depth > 0 ? w.open[w.depth - 1] : NULL;
        struct nw_str text = json_text(at);
        bool run =
            at == piece || (around->kind == JSON_OBJECT ? is_text_key(at->key) && around != taken : prose_of(at));
        if (text.n == 0 || is_aside(at->key) || !run)
            continue;
        memcpy(out + *n, text.p, text.n);
        *n += text.n;
        taken = around;
    }
}

/* The pieces as paragraphs of markup. */
static struct nw_str join_pieces(struct draft *draft, const struct json *list)
{
    static const char open[] = "<p>", close[] = "</p>";
    size_t room = list->text.n, n = 0;
    for (const struct json *piece = list->child; piece; piece = piece->next)
        room += sizeof open + sizeof close;
    char *out = draft_alloc(draft, room);
    for (const struct json *piece = list->child; out && piece; piece = piece->next) {
        size_t start = n;
        memcpy(out + n, open, sizeof open - 1);
        n += sizeof open - 1;
        size_t text = n;
        put_piece(piece, out, &n);
        if (n == text) {
            n = start;
            continue;
        }
        memcpy(out + n, close, sizeof close - 1);
        n += sizeof close - 1;
    }
    return nw_str(out, out ? n : 0);
}

/* The first of `keys` that a record around the text has as a text, or as an object or list that begins with a name. */
static struct nw_str said(const struct records *records, const char *const *keys, size_t n)
{
    for (size_t r = records->n; r-- > 0;)
        for (size_t k = 0; k < n; k++) {
            const struct json *value = json_get(records->v[r], keys[k]);
            if (value && value->kind == JSON_ARRAY)
                value = value->child;
            struct nw_str text = value && value->kind == JSON_NUMBER ? value->text : json_text(value);
            if (!text.n)
                text = json_text_of(value, "name");
            if (text.n)
                return text;
        }
    return nw_str(NULL, 0);
}

static void fill_fields(struct draft *draft, const struct tree *tree, const struct records *records, struct meta *meta)
{
    static const char *const titles[] = {"headline", "title"}, *const authors[] = {"author", "authors", "byline"},
                             *const dates[] = {"datePublished", "publishedAt",     "published_at", "publishDate",
                                               "publishedDate", "publicationDate", "published",    "firstPublished",
                                               "date",          "createdAt"};
    struct when when;
    if (meta->headline.n == 0)
        meta->headline = said(records, titles, sizeof titles / sizeof *titles);
    when_begin(&when, draft, tree);
    when_said(&when, WHEN_PUBLISHED, 1, said(records, dates, sizeof dates / sizeof *dates));
    if (meta->published.precision == PRECISION_NONE)
        meta->published = when.said[WHEN_PUBLISHED];
    struct nw_str author = author_name(draft, said(records, authors, sizeof authors / sizeof *authors));
    if (meta->author_count == 0 && author.n > 2 && author_may_be(author))
        meta->authors[meta->author_count++] = author;
}

void state_fill(struct draft *draft, const struct tree *tree, struct meta *meta)
{
    size_t shown = 0;
    for (size_t i = 0; i < draft->count; i++)
        shown += draft->paragraphs[i].n;
    if (shown >= BODY_LEAST || meta->body.n >= BODY_LEAST)
        return;
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        if (node->is_text || node->tag != TAG_SCRIPT || node->end == i + 1)
            continue;
        struct nw_str type = tree_attr(tree, node, ATTR_TYPE), script = nw_str_trim(tree->nodes[i + 1].text);
        if (!state_is(type, script))
            continue;
        const char *why;
        struct records records = {0};
        const struct json *root = json_parse(draft->arena, type.n ? script : assigned(script), true, &why),
                          *core = root ? core_of(root, &records) : NULL;
        struct nw_str body = !core                       ? nw_str(NULL, 0)
                             : core->kind == JSON_STRING ? core->text
                                                         : join_pieces(draft, core);
        if (body.n > meta->body.n) {
            meta->body = body;
            fill_fields(draft, tree, &records, meta);
        }
    }
}
