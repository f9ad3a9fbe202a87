/* Figures: see figure.h. */
#include "html/figure.h"

#include "chars.h"

enum {
    BESIDE = 120,        /* nodes between the headline and its picture */
    FIGURE_NODES = 200,  /* of one picture; more is a gallery or a table */
    CAPTION_MOST = 2000, /* bytes */
    CREDIT_MOST = 160,
    STEM_LEAST = 6, /* bytes of a file's name that tell it from others */
};

/* The file's name in an address, without its ending and what names a size ("-1024x768", "_w640"). */
static struct nw_str stem_of(struct nw_str href)
{
    size_t end = 0, start = 0;
    if (href.n == 0)
        return href;
    while (end < href.n && href.p[end] != '?' && href.p[end] != '#')
        end++;
    for (size_t i = 0; i < end; i++)
        if (href.p[i] == '/')
            start = i + 1;
    struct nw_str name = nw_str_from(nw_str(href.p, end), start);
    for (size_t i = name.n; i-- > 1;)
        if (name.p[i] == '.') {
            name.n = i;
            break;
        }
    while (name.n > STEM_LEAST &&
           (is_digit((unsigned char)name.p[name.n - 1]) || strchr("xXwWhH-_", name.p[name.n - 1])))
        name.n--;
    return name;
}

/* Where an image is: lazy pages have the address in another attribute, and a placeholder in src. */
static struct nw_str address_in(const struct tree *tree, const struct node *image)
{
    struct nw_str lazy = tree_value(tree, image, ATTR_DATA_SRC), src = tree_value(tree, image, ATTR_SRC);
    return lazy.n ? lazy : nw_str_starts_nocase(src, NW_S("data:")) ? nw_str(NULL, 0) : src;
}

static bool is_image(const struct node *node)
{
    return !node->is_text && (node->tag == TAG_IMG || node->tag == TAG_AMP_IMG);
}

/* Whether a class says that its element holds the credit. */
static bool says_credit(struct nw_str class)
{
    static const char *const words[] = {"credit",       "copyright", "photographer", "attribution", "image-source",
                                        "photo-source", "fotograf",  "quelle",       "bildnachweis"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (find_nocase(class, nw_str_z(words[i])) != SIZE_MAX)
            return true;
    return false;
}

/* "Photo: ", "© ": bytes of what leads a credit in. */
static size_t credit_lead(struct nw_str s)
{
    static const char *const leads[] = {
        "photo credit:", "image credit:", "photograph:", "photo by", "photo courtesy of",
        "courtesy of",   "photo:",        "photos:",     "image:",   "picture:",
        "credit:",       "foto:",         "fotos:",      "bild:",    "quelle:",
        "crédit :",      "crédit:",       "photo :",     "imagen:",  "imagem:",
        "фото:",         "Фото:",         "ảnh:",        "Ảnh:",     "写真：",
        "写真:",         "图：",          "사진:",       "©",        "(c)"};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (nw_str_starts_nocase(s, nw_str_z(leads[i])))
            return strlen(leads[i]);
    return 0;
}

static struct nw_str without_lead(struct nw_str credit)
{
    for (size_t n; (n = credit_lead(credit)) > 0;)
        credit = nw_str_trim(nw_str_from(credit, n));
    return trim_set(credit, " ()[]/|,;:");
}

/* "A ferry in the harbour. Photo: Ada Example": parts the two; either may be empty. */
static void split_caption(struct nw_str line, struct nw_str *caption, struct nw_str *credit)
{
    *caption = line;
    for (size_t i = 0; i < line.n; i++) {
        struct nw_str rest = nw_str_from(line, i);
        bool first = i == 0 || strchr(" (/|[", line.p[i - 1]);
        if (!first || rest.n > CREDIT_MOST || credit_lead(rest) == 0)
            continue;
        *caption = trim_set(nw_str(line.p, i), " ([/|");
        *credit = without_lead(rest);
        return;
    }
}

/* The text of node `at`, without that of the element `but`. */
static struct nw_str line_without(struct draft *draft, const struct tree *tree, uint32_t at, uint32_t but)
{
    struct nw_str whole = tree_line(tree, at), part = but ? tree_line(tree, but) : nw_str(NULL, 0);
    size_t found = part.n ? nw_str_find(whole, part) : SIZE_MAX;
    if (found == SIZE_MAX)
        return whole;
    return draft_line(
        draft, draft_printf(draft, "%.*s %.*s", (int)found, whole.p, NW_FMT(nw_str_from(whole, found + part.n))));
}

static void take(struct nw_str *to, struct nw_str value)
{
    if (to->n == 0 && value.n <= CAPTION_MOST)
        *to = value;
}

/* What the figure at node `at` says about its picture. */
static void read_figure(struct draft *draft, const struct tree *tree, uint32_t at, struct picture *picture)
{
    uint32_t caption_node = 0, credit_node = 0;
    for (uint32_t i = at + 1; i < tree->nodes[at].end; i++) {
        const struct node *node = &tree->nodes[i];
        if (node->is_text)
            continue;
        if (node->tag == TAG_FIGCAPTION && !caption_node)
            caption_node = i;
        else if (!credit_node && says_credit(tree_attr(tree, node, ATTR_CLASS)) && tree_line(tree, i).n > 0)
            credit_node = i;
        else if (is_image(node))
            take(&picture->alt, tree_value(tree, node, ATTR_ALT));
    }
    struct nw_str caption = {0}, credit = {0};
    if (caption_node)
        split_caption(line_without(draft, tree, caption_node, credit_node), &caption, &credit);
    if (credit_node)
        credit = without_lead(tree_line(tree, credit_node));
    if (nw_str_starts(caption, NW_S("/"))) { /* "Ada Example /Agency": the element held half of the credit */
        credit = without_lead(tree_line(tree, caption_node));
        caption = nw_str(NULL, 0);
    }
    take(&picture->caption, caption);
    if (credit.n <= CREDIT_MOST)
        take(&picture->credit, credit);
}

/* The address of the first image below node `at`; "" for none. */
static struct nw_str image_in(const struct tree *tree, uint32_t at)
{
    struct nw_str address = {0};
    for (uint32_t i = at + 1; i < tree->nodes[at].end && address.n == 0; i++)
        if (is_image(&tree->nodes[i]))
            address = address_in(tree, &tree->nodes[i]);
    return address;
}

void figure_read(struct draft *draft, const struct tree *tree, uint32_t heading, struct picture *picture)
{
    struct nw_str stem = stem_of(picture->href);
    bool known = picture->href.n > 0;
    uint32_t from = known ? 1 : heading > BESIDE ? heading - BESIDE : 1;
    uint32_t to = known || heading + BESIDE > tree->count ? (uint32_t)tree->count : heading + BESIDE;
    if (known && stem.n < STEM_LEAST)
        return;
    for (uint32_t i = from; i < to; i++) {
        const struct node *figure = &tree->nodes[i];
        if (figure->is_text || figure->tag != TAG_FIGURE || figure->end - i > FIGURE_NODES)
            continue;
        struct nw_str address = image_in(tree, i);
        if (address.n == 0 || (known && !nw_str_eq(stem_of(address), stem)))
            continue;
        picture->href = known ? picture->href : address;
        read_figure(draft, tree, i, picture);
        return;
    }
}
