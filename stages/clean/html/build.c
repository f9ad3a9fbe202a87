/*
 * HTML's tree construction (section 13.2.6 of the standard), as far as it decides what is inside what: implied end
 * tags, scopes, tables, foreign content and what breaks out of it. The adoption agency is not followed: a formatting
 * element that is closed across a block ends with that block.
 */
#include "chars.h"
#include "html/state.h"
#include "html/tokenizer.h"
#include "html/tree.h"

struct open {
    uint32_t node;
    uint16_t tag;
    bool foreign; /* svg or math, or inside one */
    bool dead;    /* a formatting element whose end tag came while a block inside it was open */
    struct nw_str name;
};

struct builder {
    struct tree *tree;
    struct html_tokenizer tokenizer;
    struct open stack[TREE_DEPTH_MOST];
    size_t depth;      /* stack[0] is the root */
    size_t overflow;   /* elements open beyond the stack */
    bool block_before; /* the last token was a block's tag: white space behind it is no text */
    bool in_head;
};

static struct open *top(struct builder *b)
{
    return &b->stack[b->depth - 1];
}

/* Closes the elements from stack index `at` upwards. */
static void pop_to(struct builder *b, size_t at)
{
    uint32_t end = (uint32_t)b->tree->count;
    while (b->depth > at && b->depth > 1) {
        struct open *open = &b->stack[--b->depth];
        b->tree->nodes[open->node].end = end;
    }
    b->overflow = 0;
}

/* Stack index of the innermost open `tag` above any of the barriers; 0 for none. */
static size_t find_open(const struct builder *b, enum html_tag tag, unsigned barrier_kinds, enum html_tag barrier_a,
                        enum html_tag barrier_b)
{
    for (size_t i = b->depth; i-- > 1;) {
        const struct open *open = &b->stack[i];
        if (open->tag == tag && !open->dead)
            return i;
        if ((html_tag_kinds[open->tag] & barrier_kinds) || (barrier_a && open->tag == barrier_a) ||
            (barrier_b && open->tag == barrier_b))
            return 0;
    }
    return 0;
}

static bool is_heading(enum html_tag tag)
{
    return tag >= TAG_H1 && tag <= TAG_H6;
}

static bool in_foreign(struct builder *b)
{
    switch (top(b)->tag) {
    case TAG_FOREIGNOBJECT:
    case TAG_DESC:
    case TAG_TITLE:
    case TAG_MI:
    case TAG_MO:
    case TAG_MN:
    case TAG_MS:
    case TAG_MTEXT:
    case TAG_ANNOTATION_XML:
        return false;
    default:
        return top(b)->foreign;
    }
}

/* Tags that end foreign content. */
static bool breaks_out(enum html_tag tag)
{
    switch (tag) {
    case TAG_B:
    case TAG_BIG:
    case TAG_BODY:
    case TAG_BR:
    case TAG_CODE:
    case TAG_EM:
    case TAG_EMBED:
    case TAG_HEAD:
    case TAG_I:
    case TAG_IMG:
    case TAG_META:
    case TAG_NOBR:
    case TAG_RUBY:
    case TAG_S:
    case TAG_SMALL:
    case TAG_SPAN:
    case TAG_STRONG:
    case TAG_STRIKE:
    case TAG_SUB:
    case TAG_SUP:
    case TAG_TT:
    case TAG_U:
    case TAG_VAR:
        return true;
    default:
        return (html_tag_kinds[tag] & CLOSES_P) != 0;
    }
}

/* What may stand in a head. */
static bool of_head(enum html_tag tag)
{
    switch (tag) {
    case TAG_BASE:
    case TAG_LINK:
    case TAG_META:
    case TAG_NOFRAMES:
    case TAG_NOSCRIPT:
    case TAG_SCRIPT:
    case TAG_STYLE:
    case TAG_TEMPLATE:
    case TAG_TITLE:
        return true;
    default:
        return false;
    }
}

/* Ends what a start tag ends by itself. */
static void close_implied(struct builder *b, enum html_tag tag)
{
    size_t at;
    if (html_tag_kinds[tag] & CLOSES_P) {
        if ((at = find_open(b, TAG_P, SCOPE, TAG_UNKNOWN, TAG_UNKNOWN)))
            pop_to(b, at);
        if ((at = find_open(b, TAG_SELECT, SCOPE, TAG_UNKNOWN, TAG_UNKNOWN)))
            pop_to(b, at);
    }
    if (is_heading(tag) && is_heading(top(b)->tag))
        pop_to(b, b->depth - 1);
    switch (tag) {
    case TAG_LI:
        if ((at = find_open(b, TAG_LI, SCOPE, TAG_UL, TAG_OL)))
            pop_to(b, at);
        break;
    case TAG_DT:
    case TAG_DD:
        if ((at = find_open(b, TAG_DT, SCOPE, TAG_DL, TAG_UNKNOWN)) ||
            (at = find_open(b, TAG_DD, SCOPE, TAG_DL, TAG_UNKNOWN)))
            pop_to(b, at);
        break;
    case TAG_A:
    case TAG_NOBR:
        if ((at = find_open(b, tag, BLOCK | SCOPE, TAG_UNKNOWN, TAG_UNKNOWN)))
            pop_to(b, at);
        else if ((at = find_open(b, tag, SCOPE, TAG_UNKNOWN, TAG_UNKNOWN)))
            b->stack[at].dead = true;
        break;
    case TAG_BUTTON:
        if ((at = find_open(b, TAG_BUTTON, BLOCK, TAG_UNKNOWN, TAG_UNKNOWN)))
            pop_to(b, at);
        break;
    case TAG_OPTION:
    case TAG_OPTGROUP:
        if (top(b)->tag == TAG_OPTION)
            pop_to(b, b->depth - 1);
        break;
    case TAG_TD:
    case TAG_TH:
        if ((at = find_open(b, TAG_TD, 0, TAG_TR, TAG_TABLE)) || (at = find_open(b, TAG_TH, 0, TAG_TR, TAG_TABLE)))
            pop_to(b, at);
        break;
    case TAG_TR:
        if ((at = find_open(b, TAG_TR, 0, TAG_TABLE, TAG_TEMPLATE)))
            pop_to(b, at);
        break;
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
    case TAG_CAPTION:
    case TAG_COLGROUP:
        if ((at = find_open(b, TAG_TABLE, 0, TAG_TEMPLATE, TAG_UNKNOWN)))
            pop_to(b, at + 1);
        break;
    default:
        break;
    }
}

static uint32_t add_element(struct builder *b, enum html_tag tag, const struct html_token *token)
{
    uint32_t node = tree_add(b->tree, top(b)->node);
    if (node == UINT32_MAX)
        return node;
    b->tree->nodes[node].tag = (uint16_t)tag;
    b->tree->nodes[node].text = token->name;
    for (size_t i = 0; i < token->attrs; i++) {
        const struct html_attr *attr = &b->tokenizer.attrs[i];
        enum html_attr_name known = html_attr_of(attr->name);
        if (!known)
            continue;
        struct node_attr *kept = tree_add_attr(b->tree, node);
        if (!kept)
            break;
        *kept = (struct node_attr){known, attr->name, attr->value};
    }
    return node;
}

static void push(struct builder *b, uint32_t node, enum html_tag tag, struct nw_str name, bool foreign)
{
    if (b->depth == TREE_DEPTH_MOST) {
        b->overflow++;
        tree_reach(b->tree, BOUND_DEPTH);
        return;
    }
    b->stack[b->depth++] = (struct open){node, (uint16_t)tag, foreign, false, name};
}

static enum html_state state_of(enum html_tag tag)
{
    switch (tag) {
    case TAG_TITLE:
    case TAG_TEXTAREA:
        return STATE_RCDATA;
    case TAG_STYLE:
    case TAG_XMP:
    case TAG_IFRAME:
    case TAG_NOEMBED:
    case TAG_NOFRAMES:
        return STATE_RAWTEXT;
    case TAG_SCRIPT:
        return STATE_SCRIPT;
    case TAG_PLAINTEXT:
        return STATE_PLAINTEXT;
    default:
        return STATE_DATA;
    }
}

static bool holds(struct nw_str value, const char *word)
{
    return find_nocase(value, nw_str_z(word)) != SIZE_MAX;
}

/* Whether a script is data that may hold the article: JSON-LD, or what a page's own script draws it from. */
static bool holds_data(const struct builder *b, const struct html_token *token, struct nw_str text)
{
    struct nw_str type = {0};
    for (size_t i = 0; i < token->attrs; i++)
        if (nw_str_eq_nocase(b->tokenizer.attrs[i].name, NW_S("type")))
            type = b->tokenizer.attrs[i].value;
    return holds(type, "ld+json") || state_is(type, text);
}

/* Script and style: skipped with their text, but for data. */
static void skip_raw(struct builder *b, enum html_tag tag, const struct html_token *token)
{
    struct html_token inner;
    b->tokenizer.state = state_of(tag);
    if (!html_next(&b->tokenizer, &inner) || inner.kind != TOKEN_TEXT)
        return;
    if (tag == TAG_SCRIPT && holds_data(b, token, inner.text)) {
        uint32_t node = add_element(b, tag, token), text = node == UINT32_MAX ? node : tree_add(b->tree, node);
        if (text != UINT32_MAX) {
            b->tree->nodes[text].is_text = 1;
            b->tree->nodes[text].text_kind = HTML_RAW;
            b->tree->nodes[text].text = inner.text;
            b->tree->nodes[node].end = text + 1;
        }
    }
    html_next(&b->tokenizer, &inner); /* its end tag, or the end */
}

/* A template that is shown: the inside of a web component, sent along by the server (declarative shadow root). */
static bool is_shadow_root(const struct builder *b, const struct html_token *token)
{
    for (size_t i = 0; i < token->attrs; i++)
        if (nw_str_eq_nocase(b->tokenizer.attrs[i].name, NW_S("shadowrootmode")))
            return true;
    return false;
}

static void start_tag(struct builder *b, const struct html_token *token)
{
    enum html_tag tag = html_tag_of(token->name);
    if (in_foreign(b)) {
        if (breaks_out(tag)) {
            while (b->depth > 1 && in_foreign(b))
                pop_to(b, b->depth - 1);
        } else {
            if (!token->self_closing) /* its insides are not kept, only told apart */
                push(b, top(b)->node, tag, token->name, true);
            b->tokenizer.cdata = true;
            return;
        }
    }
    if (tag == TAG_SCRIPT || tag == TAG_STYLE) {
        skip_raw(b, tag, token);
        return;
    }
    if (b->in_head && !of_head(tag) && tag != TAG_HEAD && tag != TAG_HTML) {
        size_t head = find_open(b, TAG_HEAD, 0, TAG_UNKNOWN, TAG_UNKNOWN);
        if (head && !find_open(b, TAG_TEMPLATE, 0, TAG_HEAD, TAG_UNKNOWN)) {
            pop_to(b, head);
            b->in_head = false;
        }
    }
    switch (tag) {
    case TAG_HTML:
        if (b->tree->count > 1)
            return;
        break;
    case TAG_BODY:
        if (find_open(b, TAG_BODY, 0, TAG_UNKNOWN, TAG_UNKNOWN))
            return;
        break;
    case TAG_HEAD:
        if (b->depth > 2)
            return;
        b->in_head = true;
        break;
    case TAG_TD:
    case TAG_TH:
    case TAG_TR:
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
    case TAG_CAPTION:
    case TAG_COLGROUP:
    case TAG_COL:
        if (!find_open(b, TAG_TABLE, 0, TAG_UNKNOWN, TAG_UNKNOWN) &&
            !find_open(b, TAG_TEMPLATE, 0, TAG_UNKNOWN, TAG_UNKNOWN)) {
            b->block_before = true;
            return;
        }
        break;
    default:
        break;
    }
    close_implied(b, tag);
    bool foreign = tag == TAG_SVG || tag == TAG_MATH;
    uint32_t node = add_element(b, tag, token);
    if (node == UINT32_MAX)
        return;
    b->block_before = (html_tag_kinds[tag] & BLOCK) != 0;
    if ((html_tag_kinds[tag] & VOID) || (foreign && token->self_closing))
        return;
    if (tag == TAG_TEMPLATE && is_shadow_root(b, token))
        b->tree->nodes[node].tag = TAG_DIV;
    push(b, node, tag, token->name, foreign);
    b->tokenizer.state = state_of(tag);
    b->tokenizer.cdata = foreign;
}

static void end_tag(struct builder *b, const struct html_token *token)
{
    enum html_tag tag = html_tag_of(token->name);
    unsigned kinds = html_tag_kinds[tag];
    b->block_before = (kinds & BLOCK) != 0;
    if (b->overflow > 0) {
        b->overflow--;
        return;
    }
    if (top(b)->foreign) {
        for (size_t i = b->depth; i-- > 1 && b->stack[i].foreign;)
            if (nw_str_eq_nocase(b->stack[i].name, token->name)) {
                pop_to(b, i);
                b->tokenizer.cdata = top(b)->foreign;
                return;
            }
    }
    size_t at = 0;
    switch (tag) {
    case TAG_HTML:
    case TAG_BODY:
        return;
    case TAG_HEAD:
        b->in_head = false;
        at = find_open(b, TAG_HEAD, 0, TAG_UNKNOWN, TAG_UNKNOWN);
        break;
    case TAG_BR: {
        uint32_t node = tree_add(b->tree, top(b)->node);
        if (node != UINT32_MAX)
            b->tree->nodes[node].tag = TAG_BR;
        return;
    }
    case TAG_LI:
        at = find_open(b, TAG_LI, SCOPE, TAG_UL, TAG_OL);
        break;
    case TAG_TABLE:
        at = find_open(b, TAG_TABLE, 0, TAG_TEMPLATE, TAG_UNKNOWN);
        break;
    case TAG_TD:
    case TAG_TH:
    case TAG_TR:
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
    case TAG_CAPTION:
        at = find_open(b, tag, 0, TAG_TABLE, TAG_TEMPLATE);
        break;
    default:
        if (is_heading(tag)) {
            for (size_t i = b->depth; i-- > 1 && !at && !(html_tag_kinds[b->stack[i].tag] & SCOPE);)
                at = is_heading(b->stack[i].tag) ? i : 0;
        } else if (tag == TAG_UNKNOWN) {
            for (size_t i = b->depth; i-- > 1 && !at && !(html_tag_kinds[b->stack[i].tag] & BLOCK);)
                at = b->stack[i].tag == TAG_UNKNOWN && nw_str_eq_nocase(b->stack[i].name, token->name) ? i : 0;
        } else if (kinds & (BLOCK | SCOPE | UNSEEN)) {
            at = find_open(b, tag, SCOPE, TAG_UNKNOWN, TAG_UNKNOWN);
        } else {
            at = find_open(b, tag, BLOCK | SCOPE, TAG_UNKNOWN, TAG_UNKNOWN);
            if (!at && (kinds & FORMATS) && (at = find_open(b, tag, SCOPE, TAG_UNKNOWN, TAG_UNKNOWN))) {
                b->stack[at].dead = true;
                at = 0;
            }
        }
    }
    if (at)
        pop_to(b, at);
    b->tokenizer.cdata = top(b)->foreign;
}

static void text(struct builder *b, const struct html_token *token)
{
    bool blank = true;
    for (size_t i = 0; i < token->text.n && blank; i++)
        blank = is_space((unsigned char)token->text.p[i]);
    if (blank && (b->block_before || b->in_head))
        return;
    if (b->in_head && top(b)->tag == TAG_HEAD) {
        pop_to(b, b->depth - 1);
        b->in_head = false;
    }
    uint32_t node = tree_add(b->tree, top(b)->node);
    if (node == UINT32_MAX)
        return;
    b->tree->nodes[node].is_text = 1;
    b->tree->nodes[node].text_kind = (unsigned char)token->text_kind;
    b->tree->nodes[node].text = token->text;
    b->block_before = false;
}

void tree_parse_html(struct tree *tree, struct nw_arena *arena, struct nw_str input)
{
    *tree = (struct tree){.arena = arena};
    struct builder *b = nw_arena_alloc(arena, sizeof *b);
    if (!b || tree_add(tree, 0) == UINT32_MAX) {
        tree->failed = true;
        return;
    }
    b->tree = tree;
    b->depth = 1;
    b->overflow = 0;
    b->block_before = true;
    b->in_head = false;
    b->stack[0] = (struct open){0};
    html_tokenizer_init(&b->tokenizer, input);
    struct html_token token;
    while (!tree->failed && tree->count < TREE_NODES_MOST && html_next(&b->tokenizer, &token)) {
        switch (token.kind) {
        case TOKEN_TEXT:
            text(b, &token);
            break;
        case TOKEN_START:
            start_tag(b, &token);
            break;
        case TOKEN_END:
            end_tag(b, &token);
            break;
        default:
            break;
        }
    }
    if (tree->count == TREE_NODES_MOST)
        tree_reach(tree, BOUND_NODES);
    if (b->tokenizer.full)
        tree_reach(tree, BOUND_ATTRS);
    pop_to(b, 1);
    tree->nodes[0].end = (uint32_t)tree->count;
}
