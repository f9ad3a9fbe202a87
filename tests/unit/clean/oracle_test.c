/*
 * Our tree of a page against the one that libxml2's HTML parser makes of it: the text that is seen, its blocks, and the
 * addresses of links. libxml2 follows an older standard, so they are held to
 *
 *   - the same in everything on pages made here, well-formed or with the end tags left out that may be;
 *   - on the pages of our cases, and on pages of the wild (NW_SHARED; skipped where missing), as many words, runs of
 * text and links as the tolerances below say.
 */
#include "html/tree.h"

#include <newswire/buf.h>
#include <newswire/hash.h>

#include <dirent.h>
#include <libxml/HTMLparser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    SEEDS = 400,
    PAGE_MOST = 1 << 22,
    TOLERANCE = 1,        /* of a thousand words or links of a folder */
    BLOCK_TOLERANCE = 10, /* of a thousand runs of text */
    PAGE_TOLERANCE = 50,  /* of a thousand words of one page */
};

/* What a parser made of a page. */
struct seen {
    struct nw_buf blocks; /* letters of each run of text between block boundaries, a line feed behind each */
    struct nw_buf words;  /* words, a line feed behind each */
    struct nw_buf links;  /* addresses, a line feed behind each */
};

static void seen_init(struct seen *seen)
{
    nw_buf_init(&seen->blocks, 4 * PAGE_MOST);
    nw_buf_init(&seen->words, 4 * PAGE_MOST);
    nw_buf_init(&seen->links, 4 * PAGE_MOST);
}

static void seen_free(struct seen *seen)
{
    nw_buf_free(&seen->blocks);
    nw_buf_free(&seen->words);
    nw_buf_free(&seen->links);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void end_with(struct nw_buf *buf)
{
    struct nw_str s = nw_buf_view(buf);
    if (s.n > 0 && s.p[s.n - 1] != '\n')
        nw_buf_add(buf, "\n", 1);
}

static void see_text(struct seen *seen, struct nw_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (is_blank(text.p[i])) {
            end_with(&seen->words);
        } else {
            nw_buf_add(&seen->words, &text.p[i], 1);
            nw_buf_add(&seen->blocks, &text.p[i], 1);
        }
    }
}

static void see_boundary(struct seen *seen)
{
    end_with(&seen->words);
    end_with(&seen->blocks);
}

static void see_link(struct seen *seen, struct nw_str address)
{
    for (size_t i = 0; i < address.n; i++)
        if (!is_blank(address.p[i]))
            nw_buf_add(&seen->links, &address.p[i], 1);
    end_with(&seen->links);
}

/* ---- the two parsers */

static void see_ours(struct nw_str page, struct seen *seen)
{
    struct nw_arena arena = {0};
    struct tree tree;
    uint32_t ends[TREE_DEPTH_MOST + 8];
    size_t open = 0;
    tree_parse_html(&tree, &arena, page);
    assert_false(tree.failed);
    for (uint32_t i = 1; i < tree.count;) {
        const struct node *node = &tree.nodes[i];
        for (; open > 0 && i >= ends[open - 1]; open--)
            see_boundary(seen);
        if (node->is_text) {
            see_text(seen, tree_unescape(&arena, node->text, (enum html_text)node->text_kind));
            i++;
            continue;
        }
        unsigned kinds = node_kinds(node);
        if (kinds & BLOCK)
            see_boundary(seen);
        if ((kinds & UNSEEN) && node->tag != TAG_HEAD) {
            i = node->end;
            continue;
        }
        if (node->tag == TAG_A && tree_attr(&tree, node, ATTR_HREF).p)
            see_link(seen, tree_unescape(&arena, tree_attr(&tree, node, ATTR_HREF), HTML_VALUE));
        if ((kinds & BLOCK) && open < sizeof ends / sizeof *ends)
            ends[open++] = node->end;
        i++;
    }
    see_boundary(seen);
    nw_arena_free(&arena);
}

static unsigned kinds_of(const xmlNode *node)
{
    return html_tag_kinds[html_tag_of(nw_str_z((const char *)node->name))];
}

static void see_theirs(struct nw_str page, struct seen *seen)
{
    htmlDocPtr document = htmlReadMemory(page.p, (int)page.n, NULL, "UTF-8",
                                         HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                             HTML_PARSE_NONET | HTML_PARSE_COMPACT);
    assert_non_null(document);
    const xmlNode *node = xmlDocGetRootElement(document);
    while (node) {
        bool element = node->type == XML_ELEMENT_NODE, skip = false;
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            see_text(seen, nw_str_z((const char *)node->content));
        if (element) {
            enum html_tag tag = html_tag_of(nw_str_z((const char *)node->name));
            if (kinds_of(node) & BLOCK)
                see_boundary(seen);
            skip = (kinds_of(node) & UNSEEN) && tag != TAG_HEAD;
            xmlChar *href = tag == TAG_A && !skip ? xmlGetProp(node, (const xmlChar *)"href") : NULL;
            if (href)
                see_link(seen, nw_str_z((const char *)href));
            xmlFree(href);
        }
        if (element && !skip && node->children) {
            node = node->children;
            continue;
        }
        while (node && !node->next) { /* upwards */
            node = node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
            if (node && (kinds_of(node) & BLOCK))
                see_boundary(seen);
        }
        node = node ? node->next : NULL;
    }
    see_boundary(seen);
    xmlFreeDoc(document);
}

/* ---- pages made here */

struct maker {
    uint64_t state; /* xorshift64's */
    struct nw_buf page;
    unsigned word;
};

static unsigned roll(struct maker *m, unsigned sides)
{
    m->state ^= m->state << 13;
    m->state ^= m->state >> 7;
    m->state ^= m->state << 17;
    return (unsigned)(m->state >> 33) % sides;
}

static void say(struct maker *m, const char *z)
{
    nw_buf_add(&m->page, z, strlen(z));
}

/* A run of words, no two alike, with references, inline elements and comments among them. */
static void make_text(struct maker *m)
{
    static const char *const between[] = {" ",
                                          " ",
                                          "\n",
                                          "&amp;",
                                          " &eacute;t&eacute; ",
                                          "&#8220;",
                                          " <b>und</b> ",
                                          "<i> ou</i>",
                                          "<!-- x > y -->",
                                          " é ",
                                          "&lt;p&gt; ",
                                          "<br>",
                                          "<span class='a b' title=\"it's\">of </span>"};
    for (unsigned n = 1 + roll(m, 6); n > 0; n--) {
        char word[32];
        snprintf(word, sizeof word, "word%u", m->word++);
        say(m, word);
        say(m, between[roll(m, sizeof between / sizeof *between)]);
    }
    if (roll(m, 4) == 0) {
        char link[96];
        snprintf(link, sizeof link,
                 roll(m, 2) ? "<a href='/l%u?a=1&amp;b=2'>link%u</a> " : "<A HREF=/l%u rel=x>link%u</A> ", m->word,
                 m->word);
        m->word++;
        say(m, link);
    }
}

/* One block, with blocks in it as far as `depth` allows; end tags that may be left out sometimes are. */
static void make_block(struct maker *m, unsigned depth)
{
    static const char *const boxes[][2] = {{"<div>", "</div>"},
                                           {"<section>", "</section>"},
                                           {"<article class=x>", "</article>"},
                                           {"<blockquote>", "</blockquote>"},
                                           {"<DIV ID=main>", "</DIV>"}};
    unsigned kind = roll(m, depth ? 6 : 2);
    if (kind == 0) {
        say(m, "<p>");
        make_text(m);
        say(m, roll(m, 2) ? "</p>\n" : "");
    } else if (kind == 1) {
        say(m, "<h2>");
        make_text(m);
        say(m, "</h2>");
    } else if (kind == 2) {
        say(m, "<ul>");
        for (unsigned n = 1 + roll(m, 3); n > 0; n--) {
            say(m, "<li>");
            make_text(m);
            if (roll(m, 4) == 0)
                make_block(m, depth - 1);
            say(m, roll(m, 2) ? "</li>\n" : "");
        }
        say(m, "</ul>");
    } else if (kind == 3) {
        say(m, "<table><tbody>");
        for (unsigned rows = 1 + roll(m, 3); rows > 0; rows--) {
            say(m, "<tr><td>");
            make_text(m);
            say(m, roll(m, 2) ? "</td><td>" : "<td>");
            make_text(m);
            say(m, roll(m, 2) ? "</td></tr>" : "");
        }
        say(m, "</tbody></table>");
    } else {
        unsigned box = roll(m, sizeof boxes / sizeof *boxes);
        say(m, boxes[box][0]);
        for (unsigned n = 1 + roll(m, 3); n > 0; n--)
            make_block(m, depth - 1);
        say(m, boxes[box][1]);
    }
}

static void same(struct nw_str ours, struct nw_str theirs, unsigned seed, const char *what, struct nw_str page)
{
    size_t i = 0;
    while (i < ours.n && i < theirs.n && ours.p[i] == theirs.p[i])
        i++;
    if (i == ours.n && i == theirs.n)
        return;
    size_t from = i < 60 ? 0 : i - 60;
    fail_msg("seed %u, %s differ at %zu:\nours   %.*s\ntheirs %.*s\npage %.*s", seed, what, i,
             (int)(ours.n - from > 120 ? 120 : ours.n - from), ours.p + from,
             (int)(theirs.n - from > 120 ? 120 : theirs.n - from), theirs.p + from, NW_FMT(page));
}

static void pages_made_here_are_read_alike(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct maker m = {.state = seed * UINT64_C(0x9E3779B97F4A7C15)};
        struct seen ours, theirs;
        nw_buf_init(&m.page, PAGE_MOST);
        say(&m, "<!DOCTYPE html><html><head><meta charset=utf-8><title>T</title><style>p > a {}</style></head><body>");
        for (unsigned n = 1 + roll(&m, 6); n > 0; n--)
            make_block(&m, 3);
        say(&m, roll(&m, 2) ? "</body></html>" : "");
        seen_init(&ours);
        seen_init(&theirs);
        see_ours(nw_buf_view(&m.page), &ours);
        see_theirs(nw_buf_view(&m.page), &theirs);
        same(nw_buf_view(&ours.words), nw_buf_view(&theirs.words), seed, "words", nw_buf_view(&m.page));
        same(nw_buf_view(&ours.blocks), nw_buf_view(&theirs.blocks), seed, "blocks", nw_buf_view(&m.page));
        same(nw_buf_view(&ours.links), nw_buf_view(&theirs.links), seed, "links", nw_buf_view(&m.page));
        seen_free(&ours);
        seen_free(&theirs);
        nw_buf_free(&m.page);
    }
}

/* ---- pages of the wild */

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Sorted hashes of the lines of s; with `once`, each only once. */
static size_t hashes_of(struct nw_str s, bool once, uint64_t **hashes)
{
    size_t n = 0, m = 0;
    *hashes = malloc((s.n + 1) * sizeof **hashes);
    assert_non_null(*hashes);
    for (size_t i = 0, start = 0; i < s.n; i++)
        if (s.p[i] == '\n') {
            (*hashes)[n++] = nw_hash64(nw_str(s.p + start, i - start), 0);
            start = i + 1;
        }
    qsort(*hashes, n, sizeof **hashes, by_value);
    for (size_t i = 0; i < n; i++)
        if (!once || m == 0 || (*hashes)[m - 1] != (*hashes)[i])
            (*hashes)[m++] = (*hashes)[i];
    return m;
}

struct difference {
    size_t all, off; /* lines of both; those that only one has */
};

static struct difference differ(struct nw_str a, struct nw_str b, bool once)
{
    uint64_t *x, *y;
    size_t n = hashes_of(a, once, &x), m = hashes_of(b, once, &y), i = 0, k = 0;
    struct difference d = {.all = n + m};
    while (i < n || k < m) {
        if (i < n && k < m && x[i] == y[k]) {
            i++;
            k++;
        } else {
            d.off++;
            if (k == m || (i < n && x[i] < y[k]))
                i++;
            else
                k++;
        }
    }
    free(x);
    free(y);
    return d;
}

static void read_file(const char *path, struct nw_buf *bytes)
{
    char chunk[65536];
    size_t n;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
        assert_int_equal(nw_buf_add(bytes, chunk, n), 0);
    fclose(file);
}

/* The page in a file: the file, or the part of a case that is named as a page. */
static struct nw_str page_in(struct nw_str file, bool is_case)
{
    size_t at = is_case ? nw_str_find(file, NW_S("\n== file page.html\n")) : 0;
    if (at == SIZE_MAX)
        return nw_str(NULL, 0);
    struct nw_str page = is_case ? nw_str_from(file, at + strlen("\n== file page.html\n")) : file;
    size_t end = is_case ? nw_str_find(page, NW_S("\n== ")) : SIZE_MAX;
    return end == SIZE_MAX ? page : nw_str(page.p, end);
}

static void add(struct difference *sum, struct difference d)
{
    sum->all += d.all;
    sum->off += d.off;
}

/* Compares each page of the files in a folder that end so; the number of pages. */
static size_t compare_folder(const char *folder, const char *ending)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    struct difference words = {0}, blocks = {0}, links = {0};
    size_t pages = 0;
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        char path[4400];
        struct nw_buf bytes;
        struct seen ours, theirs;
        if (!nw_str_ends(nw_str_z(entry->d_name), nw_str_z(ending)))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        nw_buf_init(&bytes, PAGE_MOST);
        read_file(path, &bytes);
        struct nw_str page = page_in(nw_buf_view(&bytes), strcmp(ending, ".case") == 0);
        seen_init(&ours);
        seen_init(&theirs);
        if (page.n > 0) {
            see_ours(page, &ours);
            see_theirs(page, &theirs);
            struct difference w = differ(nw_buf_view(&ours.words), nw_buf_view(&theirs.words), false);
            if (w.off * 1000 > w.all * PAGE_TOLERANCE)
                fail_msg("%s: %zu of %zu words differ", path, w.off, w.all);
            add(&words, w);
            add(&blocks, differ(nw_buf_view(&ours.blocks), nw_buf_view(&theirs.blocks), false));
            add(&links, differ(nw_buf_view(&ours.links), nw_buf_view(&theirs.links), true));
            pages++;
        }
        seen_free(&ours);
        seen_free(&theirs);
        nw_buf_free(&bytes);
    }
    closedir(dir);
    print_message("%s: %zu pages; that differ: %zu of %zu words, %zu of %zu blocks, %zu of %zu links\n", folder, pages,
                  words.off, words.all, blocks.off, blocks.all, links.off, links.all);
    if (words.off * 1000 > words.all * TOLERANCE || blocks.off * 1000 > blocks.all * BLOCK_TOLERANCE ||
        links.off * 1000 > links.all * TOLERANCE)
        fail_msg("more than is tolerated");
    return pages;
}

static void our_own_pages_are_read_alike(void **state)
{
    (void)state;
    assert_true(compare_folder(NW_SOURCE_DIR "/tests/cases/clean", ".case") > 10);
}

static void pages_of_the_wild_are_read_alike(void **state)
{
    static const char *const sets[] = {"aeb", "naeb", "fundus_ml", "wcxb_dev_article"};
    const char *shared = getenv("NW_SHARED");
    size_t pages = 0;
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        char folder[4096];
        snprintf(folder, sizeof folder, "%s/data/extract/%s/pages", shared ? shared : NW_SOURCE_DIR "/../shared",
                 sets[i]);
        DIR *dir = opendir(folder);
        if (!dir) {
            print_message("skipped: no pages at %s; set NW_SHARED to the shared material\n", folder);
            skip();
        }
        closedir(dir);
        pages += compare_folder(folder, ".html");
    }
    assert_true(pages > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_made_here_are_read_alike),
                                       cmocka_unit_test(our_own_pages_are_read_alike),
                                       cmocka_unit_test(pages_of_the_wild_are_read_alike)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
