/* JSON-LD: see ld.h. Objects are looked for on an explicit stack, whatever they are nested in. */
#include "html/ld.h"

#include "chars.h"
#include "html/tree.h"
#include "json.h"
#include "unicode.h"

enum { LD_STACK = 64, LD_OBJECTS = 512 };

/* How much a type is an article: 0 not at all. */
static int type_rank(struct nw_str type)
{
    static const struct {
        struct nw_str name;
        int rank;
    } types[] = {{NW_STR("NewsArticle"), 5},
                 {NW_STR("ReportageNewsArticle"), 5},
                 {NW_STR("AnalysisNewsArticle"), 5},
                 {NW_STR("OpinionNewsArticle"), 5},
                 {NW_STR("BackgroundNewsArticle"), 5},
                 {NW_STR("ReviewNewsArticle"), 5},
                 {NW_STR("LiveBlogPosting"), 4},
                 {NW_STR("BlogPosting"), 4},
                 {NW_STR("Article"), 4},
                 {NW_STR("Report"), 3},
                 {NW_STR("ScholarlyArticle"), 3},
                 {NW_STR("TechArticle"), 4},
                 {NW_STR("Review"), 2},
                 {NW_STR("SocialMediaPosting"), 2},
                 {NW_STR("WebPage"), 1},
                 {NW_STR("AdvertiserContentArticle"), 4},
                 {NW_STR("MedicalScholarlyArticle"), 3},
                 {NW_STR("Recipe"), 2},
                 {NW_STR("VideoObject"), 0}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (nw_str_ends(type, types[i].name) &&
            (type.n == types[i].name.n || type.p[type.n - types[i].name.n - 1] == '/' ||
             type.p[type.n - types[i].name.n - 1] == ':'))
            return types[i].rank;
    return 0;
}

static int object_rank(const struct json *object)
{
    const struct json *type = json_get(object, "@type");
    if (type && type->kind == JSON_ARRAY) {
        int best = 0;
        for (const struct json *t = type->child; t; t = t->next) {
            int rank = type_rank(json_text(t));
            best = rank > best ? rank : best;
        }
        return best;
    }
    return type_rank(json_text(type));
}

/* A string that may stand in markup: escaped once more by many. */
static struct nw_str value_of(struct nw_arena *arena, const struct json *value)
{
    if (value && value->kind == JSON_ARRAY)
        value = value->child;
    struct nw_str text = json_text(value);
    if (!text.n && value && value->kind == JSON_OBJECT) {
        text = json_text_of(value, "name");
        if (!text.n)
            text = json_text_of(value, "url");
        if (!text.n)
            text = json_text_of(value, "@id");
        if (!text.n)
            text = json_text_of(value, "@value");
    }
    return text.n ? tree_unescape(arena, text, HTML_DATA) : text;
}

static void first(struct nw_str *to, struct nw_str value)
{
    if (to->n == 0)
        *to = value;
}

static void add_author(struct nw_arena *arena, const struct json *name, struct ld *ld)
{
    struct nw_str text = text_line(arena, tree_unescape(arena, json_text(name), HTML_DATA));
    if (text.n > 0 && text.n < 200 && ld->author_count < LD_AUTHORS)
        ld->authors[ld->author_count++] = text;
}

static bool is_organisation(const struct json *one)
{
    struct nw_str type = json_text_of(one, "@type");
    return find_nocase(type, NW_S("organization")) != SIZE_MAX || find_nocase(type, NW_S("corporation")) != SIZE_MAX;
}

/* Persons first, then organisations. */
static void authors(struct nw_arena *arena, const struct json *value, struct ld *ld)
{
    if (!value)
        return;
    bool many = value->kind == JSON_ARRAY;
    for (int organisations = 0; organisations < 2; organisations++) {
        for (const struct json *one = many ? value->child : value; one; one = many ? one->next : NULL) {
            if (is_organisation(one) != (organisations == 1))
                continue;
            const struct json *name = one->kind == JSON_OBJECT ? json_get(one, "name") : one;
            bool names = name && name->kind == JSON_ARRAY;
            for (const struct json *n = names ? name->child : name; n; n = names ? n->next : NULL)
                add_author(arena, n, ld);
        }
        if (organisations == 0)
            ld->persons = ld->author_count;
    }
}

/* Pixels: a number, or a text that begins with one ("1200 px"). */
static long pixels_of(const struct json *value)
{
    struct nw_str text =
        value && (value->kind == JSON_NUMBER || value->kind == JSON_STRING) ? value->text : nw_str(NULL, 0);
    size_t n = 0;
    while (n < text.n && is_digit((unsigned char)text.p[n]))
        n++;
    return number_of(nw_str(text.p, n));
}

/* An address, an ImageObject, or a list of either: the first. */
static void read_image(struct nw_arena *arena, const struct json *value, struct ld_image *image)
{
    static const char *const addresses[] = {"contentUrl", "url", "@id"};
    if (value && value->kind == JSON_ARRAY)
        value = value->child;
    if (!value || value->kind != JSON_OBJECT) {
        image->address = value_of(arena, value);
        return;
    }
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        first(&image->address, value_of(arena, json_get(value, addresses[i])));
    first(&image->caption, value_of(arena, json_get(value, "caption")));
    first(&image->credit, value_of(arena, json_get(value, "creditText")));
    first(&image->credit, value_of(arena, json_get(value, "creator")));
    first(&image->notice, value_of(arena, json_get(value, "copyrightNotice")));
    image->width = pixels_of(json_get(value, "width"));
    image->height = pixels_of(json_get(value, "height"));
}

static void take(struct nw_arena *arena, const struct json *object, int rank, struct ld *ld)
{
    if (rank > ld->rank) { /* a better type: its values first */
        struct ld old = *ld;
        *ld = (struct ld){.rank = rank, .publisher = old.publisher, .page_published = old.published};
    } else if (rank < ld->rank) {
        first(&ld->page_published, value_of(arena, json_get(object, "datePublished")));
        return;
    }
    first(&ld->headline, text_line(arena, value_of(arena, json_get(object, "headline"))));
    first(&ld->published, value_of(arena, json_get(object, "datePublished")));
    first(&ld->modified, value_of(arena, json_get(object, "dateModified")));
    first(&ld->body, value_of(arena, json_get(object, "articleBody")));
    first(&ld->description, value_of(arena, json_get(object, "description")));
    if (ld->image.address.n == 0)
        read_image(arena, json_get(object, "image"), &ld->image);
    first(&ld->section, value_of(arena, json_get(object, "articleSection")));
    first(&ld->licence, value_of(arena, json_get(object, "license")));
    first(&ld->rights, value_of(arena, json_get(object, "copyrightNotice")));
    first(&ld->holder, value_of(arena, json_get(object, "copyrightHolder")));
    first(&ld->language, value_of(arena, json_get(object, "inLanguage")));
    first(&ld->publisher, value_of(arena, json_get(object, "publisher")));
    if (ld->author_count == 0)
        authors(arena, json_get(object, "author"), ld);
    if (ld->author_count == 0)
        authors(arena, json_get(object, "creator"), ld);
}

void ld_read(struct nw_arena *arena, struct nw_str script, struct ld *ld)
{
    const char *why;
    script = nw_str_trim(script);
    if (nw_str_starts(script, NW_S("<!--")))
        script = nw_str_from(script, 4);
    if (nw_str_starts(script, NW_S("//<![CDATA[")))
        script = nw_str_from(script, 11);
    const struct json *root = json_parse(arena, script, true, &why);
    const struct json *stack[LD_STACK];
    size_t depth = 0, objects = 0;
    if (root)
        stack[depth++] = root;
    while (depth > 0 && objects++ < LD_OBJECTS) {
        const struct json *value = stack[--depth];
        if (value->next && depth < LD_STACK && value != root)
            stack[depth++] = value->next;
        if (value->kind == JSON_OBJECT) {
            int rank = object_rank(value);
            if (rank > 0)
                take(arena, value, rank, ld);
            const struct json *inner[] = {json_get(value, "@graph"), json_get(value, "mainEntity"),
                                          json_get(value, "mainEntityOfPage"), json_get(value, "hasPart")};
            for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
                if (inner[i] && depth < LD_STACK && (inner[i]->kind == JSON_OBJECT || inner[i]->kind == JSON_ARRAY) &&
                    rank < 4) {
                    const struct json *from = inner[i]->kind == JSON_ARRAY ? inner[i]->child : inner[i];
                    if (from && inner[i]->kind == JSON_ARRAY)
                        stack[depth++] = from;
                    else if (from && object_rank(from) > 0)
                        take(arena, from, object_rank(from), ld);
                }
        } else if (value->kind == JSON_ARRAY && value->child && depth < LD_STACK) {
            stack[depth++] = value->child;
        }
    }
}
