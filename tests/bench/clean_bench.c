/*
 * How fast bytes become articles: clean_bench
 *
 * Web pages (the files of NW_BENCH_DATA; else aeb of NW_SHARED; else invented ones) and wire copy (bodies of
 * Reuters-21578 in NW_SHARED; else invented) go through memchr, UTF-8 validation, the tokenizer alone, the tree, and
 * the whole stage with all metadata; all in memory, on one core. Speeds are of input per second of CPU. The yardstick
 * of pages is the tokenizer alone, the limit of whatever must parse: ratios to it are shares of that limit. The
 * yardstick of wire copy is UTF-8 validation, one look at every byte. The best of some rounds counts: a busy machine
 * only slows.
 */
#include "html/tokenizer.h"
#include "html/tree.h"
#include "run/context.h"

#include <newswire/alloc.h>
#include <newswire/buf.h>
#include <newswire/record.h>
#include <newswire/utf8.h>

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

enum { BYTES_MOST = 64 << 20, FILE_MOST = 8 << 20, TEXTS_MOST = 1 << 15, REUTERS_FILES = 22, ROUNDS = 5 };

extern const struct nw_stage nw_stage_clean;

struct span {
    size_t at, n;
};

struct texts {
    struct nw_buf bytes; /* they all, one behind the other */
    struct span *v;
    size_t n;
};

static struct nw_str text_at(const struct texts *texts, size_t i)
{
    return nw_str(nw_buf_view(&texts->bytes).p + texts->v[i].at, texts->v[i].n);
}

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "clean_bench: %s: %s\n", what, why);
    exit(1);
}

static void texts_add(struct texts *texts, struct nw_str s)
{
    if (s.n == 0 || texts->n == TEXTS_MOST)
        return;
    texts->v[texts->n++] = (struct span){nw_buf_view(&texts->bytes).n, s.n};
    if (nw_buf_add(&texts->bytes, s.p, s.n) != 0)
        fail("texts", "more than 64 MiB; name a smaller folder");
}

/* The file's bytes, unpacked where it is gzipped; to be freed. {NULL, 0}: there is none. */
static struct nw_str file_read(const char *path)
{
    gzFile file = gzopen(path, "rb");
    if (!file)
        return nw_str(NULL, 0);
    char *bytes = nw_malloc(FILE_MOST);
    int n = bytes ? gzread(file, bytes, FILE_MOST) : -1;
    gzclose(file);
    if (n < 0 || n == FILE_MOST)
        fail(path, "expected up to 8 MiB, plain or gzipped");
    return nw_str(bytes, (size_t)n);
}

static void folder_read(struct texts *texts, const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        char name[4096];
        int n = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof name)
            continue;
        struct nw_str bytes = file_read(name);
        texts_add(texts, bytes);
        char *p = (char *)(uintptr_t)bytes.p;
        nw_free(p);
    }
    if (folder)
        closedir(folder);
}

/* Bodies of the collection as the plain text that a wire would send. */
static void reuters_read(struct texts *texts, const char *shared)
{
    for (int i = 0; i < REUTERS_FILES; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/data/reuters21578/reut2-%03d.sgm.gz", shared, i);
        struct nw_str bytes = file_read(name), rest = bytes;
        for (size_t at; (at = nw_str_find(rest, NW_S("<BODY>"))) != SIZE_MAX;) {
            rest = nw_str_from(rest, at + 6);
            size_t end = nw_str_find(rest, NW_S("&#3;</BODY>"));
            if (end == SIZE_MAX)
                break;
            texts_add(texts, nw_str(rest.p, end));
            rest = nw_str_from(rest, end);
        }
        char *p = (char *)(uintptr_t)bytes.p;
        nw_free(p);
    }
}

static const char SENTENCE[] = "Shipments of cocoa through the port of Harbourtown rose to %zu bags in the week to "
                               "March %zu,\nthe growers' board said, while prices held near %zu dlrs a tonne.\n";

static void invent_wire(struct texts *texts)
{
    for (size_t i = 0; i < 4000; i++) {
        char text[4096];
        size_t n = 0;
        for (size_t k = 0; k < 6; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, SENTENCE, 1000 + i * 7 + k, 1 + (i + k) % 28,
                                  1500 + k * i % 900);
        texts_add(texts, nw_str(text, n));
    }
}

/* Half of a page is script, as in the pages of newspapers. */
static void invent_pages(struct texts *texts)
{
    for (size_t i = 0; i < 60; i++) {
        struct nw_buf page;
        nw_buf_init(&page, FILE_MOST);
        char line[1024];
        int n = snprintf(line, sizeof line,
                         "<!DOCTYPE html><html lang=en><head><title>Cocoa report %zu - The Gazette</title><meta "
                         "property=\"og:type\" content=\"article\"></head><body><nav>",
                         i);
        bool good = nw_buf_add(&page, line, (size_t)n) == 0;
        for (size_t k = 0; good && k < 200; k++) {
            n = snprintf(
                line, sizeof line,
                "<div class=\"item n%zu\"><a href=\"/news/%zu\">Section %zu</a></div><script>var a%zu = "
                "[%zu, \"<b>\", 'x']; function f(x) { return x * a%zu[0]; } window.push({\"k\": %zu});</script>",
                k, k, k, k, k, k, k);
            good = nw_buf_add(&page, line, (size_t)n) == 0;
        }
        good = good && nw_buf_add(&page, "</nav><article><h1>Cocoa report</h1>", 36) == 0;
        for (size_t k = 0; good && k < 30; k++) {
            n = snprintf(line, sizeof line, SENTENCE, i + 2000, 1 + k % 28, k + 1500);
            good = nw_buf_add(&page, "<p>", 3) == 0 && nw_buf_add(&page, line, (size_t)n) == 0;
        }
        if (!good || nw_buf_add(&page, "</article></body></html>", 24) != 0)
            fail("pages", "no memory");
        texts_add(texts, nw_buf_view(&page));
        nw_buf_free(&page);
    }
}

/* ---- what is measured: each looks at one text and gives something that depends on all of it */

struct bench {
    struct nw_arena arena;
    struct nw_stage_context context;
    size_t articles;
};

static size_t run_memchr(struct bench *bench, struct nw_str s)
{
    (void)bench;
    return memchr(s.p, '\x01', s.n) != NULL;
}

static size_t run_utf8(struct bench *bench, struct nw_str s)
{
    (void)bench;
    return nw_utf8_valid(s);
}

/* The states that the standard's tree construction would set. */
static enum html_state state_of(struct nw_str name)
{
    static const struct {
        const char *name;
        enum html_state state;
    } raw[] = {{"script", STATE_SCRIPT},   {"style", STATE_RAWTEXT}, {"title", STATE_RCDATA},
               {"textarea", STATE_RCDATA}, {"noscript", STATE_DATA}, {"iframe", STATE_RAWTEXT},
               {"noembed", STATE_RAWTEXT}, {"xmp", STATE_RAWTEXT}};
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        if (nw_str_eq_nocase(name, nw_str_z(raw[i].name)))
            return raw[i].state;
    return STATE_DATA;
}

static size_t run_tokenizer(struct bench *bench, struct nw_str s)
{
    static struct html_tokenizer tokenizer;
    struct html_token token;
    size_t n = 0;
    (void)bench;
    html_tokenizer_init(&tokenizer, s);
    for (; html_next(&tokenizer, &token); n++)
        if (token.kind == TOKEN_START)
            tokenizer.state = state_of(token.name);
    return n;
}

static size_t run_tree(struct bench *bench, struct nw_str s)
{
    struct tree tree;
    tree_parse_html(&tree, &bench->arena, s);
    nw_arena_reset(&bench->arena);
    return tree.count;
}

static size_t run_stage(struct bench *bench, struct nw_str s)
{
    struct nw_record *record = nw_record_new(&bench->arena);
    if (!record)
        fail("stage", "no memory");
    NW_SET(record, record, raw, s);
    NW_SET(source, record->source, index, 0);
    int verdict = nw_context_process(&bench->context, record);
    if (verdict < 0)
        fail("stage", "a fault");
    nw_arena_reset(&bench->arena);
    return verdict == NW_OK;
}

static int count_article(struct nw_stage_context *context, struct nw_record *record)
{
    struct bench *bench = context->owner;
    bench->articles += NW_HAS(record, record, uri);
    return 0;
}

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One line for speed, and one for texts a second where `each` names them. */
static void measure(struct bench *bench, const struct texts *texts, const char *label, const char *unit,
                    const char *each, size_t (*run)(struct bench *, struct nw_str))
{
    int rounds = getenv("NW_BENCH_QUICK") ? 1 : ROUNDS;
    double best = 0;
    static volatile size_t sum; /* keeps the work from being left out */
    for (int i = 0; i < rounds; i++) {
        double from = cpu();
        for (size_t k = 0; k < texts->n; k++)
            sum += run(bench, text_at(texts, k));
        double used = cpu() - from;
        if (i == 0 || used < best)
            best = used;
    }
    best = best > 1e-9 ? best : 1e-9;
    printf("%s\t%.1f\t%s\n", label, (double)nw_buf_view(&texts->bytes).n / best / 1e6, unit);
    if (each)
        printf("%s\t%.0f\t%s\n", label, (double)texts->n / best, each);
}

static void texts_init(struct texts *texts)
{
    nw_buf_init(&texts->bytes, BYTES_MOST);
    texts->n = 0;
    texts->v = nw_malloc(TEXTS_MOST * sizeof *texts->v);
    if (!texts->v)
        fail("texts", "no memory");
}

static void texts_free(struct texts *texts)
{
    nw_free(texts->v);
    nw_buf_free(&texts->bytes);
}

int main(void)
{
    struct bench bench = {.context = {.emit = count_article}};
    struct texts pages, wire;
    const char *data = getenv("NW_BENCH_DATA"), *shared = getenv("NW_SHARED");
    char folder[4096] = "";

    bench.context.owner = &bench;
    bench.context.arena = &bench.arena;
    if (nw_context_open(&bench.context, &nw_stage_clean, NULL) != 0)
        fail("stage", "does not start");
    texts_init(&pages);
    texts_init(&wire);
    if (shared)
        snprintf(folder, sizeof folder, "%s/data/extract/aeb/pages", shared);
    folder_read(&pages, data ? data : folder);
    if (shared)
        reuters_read(&wire, shared);
    printf("pages: %s; wire copy: %s\n", pages.n > 0 ? (data ? "of --data" : "aeb") : "invented",
           wire.n > 0 ? "bodies of Reuters-21578" : "invented");
    if (pages.n == 0)
        invent_pages(&pages);
    if (wire.n == 0)
        invent_wire(&wire);

    measure(&bench, &pages, "tokenizer alone", "MB/s of pages", NULL, run_tokenizer);
    measure(&bench, &pages, "memchr", "MB/s of pages", NULL, run_memchr);
    measure(&bench, &pages, "UTF-8 validation", "MB/s of pages", NULL, run_utf8);
    measure(&bench, &pages, "tree", "MB/s of pages", NULL, run_tree);
    measure(&bench, &pages, "whole stage", "MB/s of pages", "pages/s", run_stage);
    measure(&bench, &wire, "UTF-8 validation", "MB/s of wire copy", NULL, run_utf8);
    measure(&bench, &wire, "memchr", "MB/s of wire copy", NULL, run_memchr);
    measure(&bench, &wire, "whole stage", "MB/s of wire copy", "articles/s", run_stage);

    nw_context_close(&bench.context);
    nw_arena_free(&bench.arena);
    texts_free(&pages);
    texts_free(&wire);
    if (bench.articles == 0)
        fail("stage", "no article came out");
    return 0;
}
