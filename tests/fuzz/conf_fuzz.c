/*
 * Configuration texts from outside: a YAML file, a section as JSON, a program's description. The first byte says which.
 * Whatever is accepted must print to a file that reads back as the same configuration.
 */
#include "conf/conf.h"
#include "conf/describe.h"

#include <stdint.h>
#include <stdlib.h>

static const char *const words[] = {"memory", "disk", NULL};

static const struct nw_conf_row element_rows[] = {
    {.key = "path", .kind = NW_CONF_STR, .least = 1, .most = 4096},
    {.key = "marks", .kind = NW_CONF_STRS},
    {.key = "weight", .kind = NW_CONF_NUM, .preset = "1"},
    NW_CONF_END,
};

static const struct nw_conf_row rows[] = {
    {.key = "text", .kind = NW_CONF_STR, .preset = "x"},
    {.key = "word", .kind = NW_CONF_STR, .preset = "memory", .words = words},
    {.key = "count", .kind = NW_CONF_INT, .least = -5, .most = 5, .preset = "1"},
    {.key = "on", .kind = NW_CONF_BOOL, .preset = "false"},
    {.key = "list", .kind = NW_CONF_STRS, .preset = "[a]"},
    {.key = "sources", .kind = NW_CONF_LIST, .rows = element_rows},
    NW_CONF_END,
};

static const struct nw_conf_section below[] = {{.key = "stages", .doc = "stages", .rows = rows}, {.key = NULL}};
static const struct nw_conf_section root = {.key = "", .rows = rows, .sections = below};

static void must(int holds)
{
    if (!holds)
        abort();
}

static void same(const struct nw_conf *a, const struct nw_conf *b)
{
    struct nw_buf x, y;

    nw_buf_init(&x, 64 << 20);
    nw_buf_init(&y, 64 << 20);
    must(nw_conf_to_json(a, NULL, &x) == 0 && nw_conf_to_json(b, NULL, &y) == 0);
    must(nw_str_eq(nw_buf_view(&x), nw_buf_view(&y)));
    nw_buf_free(&x);
    nw_buf_free(&y);
}

/* Where printing makes it longer than a file may be, nothing can be compared. */
static void reads_back(const struct nw_conf *conf, const struct nw_conf_section *section)
{
    struct nw_conf *again = NULL;
    struct nw_buf text, told;

    nw_buf_init(&text, NW_CONF_FILE_MAX);
    nw_conf_problems_init(&told);
    if (nw_conf_print(conf, &text) == 0) {
        must(nw_conf_parse("again", nw_buf_view(&text), section, &again, &told) == 0);
        same(conf, again);
    }
    nw_conf_free(&again);
    nw_buf_free(&text);
    nw_buf_free(&told);
}

static void try_yaml(struct nw_str text)
{
    struct nw_conf *conf = NULL;
    struct nw_buf told;
    int rc;

    nw_conf_problems_init(&told);
    rc = nw_conf_parse("fuzz", text, &root, &conf, &told);
    must(rc >= 0 && (rc == 0) == (conf != NULL) && (rc == 0) == (told.n == 0));
    if (rc == 0)
        reads_back(conf, &root);
    nw_conf_free(&conf);
    nw_buf_free(&told);
}

static void try_json(struct nw_str text)
{
    const struct nw_conf_section section = {.key = "", .rows = rows};
    struct nw_conf *conf = NULL;
    char why[NW_CONF_WHY];
    int rc = nw_conf_from_json(text, rows, &conf, why);

    must(rc >= 0 && (rc == 0) == (conf != NULL) && (rc == 0) == (why[0] == '\0'));
    if (rc == 0)
        reads_back(conf, &section);
    nw_conf_free(&conf);
}

static void try_description(struct nw_str text)
{
    struct conf_description description;
    struct nw_arena arena = {0};
    char why[NW_CONF_WHY];

    must(conf_describe_read(&arena, text, &description, why) >= 0);
    nw_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nw_str text;

    if (size == 0)
        return 0;
    text = nw_str((const char *)data + 1, size - 1);
    if (data[0] == 'j')
        try_json(text);
    else if (data[0] == 'd')
        try_description(text);
    else
        try_yaml(text);
    return 0;
}
